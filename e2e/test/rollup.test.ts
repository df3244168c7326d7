// SPDX-License-Identifier: Apache-2.0

// The life of rollup blocks: they are proven and paid for, or missed and rescued, or overridden.

import type { KeyringPair } from '@polkadot/keyring/types'
import { hexToU8a, u8aToHex } from '@polkadot/util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { alice, bountiesOnHold, feesOf, oneToken, setParameters, total } from '../src/accounts.ts'
import {
  account,
  errorName,
  eventsAfter,
  height,
  named,
  now,
  SLOT_MS,
  submit,
  type Tx,
} from '../src/chain.ts'
import {
  type Balances,
  type Block,
  Circuit,
  type Execution,
  payload,
  type Proven,
  type Transition,
} from '../src/circuit.ts'
import { members } from '../src/pool.ts'
import { progressOf, propose, type Proposed, unsettled } from '../src/rollup.ts'
import { useChain } from './chain.ts'

const chain = useChain()

const WINDOW = 600
const COOLDOWN = 60
const RESCUER_SHARE = 4_000
/** Enough for 8 transfers. */
const GAS_LIMIT = 200_000
/** The rollup executes no payload of this size: the state stays as it is. */
const EMPTY = '0x00'

const proposer = account('//Bob')
const stranger = account('//Charlie')
// The pool of genesis: whoever is drawn, its key is here.
const provers = [account('//Eve'), account('//Ferdie')]
const drawnFor = ({ drawn }: Proposed) => provers.find(({ address }) => address === drawn)!

let circuit: Circuit
/** The rollup's balances after the latest block that was proposed. */
let head: Balances | null = null

/** A rollup block, and the balances before it. */
type RollupBlock = Proposed & Block

/** Proposes blocks on what was proposed before. */
async function proposeNext(...payloads: string[]): Promise<RollupBlock[]> {
  const blocks = []
  for (const proposed of await propose(chain.api, proposer, payloads, GAS_LIMIT)) {
    const block = { ...proposed, parent: head }
    head = (await circuit.execute(block)).balances
    blocks.push(block)
  }
  return blocks
}

/** The call that brings a proof. */
const proveBlock = ({ id }: Block, { transition, proof }: Proven) =>
  chain.api.tx.rollup.proveBlock(id, transition, proof)

/** Proves a block in the name of this account, and has the chain take it. */
async function prove(block: RollupBlock, prover: KeyringPair) {
  const proven = await circuit.prove(block, prover)
  return { proven, events: await submit(proveBlock(block, proven), prover) }
}

/** Submits calls in one transaction, and tells the error of each, or `null`. */
async function errorsOf(calls: Tx[], signer: KeyringPair): Promise<(string | null)[]> {
  const events = await submit(chain.api.tx.utility.forceBatch(calls), signer)
  return events
    .filter(({ name }) => name === 'utility.ItemCompleted' || name === 'utility.ItemFailed')
    .map(({ error }) => error && errorName(chain.api.registry, error))
    .map((name) => name ?? null)
}

const capacities = async () =>
  Object.fromEntries((await members(chain.api)).map(({ who, capacity }) => [who, capacity]))

const pending = async ({ address }: KeyringPair) =>
  (await chain.api.call.rollupApi.pendingBlocks(address)).toJSON()
const open = async () => (await chain.api.call.rollupApi.openBlocks()).toJSON()

const constant = (name: string): bigint => (chain.api.consts.rollup[name] as any).toBigInt()

/** What a proposer has on hold for a block. */
const deposit = ({ gasLimit, price }: Proposed) => (BigInt(gasLimit) + constant('baseGas')) * price

/** What the prover of a block is paid whose proof took so many seconds: in each step, what is not
 * whole goes to the prover. */
function reward(block: Proposed, gasUsed: number, delay: number): bigint {
  const whole = 1_000_000_000n
  const gross = (BigInt(gasUsed) + constant('baseGas')) * block.price
  const part = (BigInt(Math.min(delay, WINDOW)) * whole) / BigInt(WINDOW)
  const maxPenalty = (constant('rewardMaxDelayPenalty') * whole) / 10_000n
  const penalty = (part * maxPenalty) / whole
  return gross - (gross * penalty) / whole
}

/** How long the first proof of a block took, and the reward for it. */
async function rewardOf(block: Proposed): Promise<bigint> {
  const { proposedAt, transitions } = await unsettled(chain.api, block.id)
  const [{ transition, provenAt }] = transitions
  return reward(block, transition.gasUsed.toNumber(), provenAt.sub(proposedAt).toNumber())
}

