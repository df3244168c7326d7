// SPDX-License-Identifier: Apache-2.0

// The members of the prover pool.

import type { ApiPromise } from '@polkadot/api'
import type { Vec } from '@polkadot/types'
import type { PoolMember } from './types.ts'

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
  const list = await api.call.proverPoolApi.provers<Vec<PoolMember>>()
  return list.map(([id, who, slot]) => ({
    id: id.toNumber(),
    who: who.toString(),
    stake: slot.stakedAmount.toNumber(),
    price: slot.rewardPerGas.toNumber(),
    capacity: slot.currentCapacity.toNumber(),
  }))
}
