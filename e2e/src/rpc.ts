// SPDX-License-Identifier: Apache-2.0

// Raw answers of a node.

import { within } from './waits.ts'

const ANSWER_TIMEOUT_MS = 60_000

/** Answer of a node. */
export interface Answer {
  result?: unknown
  error?: { code: number; message: string }
}

/** Calls a method of the node's RPC over HTTP. */
export const ask = (url: string, method: string, params: unknown[] = []): Promise<Answer> =>
  post<Answer>(url, method, { id: 1, jsonrpc: '2.0', method, params })

/** Calls a method for each of the parameters, in one request. */
export const askAll = (url: string, method: string, parameters: unknown[]): Promise<Answer[]> =>
  post<Answer[]>(
    url,
    method,
    parameters.map((parameter, id) => ({ id, jsonrpc: '2.0', method, params: [parameter] })),
  )

async function post<Result>(url: string, method: string, request: unknown): Promise<Result> {
  const body = JSON.stringify(request)
  const headers = { 'content-type': 'application/json' }
  const answer = fetch(url.replace('ws:', 'http:'), { method: 'POST', headers, body })
  const read = answer.then((response) => response.json() as Promise<Result>)
  return within(ANSWER_TIMEOUT_MS, `the answer to ${method}`, read)
}
