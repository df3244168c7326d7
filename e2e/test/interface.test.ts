// SPDX-License-Identifier: Apache-2.0

// The chain's interface for wallets and indexers, before the first transaction.

import { readFileSync } from 'node:fs'
import type { Option, u128 } from '@polkadot/types'
import { stringCamelCase, u8aToHex } from '@polkadot/util'
import { describe, expect, test } from 'vitest'
import { alice, setParameters } from '../src/accounts.ts'
import { account, clock, constant, submit } from '../src/chain.ts'
import { members } from '../src/pool.ts'
import { path } from '../src/processes.ts'
import { positions } from '../src/rollup.ts'
import { useChain } from './chain.ts'

const chain = useChain()

const eve = account('//Eve').address
const ferdie = account('//Ferdie').address

/** Names of calls, events and errors, by kind and pallet, in the order of their indices. */
const NAMES = {
  calls: {
    ProverPool: ['stake', 'withdraw', 'exit', 'set_operator', 'exit_for'],
    Rollup: [
      'propose_block',
      'prove_block',
      'override_block',
      'resume_draws',
      'pause',
      'resume',
      'open_undrawn',
    ],
    Groth16Verifier: ['add_key', 'activate_key', 'remove_key', 'replace_key'],
  },
  events: {
    ProverPool: ['Staked', 'Exited', 'Withdrawn', 'Slashed', 'OperatorSet'],
    Rollup: [
      'BlockProposed',
      'BlockAssigned',
      'BlockOpened',
      'TransitionStored',
      'BlockProven',
      'TransitionDiscarded',
      'AssignmentMissed',
      'BlockSettled',
      'BlockOverridden',
      'Paused',
      'Resumed',
      'DrawsResumed',
    ],
    Groth16Verifier: ['KeyAdded', 'KeyActivated', 'KeyRemoved', 'KeyReplaced'],
  },
  errors: {
    ProverPool: [
      'InvalidParams',
      'NoMatureExit',
      'ProverNotGoodEnough',
      'ChangeTooFrequent',
      'NotInPool',
      'NotOperator',
    ],
    Rollup: [
      'TooManyUnsettledBlocks',
      'InvalidGasLimit',
      'FeeTooHigh',
      'NoActiveRules',
      'Paused',
      'NotPaused',
      'NotStarted',
      'UnknownBlock',
      'NotDrawn',
      'AlreadyDrawn',
      'NotAssigned',
      'NotSignedByProver',
      'DeadlinePassed',
      'NotNext',
      'WrongParentState',
      'AlreadyProven',
      'TooMuchGas',
      'NotOverridable',
      'DrawsNotStopped',
    ],
    Groth16Verifier: [
      'InvalidKey',
      'ForgeableKey',
      'TooManyKeys',
      'UnknownKey',
      'NotNewer',
      'KeyIsActive',
      'KeyIsNeeded',
      'NotPaused',
      'MalformedProof',
      'InvalidProof',
    ],
  },
}

/** Fields of the rollup's events, in order. */
const FIELDS = {
  BlockProposed: [
    'blockId',
    'proposer',
    'payloadHash',
    'payloadSize',
    'gasLimit',
    'feePerGas',
    'rulesVersion',
    'deposit',
  ],
  BlockAssigned: ['blockId', 'prover', 'rewardPerGas', 'deadline'],
  BlockOpened: ['blockId', 'reason', 'rewardPerGas'],
  TransitionStored: ['blockId', 'prover', 'transition'],
  BlockProven: ['blockId', 'stateRoot', 'prover'],
  TransitionDiscarded: ['blockId', 'prover'],
  AssignmentMissed: ['blockId', 'prover'],
  BlockSettled: ['blockId', 'stateRoot', 'prover', 'reward', 'refund', 'slashed', 'bounty'],
  BlockOverridden: ['blockId', 'stateRoot'],
  Paused: [],
  Resumed: [],
  DrawsResumed: [],
}

