// SPDX-License-Identifier: Apache-2.0

// Ten kills of a node while chain blocks are full. The node starts again on its folder each time.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exportState } from '../src/exported-state.ts'
import { Filler, largestProposal, POOL } from '../src/filler.ts'
import { Node } from '../src/node.ts'
import { path } from '../src/processes.ts'
import { ask, askAll } from '../src/rpc.ts'
import { until, WAIT_MS } from '../src/waits.ts'

const KILLS = Number(process.env.FAULTS_KILLS ?? 10)
/** Full chain blocks between two kills. */
const FULL_BLOCKS = 3

let folder: string
let node: Node
let filler: Filler
/** Hashes of the finalized blocks that the node announced, by their numbers. */
const announced = new Map<number, string>()
/** Numbers of blocks that the node announced with more than one hash. */
const replaced: number[] = []
/** Number of blocks that were looked at, and of those that were full. */
const seen = { blocks: 0, full: 0 }

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'faults-'))
  node = await Node.start(join(folder, 'node'), POOL)
  await node.api.rpc.chain.subscribeFinalizedHeads((header) => {
    const [number, hash] = [header.number.toNumber(), header.hash.toHex()]
    if (announced.has(number) && announced.get(number) !== hash) replaced.push(number)
    announced.set(number, hash)
  })
  filler = await Filler.sign(node.api, largestProposal(node.api), FULL_BLOCKS * KILLS)
})

afterAll(async () => {
  await node?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const newest = (): number => Math.max(0, ...announced.keys())

/** Fills the pool of the node until this number of further chain blocks is full. */
async function fillBlocks(count: number) {
  const goal = seen.full + count
  let last = newest()
  await until(WAIT_MS, `${count} full blocks`, async () => {
    node.check()
    await filler.fillPool(node.url)
    const blocks = [...announced].filter(([number]) => number > last)
    for (const [number, hash] of blocks) {
      seen.blocks += 1
      if (await filler.isFull(hash)) seen.full += 1
      last = Math.max(last, number)
    }
    return seen.full >= goal
  })
}

/** Checks that the node has each finalized block that it announced, and goes on. */
async function keepsFinalizedBlocks(last: number, blocks: [number, string][]) {
  const { api, url } = node
  const finalized = await api.rpc.chain.getHeader(await api.rpc.chain.getFinalizedHead())
  expect(finalized.number.toNumber()).toBeGreaterThanOrEqual(last)
  const hashes = await askAll(url, 'chain_getBlockHash', numbersOf(blocks))
  expect(hashes.map(({ result }) => result)).toEqual(blocks.map(([, hash]) => hash))
  const { result } = await ask(url, 'chain_getBlock', [announced.get(last)])
  expect(result).toBeTruthy()
  await until(WAIT_MS, 'the next finalized block', async () => newest() > last)
  expect(replaced).toEqual([])
}

const numbersOf = (blocks: [number, string][]) => blocks.map(([number]) => number)

test(`no finalized block is lost in ${KILLS} kills while blocks are full`, async () => {
  for (let kill = 1; kill <= KILLS; kill++) {
    await fillBlocks(FULL_BLOCKS)
    await node.kill()
    const [last, blocks] = [newest(), [...announced]]
    await node.restart()
    filler.forget()
    await keepsFinalizedBlocks(last, blocks)
    console.log(`Kill ${kill} at block ${last}: no finalized block is lost`)
  }
  console.log(
    `${KILLS} kills: ${announced.size} announced blocks, all kept; ` +
      `${seen.full} of ${seen.blocks} blocks before the kills were full`,
  )
})

test('each block is the parent of the next', async () => {
  const { api } = node
  const last = newest()
  let parent = api.genesisHash.toHex()
  for (let number = 1; number <= last; number++) {
    const hash = await api.rpc.chain.getBlockHash(number)
    const header = await api.rpc.chain.getHeader(hash)
    expect(header.parentHash.toHex()).toBe(parent)
    parent = hash.toHex()
  }
})

test('the state is exported', async () => {
  expect(await exportState(node.url, path('build/faults-state.json'))).toBeGreaterThan(100)
})