/** Moves the clock until these seconds after the first proof of a block: not further than the block
 * of the chain that first reaches it, if there is time left until then. */
async function advanceTo(block: RollupBlock, seconds: number) {
  const { transitions } = await unsettled(chain.api, block.id)
  const target = transitions[0].provenAt.toNumber() + seconds
  await chain.advance(Math.max(0, target - (await now(chain.api)) / 1000))
}

beforeAll(async () => {
  circuit = new Circuit(chain.api.genesisHash.toHex())
  const parameters = {
    MinProofWindow: WINDOW,
    Cooldown: COOLDOWN,
    RescuerShare: RESCUER_SHARE,
  }
  await submit(setParameters(chain.api, { Rollup: parameters }), alice)
  await chain.advance(0)
})
afterAll(() => circuit?.end())

describe('a prover that was drawn', () => {
  let block: RollupBlock
  let next: RollupBlock
  let third: RollupBlock
  let missed: RollupBlock
  let drawn: KeyringPair
  let good: Proven
  let early: Proven
  let allCapacity: Record<string, number>

  test('has the block for itself', async () => {
    allCapacity = await capacities()
    ;[block, next, third, missed] = await proposeNext(
      payload([0, 1, 100], [1, 2, 200], [3, 3, 7], [0, 15, 1_000_001]),
      payload([2, 9, 1_000]),
      EMPTY,
      EMPTY,
    )
    drawn = drawnFor(block)
    expect(await pending(drawn)).toContain(block.id)
    expect(await open()).toEqual([])
    expect((await unsettled(chain.api, block.id)).outstanding.isTrue).toBe(true)

    good = await circuit.prove(block, drawn)
    await expect(submit(proveBlock(block, good), stranger)).rejects.toThrow('rollup.NotAssigned')
  })

  test('is refused with a proof of anything else', async () => {
    const { transition, proof } = good
    const otherPayload = await circuit.prove({ ...block, payload: payload([0, 1, 101]) }, drawn)
    const otherParent = await circuit.prove({ ...block, parent: Array(16).fill('7') }, drawn)
    const others = await circuit.prove(block, stranger)
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
    const calls = cases.map(([transition, proof]) => proveBlock(block, { transition, proof }))
    expect(await errorsOf(calls, drawn)).toEqual(cases.map(([, , error]) => error))
  })

  test('is refused with a proof that is damaged', async () => {
    const { transition, proof } = good
    const bytes = hexToU8a(proof)
    const flip = (index: number, bit: number) =>
      u8aToHex(bytes.map((byte, at) => (at === index ? byte ^ bit : byte)))
    const cases: [string, string][] = [
      ['0x', 'groth16Verifier.MalformedProof'],
      [u8aToHex(bytes.subarray(0, -1)), 'groth16Verifier.MalformedProof'],
      // Version 2 instead of 1.
      [flip(0, 3), 'groth16Verifier.UnknownKey'],
      // The sign of the first point, and of the last: points of the curve as well, but others.
      [flip(4 + 31, 0x80), 'groth16Verifier.InvalidProof'],
      [flip(bytes.length - 1, 0x80), 'groth16Verifier.InvalidProof'],
      // A coordinate above the field's modulus.
      [flip(4 + 31, 0x3f ^ (bytes[4 + 31] & 0x3f)), 'groth16Verifier.MalformedProof'],
    ]
    const calls = cases.map(([proof]) => proveBlock(block, { transition, proof }))
    expect(await errorsOf(calls, drawn)).toEqual(cases.map(([, error]) => error))
    expect((await unsettled(chain.api, block.id)).transitions).toHaveLength(0)
  })

  test('proves it, for no fee, and has its capacity back', async () => {
    const events = await submit(proveBlock(block, good), drawn)
    const [proven] = named(events, 'rollup.BlockProven')
    expect(proven.blockId.toNumber()).toBe(block.id)
    expect(proven.prover.toString()).toBe(drawn.address)
    expect(proven.parentState.toHex()).toBe(good.transition.parentStateRoot)
    expect(proven.newState.toHex()).toBe(good.transition.stateRoot)
    expect(feesOf(drawn.address, events)).toBe(0n)
    expect(await pending(drawn)).not.toContain(block.id)
    const ofDrawn = [next, third, missed].filter((block) => drawnFor(block) === drawn)
    const left = allCapacity[drawn.address] - ofDrawn.length
    expect((await capacities())[drawn.address]).toBe(left)
    await expect(submit(proveBlock(block, good), drawn)).rejects.toThrow('rollup.AlreadyProven')
  })

  test('is paid when the cooldown is over, and the proposer has the rest back', async () => {
    const { api } = chain
    const start = await height(api)
    const paid = await rewardOf(block)
    const [ofDrawn, ofProposer] = [await total(api, drawn), await total(api, proposer)]
    await expect(submit(api.tx.rollup.settleBlocks(1), stranger)).rejects.toThrow(
      'rollup.NothingToSettle',
    )
    await advanceTo(block, COOLDOWN)

    const events = await eventsAfter(api, start)
    const [settled] = named(events, 'rollup.BlockSettled')
    expect(settled.blockId.toNumber()).toBe(block.id)
    expect(settled.newState.toHex()).toBe(good.transition.stateRoot)
    expect(settled.prover.unwrap().toString()).toBe(drawn.address)
    expect(settled.reward.toBigInt()).toBe(paid)
    expect(settled.bounty.toBigInt()).toBe(0n)
    expect(settled.refund.toBigInt()).toBe(deposit(block) - paid)
    expect(await total(api, drawn)).toBe(ofDrawn + paid - feesOf(drawn.address, events))
    expect(await total(api, proposer)).toBe(ofProposer - paid)
    expect((await progressOf(api)).state).toBe(good.transition.stateRoot)
    expect((await api.call.rollupApi.block(block.id)).toString()).toBe('Settled')
  })

  test('proves before the block before is proven, and waits for it', async () => {
    const { api } = chain
    const first = await prove(third, drawnFor(third))
    early = first.proven
    await advanceTo(third, COOLDOWN)
    expect((await progressOf(api)).settled).toBe(block.id)
    await expect(submit(api.tx.rollup.settleBlocks(32), stranger)).rejects.toThrow(
      'rollup.NothingToSettle',
    )

    await prove(next, drawnFor(next))
    // The next block of the chain is the first one in which the cooldown is over. Anyone can have
    // one block settled in it; the chain itself settles the other.
    await advanceTo(next, COOLDOWN - SLOT_MS / 1000)
    expect((await progressOf(api)).settled).toBe(block.id)
    const start = await height(api)
    const own = await submit(api.tx.rollup.settleBlocks(1), stranger)
    const settled = named(await eventsAfter(api, start), 'rollup.BlockSettled')
    expect(settled.map(({ blockId }) => blockId.toNumber())).toEqual([next.id, third.id])
    expect(named(own, 'rollup.BlockSettled')).toHaveLength(1)
    expect(settled[0].block).toBe(settled[1].block)
  })

  test('is slashed when it misses its window', async () => {
    const { api } = chain
    const late = drawnFor(missed)
    const [before] = (await members(api)).filter(({ who }) => who === late.address)
    const start = await height(api)
    await chain.advance(missed.closesAt - (await now(api)) / 1000)
    expect(await pending(late)).toEqual([missed.id])
    await chain.advance(0)
    await chain.advance(0)

    const events = await eventsAfter(api, start)
    // 25 basis points, which is more than four times the reward.
    const slash = Math.floor((before.stake * 25) / 10_000)
    const [slashed] = named(events, 'proverPool.Slashed')
    expect(slashed.who.toString()).toBe(late.address)
    expect([slashed.amount.toNumber(), slashed.blockId.toNumber()]).toEqual([slash, missed.id])
    const bounty = (BigInt(slash) * oneToken(api) * BigInt(RESCUER_SHARE)) / 10_000n
    const [closed] = named(events, 'rollup.WindowClosed')
    expect([closed.blockId.toNumber(), closed.missedBy.toString()]).toEqual([
      missed.id,
      late.address,
    ])
    expect(closed.bounty.toBigInt()).toBe(bounty)
    expect(await bountiesOnHold(api)).toEqual({ [late.address]: bounty })
    // Its capacity comes back with the first proof, whoever brings it.
    const [after] = (await members(api)).filter(({ who }) => who === late.address)
    expect(after).toEqual({ ...before, stake: before.stake - slash })
    expect(await pending(late)).toEqual([])
    expect(await open()).toEqual([missed.id])
  })

  test('cannot prove one block with the proof of another', async () => {
    // The two blocks have all in common but their ids: payload, gas limit, state, and prover.
    expect(missed.payload).toBe(third.payload)
    expect((await circuit.execute(missed)).transition).toEqual(early.transition)
    await expect(submit(proveBlock(missed, early), drawnFor(third))).rejects.toThrow(
      'groth16Verifier.InvalidProof',
    )
  })

  test('leaves reward and bounty to whoever rescues the block', async () => {
    const { api } = chain
    const start = await height(api)
    const before = await total(api, stranger)
    await prove(missed, stranger)
    expect(await capacities()).toEqual(allCapacity)
    // The penalty for the delay does not grow after the window.
    const paid = reward(missed, 0, WINDOW)
    expect(await rewardOf(missed)).toBe(paid)
    const { state } = await unsettled(api, missed.id)
    const bounty = state.asMissed.bounty.toBigInt()
    await advanceTo(missed, COOLDOWN)

    const events = await eventsAfter(api, start)
    const [settled] = named(events, 'rollup.BlockSettled')
    expect(settled.prover.unwrap().toString()).toBe(stranger.address)
    expect(settled.reward.toBigInt()).toBe(paid)
    expect(settled.bounty.toBigInt()).toBe(bounty)
    expect(settled.refund.toBigInt()).toBe(deposit(missed) - paid)
    const fees = feesOf(stranger.address, events)
    expect(await total(api, stranger)).toBe(before + paid + bounty - fees)
    expect(await bountiesOnHold(api)).toEqual({})
  })
})

