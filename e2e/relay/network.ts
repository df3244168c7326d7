// SPDX-License-Identifier: Apache-2.0

// Relay chain and parachain of the suite: a validator, a collator and a prover on each side.

import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { ApiPromise } from '@polkadot/api'
import type { KeyringPair } from '@polkadot/keyring/types'
import { expect } from 'vitest'
import { alice, emptyPool, fund, setParameters } from '../src/accounts.ts'
import { account, clock, eventsAfter, named, submit, type Tx } from '../src/chain.ts'
import { binary, run } from '../src/processes.ts'
import { Operator } from '../src/prover.ts'
import { isProven, positions, propose, unsettled } from '../src/rollup.ts'
import { makeProvingKey, payload } from '../src/transfer-rollup.ts'
import type { Event, PastEvent } from '../src/types.ts'
import { PROVERS_TIMEOUT_MS, START_TIMEOUT_MS, until } from '../src/waits.ts'
import { createCollator, writeParachainSpec } from './parachain.ts'
import type { Peer } from './peer.ts'
import { createValidators, onboards, register, reserveId, writeRelaySpec } from './relay-chain.ts'
import { createSides } from './sides.ts'

/** Proof window and cooldown of the suite, in seconds of the rollup's clock: their minimum. */
export const WINDOW = 60
const COOLDOWN = 60
const STAKE = 600_000
const PRICE = 10_000
const CAPACITY = 60
/** Enough for 8 transfers, and for the largest payload. */
export const GAS_LIMIT = 200_000
/** Maximum time until all rollup blocks are proven: the payloads of two full chain blocks, on a machine
 * with other work. */
const BACKLOG_TIMEOUT_MS = 900_000
/** Attempts to submit a transaction. */
const ATTEMPTS = 3
/** Time in which the best chain settles after a fork, in seconds. */
const SETTLE_SECONDS = 18
/** Time between two looks at the chains, in milliseconds. */
const PAUSE_MS = 500

const proposer = account('//Bob')

/** Prover with its program. */
interface Prover {
  key: KeyringPair
  program: Operator
}

export class Network {
  /** Events of all chain blocks that were read. */
  private readonly events: PastEvent[] = []
  private scanned = 0

  private constructor(
    readonly id: number,
    readonly validators: { west: Peer; east: Peer },
    readonly collators: { west: Peer; east: Peer },
    readonly provers: Prover[],
  ) {}

  /** Starts all nodes, registers the parachain, and waits for its first blocks. */
  static async start(folder: string): Promise<Network> {
    await makeProvingKey()
    await createSides()
    const { west, east, bootnode } = await createValidators(folder, await writeRelaySpec(folder))
    await Promise.all([west.start(), east.start()])
    await writeRuntime(folder)
    const id = await reserveId(west)
    const { head, code } = await writeParachainSpec(folder, id)
    await register(west, id, head, code)
    const collators = await startCollators(folder, bootnode, east)
    const provers = [
      createProver('Ada', folder, collators.west, collators.east),
      createProver('Ben', folder, collators.east, collators.west),
    ]
    const network = new Network(id, { west, east }, collators, provers)
    await onboards(west, id)
    await network.until('the first chain blocks', async () => (await collators.west.best()) >= 2)
    return network
  }

  /** Connection to the parachain. */
  get api(): ApiPromise {
    return this.collators.west.api
  }

  /** Connection to the relay chain. */
  get relay(): ApiPromise {
    return this.validators.west.api
  }

  get peers(): Peer[] {
    return [...Object.values(this.validators), ...Object.values(this.collators)]
  }

  async stop() {
    await Promise.all(this.provers.map(({ program }) => program.end('SIGKILL')))
    await Promise.all(this.peers.map((peer) => peer.stop()))
  }

  /** Sets the windows, and replaces the provers of genesis, which have no program. */
  async enter(window: number) {
    await this.setWindow(window)
    await emptyPool(this.api)
    await this.counts(alice, this.api)
    const keys = this.provers.map(({ key }) => key)
    await this.submit(fund(this.api, keys, 2 * STAKE), alice)
    for (const { key, program } of this.provers) {
      await this.submit(this.api.tx.proverPool.stake(STAKE, PRICE, CAPACITY), key)
      await program.start()
    }
  }

  async setWindow(seconds: number) {
    const rollup = { MinProofWindow: seconds, Cooldown: COOLDOWN }
    await this.submit(setParameters(this.api, { Rollup: rollup }), alice)
  }

  /** Proposes this number of small rollup blocks, and returns the id of the last. */
  async propose(count: number, collator = this.collators.west, from = proposer): Promise<number> {
    const payloads = Array.from({ length: count }, (_, index) => payload([0, index % 16, 1]))
    const proposed = await this.again(() => propose(collator.api, from, payloads, GAS_LIMIT))
    await this.counts(from, collator.api)
    return proposed.at(-1)!.id
  }

