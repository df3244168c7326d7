// SPDX-License-Identifier: Apache-2.0

// Return of a prover after a long absence, on a node that keeps all states.

import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { height, submit } from '../src/chain.ts'
import { isProven } from '../src/rollup.ts'
import { CHAIN_TIMEOUT_MS, LongChain } from './long-chain.ts'
import type { Prover } from './prover.ts'

const ABSENCE_BLOCKS = Number(process.env.ABSENCE_BLOCKS ?? 5_000)
/** Rollup blocks that settle during the absence. */
const ROLLUP_BLOCKS = 8
/** Chain blocks of a week, at 6 seconds. */
const WEEK_BLOCKS = 100_800

let chain: LongChain
let away: Prover
let other: Prover

beforeAll(async () => {
  chain = await LongChain.start(['Away', 'Other'], ['--state-pruning', 'archive'])
  ;[away, other] = chain.provers
})

afterAll(() => chain?.stop())

/** Lets a prover prove rollup blocks until they settle. Then it leaves the pool. */
async function proveAndLeave(prover: Prover, count: number) {
  const blocks = await chain.enter(prover, count)
  await chain.settles(prover, blocks.at(-1)!)
  await submit(chain.api.tx.proverPool.exit(), prover.account)
  expect(await prover.end('SIGTERM')).toBe(0)
}

test('a prover leaves, and another one proves', async () => {
  await proveAndLeave(away, 2)
  // Blocks have settled, so a new prover needs the state.
  const file = join(chain.folder, 'state.json')
  await away.command(chain.node.url, 'export-state', file)
  await other.command(chain.node.url, 'import-state', file)
  await proveAndLeave(other, ROLLUP_BLOCKS)
})

test(`${ABSENCE_BLOCKS} chain blocks pass`, { timeout: CHAIN_TIMEOUT_MS }, async () => {
  await chain.makeBlocks(ABSENCE_BLOCKS)
})

test('it reads what it missed, and proves on the state that the other one left', async () => {
  const { api, node } = chain
  const { as_of: left } = await away.books(node.url)
  const [block] = await chain.enter(away, 1)
  const [present, started] = [await height(api), Date.now()]
  const secondsTo = async (what: string, holds: () => Promise<boolean>) => {
    await chain.reach(what, away, holds)
    return (Date.now() - started) / 1_000
  }
  const [reading, proof] = await Promise.all([
    secondsTo('the books', async () => (await away.scannedBlock()) >= present),
    secondsTo('the proof', () => isProven(api, block)),
  ])
  expect((await away.books(node.url)).unread).toBe(0)
  const read = present - left
  const week = (reading * WEEK_BLOCKS) / read
  console.log('| chain blocks away | seconds to read them | seconds for a week | first proof |')
  console.log('|---|---|---|---|')
  console.log(`| ${read} | ${reading.toFixed(1)} | ${week.toFixed(0)} | ${proof.toFixed(1)} |`)
})
