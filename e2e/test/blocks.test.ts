// SPDX-License-Identifier: Apache-2.0

// Rollup blocks on a good day: they are proposed, assigned, proven and settled.

import type { KeyringPair } from '@polkadot/keyring/types'
import type { u64 } from '@polkadot/types'
import { hexToU8a, u8aToHex } from '@polkadot/util'
import { beforeAll, describe, expect, test } from 'vitest'
import { alice, feesOf, fund, total } from '../src/accounts.ts'
import {
  account,
  clock,
  constant,
  eventsAfter,
  height,
  named,
  submit,
  type Tx,
} from '../src/chain.ts'
import { type Drawn, draw, positions, proveBlock, unsettled } from '../src/rollup.ts'
import { type Execution, type Proven, payload, type Transition } from '../src/transfer-rollup.ts'
import { useChain } from './chain.ts'
import {
  COOLDOWN,
  type DrawnBlock,
  EMPTY,
  GAS_LIMIT,
  noProof,
  proposer,
  proverOf,
  stranger,
  useRollup,
} from './rollup.ts'

const chain = useChain()
const rollup = useRollup(chain, { window: 600 })

/** Returns the price of the gas charged for a block that uses this gas. */
function priceOf({ payload, price }: Drawn, gasUsed: number): bigint {
  const bytes = BigInt(payload.length / 2 - 1)
  return (
    (constant(chain.api, 'rollup', 'baseGas') +
      constant(chain.api, 'rollup', 'gasPerByte') * bytes +
      BigInt(gasUsed)) *
    price
  )
}

/** Returns the reward for the transition that a block has. It falls with the time since the draw.
 * In each step, fractions are in favour of the prover. */
async function rewardOf(block: Drawn): Promise<bigint> {
  const { phase, transition: stored } = await unsettled(chain.api, block.id)
  const { transition, storedAt } = stored.unwrap()
  const { drawnAt, deadline } = phase.asAssigned
  const since = (time: u64) => BigInt(time.toNumber() - drawnAt.toNumber())
  const whole = 1_000_000_000n
  const gross = priceOf(block, transition.gasUsed.toNumber())
  const part = (since(storedAt) * whole) / since(deadline)
  const maxPenalty = (constant(chain.api, 'rollup', 'rewardMaxDelayPenalty') * whole) / 10_000n
  const penalty = (part * maxPenalty) / whole
  return gross - (gross * penalty) / whole
}

const bring = (block: DrawnBlock, prover: KeyringPair, proven: Proven): Tx =>
  proveBlock(chain.api, block, prover, proven)

/** Returns the names of a block's events since its proposal. */
async function lifeOf({ id, after }: Drawn): Promise<string[]> {
  const events = await eventsAfter(chain.api, after)
  return events
    .filter(
      (event) => event.name.startsWith('rollup.') && 'blockId' in event && event.blockId.eq(id),
    )
    .map(({ name }) => name.slice('rollup.'.length))
}

