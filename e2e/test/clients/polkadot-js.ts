// SPDX-License-Identifier: Apache-2.0

// polkadot.js, which reads all types from the metadata at run time.

import { ApiPromise, WsProvider } from '@polkadot/api'
import type { KeyringPair } from '@polkadot/keyring/types'
import type { Option, u128, Vec } from '@polkadot/types'
import type { ITuple } from '@polkadot/types/types'
import { u8aToHex } from '@polkadot/util'
import { include, named, type Tx } from '../../src/chain.ts'
import type { BlockStatus, PoolMember } from '../../src/types.ts'
import { type Client, Refusal, type Views } from './journey.ts'

export async function connect(url: string, key: KeyringPair): Promise<Client> {
  const api = await ApiPromise.create({ provider: new WsProvider(url), noInitWarn: true })

  async function submit(tx: Tx) {
    const { events } = await include(tx, key)
    const [failed] = named(events, 'system.ExtrinsicFailed')
    if (!failed) return events
    const { name, docs } = api.registry.findMetaError(failed.dispatchError.asModule)
    throw new Refusal(name, docs.join(' '))
  }

  const runtimeApi: Views = {
    async members() {
      const members = await api.call.proverPoolApi.provers<Vec<PoolMember>>()
      return members.map(([id, who, slot]) => ({
        id: id.toNumber(),
        who: who.toString(),
        amount: slot.stakedAmount.toNumber(),
        price: slot.rewardPerGas.toNumber(),
        capacity: slot.currentCapacity.toNumber(),
      }))
    },
    async odds(feePerGas) {
      const { getWeights } = api.call.proverPoolApi
      const [weights, sum] = await getWeights<ITuple<[Vec<u128>, u128]>>(feePerGas)
      return { weights: weights.map((weight) => weight.toBigInt()), sum: sum.toBigInt() }
    },
  }

  return {
    who: key.address,
    runtimeApi,
    viewFunctions: null,
    async stake({ amount, price, capacity }) {
      const events = await submit(api.tx.proverPool.stake(amount, price, capacity))
      const [staked] = named(events, 'proverPool.Staked')
      return {
        amount: staked.amount.toNumber(),
        price: staked.rewardPerGas.toNumber(),
        capacity: staked.currentCapacity.toNumber(),
      }
    },
    async propose(payload, gasLimit, maxFeePerGas) {
      const tx = api.tx.rollup.proposeBlock(u8aToHex(payload), gasLimit, maxFeePerGas)
      const [proposed] = named(await submit(tx), 'rollup.BlockProposed')
      return proposed.blockId.toBigInt()
    },
    async proverOf(block) {
      const status = (await api.call.rollupApi.block<Option<BlockStatus>>(block)).unwrap()
      const { phase } = status.asUnsettled
      return phase.type === 'Assigned' ? phase.asAssigned.prover.toString() : null
    },
    async exit() {
      const [exited] = named(await submit(api.tx.proverPool.exit()), 'proverPool.Exited')
      return exited.amount.toNumber()
    },
    stop: () => api.disconnect(),
  }
}
