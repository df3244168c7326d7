// SPDX-License-Identifier: Apache-2.0

// Verifying keys: additions, activations, removals, and replacements during a pause.

import { readFileSync } from 'node:fs'
import type { u32 } from '@polkadot/types'
import { u8aToHex } from '@polkadot/util'
import { describe, expect, test } from 'vitest'
import { alice } from '../src/accounts.ts'
import { clock, eventsAfter, height, named, submit } from '../src/chain.ts'
import { path } from '../src/processes.ts'
import { proveBlock } from '../src/rollup.ts'
import { payload } from '../src/transfer-rollup.ts'
import { useChain } from './chain.ts'
import {
  asRoot,
  COOLDOWN,
  type DrawnBlock,
  EMPTY,
  proverOf,
  stranger,
  useRollup,
} from './rollup.ts'

const chain = useChain()
const rollup = useRollup(chain, { window: 600 })

const KEY = readFileSync(path('examples/transfer-rollup/keys/verifying-key.bin'))

/** Returns the key with δ = γ. Both are points of 128 bytes, after α of 64 and β of 128. */
function forgeableKey(): Uint8Array {
  const key = Uint8Array.from(KEY)
  key.copyWithin(64 + 2 * 128, 64 + 128, 64 + 2 * 128)
  return key
}

/** Returns another key that is valid: its last two points, of 64 bytes each, are swapped. */
function otherKey(): Uint8Array {
  const points = KEY.length - 2 * 64
  return Uint8Array.from([
    ...KEY.subarray(0, points),
    ...KEY.subarray(points + 64),
    ...KEY.subarray(points, points + 64),
  ])
}

const versions = async (): Promise<number[]> =>
  (await chain.api.query.groth16Verifier.keys.keys<[u32]>())
    .map(({ args: [version] }) => version.toNumber())
    .sort((a, b) => a - b)

