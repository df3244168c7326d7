// SPDX-License-Identifier: Apache-2.0

// Start of a prover on a node that keeps the states of the last 256 chain blocks, on a chain whose
// rollup blocks have all settled thousands of chain blocks ago.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { height, submit } from '../src/chain.ts'
import { isProven, positions, propose } from '../src/rollup.ts'
import { makeProvingKey } from '../src/transfer-rollup.ts'
import { PROVERS_TIMEOUT_MS, until } from '../src/waits.ts'
import { Node } from './node.ts'
import type { Prover } from './prover.ts'
import { Random } from './random.ts'
import { transfers } from './rollup.ts'
import { create, enter, GAS_LIMIT, prepare, proposer } from './world.ts'

const CHAIN_BLOCKS = Number(process.env.SURVIVAL_CHAIN_BLOCKS ?? 20_000)
/** Time between two of them, in milliseconds. The node ends if it falls a thousand blocks behind. */
const QUICK_INTERVAL_MS = 60
/** Maximum time until they are made. */
const CHAIN_TIMEOUT_MS = 3_600_000
const ROLLUP_BLOCKS = 4

const random = new Random(1)
let folder: string
let node: Node
let old: Prover
let fresh: Prover

/** Proposes rollup blocks, and returns the last. */
async function proposeSome(): Promise<number> {
  const payloads = Array.from({ length: ROLLUP_BLOCKS }, () => transfers(random))
  return (await propose(node.api, proposer, payloads, GAS_LIMIT)).at(-1)!.id
}

const reach = (what: string, prover: Prover, holds: () => Promise<boolean>) =>
  until(PROVERS_TIMEOUT_MS, what, () => {
    prover.check()
    return holds()
  })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'survival-'))
  await makeProvingKey()
  node = await Node.start(join(folder, 'node'))
  ;[old, fresh] = [await create('Old', node, folder), await create('Fresh', node, folder)]
  await prepare(node.api, [old, fresh])
})

afterAll(async () => {
  for (const prover of [old, fresh]) {
    await prover?.end('SIGKILL')
    for (const link of prover?.links ?? []) link.stop()
  }
  await node?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('the first rollup blocks settle, and a prover exports the state', async () => {
  const { api } = node
  await enter(api, old)
  old.start()
  const last = await proposeSome()
  await reach('the settlement', old, async () => (await positions(api)).settled >= last)
  await old.command(node.url, 'export-state', join(folder, 'state.json'))
  expect(await old.end('SIGTERM')).toBe(0)
  await submit(api.tx.proverPool.exit(), old.account)
})

test(`the chain reaches block ${CHAIN_BLOCKS}`, { timeout: CHAIN_TIMEOUT_MS }, async () => {
  await node.kill()
  await node.restart(QUICK_INTERVAL_MS)
  while ((await height(node.api)) < CHAIN_BLOCKS) {
    node.check()
    await delay(1_000)
  }
  await node.kill()
  await node.restart()
  // The first states are discarded.
  const first = await node.api.rpc.chain.getBlockHash(1)
  await expect(node.api.rpc.state.getRuntimeVersion(first)).rejects.toThrow('discarded')
})

test('a new prover proves from the imported state', async () => {
  const { api } = node
  await enter(api, fresh)
  await fresh.command(node.url, 'import-state', join(folder, 'state.json'))
  const last = await proposeSome()
  const blocks = await height(api)
  const start = Date.now()
  const seconds = () => ((Date.now() - start) / 1_000).toFixed(1)
  fresh.start()
  const proves = (line: string) => line.includes('Proving block')
  await reach('the start of a proof', fresh, async () => fresh.log.some(proves))
  const started = seconds()
  await reach('the first proof', fresh, () => isProven(api, last - ROLLUP_BLOCKS + 1))
  const proven = seconds()
  await reach('all proofs', fresh, () => isProven(api, last))
  console.log(`| ${blocks} | ${started} | ${proven} | ${seconds()} |`)
})
