// SPDX-License-Identifier: Apache-2.0

// Overrides of state roots, and their effects on later blocks.

import { describe, expect, test } from 'vitest'
import { alice, total } from '../src/accounts.ts'
import { clock, eventsAfter, height, named, submit } from '../src/chain.ts'
import { positions, proveBlock, unsettled } from '../src/rollup.ts'
import { payload } from '../src/transfer-rollup.ts'
import { useChain } from './chain.ts'
import {
  asRoot,
  COOLDOWN,
  type DrawnBlock,
  EMPTY,
  noProof,
  type ProposedBlock,
  proposer,
  proverOf,
  provers,
  stranger,
  useRollup,
} from './rollup.ts'

const chain = useChain()
const rollup = useRollup(chain, { window: 240 })

const override = (id: number, stateRoot: string) => chain.api.tx.rollup.overrideBlock(id, stateRoot)
const overrideAsRoot = (id: number, stateRoot: string) =>
  submit(asRoot(chain.api, override(id, stateRoot)), alice)

/** Returns the blocks that these events open, with the reason. */
const openings = (events: Awaited<ReturnType<typeof eventsAfter>>) =>
  named(events, 'rollup.BlockOpened').map(({ blockId, reason }) => [
    blockId.toNumber(),
    reason.type,
  ])

const WRONG = `0x${'77'.repeat(32)}`

describe('an override', () => {
  let first: DrawnBlock
  let second: DrawnBlock
  let third: DrawnBlock
  let fourth: DrawnBlock
  let fifth: ProposedBlock
  let sixth: DrawnBlock
  let capacities: Record<string, number>
  let root: string
  let provenRoot: string
  let provenAt: number

  test('is for the root origin, up to the first unproven block', async () => {
    const { api } = chain
    capacities = await rollup.capacities()
    ;[first, second, third, fourth] = await rollup.proposeAndDraw(
      payload([0, 1, 100]),
      payload([1, 2, 50]),
      EMPTY,
      payload([3, 4, 5]),
    )
    provenAt = await clock(api)
    root = (await rollup.proveAndSubmit(first, proverOf(first))).proven.transition.stateRoot
    provenRoot = (await rollup.proveAndSubmit(second, proverOf(second))).proven.transition.stateRoot
    ;[fifth] = await rollup.propose(EMPTY)
    expect(
      await rollup.errorsOfRoot([
        override(first.id - 1, WRONG),
        override(fifth.id + 1, WRONG),
        override(fifth.id, WRONG),
        override(fourth.id, WRONG),
      ]),
    ).toEqual([
      'rollup.UnknownBlock',
      'rollup.UnknownBlock',
      'rollup.NotDrawn',
      'rollup.NotOverridable',
    ])
    await expect(submit(override(first.id, WRONG), stranger)).rejects.toThrow('BadOrigin')
    expect((await positions(api)).proven).toBe(second.id)
  })

  test('opens all later blocks, and stops the draws', async () => {
    const { api } = chain
    // The fifth block is drawn now.
    await chain.makeBlocks(1)
    const start = await height(api)
    const [event] = named(await overrideAsRoot(first.id, WRONG), 'rollup.BlockOverridden')
    expect([event.blockId.toNumber(), event.stateRoot.toHex()]).toEqual([first.id, WRONG])
    expect(await positions(api)).toMatchObject({ proven: first.id, provenRoot: WRONG })
    // They count as open at once. The sweep releases the capacity.
    const call = proveBlock(api, third, stranger, noProof)
    expect(await rollup.errorsOf([call], stranger)).toEqual(['rollup.NotNext'])
    expect(openings(await eventsAfter(api, start))).toEqual(
      [second.id, third.id, fourth.id, fifth.id].map((id) => [id, 'Overridden']),
    )
    expect(await rollup.open()).toEqual([second.id, third.id, fourth.id, fifth.id])
    expect(await rollup.capacities()).toEqual(capacities)
    for (const prover of provers) expect(await rollup.pending(prover)).toEqual([])

    ;[sixth] = await rollup.proposeAndDraw(EMPTY)
    expect(sixth.prover).toBe(null)
    expect(openings(await eventsAfter(api, sixth.after))).toEqual([[sixth.id, 'DrawsStopped']])
  })

  test('is undone by the proven state root', async () => {
    const { api } = chain
    const start = await height(api)
    await overrideAsRoot(first.id, root)
    await chain.makeBlocks(1)
    const [proven] = named(await eventsAfter(api, start), 'rollup.BlockProven')
    expect(proven.blockId.toNumber()).toBe(second.id)
    expect(proven.prover.unwrap().toString()).toBe(second.prover)
    expect(await positions(api)).toMatchObject({ proven: second.id, provenRoot })
  })

  test('slashes no prover, and restarts the cooldown', async () => {
    const { api } = chain
    const start = await height(api)
    const { transition } = await unsettled(api, first.id)
    const restartedAt = transition.unwrap().provenAt.unwrap().toNumber()
    await rollup.proveAndSubmit(third, stranger)
    await rollup.proveAndSubmit(fourth, stranger)
    await rollup.pass(provenAt, COOLDOWN)
    expect((await positions(api)).settled).toBe(first.id - 1)
    await rollup.pass(restartedAt, COOLDOWN)
    expect((await positions(api)).settled).toBeGreaterThanOrEqual(second.id)
    await rollup.pass(await clock(api), COOLDOWN)

    const events = await eventsAfter(api, start)
    expect(named(events, 'proverPool.Slashed')).toEqual([])
    const paid = named(events, 'rollup.BlockSettled').map(({ blockId, prover }) => [
      blockId.toNumber(),
      prover.unwrap().toString(),
    ])
    expect(paid).toEqual([
      [first.id, first.prover],
      [second.id, second.prover],
      [third.id, stranger.address],
      [fourth.id, stranger.address],
    ])
  })

  test('pays no prover for the overridden block', async () => {
    const { api } = chain
    // The state after another payload, so that later blocks can be proven.
    const right = await rollup.execute({ ...fifth, payload: payload([4, 5, 44]) })
    const { stateRoot } = right.transition
    await overrideAsRoot(fifth.id, stateRoot)
    const start = await height(api)
    const before = await total(api, proposer)
    await rollup.proveAndSubmit({ ...sixth, parent: right.balances }, stranger)
    rollup.continueFrom(right.balances)
    await rollup.pass(await clock(api), COOLDOWN)

    const [overridden, next] = named(await eventsAfter(api, start), 'rollup.BlockSettled')
    expect(overridden.blockId.toNumber()).toBe(fifth.id)
    expect(overridden.stateRoot.toHex()).toBe(stateRoot)
    expect(overridden.prover.isNone).toBe(true)
    expect(overridden.reward.toNumber()).toBe(0)
    expect(overridden.refund.toBigInt()).toBe(fifth.deposit)
    expect(next.prover.unwrap().toString()).toBe(stranger.address)
    expect(await total(api, proposer)).toBe(before - next.reward.toBigInt())
  })
})