/** Parameters of the rollup's calls, in order. */
const PARAMETERS = {
  proposeBlock: ['payload', 'gasLimit', 'maxFeePerGas'],
  proveBlock: ['blockId', 'prover', 'transition', 'proof'],
  overrideBlock: ['blockId', 'stateRoot'],
  resumeDraws: [],
  pause: [],
  resume: [],
  openUndrawn: ['upTo'],
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

  test('has the parameters of the calls and the fields of the events', () => {
    const { tx, events } = chain.api
    const parameters = Object.entries(tx.rollup).map(([name, { meta }]) => [
      name,
      meta.args.map(({ name }) => stringCamelCase(name.toString())),
    ])
    expect(Object.fromEntries(parameters)).toEqual(PARAMETERS)
    const fields = Object.entries(events.rollup).map(([name, { meta }]) => [
      name,
      meta.fields.map(({ name }) => stringCamelCase(name.toString())),
    ])
    expect(Object.fromEntries(fields)).toEqual(FIELDS)
  })

  test('has the constants, with the defaults', () => {
    const constants = (pallet: string) => {
      for (const { name, docs } of palletOf(pallet).constants) {
        expect(docs.length, `docs of ${name}`).toBeGreaterThan(0)
      }
      const section = pallet[0].toLowerCase() + pallet.slice(1)
      const values = Object.entries(chain.api.consts[section])
      return Object.fromEntries(values.map(([name]) => [name, constant(chain.api, section, name)]))
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
      bountyMultiplier: 25n,
      minFeePerGas: 1_000n,
      rewardMaxDelayPenalty: 250n,
      averageGas: 7_200n * 15_000_000n,
      minProofWindow: 10n * 60n,
      maxProofWindow: 90n * 60n,
      cooldown: 10n * 60n,
      maxTick: 6_000n,
      maxUnsettledBlocks: 8_192n,
      maxPayloadSize: 128n * 1024n,
      maxProofSize: 128n,
      maxGasLimit: 30_000_000n,
      baseGas: 1_000_000n,
      gasPerByte: 16n,
      maxDrawnPerBlock: 16n,
      maxProvenPerBlock: 64n,
      maxSweptPerBlock: 64n,
      maxSettledPerBlock: 32n,
    })
    expect(constants('Groth16Verifier')).toEqual({ maxKeys: 4n, maxKeySize: 584n })
  })

  test('has the name and the token', async () => {
    // Chopsticks answers with the chain's id.
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
  test('return the members of the pool', async () => {
    expect(await members(chain.api)).toEqual([
      { id: 1, who: eve, stake: 60_000, price: 10_000, capacity: 6 },
      { id: 2, who: ferdie, stake: 50_000, price: 11_000, capacity: 5 },
    ])
  })

  test('return the state of an account', async () => {
    const read = async (who: string) => (await chain.api.call.proverPoolApi.getStaker(who)).toJSON()
    // Provers of genesis enter before the clock starts, at 0.
    const nothing = { exitRequestedAt: 0, exitAmount: 0, stakedAt: 0, backlog: 0 }
    expect(await read(eve)).toEqual([
      { ...nothing, maxCapacity: 6, proverId: 1 },
      { stakedAmount: 60_000, rewardPerGas: 10_000, currentCapacity: 6 },
    ])
    expect(await read(account('//Stranger').address)).toEqual([
      { ...nothing, maxCapacity: 0, proverId: null },
      { stakedAmount: 0, rewardPerGas: 0, currentCapacity: 0 },
    ])
  })

  test('return capacity, weights and the smallest stake that enters', async () => {
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

  test('return rollup blocks', async () => {
    const { rollupApi } = chain.api.call
    expect((await rollupApi.block(1)).toJSON()).toBe(null)
    expect((await rollupApi.pendingBlocks(eve)).toJSON()).toEqual([])
    expect((await rollupApi.openBlocks()).toJSON()).toEqual([])
  })

  test('return the deposit of a proposal and its proof window', async () => {
    const { rollupApi } = chain.api.call
    expect((await rollupApi.feePerGas()).toJSON()).toBe(10_000)
    // Twice the average delay of the gas charged, or the minimum.
    expect((await rollupApi.proofWindow(1_000_000, 100)).toJSON()).toBe(10 * 60)
    const charged = 30_000_000 + 1_000_000 + 131_072 * 16
    const window = Math.floor((2 * charged * 9_000) / 10 ** 9)
    expect((await rollupApi.proofWindow(30_000_000, 131_072)).toJSON()).toBe(Math.max(window, 600))
    // Gas, base and payload, at the fee and the tolerance of the pool.
    const cost = await rollupApi.proposalCost<Option<u128>>(1_000_000, 100)
    expect(cost.unwrap().toBigInt()).toBe((2_000_000n + 16n * 100n) * 12_500n)
    expect((await rollupApi.proposalCost(0, 100)).toJSON()).toBe(null)
  })
})

describe('the clock', () => {
  test('starts at 1 and advances by a slot in each block', async () => {
    const { rollupApi } = chain.api.call
    expect(await clock(chain.api)).toBe(1)
    await chain.makeBlocks(1)
    // The first block of the chain has no predecessor.
    const start = await clock(chain.api)
    await chain.makeBlocks(3)
    expect((await rollupApi.clock()).toJSON()).toEqual({ now: start + 3 * 6, lost: 0 })
  })
})

describe('the effective parameters', () => {
  const DAY = 24 * 60 * 60

  /** Sets parameters of a pallet, and returns the effective ones of the next block. */
  async function effective(
    pallet: 'ProverPool' | 'Rollup',
    values: Record<string, number | string>,
  ) {
    await submit(setParameters(chain.api, { [pallet]: values }), alice)
    await chain.makeBlocks(1)
    return read(pallet)
  }

  async function read(pallet: 'ProverPool' | 'Rollup') {
    const { proverPoolApi, rollupApi } = chain.api.call
    const api = pallet === 'ProverPool' ? proverPoolApi : rollupApi
    return (await api.parameters()).toJSON()
  }

  test('are those that governance set', async () => {
    const ofRollup = {
      minFeePerGas: 1_000,
      minProofWindow: 600,
      cooldown: 600,
      rescuerShare: 5_000,
    }
    expect(await read('Rollup')).toEqual(ofRollup)
    expect(await effective('Rollup', { MinProofWindow: 900 })).toEqual({
      ...ofRollup,
      minProofWindow: 900,
    })
    const ofPool = {
      exitPeriod: 7 * DAY,
      minChangeDelay: 60 * 60,
      minCapacity: 5,
      minStakePerCapacity: 10_000,
      slashPoints: 25,
      slashMultiplier: 4,
      ejectionThreshold: 5_000,
    }
    expect(await read('ProverPool')).toEqual(ofPool)
    expect(await effective('ProverPool', { SlashPoints: 50 })).toEqual({
      ...ofPool,
      slashPoints: 50,
    })
  })

  const zeros = (...names: string[]) => Object.fromEntries(names.map((name) => [name, 0]))
  const MAX_U16 = 0xffff
  const MAX_U32 = 0xffff_ffff
  const MAX_U64 = `0x${'ff'.repeat(8)}`

  test('of the pool stay within their ranges', async () => {
    const least = zeros(
      'ExitPeriod',
      'MinChangeDelay',
      'MinCapacity',
      'MinStakePerCapacity',
      'SlashPoints',
      'SlashMultiplier',
      'EjectionThreshold',
    )
    expect(await effective('ProverPool', least)).toEqual({
      exitPeriod: 60,
      minChangeDelay: 0,
      minCapacity: 1,
      minStakePerCapacity: 500,
      slashPoints: 1,
      slashMultiplier: 1,
      ejectionThreshold: 0,
    })
    const largest = {
      ExitPeriod: MAX_U64,
      MinChangeDelay: MAX_U64,
      MinCapacity: MAX_U16,
      MinStakePerCapacity: MAX_U32,
      SlashPoints: MAX_U32,
      SlashMultiplier: MAX_U32,
      EjectionThreshold: MAX_U32,
    }
    expect(await effective('ProverPool', largest)).toEqual({
      exitPeriod: 60 * DAY,
      minChangeDelay: DAY,
      minCapacity: 1_000,
      minStakePerCapacity: 1_000_000,
      slashPoints: 1_000,
      slashMultiplier: 100,
      ejectionThreshold: 10_000,
    })
  })

  test('of the rollup stay within their ranges', async () => {
    const least = zeros('MinFeePerGas', 'MinProofWindow', 'Cooldown', 'RescuerShare')
    // Windows and cooldowns are at least ten ticks.
    expect(await effective('Rollup', least)).toEqual({
      minFeePerGas: 4,
      minProofWindow: 60,
      cooldown: 60,
      rescuerShare: 0,
    })
    const largest = {
      MinFeePerGas: MAX_U16,
      MinProofWindow: MAX_U64,
      Cooldown: MAX_U64,
      RescuerShare: MAX_U32,
    }
    expect(await effective('Rollup', largest)).toEqual({
      minFeePerGas: MAX_U16,
      minProofWindow: 90 * 60,
      cooldown: 30 * DAY,
      rescuerShare: 9_000,
    })
  })
})

describe('genesis', () => {
  const file = (name: string) =>
    u8aToHex(readFileSync(path(`examples/transfer-rollup/keys/${name}.bin`)))

  test('has the verifying key of the example circuit', async () => {
    const { activeVersion, keys, lastVersion } = chain.api.query.groth16Verifier
    expect((await lastVersion()).toJSON()).toBe(1)
    expect((await activeVersion()).toJSON()).toBe(1)
    expect((await keys(1)).toJSON()).toBe(file('verifying-key'))
  })

  test('has the state root of the example rollup', async () => {
    const root = file('genesis-state')
    expect(await positions(chain.api)).toEqual({
      settled: 0,
      proven: 0,
      drawn: 0,
      proposed: 0,
      settledRoot: root,
      provenRoot: root,
    })
  })
})
