// SPDX-License-Identifier: Apache-2.0

// What happens to a rollup's blocks: provers are drawn, prove and are paid, or are slashed.

import type { KeyringPair } from '@polkadot/keyring/types'
import { bnToU8a, u8aConcat, u8aToHex } from '@polkadot/util'
import { beforeAll, describe, expect, test } from 'vitest'
import { account, named, submit } from '../src/chain.ts'
import {
  alice,
  eventsAfter,
  feesOf,
  fund,
  height,
  members,
  oneToken,
  proof,
  setParameters,
  total,
} from '../src/pool.ts'
import { useChain } from './chain.ts'

const chain = useChain()

const PROOF_WINDOW = 60
const FEE = 10
const GAS_LIMIT = 30_000_000

const proposer = account('//Bob')
const stakers = [
  { key: account('//Rollup//Large'), stake: 200_000, price: 10, capacity: 20 },
  { key: account('//Rollup//Cheap'), stake: 150_000, price: 8, capacity: 15 },
  { key: account('//Rollup//Dear'), stake: 150_000, price: 12, capacity: 15 },
]
const keys: Record<string, KeyringPair> = {}
for (const key of [...stakers.map(({ key }) => key), account('//Eve'), account('//Ferdie')]) {
  keys[key.address] = key
}

/** The free capacity of each member. */
const capacities = async () =>
  Object.fromEntries((await members(chain.api)).map(({ who, capacity }) => [who, capacity]))
let allCapacity: Record<string, number>

/** Payloads of rollup blocks, by id. */
const payloads = ['']
const nextPayload = () => `0x${payloads.length.toString(16).padStart(8, '0')}`

/** Proposes so many blocks in one transaction, and tells who was drawn for each at which price. */
async function propose(count: number) {
  const calls = []
  for (let index = 0; index < count; index++) {
    const payload = nextPayload()
    payloads.push(payload)
    calls.push(chain.api.tx.rollup.proposeBlock(payload, GAS_LIMIT))
  }
  const events = await submit(chain.api.tx.utility.batchAll(calls), proposer)
  return named(events, 'rollup.BlockProposed').map((event) => ({
    id: event.blockId.toNumber() as number,
    drawn: event.assigned.isSome ? event.assigned.unwrap().toString() : null,
    price: event.rewardPerGas.toNumber() as number,
  }))
}

const proveCall = (id: number, prover: KeyringPair) =>
  chain.api.tx.rollup.proveBlock(id, proof(id, payloads[id], prover))

/** What counts of a price: it is kept within a quarter of the fee on either side. */
const effective = (price: number) =>
  Math.min(Math.max(price, Math.ceil(FEE * 0.75)), Math.floor(FEE * 1.25))

beforeAll(async () => {
  const { api } = chain
  await submit(setParameters(api, { Rollup: { ProofWindow: PROOF_WINDOW } }), alice)
  await submit(fund(api, stakers.map(({ key }) => key), 300_000), alice)
  await Promise.all(
    stakers.map(({ key, stake, price, capacity }) =>
      submit(api.tx.proverPool.stake(stake, price, capacity), key),
    ),
  )
  // A stake is not drawn in the block that made it.
  await chain.advance(0)
  allCapacity = await capacities()
})

