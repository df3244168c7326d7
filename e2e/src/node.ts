// SPDX-License-Identifier: Apache-2.0

// Development node that is killed, stopped and started again on the same folder.

import { readFileSync } from 'node:fs'
import type { ApiPromise } from '@polkadot/api'
import { binary, freePort, type Service, startService } from './processes.ts'
import { answers, reconnecting } from './reconnecting.ts'
import { until, WAIT_MS } from './waits.ts'

/** Option for blocks at this interval, in milliseconds. Each is final at once. */
export const blocksEvery = (interval: number) => ['--dev-block-time', `${interval}`]
/** Option for a block for each transaction. None becomes final. */
export const WITHOUT_FINALITY = ['--instant-seal']

const NORMAL = blocksEvery(1_000)

export class Node {
  private starts = 1

  private constructor(
    readonly port: string,
    private connection: ApiPromise,
    private readonly folder: string,
    private service: Service,
    private readonly options: string[],
  ) {}

  /** Starts a node with a new chain in this folder, and with these options after the others. */
  static async start(folder: string, options: string[] = []): Promise<Node> {
    const port = await freePort()
    const service = launchNode(folder, port, 1, [...NORMAL, ...options])
    return new Node(port, await connect(port, service), folder, service, options)
  }

  get api(): ApiPromise {
    return this.connection
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`
  }

  /** Returns the memory in use, in MiB. */
  get memory(): number {
    const status = readFileSync(`/proc/${this.service.pid}/status`, 'utf8')
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) / 1024
  }

  /** Starts the node again with this option for blocks, and waits until it answers. */
  async restart(blocks = NORMAL) {
    const options = [...blocks, ...this.options]
    this.service = launchNode(this.folder, this.port, ++this.starts, options)
    await this.continues()
  }

  /** Waits until the node answers again after it stood still. */
  async continues() {
    await until(WAIT_MS, `an answer of the node; see ${this.service.log}`, () => {
      this.check()
      return answers(this.api)
    })
  }

  /** Replaces the connection, which loses the runtime APIs in an upgrade of the runtime. */
  async reconnect() {
    await this.connection.disconnect()
    this.connection = await connect(this.port, this.service)
  }

  /** Sends a signal. */
  signal(signal: NodeJS.Signals) {
    process.kill(this.service.pid, signal)
  }

  async kill() {
    await this.service.end('SIGKILL')
  }

  /** Throws an error if the node has ended by itself. */
  check() {
    this.service.check()
  }

  async stop() {
    await this.connection.disconnect()
    await this.service.end('SIGTERM')
  }
}

/** Connects to a node as soon as it listens. */
const connect = (port: string, service: Service): Promise<ApiPromise> =>
  until(WAIT_MS, `the node; see ${service.log}`, () => {
    service.check()
    return reconnecting(`ws://127.0.0.1:${port}`)
  })

/** Starts a node with the chain in this folder, with these options. */
const launchNode = (folder: string, port: string, start: number, options: string[]): Service =>
  startService(`node-${port}-${start}`, [
    ...[binary('prover-pool-node'), '--dev'],
    ...['--base-path', folder, '--rpc-port', port],
    ...['--no-prometheus', '--no-telemetry', '--no-hardware-benchmarks'],
    ...['--listen-addr', '/ip4/127.0.0.1/tcp/0'],
    ...options,
  ])
