// SPDX-License-Identifier: Apache-2.0

// A flood of transactions that are invalid, oversized, duplicate or of the future. The node answers,
// its memory is bounded, and honest transactions and proofs get into blocks.

import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { u8aToHex } from '@polkadot/util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { alice, setParameters } from '../src/accounts.ts'
import { account, height, include, named, SLOT_MS, submit } from '../src/chain.ts'
import { Filler, largestProposal, POOL } from '../src/filler.ts'
import { blocksEvery, Node } from '../src/node.ts'
import { type Drawn, draw, propose, proveBlock } from '../src/rollup.ts'
import { ask } from '../src/rpc.ts'
import {
  type Balances,
  makeProvingKey,
  type Proven,
  payload,
  TransferRollup,
} from '../src/transfer-rollup.ts'
import { until, WAIT_MS } from '../src/waits.ts'
import { Flood, percentile } from './flood.ts'

const SECONDS = Number(process.env.FAULTS_SECONDS ?? 120)
/** Maximum time of an answer, in milliseconds. */
const ANSWER_MS = 1_000
/** Maximum growth of the node's memory, in MiB. */
const GROWTH = 512
/** Maximum growth in the second half of the flood. Memory that is not freed would grow as before. */
const LATE_GROWTH = 64
const PROOFS = 3
/** Full chain blocks whose proposals are signed before the flood. */
const SIGNED_BLOCKS = 20
const GAS_LIMIT = 200_000
/** Time between two questions to the node, in milliseconds. */
const PROBE_MS = 100

const proposer = account('//Bob')
const honest = account('//Dave')
const provers = [account('//Eve'), account('//Ferdie')]

let folder: string
let node: Node
let program: TransferRollup
let isOver = false

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'faults-'))
  await makeProvingKey()
  node = await Node.start(join(folder, 'node'), POOL)
  program = new TransferRollup(node.api.genesisHash.toHex())
  await submit(setParameters(node.api, { Rollup: { MinProofWindow: 3_600 } }), alice)
})

