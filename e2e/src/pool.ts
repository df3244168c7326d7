// SPDX-License-Identifier: Apache-2.0

// The members of the prover pool.

import type { ApiPromise } from '@polkadot/api'

/** Member of the pool. */
export interface Member {
  id: number
  who: string
  stake: number
  price: number
  capacity: number
}

/** Returns the members of the pool, in the order of their ids. */
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
