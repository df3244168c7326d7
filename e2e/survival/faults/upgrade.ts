// SPDX-License-Identifier: Apache-2.0

// Upgrade of the runtime.

import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { u8aToHex } from '@polkadot/util'
import { sha256AsU8a } from '@polkadot/util-crypto'
import { expect } from 'vitest'
import { alice } from '../../src/accounts.ts'
import { height, named } from '../../src/chain.ts'
import { blocksEvery } from '../../src/node.ts'
import { path } from '../../src/processes.ts'
import { ANY_FEE } from '../../src/rollup.ts'
import { WAIT_MS } from '../../src/waits.ts'
import type { Random } from '../random.ts'
import { transfers } from '../rollup.ts'
import { GAS_LIMIT, proposer, type World } from '../world.ts'
import type { Fault } from './fault.ts'

/** Time between two chain blocks, in milliseconds. Each has proposals, also on a slow machine. */
const INTERVAL_MS = 5_000
/** Time between two proposals, in milliseconds. */
const PAUSE_MS = 500

/** Returns the version of the runtime after a chain block. */
async function versionAfter({ api }: World, block: number): Promise<number> {
  const hash = await api.rpc.chain.getBlockHash(block)
  return (await api.rpc.state.getRuntimeVersion(hash)).specVersion.toNumber()
}

/** Returns `true` if the runtime at the head is another one than this version. */
const hasUpgraded = async (world: World, version: number): Promise<boolean> =>
  (await versionAfter(world, await height(world.api))) !== version

/** Submits a proposal. It may be refused only if the runtime is another one than this version by now,
 * which cannot decode it. */
async function proposeTo(world: World, version: number, payload: string, nonce: number) {
  const proposal = world.api.tx.rollup.proposeBlock(payload, GAS_LIMIT, ANY_FEE)
  try {
    await proposal.signAndSend(proposer, { nonce, era: 0 })
  } catch (error) {
    if (!(await hasUpgraded(world, version))) throw error
  }
}

/** Submits proposals one after the other until the runtime is another one than after the chain block
 * `start`, and reads the chain by a new connection. Returns the chain block that upgraded it.
 *
 * In an upgrade, polkadot.js replaces the metadata that it keeps for earlier blocks. */
async function proposeUntilUpgrade(world: World, start: number, random: Random): Promise<number> {
  const { api, course, history } = world
  const payloads = new Map<string, string>()
  const before = await versionAfter(world, start)
  const end = Date.now() + WAIT_MS
  let nonce = (await api.rpc.system.accountNextIndex(proposer.address)).toNumber()
  while (!(await hasUpgraded(world, before))) {
    if (Date.now() > end) throw new Error('the runtime is not upgraded')
    const payload = transfers(random)
    await proposeTo(world, before, payload, nonce++)
    payloads.set(u8aToHex(sha256AsU8a(payload)), payload)
    await delay(PAUSE_MS)
  }
  await world.reconnect()
  await history.read()
  for (const event of named(history.events, 'rollup.BlockProposed')) {
    const payload = payloads.get(event.payloadHash.toHex())
    if (payload) course.propose({ id: event.blockId.toNumber(), payload, gasLimit: GAS_LIMIT })
  }
  let upgraded = start
  while ((await versionAfter(world, upgraded)) === before) upgraded += 1
  return upgraded
}

/** Upgrades to a runtime with other indices of calls, events and errors, while blocks are
 * outstanding and one is proposed in the chain block of the upgrade. */
const shifted: Fault = {
  name: 'runtime upgrade that moves indices',
  isUnique: true,
  async run(world, random) {
    const { api, node } = world
    await world.pass(5)
    await node.kill()
    await node.restart(blocksEvery(INTERVAL_MS))
    const start = await height(api)
    const code = u8aToHex(readFileSync(path('build/shifted-runtime.wasm')))
    const upgrade = api.tx.sudo.sudo(api.tx.system.setCode(code))
    await upgrade.signAndSend(alice, { nonce: -1, era: 0 })
    const upgraded = await proposeUntilUpgrade(world, start, random)
    await node.kill()
    await node.restart()
    const { proven } = await world.positions()
    const proposed = named(world.history.events, 'rollup.BlockProposed')
    expect(proposed.some(({ block }) => block === upgraded)).toBe(true)
    expect(proposed.at(-1)!.blockId.toNumber()).toBeGreaterThan(proven)
  },
}

export const upgradeFaults = [shifted]
