// SPDX-License-Identifier: Apache-2.0

// Transactions that a node must refuse or keep few of, as fast as it answers.

import { randomBytes } from 'node:crypto'
import type { ApiPromise } from '@polkadot/api'
import { account } from '../src/chain.ts'
import type { Node } from '../src/node.ts'
import { ask } from '../src/rpc.ts'

/** Connections that flood at the same time. */
const CONNECTIONS = 8
/** Bytes of an oversized transaction: more than a chain block has. */
const OVERSIZED = 6 * 1024 * 1024
/** Transactions of the future, after a gap in the nonces. */
const FUTURE = 2_000
/** Distance of their nonces from those that are used meanwhile. */
const GAP = 100
/** Distance of two oversized transactions in the flood. */
const OVERSIZED_EACH = 200

/** Returns this percentile of some numbers, rounded. */
export function percentile(numbers: number[], percent: number): number {
  const sorted = [...numbers].sort((one, other) => one - other)
  const index = Math.ceil((percent / 100) * sorted.length) - 1
  return Math.round(sorted[Math.max(0, index)])
}

type Kind = 'invalid' | 'oversized' | 'duplicate' | 'future'

const none = (): Record<Kind, number> => ({ invalid: 0, oversized: 0, duplicate: 0, future: 0 })

export class Flood {
  /** Number of transactions of each kind. */
  readonly sent = none()
  /** Number of those that the node refused. */
  readonly refused = none()
  isOver = false

  private constructor(
    private readonly url: string,
    private readonly oversized: string,
    private readonly duplicate: string,
    private readonly future: string[],
    /** A signed transaction before and after its signature. */
    private readonly parts: string[],
  ) {}

  /** Signs the transactions of a flood. */
  static async prepare({ api, url }: Node): Promise<Flood> {
    const remark = `0x${'00'.repeat(OVERSIZED)}`
    const oversized = await sign(api, account('//Flood'), 0, remark)
    // Alone, it waits for the transaction before it.
    const duplicate = await sign(api, account('//Ferdie'), GAP - 1)
    const parts = duplicate.toHex().split(duplicate.signature.toHex().slice(2))
    const future = []
    for (let nonce = GAP; nonce < GAP + FUTURE; nonce++) {
      future.push((await sign(api, account('//Ferdie'), nonce)).toHex())
    }
    return new Flood(url, oversized.toHex(), duplicate.toHex(), future, parts)
  }

  /** Floods the node for these seconds. */
  async run(seconds: number) {
    const end = Date.now() + seconds * 1_000
    const flood = async (connection: number) => {
      for (let index = connection; Date.now() < end; index += CONNECTIONS) await this.send(index)
    }
    await Promise.all(Array.from({ length: CONNECTIONS }, (_, index) => flood(index)))
    this.isOver = true
  }

  private async send(index: number) {
    const [kind, transaction] = this.pick(index)
    const answer = await ask(this.url, 'author_submitExtrinsic', [transaction])
    this.sent[kind] += 1
    if (answer.error) this.refused[kind] += 1
  }

  private pick(index: number): [Kind, string] {
    if (index % OVERSIZED_EACH === 0) return ['oversized', this.oversized]
    if (index % 3 === 0) return ['invalid', this.invalid()]
    if (index % 3 === 1) return ['duplicate', this.duplicate]
    return ['future', this.future[Math.floor(index / 3) % this.future.length]]
  }

  /** Returns a transaction with a random signature. */
  private invalid(): string {
    const [before, after] = this.parts
    return `${before}${randomBytes(64).toString('hex')}${after}`
  }
}

/** Signs a remark with this nonce. */
const sign = (api: ApiPromise, signer: ReturnType<typeof account>, nonce: number, remark = '0x') =>
  api.tx.system.remark(remark).signAsync(signer, { nonce, era: 0 })
