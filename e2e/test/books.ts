// SPDX-License-Identifier: Apache-2.0

import type { ApiPromise } from '@polkadot/api'
import { stringToU8a, u8aConcat } from '@polkadot/util'
import { encodeAddress } from '@polkadot/util-crypto'
import { expect } from 'vitest'
import type { Event, State } from '../src/chain.ts'
import {
  bountiesOnHold,
  depositsOnHold,
  eventsAfter,
  height,
  oneToken,
  stakesOnHold,
  totals,
} from '../src/pool.ts'

/** The account that collects fees for the collators: it is named, and has no key. */
const POT = encodeAddress(u8aConcat(stringToU8a('modlPotStake'), new Uint8Array(20)))

type Sums = Record<string, bigint>

const add = (sums: Sums, who: { toString(): string }, amount: bigint) => {
  sums[who.toString()] = (sums[who.toString()] ?? 0n) + amount
}

const toBigInt = (amount: any): bigint => amount.toBigInt()

/** Keeps the books of a chain by what its events say, and checks that the money is where they say
 * and where the rules say. */
export class Books {
  /** What was slashed and not paid to a rescuer. */
  private burnt = 0n
  /** Who proposed each block that is not settled. */
  private readonly proposers = new Map<string, string>()
  /** What waits for the rescuers of blocks that are not settled. */
  private readonly bounties = new Map<string, { missedBy: string; bounty: bigint }>()

  private constructor(
    private readonly api: ApiPromise,
    private readonly issuance: bigint,
    private readonly totals: Sums,
    private height: number,
  ) {}

  /** Opens the books of a chain on which no rollup block was proposed yet. */
  static async open(api: ApiPromise) {
    return new Books(api, await issuance(api), await totals(api), await height(api))
  }

  async check() {
    for (const event of await eventsAfter(this.api, this.height)) {
      this.enter(event)
      this.height = event.block
    }
    // A chain that makes blocks by itself has more of them by now.
    const api = await this.api.at(await this.api.rpc.chain.getBlockHash(this.height))
    expect(await totals(api)).toEqual(this.totals)
    // Rule 4: slashes alone change the total issuance, by what rescuers do not get.
    expect(await issuance(api)).toBe(this.issuance - this.burnt)

    // Rule 2: what the pool holds of an account is its stake and its exit.
    const { slots }: any = await api.query.proverPool.provers()
    const stakes: Sums = {}
    for (const [key, entry] of await api.query.proverPool.stakers.entries()) {
      const { exitAmount, proverId } = (entry as any).unwrap()
      const slot = proverId.isSome ? slots[proverId.unwrap().toNumber() - 1] : null
      const tokens = exitAmount.toBigInt() + (slot?.stakedAmount.toBigInt() ?? 0n)
      if (tokens > 0n) add(stakes, key.args[0], tokens * oneToken(api))
    }
    expect(await stakesOnHold(api)).toEqual(stakes)

    // What the rollup holds are deposits and bounties of its unsettled blocks.
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

  /** Enters an event that moves money from one account to another, or burns it. */
  private enter({ name, ...event }: Event) {
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
        // The rescuer's share of the slash is on hold on the account that lost it.
        const bounty = toBigInt(event.bounty)
        this.bounties.set(block, { missedBy: event.missedBy.toString(), bounty })
        add(totals, event.missedBy, bounty)
        this.burnt -= bounty
        break
      }
      case 'rollup.BlockSettled': {
        const paid = toBigInt(event.reward) + toBigInt(event.bounty)
        if (event.prover.isSome) add(totals, event.prover.unwrap(), paid)
        else expect(paid).toBe(0n)
        add(totals, this.proposers.get(block)!, -toBigInt(event.reward))
        const waiting = this.bounties.get(block)
        if (waiting) {
          add(totals, waiting.missedBy, -waiting.bounty)
          if (event.bounty.isZero()) this.burnt += waiting.bounty
          else expect(toBigInt(event.bounty)).toBe(waiting.bounty)
        } else {
          expect(toBigInt(event.bounty)).toBe(0n)
        }
        this.proposers.delete(block)
        this.bounties.delete(block)
        break
      }
    }
  }
}

const issuance = async (api: State): Promise<bigint> =>
  ((await api.query.balances.totalIssuance()) as any).toBigInt()
