// SPDX-License-Identifier: Apache-2.0

// Raw answers of a node.

import { within } from '../src/waits.ts'

const ANSWER_TIMEOUT_MS = 60_000

/** Answer of a node. */
export interface Answer {
  result?: unknown
  error?: { code: number; message: string }
}

/** Calls a method of the node's RPC over HTTP. */
export async function ask(url: string, method: string, params: unknown[] = []): Promise<Answer> {
  const body = JSON.stringify({ id: 1, jsonrpc: '2.0', method, params })
  const headers = { 'content-type': 'application/json' }
  const answer = fetch(url.replace('ws:', 'http:'), { method: 'POST', headers, body })
  const read = answer.then((response) => response.json() as Promise<Answer>)
  return within(ANSWER_TIMEOUT_MS, `the answer to ${method}`, read)
}
