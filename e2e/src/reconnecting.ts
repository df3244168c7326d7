// SPDX-License-Identifier: Apache-2.0

// Connection to a node that is killed and started again, which is restored by itself.

import { ApiPromise, WsProvider } from '@polkadot/api'
import { connect } from './chain.ts'

/** Time between two attempts to connect again, in milliseconds. */
const RECONNECT_MS = 500

/** Connects to a node. Returns `null` if it does not listen yet. */
export async function reconnecting(url: string): Promise<ApiPromise | null> {
  // Connecting before the node listens would be an error, and connecting again is not.
  const chain = await connect(url).catch(() => null)
  if (!chain) return null
  await chain.stop()
  const provider = new WsProvider(url, RECONNECT_MS)
  return ApiPromise.create({ provider, noInitWarn: true })
}

/** Returns `true` if the node answers. */
export async function answers(api: ApiPromise): Promise<boolean> {
  if (!api.isConnected) return false
  return api.rpc.chain.getHeader().then(
    () => true,
    () => false,
  )
}
