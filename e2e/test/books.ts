// SPDX-License-Identifier: Apache-2.0

import type { ApiPromise } from '@polkadot/api'
import { expect } from 'vitest'
import { named } from '../src/chain.ts'
import { eventsAfter, height, oneToken, rewardsOnHold, stakesOnHold } from '../src/pool.ts'

/** Checks after every step that the money is where the rules say. */
export class Books {
  private slashed = 0n

  private constructor(
    private readonly api: ApiPromise,
    private readonly issuance: bigint,
    private height: number,
  ) {}

  static async open(api: ApiPromise) {
    return new Books(api, await issuance(api), await height(api))
  }

  async check() {
    const { api } = this
    const token = oneToken(api)

    // Rule 2: what the pool holds of an account is its stake and its exit.
    const provers: any = await api.query.proverPool.provers()
    const stakes: Record<string, bigint> = {}
    for (const [key, entry] of await api.query.proverPool.stakers.entries()) {
      const { exitAmount, proverId } = (entry as any).unwrap()
      const slot = proverId.isSome ? provers[proverId.unwrap().toNumber() - 1] : null
      const tokens = exitAmount.toBigInt() + (slot?.stakedAmount.toBigInt() ?? 0n)
      if (tokens > 0n) stakes[key.args[0].toString()] = tokens * token
    }
    expect(await stakesOnHold(api)).toEqual(stakes)

    // What the rollup holds of an account is the rewards of its unsettled blocks.
    const rewards: Record<string, bigint> = {}
    for (const [, entry] of await api.query.rollup.blocks.entries()) {
      const { proposer, reward } = (entry as any).unwrap()
      rewards[proposer] = (rewards[proposer] ?? 0n) + reward.toBigInt()
    }
    expect(await rewardsOnHold(api)).toEqual(rewards)

    // Rule 4: slashes alone change the total issuance.
    const events = await eventsAfter(api, this.height)
    this.height = events.at(-1)?.block ?? this.height
    for (const { amount } of named(events, 'proverPool.Slashed')) {
      this.slashed += amount.toBigInt() * token
    }
    expect(await issuance(api)).toBe(this.issuance - this.slashed)
  }
}

const issuance = async (api: ApiPromise): Promise<bigint> =>
  ((await api.query.balances.totalIssuance()) as any).toBigInt()