describe('a verifying key', () => {
  let old: DrawnBlock

  test('is added by the root origin, unless it allows forgery', async () => {
    const { api } = chain
    const { addKey } = api.tx.groth16Verifier
    await expect(submit(addKey(u8aToHex(KEY)), stranger)).rejects.toThrow('BadOrigin')
    expect(
      await rollup.errorsOfRoot([
        addKey('0x00'),
        addKey(u8aToHex(KEY.subarray(1))),
        addKey(u8aToHex(forgeableKey())),
      ]),
    ).toEqual([
      'groth16Verifier.InvalidKey',
      'groth16Verifier.InvalidKey',
      'groth16Verifier.ForgeableKey',
    ])
    const [added] = named(
      await submit(asRoot(api, addKey(u8aToHex(KEY))), alice),
      'groth16Verifier.KeyAdded',
    )
    expect(added.version.toNumber()).toBe(2)
    expect(await versions()).toEqual([1, 2])
  })

  test('is used after its activation, which is irreversible', async () => {
    const { api } = chain
    const { activateKey, removeKey } = api.tx.groth16Verifier
    ;[old] = await rollup.proposeAndDraw(payload([0, 1, 100]))
    expect(old.rulesVersion).toBe(1)
    await expect(submit(activateKey(2), stranger)).rejects.toThrow('BadOrigin')
    expect(await rollup.errorsOfRoot([activateKey(3), activateKey(1), removeKey(1)])).toEqual([
      'groth16Verifier.UnknownKey',
      'groth16Verifier.NotNewer',
      'groth16Verifier.KeyIsActive',
    ])
    const [activated] = named(
      await submit(asRoot(api, activateKey(2)), alice),
      'groth16Verifier.KeyActivated',
    )
    expect(activated.version.toNumber()).toBe(2)
    const [block] = await rollup.proposeAndDraw(payload([1, 2, 5]))
    expect(block.rulesVersion).toBe(2)
    await rollup.proveAndSubmit(old, proverOf(old))
    await rollup.proveAndSubmit(block, proverOf(block))
  })

  test('is not removed while a block needs it', async () => {
    const { api } = chain
    const { removeKey } = api.tx.groth16Verifier
    await expect(submit(removeKey(1), stranger)).rejects.toThrow('BadOrigin')
    expect(await rollup.errorsOfRoot([removeKey(1), removeKey(2), removeKey(3)])).toEqual([
      'groth16Verifier.KeyIsNeeded',
      'groth16Verifier.KeyIsActive',
      'groth16Verifier.UnknownKey',
    ])
    await rollup.pass(await clock(api), COOLDOWN)
    const [removed] = named(
      await submit(asRoot(api, removeKey(1)), alice),
      'groth16Verifier.KeyRemoved',
    )
    expect(removed.version.toNumber()).toBe(1)
    expect(await versions()).toEqual([2])
  })

  test('is replaced during a pause, which opens all unproven blocks', async () => {
    const { api } = chain
    const { groth16Verifier, rollup: calls } = api.tx
    const replace = groth16Verifier.replaceKey(2, u8aToHex(KEY))
    const [first, second] = await rollup.proposeAndDraw(payload([3, 4, 5]), EMPTY)
    await rollup.proveAndSubmit(second, proverOf(second))
    expect(await rollup.errorsOfRoot([replace])).toEqual(['groth16Verifier.NotPaused'])

    const start = await height(api)
    expect(await rollup.errorsOfRoot([calls.pause(), replace, calls.resume()])).toEqual([
      null,
      null,
      null,
    ])
    await chain.makeBlocks(1)
    const events = await eventsAfter(api, start)
    const [replaced] = named(events, 'groth16Verifier.KeyReplaced')
    expect(replaced.version.toNumber()).toBe(2)
    const opened = named(events, 'rollup.BlockOpened')
    expect(opened.map(({ blockId, reason }) => [blockId.toNumber(), reason.type])).toEqual([
      [first.id, 'KeyReplaced'],
      [second.id, 'KeyReplaced'],
    ])
    // The waiting transition was proven by the old key.
    const [discarded] = named(events, 'rollup.TransitionDiscarded')
    expect(discarded.blockId.toNumber()).toBe(second.id)
    expect(await rollup.open()).toEqual([first.id, second.id])

    await rollup.proveAndSubmit(first, stranger)
    await rollup.proveAndSubmit(second, stranger)
    const [next] = await rollup.proposeAndDraw(EMPTY)
    expect(next.prover).not.toBe(null)
    await rollup.proveAndSubmit(next, proverOf(next))
  })

  test('of another version proves no block, and can be replaced by the right one', async () => {
    const { api } = chain
    const { groth16Verifier, rollup: calls } = api.tx
    const mistaken = [groth16Verifier.addKey(u8aToHex(otherKey())), groth16Verifier.activateKey(3)]
    expect(await rollup.errorsOfRoot(mistaken)).toEqual([null, null])
    const [block] = await rollup.proposeAndDraw(payload([4, 5, 1]))
    expect(block.rulesVersion).toBe(3)

    const prover = proverOf(block)
    const proof = proveBlock(api, block, prover, await rollup.prove(block, prover))
    expect(await rollup.errorsOf([proof], prover)).toEqual(['groth16Verifier.InvalidProof'])

    const replace = groth16Verifier.replaceKey(3, u8aToHex(KEY))
    await rollup.errorsOfRoot([calls.pause(), replace, calls.resume()])
    await chain.makeBlocks(1)
    const { events } = await rollup.proveAndSubmit(block, stranger)
    expect(named(events, 'rollup.BlockProven')).toHaveLength(1)

    const provenIn = await height(api)
    await rollup.pass(await clock(api), COOLDOWN)
    const settled = named(await eventsAfter(api, provenIn), 'rollup.BlockSettled').at(-1)!
    expect([settled.blockId.toNumber(), settled.slashed.toBigInt()]).toEqual([block.id, 0n])
  })
})
