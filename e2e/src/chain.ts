// SPDX-License-Identifier: Apache-2.0

// Connection to a running chain, or to one that is started for a test.

import { setTimeout as delay } from 'node:timers/promises'
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api'
import type { ApiDecoration, SubmittableExtrinsic } from '@polkadot/api/types'
import type { KeyringPair } from '@polkadot/keyring/types'
import type { EventRecord } from '@polkadot/types/interfaces'
import type { Codec, Registry } from '@polkadot/types/types'
import { binary, freePort, path, startService } from './processes.ts'

export type Tx = SubmittableExtrinsic<'promise'>

/** State of a chain, at the latest block or at a given one. */
export type State = Pick<ApiDecoration<'promise'>, 'consts' | 'query'>

/** Time between two blocks, on a parachain and its relay chain alike. */
export const SLOT_MS = 6000

/** Maximum time until a transaction is in a block. */
const SUBMIT_TIMEOUT_MS = 120_000

export interface Chain {
  api: ApiPromise
  /** Address of its RPC server. */
  url: string
  /** Makes blocks, one slot apart. */
  makeBlocks(count: number): Promise<void>
  /** Makes blocks until the rollup's clock has advanced by these seconds. Fails if the clock stands
   * still. */
  advance(seconds: number): Promise<void>
  /** Disconnects from the chain, and stops it if it was started here. */
  stop(): Promise<void>
}

/** Event with its fields and its name, such as `proverPool.Staked`. */
export type Event = Record<string, any>

const keyring = new Keyring({ type: 'sr25519' })

/** Returns the account of a development key's derivation path, such as `//Alice`. */
export const account = (uri: string): KeyringPair => keyring.addFromUri(uri)

/** Transaction in a block. */
export interface Included {
  /** Hash of the block. */
  block: string
  /** Position of the transaction in the block. */
  index: number
  events: Event[]
}

/** Submits a transaction and waits for it to be in a block. */
export async function include(tx: Tx, signer: KeyringPair, tip = 0n): Promise<Included> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      clearTimeout(timer)
      reject(error)
    }
    const timer = setTimeout(
      () => fail(new Error('the transaction is in no block: timeout')),
      SUBMIT_TIMEOUT_MS,
    )
    tx.signAndSend(signer, { nonce: -1, tip }, ({ status, events, txIndex, isError }) => {
      if (isError) fail(new Error(`the transaction is ${status.type}`))
      // A node that finalizes its blocks immediately reports no other status.
      if (!status.isInBlock && !status.isFinalized) return
      clearTimeout(timer)
      const block = status.isInBlock ? status.asInBlock : status.asFinalized
      resolve({ block: block.toHex(), index: txIndex!, events: events.map(readEvent) })
    }).catch(fail)
  })
}

/** Submits a transaction, waits for it to be in a block and returns its events. If it or a nested
 * call fails, throws the name of the error, such as `proverPool.InvalidParams`. */
export async function submit(tx: Tx, signer: KeyringPair): Promise<Event[]> {
  const { events } = await include(tx, signer)
  for (const { name, ...fields } of events) {
    for (const field of Object.values(fields)) {
      const error = field?.isErr ? field.asErr : name === 'system.ExtrinsicFailed' ? field : null
      if (error) throw new Error(errorName(tx.registry, error))
    }
  }
  return events
}

export function readEvent({ event }: EventRecord): Event {
  const names = event.data.names ?? event.data.map((_, index) => index.toString())
  const fields = names.map((name, index) => [name, event.data[index]])
  return { name: `${event.section}.${event.method}`, ...Object.fromEntries(fields) }
}

/** Returns the events with this name. */
export const named = (events: Event[], name: string) =>
  events.filter((event) => event.name === name)

/** Returns the number of the latest block. */
export const height = async (api: State): Promise<number> =>
  ((await api.query.system.number()) as any).toNumber()

