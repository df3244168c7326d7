// SPDX-License-Identifier: Apache-2.0

// Chain of the suite: a node, two provers with operator keys, and a proposer.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { ApiPromise } from '@polkadot/api'
import { alice, emptyPool, fund, setParameters } from '../src/accounts.ts'
import { account, height, named, submit, type Tx } from '../src/chain.ts'
import { Node } from '../src/node.ts'
import { type Positions, positions, propose } from '../src/rollup.ts'
import { makeProvingKey, TransferRollup } from '../src/transfer-rollup.ts'
import { until, WAIT_MS } from '../src/waits.ts'
import { mountDisk, unmountDisk } from './disk.ts'
import { History } from './history.ts'
import { Link } from './link.ts'
import { Prover } from './prover.ts'
import type { Random } from './random.ts'
import { Course, transfers } from './rollup.ts'

/** Proof window, in seconds of the rollup's clock: 300 seconds with a block each second. */
const WINDOW = 1_800
/** Time from proof to settlement, in seconds of the rollup's clock. */
const COOLDOWN = 180
/** A cooldown in which no block settles: 4 hours with a block each second. */
const LONG_COOLDOWN = 86_400
const STAKE = 100_000
const PRICE = 10_000
const CAPACITY = 8
/** Tokens of an operator, for fees. */
const FUNDS = 100
/** Enough for 8 transfers. */
export const GAS_LIMIT = 200_000
/** Least and most rollup blocks that wait for a proof. */
const OUTSTANDING = [3, 10]

export const proposer = account('//Bob')

export class World {
  private constructor(
    /** Decides the proposals between faults, whose number depends on the time. */
    private readonly load: Random,
    readonly folder: string,
    readonly node: Node,
    readonly provers: Prover[],
    readonly history: History,
    readonly course: Course,
    private readonly program: TransferRollup,
  ) {}

  /** Starts the chain in this folder, and both programs. */
  static async start(load: Random, folder: string): Promise<World> {
    await makeProvingKey()
    const node = await Node.start(join(folder, 'node'))
    return World.over(node, load, folder).catch(async (error) => {
      await node.stop()
      throw error
    })
  }

  private static async over(node: Node, load: Random, folder: string): Promise<World> {
    const names = ['Ada', 'Ben']
    for (const name of names) await mountDisk(join(folder, name))
    const provers = await Promise.all(names.map((name) => create(name, node, folder)))
    const program = new TransferRollup(node.api.genesisHash.toHex())
    await prepare(node.api, provers)
    const operators = provers.map(({ operator }) => operator.address)
    const history = await History.start(node.api, operators)
    const world = new World(load, folder, node, provers, history, new Course(program), program)
    for (const prover of provers) {
      await enter(node.api, prover)
      prover.start()
    }
    return world
  }

  get api(): ApiPromise {
    return this.node.api
  }

  async stop() {
    await Promise.all(this.provers.map((prover) => prover.end('SIGKILL')))
    for (const { links } of this.provers) for (const link of links) link.stop()
    for (const { data } of this.provers) await unmountDisk(data)
    this.program.end()
    await this.node.stop()
  }

  /** Continues with a new connection, after an upgrade of the runtime. */
  async reconnect() {
    await this.node.reconnect()
    this.history.use(this.api)
  }

  /** Submits a call as root. */
  async asRoot(call: Tx) {
    await submit(this.api.tx.sudo.sudo(call), alice)
  }

  /** Lets no block settle, or settles again. */
  async setSettling(settles: boolean) {
    const parameters = { Rollup: { Cooldown: settles ? COOLDOWN : LONG_COOLDOWN } }
    await submit(setParameters(this.api, parameters), alice)
  }

  positions(): Promise<Positions> {
    return positions(this.api)
  }

  /** Proposes blocks with these payloads. Returns the number of the first. */
  async propose(...payloads: string[]): Promise<number> {
    const blocks = await propose(this.api, proposer, payloads, GAS_LIMIT)
    for (const { id, payload } of blocks) this.course.propose({ id, payload, gasLimit: GAS_LIMIT })
    return blocks[0].id
  }

