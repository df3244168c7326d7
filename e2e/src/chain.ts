// SPDX-License-Identifier: Apache-2.0

// Connection to a running chain, or to one that is started for a test.

import { ApiPromise, Keyring, WsProvider } from '@polkadot/api'
import type { ApiDecoration, SubmittableExtrinsic } from '@polkadot/api/types'
import type { KeyringPair } from '@polkadot/keyring/types'
import { Result, type u128 } from '@polkadot/types'
import type { DispatchError, EventRecord } from '@polkadot/types/interfaces'
import type { Registry } from '@polkadot/types/types'
import { binary, freePort, path, startService } from './processes.ts'
import type { ClockReading, DispatchResult, Event, Fields, PastEvent } from './types.ts'
import {
  BLOCK_TIMEOUT_MS,
  CONNECT_TIMEOUT_MS,
  START_TIMEOUT_MS,
  SUBMIT_TIMEOUT_MS,
  until,
  within,
} from './waits.ts'

export type Tx = SubmittableExtrinsic<'promise'>

/** State of a chain, at the latest block or at a given one. */
export type State = Pick<ApiDecoration<'promise'>, 'consts' | 'query'>

/** Time between two blocks, on a parachain and its relay chain alike. */
export const SLOT_MS = 6000

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
  const { section, method } = tx.method
  const included = new Promise<Included>((resolve, reject) => {
    // Immortal, because the pool may check it at a block before that of the mortality.
    tx.signAndSend(signer, { nonce: -1, tip, era: 0 }, ({ status, events, txIndex, isError }) => {
      if (isError) reject(new Error(`the transaction ${section}.${method} is ${status.type}`))
      // A node that finalizes its blocks immediately reports no other status.
      if (txIndex === undefined || (!status.isInBlock && !status.isFinalized)) return
      const block = status.isInBlock ? status.asInBlock : status.asFinalized
      resolve({ block: block.toHex(), index: txIndex, events: events.map(readEvent) })
    }).catch(reject)
  })
  return within(SUBMIT_TIMEOUT_MS, `a block with ${section}.${method}`, included)
}

/** Submits a transaction, waits for it to be in a block and returns its events. If it or a nested
 * call fails, throws the name of the error, such as `proverPool.InvalidParams`. */
export async function submit(tx: Tx, signer: KeyringPair): Promise<Event[]> {
  const { events } = await include(tx, signer)
  for (const event of events) {
    if (event.name === 'system.ExtrinsicFailed') {
      throw new Error(errorName(tx.registry, event.dispatchError))
    }
    // Events of nested calls have their results.
    for (const field of Object.values<unknown>(event)) {
      if (isResult(field) && field.isErr) throw new Error(errorName(tx.registry, field.asErr))
    }
  }
  return events
}

const isResult = (field: unknown): field is DispatchResult => field instanceof Result

function readEvent({ event }: EventRecord): Event {
  const names = event.data.names ?? event.data.map((_, index) => index.toString())
  const fields = names.map((name, index) => [name, event.data[index]])
  return { name: `${event.section}.${event.method}`, ...Object.fromEntries(fields) }
}

/** Returns the events with this name. */
export const named = <Any extends Event, Name extends keyof Fields>(events: Any[], name: Name) =>
  events.filter((event): event is Extract<Any, { name: Name }> => event.name === name)

/** Returns a constant of a pallet. */
export const constant = ({ consts }: State, pallet: string, name: string): bigint =>
  (consts[pallet][name] as u128).toBigInt()

/** Returns the number of the latest block. */
export const height = async (api: State): Promise<number> =>
  (await api.query.system.number()).toNumber()

/** Returns the events of all blocks after this one, in order. */
export async function eventsAfter(api: ApiPromise, block: number): Promise<PastEvent[]> {
  const events: PastEvent[] = []
  const last = await height(api)
  for (let number = block + 1; number <= last; number++) {
    const at = await api.at(await api.rpc.chain.getBlockHash(number))
    for (const record of await at.query.system.events()) {
      events.push({ block: number, ...readEvent(record) })
    }
  }
  return events
}

/** Returns the name of an error in the chain's metadata, such as `proverPool.InvalidParams`. */
export function errorName(registry: Registry, error: DispatchError): string {
  if (error.isToken) return `token.${error.asToken.type}`
  if (!error.isModule) return error.type
  const { section, name } = registry.findMetaError(error.asModule)
  return `${section}.${name}`
}

/** Returns the reading of the rollup's clock for the next block, in seconds. */
export const clock = async ({ call }: Pick<ApiPromise, 'call'>): Promise<number> =>
  (await call.rollupApi.clock<ClockReading>()).now.toNumber()

/** Connects to a running chain. Fails if there is none. */
export async function connect(url: string): Promise<Chain> {
  const provider = new WsProvider(url, false)
  const connected = new Promise<void>((resolve, reject) => {
    provider.on('connected', () => resolve())
    provider.on('error', () => reject(new Error(`Cannot connect to a chain at ${url}.`)))
  })
  const created = Promise.all([provider.connect(), connected]).then(() =>
    ApiPromise.create({ provider, noInitWarn: true }),
  )
  const api = await within(CONNECT_TIMEOUT_MS, `a connection to ${url}`, created)
  const { methods } = await api.rpc.rpc.methods()
  const isChopsticks = methods.some((method) => method.eq('dev_timeTravel'))

  async function makeBlocks(count: number) {
    for (let made = 0; made < count; made++) {
      if (isChopsticks) {
        await within(BLOCK_TIMEOUT_MS, 'a new block', provider.send('dev_newBlock', [{}]))
      } else {
        // The node makes a block for each transaction, or at regular intervals.
        await submit(api.tx.system.remark(''), account('//Alice'))
      }
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
export const startNode = () => startNodeWith('--dev', '--instant-seal')

/** Starts the node with a development chain that makes and finalizes a block each second. */
export const startFinalizingNode = (chain = ['--dev']) =>
  startNodeWith(...chain, '--dev-block-time', '1000')

const startNodeWith = (...args: string[]) =>
  start('node', (port) => [
    ...[binary('prover-pool-node'), ...args, '--rpc-port', port],
    ...['--no-prometheus', '--no-telemetry', '--no-hardware-benchmarks'],
    ...['--listen-addr', '/ip4/127.0.0.1/tcp/0'],
  ])

async function start(name: string, command: (port: string) => string[]): Promise<Chain> {
  const port = await freePort()
  const service = startService(`${name}-${port}`, command(port))
  const chain = await until(START_TIMEOUT_MS, `a connection; see ${service.log}`, () => {
    service.check()
    return connect(`ws://127.0.0.1:${port}`).catch(() => null)
  })
  const stop = async () => {
    await chain.stop()
    await service.end('SIGTERM')
  }
  return { ...chain, stop }
}
