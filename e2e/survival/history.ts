// SPDX-License-Identifier: Apache-2.0

// Transactions of the operators and events of the rollup, by which the suite judges the programs.

import type { ApiPromise } from '@polkadot/api'
import type { GenericExtrinsic } from '@polkadot/types'
import type { DispatchError, EventRecord } from '@polkadot/types/interfaces'
import { expect } from 'vitest'
import { oneToken } from '../src/accounts.ts'
import { errorName, named } from '../src/chain.ts'
import type { PastEvent } from '../src/types.ts'
import { Accounting } from '../test/accounting.ts'
import type { Books, Prover } from './prover.ts'

/** Transaction of an operator. */
export interface OperatorTx {
  block: number
  signer: string
  /** Name of its call, such as `rollup.proveBlock`. */
  call: string
  /** Rollup block that it proves, if it does. */
  blockId: number | null
  error: string | null
}

/** Sums of an account, from events only. Amounts are in the smallest unit, slashes in tokens. */
interface Sums {
  proven: number
  missed: number
  earned: bigint
  slashed: bigint
  fees: bigint
}

/** History of a chain since a block without proposals. */
export class History {
  readonly events: PastEvent[] = []
  readonly transactions: OperatorTx[] = []

  private constructor(
    private api: ApiPromise,
    private readonly accounting: Accounting,
    private readonly operators: Set<string>,
  ) {}

  /** Starts the history at the latest block. `operators` are the addresses of keys to watch. */
  static async start(api: ApiPromise, operators: string[]): Promise<History> {
    return new History(api, await Accounting.start(api), new Set(operators))
  }

  /** Continues with another connection to the same chain. */
  use(api: ApiPromise) {
    this.api = api
    this.accounting.use(api)
  }

  /** Reads the new blocks. */
  async read() {
    const events = await this.accounting.read()
    this.events.push(...events)
    // Each block has an event of its inherents.
    for (const block of new Set(events.map((event) => event.block))) await this.readBody(block)
  }

  /** Compares all balances and the queue of the rollup with the events. */
  async check() {
    await this.read()
    await this.accounting.check()
  }

  /** Returns the failed transactions of the operators. */
  get failures(): OperatorTx[] {
    return this.transactions.filter(({ error }) => error)
  }

  /** Returns the number of rollup blocks for which more than one proof was accepted without an
   * override, a replaced key or a discarded transition in between. */
  get provenTwice(): number[] {
    const accepted = new Map<number, number>()
    for (const { call, blockId, error } of this.transactions) {
      if (call !== 'rollup.proveBlock' || error || blockId === null) continue
      accepted.set(blockId, (accepted.get(blockId) ?? 0) + 1)
    }
    const revoked = new Set([
      ...named(this.events, 'rollup.TransitionDiscarded').map(({ blockId }) => blockId.toNumber()),
      ...named(this.events, 'rollup.BlockOpened')
        .filter(({ reason }) => ['Overridden', 'KeyReplaced'].includes(reason.type))
        .map(({ blockId }) => blockId.toNumber()),
    ])
    return [...accepted].filter(([id, count]) => count > 1 && !revoked.has(id)).map(([id]) => id)
  }

  /** Returns the sums of an account whose transactions `operator` signs, up to a chain block. */
  sums({ account, operator }: Prover, last: number): Sums {
    const events = this.events.filter(({ block }) => block <= last)
    const isOwn = (who: { toString(): string }) => who.toString() === account.address
    const settled = named(events, 'rollup.BlockSettled').filter(
      ({ prover }) => prover.isSome && isOwn(prover.unwrap()),
    )
    const slashes = named(events, 'proverPool.Slashed').filter(({ who }) => isOwn(who))
    const fees = named(events, 'transactionPayment.TransactionFeePaid').filter(
      ({ who }) => who.toString() === operator.address,
    )
    return {
      proven: settled.length,
      missed: named(events, 'rollup.AssignmentMissed').filter(({ prover }) => isOwn(prover)).length,
      earned: sum(settled.flatMap(({ reward, bounty }) => [reward, bounty])),
      slashed: sum(slashes.map(({ amount }) => amount)),
      fees: sum(fees.map(({ actualFee }) => actualFee)),
    }
  }

  /** Compares the books of a program that has ended with the events. */
  async checkBooks(prover: Prover, books: Books) {
    await this.read()
    const { proven, missed, earned, slashed, fees } = this.sums(prover, books.as_of)
    expect(books).toMatchObject({
      ...{ proven, missed, slashed: Number(slashed) },
      ...{ earned: this.tokens(earned), fees: this.tokens(fees), unread: 0 },
    })
  }

  /** Returns an amount in tokens, exactly. */
  private tokens(amount: bigint): string {
    const one = oneToken(this.api)
    const digits = one.toString().length - 1
    const fraction = (amount % one).toString().padStart(digits, '0').replace(/0+$/, '')
    return fraction ? `${amount / one}.${fraction}` : `${amount / one}`
  }

  private async readBody(number: number) {
    const hash = await this.api.rpc.chain.getBlockHash(number)
    const { block } = await this.api.rpc.chain.getBlock(hash)
    const records = await (await this.api.at(hash)).query.system.events()
    for (const [index, extrinsic] of block.extrinsics.entries()) {
      const signer = extrinsic.isSigned ? extrinsic.signer.toString() : ''
      if (!this.operators.has(signer)) continue
      const error = errorOf(records, index)
      this.transactions.push({ block: number, signer, error, ...callOf(extrinsic) })
    }
  }
}

function callOf({ method }: GenericExtrinsic): Pick<OperatorTx, 'call' | 'blockId'> {
  const call = `${method.section}.${method.method}`
  return { call, blockId: call === 'rollup.proveBlock' ? Number(method.args[0]) : null }
}

/** Returns the name of the error of the transaction with this index, or `null`. */
function errorOf(records: EventRecord[], index: number): string | null {
  const failed = records.find(
    ({ phase, event }) =>
      phase.isApplyExtrinsic &&
      phase.asApplyExtrinsic.eq(index) &&
      event.method === 'ExtrinsicFailed',
  )
  if (!failed) return null
  const error = failed.event.data[0] as DispatchError
  return errorName(error.registry, error)
}

const sum = (amounts: { toBigInt(): bigint }[]): bigint =>
  amounts.reduce((sum, amount) => sum + amount.toBigInt(), 0n)
