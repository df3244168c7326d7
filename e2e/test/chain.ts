// SPDX-License-Identifier: Apache-2.0

import type { ApiPromise } from '@polkadot/api'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { type Chain, startChopsticks, startFinalizingNode, startNode } from '../src/chain.ts'
import { Books } from './books.ts'

const starters = { chopsticks: startChopsticks, node: startNode }

/** A chain for the tests of a file, and its books checked after each of them. If the tests need
 * blocks to be finalized, the node makes them each second; otherwise it waits for transactions. */
export function useChain({ finalizes = false } = {}) {
  let chain: Chain
  let books: Books

  beforeAll(async () => {
    const kind = process.env.CHAIN
    if (kind !== 'chopsticks' && kind !== 'node') throw new Error('CHAIN is chopsticks or node')
    chain = await (kind === 'node' && finalizes ? startFinalizingNode : starters[kind])()
    books = await Books.open(chain.api)
  })
  afterEach(() => books.check())
  afterAll(() => chain?.stop())

  return {
    get api(): ApiPromise {
      return chain.api
    },
    get url(): string {
      return chain.url
    },
    advance: (seconds: number) => chain.advance(seconds),
  }
}
