// SPDX-License-Identifier: Apache-2.0

// What tests and demo do with the prover pool, and with accounts.

import type { ApiPromise } from '@polkadot/api'
import type { KeyringPair } from '@polkadot/keyring/types'
import { account, type Event, named, readEvent, type State, type Tx } from './chain.ts'

/** A member of the pool. */
export interface Member {
  id: number
  who: string
  stake: number
  price: number
  capacity: number
}

/** The members of the pool, in the order of their ids. */
export async function members(api: ApiPromise): Promise<Member[]> {
  const list: any = await api.call.proverPoolApi.provers()
  return list.map(([id, who, prover]: any) => ({
    id: id.toNumber(),
    who: who.toString(),
    stake: prover.stakedAmount.toNumber(),
    price: prover.rewardPerGas.toNumber(),
    capacity: prover.currentCapacity.toNumber(),
  }))
}

/** Values that governance sets, by pallet and name. */
export interface Parameters {
  ProverPool?: Record<string, number>
  Rollup?: Record<string, number>
}

/** Has governance set these values. */
export function setParameters(api: ApiPromise, parameters: Parameters): Tx {
  const calls = Object.entries(parameters).flatMap(([pallet, values]) =>
    Object.entries(values).map(([name, value]) =>
      api.tx.parameters.setParameter({ [pallet]: { [name]: [null, value] } } as any),
    ),
  )
  return api.tx.sudo.sudo(api.tx.utility.batchAll(calls))
}

/** Gives each account so many whole tokens. */
export const fund = (api: ApiPromise, accounts: KeyringPair[], tokens: number): Tx =>
  api.tx.utility.batchAll(
    accounts.map(({ address }) =>
      api.tx.balances.transferKeepAlive(address, oneToken(api) * BigInt(tokens)),
    ),
  )

/** What a whole token is in the smallest unit. */
export const oneToken = (api: State): bigint => (api.consts.proverPool.oneToken as any).toBigInt()

/** All that an account has, on hold or not, in the smallest unit. */
export async function total(api: ApiPromise, { address }: KeyringPair): Promise<bigint> {
  return totalOf(await api.query.system.account(address))
}

/** All that each account has, on hold or not, in the smallest unit. */
export async function totals(api: State): Promise<Record<string, bigint>> {
  const entries = await api.query.system.account.entries()
  return Object.fromEntries(entries.map(([key, info]) => [key.args[0].toString(), totalOf(info)]))
}

const totalOf = ({ data }: any): bigint => data.free.toBigInt() + data.reserved.toBigInt()

/** What the pool has on hold of each account, in the smallest unit. */
export const stakesOnHold = (api: State) =>
  onHold(api, (reason) => reason.isProverPool && reason.asProverPool.isStake)

/** What the rollup has on hold of each proposer for its unsettled blocks, in the smallest unit. */
export const depositsOnHold = (api: State) =>
  onHold(api, (reason) => reason.isRollup && reason.asRollup.isDeposit)

/** What the rollup has on hold of each prover for whoever rescues the blocks that it missed, in the
 * smallest unit. */
export const bountiesOnHold = (api: State) =>
  onHold(api, (reason) => reason.isRollup && reason.asRollup.isBounty)

async function onHold(
  api: State,
  matches: (reason: any) => boolean,
): Promise<Record<string, bigint>> {
  const entries = await api.query.balances.holds.entries()
  const amounts = entries.flatMap(([key, holds]: any) =>
    holds
      .filter(({ id }: any) => matches(id))
      .map(({ amount }: any) => [key.args[0].toString(), amount.toBigInt()]),
  )
  return Object.fromEntries(amounts)
}

/** The number of the latest block. */
export const height = async (api: State): Promise<number> =>
  ((await api.query.system.number()) as any).toNumber()

/** What happened in all blocks after this one, in order. */
export async function eventsAfter(api: ApiPromise, block: number): Promise<Event[]> {
  const events = []
  const last = await height(api)
  for (let number = block + 1; number <= last; number++) {
    const at = await api.at(await api.rpc.chain.getBlockHash(number))
    for (const record of (await at.query.system.events()) as any) {
      events.push({ block: number, ...readEvent(record) })
    }
  }
  return events
}

/** What an account paid for transactions in these events, in the smallest unit. */
export const feesOf = (address: string, events: Event[]): bigint =>
  named(events, 'transactionPayment.TransactionFeePaid')
    .filter(({ who }) => who.eq(address))
    .reduce((sum, { actualFee }) => sum + actualFee.toBigInt(), 0n)

/** Governance, and the well of all tokens, on a development chain. */
export const alice = account('//Alice')