describe('governance', () => {
  let wrong: RollupBlock
  let right: Execution

  test('overrides what was proven, and nobody else does', async () => {
    const { api } = chain
    ;[wrong] = await proposeNext(payload([4, 5, 400]))
    const { proven } = await prove(wrong, drawnFor(wrong))
    // What another payload would have led to, so that the rollup can go on from there.
    right = await circuit.execute({ ...wrong, payload: payload([4, 5, 44]) })
    const { parentStateRoot } = proven.transition
    const { stateRoot } = right.transition
    const { overrideTransition } = api.tx.rollup
    const override = (id: number, parent: string) => overrideTransition(id, parent, stateRoot)
    await expect(submit(override(wrong.id, parentStateRoot), stranger)).rejects.toThrow('BadOrigin')
    await expect(submit(api.tx.sudo.sudo(override(wrong.id, stateRoot)), alice)).rejects.toThrow(
      'rollup.UnknownTransition',
    )
    await expect(
      submit(api.tx.sudo.sudo(override(wrong.id + 1, parentStateRoot)), alice),
    ).rejects.toThrow('rollup.UnknownBlock')

    const events = await submit(api.tx.sudo.sudo(override(wrong.id, parentStateRoot)), alice)
    const [overridden] = named(events, 'rollup.TransitionOverridden')
    expect(overridden.blockId.toNumber()).toBe(wrong.id)
    expect(overridden.parentState.toHex()).toBe(parentStateRoot)
    expect(overridden.newState.toHex()).toBe(stateRoot)
  })

  test('has nobody paid for it', async () => {
    const { api } = chain
    const start = await height(api)
    const prover = drawnFor(wrong)
    const [ofProver, ofProposer] = [await total(api, prover), await total(api, proposer)]
    await advanceTo(wrong, COOLDOWN)

    const [settled] = named(await eventsAfter(api, start), 'rollup.BlockSettled')
    expect(settled.newState.toHex()).toBe(right.transition.stateRoot)
    expect(settled.prover.isNone).toBe(true)
    expect([settled.reward, settled.bounty].map(Number)).toEqual([0, 0])
    expect(settled.refund.toBigInt()).toBe(deposit(wrong))
    expect(await total(api, prover)).toBe(ofProver)
    expect(await total(api, proposer)).toBe(ofProposer)
  })

  test('has the rollup go on from there', async () => {
    head = right.balances
    const [block] = await proposeNext(payload([5, 4, 10]))
    const { proven } = await prove(block, drawnFor(block))
    await advanceTo(block, COOLDOWN)
    expect(await progressOf(chain.api)).toEqual({
      proposed: block.id,
      settled: block.id,
      state: proven.transition.stateRoot,
    })
    await expect(submit(proveBlock(block, proven), drawnFor(block))).rejects.toThrow(
      'rollup.UnknownBlock',
    )
  })
})
