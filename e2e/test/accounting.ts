// SPDX-License-Identifier: Apache-2.0

import type { ApiPromise } from '@polkadot/api'
import { stringToU8a, u8aConcat } from '@polkadot/util'
import { encodeAddress } from '@polkadot/util-crypto'
import { expect } from 'vitest'
import { bountiesOnHold, depositsOnHold, oneToken, stakesOnHold, totals } from '../src/accounts.ts'
import { type Event, eventsAfter, height, type State } from '../src/chain.ts'

/** The account that collects fees for the collators. It is derived from the pallet's id. */
const POT = encodeAddress(u8aConcat(stringToU8a('modlPotStake'), new Uint8Array(20)))

type Sums = Record<string, bigint>

const add = (sums: Sums, who: { toString(): string }, amount: bigint) => {
  sums[who.toString()] = (sums[who.toString()] ?? 0n) + amount
}

const toBigInt = (amount: any): bigint => amount.toBigInt()

/** Records every transfer of value that the events of a chain report, and compares the balances of
 * the chain with that record and with the rules. */
export class Accounting {
  /** Slashed amounts less the bounties of rescuers. */
  private burnt = 0n
  /** The proposer of each unsettled block. */
  private readonly proposers = new Map<string, string>()
  /** The bounty of each unsettled block that was missed. */
  private readonly bounties = new Map<string, { missedBy: string; bounty: bigint }>()

  private constructor(
    private readonly api: ApiPromise,
    private readonly issuance: bigint,
    private readonly totals: Sums,
    private height: number,
  ) {}

  /** Starts at the latest block of a chain on which no rollup block was proposed yet. */
  static async start(api: ApiPromise) {
    return new Accounting(api, await issuance(api), await totals(api), await height(api))
  }

  /** Records the events since the last check, and checks the balances after them. */
  async check() {
    for (const event of await eventsAfter(this.api, this.height)) {
      this.record(event)
      this.height = event.block
    }
    // A chain that makes blocks on a timer can have newer blocks by now.
    const api = await this.api.at(await this.api.rpc.chain.getBlockHash(this.height))
    expect(await totals(api)).toEqual(this.totals)
    // Rule 4: only slashes change the total issuance, by the part that no rescuer gets.
    expect(await issuance(api)).toBe(this.issuance - this.burnt)
    await this.checkStakes(api)
    await this.checkDepositsAndBounties(api)
  }

  /** Rule 2: the pool holds the stake and the exit of each account. */
  private async checkStakes(api: State) {
    const { slots }: any = await api.query.proverPool.provers()
    const stakes: Sums = {}
    for (const [key, entry] of await api.query.proverPool.stakers.entries()) {
      const { exitAmount, proverId } = (entry as any).unwrap()
      const slot = proverId.isSome ? slots[proverId.unwrap().toNumber() - 1] : null
      const tokens = exitAmount.toBigInt() + (slot?.stakedAmount.toBigInt() ?? 0n)
      if (tokens > 0n) add(stakes, key.args[0], tokens * oneToken(api))
    }
    expect(await stakesOnHold(api)).toEqual(stakes)
  }

  /** The rollup holds the deposits and bounties of its unsettled blocks. */
  private async checkDepositsAndBounties(api: State) {
    const deposits: Sums = {}
    const bounties: Sums = {}
    for (const [, entry] of await api.query.rollup.blocks.entries()) {
      const { proposer, deposit, state } = (entry as any).unwrap()
      add(deposits, proposer, deposit.toBigInt())
      if (state.isMissed) add(bounties, state.asMissed.prover, state.asMissed.bounty.toBigInt())
    }
    expect(await depositsOnHold(api)).toEqual(deposits)
    expect(await bountiesOnHold(api)).toEqual(bounties)
    const waiting: Sums = {}
    for (const { missedBy, bounty } of this.bounties.values()) add(waiting, missedBy, bounty)
    expect(waiting).toEqual(bounties)
  }

  /** Records an event that moves balance from one account to another, or burns it. */
  private record({ name, ...event }: Event) {
    const { totals } = this
    const block = event.blockId?.toString()
    switch (name) {
      case 'balances.Transfer':
        add(totals, event.from, -toBigInt(event.amount))
        add(totals, event.to, toBigInt(event.amount))
        break
      case 'transactionPayment.TransactionFeePaid':
        add(totals, event.who, -toBigInt(event.actualFee))
        add(totals, POT, toBigInt(event.actualFee))
        break
      case 'proverPool.Slashed': {
        const amount = toBigInt(event.amount) * oneToken(this.api)
        add(totals, event.who, -amount)
        this.burnt += amount
        break
      }
      case 'rollup.BlockProposed':
        this.proposers.set(block, event.proposer.toString())
        break
      case 'rollup.WindowClosed': {
        // The rescuer's share of the slash stays on hold on the slashed account.
        const bounty = toBigInt(event.bounty)
        this.bounties.set(block, { missedBy: event.missedBy.toString(), bounty })
        add(totals, event.missedBy, bounty)
        this.burnt -= bounty
        break
      }
      case 'rollup.BlockSettled':
        this.recordSettlement(block, event)
        break
    }
  }

  private recordSettlement(block: string, { prover, reward, bounty }: Event) {
    const { totals } = this
    const paid = toBigInt(reward) + toBigInt(bounty)
    if (prover.isSome) add(totals, prover.unwrap(), paid)
    else expect(paid).toBe(0n)
    add(totals, this.proposers.get(block)!, -toBigInt(reward))
    const waiting = this.bounties.get(block)
    if (waiting) {
      add(totals, waiting.missedBy, -waiting.bounty)
      if (bounty.isZero()) this.burnt += waiting.bounty
      else expect(toBigInt(bounty)).toBe(waiting.bounty)
    } else {
      expect(toBigInt(bounty)).toBe(0n)
    }
    this.proposers.delete(block)
    this.bounties.delete(block)
  }
}

const issuance = async (api: State): Promise<bigint> =>
  ((await api.query.balances.totalIssuance()) as any).toBigInt()
