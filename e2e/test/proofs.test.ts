// SPDX-License-Identifier: Apache-2.0

// The runtime as it runs on a chain, in WebAssembly, takes one proof and refuses all that differ from
// it by a bit.

import { hexToU8a, u8aToHex } from '@polkadot/util'
import { afterAll, describe, expect, test } from 'vitest'
import { account, errorName, submit } from '../src/chain.ts'
import { Circuit, payload, type Proven } from '../src/circuit.ts'
import { propose } from '../src/rollup.ts'
import { useChain } from './chain.ts'

const GAS_LIMIT = 200_000
/** How many verifications fit into a transaction. */
const BATCH = 24

// Chopsticks interprets WebAssembly: what takes the node half a minute takes it an hour.
const isNode = process.env.CHAIN === 'node'

describe.skipIf(!isNode)('a proof (skipped without the node: CHAIN=node)', () => {
  const chain = useChain()
  let circuit: Circuit
  afterAll(() => circuit?.end())

  /** The bytes with each of the first `bits` bits changed, one at a time. */
  function flips(hex: string, bits = (hex.length - 2) * 4): string[] {
    return Array.from({ length: bits }, (_, bit) => {
      const bytes = hexToU8a(hex)
      bytes[bit >> 3] ^= 1 << (bit & 7)
      return u8aToHex(bytes)
    })
  }

  test('is refused with any bit of it or of what it says changed, and then taken', async () => {
    const { api } = chain
    circuit = new Circuit(api.genesisHash.toHex())
    const [proposed] = await propose(api, account('//Bob'), [payload([0, 1, 100])], GAS_LIMIT)
    const provers = [account('//Eve'), account('//Ferdie')]
    const prover = provers.find(({ address }) => address === proposed.drawn)!
    const right = await circuit.prove({ ...proposed, parent: null }, prover)
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
    const call = ({ transition, proof }: Proven) =>
      api.tx.rollup.proveBlock(proposed.id, transition, proof)
    const errors: Record<string, number> = {}
    for (let first = 0; first < wrong.length; first += BATCH) {
      const calls = wrong.slice(first, first + BATCH).map(call)
      const events = await submit(api.tx.utility.forceBatch(calls), prover)
      const failed = events.filter(({ name }) => name === 'utility.ItemFailed')
      expect(failed).toHaveLength(calls.length)
      for (const { error } of failed) {
        const name = errorName(api.registry, error)
        errors[name] = (errors[name] ?? 0) + 1
      }
    }
    const { 'groth16Verifier.MalformedProof': malformed, ...others } = errors
    expect(malformed).toBeGreaterThan(0)
    // The 32 bits of the key's version, and those of the parent state, which is known.
    expect(others['groth16Verifier.UnknownKey']).toBe(32)
    expect(others['rollup.WrongParentState']).toBe(256)
    const invalid = others['groth16Verifier.InvalidProof']
    expect(malformed + invalid).toBe(1024 + 256 + 15)
    await submit(call(right), prover)
  })
})
