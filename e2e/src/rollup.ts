// SPDX-License-Identifier: Apache-2.0

// Functions of the rollup for tests and the demo.

import type { ApiPromise } from '@polkadot/api'
import type { KeyringPair } from '@polkadot/keyring/types'
import type { Option } from '@polkadot/types'
import { type Chain, constant, eventsAfter, height, named, submit, type Tx } from './chain.ts'
import type { Proven } from './transfer-rollup.ts'
import type { BlockStatus, Json, RollupBlock } from './types.ts'

/** Maximum fee of a proposer that accepts any fee. */
export const ANY_FEE = 0xffff_ffff

/** Number of chain blocks until a proposal is drawn, if no earlier proposals wait. */
export const DRAW_DELAY = 2

/** Proposed rollup block. */
export interface Proposed {
  id: number
  payload: string
  gasLimit: number
  rulesVersion: number
  /** Amount on hold, in the smallest unit. */
  deposit: bigint
  /** Height of the chain before the proposal. */
  after: number
}

/** Drawn rollup block. */
export interface Drawn extends Proposed {
  /** Address of the assigned prover, or `null` if the block is open. */
  prover: string | null
  /** Price of a unit of gas. */
  price: bigint
  /** Last second of the assignment, by the rollup's clock. 0 if the block is open. */
  deadline: number
}

/** Positions of the rollup's queue, and the state roots at *settled* and *proven*. */
export interface Positions {
  settled: number
  proven: number
  drawn: number
  proposed: number
  settledRoot: string
  provenRoot: string
}

export async function positions({ call }: Pick<ApiPromise, 'call'>): Promise<Positions> {
  return (await call.rollupApi.positions<Json<Positions>>()).toJSON()
}

/** Returns the status of a proposed block. */
export const statusOf = async (api: ApiPromise, id: number): Promise<BlockStatus> =>
  (await api.call.rollupApi.block<Option<BlockStatus>>(id)).unwrap()

/** Returns the chain's entry of an unsettled block. */
export const unsettled = async (api: ApiPromise, id: number): Promise<RollupBlock> =>
  (await statusOf(api, id)).asUnsettled

/** Returns `true` if a block and all before it are proven. */
export const isProven = async (api: ApiPromise, id: number): Promise<boolean> =>
  (await positions(api)).proven >= id

/** Returns `true` if a block has a transition, waiting or proven, or is settled. */
export async function hasTransition(api: ApiPromise, id: number): Promise<boolean> {
  const status = await statusOf(api, id)
  return status.isSettled || status.asUnsettled.transition.isSome
}

/** Returns the transaction that submits a proof in the name of this account. */
export const proveBlock = (
  api: ApiPromise,
  { id }: { id: number },
  { address }: { address: string },
  { transition, proof }: Proven,
): Tx => api.tx.rollup.proveBlock(id, address, transition, proof)

/** Proposes blocks with these payloads in the name of this account, in one transaction. */
export async function propose(
  api: ApiPromise,
  proposer: KeyringPair,
  payloads: string[],
  gasLimit: number,
): Promise<Proposed[]> {
  const calls = payloads.map((payload) => api.tx.rollup.proposeBlock(payload, gasLimit, ANY_FEE))
  const after = await height(api)
  const events = await submit(api.tx.utility.batchAll(calls), proposer)
  return named(events, 'rollup.BlockProposed').map((event, index) => ({
    id: event.blockId.toNumber(),
    payload: payloads[index],
    gasLimit,
    rulesVersion: event.rulesVersion.toNumber(),
    deposit: event.deposit.toBigInt(),
    after,
  }))
}

/** Makes blocks of the chain until these rollup blocks are drawn. They must be in order. */
export async function draw<Block extends Proposed>(
  { api, makeBlocks }: Pick<Chain, 'api' | 'makeBlocks'>,
  blocks: Block[],
): Promise<(Block & Drawn)[]> {
  const last = blocks.at(-1)!.id
  const perBlock = Number(constant(api, 'rollup', 'maxDrawnPerBlock'))
  const { drawn } = await positions(api)
  const max = DRAW_DELAY + 1 + Math.ceil((last - drawn) / perBlock)
  for (let made = 0; (await positions(api)).drawn < last; made++) {
    if (made === max) throw new Error(`block ${last} is not drawn after ${made} blocks`)
    await makeBlocks(1)
  }
  const events = await eventsAfter(api, blocks[0].after)
  const draws = [...named(events, 'rollup.BlockOpened'), ...named(events, 'rollup.BlockAssigned')]
  return blocks.map((block) => {
    const event = draws.find(({ blockId }) => blockId.eq(block.id))
    if (!event) throw new Error(`block ${block.id} is drawn, and has no event`)
    const assignment = event.name === 'rollup.BlockAssigned' ? event : null
    return {
      ...block,
      prover: assignment?.prover.toString() ?? null,
      price: event.rewardPerGas.toBigInt(),
      deadline: assignment?.deadline.toNumber() ?? 0,
    }
  })
}