describe('a block', () => {
  let block: DrawnBlock
  let prover: KeyringPair
  let good: Execution & Proven
  let provenAt: number
  let before: Record<string, number>

  test('takes no proof before it is drawn', async () => {
    before = await rollup.capacities()
    const [proposed] = await rollup.propose(
      payload([0, 1, 100], [1, 2, 200], [3, 3, 7], [0, 15, 1_000_001]),
    )
    const calls = [proposed.id, proposed.id + 1].map((id) =>
      proveBlock(chain.api, { id }, stranger, noProof),
    )
    // It is drawn in the second block after its proposal. This is the first.
    expect(await rollup.errorsOf(calls, stranger)).toEqual([
      'rollup.NotDrawn',
      'rollup.UnknownBlock',
    ])
    expect(await rollup.open()).toEqual([])
    ;[block] = await draw(chain, [proposed])
    prover = proverOf(block)
  })

  test('is reserved for its assigned prover', async () => {
    expect(await rollup.pending(prover)).toEqual([block.id])
    expect(await rollup.open()).toEqual([])
    const capacity = before[prover.address] - 1
    expect(await rollup.capacities()).toEqual({ ...before, [prover.address]: capacity })
    good = await rollup.prove(block, prover)
    const strangers = await rollup.prove(block, stranger)
    const calls = [bring(block, stranger, strangers), bring(block, stranger, good)]
    expect(await rollup.errorsOf(calls, stranger)).toEqual([
      'rollup.NotAssigned',
      'rollup.NotAssigned',
    ])
  })

  test('is not proven by a proof of anything else', async () => {
    const { transition, proof } = good
    const otherPayload = await rollup.prove({ ...block, payload: payload([0, 1, 101]) }, prover)
    const otherParent = await rollup.prove({ ...block, parent: Array(16).fill('7') }, prover)
    const others = await rollup.prove(block, stranger)
    const { stateRoot } = otherPayload.transition
    const { gasUsed } = transition

    const cases: [Transition, string, string][] = [
      [transition, others.proof, 'groth16Verifier.InvalidProof'],
      [transition, otherPayload.proof, 'groth16Verifier.InvalidProof'],
      [otherPayload.transition, otherPayload.proof, 'groth16Verifier.InvalidProof'],
      [otherParent.transition, otherParent.proof, 'rollup.WrongParentState'],
      [transition, otherParent.proof, 'groth16Verifier.InvalidProof'],
      [{ ...transition, stateRoot }, proof, 'groth16Verifier.InvalidProof'],
      [{ ...transition, gasUsed: gasUsed - 1 }, proof, 'groth16Verifier.InvalidProof'],
      [{ ...transition, gasUsed: GAS_LIMIT + 1 }, proof, 'rollup.TooMuchGas'],
    ]
    const calls = cases.map(([transition, proof]) => bring(block, prover, { transition, proof }))
    expect(await rollup.errorsOf(calls, prover)).toEqual(cases.map(([, , error]) => error))
  })

  test('is not proven by a damaged proof', async () => {
    const { transition, proof } = good
    const bytes = hexToU8a(proof)
    expect(bytes).toHaveLength(128)
    const flip = (index: number, bit: number) =>
      u8aToHex(bytes.map((byte, at) => (at === index ? byte ^ bit : byte)))
    const cases: [string, string][] = [
      ['0x', 'groth16Verifier.MalformedProof'],
      [u8aToHex(bytes.subarray(0, -1)), 'groth16Verifier.MalformedProof'],
      // The sign of the first point, and of the last: points of the curve as well, but others.
      [flip(31, 0x80), 'groth16Verifier.InvalidProof'],
      [flip(bytes.length - 1, 0x80), 'groth16Verifier.InvalidProof'],
      // A coordinate above the field's modulus.
      [flip(31, 0x3f ^ (bytes[31] & 0x3f)), 'groth16Verifier.MalformedProof'],
    ]
    const calls = cases.map(([proof]) => bring(block, prover, { transition, proof }))
    expect(await rollup.errorsOf(calls, prover)).toEqual(cases.map(([, error]) => error))
    expect((await unsettled(chain.api, block.id)).transition.isNone).toBe(true)
  })

  test('is proven without a fee for any signer', async () => {
    provenAt = await clock(chain.api)
    const events = await submit(bring(block, prover, good), stranger)
    const [proven] = named(events, 'rollup.BlockProven')
    expect(proven.blockId.toNumber()).toBe(block.id)
    expect(proven.prover.unwrap().toString()).toBe(prover.address)
    expect(proven.stateRoot.toHex()).toBe(good.transition.stateRoot)
    expect(feesOf(stranger.address, events)).toBe(0n)
    expect(await rollup.pending(prover)).toEqual([])
    expect(await rollup.capacities()).toEqual(before)
    expect(await rollup.errorsOf([bring(block, prover, good)], prover)).toEqual([
      'rollup.AlreadyProven',
    ])
  })

  test('settles after the cooldown: its prover is paid, its proposer gets the rest', async () => {
    const { api } = chain
    const start = await height(api)
    const paid = await rewardOf(block)
    const [ofProver, ofProposer] = [await total(api, prover), await total(api, proposer)]
    await rollup.pass(provenAt, COOLDOWN - 6)
    expect((await positions(api)).settled).toBe(block.id - 1)
    await rollup.pass(provenAt, COOLDOWN)

    const [settled] = named(await eventsAfter(api, start), 'rollup.BlockSettled')
    expect(settled.blockId.toNumber()).toBe(block.id)
    expect(settled.stateRoot.toHex()).toBe(good.transition.stateRoot)
    expect(settled.prover.unwrap().toString()).toBe(prover.address)
    expect(settled.reward.toBigInt()).toBe(paid)
    expect(settled.refund.toBigInt()).toBe(block.deposit - paid)
    expect([settled.slashed, settled.bounty].map(Number)).toEqual([0, 0])
    expect(await total(api, prover)).toBe(ofProver + paid)
    expect(await total(api, proposer)).toBe(ofProposer - paid)
    expect((await positions(api)).settledRoot).toBe(good.transition.stateRoot)
    expect((await api.call.rollupApi.block(block.id)).toString()).toBe('Settled')
    expect(await rollup.errorsOf([bring(block, prover, good)], prover)).toEqual([
      'rollup.UnknownBlock',
    ])
    expect(await lifeOf(block)).toEqual([
      'BlockProposed',
      'BlockAssigned',
      'BlockProven',
      'BlockSettled',
    ])
  })
})

