// SPDX-License-Identifier: Apache-2.0

// Overrides of state roots.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { transfers } from '../rollup.ts'
import type { World } from '../world.ts'
import type { Fault } from './fault.ts'

const WRONG = `0x${'77'.repeat(32)}`

/** Returns the first unproven block, once it and the block after it are drawn and the programs have
 * executed both. */
async function firstUnproven(world: World): Promise<number> {
  for (;;) {
    const { drawn } = await world.positions()
    await world.allSee()
    const { proven } = await world.positions()
    if (proven + 2 <= drawn) return proven + 1
  }
}

/** Overrides the first unproven block by a root of no known state, and waits until the provers report
 * it. Returns the block. */
async function overrideByUnknown(world: World): Promise<number> {
  // The block could settle in the wrong state before a program has seen it, because it counts as
  // proven.
  await world.setSettling(false)
  const id = await firstUnproven(world)
  await override(world, id, WRONG)
  await world.untilAlarm('unknown_state')
  return id
}

const override = (world: World, id: number, stateRoot: string) =>
  world.asRoot(world.api.tx.rollup.overrideBlock(id, stateRoot))

/** Resumes the draws, which an override stops. */
async function resume(world: World) {
  await world.untilAlarm(null)
  await world.asRoot(world.api.tx.rollup.resumeDraws())
}

const undone: Fault = {
  name: 'override that is undone',
  async run(world, random) {
    const id = await overrideByUnknown(world)
    await world.pass(random.below(10))
    await override(world, id, await world.course.rootAfter(id))
    await resume(world)
    await world.setSettling(true)
  },
}

/** Leaves the unknown root of a block, and overrides the next block by its true root. */
const notUndone: Fault = {
  name: 'override that is not undone',
  async run(world) {
    const { course } = world
    const id = await overrideByUnknown(world)
    await world.setSettling(true)
    const [root, balances] = [await course.rootAfter(id + 1), await course.after(id + 1)]
    await world.until(
      `the settlement of block ${id}`,
      async () => (await world.positions()).settled >= id,
    )
    await override(world, id + 1, root)
    course.override(id, WRONG)
    course.override(id + 1, root, balances)
    await resume(world)
  },
}

/** Overrides a block by the root after another payload, and imports the state. */
const imported: Fault = {
  name: 'override to an imported state',
  async run(world, random) {
    await world.setSettling(false)
    const id = await firstUnproven(world)
    const { balances, transition } = await world.course.execute(id, transfers(random))
    await override(world, id, transition.stateRoot)
    world.course.override(id, transition.stateRoot, balances)
    await world.untilAlarm('unknown_state')
    const file = join(world.folder, 'state.json')
    const genesis = world.api.genesisHash.toHex()
    writeFileSync(
      file,
      JSON.stringify({ format: 1, genesis, state: balances.map(Number), metadata: [] }),
    )
    for (const prover of world.provers) {
      await prover.command(world.node.url, 'import-state', file)
    }
    await resume(world)
    await world.setSettling(true)
  },
}

export const overrideFaults = [undone, notUndone, imported]
