// SPDX-License-Identifier: Apache-2.0

// Proposals of rollup blocks and their draws: costs, refusals, and the shares of the provers.

import type { KeyringPair } from '@polkadot/keyring/types'
import type { Option, u32, u128 } from '@polkadot/types'
import { bnToU8a, u8aConcat, u8aToHex } from '@polkadot/util'
import { beforeAll, describe, expect, test } from 'vitest'
import { alice, depositsOnHold, fund, setParameters } from '../src/accounts.ts'
import { account, constant, eventsAfter, named, submit } from '../src/chain.ts'
import { members } from '../src/pool.ts'
import * as rollup from '../src/rollup.ts'
import type { RollupState } from '../src/types.ts'
import { useChain } from './chain.ts'

const chain = useChain()

const GAS_LIMIT = 30_000_000
const PAYLOAD = '0x00'
const PAYLOAD_SIZE = 1

const proposer = account('//Bob')
// Enough capacity for all draws, because these tests prove no blocks.
const stakers = [
  { key: account('//Proposals//Large'), stake: 1_500_000, price: 10_000, capacity: 150 },
  { key: account('//Proposals//Cheap'), stake: 1_000_000, price: 8_000, capacity: 100 },
  { key: account('//Proposals//Dear'), stake: 1_000_000, price: 12_000, capacity: 100 },
]
const provers = [...stakers.map(({ key }) => key), account('//Eve'), account('//Ferdie')]

/** Proposes blocks in one transaction, and waits until they are drawn. */
const proposeAndDraw = async (count: number) =>
  rollup.draw(
    chain,
    await rollup.propose(chain.api, proposer, Array(count).fill(PAYLOAD), GAS_LIMIT),
  )

const proposal = (gasLimit: number, maxFee = rollup.ANY_FEE, payload = PAYLOAD) =>
  chain.api.tx.rollup.proposeBlock(payload, gasLimit, maxFee)

const feePerGas = async () => (await chain.api.call.rollupApi.feePerGas<u32>()).toNumber()

/** Returns the maximum price of a unit of gas: the fee and the tolerance of the pool. */
const maxPrice = async () => Math.floor((await feePerGas()) * 1.25)

/** Returns the deposit of a proposal with this gas limit now. */
const proposalCost = async (gasLimit: number, size = PAYLOAD_SIZE): Promise<bigint | null> =>
  (await chain.api.call.rollupApi.proposalCost<Option<u128>>(gasLimit, size))
    .unwrapOr(null)
    ?.toBigInt() ?? null

/** Returns the deposits of the proposer. */
const deposits = async () => (await depositsOnHold(chain.api))[proposer.address] ?? 0n

/** Returns the price of the gas charged at the limit. */
const priceOf = (gasLimit: number, size: number, price: number) =>
  (BigInt(gasLimit) +
    constant(chain.api, 'rollup', 'baseGas') +
    constant(chain.api, 'rollup', 'gasPerByte') * BigInt(size)) *
  BigInt(price)

beforeAll(async () => {
  const { api } = chain
  await submit(setParameters(api, { ProverPool: { MinChangeDelay: 0 } }), alice)
  await submit(
    fund(
      api,
      stakers.map(({ key }) => key),
      1_600_000,
    ),
    alice,
  )
  await Promise.all(
    stakers.map(({ key, stake, price, capacity }) =>
      submit(api.tx.proverPool.stake(stake, price, capacity), key),
    ),
  )
})

describe('the provers of a pool', () => {
  const drawn: Record<string, number> = {}
  const expected: Record<string, number> = {}

  test('are drawn at their prices, and have less capacity then', async () => {
    const fee = await feePerGas()
    // The effective price: the offered one, clamped to the fee plus or minus a quarter.
    const effective = (price: number) =>
      Math.min(Math.max(price, Math.ceil(fee * 0.75)), Math.floor(fee * 1.25))
    for (let round = 0; round < 6; round++) {
      const pool = await members(chain.api)
      for (const { prover, price } of await proposeAndDraw(40)) {
        const weights = pool.map(
          ({ stake, capacity, price }) => stake * capacity * (fee / effective(price)) ** 2,
        )
        const sum = weights.reduce((a, b) => a + b)
        pool.forEach(({ who }, index) => {
          expected[who] = (expected[who] ?? 0) + weights[index] / sum
        })
        const member = pool.find(({ who }) => who === prover)!
        expect(price).toBe(BigInt(effective(member.price)))
        member.capacity -= 1
        drawn[member.who] = (drawn[member.who] ?? 0) + 1
      }
      expect(await members(chain.api)).toEqual(pool)
    }
  })

  test('were drawn in the shares that their weights give', () => {
    for (const { address: who } of provers) {
      // Chernoff's bound: chance exceeds this value once in 10^11 runs, also if few draws are
      // expected.
      const [count, mean] = [drawn[who] ?? 0, expected[who]]
      const surprise = count * Math.log(count / mean || 1) - count + mean
      expect(surprise, `${count} draws of ${who}, where ${mean} are expected`).toBeLessThan(
        Math.log(1e11),
      )
    }
  })
})