describe('a block behind an unproven one', () => {
  let first: DrawnBlock
  let second: DrawnBlock
  let third: DrawnBlock
  let good: Proven
  let invented: Proven
  let provenAt: number

  test('stores a transition that its prover signs', async () => {
    ;[first, second, third] = await rollup.proposeAndDraw(payload([2, 9, 1_000]), EMPTY, EMPTY)
    const prover = proverOf(second)
    invented = await rollup.prove({ ...second, parent: Array(16).fill('7') }, prover)
    expect(await rollup.errorsOf([bring(second, prover, invented)], stranger)).toEqual([
      'rollup.NotSignedByProver',
    ])
    const events = await submit(bring(second, prover, invented), prover)
    const [stored] = named(events, 'rollup.TransitionStored')
    expect(stored.blockId.toNumber()).toBe(second.id)
    expect(stored.prover.toString()).toBe(prover.address)
    expect(stored.transition.toJSON()).toEqual(invented.transition)
    expect(feesOf(prover.address, events)).toBe(0n)
    expect(await rollup.pending(prover)).not.toContain(second.id)
  })

  test('has it replaced for the full fee', async () => {
    const prover = proverOf(second)
    good = await rollup.prove(second, prover)
    const events = await submit(bring(second, prover, good), prover)
    expect(named(events, 'rollup.TransitionStored')).toHaveLength(1)
    expect(feesOf(prover.address, events)).toBeGreaterThan(0n)
  })

  test('is not proven by the proof of another block', async () => {
    // The two blocks have all in common but their ids: payload, gas limit, parent and prover.
    const prover = proverOf(third)
    const other = await rollup.prove(second, prover)
    expect((await rollup.execute(third)).transition).toEqual(other.transition)
    expect(await rollup.errorsOf([bring(third, prover, other)], prover)).toEqual([
      'groth16Verifier.InvalidProof',
    ])
  })

  test('becomes proven without a call when the block before is', async () => {
    const { api } = chain
    const prover = proverOf(third)
    invented = await rollup.prove({ ...third, parent: Array(16).fill('7') }, prover)
    await submit(bring(third, prover, invented), prover)
    provenAt = await clock(api)
    await rollup.proveAndSubmit(first, proverOf(first))
    const start = await height(api)
    await chain.makeBlocks(1)

    const events = await eventsAfter(api, start)
    const [proven] = named(events, 'rollup.BlockProven')
    expect(proven.blockId.toNumber()).toBe(second.id)
    expect(proven.prover.unwrap().toString()).toBe(proverOf(second).address)
    expect(proven.stateRoot.toHex()).toBe(good.transition.stateRoot)
    // The transition of the third does not fit. Before its deadline, its prover brings another.
    const [discarded] = named(events, 'rollup.TransitionDiscarded')
    expect(discarded.blockId.toNumber()).toBe(third.id)
    expect(await rollup.pending(prover)).toEqual([third.id])
    await rollup.proveAndSubmit(third, prover)
    expect(await lifeOf(third)).toEqual([
      'BlockProposed',
      'BlockAssigned',
      'TransitionStored',
      'TransitionDiscarded',
      'BlockProven',
    ])
  })

  test('settles after the block before', async () => {
    const { api } = chain
    const { settled } = await positions(api)
    await rollup.pass(provenAt, COOLDOWN)
    expect((await positions(api)).settled).toBe(settled + 1)
    await rollup.pass(await clock(api), COOLDOWN)
    expect((await positions(api)).settled).toBe(third.id)
  })
})

describe('an operator', () => {
  const operator = account('//Blocks//Operator')

  beforeAll(async () => {
    await submit(fund(chain.api, [operator], 10), alice)
  })

  test('brings the proofs of a prover that named it', async () => {
    const { setOperator } = chain.api.tx.proverPool
    const [first, second, third] = await rollup.proposeAndDraw(EMPTY, EMPTY, EMPTY)
    const prover = proverOf(second)
    const proven = await rollup.prove(second, prover)
    const call = bring(second, prover, proven)
    const name = async (key: string | null) => {
      const [set] = named(await submit(setOperator(key), prover), 'proverPool.OperatorSet')
      expect(set.who.toString()).toBe(prover.address)
      expect(set.operator.unwrapOr(null)?.toString() ?? null).toBe(key)
    }
    await name(operator.address)
    await name(null)
    expect(await rollup.errorsOf([call], operator)).toEqual(['rollup.NotSignedByProver'])

    await name(operator.address)
    const events = await submit(call, operator)
    expect(named(events, 'rollup.TransitionStored')[0].prover.toString()).toBe(prover.address)
    expect(feesOf(operator.address, events)).toBe(0n)
    // A stolen key replaces no transition by an invented one.
    expect(await rollup.errorsOf([call], operator)).toEqual(['rollup.NotSignedByProver'])

    await rollup.proveAndSubmit(first, proverOf(first))
    await chain.makeBlocks(1)
    expect((await positions(chain.api)).proven).toBe(second.id)
    await rollup.proveAndSubmit(third, proverOf(third))
  })
})
