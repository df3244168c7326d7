// SPDX-License-Identifier: Apache-2.0

// The prover program, connected to a running chain.

import { copyFileSync, mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { binary, freePort, run, type Service, startService } from './processes.ts'
import { PROVING_KEY } from './transfer-rollup.ts'
import { COMMAND_TIMEOUT_MS, METRICS_TIMEOUT_MS, within } from './waits.ts'

const PROGRAM = binary('prover-pool-prover')

/** Prover program with a development key. */
export class Operator {
  private service: Service | null = null
  private starts = 0
  private metricsUrl = ''

  constructor(
    /** Name in its logs, `build/prover-NAME-1.log` and so on. */
    readonly name: string,
    /** Derivation path of its development key. */
    private readonly uri: string,
    private readonly chainUrl: string,
    /** Folder of the files that survive a restart. */
    private readonly data: string,
  ) {}

  /** Runs a command of the program: `stake`, `exit`, `withdraw`, `status`. Returns its output, and
   * fails with its message when it fails. */
  async command(...args: string[]): Promise<string> {
    const options = ['--url', this.chainUrl, '--dev', this.uri]
    return (await run(COMMAND_TIMEOUT_MS, [PROGRAM, ...args, ...options])).stdout
  }

  /** Returns the program's figures of its account, by their names. */
  async status(): Promise<Record<string, string>> {
    const lines = (await this.command('status', '--data', this.data)).trimEnd().split('\n')
    // The names have a column of 12 characters.
    return Object.fromEntries(lines.map((line) => [line.slice(0, 12).trim(), line.slice(13)]))
  }

  /** Starts the program as a service. Copies the proving key, because generating the same key takes
   * a while. */
  async start() {
    const keys = join(this.data, 'proving-keys')
    mkdirSync(keys, { recursive: true })
    copyFileSync(PROVING_KEY, join(keys, basename(PROVING_KEY)))
    const metrics = `127.0.0.1:${await freePort()}`
    this.metricsUrl = `http://${metrics}/metrics`
    this.service = startService(`prover-${this.name}-${++this.starts}`, [
      ...[PROGRAM, 'run', '--url', this.chainUrl, '--dev', this.uri],
      ...['--data', this.data, '--metrics', metrics],
    ])
  }

  /** Returns the figures that the service shows to Prometheus, by name. */
  async metrics(): Promise<Record<string, number>> {
    const answer = fetch(this.metricsUrl).then((response) => response.text())
    const text = await within(METRICS_TIMEOUT_MS, `the metrics of ${this.name}`, answer)
    const lines = text.split('\n').filter((line) => line && !line.startsWith('#'))
    return Object.fromEntries(
      lines.map((line) => line.split(' ')).map(([name, value]) => [name, Number(value)]),
    )
  }

  /** Ends the service with this signal, and waits for its end. Returns its exit code, or `null` if
   * the signal ended it. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const { service } = this
    this.service = null
    return service ? service.end(signal) : null
  }

  /** Throws an error if the service has ended by itself. */
  check() {
    this.service?.check()
  }

  /** Returns the path of its output. */
  get log(): string {
    return this.service!.log
  }
}
