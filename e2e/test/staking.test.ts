// SPDX-License-Identifier: Apache-2.0

// Entries, refusals, exits and withdrawals of the pool.

import type { Option } from '@polkadot/types'
import { beforeAll, describe, expect, test } from 'vitest'
import { alice, feesOf, fund, oneToken, setParameters, stakesOnHold } from '../src/accounts.ts'
import { account, eventsAfter, height, named, submit, type Tx } from '../src/chain.ts'
import { members } from '../src/pool.ts'
import { ANY_FEE } from '../src/rollup.ts'
import type { Json, Staker } from '../src/types.ts'
import { useChain } from './chain.ts'

const chain = useChain()

/** The minimum. */
const EXIT_PERIOD = 60
const MIN_CHANGE_DELAY = 30

beforeAll(async () => {
  const times = { ExitPeriod: EXIT_PERIOD, MinChangeDelay: MIN_CHANGE_DELAY }
  await submit(setParameters(chain.api, { ProverPool: times }), alice)
})

const read = async <Value>(call: Promise<Json<Value>>) => (await call).toJSON()

describe('a prover', () => {
  const prover = account('//Staking//Prover')
  const funds = 200_000
  let start: number

  const send = (call: Tx) => submit(call, prover)

  test('is refused with a bad offer', async () => {
    const { stake, exit } = chain.api.tx.proverPool
    start = await height(chain.api)
    await submit(fund(chain.api, [prover], funds), alice)
    for (const [amount, price, capacity] of [
      [50_000, 0, 5],
      [50_000, 10, 4],
      [49_999, 10, 5],
      [0, 10, 5],
      [0, 0, 5],
    ]) {
      await expect(submit(stake(amount, price, capacity), prover)).rejects.toThrow(
        'proverPool.InvalidParams',
      )
    }
    await expect(submit(stake(0, 0, 0), prover)).rejects.toThrow('proverPool.NotInPool')
    await expect(submit(exit(), prover)).rejects.toThrow('proverPool.NotInPool')
    await expect(submit(stake(funds, 10, 5), prover)).rejects.toThrow('token.FundsUnavailable')
    expect(await members(chain.api)).toHaveLength(2)
  })

  test('stakes', async () => {
    const events = await send(chain.api.tx.proverPool.stake(100_000, 12, 10))
    const [{ who, amount, rewardPerGas, currentCapacity }] = named(events, 'proverPool.Staked')
    expect(who.toString()).toBe(prover.address)
    expect([amount, rewardPerGas, currentCapacity].map(Number)).toEqual([100_000, 12, 10])
    expect((await members(chain.api))[2]).toMatchObject({
      id: 3,
      who: prover.address,
      stake: 100_000,
    })
    const holds = await stakesOnHold(chain.api)
    expect(holds[prover.address]).toBe(100_000n * oneToken(chain.api))
  })

  test('keeps its place for the minimum time', async () => {
    const { stake, exit } = chain.api.tx.proverPool
    await expect(submit(exit(), prover)).rejects.toThrow('proverPool.ChangeTooFrequent')
    await expect(submit(stake(120_000, 12, 10), prover)).rejects.toThrow(
      'proverPool.ChangeTooFrequent',
    )
  })

  test('changes its place with one batch of calls', async () => {
    await chain.advance(MIN_CHANGE_DELAY)
    const { proverPool, system, utility } = chain.api.tx
    const events = await send(
      utility.batchAll([system.remark('0x00'), proverPool.stake(80_000, 11, 8)]),
    )
    const [{ amount }] = named(events, 'proverPool.Exited')
    expect(amount.toNumber()).toBe(100_000)
    expect((await members(chain.api))[2]).toMatchObject({ id: 3, stake: 80_000, price: 11 })
    const { getStaker } = chain.api.call.proverPoolApi
    const [staker] = await read(getStaker<Json<[object, object]>>(prover.address))
    expect(staker).toMatchObject({ exitAmount: 20_000, maxCapacity: 8, proverId: 3 })
  })

  test('leaves with three zeros', async () => {
    await chain.advance(MIN_CHANGE_DELAY)
    const events = await send(chain.api.tx.proverPool.stake(0, 0, 0))
    const [{ who, amount }] = named(events, 'proverPool.Exited')
    expect([who.toString(), amount.toNumber()]).toEqual([prover.address, 80_000])
    expect(await members(chain.api)).toHaveLength(2)
    // The earlier exit is still there. Its period restarted with the new amount.
    const holds = await stakesOnHold(chain.api)
    expect(holds[prover.address]).toBe(100_000n * oneToken(chain.api))
  })

  test('waits for its tokens', async () => {
    const { withdraw } = chain.api.tx.proverPool
    await expect(submit(withdraw(), prover)).rejects.toThrow('proverPool.NoMatureExit')
  })

  test('withdraws every token', async () => {
    await chain.advance(EXIT_PERIOD + 1)
    const events = await send(chain.api.tx.proverPool.withdraw())
    const [{ who, amount }] = named(events, 'proverPool.Withdrawn')
    expect([who.toString(), amount.toNumber()]).toEqual([prover.address, 100_000])
    const { data } = await chain.api.query.system.account(prover.address)
    const fees = feesOf(prover.address, await eventsAfter(chain.api, start))
    expect(data.reserved.toBigInt()).toBe(0n)
    expect(data.free.toBigInt()).toBe(BigInt(funds) * oneToken(chain.api) - fees)
    const entry = await chain.api.query.proverPool.stakers<Option<Staker>>(prover.address)
    expect(entry.isNone).toBe(true)
    await expect(submit(chain.api.tx.proverPool.withdraw(), prover)).rejects.toThrow(
      'proverPool.NoMatureExit',
    )
  })
})

