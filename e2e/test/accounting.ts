// SPDX-License-Identifier: Apache-2.0

import type { ApiPromise } from '@polkadot/api'
import type { Option } from '@polkadot/types'
import type { AccountId32 } from '@polkadot/types/interfaces'
import { stringToU8a, u8aConcat } from '@polkadot/util'
import { encodeAddress } from '@polkadot/util-crypto'
import { expect } from 'vitest'
import { depositsOnHold, oneToken, stakesOnHold, totals } from '../src/accounts.ts'
import { eventsAfter, height, type State } from '../src/chain.ts'
import { positions } from '../src/rollup.ts'
import type { Event, Fields, PastEvent, Pool, Staker } from '../src/types.ts'
import { Indexer } from './indexer.ts'

/** Account that collects fees for the collators, derived from the pallet's id. */
const POT = encodeAddress(u8aConcat(stringToU8a('modlPotStake'), new Uint8Array(20)))

type Sums = Record<string, bigint>

const add = (sums: Sums, who: { toString(): string }, amount: bigint) => {
  sums[who.toString()] = (sums[who.toString()] ?? 0n) + amount
}

/** Record of every transfer of value in the events of a chain. Compares it with the balances of the
 * chain and with the rules. */
export class Accounting {
  /** Slashed amounts minus bounties. */
  private burned = 0n
  /** Proposer and deposit of each unsettled block. */
  private readonly deposits = new Map<string, { proposer: string; deposit: bigint }>()
  /** Slash of each missed block. */
  private readonly slashes = new Map<string, bigint>()

  private constructor(
    private api: ApiPromise,
    private readonly issuance: bigint,
    private readonly totals: Sums,
    private readonly indexer: Indexer,
    private height: number,
  ) {}

  /** Starts at the latest block of a chain without proposals. */
  static async start(api: ApiPromise) {
    const indexer = new Indexer(await positions(api))
    return new Accounting(api, await issuance(api), await totals(api), indexer, await height(api))
  }

  /** Continues with another connection to the same chain. */
  use(api: ApiPromise) {
    this.api = api
  }

  /** Records the events since the last call, and returns them. */
  async read(): Promise<PastEvent[]> {
    const events = await eventsAfter(this.api, this.height)
    for (const event of events) {
      this.record(event)
      this.indexer.record(event)
      this.height = event.block
    }
    return events
  }

  /** Checks balances and rollup blocks after the latest events. */
  async check() {
    await this.read()
    // A chain that makes blocks at intervals can have newer blocks now.
    const api = await this.api.at(await this.api.rpc.chain.getBlockHash(this.height))
    // An account without a balance does not exist.
    const existing = Object.entries(this.totals).filter(([, total]) => total !== 0n)
    expect(await totals(api)).toEqual(Object.fromEntries(existing))
    // Rule 4: only slashes change the total issuance, by the part that is no bounty.
    expect(await issuance(api)).toBe(this.issuance - this.burned)
    await this.checkStakes(api)
    await this.checkDeposits(api)
    await this.indexer.check(api)
  }

  /** Checks rule 2: the pool holds the stake and the exit of each account. */
  private async checkStakes(api: State) {
    const { slots } = await api.query.proverPool.provers<Pool>()
    const stakes: Sums = {}
    const { stakers } = api.query.proverPool
    for (const [key, entry] of await stakers.entries<Option<Staker>, [AccountId32]>()) {
      const { exitAmount, proverId } = entry.unwrap()
      const slot = proverId.isSome ? slots[proverId.unwrap().toNumber() - 1] : null
      const tokens = exitAmount.toBigInt() + (slot?.stakedAmount.toBigInt() ?? 0n)
      if (tokens > 0n) add(stakes, key.args[0], tokens * oneToken(api))
    }
    expect(await stakesOnHold(api)).toEqual(stakes)
  }

  /** Checks that the rollup holds the deposits of its unsettled blocks. */
  private async checkDeposits(api: State) {
    const deposits: Sums = {}
    for (const { proposer, deposit } of this.deposits.values()) add(deposits, proposer, deposit)
    expect(await depositsOnHold(api)).toEqual(deposits)
  }

  /** Records an event that moves balance from one account to another, or burns it. */
  private record(event: Event) {
    const { totals } = this
    const block = 'blockId' in event ? event.blockId.toString() : ''
    switch (event.name) {
      case 'balances.Transfer':
        add(totals, event.from, -event.amount.toBigInt())
        add(totals, event.to, event.amount.toBigInt())
        break
      case 'transactionPayment.TransactionFeePaid':
        add(totals, event.who, -event.actualFee.toBigInt())
        add(totals, POT, event.actualFee.toBigInt())
        break
      case 'proverPool.Slashed': {
        const amount = event.amount.toBigInt() * oneToken(this.api)
        add(totals, event.who, -amount)
        this.burned += amount
        this.slashes.set(block, amount)
        break
      }
      case 'rollup.BlockProposed':
        this.deposits.set(block, {
          proposer: event.proposer.toString(),
          deposit: event.deposit.toBigInt(),
        })
        break
      case 'rollup.BlockSettled':
        this.recordSettlement(block, event)
        break
    }
  }

  private recordSettlement(block: string, event: Fields['rollup.BlockSettled']) {
    const { totals } = this
    const { prover, reward, refund, slashed, bounty } = event
    const { proposer, deposit } = this.deposits.get(block)!
    const paid = reward.toBigInt() + bounty.toBigInt()
    if (prover.isSome) add(totals, prover.unwrap(), paid)
    else expect(paid).toBe(0n)
    add(totals, proposer, -reward.toBigInt())
    expect(reward.toBigInt() + refund.toBigInt()).toBe(deposit)
    expect(slashed.toBigInt()).toBe(this.slashes.get(block) ?? 0n)
    expect(bounty.lte(slashed)).toBe(true)
    this.burned -= bounty.toBigInt()
    this.deposits.delete(block)
    this.slashes.delete(block)
  }
}

const issuance = async (api: State): Promise<bigint> =>
  (await api.query.balances.totalIssuance()).toBigInt()
