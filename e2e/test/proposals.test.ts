// SPDX-License-Identifier: Apache-2.0

// What happens when rollup blocks are proposed: who is drawn, what it costs, who is refused.

import type { KeyringPair } from '@polkadot/keyring/types'
import { bnToU8a, u8aConcat, u8aToHex } from '@polkadot/util'
import { beforeAll, describe, expect, test } from 'vitest'
import { alice, depositsOnHold, fund, setParameters } from '../src/accounts.ts'
import { account, named, submit } from '../src/chain.ts'
import { members } from '../src/pool.ts'
import { useChain } from './chain.ts'

const chain = useChain()

const GAS_LIMIT = 30_000_000
const PAYLOAD = '0x00'

const proposer = account('//Bob')
// Enough capacity for all draws: nothing is proven here.
const stakers = [
  { key: account('//Proposals//Large'), stake: 1_500_000, price: 10_000, capacity: 150 },
  { key: account('//Proposals//Cheap'), stake: 1_000_000, price: 8_000, capacity: 100 },
  { key: account('//Proposals//Dear'), stake: 1_000_000, price: 12_000, capacity: 100 },
]
const provers = [...stakers.map(({ key }) => key), account('//Eve'), account('//Ferdie')]

/** Proposes so many blocks in one transaction, and tells who was drawn for each at which price. */
async function propose(count: number) {
  const { rollup, utility } = chain.api.tx
  const calls = Array.from({ length: count }, () => rollup.proposeBlock(PAYLOAD, GAS_LIMIT))
  const events = await submit(utility.batchAll(calls), proposer)
  return named(events, 'rollup.BlockProposed').map(({ blockId, assigned, rewardPerGas }) => ({
    id: blockId.toNumber() as number,
    drawn: assigned.isSome ? assigned.unwrap().toString() : null,
    price: rewardPerGas.toNumber() as number,
  }))
}

const feePerGas = async () => ((await chain.api.call.rollupApi.feePerGas()) as any).toNumber()

/** The most that a proposal with this gas limit can put on hold now. */
const proposalCost = async (gasLimit: number) =>
  ((await chain.api.call.rollupApi.proposalCost(gasLimit)) as any).unwrapOr(null)?.toBigInt() ??
  null

/** What the proposer has on hold. */
const deposits = async () => (await depositsOnHold(chain.api))[proposer.address] ?? 0n

/** A constant of the rollup. */
const constant = (name: string): bigint => (chain.api.consts.rollup[name] as any).toBigInt()

/** What a block costs at most at this price of a unit of gas. */
const deposit = (gasLimit: number, price: number) =>
  (BigInt(gasLimit) + constant('baseGas')) * BigInt(price)

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
  // A stake is not drawn in the block that made it.
  await chain.advance(0)
})

describe('the provers of a pool', () => {
  const drawn: Record<string, number> = {}
  const expected: Record<string, number> = {}
  const variance: Record<string, number> = {}

  test('are drawn at their prices, and have less capacity then', async () => {
    const fee = await feePerGas()
    // What counts of a price: it is kept within a quarter of the fee on either side.
    const effective = (price: number) =>
      Math.min(Math.max(price, Math.ceil(fee * 0.75)), Math.floor(fee * 1.25))
    for (let round = 0; round < 6; round++) {
      const pool = await members(chain.api)
      for (const { drawn: winner, price } of await propose(40)) {
        const weights = pool.map(
          ({ stake, capacity, price }) => stake * capacity * (fee / effective(price)) ** 2,
        )
        const sum = weights.reduce((a, b) => a + b)
        pool.forEach(({ who }, index) => {
          const share = weights[index] / sum
          expected[who] = (expected[who] ?? 0) + share
          variance[who] = (variance[who] ?? 0) + share * (1 - share)
        })
        const member = pool.find(({ who }) => who === winner)!
        expect(price).toBe(effective(member.price))
        member.capacity -= 1
        drawn[member.who] = (drawn[member.who] ?? 0) + 1
      }
      expect(await members(chain.api)).toEqual(pool)
    }
  })

  test('were drawn in the shares that their weights say', () => {
    for (const { address: who } of provers) {
      // Seven standard deviations: luck goes so far once in 10^11 runs.
      const bound = 7 * Math.sqrt(variance[who])
      expect(Math.abs((drawn[who] ?? 0) - expected[who]), `draws of ${who}`).toBeLessThan(bound)
    }
  })
})

