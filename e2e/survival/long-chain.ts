// SPDX-License-Identifier: Apache-2.0

// Long chain, which a node makes in short time, with provers that are started by hand.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { ApiPromise } from '@polkadot/api'
import { height } from '../src/chain.ts'
import { blocksEvery, Node } from '../src/node.ts'
import { positions, propose } from '../src/rollup.ts'
import { makeProvingKey } from '../src/transfer-rollup.ts'
import { until, WAIT_MS } from '../src/waits.ts'
import type { Prover } from './prover.ts'
import { Random } from './random.ts'
import { transfers } from './rollup.ts'
import { create, enter, GAS_LIMIT, prepare, proposer } from './world.ts'

/** Minimum time between two chain blocks, in milliseconds, while many are made. */
const QUICK_INTERVAL_MS = 32
/** Number of chain blocks that the node may be late. It ends if it is a thousand late. */
const MAX_LATE = 500

/** Maximum time until a long chain is made. */
export const CHAIN_TIMEOUT_MS = 7_200_000

export class LongChain {
  private readonly random = new Random(1)

  private constructor(
    readonly folder: string,
    readonly node: Node,
    readonly provers: Prover[],
  ) {}

  /** Starts a node with these options, and prepares provers with these names. */
  static async start(names: string[], options: string[] = []): Promise<LongChain> {
    const folder = mkdtempSync(join(tmpdir(), 'survival-'))
    await makeProvingKey()
    const node = await Node.start(join(folder, 'node'), options)
    const provers = await Promise.all(names.map((name) => create(name, node, folder)))
    await prepare(node.api, provers)
    return new LongChain(folder, node, provers)
  }

  get api(): ApiPromise {
    return this.node.api
  }

  async stop() {
    for (const prover of this.provers) {
      await prover.end('SIGKILL')
      for (const link of prover.links) link.stop()
    }
    await this.node.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** Makes chain blocks in short time, up to this one. */
  async makeBlocks(last: number) {
    let interval = QUICK_INTERVAL_MS
    while ((await height(this.api)) < last) {
      await this.node.kill()
      await this.node.restart(blocksEvery(interval))
      const [start, before] = [Date.now(), await height(this.api)]
      let [made, due] = [0, 0]
      while (before + made < last && due - made < MAX_LATE) {
        this.node.check()
        await delay(1_000)
        made = (await height(this.api)) - before
        due = (Date.now() - start) / interval
      }
      // A busy machine is slower.
      if (due - made >= MAX_LATE) interval = Math.ceil(interval * 1.25)
    }
    await this.node.kill()
    await this.node.restart()
  }

  /** Proposes rollup blocks with random transfers. Returns their numbers. */
  async propose(count: number): Promise<number[]> {
    const payloads = Array.from({ length: count }, () => transfers(this.random))
    const blocks = await propose(this.api, proposer, payloads, GAS_LIMIT)
    return blocks.map(({ id }) => id)
  }

  /** Lets a prover enter the pool, proposes rollup blocks, and starts its program. Returns the blocks. */
  async enter(prover: Prover, count: number): Promise<number[]> {
    await enter(this.api, prover)
    const blocks = await this.propose(count)
    prover.start()
    return blocks
  }

  /** Waits until a condition holds, while the program of a prover runs. */
  async reach(what: string, prover: Prover, holds: () => Promise<boolean>) {
    await until(WAIT_MS, what, () => {
      prover.check()
      return holds()
    })
  }

  /** Waits until a rollup block is settled, while the program of a prover runs. */
  async settles(prover: Prover, block: number) {
    const isSettled = async () => (await positions(this.api)).settled >= block
    await this.reach(`the settlement of block ${block}`, prover, isSettled)
  }
}
