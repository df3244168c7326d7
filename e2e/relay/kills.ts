// SPDX-License-Identifier: Apache-2.0

// Kills of a collator while chain blocks are full.

import { randomBytes } from 'node:crypto'
import type { ApiPromise } from '@polkadot/api'
import { u8aToHex } from '@polkadot/util'
import { expect } from 'vitest'
import { account, height } from '../src/chain.ts'
import type { Network } from './network.ts'
import type { Peer } from './peer.ts'

/** Size of a remark, in bytes. */
const SIZE = 128 * 1024
/** Maximum bytes of a transaction with a remark without it. */
const MAX_REST = 1_024
/** Remarks that wait in the pool: those of two full chain blocks. */
const WAITING = 40
/** Error codes of a pool that has a transaction already, or another one with its nonce. */
const IS_WAITING = [1013, 1014]

const signer = account('//Ferdie')

/** Counts of the kills. */
interface Counts {
  /** Finalized blocks that were compared. */
  finalized: number
  /** Full blocks before the kills. */
  full: number
}

/** Kills a collator this number of times while chain blocks are full, and starts it again. Afterwards,
 * it and the other collator must have each block that it had finalized. */
export async function killWhileFull(network: Network, killed: Peer, other: Peer, kills: number) {
  const counts: Counts = { finalized: 0, full: 0 }
  for (let kill = 1; kill <= kills; kill++) {
    counts.full += await fillBlocks(network, other.api)
    const finalized = await killed.finalized()
    const hashes = await hashesUntil(killed, finalized)
    await killed.kill()
    await killed.start()
    await network.until('the finalized blocks of the killed collator', async () => {
      return (await killed.finalized()) >= finalized && (await other.finalized()) >= finalized
    })
    expect(await hashesUntil(killed, finalized)).toEqual(hashes)
    expect(await hashesUntil(other, finalized)).toEqual(hashes)
    counts.finalized = hashes.length
  }
  return counts
}

/** Returns the hashes of the blocks from genesis to this one. */
async function hashesUntil(peer: Peer, last: number): Promise<(string | null)[]> {
  const hashes: (string | null)[] = []
  for (let number = 0; number <= last; number++) hashes.push(await peer.hashOf(number))
  return hashes
}

/** Submits remarks until a further chain block is full of them. Returns the number of full blocks. */
async function fillBlocks(network: Network, api: ApiPromise): Promise<number> {
  let [last, full] = [await height(api), 0]
  await submitRemarks(api)
  await network.until('a full chain block', async () => {
    const best = await height(api)
    if (best === last) return false
    while (last < best) if (await isFull(api, ++last)) full += 1
    await submitRemarks(api)
    return full > 0
  })
  return full
}

/** Returns `true` if a chain block is full of remarks. */
async function isFull(api: ApiPromise, number: number): Promise<boolean> {
  const { normal } = api.consts.system.blockLength.max
  const remarks = (await nonceAt(api, number)) - (await nonceAt(api, number - 1))
  return remarks >= Math.floor(normal.toNumber() / (SIZE + MAX_REST))
}

/** Returns the number of the signer's transactions up to a chain block. */
async function nonceAt(api: ApiPromise, number: number): Promise<number> {
  const at = await api.at(await api.rpc.chain.getBlockHash(number))
  return (await at.query.system.account(signer.address)).nonce.toNumber()
}

/** Submits remarks that follow those in the chain, unless they wait in the pool. */
async function submitRemarks(api: ApiPromise) {
  const first = await nonceAt(api, await height(api))
  for (let nonce = first; nonce < first + WAITING; nonce++) {
    const remark = api.tx.system.remark(u8aToHex(randomBytes(SIZE)))
    await remark.signAndSend(signer, { nonce, era: 0 }).catch((error: { code?: number }) => {
      if (!IS_WAITING.includes(error.code ?? 0)) throw error
    })
  }
}
