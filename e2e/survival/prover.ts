// SPDX-License-Identifier: Apache-2.0

// The prover program with an operator key, several nodes and a folder that may fail.

import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { KeyringPair } from '@polkadot/keyring/types'
import { binary, freePort, launch, path, run } from '../src/processes.ts'
import { PROVING_KEY } from '../src/transfer-rollup.ts'
import { COMMAND_TIMEOUT_MS, END_TIMEOUT_MS, until, WAIT_MS, within } from '../src/waits.ts'
import type { Link } from './link.ts'

const PROGRAM = binary('prover-pool-prover')

/** Books of a prover, as `status --json` shows them. Amounts are decimal strings in tokens. */
export interface Books {
  proven: number
  missed: number
  earned: string
  slashed: number
  fees: string
  as_of: number
  unread: number
}

export class Prover {
  private child: ChildProcess | null = null
  private lines: string[] = []

  private constructor(
    /** Name in its log, `build/survival-NAME.log`. */
    readonly name: string,
    /** Account of the stake. */
    readonly account: KeyringPair,
    /** Key of its operator, with which the program signs. */
    readonly operator: KeyringPair,
    /** Connections to the node, the preferred one first. */
    readonly links: Link[],
    /** Folder of its files. */
    readonly data: string,
    readonly uri: string,
    private readonly address: string,
  ) {}

  /** Prepares a program. Its proving key is outside of its folder, which may be small. */
  static async create(
    name: string,
    account: KeyringPair,
    operator: { key: KeyringPair; uri: string },
    links: Link[],
    data: string,
  ): Promise<Prover> {
    const keys = join(data, 'proving-keys')
    mkdirSync(keys, { recursive: true })
    symlinkSync(PROVING_KEY, join(keys, basename(PROVING_KEY)))
    const address = `127.0.0.1:${await freePort()}`
    return new Prover(name, account, operator.key, links, data, operator.uri, address)
  }

  /** Starts the program. It leaves the pool only if `leaves` is `true`.
   *
   * Its log goes through this process, so that a limit of its files spares it. */
  start({ leaves } = { leaves: false }) {
    const urls = this.links.flatMap(({ url }) => ['--url', url])
    const options = [...urls, ...this.options(), '--dev', this.uri, '--metrics', this.address]
    if (!leaves) options.push('--no-exit')
    const child = launch([PROGRAM, 'run', ...options], ['ignore', 'pipe', 'pipe'])
    const log = path(`build/survival-${this.name}.log`)
    const note = (line: string) => {
      appendFileSync(log, `${line}\n`)
      this.lines.push(line)
    }
    for (const output of [child.stdout!, child.stderr!]) {
      createInterface(output).on('line', note)
    }
    child.once('exit', (code, signal) => note(`-- ended: ${code ?? signal}`))
    this.child = child
  }

  get isRunning(): boolean {
    return this.child !== null
  }

  get pid(): number {
    return this.child!.pid!
  }

  /** Ends the program with this signal. Returns its exit code, or `null` if the signal ended it. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const { child } = this
    if (!child) return null
    this.child = null
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit')
      child.kill(signal)
      await within(END_TIMEOUT_MS, `the end of ${this.name} after ${signal}`, ended)
    }
    return child.exitCode
  }

  /** Throws an error if the program has ended by itself. */
  check() {
    const { child } = this
    if (!child || (child.exitCode === null && child.signalCode === null)) return
    throw new Error(
      `${this.name} ended with ${child.exitCode ?? child.signalCode}; its last lines:\n` +
        this.lines.slice(-20).join('\n'),
    )
  }

  /** Returns the lines of its log so far. */
  get log(): readonly string[] {
    return this.lines
  }

  /** Returns the folders of its chains and accounts. */
  folders(): string[] {
    return readdirSync(this.data).filter((name) => name.endsWith(this.account.address))
  }

  /** Waits until the program has read the chain for the first time, and shows metrics. */
  async isReady() {
    await until(WAIT_MS, `metrics of ${this.name}`, async () => {
      this.check()
      return (await this.bestBlock().catch(() => 0)) > 0
    })
  }

  /** Returns the reason of its alarm, or `null`. */
  async alarm(): Promise<string | null> {
    const metrics = await this.metrics()
    return /^prover_pool_alarm\{.*reason="(\w+)".*\} 1$/m.exec(metrics)?.[1] ?? null
  }

  /** Returns `true` if the program proves for the account, and `false` if it stands by. */
  async isInCharge(): Promise<boolean> {
    return /^prover_pool_in_charge\{.*\} 1$/m.test(await this.metrics())
  }

  /** Returns the last best chain block that it read. */
  async bestBlock(): Promise<number> {
    return Number(/^prover_pool_best_block\{.*\} (\d+)$/m.exec(await this.metrics())?.[1] ?? 0)
  }

  /** Returns the last finalized chain block in its books, or 0 before it has read the chain. */
  async scannedBlock(): Promise<number> {
    const metrics = await this.metrics().catch(() => '')
    return Number(/^prover_pool_scanned_block\{.*\} (\d+)$/m.exec(metrics)?.[1] ?? 0)
  }

  private async metrics(): Promise<string> {
    const answer = fetch(`http://${this.address}/metrics`).then((response) => response.text())
    return within(WAIT_MS, `the metrics of ${this.name}`, answer)
  }

  /** Returns its books, which `status` reads from its folder. */
  async books(url: string): Promise<Books> {
    const output = await this.command(url, 'status', '--json')
    return JSON.parse(output).books
  }

  /** Runs another command of the program with a node at this URL, and returns its output. */
  async command(url: string, ...args: string[]): Promise<string> {
    const command = [PROGRAM, ...args, '--url', url, ...this.options()]
    return (await run(COMMAND_TIMEOUT_MS, command)).stdout
  }

  private options(): string[] {
    return ['--account', this.account.address, '--data', this.data]
  }
}
