// SPDX-License-Identifier: Apache-2.0

// Missed rollup blocks: they open, other accounts rescue them, and settlement slashes the provers.

import { beforeAll, describe, expect, test } from 'vitest'
import { alice, fund, oneToken, setParameters, total } from '../src/accounts.ts'
import { account, clock, constant, eventsAfter, height, named, submit } from '../src/chain.ts'
import { members } from '../src/pool.ts'
import { type Drawn, draw, positions, propose, proveBlock, unsettled } from '../src/rollup.ts'
import { payload } from '../src/transfer-rollup.ts'
import { useChain } from './chain.ts'
import {
  COOLDOWN,
  type DrawnBlock,
  EMPTY,
  noProof,
  proposer,
  proverOf,
  RESCUER_SHARE,
  stranger,
  useRollup,
} from './rollup.ts'

const WINDOW = 60

const chain = useChain()
const rollup = useRollup(chain, { window: WINDOW })

describe('a missed block', () => {
  let missed: DrawnBlock
  let waiting: DrawnBlock
  let own: DrawnBlock
  let before: Record<string, number>
  let start: number

  test('is reserved until its deadline, and opens in the next block', async () => {
    const { api } = chain
    before = await rollup.capacities()
    ;[missed, waiting, own] = await rollup.proposeAndDraw(payload([0, 1, 100]), EMPTY, EMPTY)
    await rollup.proveAndSubmit(waiting, proverOf(waiting))
    start = await height(api)
    await rollup.pass(missed.deadline, 0)
    expect((await unsettled(api, missed.id)).phase.type).toBe('Assigned')
    const calls = [proveBlock(api, missed, stranger, noProof)]
    await chain.makeBlocks(1)

    const events = await eventsAfter(api, start)
    const misses = named(events, 'rollup.AssignmentMissed')
    expect(misses.map(({ blockId, prover }) => [blockId.toNumber(), prover.toString()])).toEqual([
      [missed.id, missed.prover],
      [own.id, own.prover],
    ])
    // No slash and no release before the settlement.
    expect(named(events, 'proverPool.Slashed')).toEqual([])
    const free = { ...before }
    for (const { prover } of [missed, waiting, own]) free[prover!] -= 1
    expect(await rollup.capacities()).toEqual(free)
    expect(await rollup.open()).toEqual([missed.id, own.id])
    expect(await rollup.errorsOf(calls, stranger)).toEqual(['rollup.WrongParentState'])
  })

  test('is rescued in the order of the blocks', async () => {
    const { api } = chain
    const late = await rollup.prove(own, proverOf(own))
    const call = proveBlock(api, own, proverOf(own), late)
    expect(await rollup.errorsOf([call], proverOf(own))).toEqual(['rollup.NotNext'])

    const { events } = await rollup.proveAndSubmit(missed, stranger)
    const [proven] = named(events, 'rollup.BlockProven')
    expect(proven.prover.unwrap().toString()).toBe(stranger.address)
    await chain.makeBlocks(1)
    expect((await positions(api)).proven).toBe(waiting.id)
    // An assigned prover can prove the block that it missed, and is still slashed.
    await submit(call, proverOf(own))
    expect(await rollup.open()).toEqual([])
  })

  test('slashes its prover at the settlement, and pays its rescuer a bounty', async () => {
    const { api } = chain
    const stakeOf = async (who: string) =>
      (await members(api)).find((member) => member.who === who)!.stake
    const stake = await stakeOf(missed.prover!)
    const start = await height(api)
    const balance = await total(api, stranger)
    await rollup.pass(await clock(api), COOLDOWN)

    const events = await eventsAfter(api, start)
    const slashes = named(events, 'proverPool.Slashed')
    expect(slashes.map(({ blockId, who }) => [blockId.toNumber(), who.toString()])).toEqual([
      [missed.id, missed.prover],
      [own.id, own.prover],
    ])
    const settled = named(events, 'rollup.BlockSettled')
    expect(settled.map(({ blockId }) => blockId.toNumber())).toEqual([
      missed.id,
      waiting.id,
      own.id,
    ])
    const [{ reward, slashed, bounty, prover }, inTime] = settled
    expect(prover.unwrap().toString()).toBe(stranger.address)
    // 25 basis points, which is more than four times the reward.
    const slash = BigInt(Math.floor((stake * 25) / 10_000)) * oneToken(api)
    expect(slashed.toBigInt()).toBe(slash)
    expect(slashes[0].amount.toBigInt() * oneToken(api)).toBe(slash)
    const share = (slash * BigInt(RESCUER_SHARE)) / 10_000n
    const bound = (reward.toBigInt() * constant(chain.api, 'rollup', 'bountyMultiplier')) / 10_000n
    expect(bounty.toBigInt()).toBe(share < bound ? share : bound)
    expect(await total(api, stranger)).toBe(balance + reward.toBigInt() + bounty.toBigInt())
    expect([inTime.slashed, inTime.bounty].map(Number)).toEqual([0, 0])
    expect(await rollup.capacities()).toEqual(before)
  })
})

describe('more missed blocks than one sweep opens', () => {
  const crowd = account('//Misses//Crowd')
  const WAIT = 240
  let blocks: Drawn[]

  beforeAll(async () => {
    const { api } = chain
    await submit(fund(api, [crowd], 2_000_100), alice)
    await submit(api.tx.proverPool.stake(2_000_000, 10_000, 200), crowd)
  })

  const proposeMany = (count: number) => propose(chain.api, proposer, Array(count).fill(EMPTY), 1)

  test('share a deadline, because none is before that of an earlier block', async () => {
    const { api } = chain
    await submit(setParameters(api, { Rollup: { MinProofWindow: WAIT } }), alice)
    await chain.makeBlocks(1)
    const [first] = await draw(chain, await proposeMany(1))
    await submit(setParameters(api, { Rollup: { MinProofWindow: WINDOW } }), alice)
    const sweep = Number(constant(chain.api, 'rollup', 'maxSweptPerBlock'))
    const rest = []
    while (rest.length < sweep) rest.push(...(await proposeMany(Math.min(44, sweep - rest.length))))
    blocks = [first, ...(await draw(chain, rest))]
    expect(new Set(blocks.map(({ deadline }) => deadline))).toEqual(new Set([first.deadline]))
  })

  test('take no proof after the deadline until the sweep has passed', async () => {
    const { api } = chain
    const [{ deadline }] = blocks
    const [next, last] = [blocks[1], blocks.at(-1)!]
    await chain.advance(deadline + 1 - (await clock(api)))
    const start = await height(api)
    // These calls are in the first block after the deadline, which sweeps all blocks but the last.
    const calls = [next, last].map((block) => proveBlock(api, block, stranger, noProof))
    expect(await rollup.errorsOf(calls, stranger)).toEqual([
      'rollup.NotNext',
      'rollup.DeadlinePassed',
    ])
    await chain.makeBlocks(1)
    expect(await rollup.errorsOf(calls, stranger)).toEqual(['rollup.NotNext', 'rollup.NotNext'])
    const misses = named(await eventsAfter(api, start), 'rollup.AssignmentMissed')
    expect(misses.map(({ blockId }) => blockId.toNumber())).toEqual(blocks.map(({ id }) => id))
  })
})
