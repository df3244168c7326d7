// SPDX-License-Identifier: Apache-2.0

// Accounts of a chain, their balances, and the parameters of governance.

import type { ApiPromise } from '@polkadot/api'
import type { KeyringPair } from '@polkadot/keyring/types'
import { account, type Event, named, type State, type Tx } from './chain.ts'

/** Sudo account of a development chain, which also funds the other accounts. */
export const alice = account('//Alice')

/** Parameters that governance can change, by pallet and name. */
export interface Parameters {
  ProverPool?: Record<string, number | string>
  Rollup?: Record<string, number | string>
}

/** Returns the transaction by which governance sets these parameters. */
export function setParameters(api: ApiPromise, parameters: Parameters): Tx {
  const calls = Object.entries(parameters).flatMap(([pallet, values]) =>
    Object.entries(values).map(([name, value]) =>
      api.tx.parameters.setParameter({ [pallet]: { [name]: [null, value] } } as any),
    ),
  )
  return api.tx.sudo.sudo(api.tx.utility.batchAll(calls))
}

/** Returns a transaction that transfers this amount of whole tokens to each account. */
export const fund = (api: ApiPromise, accounts: KeyringPair[], tokens: number): Tx =>
  api.tx.utility.batchAll(
    accounts.map(({ address }) =>
      api.tx.balances.transferKeepAlive(address, oneToken(api) * BigInt(tokens)),
    ),
  )

/** Returns the value of a whole token in the smallest unit. */
export const oneToken = (api: State): bigint => (api.consts.proverPool.oneToken as any).toBigInt()

/** Returns the total balance of an account, free and on hold, in the smallest unit. */
export async function total(api: ApiPromise, { address }: KeyringPair): Promise<bigint> {
  return totalOf(await api.query.system.account(address))
}

/** Returns the total balance of each account, free and on hold, in the smallest unit. */
export async function totals(api: State): Promise<Record<string, bigint>> {
  const entries = await api.query.system.account.entries()
  return Object.fromEntries(entries.map(([key, info]) => [key.args[0].toString(), totalOf(info)]))
}

const totalOf = ({ data }: any): bigint => data.free.toBigInt() + data.reserved.toBigInt()

/** Returns the stake on hold of each account, in the smallest unit. */
export const stakesOnHold = (api: State) =>
  onHold(api, (reason) => reason.isProverPool && reason.asProverPool.isStake)

/** Returns the deposits on hold of each proposer, in the smallest unit. */
export const depositsOnHold = (api: State) =>
  onHold(api, (reason) => reason.isRollup && reason.asRollup.isDeposit)

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

/** Returns the sum of the transaction fees of an account in these events, in the smallest unit. */
export const feesOf = (address: string, events: Event[]): bigint =>
  named(events, 'transactionPayment.TransactionFeePaid')
    .filter(({ who }) => who.eq(address))
    .reduce((sum, { actualFee }) => sum + actualFee.toBigInt(), 0n)
