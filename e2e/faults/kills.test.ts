// SPDX-License-Identifier: Apache-2.0

// Ten kills of a node while chain blocks are full. The node starts again on its folder each time.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { path } from '../src/processes.ts'
import { BLOCK_TIMEOUT_MS, until } from '../src/waits.ts'
import { Node } from '../survival/node.ts'
import { fillPool, fullSize, sizeOf } from './proposals.ts'
import { ask } from './rpc.ts'

const KILLS = Number(process.env.FAULTS_KILLS ?? 10)
/** Full chain blocks between two kills. */
const FULL_BLOCKS = 3
/** Items of storage in an answer. */
const PAGE = 500

let folder: string
let node: Node
/** Hashes of the finalized blocks that the node announced, by their numbers. */
const announced = new Map<number, string>()
/** Sizes of full blocks. */
const full = new Map<number, number>()

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'faults-'))
  node = await Node.start(join(folder, 'node'))
  await node.api.rpc.chain.subscribeFinalizedHeads(({ number, hash }) => {
    announced.set(number.toNumber(), hash.toHex())
  })
})

afterAll(async () => {
  await node?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const newest = (): number => Math.max(0, ...announced.keys())

/** Fills the pool of the node until this number of further chain blocks is full. */
async function fillBlocks(count: number) {
  const { api } = node
  const least = fullSize(api)
  const goal = full.size + count
  let last = newest()
  await until(count * BLOCK_TIMEOUT_MS, `${count} full blocks`, async () => {
    node.check()
    await fillPool(api)
    for (const [number, hash] of announced) {
      if (number <= last) continue
      const size = await sizeOf(api, hash)
      if (size >= least) full.set(number, size)
    }
    last = newest()
    return full.size >= goal
  })
}

/** Checks that the node has each finalized block that it announced, and goes on. */
async function keepsFinalizedBlocks() {
  const { api } = node
  const last = newest()
  const finalized = await api.rpc.chain.getHeader(await api.rpc.chain.getFinalizedHead())
  expect(finalized.number.toNumber()).toBeGreaterThanOrEqual(last)
  for (const [number, hash] of announced) {
    expect((await api.rpc.chain.getBlockHash(number)).toHex()).toBe(hash)
    const { block } = await api.rpc.chain.getBlock(hash)
    expect(block.header.number.toNumber()).toBe(number)
  }
  await until(BLOCK_TIMEOUT_MS, 'the next finalized block', async () => newest() > last)
}

test(`no finalized block is lost in ${KILLS} kills while blocks are full`, async () => {
  for (let kill = 1; kill <= KILLS; kill++) {
    await fillBlocks(FULL_BLOCKS)
    await fillPool(node.api)
    await node.kill()
    await node.restart()
    await keepsFinalizedBlocks()
    console.log(`kill ${kill}: ${full.size} full blocks, the newest block is ${newest()}`)
  }
  const smallest = Math.min(...full.values())
  console.log(
    `${KILLS} kills: ${announced.size} finalized blocks were announced up to number ${newest()}, ` +
      `and none was lost; ${full.size} were full, with ${smallest} bytes or more`,
  )
})

test('each block is the parent of the next, with the state of its header', async () => {
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
  const { result: at } = await ask(node.url, 'chain_getFinalizedHead')
  const items: Record<string, string> = {}
  for (let last: string | null = null; ; ) {
    const { result } = await ask(node.url, 'state_getKeysPaged', ['0x', PAGE, last, at])
    const keys = result as string[]
    if (keys.length === 0) break
    const answer = await ask(node.url, 'state_queryStorageAt', [keys, at])
    const [{ changes }] = answer.result as { changes: [string, string][] }[]
    Object.assign(items, Object.fromEntries(changes))
    last = keys.at(-1)!
  }
  writeFileSync(path('build/faults-state.json'), JSON.stringify(items))
  expect(Object.keys(items).length).toBeGreaterThan(100)
})
