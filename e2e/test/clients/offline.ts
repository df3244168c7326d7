// SPDX-License-Identifier: Apache-2.0

// Signatures as those of a hardware wallet: without a connection, and with the hash of the metadata.

import type { KeyringPair } from '@polkadot/keyring/types'
import { createClient, getOfflineApi } from 'polkadot-api'
import { withMetadataHash } from 'polkadot-api/signer'
import { getWsProvider } from 'polkadot-api/ws'
import { pool } from '../../generated/papi/dist/index.js'
import { SUBMIT_TIMEOUT_MS, within } from '../../src/waits.ts'
import type { Offer } from './journey.ts'
import { signerOf } from './papi.ts'

/** Token of the chain, which is part of the hash. */
export const TOKEN = { tokenSymbol: 'PPT', decimals: 12 }

/** Signs the first stake of an account, and returns the transaction. */
export async function signStake(key: KeyringPair, offer: Offer, token = TOKEN) {
  const offline = await getOfflineApi(pool)
  const { amount, price, capacity } = offer
  const call = { amount, reward_per_gas: price, max_capacity: capacity }
  const signer = withMetadataHash(token, signerOf(key))
  const options = { nonce: 0, mortality: { mortal: false } } as const
  return offline.tx.ProverPool.stake(call).sign(signer, options)
}

/** Submits a transaction, and waits until it is in a finalized block. Rejects with the reason if the
 * chain refuses it before. */
export async function submitSigned(url: string, transaction: Uint8Array) {
  const client = createClient(getWsProvider(url))
  try {
    // The library fails to submit before it has read the runtime.
    await client.getTypedApi(pool).getStaticApis()
    const submitted = client.submit(transaction)
    return await within(SUBMIT_TIMEOUT_MS, 'a finalized block with the transaction', submitted)
  } finally {
    client.destroy()
  }
}
