// SPDX-License-Identifier: Apache-2.0

// Polkadot-API, with types that `papi` generated from the chain.

import type { KeyringPair } from '@polkadot/keyring/types'
import { decAnyMetadata, unifyMetadata } from '@polkadot-api/substrate-bindings'
import { createClient, type PolkadotSigner, type TxFinalizedPayload } from 'polkadot-api'
import { getPolkadotSigner } from 'polkadot-api/signer'
import { getWsProvider } from 'polkadot-api/ws'
import { pool } from '../../generated/papi/dist/index.js'
import { type Client, Refusal, type Views } from './journey.ts'

/** Returns a signer with this key. */
export const signerOf = (key: KeyringPair): PolkadotSigner =>
  getPolkadotSigner(key.publicKey, 'Sr25519', (message) => key.sign(message))

/** Returns the text of an error in the metadata, which the library decodes without texts. */
async function textOf(pallet: string, error: string): Promise<string> {
  const { lookup, pallets } = unifyMetadata(decAnyMetadata(await pool.getMetadata()))
  const { def } = lookup[pallets.find(({ name }) => name === pallet)!.errors!.type]
  if (def.tag !== 'variant') throw new Error(`the errors of ${pallet} are no variants`)
  return def.value.find(({ name }) => name === error)!.docs.join(' ')
}

/** Functions of the pool that are in the runtime API and among the view functions. */
interface Functions {
  provers(): Promise<[number, string, Slot][]>
  get_weights(feePerGas: number): Promise<[bigint[], bigint]>
}

interface Slot {
  staked_amount: number
  reward_per_gas: number
  current_capacity: number
}

type Result = Pick<TxFinalizedPayload, 'events' | 'ok' | 'dispatchError'>

async function eventsOf(finalized: Promise<Result>) {
  const { dispatchError, events } = await finalized
  if (!dispatchError) return events
  const module = dispatchError.value as { type: string; value: { type: string } }
  throw new Refusal(module.value.type, await textOf(module.type, module.value.type))
}

export async function connect(url: string, key: KeyringPair): Promise<Client> {
  const client = createClient(getWsProvider(url))
  const api = client.getTypedApi(pool)
  const signer = signerOf(key)

  const views = ({ provers, get_weights }: Functions): Views => ({
    members: async () =>
      (await provers()).map(([id, who, slot]) => ({
        id,
        who,
        amount: slot.staked_amount,
        price: slot.reward_per_gas,
        capacity: slot.current_capacity,
      })),
    async odds(feePerGas) {
      const [weights, sum] = await get_weights(feePerGas)
      return { weights, sum }
    },
  })

  return {
    who: key.address,
    runtimeApi: views(api.apis.ProverPoolApi),
    viewFunctions: views(api.view.ProverPool),
    async stake({ amount, price, capacity }) {
      const offer = { amount, reward_per_gas: price, max_capacity: capacity }
      const events = await eventsOf(api.tx.ProverPool.stake(offer).signAndSubmit(signer))
      const [{ payload: staked }] = api.event.ProverPool.Staked.filter(events)
      return {
        amount: staked.amount,
        price: staked.reward_per_gas,
        capacity: staked.current_capacity,
      }
    },
    async propose(payload, gasLimit, maxFeePerGas) {
      const call = { payload, gas_limit: gasLimit, max_fee_per_gas: maxFeePerGas }
      const events = await eventsOf(api.tx.Rollup.propose_block(call).signAndSubmit(signer))
      const [{ payload: proposed }] = api.event.Rollup.BlockProposed.filter(events)
      return proposed.block_id
    },
    async proverOf(block) {
      const status = await api.apis.RollupApi.block(block)
      if (status?.type !== 'Unsettled' || status.value.phase.type !== 'Assigned') return null
      return status.value.phase.value.prover
    },
    async exit() {
      const events = await eventsOf(api.tx.ProverPool.exit().signAndSubmit(signer))
      const [{ payload: exited }] = api.event.ProverPool.Exited.filter(events)
      return exited.amount
    },
    stop: async () => client.destroy(),
  }
}
