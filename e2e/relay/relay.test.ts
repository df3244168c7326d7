// SPDX-License-Identifier: Apache-2.0

// The parachain under a relay chain: two validators, two collators and two provers with their
// programs, half of them on each side of a link that is cut.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { u8aToHex } from '@polkadot/util'
import { blake2AsHex } from '@polkadot/util-crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { alice } from '../src/accounts.ts'
import { account, clock, eventsAfter, named, SLOT_MS } from '../src/chain.ts'
import { exportState } from '../src/exported-state.ts'
import { perFullBlock } from '../src/filler.ts'
import { path } from '../src/processes.ts'
import { killWhileFull } from './kills.ts'
import { declared, fillBlocks, logExecutions, longestExecution, proofOfValidity } from './load.ts'
import { authorsAfter, candidates, draws, fork } from './measures.ts'
import { Network, WINDOW } from './network.ts'
import type { Peer } from './peer.ts'
import { cut, heal, type Side } from './sides.ts'

/** Proof window of the tests after those that need the minimum, in seconds. */
const LONG_WINDOW = 600
/** Kills of a collator while chain blocks are full. */
const KILLS = 10
/** Time without collators, in seconds: longer than a window. */
const HALT = WINDOW + 30
/** Relay blocks of a fork. */
const FORK_LENGTH = 5
/** Maximum time of the execution of a candidate before it is backed, in seconds. */
const BACKING_LIMIT = 2
/** Relay blocks that are observed. */
const OBSERVED = 20
/** Maximum number of chain blocks that are made before the relay chain includes the first of them. */
const UNINCLUDED = 3
/** Maximum number of slots that a busy machine misses in them. */
const MISSED = 2

let network: Network
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'prover-pool-relay-'))
  network = await Network.start(folder)
  await network.enter(WINDOW)
})