afterAll(async () => {
  program?.end()
  await node?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Proposes rollup blocks, waits until provers are assigned, and proves the blocks. */
async function prepareProofs(): Promise<(Drawn & { proven: Proven })[]> {
  const payloads = Array.from({ length: PROOFS }, (_, index) => payload([0, index, 1]))
  const proposed = await propose(node.api, proposer, payloads, GAS_LIMIT)
  const makeBlocks = async (count: number) => {
    for (let made = 0; made < count; made++) await submit(node.api.tx.system.remark(''), alice)
  }
  const drawn = await draw({ api: node.api, makeBlocks }, proposed)
  const proofs = []
  let parent: Balances | null = null
  for (const block of drawn) {
    const prover = provers.find(({ address }) => address === block.prover)!
    const { balances, ...proven } = await program.prove({ ...block, parent }, prover)
    parent = balances
    proofs.push({ ...block, proven })
  }
  return proofs
}

/** Asks the node until the flood is over. Returns the times of its answers, in milliseconds. */
async function probe(): Promise<number[]> {
  const times: number[] = []
  while (!isOver) {
    for (const method of ['system_health', 'chain_getHeader']) {
      const start = performance.now()
      const answer = await ask(node.url, method)
      times.push(performance.now() - start)
      expect(answer.result).toBeTruthy()
    }
    await delay(PROBE_MS)
  }
  return times
}

/** Submits transactions of an honest user until the flood is over. Returns the number of chain blocks
 * until each was included. */
async function work(): Promise<number[]> {
  const blocks: number[] = []
  while (!isOver) blocks.push(await blocksUntil(node.api.tx.system.remark('0x01'), honest))
  return blocks
}

/** Submits a transaction. Returns the number of chain blocks from its submission to its block. */
async function blocksUntil(tx: Parameters<typeof include>[0], signer: typeof alice) {
  const before = await height(node.api)
  const { block, events } = await include(tx, signer)
  expect(named(events, 'system.ExtrinsicFailed')).toEqual([])
  const { number } = await node.api.rpc.chain.getHeader(block)
  return number.toNumber() - before
}

/** Waits for the next chain block. The one after it is not in the making then. */
async function nextBlock() {
  const before = await height(node.api)
  await until(WAIT_MS, 'the next chain block', async () => (await height(node.api)) > before, 50)
}

/** Submits the proofs, in equal distances of time and right after a chain block. Returns the number of
 * chain blocks until each was included. */
async function deliver(proofs: Awaited<ReturnType<typeof prepareProofs>>): Promise<number[]> {
  const blocks: number[] = []
  for (const { proven, ...block } of proofs) {
    await delay((SECONDS * 1_000) / (proofs.length + 1))
    const prover = provers.find(({ address }) => address === block.prover)!
    const proof = proveBlock(node.api, block, prover, proven)
    await nextBlock()
    blocks.push(await blocksUntil(proof, prover))
  }
  return blocks
}

/** Keeps the pool of the node full until the flood is over. Returns for each chain block meanwhile
 * if it was full. */
async function fill(filler: Filler): Promise<boolean[]> {
  const full: boolean[] = []
  let last = ''
  while (!isOver) {
    await filler.fillPool(node.url)
    const { result } = await ask(node.url, 'chain_getFinalizedHead')
    if (result !== last) full.push(await filler.isFull(result as string))
    last = result as string
    await delay(PROBE_MS)
  }
  return full
}

/** Runs the flood to its end. Returns the memory of the node before it, and at most in each half, in
 * MiB. */
async function run(flood: Flood, proofs: Promise<unknown>): Promise<number[]> {
  const [before, start] = [node.memory, Date.now()]
  const ended = flood.run(SECONDS)
  const peaks = [before, before]
  while (!flood.isOver) {
    const half = Date.now() - start < SECONDS * 500 ? 0 : 1
    peaks[half] = Math.max(peaks[half], node.memory)
    node.check()
    await delay(1_000)
  }
  await Promise.all([ended, proofs])
  isOver = true
  return [before, ...peaks].map(Math.round)
}

test('a flood does not keep the node from its work', async () => {
  const proofs = await prepareProofs()
  // At the interval of a chain under a relay chain.
  await node.kill()
  await node.restart(blocksEvery(SLOT_MS))
  const flood = await Flood.prepare(node)
  const filler = await Filler.sign(node.api, largestProposal(node.api), SIGNED_BLOCKS)
  const [times, works, fills, delivery] = [probe(), work(), fill(filler), deliver(proofs)]
  const [before, early, late] = await run(flood, delivery)
  const [answers, took, blocks, delivered] = await Promise.all([times, works, fills, delivery])

  const full = blocks.filter((isFull) => isFull).length
  const [median, most] = [percentile(answers, 50), percentile(answers, 100)]
  const { sent, refused } = flood
  console.log(
    `Flood of ${SECONDS} s: sent ${JSON.stringify(sent)}, refused ${JSON.stringify(refused)}\n` +
      `${answers.length} answers: median ${median} ms, ` +
      `99th percentile ${percentile(answers, 99)} ms, longest ${most} ms\n` +
      `Memory in MiB: ${before} before, at most ${early} in the first half, ${late} in the second\n` +
      `${took.length} honest transactions, each within ${Math.max(...took)} chain blocks\n` +
      `${delivered.length} proofs, within ${delivered.join(', ')} chain blocks; ` +
      `${full} of ${blocks.length} chain blocks were full`,
  )
  expect(refused).toMatchObject({ invalid: sent.invalid, oversized: sent.oversized })
  expect(sent.oversized).toBeGreaterThan(0)
  expect(refused.duplicate).toBeGreaterThan(0)
  expect(refused.future).toBeGreaterThan(0)
  expect(most).toBeLessThan(ANSWER_MS)
  expect(Math.max(early, late) - before).toBeLessThan(GROWTH)
  expect(late - early).toBeLessThan(LATE_GROWTH)
  expect(Math.max(...took)).toBeLessThanOrEqual(5)
  expect(full).toBeGreaterThan(blocks.length / 2)
  expect(delivered).toHaveLength(PROOFS)
  expect(delivered).toEqual(Array(PROOFS).fill(1))
})

test('random bytes are no transaction', async () => {
  const answer = await ask(node.url, 'author_submitExtrinsic', [u8aToHex(randomBytes(100))])
  expect(answer.error).toBeTruthy()
})