describe('the draws', () => {
  test('are resumed by the root origin, once', async () => {
    const { api } = chain
    const call = api.tx.rollup.resumeDraws()
    await expect(submit(call, stranger)).rejects.toThrow('BadOrigin')
    const events = await submit(asRoot(api, call), alice)
    expect(named(events, 'rollup.DrawsResumed')).toHaveLength(1)
    expect(await rollup.errorsOfRoot([call])).toEqual(['rollup.DrawsNotStopped'])
  })

  test('assign blocks again, and an override cancels the slash of a missed one', async () => {
    const { api } = chain
    const [missed] = await rollup.proposeAndDraw(EMPTY)
    expect(missed.prover).not.toBe(null)
    const { transition } = await rollup.execute(missed)
    await rollup.pass(missed.deadline, 1)
    expect((await unsettled(api, missed.id)).phase.type).toBe('Missed')
    await overrideAsRoot(missed.id, transition.stateRoot)
    await rollup.pass(await clock(api), COOLDOWN)

    const events = await eventsAfter(api, missed.after)
    expect(named(events, 'rollup.AssignmentMissed')).toHaveLength(1)
    expect(named(events, 'proverPool.Slashed')).toEqual([])
    const [settled] = named(events, 'rollup.BlockSettled')
    expect(settled.prover.isNone).toBe(true)
    expect([settled.reward, settled.slashed, settled.bounty].map(Number)).toEqual([0, 0, 0])
  })
})
