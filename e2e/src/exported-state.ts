// SPDX-License-Identifier: Apache-2.0

// State of a running chain as a file, whose invariants a test of the runtime checks.

import { writeFileSync } from 'node:fs'
import { ask } from './rpc.ts'

/** Items of storage in an answer. */
const PAGE = 500

/** Writes the state after the last finalized block, and returns the number of its items. */
export async function exportState(url: string, file: string): Promise<number> {
  const { result: at } = await ask(url, 'chain_getFinalizedHead')
  const items: Record<string, string> = {}
  for (let last: string | null = null; ; ) {
    const { result } = await ask(url, 'state_getKeysPaged', ['0x', PAGE, last, at])
    const keys = result as string[]
    if (keys.length === 0) break
    const answer = await ask(url, 'state_queryStorageAt', [keys, at])
    const [{ changes }] = answer.result as { changes: [string, string][] }[]
    Object.assign(items, Object.fromEntries(changes))
    last = keys.at(-1)!
  }
  writeFileSync(file, JSON.stringify(items))
  return Object.keys(items).length
}
