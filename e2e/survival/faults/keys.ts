// SPDX-License-Identifier: Apache-2.0

// Changes of the verifying key.

import { readFileSync } from 'node:fs'
import type { Option, u32 } from '@polkadot/types'
import { u8aToHex } from '@polkadot/util'
import { expect } from 'vitest'
import { path } from '../../src/processes.ts'
import type { Staker } from '../../src/types.ts'
import type { Prover } from '../prover.ts'
import { enter, type World } from '../world.ts'
import type { Fault } from './fault.ts'

const KEY = readFileSync(path('examples/transfer-rollup/keys/verifying-key.bin'))

/** Returns a key that no prover has: γ and δ are exchanged. Both are points of 128 bytes, after α of
 * 64 and β of 128. */
function foreignKey(): Uint8Array {
  const [gamma, delta] = [64 + 128, 64 + 256]
  const key = Uint8Array.from(KEY)
  key.set(KEY.subarray(delta, delta + 128), gamma)
  key.set(KEY.subarray(gamma, gamma + 128), delta)
  return key
}

async function activeVersion({ api }: World): Promise<number> {
  return (await api.query.groth16Verifier.activeVersion<Option<u32>>()).unwrap().toNumber()
}

/** Replaces the active key during a pause. */
async function replace(world: World, key: Uint8Array) {
  const { rollup, groth16Verifier, utility } = world.api.tx
  const call = groth16Verifier.replaceKey(await activeVersion(world), u8aToHex(key))
  await world.asRoot(utility.batchAll([rollup.pause(), call, rollup.resume()]))
}

const newVersion: Fault = {
  name: 'the same key under a new version',
  async run(world) {
    const { groth16Verifier, utility } = world.api.tx
    const next = (await activeVersion(world)) + 1
    await world.asRoot(
      utility.batchAll([groth16Verifier.addKey(u8aToHex(KEY)), groth16Verifier.activateKey(next)]),
    )
    expect(await activeVersion(world)).toBe(next)
    // Blocks that wait have the old version, until they settle.
    await world.settles()
    await world.asRoot(groth16Verifier.removeKey(next - 1))
  },
}

const foreign: Fault = {
  name: 'a foreign key and back',
  async run(world, random) {
    await replace(world, foreignKey())
    await world.untilAlarm('no_key')
    await world.pass(random.below(10))
    await replace(world, KEY)
    await world.untilAlarm(null)
  },
}

/** A program that may leave does so after 300 seconds of the rollup's clock. */
const left: Fault = {
  name: 'a foreign key until a prover leaves the pool',
  async run(world, random) {
    const prover = random.pick(world.provers)
    expect(await prover.end('SIGTERM')).toBe(0)
    prover.start({ leaves: true })
    await replace(world, foreignKey())
    await world.until(`the exit of ${prover.name}`, async () => !(await isMember(world, prover)))
    await replace(world, KEY)
    await enter(world.api, prover)
    await world.untilAlarm(null)
    expect(await prover.end('SIGTERM')).toBe(0)
    prover.start()
  },
}

async function isMember({ api }: World, { account }: Prover): Promise<boolean> {
  const staker = await api.query.proverPool.stakers<Option<Staker>>(account.address)
  return staker.unwrap().proverId.isSome
}

export const keyFaults = [newVersion, foreign, left]
