// SPDX-License-Identifier: Apache-2.0

// The prover program, connected to a running chain.

import { copyFileSync, mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { binary, freePort, run, type Service, startService } from './processes.ts'
import { makeProvingKey, PROVING_KEY } from './transfer-rollup.ts'
import { COMMAND_TIMEOUT_MS, METRICS_TIMEOUT_MS, within } from './waits.ts'

const PROGRAM = binary('prover-pool-prover')

/** Installs the proving key in a folder of provers, because generating the same key takes a while. */
export async function installProvingKey(data: string) {
  await makeProvingKey()
  const keys = join(data, 'proving-keys')
  mkdirSync(keys, { recursive: true })
  copyFileSync(PROVING_KEY, join(keys, basename(PROVING_KEY)))
}

/** Status of a prover, as `status --json` shows it. Amounts are decimal strings in tokens. */
export interface Status {
  member: { stake: number; price: number; free_capacity: number; max_capacity: number } | null
  outstanding: number
  to_prove: { block_id: number; seconds_left: number }[]
  books: { proven: number; missed: number; earned: string; slashed: number; fees: string } | null
}

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
    /** Nodes that the service uses while the first is out of reach. */
    private readonly otherUrls: string[] = [],
  ) {}

  /** Runs a command of the program: `stake`, `exit`, `withdraw`, `status`. Returns its output, and
   * fails with its message when it fails. */
  async command(...args: string[]): Promise<string> {
    const options = ['--url', this.chainUrl, '--dev', this.uri]
    return (await run(COMMAND_TIMEOUT_MS, [PROGRAM, ...args, ...options])).stdout
  }

  /** Stakes whole tokens at this price of a unit of gas. Returns the output. */
  stake(amount: number, price: number, capacity: number): Promise<string> {
    const offer = { '--amount': amount, '--price': price, '--capacity': capacity }
    return this.command('stake', '--yes', ...Object.entries(offer).flat().map(String))
  }

  /** Returns the status of its account. */
  async status(): Promise<Status> {
    return JSON.parse(await this.command('status', '--json', '--data', this.data))
  }

  /** Starts the program as a service. */
  async start() {
    await installProvingKey(this.data)
    const metrics = `127.0.0.1:${await freePort()}`
    this.metricsUrl = `http://${metrics}/metrics`
    this.service = startService(`prover-${this.name}-${++this.starts}`, [
      ...[PROGRAM, 'run', '--url', this.chainUrl, '--dev', this.uri],
      ...this.otherUrls.flatMap((url) => ['--url', url]),
      ...['--data', this.data, '--metrics', metrics],
    ])
  }

  /** Returns the figures that the service shows to Prometheus, by name. */
  async metrics(): Promise<Record<string, number>> {
    const answer = fetch(this.metricsUrl).then((response) => response.text())
    const text = await within(METRICS_TIMEOUT_MS, `the metrics of ${this.name}`, answer)
    const lines = text.split('\n').filter((line) => line && !line.startsWith('#'))
    // The account and the chain, which are the labels of most metrics, are the same in all of them.
    return Object.fromEntries(
      lines.map((line) => [
        line.replace(/[{ ].*/, ''),
        Number(line.slice(line.lastIndexOf(' ')).replace('inf', 'Infinity')),
      ]),
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
