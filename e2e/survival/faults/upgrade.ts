// SPDX-License-Identifier: Apache-2.0

// Upgrade of the runtime.

import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { u8aToHex } from '@polkadot/util'
import { sha256AsU8a } from '@polkadot/util-crypto'
import { expect } from 'vitest'
import { alice } from '../../src/accounts.ts'
import { height, named } from '../../src/chain.ts'
import { path } from '../../src/processes.ts'
import { ANY_FEE } from '../../src/rollup.ts'
import { transfers } from '../rollup.ts'
import { GAS_LIMIT, proposer, type World } from '../world.ts'
import type { Fault } from './fault.ts'

/** Time between two proposals, in milliseconds. */
const PAUSE_MS = 250

/** Returns the version of the runtime after a chain block. */
async function versionAfter({ api }: World, block: number): Promise<number> {
  const hash = await api.rpc.chain.getBlockHash(block)
  return (await api.rpc.state.getRuntimeVersion(hash)).specVersion.toNumber()
}

/** Submits proposals one after the other until the runtime is another one than after the chain block
 * `start`. Returns the chain block that upgraded it.
 *
 * Reads no events meanwhile: polkadot.js would decode those of the upgrade by the new metadata. */
async function proposeUntilUpgrade(world: World, start: number): Promise<number> {
  const { api, course, random } = world
  const payloads = new Map<string, string>()
  const before = await versionAfter(world, start)
  let block = start
  while ((await versionAfter(world, block)) === before) {
    if (block < (await height(api))) {
      block += 1
      continue
    }
    const payload = transfers(random)
    payloads.set(u8aToHex(sha256AsU8a(payload)), payload)
    const proposal = api.tx.rollup.proposeBlock(payload, GAS_LIMIT, ANY_FEE)
    // The new runtime cannot decode a proposal that was encoded for the old one.
    await proposal.signAndSend(proposer, { nonce: -1, era: 0 }).catch(() => null)
    await delay(PAUSE_MS)
  }
  await world.history.read()
  for (const event of named(world.history.events, 'rollup.BlockProposed')) {
    const payload = payloads.get(event.payloadHash.toHex())
    if (payload) course.propose({ id: event.blockId.toNumber(), payload, gasLimit: GAS_LIMIT })
  }
  return block
}

/** Upgrades to a runtime with other indices of calls, events and errors, while blocks are
 * outstanding and one is proposed in the chain block of the upgrade. */
const shifted: Fault = {
  name: 'runtime upgrade that moves indices',
  isUnique: true,
  async run(world) {
    const { api } = world
    await world.pass(5)
    const start = await height(api)
    const code = u8aToHex(readFileSync(path('build/shifted-runtime.wasm')))
    const upgrade = api.tx.sudo.sudo(api.tx.system.setCode(code))
    await upgrade.signAndSend(alice, { nonce: -1, era: 0 })
    const upgraded = await proposeUntilUpgrade(world, start)
    const { proven } = await world.positions()
    const proposed = named(world.history.events, 'rollup.BlockProposed')
    expect(proposed.some(({ block }) => block === upgraded)).toBe(true)
    expect(proposed.at(-1)!.blockId.toNumber()).toBeGreaterThan(proven)
  },
}

export const upgradeFaults = [shifted]
