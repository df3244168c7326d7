// SPDX-License-Identifier: Apache-2.0

// What tests and demo do with the rollup.

import type { ApiPromise } from '@polkadot/api'
import type { KeyringPair } from '@polkadot/keyring/types'
import { named, submit } from './chain.ts'

/** A rollup block as its proposal and the event of it told. */
export interface Proposed {
  id: number
  payload: string
  gasLimit: number
  /** The address of the prover that was drawn. */
  drawn: string | null
  /** What its prover is paid for each unit of gas. */
  price: bigint
  /** The last second of its window, in Unix seconds. */
  closesAt: number
}

/** How far the rollup is. */
export interface Progress {
  proposed: number
  settled: number
  state: string
}

export async function progressOf(api: ApiPromise): Promise<Progress> {
  const { proposed, settled, state }: any = await api.query.rollup.rollupProgress()
  return { proposed: proposed.toNumber(), settled: settled.toNumber(), state: state.toHex() }
}

/** A block that is not settled, as the chain keeps it. */
export async function unsettled(api: ApiPromise, id: number): Promise<any> {
  const status: any = await api.call.rollupApi.block(id)
  return status.unwrap().asUnsettled
}

/** Whether somebody proved a block. */
export async function isProven(api: ApiPromise, id: number): Promise<boolean> {
  const status: any = await api.call.rollupApi.block(id)
  const block = status.unwrap()
  return block.isSettled || block.asUnsettled.transitions.length > 0
}

/** Has this account propose blocks with these payloads, in one transaction. */
export async function propose(
  api: ApiPromise,
  proposer: KeyringPair,
  payloads: string[],
  gasLimit: number,
): Promise<Proposed[]> {
  const calls = payloads.map((payload) => api.tx.rollup.proposeBlock(payload, gasLimit))
  const events = await submit(api.tx.utility.batchAll(calls), proposer)
  return named(events, 'rollup.BlockProposed').map((event, index) => ({
    id: event.blockId.toNumber(),
    payload: payloads[index],
    gasLimit,
    drawn: event.assigned.isSome ? event.assigned.unwrap().toString() : null,
    price: event.rewardPerGas.toBigInt(),
    closesAt: event.closesAt.toNumber(),
  }))
}
