// SPDX-License-Identifier: Apache-2.0

import type { ApiPromise } from '@polkadot/api'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { type Chain, startChopsticks, startFinalizingNode, startNode } from '../src/chain.ts'
import { Accounting } from './accounting.ts'

const starters = { chopsticks: startChopsticks, node: startNode }

/** Starts a chain for the tests of a file, and checks its accounting after each of them. With
 * `finalizes`, the node makes and finalizes a block each second. Without it, the node makes a block
 * for each transaction. */
export function useChain({ finalizes = false } = {}) {
  let chain: Chain
  let accounting: Accounting

  beforeAll(async () => {
    const kind = process.env.CHAIN
    if (kind !== 'chopsticks' && kind !== 'node') throw new Error('set CHAIN to chopsticks or node')
    chain = await (kind === 'node' && finalizes ? startFinalizingNode : starters[kind])()
    accounting = await Accounting.start(chain.api)
  })
  afterEach(() => accounting.check())
  afterAll(() => chain?.stop())

  return {
    get api(): ApiPromise {
      return chain.api
    },
    get url(): string {
      return chain.url
    },
    makeBlocks: (count: number) => chain.makeBlocks(count),
    advance: (seconds: number) => chain.advance(seconds),
  }
}
