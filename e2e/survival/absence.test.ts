// SPDX-License-Identifier: Apache-2.0

// Return of a prover after a long absence, on a node that keeps all states.

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

const ABSENCE_BLOCKS = Number(process.env.ABSENCE_BLOCKS ?? 5_000)
/** Rollup blocks that settle during the absence. */
const ROLLUP_BLOCKS = 8
/** Chain blocks of a week, at 6 seconds. */
const WEEK_BLOCKS = 100_800

const random = new Random(1)
let folder: string
let node: Node
let away: Prover
let other: Prover

/** Proposes rollup blocks, and returns the last. */
async function proposeBlocks(count: number): Promise<number> {
  const payloads = Array.from({ length: count }, () => transfers(random))
  const blocks = await propose(node.api, proposer, payloads, GAS_LIMIT)
  return blocks.at(-1)!.id
}

const reach = (what: string, prover: Prover, holds: () => Promise<boolean>) =>
  until(WAIT_MS, what, () => {
    prover.check()
    return holds()
  })

const settles = (prover: Prover, block: number) =>
  reach('the settlement', prover, async () => (await positions(node.api)).settled >= block)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'survival-'))
  await makeProvingKey()
  node = await Node.start(join(folder, 'node'), ['--state-pruning', 'archive'])
  away = await create('Away', node, folder)
  other = await create('Other', node, folder)
  await prepare(node.api, [away, other])
})

afterAll(async () => {
  for (const prover of [away, other]) {
    await prover?.end('SIGKILL')
    for (const link of prover?.links ?? []) link.stop()
  }
  await node?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('a prover proves, and leaves', async () => {
  await enter(node.api, away)
  away.start()
  const block = await proposeBlocks(2)
  await settles(away, block)
  await submit(node.api.tx.proverPool.exit(), away.account)
  expect(await away.end('SIGTERM')).toBe(0)
})

test(`${ABSENCE_BLOCKS} chain blocks pass`, { timeout: CHAIN_TIMEOUT_MS }, async () => {
  await enter(node.api, other)
  other.start()
  const block = await proposeBlocks(ROLLUP_BLOCKS)
  await settles(other, block)
  await submit(node.api.tx.proverPool.exit(), other.account)
  expect(await other.end('SIGTERM')).toBe(0)
  await makeBlocks(node, ABSENCE_BLOCKS)
})

test('it reads what it missed, and proves on the state that others made', async () => {
  const { api } = node
  const { as_of: left } = await away.books(node.url)
  await enter(api, away)
  const block = await proposeBlocks(1)
  const [present, started] = [await height(api), Date.now()]
  away.start()
  await reach('the books', away, async () => {
    const scanned = await away.scannedBlock().catch(() => 0)
    return scanned >= present
  })
  const seconds = (Date.now() - started) / 1_000
  await reach('the proof', away, () => isProven(api, block))
  const proven = (Date.now() - started) / 1_000
  expect((await away.books(node.url)).unread).toBe(0)
  const read = present - left
  const week = (seconds * WEEK_BLOCKS) / read
  console.log('| chain blocks away | seconds to read them | seconds for a week | first proof |')
  console.log('|---|---|---|---|')
  console.log(`| ${read} | ${seconds.toFixed(1)} | ${week.toFixed(0)} | ${proven.toFixed(1)} |`)
})
