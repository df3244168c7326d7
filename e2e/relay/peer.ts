// SPDX-License-Identifier: Apache-2.0

// Node on a side of the network, which is killed and started again on the same folder.

import type { ApiPromise } from '@polkadot/api'
import { type Service, startService } from '../src/processes.ts'
import { answers, reconnecting } from '../src/reconnecting.ts'
import { until } from '../src/waits.ts'
import { address, on, type Side } from './sides.ts'

/** Maximum time of a start. A validator compiles the relay chain's runtime of 12 MB first. */
const COMPILED_TIMEOUT_MS = 600_000

export class Peer {
  private service: Service | null = null
  private connection: ApiPromise | null = null
  private starts = 0
  private readonly logs: string[] = []

  constructor(
    /** Name in its logs, `build/relay-NAME-1.log` and so on. */
    readonly name: string,
    private readonly side: Side,
    private readonly port: string,
    private readonly command: string[],
  ) {}

  get url(): string {
    return `ws://${address(this.side)}:${this.port}`
  }

  get api(): ApiPromise {
    return this.connection!
  }

  /** Returns the paths of the outputs of all its starts. */
  get outputs(): readonly string[] {
    return this.logs
  }

  /** Starts the node, with these arguments after the others, and waits until it answers. */
  async start(...args: string[]) {
    const name = `relay-${this.name}-${++this.starts}`
    const service = startService(name, on(this.side, [...this.command, ...args]))
    this.service = service
    this.logs.push(service.log)
    await this.connect(service)
  }

  /** Replaces the connection by one with the metadata of the current runtime. */
  async reconnect() {
    await this.connection?.disconnect()
    this.connection = null
    await this.connect(this.service!)
  }

  /** Returns the version of the runtime after the best block. Does not decode it: polkadot.js mixes
   * the metadata before and after an upgrade. */
  async specVersion(): Promise<number> {
    const version = await this.api.rpc.state.getRuntimeVersion.raw()
    return (version as unknown as { specVersion: number }).specVersion
  }

  /** Kills the node. */
  async kill() {
    await this.service?.end('SIGKILL')
    this.service = null
  }

  /** Throws an error if the node has ended by itself. */
  check() {
    this.service?.check()
  }

  async stop() {
    await this.connection?.disconnect()
    await this.service?.end('SIGTERM')
  }

  private async connect(service: Service) {
    await until(COMPILED_TIMEOUT_MS, `an answer; see ${service.log}`, async () => {
      service.check()
      this.connection ??= await reconnecting(this.url)
      return this.connection !== null && answers(this.connection)
    })
  }

  /** Returns the number of the best block. */
  async best(): Promise<number> {
    return (await this.api.rpc.chain.getHeader()).number.toNumber()
  }

  /** Returns the number of the last finalized block. */
  async finalized(): Promise<number> {
    const hash = await this.api.rpc.chain.getFinalizedHead()
    return (await this.api.rpc.chain.getHeader(hash)).number.toNumber()
  }

  /** Returns the hash of the block with this number in the best chain, or `null`. */
  async hashOf(number: number): Promise<string | null> {
    const hash = await this.api.rpc.chain.getBlockHash(number)
    return hash.isEmpty ? null : hash.toHex()
  }
}
