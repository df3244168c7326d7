// SPDX-License-Identifier: Apache-2.0

// Waits with a maximum time. Their errors name what they waited for.

import { setTimeout as delay } from 'node:timers/promises'

/** Maximum time of a start of a chain, until it accepts a connection. The node compiles the runtime first,
 * which takes minutes on a busy machine. */
export const START_TIMEOUT_MS = 480_000
/** Maximum time until a connection to a chain is ready. */
export const CONNECT_TIMEOUT_MS = 60_000
/** Maximum time until chopsticks has made a block. */
export const BLOCK_TIMEOUT_MS = 50_000
/** Maximum time until a transaction is in a block. */
export const SUBMIT_TIMEOUT_MS = 120_000
/** Maximum time of a command of the prover program. It submits a transaction or reads the chain. */
export const COMMAND_TIMEOUT_MS = 180_000
/** Maximum time until a program that got a signal has ended. */
export const END_TIMEOUT_MS = 60_000
/** Maximum time of an execution or a proof of a rollup block. The first also loads the keys. */
export const PROOF_TIMEOUT_MS = 240_000
/** Maximum time of the generation of the proving key. */
export const KEY_TIMEOUT_MS = 300_000
/** Maximum time of an answer of a program's metrics server. */
export const METRICS_TIMEOUT_MS = 10_000
/** Maximum time until prover programs reach a condition, such as proofs of several blocks. */
export const PROVERS_TIMEOUT_MS = 300_000
/** Maximum time of the whole demo. */
export const DEMO_TIMEOUT_MS = 570_000
/** Maximum time until a condition holds or a node answers in a long suite, also on a busy machine. */
export const WAIT_MS = 600_000

/** Returns the result of a promise. Fails if it takes longer than this time. */
export async function within<Result>(
  timeoutMs: number,
  what: string,
  promise: Promise<Result>,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timedOut(timeoutMs, what)), timeoutMs)
  })
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer))
}

/** Waits until a function returns a value other than `null` and `false`, and returns the value. Calls
 * the function again after `pauseMs`. Fails if this takes longer than `timeoutMs`. */
export async function until<Result>(
  timeoutMs: number,
  what: string,
  attempt: () => Promise<Result | null | false>,
  pauseMs = 200,
): Promise<Result> {
  const end = Date.now() + timeoutMs
  for (;;) {
    const result = await attempt()
    if (result !== null && result !== false) return result
    if (Date.now() > end) throw timedOut(timeoutMs, what)
    await delay(pauseMs)
  }
}

const timedOut = (timeoutMs: number, what: string) =>
  new Error(`waited ${timeoutMs / 1000} s for ${what}`)
