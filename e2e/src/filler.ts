// SPDX-License-Identifier: Apache-2.0

// Large transactions that fill chain blocks.

import type { ApiPromise } from '@polkadot/api'
import { account, constant, type Tx } from './chain.ts'
import { ANY_FEE } from './rollup.ts'
import { askAll } from './rpc.ts'

/** Chain blocks whose transactions wait in the pool of the node. */
const WAITING = 3
const GAS_LIMIT = 200_000
/** Maximum bytes of a transaction around its content. */
const MAX_REST = 1_024

/** Error codes of a pool that has a transaction, or another one with its nonce. */
const IS_WAITING = [1013, 1014]

/** Option of the node. The default pool loses accepted transactions after a few full blocks. */
export const POOL = ['--pool-type', 'single-state']

const signer = account('//Charlie')

/** Returns the maximum number of bytes of a payload, and thereby of the transactions' content. */
const contentSize = (api: ApiPromise) => Number(constant(api, 'rollup', 'maxPayloadSize'))

const content = (api: ApiPromise) => '5a'.repeat(contentSize(api))

/** Returns a proposal with the largest payload. */
export const largestProposal = (api: ApiPromise): Tx =>
  api.tx.rollup.proposeBlock(`0x${content(api)}`, GAS_LIMIT, ANY_FEE)

/** Returns a remark of the same size, which leads to no other work. */
export const largestRemark = (api: ApiPromise): Tx => api.tx.system.remark(`0x${content(api)}`)

/** Returns the number of such transactions in a full chain block. One more may fit. */
export function perFullBlock(api: ApiPromise): number {
  const { normal } = api.consts.system.blockLength.max
  return Math.floor(normal.toNumber() / (contentSize(api) + MAX_REST)) - 1
}

/** Returns the number of the signer's transactions up to a block, or up to the newest. */
async function nonceAt(api: ApiPromise, hash?: string): Promise<number> {
  const { query } = hash ? await api.at(hash) : api
  return (await query.system.account(signer.address)).nonce.toNumber()
}

/** Signed transactions in the order of their nonces. */
export class Filler {
  /** Each transaction before and after its content. */
  private readonly parts: string[][] = []
  /** Number of transactions that were submitted. */
  private sent = 0
  private readonly content: string
  private readonly perBlock: number

  private constructor(
    private readonly api: ApiPromise,
    private readonly call: Tx,
    private readonly first: number,
  ) {
    this.content = content(api)
    this.perBlock = perFullBlock(api)
  }

  /** Signs a call for this number of full chain blocks. */
  static async sign(api: ApiPromise, call: Tx, blocks: number): Promise<Filler> {
    const filler = new Filler(api, call, await nonceAt(api))
    await filler.extend(blocks * filler.perBlock)
    return filler
  }

  /** Submits the next transactions, until those of some chain blocks wait in the pool of the node. */
  async fillPool(url: string) {
    const included = (await nonceAt(this.api)) - this.first
    const end = included + WAITING * this.perBlock
    await this.extend(end)
    for (this.sent = Math.max(this.sent, included); this.sent < end; ) {
      const parts = this.parts.slice(this.sent, Math.min(end, this.sent + this.perBlock))
      const transactions = parts.map((part) => part.join(this.content))
      const answers = await askAll(url, 'author_submitExtrinsic', transactions)
      const refused = answers.find(({ error }) => error && !IS_WAITING.includes(error.code))
      if (refused) throw new Error(`a transaction is refused: ${refused.error!.message}`)
      this.sent += parts.length
    }
  }

  /** Takes note that the pool of the node may have lost transactions. They are submitted again. */
  forget() {
    this.sent = 0
  }

  /** Returns `true` if a block is full of these transactions. */
  async isFull(hash: string): Promise<boolean> {
    const { parentHash } = await this.api.rpc.chain.getHeader(hash)
    const before = await nonceAt(this.api, parentHash.toHex())
    return (await nonceAt(this.api, hash)) - before >= this.perBlock
  }

  /** Signs transactions up to this number. */
  private async extend(count: number) {
    while (this.parts.length < count) {
      const nonce = this.first + this.parts.length
      const signed = await this.call.signAsync(signer, { nonce, era: 0 })
      this.parts.push(signed.toHex().split(this.content))
    }
  }
}
