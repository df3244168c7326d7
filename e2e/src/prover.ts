// SPDX-License-Identifier: Apache-2.0

// The program that a prover's operator runs, beside a chain that runs.

import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { PROVING_KEY } from './circuit.ts'
import { binary, freePort, type Service, startService } from './processes.ts'

const PROGRAM = binary('prover-pool-prover')

/** An operator of a prover on a development chain. */
export class Operator {
  private service: Service | null = null
  private starts = 0
  private metricsUrl = ''

  constructor(
    /** Names its logs, `build/prover-NAME-1.log` and so on. */
    readonly name: string,
    /** The path of its development key. */
    private readonly uri: string,
    private readonly chainUrl: string,
    /** Where the program keeps what survives a restart. */
    private readonly data: string,
  ) {}

  /** Has the program do something once: `stake`, `exit`, `withdraw`, `status`. Tells its output,
   * and fails with its message when it fails. */
  async command(...args: string[]): Promise<string> {
    const options = ['--url', this.chainUrl, '--dev', this.uri]
    const { stdout } = await promisify(execFile)(PROGRAM, [...args, ...options])
    return stdout
  }

  /** What the program tells of its account: the values, by what stands before them. */
  async status(): Promise<Record<string, string>> {
    const lines = (await this.command('status', '--data', this.data)).trimEnd().split('\n')
    // The names have a column of 12 characters.
    return Object.fromEntries(lines.map((line) => [line.slice(0, 12).trim(), line.slice(13)]))
  }

  /** Starts the program as a service. The proving key has to be there: the program would make the
   * same one, which takes a while. */
  async start() {
    mkdirSync(this.data, { recursive: true })
    copyFileSync(PROVING_KEY, join(this.data, basename(PROVING_KEY)))
    const metrics = `127.0.0.1:${await freePort()}`
    this.metricsUrl = `http://${metrics}/metrics`
    this.service = startService(`prover-${this.name}-${++this.starts}`, [
      ...[PROGRAM, 'run', '--url', this.chainUrl, '--dev', this.uri],
      ...['--data', this.data, '--metrics', metrics],
    ])
  }

  /** The figures that the service shows to Prometheus, by name. */
  async metrics(): Promise<Record<string, number>> {
    const text = await (await fetch(this.metricsUrl)).text()
    const lines = text.split('\n').filter((line) => line && !line.startsWith('#'))
    return Object.fromEntries(
      lines.map((line) => line.split(' ')).map(([name, value]) => [name, Number(value)]),
    )
  }

  /** Ends the service with this signal, and waits for that. Tells its exit code, unless the signal
   * is what ended it. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const { service } = this
    this.service = null
    return service ? service.end(signal) : null
  }

  /** Fails if the service has ended by itself. */
  check() {
    this.service?.check()
  }

  /** Where its output is. */
  get log(): string {
    return this.service!.log
  }
}
