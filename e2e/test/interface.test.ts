// SPDX-License-Identifier: Apache-2.0

// What a wallet or an indexer finds before anybody has sent a transaction.

import { describe, expect, test } from 'vitest'
import { account } from '../src/chain.ts'
import { members } from '../src/pool.ts'
import { useChain } from './chain.ts'

const chain = useChain()

const eve = account('//Eve').address
const ferdie = account('//Ferdie').address

describe('metadata', () => {
  const palletOf = (name: string) =>
    chain.api.runtimeMetadata.asLatest.pallets.find((pallet) => pallet.name.eq(name))!

  /** The names in an enum of the metadata, all of which have to be documented. */
  const variants = (type: any): string[] => {
    const variants = chain.api.registry.lookup.getSiType(type).def.asVariant.variants
    for (const { name, docs, fields } of variants) {
      expect(docs.length, `docs of ${name}`).toBeGreaterThan(0)
      for (const field of fields) expect(field.name.isSome, `names in ${name}`).toBe(true)
    }
    return variants.map(({ name }) => name.toString())
  }

  test('has the calls', () => {
    const pool = palletOf('ProverPool').calls.unwrap().type
    expect(variants(pool)).toEqual(['stake', 'withdraw', 'exit'])
    const rollup = palletOf('Rollup').calls.unwrap().type
    expect(variants(rollup)).toEqual(['propose_block', 'prove_block'])
  })

  test('has the events', () => {
    const pool = palletOf('ProverPool').events.unwrap().type
    expect(variants(pool)).toEqual(['Staked', 'Exited', 'Withdrawn', 'Slashed'])
    const rollup = palletOf('Rollup').events.unwrap().type
    expect(variants(rollup)).toEqual(['BlockProposed', 'WindowClosed', 'BlockProven', 'BlockSettled'])
  })

  test('has the errors', () => {
    const pool = palletOf('ProverPool').errors.unwrap().type
    expect(variants(pool)).toEqual([
      'InvalidParams',
      'NoMatureExit',
      'ProverNotGoodEnough',
      'ChangeTooFrequent',
      'NotInPool',
    ])
    const rollup = palletOf('Rollup').errors.unwrap().type
    expect(variants(rollup)).toEqual([
      'TooManyUnsettledBlocks',
      'InvalidGasLimit',
      'UnknownBlock',
      'NotAssigned',
      'AlreadyProven',
      'InvalidProof',
    ])
  })

  test('has the constants, with the defaults', () => {
    const constants = (pallet: string) => {
      for (const { name, docs } of palletOf(pallet).constants) {
        expect(docs.length, `docs of ${name}`).toBeGreaterThan(0)
      }
      const section = pallet[0].toLowerCase() + pallet.slice(1)
      const values = Object.entries(chain.api.consts[section])
      return Object.fromEntries(values.map(([name, value]: any) => [name, value.toBigInt()]))
    }
    expect(constants('ProverPool')).toEqual({
      maxProvers: 32n,
      oneToken: 1_000_000_000_000n,
      exitPeriod: 7n * 24n * 60n * 60n,
      minChangeDelay: 60n * 60n,
      minCapacity: 5n,
      minStakePerCapacity: 10_000n,
      slashPoints: 25n,
      slashMultiplier: 4n,
      rewardTolerance: 2_500n,
      ejectionThreshold: 5_000n,
    })
    expect(constants('Rollup')).toMatchObject({ feePerGas: 10n, proofWindow: 30n * 60n })
  })

  test('has the token', () => {
    const { chainSS58, chainTokens, chainDecimals } = chain.api.registry
    expect({ chainSS58, chainTokens, chainDecimals }).toEqual({
      chainSS58: 42,
      chainTokens: ['PPT'],
      chainDecimals: [12],
    })
  })
})

describe('runtime APIs', () => {
  test('tell who is in the pool', async () => {
    expect(await members(chain.api)).toEqual([
      { id: 1, who: eve, stake: 60_000, price: 10, capacity: 6, stakedAt: 0 },
      { id: 2, who: ferdie, stake: 50_000, price: 11, capacity: 5, stakedAt: 0 },
    ])
  })

  test('tell what is known of an account', async () => {
    const read = async (who: string) => (await chain.api.call.proverPoolApi.getStaker(who)).toJSON()
    expect(await read(eve)).toEqual([
      { exitRequestedAt: 0, exitAmount: 0, maxCapacity: 6, proverId: 1, backlog: 0 },
      { stakedAmount: 60_000, rewardPerGas: 10, currentCapacity: 6, stakedAt: 0 },
    ])
    expect(await read(account('//Nobody').address)).toEqual([
      { exitRequestedAt: 0, exitAmount: 0, maxCapacity: 0, proverId: null, backlog: 0 },
      { stakedAmount: 0, rewardPerGas: 0, currentCapacity: 0, stakedAt: 0 },
    ])
  })

  test('tell capacity, weights and what gets in', async () => {
    // The provers of genesis have weight as soon as the clock has been set.
    await chain.advance(0)
    const { proverPoolApi } = chain.api.call
    expect((await proverPoolApi.getCapacity()).toJSON()).toBe(6 + 5)
    // stake x capacity x fee^2 / price^2, with a fee of 10
    const weights = [60_000 * 6, Math.floor((50_000 * 5 * 10 ** 2) / 11 ** 2)]
    expect((await proverPoolApi.getWeights(10)).toJSON()).toEqual([weights, weights[0] + weights[1]])
    expect((await proverPoolApi.entryPrice()).toJSON()).toBe(5 * 10_000)
  })

  test('tell of rollup blocks', async () => {
    const { rollupApi } = chain.api.call
    expect((await rollupApi.block(1)).toJSON()).toBe(null)
    expect((await rollupApi.pendingBlocks(eve)).toJSON()).toEqual([])
  })
})
