// SPDX-License-Identifier: Apache-2.0

// Rollup blocks that the suite proposed, and the states after them by a program other than the
// provers.

import {
  type Balances,
  type Block,
  type Execution,
  payload,
  type TransferRollup,
} from '../src/transfer-rollup.ts'
import type { Random } from './random.ts'

type Proposed = Omit<Block, 'parent'>

export class Course {
  private readonly blocks = new Map<number, Proposed>()
  private readonly states = new Map<number, Balances | null>([[0, null]])
  private readonly roots = new Map<number, string>()

  constructor(private readonly program: TransferRollup) {}

  propose(block: Proposed) {
    this.blocks.set(block.id, block)
  }

  /** Returns the balances after a block. */
  async after(id: number): Promise<Balances | null> {
    const known = this.states.get(id)
    if (known !== undefined) return known
    const { balances, transition } = await this.execute(id)
    this.states.set(id, balances)
    this.roots.set(id, transition.stateRoot)
    return balances
  }

  /** Returns the state root after a block. */
  async rootAfter(id: number): Promise<string> {
    if (!this.roots.has(id)) await this.after(id)
    return this.roots.get(id)!
  }

  /** Executes a block as it was proposed, or with another payload. */
  async execute(id: number, payload?: string): Promise<Execution> {
    const block = this.blocks.get(id)!
    const parent = await this.after(id - 1)
    return this.program.execute({ ...block, payload: payload ?? block.payload, parent })
  }

  /** Continues after an override of a block by this root, with these balances if they are known. */
  override(id: number, root: string, balances?: Balances | null) {
    for (const states of [this.states, this.roots]) {
      for (const known of [...states.keys()]) if (known >= id) states.delete(known)
    }
    this.roots.set(id, root)
    if (balances !== undefined) this.states.set(id, balances)
  }
}

/** Returns the payload of some transfers. */
export function transfers(random: Random): string {
  const transfer = (): [number, number, number] => [
    random.below(16),
    random.below(16),
    random.below(1_000),
  ]
  return payload(...Array.from({ length: random.between(1, 8) }, transfer))
}
