// SPDX-License-Identifier: Apache-2.0

// The lane of proofs: their priority over other transactions, and rejections by the pool.

import type { KeyringPair } from '@polkadot/keyring/types'
import type { TransactionValidity } from '@polkadot/types/interfaces'
import { u8aConcat, u8aToHex } from '@polkadot/util'
import { beforeAll, describe, expect, test } from 'vitest'
import { alice, fund, oneToken } from '../src/accounts.ts'
import { account, clock, include, submit, type Tx } from '../src/chain.ts'
import { ANY_FEE, positions, proveBlock } from '../src/rollup.ts'
import type { Proven } from '../src/transfer-rollup.ts'
import { useChain } from './chain.ts'
import {
  asRoot,
  COOLDOWN,
  type DrawnBlock,
  EMPTY,
  GAS_LIMIT,
  noProof,
  proverOf,
  provers,
  stranger,
  useRollup,
} from './rollup.ts'

const chain = useChain({ finalizes: true })
const rollup = useRollup(chain, { window: 1_800 })

/** Maximum priority outside of the lane. */
const MAX_OTHER = 2n ** 63n - 1n
const MAX = 2n ** 64n - 1n
/** Source of a transaction: the network. */
const EXTERNAL = 2

const operator = account('//Priority//Operator')

/** Returns the runtime's response to the transaction pool. */
async function validity(tx: Tx, signer: KeyringPair, tip = 0n): Promise<TransactionValidity> {
  const { api } = chain
  const signed = await tx.signAsync(signer, { nonce: -1, tip })
  const at = await api.rpc.chain.getBlockHash()
  const parameters = u8aToHex(u8aConcat([EXTERNAL], signed.toU8a(), at.toU8a()))
  const name = 'TaggedTransactionQueue_validate_transaction'
  return api.createType('TransactionValidity', await api.rpc.state.call(name, parameters, at))
}

async function priority(tx: Tx, signer: KeyringPair, tip?: bigint): Promise<bigint> {
  return (await validity(tx, signer, tip)).asOk.priority.toBigInt()
}

const bring = (block: { id: number }, prover: KeyringPair, proven: Proven): Tx =>
  proveBlock(chain.api, block, prover, proven)

beforeAll(async () => {
  const { api } = chain
  await submit(fund(api, [operator], 10), alice)
  for (const prover of provers) {
    await submit(api.tx.proverPool.setOperator(operator.address), prover)
  }
})

describe('the proof of a reserved block', () => {
  let block: DrawnBlock
  let later: DrawnBlock
  let proven: Proven

  test('has priority over every tip, in the order of the deadlines', async () => {
    const { system, utility } = chain.api.tx
    ;[block] = await rollup.proposeAndDraw(EMPTY)
    ;[later] = await rollup.proposeAndDraw(EMPTY)
    const prover = proverOf(block)
    proven = await rollup.prove(block, prover)
    const call = bring(block, prover, proven)
    const own = await priority(call, prover)
    expect(own).toBeGreaterThan(MAX_OTHER)
    expect(await priority(call, operator)).toBe(own)
    const ofLater = await priority(bring(later, proverOf(later), noProof), proverOf(later))
    expect(ofLater).toBeGreaterThan(MAX_OTHER)
    expect(ofLater).toBeLessThan(own)

    // Half of an endowment.
    const tip = 5_000_000n * oneToken(chain.api)
    expect(await priority(system.remark(''), stranger, tip)).toBeLessThanOrEqual(MAX_OTHER)
    expect(await priority(call, stranger)).toBeLessThanOrEqual(MAX_OTHER)
    const batch = utility.batchAll([call])
    expect(await priority(batch, prover, tip)).toBeLessThanOrEqual(MAX_OTHER)
  })

  test('has priority once, regardless of the result', async () => {
    const prover = proverOf(block)
    const call = bring(block, prover, proven)
    const damaged = bring(block, prover, { ...proven, proof: noProof.proof })
    await expect(submit(damaged, prover)).rejects.toThrow('groth16Verifier')
    expect(await priority(call, prover)).toBeLessThanOrEqual(MAX_OTHER)
    await submit(call, prover)
  })

  test('is refused by the transaction pool if it would fail before its verification', async () => {
    const prover = proverOf(later)
    const valid = { ...noProof, transition: { ...proven.transition } }
    const reasonOf = async (call: Tx, signer: KeyringPair) =>
      (await validity(call, signer)).asErr.toJSON()
    // These may become valid, so the pool does not ban them.
    const unknown = { unknown: { cannotLookup: null } }
    const next = { id: later.id + 1 }
    expect(await reasonOf(bring(next, prover, valid), prover)).toEqual(unknown)
    expect(await reasonOf(bring(later, stranger, valid), stranger)).toEqual(unknown)
    expect(await reasonOf(bring(later, prover, noProof), prover)).toEqual(unknown)
    const again = bring(block, proverOf(block), proven)
    expect(await reasonOf(again, stranger)).toEqual(unknown)
    // These cannot become valid.
    const heavy = { ...valid, transition: { ...valid.transition, gasUsed: GAS_LIMIT + 1 } }
    expect(await reasonOf(bring(later, prover, heavy), prover)).toEqual({
      invalid: { call: null },
    })
    await rollup.proveAndSubmit(later, prover)
    await rollup.pass(await clock(chain.api), COOLDOWN)
    expect(await reasonOf(again, stranger)).toEqual({ invalid: { stale: null } })
  })
})

