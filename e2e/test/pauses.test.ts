// SPDX-License-Identifier: Apache-2.0

// A pause of the rollup, and undrawn blocks that the root origin opens.

import { describe, expect, test } from 'vitest'
import { alice } from '../src/accounts.ts'
import { clock, eventsAfter, height, named, submit } from '../src/chain.ts'
import { ANY_FEE, draw, positions, unsettled } from '../src/rollup.ts'
import { payload } from '../src/transfer-rollup.ts'
import type { ClockReading } from '../src/types.ts'
import { useChain } from './chain.ts'
import {
  asRoot,
  COOLDOWN,
  type DrawnBlock,
  EMPTY,
  GAS_LIMIT,
  type ProposedBlock,
  proposer,
  proverOf,
  stranger,
  useRollup,
} from './rollup.ts'

const WINDOW = 120
/** Number of blocks in which every cooldown and window would end if the clock advanced. */
const MANY = 25

const chain = useChain()
const rollup = useRollup(chain, { window: WINDOW })

const lostTime = async (): Promise<number> =>
  (await chain.api.call.rollupApi.clock<ClockReading>()).lost.toNumber()

describe('a pause', () => {
  let proven: DrawnBlock
  let assigned: DrawnBlock
  let undrawn: ProposedBlock
  let start: number
  let stopped: number

  test('is for the root origin, once', async () => {
    const { api } = chain
    const { pause, resume } = api.tx.rollup
    ;[proven, assigned] = await rollup.proposeAndDraw(payload([0, 1, 100]), payload([1, 2, 50]))
    await rollup.proveAndSubmit(proven, proverOf(proven))
    await expect(submit(pause(), stranger)).rejects.toThrow('BadOrigin')
    expect(await rollup.errorsOfRoot([resume()])).toEqual(['rollup.NotPaused'])
    ;[undrawn] = await rollup.propose(EMPTY)
    const events = await submit(asRoot(api, pause()), alice)
    expect(named(events, 'rollup.Paused')).toHaveLength(1)
    start = await height(api)
    stopped = await clock(api)
    expect(await rollup.errorsOfRoot([pause()])).toEqual(['rollup.Paused'])
    await expect(submit(resume(), stranger)).rejects.toThrow('BadOrigin')
  })

  test('refuses proposals', async () => {
    const call = chain.api.tx.rollup.proposeBlock(EMPTY, GAS_LIMIT, ANY_FEE)
    await expect(submit(call, proposer)).rejects.toThrow('rollup.Paused')
  })

  test('stops the clock, deadlines, draws and settlement', async () => {
    const { api } = chain
    const lost = await lostTime()
    const before = await positions(api)
    await chain.makeBlocks(MANY)
    expect(await clock(api)).toBe(stopped)
    expect(await lostTime()).toBe(lost + MANY * 6)
    expect(await positions(api)).toEqual(before)
    expect(await rollup.pending(proverOf(assigned))).toEqual([assigned.id])
    await expect(chain.advance(1)).rejects.toThrow('stands still')
  })

  test('accepts proofs', async () => {
    const { events } = await rollup.proveAndSubmit(assigned, proverOf(assigned))
    expect(named(events, 'rollup.BlockProven')).toHaveLength(1)
    expect((await positions(chain.api)).proven).toBe(assigned.id)
  })

  test('ends without a change of state', async () => {
    const { api } = chain
    const { phase } = await unsettled(api, undrawn.id)
    expect(phase.type).toBe('Undrawn')
    const events = await submit(asRoot(api, api.tx.rollup.resume()), alice)
    expect(named(events, 'rollup.Resumed')).toHaveLength(1)
    // The block that resumes counts.
    expect(await clock(api)).toBe(stopped + 6)
    const [drawn] = await draw(chain, [undrawn])
    expect(drawn.deadline).toBeGreaterThanOrEqual(stopped + WINDOW)
    await rollup.proveAndSubmit({ ...undrawn }, proverOf(drawn))
    await rollup.pass(await clock(api), COOLDOWN)
    const settled = named(await eventsAfter(api, start), 'rollup.BlockSettled')
    expect(settled.map(({ blockId, slashed }) => [blockId, slashed].map(Number))).toEqual(
      [proven.id, assigned.id, undrawn.id].map((id) => [id, 0]),
    )
  })
})

describe('undrawn blocks', () => {
  test('are opened by the root origin', async () => {
    const { api } = chain
    const { openUndrawn, pause, resume } = api.tx.rollup
    const [first, second, third] = await rollup.propose(payload([2, 3, 9]), EMPTY, EMPTY)
    // A chain without seeds draws nothing, as a paused one.
    await submit(asRoot(api, pause()), alice)
    await expect(submit(openUndrawn(first.id), stranger)).rejects.toThrow('BadOrigin')
    expect(
      await rollup.errorsOfRoot([openUndrawn(third.id + 1), openUndrawn(first.id - 1)]),
    ).toEqual(['rollup.UnknownBlock', 'rollup.AlreadyDrawn'])

    const start = await height(api)
    expect(await rollup.errorsOfRoot([openUndrawn(second.id)])).toEqual([null])
    const opened = named(await eventsAfter(api, start), 'rollup.BlockOpened')
    expect(opened.map(({ blockId, reason }) => [blockId.toNumber(), reason.type])).toEqual([
      [first.id, 'ByOrigin'],
      [second.id, 'ByOrigin'],
    ])
    expect(await rollup.open()).toEqual([first.id, second.id])
    await rollup.proveAndSubmit(first, stranger)

    await submit(asRoot(api, resume()), alice)
    const [drawn] = await draw(chain, [third])
    expect(drawn.prover).not.toBe(null)
    await rollup.proveAndSubmit(second, stranger)
    await rollup.proveAndSubmit(third, proverOf(drawn))
    expect((await positions(api)).proven).toBe(third.id)
  })
})
