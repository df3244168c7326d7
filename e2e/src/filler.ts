// SPDX-License-Identifier: Apache-2.0

// Proposals of the greatest size, which fill chain blocks.

import type { ApiPromise } from '@polkadot/api'
import { account, constant } from '../src/chain.ts'
import { ANY_FEE } from '../src/rollup.ts'
import { askAll } from './rpc.ts'

/** Chain blocks whose proposals wait in the pool of the node. */
const WAITING = 3
const GAS_LIMIT = 200_000
/** Maximum bytes of a proposal without its payload. */
const MAX_REST = 1_024

/** Option of the node. The default pool loses accepted transactions after a few full blocks. */
export const POOL = ['--pool-type', 'single-state']

const signer = account('//Charlie')

/** Returns the number of the signer's transactions up to a block, or up to the newest. */
async function nonceAt(api: ApiPromise, hash?: string): Promise<number> {
  const { query } = hash ? await api.at(hash) : api
  return (await query.system.account(signer.address)).nonce.toNumber()
}

/** Signed proposals in the order of their nonces. */
export class Proposals {
  /** Each proposal before and after the payload. */
  private readonly parts: string[][] = []
  /** Number of proposals that were submitted. */
  private sent = 0

  private constructor(
    private readonly api: ApiPromise,
    private readonly payload: string,
    private readonly first: number,
    /** Number of proposals in a full chain block. One more may fit. */
    private readonly perBlock: number,
  ) {}

  /** Signs proposals for this number of full chain blocks. */
  static async sign(api: ApiPromise, blocks: number): Promise<Proposals> {
    const payload = '5a'.repeat(Number(constant(api, 'rollup', 'maxPayloadSize')))
    const { normal } = api.consts.system.blockLength.max
    const perBlock = Math.floor(normal.toNumber() / (payload.length / 2 + MAX_REST)) - 1
    const proposals = new Proposals(api, payload, await nonceAt(api), perBlock)
    await proposals.extend(blocks * perBlock)
    return proposals
  }

  /** Submits the next proposals, until those of some chain blocks wait in the pool of the node. */
  async fillPool(url: string) {
    const included = (await nonceAt(this.api)) - this.first
    const end = included + WAITING * this.perBlock
    await this.extend(end)
    for (this.sent = Math.max(this.sent, included); this.sent < end; ) {
      const parts = this.parts.slice(this.sent, Math.min(end, this.sent + this.perBlock))
      const transactions = parts.map((part) => part.join(this.payload))
      const answers = await askAll(url, 'author_submitExtrinsic', transactions)
      const refused = answers.find(({ error }) => error)
      if (refused) throw new Error(`a proposal is refused: ${refused.error!.message}`)
      this.sent += parts.length
    }
  }

  /** Takes note that the node was killed. Its pool is empty. */
  forget() {
    this.sent = 0
  }

  /** Returns `true` if a block is full of proposals. */
  async isFull(hash: string): Promise<boolean> {
    const { parentHash } = await this.api.rpc.chain.getHeader(hash)
    const before = await nonceAt(this.api, parentHash.toHex())
    return (await nonceAt(this.api, hash)) - before >= this.perBlock
  }

  /** Signs proposals up to this number. */
  private async extend(count: number) {
    const call = this.api.tx.rollup.proposeBlock(`0x${this.payload}`, GAS_LIMIT, ANY_FEE)
    while (this.parts.length < count) {
      const nonce = this.first + this.parts.length
      const signed = await call.signAsync(signer, { nonce, era: 0 })
      this.parts.push(signed.toHex().split(this.payload))
    }
  }
}
