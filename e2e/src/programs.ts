// SPDX-License-Identifier: Apache-2.0

// Programs that run beside a test or the demo, and end with it.

import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process'
import { mkdirSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

/** The absolute path of a file of the repository. */
export const path = (relative: string) =>
  fileURLToPath(new URL(`../../${relative}`, import.meta.url))

/** A program of the workspace, as cargo builds it. */
export const binary = (name: string) =>
  `${process.env.CARGO_TARGET_DIR ?? path('target')}/debug/${name}`

/** Starts a program. It is ended when this one ends, unless this one is killed. */
export function launch([program, ...args]: string[], stdio: StdioOptions): ChildProcess {
  const child = spawn(program, args, { cwd: path('e2e'), stdio })
  const end = () => child.kill()
  process.once('exit', end)
  child.once('close', () => process.off('exit', end))
  return child
}

/** A program whose output goes into a file. */
export interface Service {
  /** The file. */
  log: string
  /** Whether it has ended. */
  hasEnded(): boolean
  /** Ends it with this signal, and waits for that. Tells its exit code, unless the signal is what
   * ended it. */
  end(signal?: NodeJS.Signals): Promise<number | null>
  /** Fails, with the last lines of its output, if it has ended. */
  check(): void
}

/** Starts a program with its output in `build/NAME.log`, which is written anew. */
export function startService(name: string, command: string[]): Service {
  mkdirSync(path('build'), { recursive: true })
  const log = path(`build/${name}.log`)
  const output = openSync(log, 'w')
  const child = launch(command, ['ignore', output, output])
  let hasEnded = false
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve).once('error', () => resolve(null))
  }).finally(() => {
    hasEnded = true
  })
  return {
    log,
    hasEnded: () => hasEnded,
    end: (signal) => {
      child.kill(signal)
      return ended
    },
    check: () => {
      if (!hasEnded) return
      throw new Error(`${command[0]} ended; its last lines, from ${log}:\n${lastLines(log)}`)
    },
  }
}

const lastLines = (file: string) => readFileSync(file, 'utf8').split('\n').slice(-20).join('\n')

/** Below those that systems give away. Tests that run side by side have ranges of their own: between
 * being found free and being taken a port is anybody's. */
let nextPort = 20_000 + 1_000 * Number(process.env.VITEST_POOL_ID ?? 0)

/** A port on which nothing listens. */
export async function freePort(): Promise<string> {
  while (!(await isFree(nextPort))) nextPort += 1
  return String(nextPort++)
}

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