describe('a draw', () => {
  test('is made in the second block after the proposal', async () => {
    const [block] = await proposeAndDraw(1)
    const [assigned] = named(await eventsAfter(chain.api, block.after), 'rollup.BlockAssigned')
    expect(assigned.block).toBe(block.after + 1 + rollup.DRAW_DELAY)
  })

  test('leaves blocks above its bound for the next seed', async () => {
    const bound = Number(constant(chain.api, 'rollup', 'maxDrawnPerBlock'))
    const blocks = await proposeAndDraw(bound + 1)
    const events = named(await eventsAfter(chain.api, blocks[0].after), 'rollup.BlockAssigned')
    const [first, last] = [events[0].block, events.at(-1)!.block]
    expect(events.filter(({ block }) => block === first)).toHaveLength(bound)
    expect(last).toBe(first + 1)
  })
})

describe('a proposer', () => {
  test('has the maximum price of the API on hold', async () => {
    for (const gasLimit of [1, 168_000, GAS_LIMIT]) {
      const announced = await proposalCost(gasLimit)
      const before = await deposits()
      const events = await submit(proposal(gasLimit), proposer)
      const [{ deposit }] = named(events, 'rollup.BlockProposed')
      expect((await deposits()) - before).toBe(deposit.toBigInt())
      expect(deposit.toBigInt()).toBe(priceOf(gasLimit, PAYLOAD_SIZE, await maxPrice()))
      expect(deposit.toBigInt()).toBe(announced)
    }
  })

  test('pays for each byte of the payload', async () => {
    const size = 1_000
    const before = await deposits()
    await submit(proposal(1, rollup.ANY_FEE, u8aToHex(new Uint8Array(size))), proposer)
    expect((await deposits()) - before).toBe(priceOf(1, size, await maxPrice()))
    expect(await proposalCost(1, size)).toBe(priceOf(1, size, await maxPrice()))
  })

  test('is refused with a bad gas limit', async () => {
    for (const gasLimit of [0, GAS_LIMIT + 1]) {
      expect(await proposalCost(gasLimit)).toBe(null)
      await expect(submit(proposal(gasLimit), proposer)).rejects.toThrow('rollup.InvalidGasLimit')
    }
  })

  test('is refused when a unit of gas can cost more than it accepts', async () => {
    const price = await maxPrice()
    await expect(submit(proposal(1, price - 1), proposer)).rejects.toThrow('rollup.FeeTooHigh')
    await submit(proposal(1, price), proposer)
  })

  test('is refused without enough balance, and pays the minimum fee', async () => {
    const { api } = chain
    const usual = Number(constant(api, 'rollup', 'minFeePerGas'))
    const poor = account('//Proposals//Poor')
    await submit(fund(api, [poor], 1), alice)
    await submit(setParameters(api, { Rollup: { MinFeePerGas: 65_535 } }), alice)
    await chain.makeBlocks(1)
    expect(await feePerGas()).toBe(65_535)
    await expect(submit(proposal(GAS_LIMIT), poor)).rejects.toThrow('token.FundsUnavailable')
    await submit(setParameters(api, { Rollup: { MinFeePerGas: usual } }), alice)
    await chain.makeBlocks(1)
  })

  test('is refused when the queue is full', async () => {
    const { api } = chain
    const state = await api.query.rollup.state<RollupState>()
    const key = api.query.rollup.state.key()
    const real = state.toU8a()
    // The first field is the number of the last proposed block.
    const max = Number(constant(chain.api, 'rollup', 'maxUnsettledBlocks'))
    const proposed = bnToU8a(state.settled.addn(max), { bitLength: 64, isLe: true })
    const pretended = u8aConcat(proposed, real.slice(proposed.length))
    // This number of proposals takes too long. Governance sets the position instead, during this
    // test.
    await expect(
      submit(
        api.tx.sudo.sudo(
          api.tx.utility.batchAll([
            api.tx.system.setStorage([[key, u8aToHex(pretended)]]),
            api.tx.utility.dispatchAs(
              { system: { Signed: proposer.address } },
              proposal(GAS_LIMIT),
            ),
            api.tx.system.setStorage([[key, u8aToHex(real)]]),
          ]),
        ),
        alice,
      ),
    ).rejects.toThrow('rollup.TooManyUnsettledBlocks')
  })
})

describe('a pool without free capacity', () => {
  test('leaves blocks open to anyone, at the maximum price of a member', async () => {
    const { api } = chain
    const exit = (key: KeyringPair) => submit(api.tx.proverPool.exit(), key)
    await Promise.all(provers.map(exit))
    const before = await deposits()
    const announced = await proposalCost(GAS_LIMIT)
    const [{ id, prover, price, after }] = await proposeAndDraw(1)
    expect(prover).toBe(null)
    expect(price).toBe(BigInt(await maxPrice()))
    expect(await deposits()).toBe(before + announced!)
    const [opened] = named(await eventsAfter(api, after), 'rollup.BlockOpened')
    expect(opened.reason.type).toBe('NotDrawable')
    expect((await api.call.rollupApi.openBlocks()).toJSON()).toEqual([id])
  })
})
