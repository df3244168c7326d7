// SPDX-License-Identifier: Apache-2.0

// The steps of a prover, which every client library takes on the same chain.

import { beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../src/waits.ts'

/** Offer of a prover. */
export interface Offer {
  /** Stake in whole tokens. */
  amount: number
  price: number
  capacity: number
}

/** Member of the pool. */
export interface Member extends Offer {
  id: number
  who: string
}

/** Weight of each slot in a draw, and the sum of the weights. */
export interface Odds {
  weights: bigint[]
  sum: bigint
}

/** Views of the pool. */
export interface Views {
  members(): Promise<Member[]>
  odds(feePerGas: number): Promise<Odds>
}

/** Client library that is connected to the chain, and signs for one account. A call that the chain
 * refuses rejects with a `Refusal`. */
export interface Client {
  /** Address of the account. */
  who: string
  /** Stakes, and returns the offer in the event. */
  stake(offer: Offer): Promise<Offer>
  /** Proposes a rollup block, and returns its id. */
  propose(payload: Uint8Array, gasLimit: number, maxFeePerGas: number): Promise<bigint>
  /** Returns the prover of a rollup block, or `null` if the block is not assigned. */
  proverOf(block: bigint): Promise<string | null>
  runtimeApi: Views
  /** `null` if the library has no view functions. */
  viewFunctions: Views | null
  /** Exits, and returns the amount in the event, in whole tokens. */
  exit(): Promise<number>
  stop(): Promise<void>
}

/** Error of a call, with its name and its text in the metadata. */
export class Refusal extends Error {
  constructor(
    readonly error: string,
    readonly text: string,
  ) {
    super(`${error}: ${text}`)
  }
}

/** Offer of the tests. */
export const OFFER = { amount: 60_000, price: 10_000, capacity: 6 }
const GAS_LIMIT = 1_000_000
const MAX_FEE_PER_GAS = 20_000
const FEE_PER_GAS = 10_000
const DRAW_TIMEOUT_MS = 60_000

/** Tests that a client library takes all steps. The pool must be empty before, and is empty
 * afterwards. */
export function journey(name: string, connect: () => Promise<Client>) {
  describe(name, () => {
    let client: Client

    beforeAll(async () => {
      client = await connect()
      return () => client.stop()
    })

    test('gets an error by name and text', async () => {
      const text = expect.stringContaining('The account has no slot to leave.')
      await expect(client.exit()).rejects.toMatchObject({ error: 'NotInPool', text })
    })

    test('stakes', async () => {
      expect(await client.stake(OFFER)).toEqual(OFFER)
    })

    const isMember = async (views: Views) => {
      expect(await views.members()).toEqual([{ id: 1, who: client.who, ...OFFER }])
      const weight = BigInt(OFFER.amount * OFFER.capacity)
      // The second slot is that of a prover of genesis that left.
      expect(await views.odds(FEE_PER_GAS)).toEqual({ weights: [weight, 0n], sum: weight })
    }

    test('reads table and odds by the runtime API', () => isMember(client.runtimeApi))

    test('reads table and odds by view functions', ({ skip }) =>
      client.viewFunctions ? isMember(client.viewFunctions) : skip('the library has none'))

    test('is assigned a rollup block', async () => {
      const block = await client.propose(Uint8Array.of(1, 2), GAS_LIMIT, MAX_FEE_PER_GAS)
      const prover = until(DRAW_TIMEOUT_MS, `the draw of block ${block}`, () =>
        client.proverOf(block),
      )
      // It is the only member.
      expect(await prover).toBe(client.who)
    })

    test('exits', async () => {
      expect(await client.exit()).toBe(OFFER.amount)
    })
  })
}
