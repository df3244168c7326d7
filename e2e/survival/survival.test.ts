// SPDX-License-Identifier: Apache-2.0

// Two provers with operator keys survive faults of programs, nodes, networks, disks, runtimes and
// keys, in an order that a seed decides. After each fault, work must go on.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { height, named } from '../src/chain.ts'
import { bodyFaults } from './faults/bodies.ts'
import { diskFaults } from './faults/disks.ts'
import type { Fault } from './faults/fault.ts'
import { keyFaults } from './faults/keys.ts'
import { networkFaults } from './faults/network.ts'
import { overrideFaults } from './faults/overrides.ts'
import { processFaults } from './faults/processes.ts'
import { upgradeFaults } from './faults/upgrade.ts'
import { Random } from './random.ts'
import { World } from './world.ts'

const SEED = Number(process.env.SURVIVAL_SEED ?? Date.now() % 1_000_000)
/** Number of times that each fault happens. */
const ROUNDS = Number(process.env.SURVIVAL_ROUNDS ?? 1)
/** Parts of the names of the faults to run, separated by commas. */
const ONLY = (process.env.SURVIVAL_ONLY ?? '').split(',')

const FAULTS = [
  ...[...processFaults, ...networkFaults, ...diskFaults, ...bodyFaults],
  ...[...overrideFaults, ...keyFaults, ...upgradeFaults],
]

const order = new Random(SEED)
/** Faults in the order of this seed. Each has a generator by its number, which selecting some of them
 * does not change. */
const schedule = Array.from({ length: ROUNDS }, (_, round) =>
  order.shuffle(FAULTS.filter(({ isUnique }) => round === 0 || !isUnique)),
)
  .flat()
  .map((fault, index) => ({ ...fault, index: index + 1 }))
  .filter(({ name }) => ONLY.some((part) => name.includes(part)))

/** Counts of a round. */
interface Row {
  fault: string
  seconds: number
  chainBlocks: number
  proven: number
  missed: number
  failed: number
}

const rows: Row[] = []
let world: World
let folder: string

beforeAll(async () => {
  console.log(`Seed ${SEED}`)
  folder = mkdtempSync(join(tmpdir(), 'survival-'))
  world = await World.start(Random.of(SEED, 0), folder)
  await world.bothProve()
})

afterAll(async () => {
  printTable()
  await world?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Returns the counts so far. */
async function counts() {
  const { events, failures } = world.history
  return {
    seconds: Date.now() / 1_000,
    chainBlocks: await height(world.api),
    proven: (await world.positions()).proven,
    missed: named(events, 'rollup.AssignmentMissed').length,
    failed: failures.length,
  }
}

async function survive(fault: Fault & { index: number }) {
  const before = await counts()
  await fault.run(world, Random.of(SEED, fault.index))
  await world.proves()
  await world.bothProve()
  await world.history.check()
  const after = await counts()
  rows.push({
    fault: fault.name,
    seconds: Math.round(after.seconds - before.seconds),
    chainBlocks: after.chainBlocks - before.chainBlocks,
    proven: after.proven - before.proven,
    missed: after.missed - before.missed,
    failed: after.failed - before.failed,
  })
  expect(after.missed).toBe(before.missed)
}

test.each(schedule)('$index: $name', (fault) => survive(fault))

test('no proof failed, and none was accepted twice', () => {
  expect(world.history.failures).toEqual([])
  expect(world.history.provenTwice).toEqual([])
})

test('all blocks settled in the states of an independent execution', async () => {
  const settled = named(world.history.events, 'rollup.BlockSettled')
  for (const { blockId, stateRoot } of settled) {
    expect(stateRoot.toHex()).toBe(await world.course.rootAfter(blockId.toNumber()))
  }
})

test('the books of both programs are exact', async () => {
  for (const prover of world.provers) {
    expect(await prover.end('SIGTERM')).toBe(0)
    await world.history.checkBooks(prover, await prover.books(world.node.url))
  }
})

function printTable() {
  const sum = (key: 'seconds' | 'chainBlocks' | 'proven' | 'missed' | 'failed') =>
    rows.reduce((total, row) => total + row[key], 0)
  const line = (cells: (string | number)[]) => console.log(`| ${cells.join(' | ')} |`)
  line(['fault', 'seconds', 'chain blocks', 'proven', 'missed', 'failed transactions'])
  line(['---', '---', '---', '---', '---', '---'])
  for (const row of rows) {
    line([row.fault, row.seconds, row.chainBlocks, row.proven, row.missed, row.failed])
  }
  line(['all', sum('seconds'), sum('chainBlocks'), sum('proven'), sum('missed'), sum('failed')])
}