describe('a hot key', () => {
  const owner = account('//Staking//Owner')
  const hotKey = account('//Staking//HotKey')

  const byProxy = (call: Tx) => submit(chain.api.tx.proxy.proxy(owner.address, null, call), hotKey)

  test('is appointed', async () => {
    await submit(fund(chain.api, [owner], 100_000), alice)
    await submit(fund(chain.api, [hotKey], 10), alice)
    // polkadot.js types the proxies of another chain.
    const addProxy = chain.api.tx.proxy.addProxy as (key: string, type: string, delay: number) => Tx
    await submit(addProxy(hotKey.address, 'Prover', 0), owner)
  })

  test('makes the calls of a prover', async () => {
    const { stake, exit, withdraw } = chain.api.tx.proverPool
    await byProxy(stake(50_000, 10, 5))
    expect((await members(chain.api))[2].who).toBe(owner.address)
    await chain.advance(MIN_CHANGE_DELAY)
    await byProxy(chain.api.tx.utility.batchAll([exit()]))
    await chain.advance(EXIT_PERIOD + 1)
    await byProxy(withdraw())
    expect(await stakesOnHold(chain.api)).not.toHaveProperty(owner.address)
  })

  test('makes no other calls', async () => {
    const { balances, proxy, rollup, utility } = chain.api.tx
    const transfer = balances.transferKeepAlive(hotKey.address, 1)
    for (const call of [
      transfer,
      utility.batchAll([transfer]),
      proxy.addProxy(hotKey.address, 'Any', 0),
      rollup.proposeBlock('0x00', 1, ANY_FEE),
    ]) {
      await expect(byProxy(call)).rejects.toThrow('system.CallFiltered')
    }
  })
})

describe('an operator', () => {
  const owner = account('//Staking//Owner')
  const operator = account('//Staking//Operator')
  const stranger = account('//Staking//HotKey')

  const operatorOf = async () => read(chain.api.query.proverPool.operators(owner.address))

  test('is named by a prover', async () => {
    const { setOperator, stake } = chain.api.tx.proverPool
    await submit(fund(chain.api, [operator], 10), alice)
    await expect(submit(setOperator(operator.address), owner)).rejects.toThrow(
      'proverPool.NotInPool',
    )
    await submit(stake(50_000, 10, 5), owner)
    const events = await submit(setOperator(operator.address), owner)
    const [set] = named(events, 'proverPool.OperatorSet')
    expect(set.who.toString()).toBe(owner.address)
    expect(set.operator.toString()).toBe(operator.address)
    expect(await operatorOf()).toBe(operator.address)
  })

  test('leaves the pool for the prover, as the prover itself can', async () => {
    const { exitFor } = chain.api.tx.proverPool
    await expect(submit(exitFor(owner.address), stranger)).rejects.toThrow('proverPool.NotOperator')
    await expect(submit(exitFor(owner.address), operator)).rejects.toThrow(
      'proverPool.ChangeTooFrequent',
    )
    await chain.advance(MIN_CHANGE_DELAY)
    const events = await submit(exitFor(owner.address), operator)
    const [exited] = named(events, 'proverPool.Exited')
    expect([exited.who.toString(), exited.amount.toNumber()]).toEqual([owner.address, 50_000])
    await expect(submit(exitFor(owner.address), operator)).rejects.toThrow('proverPool.NotInPool')
  })

  test('is removed with the last of the stake', async () => {
    expect(await operatorOf()).toBe(operator.address)
    await chain.advance(EXIT_PERIOD + 1)
    await submit(chain.api.tx.proverPool.withdraw(), owner)
    expect(await operatorOf()).toBe(null)
    await expect(submit(chain.api.tx.proverPool.exitFor(owner.address), operator)).rejects.toThrow(
      'proverPool.NotOperator',
    )
  })
})

describe('a full pool', () => {
  // They fill it together with the two provers of genesis. Ferdie has the smallest stake, 50,000.
  const provers = Array.from({ length: 30 }, (_, index) => account(`//Staking//Full//${index}`))
  const newcomer = account('//Staking//Newcomer')
  const ferdie = account('//Ferdie')

  test('has 32 members', async () => {
    await submit(fund(chain.api, [...provers, newcomer], 60_000), alice)
    await Promise.all(
      provers.map((prover, index) =>
        submit(chain.api.tx.proverPool.stake(50_001 + index, 10, 5), prover),
      ),
    )
    expect(await members(chain.api)).toHaveLength(32)
    expect(await read(chain.api.call.proverPoolApi.entryPrice())).toBe(50_001)
  })

  test('refuses a stake that is not above the smallest', async () => {
    await expect(submit(chain.api.tx.proverPool.stake(50_000, 10, 5), newcomer)).rejects.toThrow(
      'proverPool.ProverNotGoodEnough',
    )
  })

  test('replaces the smallest', async () => {
    const events = await submit(chain.api.tx.proverPool.stake(50_500, 10, 5), newcomer)
    const [{ who, amount }] = named(events, 'proverPool.Exited')
    expect([who.toString(), amount.toNumber()]).toEqual([ferdie.address, 50_000])
    expect((await members(chain.api))[1]).toMatchObject({ id: 2, who: newcomer.address })
    expect(await read(chain.api.call.proverPoolApi.entryPrice())).toBe(50_002)
  })

  test('lets the replaced member withdraw its tokens', async () => {
    await expect(submit(chain.api.tx.proverPool.withdraw(), ferdie)).rejects.toThrow(
      'proverPool.NoMatureExit',
    )
    await chain.advance(EXIT_PERIOD + 1)
    const events = await submit(chain.api.tx.proverPool.withdraw(), ferdie)
    const [{ amount }] = named(events, 'proverPool.Withdrawn')
    expect(amount.toNumber()).toBe(50_000)
  })
})
