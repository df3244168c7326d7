// SPDX-License-Identifier: Apache-2.0

// The runtime in WebAssembly accepts a proof, and rejects all proofs that differ from it by a bit.

import { hexToU8a, u8aToHex } from '@polkadot/util'
import { afterAll, describe, expect, test } from 'vitest'
import { account, errorName, named, submit } from '../src/chain.ts'
import { draw, propose, proveBlock } from '../src/rollup.ts'
import { type Proven, payload, TransferRollup } from '../src/transfer-rollup.ts'
import { useChain } from './chain.ts'

const GAS_LIMIT = 200_000
/** Number of verifications that fit into a transaction. */
const BATCH = 24

// Chopsticks interprets WebAssembly: it would take an hour, and the node takes half a minute.
const isNode = process.env.CHAIN === 'node'

describe.skipIf(!isNode)('a proof (skipped without the node: CHAIN=node)', () => {
  const chain = useChain()
  let program: TransferRollup
  afterAll(() => program?.end())

  /** Returns the bytes with each of the first `bits` bits changed, one at a time. */
  function flips(hex: string, bits = (hex.length - 2) * 4): string[] {
    return Array.from({ length: bits }, (_, bit) => {
      const bytes = hexToU8a(hex)
      bytes[bit >> 3] ^= 1 << (bit & 7)
      return u8aToHex(bytes)
    })
  }

  test('is refused with any bit of it or of its statement changed, and then accepted', async () => {
    const { api } = chain
    program = new TransferRollup(api.genesisHash.toHex())
    const [block] = await draw(
      chain,
      await propose(api, account('//Bob'), [payload([0, 1, 100])], GAS_LIMIT),
    )
    const provers = [account('//Eve'), account('//Ferdie')]
    const prover = provers.find(({ address }) => address === block.prover)!
    const right = await program.prove({ ...block, parent: null }, prover)
    const { transition, proof } = right

    const wrong: Proven[] = [
      ...flips(proof).map((proof) => ({ transition, proof })),
      ...flips(transition.parentStateRoot).map((parentStateRoot) => ({
        transition: { ...transition, parentStateRoot },
        proof,
      })),
      ...flips(transition.stateRoot).map((stateRoot) => ({
        transition: { ...transition, stateRoot },
        proof,
      })),
      // As far as the gas stays below the limit.
      ...Array.from({ length: 15 }, (_, bit) => ({
        transition: { ...transition, gasUsed: transition.gasUsed ^ (1 << bit) },
        proof,
      })),
    ]
    const call = (proven: Proven) => proveBlock(api, block, prover, proven)
    const errors: Record<string, number> = {}
    for (let first = 0; first < wrong.length; first += BATCH) {
      const calls = wrong.slice(first, first + BATCH).map(call)
      const events = await submit(api.tx.utility.forceBatch(calls), prover)
      const failed = named(events, 'utility.ItemFailed')
      expect(failed).toHaveLength(calls.length)
      for (const { error } of failed) {
        const name = errorName(api.registry, error)
        errors[name] = (errors[name] ?? 0) + 1
      }
    }
    const { 'groth16Verifier.MalformedProof': malformed, ...others } = errors
    expect(malformed).toBeGreaterThan(0)
    // The bits of the parent state root, which is known.
    expect(others['rollup.WrongParentState']).toBe(256)
    const invalid = others['groth16Verifier.InvalidProof']
    expect(malformed + invalid).toBe(1024 + 256 + 15)
    await submit(call(right), prover)
  })
})
