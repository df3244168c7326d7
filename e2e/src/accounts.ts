// SPDX-License-Identifier: Apache-2.0

// Accounts of a chain, their balances, and the parameters of governance.

import type { ApiPromise } from '@polkadot/api'
import type { KeyringPair } from '@polkadot/keyring/types'
import type { FrameSystemAccountInfo } from '@polkadot/types/lookup'
import { account, constant, named, type State, submit, type Tx } from './chain.ts'
import type { Event } from './types.ts'

/** Sudo account of a development chain, which also funds the other accounts. */
export const alice = account('//Alice')

/** Parameters that governance can change, by pallet and name. */
export interface Parameters {
  ProverPool?: Record<string, number | string>
  Rollup?: Record<string, number | string>
}

/** Returns the transaction by which governance sets these parameters. */
export function setParameters(api: ApiPromise, parameters: Parameters): Tx {
  // polkadot.js types the parameters of another chain.
  const setParameter = api.tx.parameters.setParameter as (parameter: object) => Tx
  const calls = Object.entries(parameters).flatMap(([pallet, values]) =>
    Object.entries(values).map(([name, value]) =>
      setParameter({ [pallet]: { [name]: [null, value] } }),
    ),
  )
  return api.tx.sudo.sudo(api.tx.utility.batchAll(calls))
}

/** Makes the provers of genesis leave the pool. Members can then leave at once. */
export async function emptyPool(api: ApiPromise) {
  await submit(setParameters(api, { ProverPool: { MinChangeDelay: 0 } }), alice)
  for (const uri of ['//Eve', '//Ferdie']) await submit(api.tx.proverPool.exit(), account(uri))
}

/** Returns a transaction that transfers this amount of whole tokens to each account. */
export const fund = (api: ApiPromise, accounts: KeyringPair[], tokens: number): Tx =>
  api.tx.utility.batchAll(
    accounts.map(({ address }) =>
      api.tx.balances.transferKeepAlive(address, oneToken(api) * BigInt(tokens)),
    ),
  )

/** Returns the value of a whole token in the smallest unit. */
export const oneToken = (api: State): bigint => constant(api, 'proverPool', 'oneToken')

/** Returns the total balance of an account, free and on hold, in the smallest unit. */
export async function total(api: ApiPromise, { address }: KeyringPair): Promise<bigint> {
  return totalOf(await api.query.system.account(address))
}

/** Returns the total balance of each account, free and on hold, in the smallest unit. */
export async function totals(api: State): Promise<Record<string, bigint>> {
  const entries = await api.query.system.account.entries()
  return Object.fromEntries(entries.map(([key, info]) => [key.args[0].toString(), totalOf(info)]))
}

const totalOf = ({ data }: FrameSystemAccountInfo): bigint =>
  data.free.toBigInt() + data.reserved.toBigInt()

/** Returns the stake on hold of each account, in the smallest unit. */
export const stakesOnHold = (api: State) => onHold(api, 'ProverPool.Stake')

/** Returns the deposits on hold of each proposer, in the smallest unit. */
export const depositsOnHold = (api: State) => onHold(api, 'Rollup.Deposit')

/** Returns the amount on hold for this reason of each account. */
async function onHold(api: State, reason: string): Promise<Record<string, bigint>> {
  const entries = await api.query.balances.holds.entries()
  const amounts = entries.flatMap(([key, holds]) =>
    holds
      .filter(({ id }) => `${id.type}.${id.inner}` === reason)
      .map(({ amount }) => [key.args[0].toString(), amount.toBigInt()]),
  )
  return Object.fromEntries(amounts)
}

/** Returns the sum of the transaction fees of an account in these events, in the smallest unit. */
export const feesOf = (address: string, events: Event[]): bigint =>
  named(events, 'transactionPayment.TransactionFeePaid')
    .filter(({ who }) => who.eq(address))
    .reduce((sum, { actualFee }) => sum + actualFee.toBigInt(), 0n)
