// SPDX-License-Identifier: Apache-2.0

// Child processes of a test or of the demo, which stop with it.

import {
  type ChildProcess,
  type ExecFileOptions,
  execFile,
  type StdioOptions,
  spawn,
} from 'node:child_process'
import { mkdirSync, openSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { END_TIMEOUT_MS, within } from './waits.ts'

/** Returns the absolute path of a file of the repository. */
export const path = (relative: string) =>
  fileURLToPath(new URL(`../../${relative}`, import.meta.url))

/** Returns the path of a binary that `cargo build` made. */
export const binary = (name: string) =>
  resolve(path('.'), process.env.CARGO_TARGET_DIR ?? 'target', 'debug', name)

/** Starts a program. It is stopped when this process exits, unless this process is killed. */
export function launch([program, ...args]: string[], stdio: StdioOptions): ChildProcess {
  const child = spawn(program, args, { cwd: path('e2e'), stdio })
  const end = () => child.kill()
  process.once('exit', end)
  child.once('close', () => process.off('exit', end))
  return child
}

/** Runs a program without input to its end, and returns its output. Fails if the program fails, or
 * takes longer than this time. */
export async function run(timeoutMs: number, command: string[], options: ExecFileOptions = {}) {
  const [program, ...args] = command
  const running = promisify(execFile)(program, args, { ...options, timeout: timeoutMs })
  running.child.stdin?.end()
  const { stdout, stderr } = await within(timeoutMs, `the end of ${command.join(' ')}`, running)
  return { stdout: stdout.toString(), stderr: stderr.toString() }
}

/** Process whose output goes into a file. */
export interface Service {
  /** Path of that file. */
  log: string
  pid: number
  /** Sends this signal and waits for the end. Returns the exit code, or `null` if the signal ended
   * the process. */
  end(signal: NodeJS.Signals): Promise<number | null>
  /** Throws an error with the last lines of the output if the process has ended. */
  check(): void
}

/** Starts a program with its output in `build/NAME.log`, which is overwritten. */
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
    pid: child.pid ?? 0,
    end: (signal) => {
      child.kill(signal)
      return within(END_TIMEOUT_MS, `the end of ${name} after ${signal}`, ended)
    },
    check: () => {
      if (!hasEnded) return
      throw new Error(`${command[0]} ended; its last lines, from ${log}:\n${lastLines(log)}`)
    },
  }
}

const lastLines = (file: string) => readFileSync(file, 'utf8').split('\n').slice(-20).join('\n')

/** Next port to try, below the range of ephemeral ports. */
let nextPort = 20_000

/** Returns a port on which nothing listens. Other processes could take it before the caller does, so
 * this one reserves it: it listens on the port after it as long as it runs. */
export async function freePort(): Promise<string> {
  for (;;) {
    const port = nextPort
    nextPort += 2
    const reservation = await listen(port + 1)
    const server = reservation && (await listen(port))
    if (server) {
      await new Promise((resolve) => server.close(resolve))
      return String(port)
    }
    reservation?.close()
  }
}

/** Listens on a port until this process ends. Returns `null` if the port is in use. */
const listen = (port: number) =>
  new Promise<Server | null>((resolve) => {
    const server = createServer().unref()
    server.once('error', () => resolve(null))
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
