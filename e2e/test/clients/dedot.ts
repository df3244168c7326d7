// SPDX-License-Identifier: Apache-2.0

// dedot, with types that its command line generated from the chain.

import type { KeyringPair } from '@polkadot/keyring/types'
import { DedotClient, WsProvider } from 'dedot'
import type { ISubmittableExtrinsic } from 'dedot/types'
import type { PoolApi } from '../../generated/dedot/pool/index.js'
import { type Client, Refusal, type Views } from './journey.ts'

export async function connect(url: string, key: KeyringPair): Promise<Client> {
  const client = await DedotClient.new<PoolApi>(new WsProvider(url))

  async function submit(tx: ISubmittableExtrinsic) {
    const { dispatchError, events } = await tx.signAndSend(key).untilFinalized()
    if (!dispatchError) return events
    const { name, docs } = client.registry.findErrorMeta(dispatchError)!
    throw new Refusal(name, docs.join(' '))
  }

  type Api = typeof client.call.proverPoolApi | typeof client.view.proverPool
  const views = (api: Api): Views => ({
    members: async () =>
      (await api.provers()).map(([id, who, slot]) => ({
        id,
        who: who.address(),
        amount: slot.stakedAmount,
        price: slot.rewardPerGas,
        capacity: slot.currentCapacity,
      })),
    async odds(feePerGas) {
      const [weights, sum] = await api.getWeights(feePerGas)
      return { weights, sum }
    },
  })

  return {
    who: key.address,
    runtimeApi: views(client.call.proverPoolApi),
    viewFunctions: views(client.view.proverPool),
    async stake({ amount, price, capacity }) {
      const events = await submit(client.tx.proverPool.stake(amount, price, capacity))
      const staked = client.events.proverPool.Staked.find(events)!.palletEvent.data
      return {
        amount: staked.amount,
        price: staked.rewardPerGas,
        capacity: staked.currentCapacity,
      }
    },
    async propose(payload, gasLimit, maxFeePerGas) {
      const events = await submit(client.tx.rollup.proposeBlock(payload, gasLimit, maxFeePerGas))
      return client.events.rollup.BlockProposed.find(events)!.palletEvent.data.blockId
    },
    async proverOf(block) {
      const status = await client.call.rollupApi.block(block)
      if (status?.type !== 'Unsettled' || status.value.phase.type !== 'Assigned') return null
      return status.value.phase.value.prover.address()
    },
    async exit() {
      const events = await submit(client.tx.proverPool.exit())
      return client.events.proverPool.Exited.find(events)!.palletEvent.data.amount
    },
    stop: () => client.disconnect(),
  }
}
