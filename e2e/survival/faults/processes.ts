// SPDX-License-Identifier: Apache-2.0

// Ends of programs and nodes.

import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import { alice } from '../../src/accounts.ts'
import { height, submit } from '../../src/chain.ts'
import { blocksEvery, WITHOUT_FINALITY } from '../../src/node.ts'
import { until, WAIT_MS } from '../../src/waits.ts'
import { Prover } from '../prover.ts'
import type { World } from '../world.ts'
import type { Fault } from './fault.ts'

/** Time between two blocks of a node that makes none, in milliseconds. */
const NEVER_MS = 3_600_000

const killedProver: Fault = {
  name: 'SIGKILL of a prover',
  async run(world, random) {
    const prover = random.pick(world.provers)
    await world.pass(random.below(8))
    await prover.end('SIGKILL')
    await world.pass(random.between(1, 30))
    prover.start()
  },
}

const stoppedProver: Fault = {
  name: 'SIGTERM of a prover',
  async run(world, random) {
    const prover = random.pick(world.provers)
    await world.pass(random.below(8))
    expect(await prover.end('SIGTERM')).toBe(0)
    prover.start()
  },
}

const killedNode: Fault = {
  name: 'SIGKILL of the node',
  async run(world, random) {
    await world.pass(random.below(8))
    await world.node.kill()
    await delay(random.below(10_000))
    await world.node.restart()
  },
}

const killedBoth: Fault = {
  name: 'SIGKILL of the node and of a prover',
  async run(world, random) {
    const prover = random.pick(world.provers)
    await world.pass(random.below(8))
    await Promise.all([world.node.kill(), prover.end('SIGKILL')])
    await world.node.restart()
    prover.start()
  },
}

/** Requests and pings fail after 20 seconds. */
const stoppedNode: Fault = {
  name: 'SIGSTOP of the node',
  async run({ node }, random) {
    node.signal('SIGSTOP')
    await delay(random.between(25, 60) * 1_000)
    node.signal('SIGCONT')
    await node.continues()
  },
}

/** The node answers, so only the watchdog of the programs finds out. */
const nodeWithoutBlocks: Fault = {
  name: 'a node without new blocks',
  async run({ node, provers }) {
    await node.kill()
    const starts = provers.map(({ log }) => log.length)
    await node.restart(blocksEvery(NEVER_MS))
    const hasNoticed = ({ log }: Prover, index: number) =>
      log.slice(starts[index]).some((line) => line.includes('has had no new block for 60 s'))
    await until(WAIT_MS, 'the watchdogs of both programs', async () => {
      node.check()
      for (const prover of provers) prover.check()
      return provers.every(hasNoticed)
    })
    await node.kill()
    await node.restart()
  },
}

/** Transactions are in blocks that are not final, and the programs prove on. */
const noFinality: Fault = {
  name: 'blocks without finality',
  async run(world, random) {
    const { node, api } = world
    await node.kill()
    await node.restart(WITHOUT_FINALITY)
    const final = await finalized(world)
    const [{ proposed }, end] = [await world.positions(), final + random.between(40, 80)]
    await world.until(`chain block ${end} and the proof of block ${proposed}`, async () => {
      // Makes a block.
      await submit(api.tx.system.remark(''), alice)
      return (await height(api)) >= end && (await world.positions()).proven >= proposed
    })
    expect(await finalized(world)).toBe(final)
    await node.kill()
    await node.restart()
  },
}

async function finalized({ api }: World): Promise<number> {
  const header = await api.rpc.chain.getHeader(await api.rpc.chain.getFinalizedHead())
  return header.number.toNumber()
}

/** Starts a second program with the same key, on a copy of the folder. It takes over when the first
 * one ends. */
const secondInstance: Fault = {
  name: 'a second program with the same key',
  async run(world, random) {
    const first = random.pick(world.provers)
    const second = await copyOf(world, first)
    second.start()
    await second.isReady()
    await untilOneIsInCharge(world, [first, second])
    await first.end('SIGKILL')
    await world.until('the takeover', () => second.isInCharge())
    await world.proves()
    first.start()
    await first.isReady()
    await untilOneIsInCharge(world, [first, second])
    expect(await second.end('SIGTERM')).toBe(0)
  },
}

/** Lets the chain go on until exactly one of these programs with the same key is in charge, and for 20
 * seconds after that. */
async function untilOneIsInCharge(world: World, programs: Prover[]) {
  const oneIs = async () => {
    for (const program of programs) program.check()
    const areInCharge = await Promise.all(programs.map((program) => program.isInCharge()))
    return areInCharge.filter(Boolean).length === 1
  }
  await world.until('exactly one program in charge', oneIs)
  await world.pass(20)
  expect(await oneIs()).toBe(true)
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
  nodeWithoutBlocks,
  noFinality,
  secondInstance,
]