  /** Submits a transaction, and waits until the best block has it. */
  async submit(tx: Tx, from: KeyringPair): Promise<Event[]> {
    const events = await this.again(() => submit(tx, from))
    await this.counts(from, this.api)
    return events
  }

  /** Submits a transaction again if another one took its nonce. After a fork, transactions of replaced
   * blocks get into others, and their nonces are unknown until then. */
  private async again<Result>(submission: () => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await submission()
      } catch (error) {
        const isTaken = ['is Invalid', 'Priority is too low'].some((text) =>
          `${error}`.includes(text),
        )
        if (attempt === ATTEMPTS || !isTaken) throw error
        await this.pass(SETTLE_SECONDS)
      }
    }
  }

  /** Waits until the best block counts the transactions of an account. Inclusion is reported earlier:
   * a chain block becomes the best one when the relay chain has backed it. */
  private async counts(who: KeyringPair, api: ApiPromise) {
    await this.until('the nonce of the best block', async () => {
      const { nonce } = await api.query.system.account(who.address)
      return nonce.eq(await api.rpc.system.accountNextIndex(who.address))
    })
  }

  /** Waits until a condition holds. Fails if a node or a program ends by itself. Then, the error shows
   * the best and the finalized block of each node. */
  async until(what: string, holds: () => Promise<boolean>, timeoutMs = PROVERS_TIMEOUT_MS) {
    const attempt = async () => {
      this.check()
      return holds()
    }
    await until(timeoutMs, what, attempt, PAUSE_MS).catch(async (cause) => {
      const heads = this.peers.map(async (peer) => {
        const blocks = Promise.all([peer.best(), peer.finalized()])
        return `${peer.name} ${await blocks.then(String, () => 'does not answer')}`
      })
      throw new Error(`${cause.message}; ${(await Promise.all(heads)).join('; ')}`, { cause })
    })
  }

  /** Waits this number of seconds. */
  async pass(seconds: number) {
    await delay(seconds * 1_000)
    this.check()
  }

  /** Waits until a rollup block and all before it are drawn. */
  async draws(id: number) {
    await this.until(`the draw of block ${id}`, async () => (await positions(this.api)).drawn >= id)
  }

  /** Waits until a rollup block and all before it are proven. */
  async proves(id: number, collator = this.collators.west) {
    const isProven = async () => (await positions(collator.api)).proven >= id
    await this.until(`the proof of block ${id}`, isProven, BACKLOG_TIMEOUT_MS)
  }

  /** Waits until the best chain block of now is finalized. */
  async finalizes() {
    const number = await this.collators.west.best()
    const isFinal = async () => (await this.collators.west.finalized()) >= number
    await this.until(`the finality of chain block ${number}`, isFinal)
  }

  /** Returns the seconds of the rollup's clock until the deadline of a block that is assigned and not
   * proven. */
  async timeLeft(id: number): Promise<number> {
    expect(await isProven(this.api, id)).toBe(false)
    const { deadline } = (await unsettled(this.api, id)).phase.asAssigned
    return deadline.toNumber() - (await clock(this.api))
  }

  /** Returns the events of all chain blocks after genesis, once the best block of now is final. */
  async history(): Promise<PastEvent[]> {
    await this.finalizes()
    const last = await this.collators.west.finalized()
    const events = await eventsAfter(this.api, this.scanned)
    this.events.push(...events.filter(({ block }) => block <= last))
    this.scanned = last
    return this.events
  }

  /** Returns the number of missed assignments until now. */
  async misses(): Promise<number> {
    return named(await this.history(), 'rollup.AssignmentMissed').length
  }

  private check() {
    for (const peer of this.peers) peer.check()
    for (const { program } of this.provers) program.check()
  }
}

/** Writes the runtime of the build, `runtime.wasm`. */
const writeRuntime = (folder: string) =>
  run(START_TIMEOUT_MS, ['bash', '-c', `${binary('prover-pool-runtime-wasm')} >runtime.wasm`], {
    cwd: folder,
  })

/** Starts a collator on each side. That of the east uses the validator there as its relay chain. */
async function startCollators(folder: string, relayBootnode: string, validator: Peer) {
  const west = await createCollator(folder, 'collator-west', {
    ...{ side: 'west', uri: '//Alice', relayBootnode, bootnodes: [] },
  })
  const east = await createCollator(folder, 'collator-east', {
    ...{ side: 'east', uri: '//Bob', rpc: validator.url, relayBootnode },
    bootnodes: [west.bootnode],
  })
  await Promise.all([west.peer.start(), east.peer.start()])
  return { west: west.peer, east: east.peer }
}

/** Prepares a prover on the first of these collators, and on the other if that is out of reach. */
function createProver(name: string, folder: string, first: Peer, other: Peer): Prover {
  const uri = `//Relay//${name}`
  const program = new Operator(name, uri, first.url, join(folder, name), [other.url])
  return { key: account(uri), program }
}