describe('the proof of an open block', () => {
  test('has the lowest priority of the lane, once for each member', async () => {
    const { api } = chain
    const { rollup: calls, sudo, utility } = api.tx
    const id = (await positions(api)).proposed + 1
    const propose = calls.proposeBlock(EMPTY, GAS_LIMIT, ANY_FEE)
    await submit(utility.batchAll([propose, sudo.sudo(calls.openUndrawn(id))]), alice)

    const block = { id, payload: EMPTY, gasLimit: GAS_LIMIT, parent: null }
    const { transition } = await rollup.execute(block)
    const unproven = { ...noProof, transition }
    const [first, second] = provers
    expect(await priority(bring(block, first, unproven), first)).toBe(MAX_OTHER + 1n)
    expect(await priority(bring(block, first, unproven), operator)).toBe(MAX_OTHER + 1n)
    expect(await priority(bring(block, stranger, unproven), stranger)).toBeLessThanOrEqual(
      MAX_OTHER,
    )
    await expect(submit(bring(block, first, unproven), operator)).rejects.toThrow('groth16Verifier')
    expect(await priority(bring(block, first, unproven), first)).toBeLessThanOrEqual(MAX_OTHER)
    expect(await priority(bring(block, second, unproven), second)).toBe(MAX_OTHER + 1n)
    await rollup.proveAndSubmit(block, second)
  })
})

describe('a transaction of the override account', () => {
  test('has priority over all', async () => {
    expect(await priority(asRoot(chain.api, chain.api.tx.rollup.pause()), alice)).toBe(MAX)
  })
})

// Chopsticks orders transactions by their arrival.
const isNode = process.env.CHAIN === 'node'

describe.skipIf(!isNode)('a block of the chain (skipped without the node: CHAIN=node)', () => {
  test('has the proof of an assigned prover before a remark with a large tip', async () => {
    const tip = 100_000n * oneToken(chain.api)
    for (let tries = 0; tries < 5; tries++) {
      const [block] = await rollup.proposeAndDraw(EMPTY)
      const prover = proverOf(block)
      const call = bring(block, prover, await rollup.prove(block, prover))
      // Both arrive between two blocks, unless the machine is slow.
      await chain.makeBlocks(1)
      const [remark, proof] = await Promise.all([
        include(chain.api.tx.system.remark(''), stranger, tip),
        include(call, prover),
      ])
      if (remark.block !== proof.block) continue
      expect(proof.index).toBeLessThan(remark.index)
      return
    }
    throw new Error('the two transactions were never in the same block')
  })
})