/** Returns the events of all blocks after this one, in order. */
export async function eventsAfter(api: ApiPromise, block: number): Promise<Event[]> {
  const events = []
  const last = await height(api)
  for (let number = block + 1; number <= last; number++) {
    const at = await api.at(await api.rpc.chain.getBlockHash(number))
    for (const record of (await at.query.system.events()) as any) {
      events.push({ block: number, ...readEvent(record) })
    }
  }
  return events
}

/** Returns the name of an error in the chain's metadata, such as `proverPool.InvalidParams`. */
export function errorName(registry: Registry, error: any): string {
  if (error.isToken) return `token.${error.asToken.type}`
  if (!error.isModule) return error.type ?? error.toString()
  const { section, name } = registry.findMetaError(error.asModule)
  return `${section}.${name}`
}

/** Returns the reading of the rollup's clock for the next block, in seconds. */
export const clock = async (api: Pick<ApiPromise, 'call'>): Promise<number> =>
  ((await api.call.rollupApi.clock()) as any).now.toNumber()

/** Connects to a running chain. Fails if there is none. */
export async function connect(url: string): Promise<Chain> {
  const provider = new WsProvider(url, false)
  const connected = new Promise<void>((resolve, reject) => {
    provider.on('connected', () => resolve())
    provider.on('error', () => reject(new Error(`Cannot connect to a chain at ${url}.`)))
  })
  await Promise.all([provider.connect(), connected])
  const api = await ApiPromise.create({ provider, noInitWarn: true })
  const { methods } = (await api.rpc.rpc.methods()) as any
  const isChopsticks = methods.some((method: Codec) => method.toString() === 'dev_timeTravel')

  async function makeBlocks(count: number) {
    for (let made = 0; made < count; made++) {
      if (isChopsticks) await provider.send('dev_newBlock', [{}])
      // The node makes a block for each transaction, or at regular intervals.
      else await submit(api.tx.system.remark(''), account('//Alice'))
    }
  }

  async function advance(seconds: number) {
    const end = (await clock(api)) + seconds
    // The first block of a chain has no predecessor, and does not advance the clock.
    for (let left = seconds, round = 0; left > 0 && round < 2; round++) {
      await makeBlocks(Math.ceil((left * 1000) / SLOT_MS))
      left = end - (await clock(api))
    }
    if ((await clock(api)) < end) throw new Error("the rollup's clock stands still")
  }
  const stop = () => api.disconnect()
  return { api, url, makeBlocks, advance, stop }
}

/** Starts a development chain on chopsticks, on a free port. */
export const startChopsticks = () =>
  start('chopsticks', (port) => [
    process.execPath,
    '--import',
    'tsx',
    path('e2e/src/dev-chain.ts'),
    port,
  ])

/** Starts the node with a development chain that makes a block for each transaction, and finalizes
 * none. */
export const startNode = () => startNodeWith('--instant-seal')

/** Starts the node with a development chain that makes and finalizes a block each second. */
export const startFinalizingNode = () => startNodeWith('--dev-block-time', '1000')

const startNodeWith = (...seal: string[]) =>
  start('node', (port) => [
    ...[binary('prover-pool-node'), '--dev', ...seal, '--rpc-port', port],
    ...['--no-prometheus', '--no-telemetry', '--no-hardware-benchmarks'],
    ...['--listen-addr', '/ip4/127.0.0.1/tcp/0'],
  ])

async function start(name: string, command: (port: string) => string[]): Promise<Chain> {
  const port = await freePort()
  const service = startService(`${name}-${port}`, command(port))
  while (!service.hasEnded()) {
    const chain = await connect(`ws://127.0.0.1:${port}`).catch(() => null)
    if (chain) {
      const stop = async () => {
        await chain.stop()
        await service.end()
      }
      return { ...chain, stop }
    }
    await delay(200)
  }
  service.check()
  throw new Error(`the chain stopped before it accepted a connection`)
}
