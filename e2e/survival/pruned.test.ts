// SPDX-License-Identifier: Apache-2.0

// Starts of new provers on a long chain, on a node that keeps the states of the last 256 chain blocks.

import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { height, submit } from '../src/chain.ts'
import { isProven } from '../src/rollup.ts'
import { CHAIN_TIMEOUT_MS, LongChain } from './long-chain.ts'
import type { Prover } from './prover.ts'

const CHAIN_BLOCKS = Number(process.env.PRUNED_CHAIN_BLOCKS ?? 20_000)
/** More chain blocks than the node keeps states. */
const DISCARDED = 300
const ROLLUP_BLOCKS = 4

let chain: LongChain
let first: Prover
let blind: Prover
let fresh: Prover

beforeAll(async () => {
  chain = await LongChain.start(['First', 'Blind', 'Fresh'])
  ;[first, blind, fresh] = chain.provers
})

afterAll(() => chain?.stop())

/** Fails if the node keeps the state of a chain block. */
async function expectDiscarded(block: number) {
  const hash = await chain.api.rpc.chain.getBlockHash(block)
  await expect(chain.api.rpc.state.getRuntimeVersion(hash)).rejects.toThrow('discarded')
}

/** Starts a new prover while rollup blocks wait, and prints the seconds until it proves. Returns the
 * last rollup block. */
async function measure(start: string, prover: Prover): Promise<number> {
  const { api } = chain
  const blocks = await chain.enter(prover, ROLLUP_BLOCKS)
  const [chainBlocks, started] = [await height(api), Date.now()]
  const seconds = () => ((Date.now() - started) / 1_000).toFixed(1)
  const proves = (line: string) => line.includes('Proving block')
  await chain.reach('the start of a proof', prover, async () => prover.log.some(proves))
  const ready = seconds()
  await chain.reach('the first proof', prover, () => isProven(api, blocks[0]))
  const proven = seconds()
  const last = blocks.at(-1)!
  await chain.reach('all proofs', prover, () => isProven(api, last))
  console.log(`| ${start} | ${chainBlocks} | ${ready} | ${proven} | ${seconds()} |`)
  return last
}

test(`the chain reaches block ${CHAIN_BLOCKS}`, { timeout: CHAIN_TIMEOUT_MS }, async () => {
  await chain.makeBlocks(CHAIN_BLOCKS)
  await expectDiscarded(1)
  console.log('| state | chain blocks | starts to prove | first proof | all proofs |')
  console.log('|---|---|---|---|---|')
})

test('a new prover proves from the genesis state', async () => {
  const last = await measure('genesis', first)
  await chain.settles(first, last)
  await first.command(chain.node.url, 'export-state', join(chain.folder, 'state.json'))
  expect(await first.end('SIGTERM')).toBe(0)
  await submit(chain.api.tx.proverPool.exit(), first.account)
})

test('the chain discards the states of the settlements', async () => {
  const settled = await height(chain.api)
  await chain.makeBlocks(settled + DISCARDED)
  await expectDiscarded(settled)
})

test('a new prover without a state says so', async () => {
  blind.start()
  await blind.isReady()
  await chain.reach('the alarm', blind, async () => (await blind.alarm()) === 'unknown_state')
  expect(await blind.end('SIGTERM')).toBe(0)
})

test('a new prover proves from the imported state', async () => {
  await fresh.command(chain.node.url, 'import-state', join(chain.folder, 'state.json'))
  await measure('imported', fresh)
})
