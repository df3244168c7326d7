// SPDX-License-Identifier: Apache-2.0

// Kills of a collator while chain blocks are full.

import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { Filler, largestRemark } from '../src/filler.ts'
import type { Network } from './network.ts'
import type { Peer } from './peer.ts'

/** Counts of the kills. */
interface Counts {
  /** Chain blocks that were final before the last kill. */
  finalized: number
  /** Full chain blocks before the kills. */
  full: number
}

/** Kills a collator this number of times while chain blocks are full, and starts it again. Each time it
 * must start with the blocks that it had finalized, and the other collator must have the same. */
export async function killWhileFull(network: Network, killed: Peer, other: Peer, kills: number) {
  const filler = await Filler.sign(other.api, largestRemark(other.api), 1)
  const counts: Counts = { finalized: 0, full: 0 }
  for (let kill = 1; kill <= kills; kill++) {
    counts.full += await fillBlocks(network, other, filler)
    await network.until('a further finalized block', async () => {
      await filler.fillPool(other.url)
      return (await killed.finalized()) > counts.finalized
    })
    counts.finalized = await killed.finalized()
    const hashes = await hashesUntil(killed, counts.finalized)
    await killed.kill()
    await killed.start()
    expect(blockAtStart(killed)).toBeGreaterThanOrEqual(counts.finalized)
    expect(await hashesUntil(killed, counts.finalized)).toEqual(hashes)
    const isFinal = async () => (await other.finalized()) >= counts.finalized
    await network.until('the finality of the same block on the other collator', isFinal)
    expect(await hashesUntil(other, counts.finalized)).toEqual(hashes)
  }
  return counts
}

/** Returns the number of the best chain block in the database at the last start of a collator. */
function blockAtStart({ name, outputs }: Peer): number {
  const log = readFileSync(outputs.at(-1)!, 'utf8')
  const match = /\[Parachain\].*Highest known block at #(\d+)/.exec(log)
  if (!match) throw new Error(`the log of ${name} does not have its highest block`)
  return Number(match[1])
}

/** Returns the hashes of the chain blocks from the first to this one. */
async function hashesUntil(peer: Peer, last: number): Promise<string[]> {
  const hashes: string[] = []
  for (let number = 1; number <= last; number++) hashes.push((await peer.hashOf(number))!)
  return hashes
}

/** Fills the pool of a collator until a further chain block is full. Returns the number of full
 * blocks. */
async function fillBlocks(network: Network, peer: Peer, filler: Filler): Promise<number> {
  let [last, full] = [await peer.best(), 0]
  await filler.fillPool(peer.url)
  await network.until('a full chain block', async () => {
    const best = await peer.best()
    if (best <= last) return false
    while (last < best) if (await filler.isFull((await peer.hashOf(++last))!)) full += 1
    // The default pool loses some while chain blocks are full.
    filler.forget()
    await filler.fillPool(peer.url)
    return full > 0
  })
  return full
}