describe('provers that deliver', () => {
  const drawn: Record<string, number> = {}
  const expected: Record<string, number> = {}
  const variance: Record<string, number> = {}
  const earned: Record<string, bigint> = {}
  let start: number
  let before: Record<string, bigint>

  const totals = async () => {
    const entries = Object.values(keys).map(async (key) => [key.address, await total(chain.api, key)])
    return Object.fromEntries(await Promise.all(entries))
  }

  test('are drawn, prove, and have their capacity back', async () => {
    start = await height(chain.api)
    before = await totals()
    for (let round = 0; round < 6; round++) {
      const pool = await members(chain.api)
      const blocks = await propose(40)

      for (const { drawn: winner, price } of blocks) {
        const weights = pool.map(({ stake, capacity, price }) =>
          Math.floor((stake * capacity * FEE ** 2) / effective(price) ** 2),
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
        earned[member.who] = (earned[member.who] ?? 0n) + BigInt(price) * BigInt(GAS_LIMIT)
      }
      expect(await members(chain.api)).toEqual(pool)

      await Promise.all(
        Object.entries(keys).map(async ([address, key]) => {
          const own = blocks.filter(({ drawn }) => drawn === address).map(({ id }) => id)
          const pending = await chain.api.call.rollupApi.pendingBlocks(address)
          expect(pending.toJSON()).toEqual(own)
          if (own.length === 0) return
          const calls = own.map((id) => proveCall(id, key))
          await submit(chain.api.tx.utility.batchAll(calls), key)
        }),
      )
      expect(await capacities()).toEqual(allCapacity)
    }
  })

  test('were drawn in the shares that their weights say', () => {
    for (const who of Object.keys(keys)) {
      // Seven standard deviations: luck goes so far once in 10^11 runs.
      const bound = 7 * Math.sqrt(variance[who])
      expect(Math.abs(drawn[who] - expected[who]), `draws of ${who}`).toBeLessThan(bound)
    }
  })

  test('are paid by the proposer when their blocks are settled', async () => {
    const progress = async () => ((await chain.api.query.rollup.rollupProgress()) as any).toJSON()
    while ((await progress()).settled < payloads.length - 1) await chain.advance(0)

    const events = await eventsAfter(chain.api, start)
    const settled = named(events, 'rollup.BlockSettled').map(({ blockId }) => blockId.toNumber())
    expect(settled).toEqual(payloads.slice(1).map((_, index) => index + 1))
    const after = await totals()
    for (const who of Object.keys(keys)) {
      expect(after[who]).toBe(before[who] + earned[who] - feesOf(who, events))
    }
  })
})

describe('a prover that does not deliver', () => {
  const stranger = account('//Charlie')
  let block: Awaited<ReturnType<typeof propose>>[0]
  let next: typeof block
  let late: KeyringPair

  test('has a block for itself inside the window', async () => {
    ;[block, next] = await propose(2)
    late = keys[block.drawn!]
    await expect(submit(proveCall(block.id, stranger), stranger)).rejects.toThrow(
      'rollup.NotAssigned',
    )
    const wrong = chain.api.tx.rollup.proveBlock(block.id, proof(block.id, '0x00', late))
    await expect(submit(wrong, late)).rejects.toThrow('rollup.InvalidProof')
  })

  test('holds up the blocks after it', async () => {
    const punctual = keys[next.drawn!]
    await submit(proveCall(next.id, punctual), punctual)
    await expect(submit(proveCall(next.id, punctual), punctual)).rejects.toThrow(
      'rollup.AlreadyProven',
    )
    const waiting: any = await chain.api.call.rollupApi.block(next.id)
    expect(waiting.unwrap().state.isProven).toBe(true)
  })

  test('is slashed when the window closes', async () => {
    const { api } = chain
    const [before] = (await members(api)).filter(({ who }) => who === late.address)
    const start = await height(api)
    await chain.advance(PROOF_WINDOW + 1)
    await chain.advance(0)

    const events = await eventsAfter(api, start)
    const [{ blockId, missedBy }] = named(events, 'rollup.WindowClosed')
    expect([blockId.toNumber(), missedBy.toString()]).toEqual([block.id, late.address])
    // 25 basis points. The reward is far below a token, hence four times of it as well.
    const slash = Math.floor((before.stake * 25) / 10_000)
    const [slashed] = named(events, 'proverPool.Slashed')
    expect(slashed.who.toString()).toBe(late.address)
    expect([slashed.amount.toNumber(), slashed.blockId.toNumber()]).toEqual([slash, block.id])
    const [after] = (await members(api)).filter(({ who }) => who === late.address)
    expect(after).toEqual({ ...before, stake: before.stake - slash })
  })

  test('leaves the block to others', async () => {
    const { api } = chain
    const start = await height(api)
    const before = await total(api, stranger)
    const events = await submit(proveCall(block.id, stranger), stranger)
    expect(named(events, 'rollup.BlockProven')[0].prover.toString()).toBe(stranger.address)
    await chain.advance(0)

    const after = await eventsAfter(api, start)
    const settled = named(after, 'rollup.BlockSettled')
    expect(settled.map(({ blockId }) => blockId.toNumber())).toEqual([block.id, next.id])
    const [{ reward }] = settled
    expect(reward.toBigInt()).toBe(BigInt(block.price) * BigInt(GAS_LIMIT))
    const fees = feesOf(stranger.address, after)
    expect(await total(api, stranger)).toBe(before + reward.toBigInt() - fees)
  })

  test('has its capacity back', async () => {
    expect(await capacities()).toEqual(allCapacity)
  })
})

describe('a proposer', () => {
  test('is refused with a bad block', async () => {
    const { proposeBlock } = chain.api.tx.rollup
    for (const gasLimit of [0, GAS_LIMIT + 1]) {
      await expect(submit(proposeBlock('0x00', gasLimit), proposer)).rejects.toThrow(
        'rollup.InvalidGasLimit',
      )
    }
  })

  test('names blocks that exist', async () => {
    const unknown = chain.api.tx.rollup.proveBlock(1_000_000, proof(1_000_000, '0x00', proposer))
    await expect(submit(unknown, proposer)).rejects.toThrow('rollup.UnknownBlock')
  })

  test('is refused when too many blocks are not settled', async () => {
    const { api } = chain
    const progress: any = await api.query.rollup.rollupProgress()
    const key = api.query.rollup.rollupProgress.key()
    const real = progress.toU8a()
    const proposed = bnToU8a(progress.settled.addn(4096), { bitLength: 64, isLe: true })
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
              api.tx.rollup.proposeBlock('0x00', GAS_LIMIT),
            ),
            api.tx.system.setStorage([[key, u8aToHex(real)]]),
          ]),
        ),
        alice,
      ),
    ).rejects.toThrow('rollup.TooManyUnsettledBlocks')
  })
})
