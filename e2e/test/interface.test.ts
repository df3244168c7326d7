// SPDX-License-Identifier: Apache-2.0

// The chain's interface as a wallet or an indexer reads it before the first transaction.

import { u8aToHex } from '@polkadot/util'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { account } from '../src/chain.ts'
import { members } from '../src/pool.ts'
import { path } from '../src/processes.ts'
import { progressOf } from '../src/rollup.ts'
import { useChain } from './chain.ts'

const chain = useChain()

const eve = account('//Eve').address
const ferdie = account('//Ferdie').address

/** The names of calls, events and errors, by kind and pallet, in the order of their indices. */
const NAMES = {
  calls: {
    ProverPool: ['stake', 'withdraw', 'exit'],
    Rollup: ['propose_block', 'prove_block', 'settle_blocks', 'override_transition'],
    Groth16Verifier: ['add_key', 'remove_key'],
  },
  events: {
    ProverPool: ['Staked', 'Exited', 'Withdrawn', 'Slashed'],
    Rollup: [
      'BlockProposed',
      'WindowClosed',
      'BlockProven',
      'TransitionOverridden',
      'BlockSettled',
    ],
    Groth16Verifier: ['KeyAdded', 'KeyRemoved'],
  },
  errors: {
    ProverPool: [
      'InvalidParams',
      'NoMatureExit',
      'ProverNotGoodEnough',
      'ChangeTooFrequent',
      'NotInPool',
    ],
    Rollup: [
      'TooManyUnsettledBlocks',
      'TooManyOpenBlocks',
      'InvalidGasLimit',
      'UnknownBlock',
      'NotAssigned',
      'WrongParentState',
      'AlreadyProven',
      'TooManyTransitions',
      'TooMuchGas',
      'UnknownTransition',
      'NothingToSettle',
    ],
    Groth16Verifier: [
      'InvalidKey',
      'TooManyKeys',
      'UnknownKey',
      'MalformedProof',
      'InvalidProof',
    ],
  },
}

describe('metadata', () => {
  const palletOf = (name: string) =>
    chain.api.runtimeMetadata.asLatest.pallets.find((pallet) => pallet.name.eq(name))!

  test.each(['calls', 'events', 'errors'] as const)('has the %s', (kind) => {
    for (const [pallet, names] of Object.entries(NAMES[kind])) {
      const { type } = palletOf(pallet)[kind].unwrap()
      const { variants } = chain.api.registry.lookup.getSiType(type).def.asVariant
      expect(variants.map(({ name }) => name.toString())).toEqual(names)
      for (const { name, docs, fields } of variants) {
        expect(docs.length, `docs of ${name}`).toBeGreaterThan(0)
        for (const field of fields) expect(field.name.isSome, `names in ${name}`).toBe(true)
      }
    }
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
    expect(constants('Rollup')).toEqual({
      rescuerShare: 5_000n,
      minFeePerGas: 1_000n,
      openRewardMultiplier: 15_000n,
      rewardMaxDelayPenalty: 250n,
      averageLength: 7_200n,
      proofWindowMultiplier: 20_000n,
      minProofWindow: 10n * 60n,
      maxProofWindow: 90n * 60n,
      cooldown: 10n * 60n,
      maxUnsettledBlocks: 8_192n,
      maxOpenBlocks: 256n,
      maxTransitions: 4n,
      maxPayloadSize: 128n * 1024n,
      maxProofSize: 4n + 128n,
      maxGasLimit: 30_000_000n,
      baseGas: 1_000_000n,
      maxClosedPerBlock: 32n,
      maxSettledPerBlock: 32n,
    })
    expect(constants('Groth16Verifier')).toEqual({ maxKeys: 4n, maxKeySize: 584n })
  })

  test('has the name and the token', async () => {
    // Chopsticks tells the chain's id.
    const name = process.env.CHAIN === 'node' ? 'Prover Pool Development' : 'prover-pool-dev'
    expect((await chain.api.rpc.system.chain()).toString()).toBe(name)
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
      { id: 1, who: eve, stake: 60_000, price: 10_000, capacity: 6 },
      { id: 2, who: ferdie, stake: 50_000, price: 11_000, capacity: 5 },
    ])
  })

  test('tell what is known of an account', async () => {
    const read = async (who: string) => (await chain.api.call.proverPoolApi.getStaker(who)).toJSON()
    expect(await read(eve)).toEqual([
      { exitRequestedAt: 0, exitAmount: 0, maxCapacity: 6, proverId: 1, stakedAt: 0, backlog: 0 },
      { stakedAmount: 60_000, rewardPerGas: 10_000, currentCapacity: 6 },
    ])
    expect(await read(account('//Nobody').address)).toEqual([
      {
        exitRequestedAt: 0,
        exitAmount: 0,
        maxCapacity: 0,
        proverId: null,
        stakedAt: 0,
        backlog: 0,
      },
      { stakedAmount: 0, rewardPerGas: 0, currentCapacity: 0 },
    ])
  })

  test('tell capacity, weights and what gets in', async () => {
    // The provers of genesis have weight as soon as the clock has been set.
    await chain.advance(0)
    const { proverPoolApi } = chain.api.call
    expect((await proverPoolApi.getCapacity()).toJSON()).toBe(6 + 5)
    // stake x capacity x fee^2 / price^2, with a fee of 10,000
    const weights = [60_000 * 6, Math.floor((50_000 * 5 * 10 ** 2) / 11 ** 2)]
    expect((await proverPoolApi.getWeights(10_000)).toJSON()).toEqual([
      weights,
      weights[0] + weights[1],
    ])
    expect((await proverPoolApi.entryPrice()).toJSON()).toBe(5 * 10_000)
  })

  test('tell of rollup blocks', async () => {
    const { rollupApi } = chain.api.call
    expect((await rollupApi.block(1)).toJSON()).toBe(null)
    expect((await rollupApi.pendingBlocks(eve)).toJSON()).toEqual([])
    expect((await rollupApi.openBlocks()).toJSON()).toEqual([])
  })

  test('tell what a rollup block costs, and how long its prover has', async () => {
    const { rollupApi } = chain.api.call
    expect((await rollupApi.feePerGas()).toJSON()).toBe(10_000)
    expect((await rollupApi.proofWindow()).toJSON()).toBe(10 * 60)
    // Gas and base gas, at the price of a block that nobody was drawn for.
    const cost: any = await rollupApi.proposalCost(1_000_000)
    expect(cost.unwrap().toBigInt()).toBe(2_000_000n * 15_000n)
    expect((await rollupApi.proposalCost(0)).toJSON()).toBe(null)
  })
})

describe('genesis', () => {
  const file = (name: string) =>
    u8aToHex(readFileSync(path(`examples/transfer-rollup/keys/${name}.bin`)))

  test('has the verifying key of the example circuit', async () => {
    const { lastVersion, verifyingKeys } = chain.api.query.groth16Verifier
    expect((await lastVersion()).toJSON()).toBe(1)
    expect((await verifyingKeys(1)).toJSON()).toBe(file('verifying-key'))
  })

  test('has the state that it starts in', async () => {
    const { state, proposed } = await progressOf(chain.api)
    expect({ state, proposed }).toEqual({ state: file('genesis-state'), proposed: 0 })
  })
})