  /** Lets the chain go on: proposes blocks at random moments, reads new chain blocks, and fails if a
   * program has ended by itself. */
  async step() {
    this.node.check()
    for (const prover of this.provers) prover.check()
    const { proposed, proven } = await this.positions()
    const [least, most] = OUTSTANDING
    const waiting = proposed - proven
    if (waiting < least || (waiting < most && this.load.below(8) === 0)) {
      const count = this.load.between(1, Math.min(3, most - waiting))
      await this.propose(...Array.from({ length: count }, () => transfers(this.load)))
    }
    await this.history.read()
    await delay(300)
  }

  /** Lets the chain go on for these seconds. */
  async pass(seconds: number) {
    const end = Date.now() + seconds * 1_000
    while (Date.now() < end) await this.step()
  }

  /** Lets the chain go on until a condition holds. */
  async until(what: string, holds: () => Promise<boolean>) {
    await until(WAIT_MS, what, async () => {
      await this.step()
      return holds()
    })
  }

  /** Lets the chain go on until all rollup blocks of now are proven. */
  async proves() {
    const { proposed } = await this.positions()
    await this.until(
      `the proof of block ${proposed}`,
      async () => (await this.positions()).proven >= proposed,
    )
  }

  /** Lets the chain go on until each prover has proven a block that was assigned to it from now on. */
  async bothProve() {
    const start = await height(this.api)
    for (const { name, account } of this.provers) {
      await this.until(`a proof by ${name}`, async () =>
        named(this.history.events, 'rollup.BlockProven').some(
          ({ block, prover }) =>
            block > start && prover.isSome && prover.unwrap().eq(account.address),
        ),
      )
    }
  }

  /** Lets the chain go on until all rollup blocks of now are settled. */
  async settles() {
    const { proposed } = await this.positions()
    await this.until(
      `the settlement of block ${proposed}`,
      async () => (await this.positions()).settled >= proposed,
    )
  }

  /** Lets the chain go on until each program has read the best chain block of now. */
  async allSee() {
    const number = await height(this.api)
    for (const prover of this.provers) {
      await this.until(
        `a read of chain block ${number} by ${prover.name}`,
        async () => (await prover.bestBlock()) >= number,
      )
    }
  }

  /** Lets the chain go on until the alarm of each prover has this reason, or ends. */
  async untilAlarm(reason: string | null, provers = this.provers) {
    for (const prover of provers) {
      await this.until(
        `the alarm ${reason} of ${prover.name}`,
        async () => (await prover.alarm()) === reason,
      )
    }
  }
}

/** Prepares a prover with two connections to the node. */
export async function create(name: string, node: Node, folder: string): Promise<Prover> {
  const uri = `//Survival//${name}//Operator`
  const data = join(folder, name)
  mkdirSync(data, { recursive: true })
  const links = [await Link.start(node.port), await Link.start(node.port)]
  const operator = { key: account(uri), uri }
  return Prover.create(name, account(`//Survival//${name}`), operator, links, data)
}

/** Shortens the windows, empties the pool of genesis, and funds the provers. */
export async function prepare(api: ApiPromise, provers: Prover[]) {
  // The provers of genesis have no program.
  await emptyPool(api)
  const parameters = { Rollup: { MinProofWindow: WINDOW, Cooldown: COOLDOWN } }
  await submit(setParameters(api, parameters), alice)
  const stakes = provers.map(({ account }) => account)
  const operators = provers.map(({ operator }) => operator)
  await submit(fund(api, stakes, 2 * STAKE), alice)
  await submit(fund(api, operators, FUNDS), alice)
}

/** Stakes for a prover by the key of its stake, and names its operator. */
export async function enter({ tx }: ApiPromise, { account, operator }: Prover) {
  await submit(tx.proverPool.stake(STAKE, PRICE, CAPACITY), account)
  await submit(tx.proverPool.setOperator(operator.address), account)
}
