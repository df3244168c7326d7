// SPDX-License-Identifier: Apache-2.0

// A chain to talk to: one that runs, or one that is started for a test and ended by it.

import { ApiPromise, Keyring, WsProvider } from '@polkadot/api'
import type { ApiDecoration, SubmittableExtrinsic } from '@polkadot/api/types'
import type { KeyringPair } from '@polkadot/keyring/types'
import type { EventRecord } from '@polkadot/types/interfaces'
import type { Codec, Registry } from '@polkadot/types/types'
import { bnToHex } from '@polkadot/util'
import { setTimeout as delay } from 'node:timers/promises'
import { binary, freePort, path, startService } from './processes.ts'

export type Tx = SubmittableExtrinsic<'promise'>

/** The state of a chain: the latest, or that of a block. */
export type State = Pick<ApiDecoration<'promise'>, 'consts' | 'query'>

/** How far the chain's clock moves in a block, on a parachain and its relay chain alike. */
export const SLOT_MS = 6000

/** Where the relay chain's state holds its slot: `Babe::CurrentSlot`. */
const RELAY_SLOT_KEY = '0x1cb6f36e027abb2091cfb5110ab5087f06155b3cd9a8c9e5e9a23fd5dc13a5ed'

export interface Chain {
  api: ApiPromise
  /** Where it is reached. */
  url: string
  /** Moves the chain's clock forward by at least so many seconds, and makes a block there. */
  advance(seconds: number): Promise<void>
  /** Leaves the chain, and ends it if it was started here. */
  stop(): Promise<void>
}

/** An event: its name, `proverPool.Staked`, and its fields. */
export type Event = Record<string, any>

const keyring = new Keyring({ type: 'sr25519' })

/** An account by the path of its development key, for example `//Alice`. */
export const account = (uri: string): KeyringPair => keyring.addFromUri(uri)

/** Submits a transaction, waits for it to be in a block and tells its events. Fails with the name
 * of the error when it, or a call that it carries, fails: `proverPool.InvalidParams`. */
export async function submit(tx: Tx, signer: KeyringPair): Promise<Event[]> {
  const records = await new Promise<EventRecord[]>((resolve, reject) => {
    tx.signAndSend(signer, { nonce: -1 }, ({ status, events, isError }) => {
      // A node that finalizes its blocks at once tells only that.
      if (status.isInBlock || status.isFinalized) resolve(events)
      else if (isError) reject(new Error(`the transaction is ${status.type}`))
    }).catch(reject)
  })
  const events = records.map(readEvent)
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

/** The events of this name. */
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

/** The name of an error as the chain's metadata has it, `proverPool.InvalidParams`. */
export function errorName(registry: Registry, error: any): string {
  if (error.isToken) return `token.${error.asToken.type}`
  if (!error.isModule) return error.type ?? error.toString()
  const { section, name } = registry.findMetaError(error.asModule)
  return `${section}.${name}`
}

/** The chain's clock in milliseconds. */
export const now = async (api: ApiPromise): Promise<number> =>
  ((await api.query.timestamp.now()) as any).toNumber()

/** Talks to a chain that runs. Fails when there is none. */
export async function connect(url: string): Promise<Chain> {
  const provider = new WsProvider(url, false)
  const connected = new Promise<void>((resolve, reject) => {
    provider.on('connected', () => resolve())
    provider.on('error', () => reject(new Error(`No chain answers at ${url}.`)))
  })
  await Promise.all([provider.connect(), connected])
  const api = await ApiPromise.create({ provider, noInitWarn: true })
  const { methods } = (await api.rpc.rpc.methods()) as any
  const isChopsticks = methods.some((method: Codec) => method.toString() === 'dev_timeTravel')

  async function advance(seconds: number) {
    const start = await now(api)
    const end = start + seconds * 1000
    if (isChopsticks) {
      const slot = Math.max(Math.ceil(end / SLOT_MS), Math.ceil(start / SLOT_MS) + 1)
      await provider.send('dev_timeTravel', [(slot - 1) * SLOT_MS])
      // Time travel leaves the clock of the mocked relay chain behind, and the runtime refuses a
      // block whose slot is not the relay chain's.
      const relaySlot = bnToHex(slot, { bitLength: 64, isLe: true })
      await provider.send('dev_newBlock', [
        { relayChainStateOverrides: [[RELAY_SLOT_KEY, relaySlot]] },
      ])
    } else {
      // The node makes a block for each transaction, if it does not make blocks anyway, and every
      // block moves its clock by a slot.
      do await submit(api.tx.system.remark(''), account('//Alice'))
      while ((await now(api)) < end)
    }
  }
  return { api, url, advance, stop: () => api.disconnect() }
}

/** Starts a development chain on chopsticks, at a free port. */
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
  throw new Error(`no chain could be started`)
}
