// SPDX-License-Identifier: Apache-2.0

// Ends of programs and nodes.

import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import { Prover } from '../prover.ts'
import type { World } from '../world.ts'
import type { Fault } from './fault.ts'

/** Seconds for which a node is stopped. The program takes a node for dead after 60 seconds. */
const STANDSTILL = 75

const killedProver: Fault = {
  name: 'SIGKILL of a prover',
  async run(world) {
    const { random } = world
    const prover = random.pick(world.provers)
    await world.pass(random.below(8))
    await prover.end('SIGKILL')
    await world.pass(random.between(1, 30))
    prover.start()
  },
}

const stoppedProver: Fault = {
  name: 'SIGTERM of a prover',
  async run(world) {
    const prover = world.random.pick(world.provers)
    await world.pass(world.random.below(8))
    expect(await prover.end('SIGTERM')).toBe(0)
    prover.start()
  },
}

const killedNode: Fault = {
  name: 'SIGKILL of the node',
  async run(world) {
    await world.pass(world.random.below(8))
    await world.node.kill()
    await delay(world.random.below(10_000))
    await world.node.restart()
  },
}

const killedBoth: Fault = {
  name: 'SIGKILL of the node and of a prover',
  async run(world) {
    const prover = world.random.pick(world.provers)
    await world.pass(world.random.below(8))
    await Promise.all([world.node.kill(), prover.end('SIGKILL')])
    await world.node.restart()
    prover.start()
  },
}

const stoppedNode: Fault = {
  name: 'SIGSTOP of the node for longer than the watchdog',
  async run({ node }) {
    node.signal('SIGSTOP')
    await delay(STANDSTILL * 1_000)
    node.signal('SIGCONT')
    await node.continues()
  },
}

/** Starts a second program with the same key, on a copy of the folder. It takes over when the first
 * one ends. */
const secondInstance: Fault = {
  name: 'a second program with the same key',
  async run(world) {
    const first = world.random.pick(world.provers)
    const second = await copyOf(world, first)
    second.start()
    await world.pass(20)
    await first.end('SIGKILL')
    await world.pass(5)
    await world.proves()
    second.check()
    first.start()
    await world.pass(20)
    second.check()
    expect(await second.end('SIGTERM')).toBe(0)
  },
}

async function copyOf(world: World, prover: Prover): Promise<Prover> {
  const { name, account, operator, uri, links } = prover
  const data = join(world.folder, `${name}-second-${Date.now()}`)
  mkdirSync(data)
  const copy = await Prover.create(`${name}-second`, account, { key: operator, uri }, links, data)
  for (const folder of prover.folders()) {
    cpSync(join(prover.data, folder), join(data, folder), { recursive: true })
  }
  return copy
}

export const processFaults = [
  killedProver,
  stoppedProver,
  killedNode,
  killedBoth,
  stoppedNode,
  secondInstance,
]
