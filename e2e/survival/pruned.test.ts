// SPDX-License-Identifier: Apache-2.0

// Starts of new provers on a long chain, on a node that keeps the states of the last 256 chain blocks.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { height, submit } from '../src/chain.ts'
import { Node } from '../src/node.ts'
import { isProven, positions, propose } from '../src/rollup.ts'
import { makeProvingKey } from '../src/transfer-rollup.ts'
import { until, WAIT_MS } from '../src/waits.ts'
import { CHAIN_TIMEOUT_MS, makeBlocks } from './long-chain.ts'
import type { Prover } from './prover.ts'
import { Random } from './random.ts'
import { transfers } from './rollup.ts'
import { create, enter, GAS_LIMIT, prepare, proposer } from './world.ts'

const CHAIN_BLOCKS = Number(process.env.PRUNED_CHAIN_BLOCKS ?? 20_000)
/** More chain blocks than the node keeps states. */
const DISCARDED = 300
const ROLLUP_BLOCKS = 4

const random = new Random(1)
let folder: string
let node: Node
let first: Prover
let blind: Prover
let fresh: Prover

/** Fails if the node keeps the state of a chain block. */
async function expectDiscarded(block: number) {
  const hash = await node.api.rpc.chain.getBlockHash(block)
  await expect(node.api.rpc.state.getRuntimeVersion(hash)).rejects.toThrow('discarded')
}

const reach = (what: string, prover: Prover, holds: () => Promise<boolean>) =>
  until(WAIT_MS, what, () => {
    prover.check()
    return holds()
  })

/** Lets a new prover enter the pool, proposes rollup blocks, starts the program, and prints the
 * seconds until it proves. Returns the last rollup block. */
async function measure(start: string, prover: Prover): Promise<number> {
  const { api } = node
  await enter(api, prover)
  const payloads = Array.from({ length: ROLLUP_BLOCKS }, () => transfers(random))
  const blocks = await propose(api, proposer, payloads, GAS_LIMIT)
  const [chainBlocks, started] = [await height(api), Date.now()]
  const seconds = () => ((Date.now() - started) / 1_000).toFixed(1)
  prover.start()
  const proves = (line: string) => line.includes('Proving block')
  await reach('the start of a proof', prover, async () => prover.log.some(proves))
  const ready = seconds()
  await reach('the first proof', prover, () => isProven(api, blocks[0].id))
  const proven = seconds()
  const last = blocks.at(-1)!.id
  await reach('all proofs', prover, () => isProven(api, last))
  console.log(`| ${start} | ${chainBlocks} | ${ready} | ${proven} | ${seconds()} |`)
  return last
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'survival-'))
  await makeProvingKey()
  node = await Node.start(join(folder, 'node'))
  first = await create('First', node, folder)
  blind = await create('Blind', node, folder)
  fresh = await create('Fresh', node, folder)
  await prepare(node.api, [first, fresh])
})

afterAll(async () => {
  for (const prover of [first, blind, fresh]) {
    await prover?.end('SIGKILL')
    for (const link of prover?.links ?? []) link.stop()
  }
  await node?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test(`the chain reaches block ${CHAIN_BLOCKS}`, { timeout: CHAIN_TIMEOUT_MS }, async () => {
  await makeBlocks(node, CHAIN_BLOCKS)
  await expectDiscarded(1)
  console.log('| state | chain blocks | starts to prove | first proof | all proofs |')
  console.log('|---|---|---|---|---|')
})

test('a new prover proves from the genesis state', async () => {
  const { api } = node
  const last = await measure('genesis', first)
  await reach('the settlement', first, async () => (await positions(api)).settled >= last)
  await first.command(node.url, 'export-state', join(folder, 'state.json'))
  expect(await first.end('SIGTERM')).toBe(0)
  await submit(api.tx.proverPool.exit(), first.account)
})

test('the chain discards the states of the settlements', async () => {
  const settled = await height(node.api)
  await makeBlocks(node, settled + DISCARDED)
  await expectDiscarded(settled)
})

test('a new prover without a state says so', async () => {
  blind.start()
  await blind.isReady()
  await reach('the alarm', blind, async () => (await blind.alarm()) === 'unknown_state')
  expect(await blind.end('SIGTERM')).toBe(0)
})

test('a new prover proves from the imported state', async () => {
  await fresh.command(node.url, 'import-state', join(folder, 'state.json'))
  await measure('imported', fresh)
})
