// SPDX-License-Identifier: Apache-2.0

// Two prover programs and a node. They stake, prove and are paid. One is killed, is slashed, and
// starts again.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { u32, u64, u128 } from '@polkadot/types'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { alice, feesOf, fund, oneToken, setParameters, total } from '../src/accounts.ts'
import { account, constant, eventsAfter, height, named, submit } from '../src/chain.ts'
import { members } from '../src/pool.ts'
import { Operator } from '../src/prover.ts'
import { type Drawn, draw, hasTransition, isProven, positions, propose } from '../src/rollup.ts'
import { makeProvingKey, payload } from '../src/transfer-rollup.ts'
import type { PastEvent } from '../src/types.ts'
import { PROVERS_TIMEOUT_MS, until } from '../src/waits.ts'
import { useChain } from './chain.ts'

/** 100 seconds by the wall clock, with a block each second. */
const WINDOW = 600
const COOLDOWN = 60
const CAPACITY = 2
const STAKE = 20_000
const PRICE = 10_000
const GAS_LIMIT = 200_000

// The programs need a node's transaction pool, finality and restarts, which chopsticks lacks.
const isNode = process.env.CHAIN === 'node'

describe.skipIf(!isNode)('two provers (skipped without the node: CHAIN=node)', () => {
  const chain = useChain({ finalizes: true })
  const proposer = account('//Bob')
  const keys = { ada: account('//Provers//Ada'), ben: account('//Provers//Ben') }

  let ada: Operator
  let ben: Operator
  let folder: string
  let start: number
  let before: Record<string, bigint>
  const history: PastEvent[] = []

  /** Returns all events since before the provers staked. */
  async function events(): Promise<PastEvent[]> {
    history.push(...(await eventsAfter(chain.api, history.at(-1)?.block ?? start)))
    return history
  }

  /** Proposes as many blocks as the pool takes: each prover is drawn for `CAPACITY` of them. */
  async function proposeAll(): Promise<Drawn[]> {
    const payloads = Array.from({ length: 2 * CAPACITY }, (_, index) =>
      payload([index, index + 1, 1_000], [index + 2, 15, 10]),
    )
    const blocks = await draw(chain, await propose(chain.api, proposer, payloads, GAS_LIMIT))
    for (const key of Object.values(keys)) {
      expect(assignedTo(blocks, key)).toHaveLength(CAPACITY)
    }
    return blocks
  }

  /** Waits until a condition holds, which `what` names, while both programs run, or one of them. */
  const reach = (what: string, holds: () => Promise<boolean>, running = [ada, ben]) =>
    until(PROVERS_TIMEOUT_MS, `${what}; see the logs in build`, async () => {
      for (const operator of running) operator.check()
      return holds()
    })

  const areProven = (blocks: Drawn[], running?: Operator[]) => {
    const { id } = blocks.at(-1)!
    return reach(`the proof of block ${id}`, () => isProven(chain.api, id), running)
  }
  const haveTransitions = (blocks: Drawn[], running?: Operator[]) => {
    const ids = blocks.map(({ id }) => id)
    const all = () => Promise.all(ids.map((id) => hasTransition(chain.api, id)))
    const what = `the transitions of blocks ${ids.join(', ')}`
    return reach(what, async () => (await all()).every(Boolean), running)
  }

  /** Waits until all proven blocks are settled. */
  async function settle(blocks: Drawn[]) {
    await chain.advance(COOLDOWN)
    await chain.makeBlocks(1)
    expect((await positions(chain.api)).settled).toBe(blocks.at(-1)!.id)
  }

  const assignedTo = (blocks: Drawn[], { address }: { address: string }) =>
    blocks.filter(({ prover }) => prover === address)
  const idsOf = (events: { blockId: u64 }[]) => events.map(({ blockId }) => blockId.toNumber())
  const provenBy = async ({ address }: { address: string }) =>
    idsOf(
      named(await events(), 'rollup.BlockProven').filter(
        ({ prover }) => prover.unwrap().toString() === address,
      ),
    )

  const sum = (amounts: (u32 | u128)[]): bigint =>
    amounts.reduce((sum, amount) => sum + amount.toBigInt(), 0n)

  /** Returns the earnings of an account, in the smallest unit, and its slashes, in tokens. */
  async function accountOf({ address }: { address: string }) {
    const happened = await events()
    const paid = named(happened, 'rollup.BlockSettled').filter(({ prover }) =>
      prover.unwrap().eq(address),
    )
    const slashed = named(happened, 'proverPool.Slashed').filter(({ who }) => who.eq(address))
    return {
      earned: sum(paid.flatMap(({ reward, bounty }) => [reward, bounty])),
      slashed: sum(slashed.map(({ amount }) => amount)),
    }
  }

  /** Returns an amount in tokens, exactly. */
  function tokens(amount: bigint): string {
    const one = oneToken(chain.api)
    const digits = one.toString().length - 1
    const fraction = (amount % one).toString().padStart(digits, '0').replace(/0+$/, '')
    return fraction ? `${amount / one}.${fraction}` : `${amount / one}`
  }

  beforeAll(async () => {
    const { api } = chain
    folder = mkdtempSync(join(tmpdir(), 'provers-'))
    const operator = (name: string) =>
      new Operator(name, `//Provers//${name}`, chain.url, join(folder, name))
    ;[ada, ben] = [operator('Ada'), operator('Ben')]
    const parameters = {
      ProverPool: { MinChangeDelay: 0, MinCapacity: CAPACITY },
      Rollup: { MinProofWindow: WINDOW, Cooldown: COOLDOWN },
    }
    await submit(setParameters(api, parameters), alice)
    await submit(fund(api, Object.values(keys), 2 * STAKE), alice)
    // The provers of genesis have no program.
    for (const uri of ['//Eve', '//Ferdie']) await submit(api.tx.proverPool.exit(), account(uri))
    await makeProvingKey()
    start = await height(api)
    before = await balances()
  })
  afterAll(async () => {
    await Promise.all([ada, ben].map((operator) => operator?.end('SIGKILL')))
    if (folder) rmSync(folder, { recursive: true })
  })

  async function balances(): Promise<Record<string, bigint>> {
    const all = { ...keys, proposer }
    const entries = Object.entries(all).map(async ([name, key]) => [
      name,
      await total(chain.api, key),
    ])
    return Object.fromEntries(await Promise.all(entries))
  }

  test('stake by their command', async () => {
    await expect(ada.stake(1, PRICE, CAPACITY)).rejects.toThrow('the pool would refuse this stake')
    for (const operator of [ada, ben]) {
      const output = await operator.stake(STAKE, PRICE, CAPACITY)
      expect(output).toContain(`a stake of ${STAKE} tokens`)
    }
    const offer = { stake: STAKE, price: PRICE, capacity: CAPACITY }
    expect(await members(chain.api)).toMatchObject([
      { who: keys.ada.address, ...offer },
      { who: keys.ben.address, ...offer },
    ])
  })

  test('prove the blocks that they are drawn for, and are paid', async () => {
    await Promise.all([ada.start(), ben.start()])
    const blocks = await proposeAll()
    await areProven(blocks)
    await settle(blocks)
    for (const key of Object.values(keys)) {
      const own = assignedTo(blocks, key).map(({ id }) => id)
      expect(await provenBy(key)).toEqual(own)
    }
  })

  test('rescue the blocks of a killed prover', async () => {
    const { api } = chain
    expect(await ben.end('SIGKILL')).toBe(null)
    const blocks = await proposeAll()
    const missed = assignedTo(blocks, keys.ben).map(({ id }) => id)
    await haveTransitions(assignedTo(blocks, keys.ada), [ada])
    await chain.advance(WINDOW)
    await areProven(blocks, [ada])
    await settle(blocks)

    const happened = await events()
    const slashed = named(happened, 'proverPool.Slashed')
    expect(idsOf(slashed)).toEqual(missed)
    const misses = named(happened, 'rollup.AssignmentMissed')
    expect(idsOf(misses)).toEqual(missed)
    const settled = named(happened, 'rollup.BlockSettled')
    for (const [index, id] of missed.entries()) {
      expect(slashed[index].who.toString()).toBe(keys.ben.address)
      const [{ prover, reward, bounty, ...rest }] = settled.filter(
        ({ blockId }) => blockId.toNumber() === id,
      )
      expect(prover.unwrap().toString()).toBe(keys.ada.address)
      const slash = slashed[index].amount.toBigInt() * oneToken(api)
      expect(rest.slashed.toBigInt()).toBe(slash)
      const share = (slash * constant(api, 'rollup', 'rescuerShare')) / 10_000n
      const bound = (reward.toBigInt() * constant(api, 'rollup', 'bountyMultiplier')) / 10_000n
      expect(bound).toBeGreaterThan(0n)
      expect(bounty.toBigInt()).toBe(share < bound ? share : bound)
    }
  })

  test('resume after they were killed, with no block missed or proven twice', async () => {
    await ben.start()
    const blocks = await proposeAll()
    const own = assignedTo(blocks, keys.ben)
    await areProven([own[0]])
    // It is still proving.
    await ben.end('SIGKILL')
    await ben.start()
    await areProven(blocks)
    await settle(blocks)

    const happened = await events()
    const proven = named(happened, 'rollup.BlockProven')
    expect(proven).toHaveLength(3 * blocks.length)
    expect(new Set(idsOf(proven)).size).toBe(proven.length)
    expect((await provenBy(keys.ben)).slice(-CAPACITY)).toEqual(own.map(({ id }) => id))
    expect(named(happened, 'proverPool.Slashed')).toHaveLength(CAPACITY)
    // No proof was sent a second time.
    expect(named(happened, 'system.ExtrinsicFailed')).toEqual([])
  })

  test('have exactly the balances that the events imply', async () => {
    const happened = await events()
    const after: typeof before = {}
    for (const [name, key] of Object.entries(keys)) {
      const { earned, slashed } = await accountOf(key)
      after[name] =
        before[name] + earned - slashed * oneToken(chain.api) - feesOf(key.address, happened)
    }
    const rewards = sum(named(happened, 'rollup.BlockSettled').map(({ reward }) => reward))
    after.proposer = before.proposer - rewards - feesOf(proposer.address, happened)
    expect(await balances()).toEqual(after)
    const [ofAda, ofBen] = [await accountOf(keys.ada), await accountOf(keys.ben)]
    expect(ofAda.earned).toBeGreaterThan(ofBen.earned)
    expect([ofAda.slashed > 0n, ofBen.slashed > 0n]).toEqual([false, true])
    // Accepted proofs are free: each paid for its offer.
    const paid = named(happened, 'transactionPayment.TransactionFeePaid')
      .filter(({ actualFee }) => !actualFee.isZero())
      .map(({ who }) => who.toString())
    expect(paid.filter((who) => who === keys.ada.address)).toHaveLength(1)
    expect(paid.filter((who) => who === keys.ben.address)).toHaveLength(1)
  })

  test('report the values of the chain', async () => {
    const { api } = chain
    const latest = await height(api)
    for (const [operator, key] of [
      [ada, keys.ada],
      [ben, keys.ben],
    ] as const) {
      await reach(
        `block ${latest} in the metrics of ${operator.name}`,
        async () => (await operator.metrics()).prover_pool_scanned_block >= latest,
      )
      const metrics = await operator.metrics()
      const { member, books, ...status } = await operator.status()

      const [{ stake }] = (await members(api)).filter(({ who }) => who === key.address)
      expect(member).toMatchObject({
        ...{ stake, price: PRICE },
        ...{ free_capacity: CAPACITY, max_capacity: CAPACITY },
      })
      expect(metrics.prover_pool_stake_tokens).toBe(stake)
      expect(metrics.prover_pool_capacity_blocks).toBe(CAPACITY)
      expect(status).toMatchObject({ outstanding: 0, to_prove: [] })
      expect(metrics.prover_pool_outstanding_blocks).toBe(0)
      expect(metrics.prover_pool_pending_blocks).toBe(0)
      expect(metrics.prover_pool_next_deadline_seconds).toBe(Number.POSITIVE_INFINITY)

      const { earned, slashed } = await accountOf(key)
      const proven = (await provenBy(key)).length
      const missed = key === keys.ben ? CAPACITY : 0
      // The program paid no fee. Those of the stakes were paid before it started.
      const fees = '0'
      expect(books).toMatchObject({
        ...{ earned: tokens(earned), slashed: Number(slashed) },
        ...{ proven, missed, fees },
      })
      expect(metrics.prover_pool_earned_tokens).toBeCloseTo(Number(tokens(earned)), 9)
      expect(metrics.prover_pool_slashed_tokens_total).toBe(Number(slashed))
      expect(metrics.prover_pool_settled_blocks_total).toBe(proven)
      expect(metrics.prover_pool_missed_blocks_total).toBe(missed)
      expect(metrics.prover_pool_failures_total).toBe(0)
      expect(metrics.prover_pool_alarm).toBe(undefined)
      expect(metrics.prover_pool_up).toBe(1)
    }
  })

  test('stop on a signal', async () => {
    expect(await ada.end('SIGTERM')).toBe(0)
    expect(await ben.end('SIGTERM')).toBe(0)
  })
})