afterAll(async () => {
  await network?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Prints a row of the report. */
const report = (what: string, value: string | number) => console.log(`| ${what} | ${value} |`)

test('validators back, include and finalize a chain block in each slot of a session', async () => {
  const first = (await network.validators.west.best()) + 1
  const last = first + OBSERVED - 1
  const before = await network.collators.west.finalized()
  await network.until(`the finality of relay block ${last}`, async () => {
    return (await network.validators.west.finalized()) >= last
  })
  const found = await candidates(network.relay, network.id, first, last)
  const { backed, included, sessions, seconds } = found
  const finalized = (await network.collators.west.finalized()) - before
  report('relay blocks observed', OBSERVED)
  report('changes of session in them', sessions)
  report('seconds from the first to the last of them', seconds)
  report('chain blocks backed in them', backed)
  report('chain blocks included in them', included)
  report('chain blocks finalized meanwhile', finalized)
  // A relay block that changes the session backs nothing, so its child includes nothing. The change
  // before the first block also counts.
  const least = OBSERVED - sessions - 1 - MISSED
  expect(backed).toBeGreaterThanOrEqual(least)
  expect(included).toBeGreaterThanOrEqual(least)
  expect(finalized).toBeGreaterThanOrEqual(least)
  expect((seconds * 1_000) / (OBSERVED - 1)).toBeLessThan(SLOT_MS * 1.2)
})

test('both chains fork when their nodes lose each other, and agree afterwards', async () => {
  const { collators, validators } = network
  await network.finalizes()
  const id = await network.propose(6)
  await network.draws(id)
  expect(await network.timeLeft(id)).toBeLessThanOrEqual(WINDOW)
  const relay = await validators.west.best()
  const para = await collators.west.best()
  await cut()
  // The sides share what was made before the cut, so the forks start a little before or after.
  const forks = async () => ({
    relay: await fork(validators, relay - 2, relay + FORK_LENGTH),
    para: await fork(collators, para - 2, para + FORK_LENGTH),
  })
  await network.until('a fork of both chains', async () => {
    const bests = [await validators.west.best(), await validators.east.best()]
    const { relay: ofRelay, para: ofPara } = await forks()
    return Math.min(...bests) >= relay + FORK_LENGTH && ofRelay !== null && ofPara !== null
  })
  report('finalized, west and east relay block after the cut', await heads(validators))
  report('finalized, west and east chain block after the cut', await heads(collators))
  const { relay: ofRelay, para: ofPara } = await forks()
  expect(await lastFinalized(validators)).toBeLessThan(ofRelay!)
  expect(await lastFinalized(collators)).toBeLessThan(ofPara!)
  await heal()
  await network.until('one relay chain', async () => {
    const finalized = await validators.west.finalized()
    return finalized > relay + FORK_LENGTH && (await forks()).relay === null
  })
  await network.proves(id)
  await network.proves(await network.propose(4, collators.east), collators.east)
  await network.finalizes()
  expect((await forks()).para).toBe(null)
  expect(await network.misses()).toBe(0)
})

/** Returns the number of the last block that one of both sides finalized. */
const lastFinalized = async ({ west, east }: Record<Side, Peer>) =>
  Math.max(await west.finalized(), await east.finalized())

/** Returns the numbers of the last finalized block and of the best blocks of both sides. */
const heads = async ({ west, east }: Record<Side, Peer>) =>
  [await west.finalized(), await west.best(), await east.best()].join(', ')

test('finality resumes after a lag that is longer than a proof window', async () => {
  const { api, collators, validators } = network
  await validators.west.kill()
  // One of two validators finalizes nothing. Without GRANDPA, the default backend has no peers.
  await validators.west.start('--no-grandpa', '--network-backend', 'libp2p')
  // Without the killed validator, candidates were lost, and blocks that had them are replaced.
  const restarted = await collators.west.best()
  const goesOn = async () => (await collators.west.best()) > restarted + UNINCLUDED
  await network.until('chain blocks after the restart of a validator', goesOn)
  const finalized = await collators.east.finalized()
  const start = await clock(api)
  const isOver = async () => (await clock(api)) > start + 2 * WINDOW
  while (!(await isOver())) {
    const id = await network.propose(2)
    await network.draws(id)
    expect(await network.timeLeft(id)).toBeLessThanOrEqual(WINDOW)
    await network.proves(id)
  }
  const lag = (await collators.east.best()) - (await collators.east.finalized())
  report('chain blocks that were not final', lag)
  expect(lag * SLOT_MS).toBeGreaterThan(WINDOW * 1_000)
  expect((await collators.east.finalized()) - finalized).toBeLessThanOrEqual(1)
  await validators.west.kill()
  await validators.west.start()
  await network.finalizes()
  await network.proves(await network.propose(2))
  expect(await network.misses()).toBe(0)
})

test('r10 no prover misses when all collators stop for longer than a window', async () => {
  const { collators, provers } = network
  for (const { program } of provers) expect(await program.end('SIGTERM')).toBe(0)
  const id = await network.propose(4)
  await network.draws(id)
  expect(await network.timeLeft(id)).toBeLessThanOrEqual(WINDOW)
  const before = await clock(network.api)
  const block = await collators.west.best()
  await Promise.all(Object.values(collators).map((collator) => collator.kill()))
  const halt = Date.now()
  await network.pass(HALT)
  await Promise.all(Object.values(collators).map((collator) => collator.start()))
  for (const { program } of provers) await program.start()
  await network.proves(id)
  const seconds = (Date.now() - halt) / 1_000
  const blocks = (await collators.west.best()) - block
  report('seconds from the stop of all collators to the last proof', Math.round(seconds))
  report('chain blocks meanwhile', blocks)
  const elapsed = (await clock(network.api)) - before
  report('seconds by the clock of the rollup meanwhile', elapsed)
  // The clock may be read a block later.
  expect(elapsed).toBeLessThanOrEqual(((blocks + 1) * SLOT_MS) / 1_000)
  expect(await network.misses()).toBe(0)
})

test('VRF outputs of the relay chain decide the draws', async () => {
  await network.setWindow(LONG_WINDOW)
  for (let round = 0; round < 4; round++) await network.proves(await network.propose(4))
  const { bySource, seeds } = await draws(network)
  for (const [source, count] of Object.entries(bySource)) report(`draws by ${source}`, count)
  report('seeds that equal the VRF output of their relay block', seeds)
  expect(Object.keys(bySource)).toEqual(['CurrentBlockVrf'])
  expect(bySource.CurrentBlockVrf).toBeGreaterThanOrEqual(16)
  expect(await network.misses()).toBe(0)
})

test('a full chain block stays within its declared bytes and the time of backing', async () => {
  const { api, collators, validators } = network
  await network.setWindow(LONG_WINDOW)
  const stopLog = await logExecutions(Object.values(validators))
  const fullest = await fillBlocks(network)
  await stopLog()
  const hash = (await collators.west.hashOf(fullest.block))!
  const weight = await declared(api, fullest.block)
  const proof = proofOfValidity(Object.values(collators), hash)
  const now = await (await api.at(hash)).query.timestamp.now()
  // It is backed and approved within a minute of its slot.
  const from = now.toNumber()
  const seconds = longestExecution(Object.values(validators), from, from + 60_000)
  const size = proof.extrinsics + proof.storageProof
  report('full chain block: payloads of 128 KiB', fullest.payloads)
  report('full chain block: proofs', fullest.proofs)
  report('full chain block: settlements', fullest.settlements)
  report('full chain block: declared bytes', weight.bytes)
  report('full chain block: bytes of transactions and proof of state', size)
  report('full chain block: bytes of the proof of state', proof.storageProof)
  report('full chain block: compressed bytes', proof.compressed)
  report('full chain block: declared seconds', weight.seconds)
  report('longest execution by a validator meanwhile, in seconds', seconds)
  expect(fullest.payloads).toBeGreaterThanOrEqual(perFullBlock(api))
  expect(size).toBeLessThanOrEqual(weight.bytes)
  expect(seconds).toBeLessThan(BACKING_LIMIT)
  expect(await network.misses()).toBe(0)
})

test('the chain goes on without a killed collator, which takes part again', async () => {
  const { east, west } = network.collators
  await east.kill()
  const start = await west.best()
  await network.proves(await network.propose(4))
  const last = start + UNINCLUDED + 4
  await network.until(`chain block ${last}`, async () => (await west.best()) >= last)
  const authors = await authorsAfter(west.api, start + UNINCLUDED)
  expect(new Set(authors)).toEqual(new Set([account('//Alice').address]))
  await east.start()
  const restarted = await west.best()
  const isBack = async () =>
    (await authorsAfter(west.api, restarted)).includes(account('//Bob').address)
  await network.until('a chain block of the restarted collator', isBack)
  await network.proves(await network.propose(4))
  report('chain blocks while one of two collators was killed', authors.length)
  expect(await network.misses()).toBe(0)
})

test(`no finalized block is lost in ${KILLS} kills of a collator while blocks are full`, async () => {
  const { east, west } = network.collators
  const { finalized, full } = await killWhileFull(network, east, west, KILLS)
  report('kills of a collator while chain blocks are full', KILLS)
  report('full chain blocks before them', full)
  report('finalized chain blocks that both collators have afterwards', finalized)
  await network.proves(await network.propose(4))
  expect(await network.misses()).toBe(0)
})

test('the state is exported, whose invariants a test of the runtime checks', async () => {
  const items = await exportState(network.collators.west.url, path('build/relay-state.json'))
  report('items of the exported state', items)
  expect(items).toBeGreaterThan(100)
})

test('a runtime upgrade goes through the relay chain', async () => {
  const { west } = network.collators
  const { system, sudo } = network.api.tx
  const before = await west.specVersion()
  expect(await network.misses()).toBe(0)
  const code = u8aToHex(readFileSync(path('build/shifted-runtime.wasm')))
  await network.submit(sudo.sudo(system.authorizeUpgrade(blake2AsHex(code))), alice)
  await network.submit(system.applyAuthorizedUpgrade(code), alice)
  const applied = await west.best()
  await network.until('the new runtime', async () => (await west.specVersion()) > before)
  const upgraded = await west.best()
  await west.reconnect()
  await network.proves(await network.propose(4))
  await network.finalizes()
  const { paras } = network.relay.query
  expect((await paras.currentCodeHash(network.id)).toString()).toBe(blake2AsHex(code))
  report('chain blocks from the new code to its use', upgraded - applied)
  expect(await west.finalized()).toBeGreaterThan(upgraded)
  const events = await eventsAfter(network.api, upgraded)
  expect(named(events, 'rollup.BlockProven').length).toBeGreaterThanOrEqual(4)
  expect(named(events, 'rollup.AssignmentMissed')).toEqual([])
})