describe('a proposer', () => {
  test('has on hold what proving can cost, and not more than it was told', async () => {
    for (const gasLimit of [1, 168_000, GAS_LIMIT]) {
      const told = (await proposalCost(gasLimit))!
      const before = await deposits()
      const call = chain.api.tx.rollup.proposeBlock(PAYLOAD, gasLimit)
      const [event] = named(await submit(call, proposer), 'rollup.BlockProposed')
      const cost = (await deposits()) - before
      expect(cost).toBe(deposit(gasLimit, event.rewardPerGas.toNumber()))
      expect(cost).toBeLessThanOrEqual(told)
    }
  })

  test('is refused with a bad gas limit', async () => {
    for (const gasLimit of [0, GAS_LIMIT + 1]) {
      expect(await proposalCost(gasLimit)).toBe(null)
      await expect(
        submit(chain.api.tx.rollup.proposeBlock(PAYLOAD, gasLimit), proposer),
      ).rejects.toThrow('rollup.InvalidGasLimit')
    }
  })

  test('is refused without the means, and pays the floor of the fee', async () => {
    const { api } = chain
    const usual: any = api.consts.rollup.minFeePerGas
    const poor = account('//Proposals//Poor')
    await submit(fund(api, [poor], 1), alice)
    await submit(setParameters(api, { Rollup: { MinFeePerGas: 65_535 } }), alice)
    expect(await feePerGas()).toBe(65_535)
    await expect(submit(api.tx.rollup.proposeBlock(PAYLOAD, GAS_LIMIT), poor)).rejects.toThrow(
      'token.FundsUnavailable',
    )
    await submit(setParameters(api, { Rollup: { MinFeePerGas: usual.toNumber() } }), alice)
  })

  test('is refused when too many blocks are not settled', async () => {
    const { api } = chain
    const progress: any = await api.query.rollup.rollupProgress()
    const key = api.query.rollup.rollupProgress.key()
    const real = progress.toU8a()
    // What comes first in it is how many blocks were proposed.
    const max = Number(constant('maxUnsettledBlocks'))
    const proposed = bnToU8a(progress.settled.addn(max), { bitLength: 64, isLe: true })
    const pretended = u8aConcat(proposed, real.slice(proposed.length))
    // So many blocks cannot be proposed in the time of a test: governance pretends that they were,
    // as long as this one is being proposed.
    await expect(
      submit(
        api.tx.sudo.sudo(
          api.tx.utility.batchAll([
            api.tx.system.setStorage([[key, u8aToHex(pretended)]]),
            api.tx.utility.dispatchAs(
              { system: { Signed: proposer.address } } as any,
              api.tx.rollup.proposeBlock(PAYLOAD, GAS_LIMIT),
            ),
            api.tx.system.setStorage([[key, u8aToHex(real)]]),
          ]),
        ),
        alice,
      ),
    ).rejects.toThrow('rollup.TooManyUnsettledBlocks')
  })
})

describe('a pool with nobody to draw', () => {
  test('leaves blocks open to everyone, at a higher price', async () => {
    const { api } = chain
    const exit = (key: KeyringPair) => submit(api.tx.proverPool.exit(), key)
    await Promise.all(provers.map(exit))
    const told = await proposalCost(GAS_LIMIT)
    const before = await deposits()
    const [{ id, drawn, price }] = await propose(1)
    expect(drawn).toBe(null)
    expect(price).toBe((await feePerGas()) * 1.5)
    expect(await deposits()).toBe(before + told!)
    expect((await api.call.rollupApi.openBlocks()).toJSON()).toEqual([id])
  })

  test('takes no more than so many of them', async () => {
    const max = Number(constant('maxOpenBlocks'))
    let open = 1
    while (open < max) {
      // More do not fit into one transaction.
      open += (await propose(Math.min(50, max - open))).length
    }
    expect(open).toBe(max)
    await expect(propose(1)).rejects.toThrow('rollup.TooManyOpenBlocks')
  })
})
