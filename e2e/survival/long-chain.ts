// SPDX-License-Identifier: Apache-2.0

// Long chains, which a node makes in short time.

import { setTimeout as delay } from 'node:timers/promises'
import { height } from '../src/chain.ts'
import { blocksEvery, type Node } from '../src/node.ts'

/** Minimum time between two chain blocks, in milliseconds, while many are made. */
const QUICK_INTERVAL_MS = 45
/** Number of chain blocks that the node may be late. It ends if it is a thousand late. */
const MAX_LATE = 500

/** Maximum time until a long chain is made. */
export const CHAIN_TIMEOUT_MS = 7_200_000

/** Makes chain blocks in short time, up to this one. */
export async function makeBlocks(node: Node, last: number) {
  let interval = QUICK_INTERVAL_MS
  while ((await height(node.api)) < last) {
    await node.kill()
    await node.restart(blocksEvery(interval))
    const [start, before] = [Date.now(), await height(node.api)]
    let [made, due] = [0, 0]
    while (before + made < last && due - made < MAX_LATE) {
      node.check()
      await delay(1_000)
      made = (await height(node.api)) - before
      due = (Date.now() - start) / interval
    }
    // A busy machine is slower.
    if (due - made >= MAX_LATE) interval *= 2
  }
  await node.kill()
  await node.restart()
}
