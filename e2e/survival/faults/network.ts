// SPDX-License-Identifier: Apache-2.0

// Failures of the connection between a prover and its node.

import { expect } from 'vitest'
import type { Mode } from '../link.ts'
import type { Random } from '../random.ts'
import type { World } from '../world.ts'
import type { Fault } from './fault.ts'

/** Sets both connections of a prover to a mode, for these seconds. */
async function disturb(world: World, random: Random, mode: Mode, seconds: number) {
  const { links } = random.pick(world.provers)
  await world.pass(random.below(8))
  for (const link of links) link.set(mode)
  await world.pass(seconds)
  for (const link of links) link.set('open')
}

const cut: Fault = {
  name: 'RPC cut',
  run: (world, random) => disturb(world, random, 'cut', random.between(5, 40)),
}

const stalled: Fault = {
  name: 'RPC stalled',
  run: (world, random) => disturb(world, random, 'stalled', random.between(25, 45)),
}

const slow: Fault = {
  name: 'RPC slow',
  run: (world, random) => disturb(world, random, 'slow', random.between(30, 60)),
}

/** Time until a program leaves a node that stays silent. */
const SILENCE_S = 45

/** Loses one URL of a prover and then the other one. */
async function failOver(world: World, random: Random, mode: Mode) {
  const prover = random.pick(world.provers)
  const [first, second] = prover.links
  // It is connected to one of them.
  for (const [lost, left] of [
    [first, second],
    [second, first],
  ]) {
    lost.set(mode)
    left.set('open')
    await world.pass(mode === 'stalled' ? SILENCE_S : 5)
    // It connects again, and tries the lost one, too.
    left.set('cut')
    left.set('open')
    await world.proves()
    lost.set('open')
  }
  expect(await prover.alarm()).toBe(null)
}

const failover: Fault = {
  name: 'failover to the second URL',
  run: (world, random) => failOver(world, random, 'cut'),
}

const frozen: Fault = {
  name: 'failover from a node that takes connections and stays silent',
  run: (world, random) => failOver(world, random, 'stalled'),
}

export const networkFaults = [cut, stalled, slow, failover, frozen]
