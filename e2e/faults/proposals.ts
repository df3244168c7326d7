// SPDX-License-Identifier: Apache-2.0

// Proposals of the greatest size, which fill chain blocks.

import { randomBytes } from 'node:crypto'
import type { ApiPromise } from '@polkadot/api'
import { u8aToHex } from '@polkadot/util'
import { account, constant } from '../src/chain.ts'
import { ANY_FEE } from '../src/rollup.ts'

/** Proposals that wait in the pool of the node: those of two chain blocks and a half. */
const WAITING = 40
const GAS_LIMIT = 200_000

export const filler = account('//Charlie')

/** Submits proposals until enough of them wait. The pool of a node is empty after its start. */
export async function fillPool(api: ApiPromise) {
  const size = Number(constant(api, 'rollup', 'maxPayloadSize'))
  const included = (await api.query.system.account(filler.address)).nonce.toNumber()
  const first = (await api.rpc.system.accountNextIndex(filler.address)).toNumber()
  for (let nonce = first; nonce < included + WAITING; nonce++) {
    const payload = u8aToHex(randomBytes(size))
    const call = api.tx.rollup.proposeBlock(payload, GAS_LIMIT, ANY_FEE)
    await api.rpc.author.submitExtrinsic(await call.signAsync(filler, { nonce, era: 0 }))
  }
}

/** Returns the bytes of the transactions in a block. */
export async function sizeOf(api: ApiPromise, hash: string): Promise<number> {
  const { block } = await api.rpc.chain.getBlock(hash)
  return block.extrinsics.reduce((sum, { encodedLength }) => sum + encodedLength, 0)
}

/** Returns the bytes of the transactions in a full block, less the largest proposal that may not
 * fit. */
export function fullSize(api: ApiPromise): number {
  const { max } = api.consts.system.blockLength
  const size = Number(constant(api, 'rollup', 'maxPayloadSize'))
  return max.normal.toNumber() - size - 1_024
}
