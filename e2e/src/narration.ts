// SPDX-License-Identifier: Apache-2.0

// The demo's table: a row for each relevant event, and the totals of each prover.

import type { ApiPromise } from '@polkadot/api'
import type { KeyringPair } from '@polkadot/keyring/types'
import type { u16, u32, u128, Vec } from '@polkadot/types'
import type { AccountId32 } from '@polkadot/types/interfaces'
import type { ITuple } from '@polkadot/types/types'
import { oneToken } from './accounts.ts'
import { clock, eventsAfter } from './chain.ts'
import { members } from './pool.ts'
import type { Event, Fields } from './types.ts'

/** Text of a row, and the account that it is about. */
type Text = [who: AccountId32 | null, what: string]

/** Totals of a prover. */
interface Figures {
  drawn: number
  proven: number
  rescued: number
  /** Rewards and bounties, in the smallest unit. */
  rewards: bigint
  bounties: bigint
  /** In tokens. */
  slashed: number
}

/** Printer of a chain's events as a table. */
export class Narration {
  private readonly names = new Map<string, string>()
  private readonly figures = new Map<string, Figures>()
  /** Weight of each prover in the next draws, and its decrease per assigned block, by address. */
  private weights = new Map<string, { weight: number; each: number }>()
  /** Blocks whose transitions wait for the block before. */
  private readonly waiting = new Set<string>()

  /** Starts after this block of the chain. Times are relative to the rollup's clock at
   * `startTime`. */
  constructor(
    private readonly api: ApiPromise,
    private height: number,
    private readonly startTime: number,
    keys: (readonly [name: string, key: KeyringPair])[],
  ) {
    for (const [name, { address }] of keys) this.names.set(address, name)
  }

  /** Prints the names of the columns. */
  showColumns() {
    row('block', 'time', 'who', 'what')
    row('-----', '----', '---', '----')
  }

  /** Prints an introduction to the rows that follow. */
  heading(text: string) {
    console.log(`\n${text}\n`)
  }

  /** Reads the weights of the provers in the next draws. */
  async readWeights() {
    const { proverPoolApi, rollupApi } = this.api.call
    const fee = await rollupApi.feePerGas()
    const [list] = await proverPoolApi.getWeights<ITuple<[Vec<u128>, u128]>>(fee)
    this.weights = new Map(
      (await members(this.api)).map(({ id, who, capacity }) => {
        const weight = Number(list[id - 1])
        return [who, { weight, each: weight / capacity }]
      }),
    )
  }

  /** Prints the events since the last call. */
  async show() {
    const { api } = this
    for (const event of await eventsAfter(api, this.height)) {
      this.height = event.block
      const text = this.describe(event)
      if (!text) continue
      const at = await api.at(await api.rpc.chain.getBlockHash(event.block))
      const time = (await clock(at)) - this.startTime
      const [who, what] = text
      row(`${event.block}`, `+${time} s`, who ? this.nameOf(who) : '', what)
    }
  }

  /** Prints the totals of each prover. */
  showFigures() {
    const columns = ['drawn', 'proven', 'rescued', 'rewards', 'bounties', 'slashed']
    const line = (name: string, cells: string[]) =>
      console.log(name.padEnd(8) + cells.map((cell) => cell.padStart(12)).join(''))
    line('who', columns)
    for (const [name, { drawn, proven, rescued, rewards, bounties, slashed }] of this.figures) {
      const counts = [drawn, proven, rescued].map(String)
      line(name, [...counts, this.tokens(rewards), this.tokens(bounties), count(slashed)])
    }
    console.log('\nRewards, bounties and slashes are in tokens. The rest of the slashes is burned.')
  }

  /** Returns the text of an event's row, or `null` if the event has none. */
  private describe(event: Event): Text | null {
    const block = 'blockId' in event ? `block ${event.blockId}` : ''
    switch (event.name) {
      case 'proverPool.Staked':
        return [
          event.who,
          `stakes ${count(event.amount)} tokens: proves ${event.currentCapacity} blocks at a ` +
            `time for ${count(event.rewardPerGas)} per unit of gas`,
        ]
      case 'rollup.BlockProposed':
        return [event.proposer, `proposes ${block}`]
      case 'rollup.BlockAssigned':
        this.figuresOf(event.prover).drawn += 1
        return [event.prover, `is drawn for ${block}, ${this.chanceOf(event.prover)}`]
      case 'rollup.BlockOpened':
        return [null, `${block} is open to anyone`]
      case 'rollup.TransitionStored':
        this.waiting.add(block)
        return [event.prover, `proves ${block}, which waits for the block before`]
      case 'rollup.TransitionDiscarded':
        this.waiting.delete(block)
        return [event.prover, `proved ${block} on another state: it must prove it again`]
      case 'rollup.BlockProven':
        return this.describeProof(block, event)
      case 'rollup.AssignmentMissed':
        return [event.prover, `misses ${block}, which anyone may prove now`]
      case 'rollup.BlockSettled':
        return event.prover.isNone ? null : this.describePayment(block, event)
      case 'proverPool.Slashed':
        this.figuresOf(event.who).slashed += event.amount.toNumber()
        return [event.who, `loses ${count(event.amount)} tokens for ${block}`]
      case 'proverPool.Exited':
        return [event.who, `leaves: ${count(event.amount)} tokens can be slashed for a while`]
      case 'proverPool.Withdrawn':
        return [event.who, `withdraws ${count(event.amount)} tokens`]
      default:
        return null
    }
  }

  private describeProof(block: string, { prover }: Fields['rollup.BlockProven']): Text {
    if (prover.isNone) return [null, `${block} has the state root of an override`]
    this.figuresOf(prover.unwrap()).proven += 1
    const text = this.waiting.delete(block) ? `${block} is proven after the one before` : null
    return [prover.unwrap(), text ?? `proves ${block}`]
  }

  private describePayment(block: string, event: Fields['rollup.BlockSettled']): Text {
    const who = event.prover.unwrap()
    const [reward, bounty] = [event.reward.toBigInt(), event.bounty.toBigInt()]
    const figures = this.figuresOf(who)
    figures.rewards += reward
    figures.bounties += bounty
    const text = `is paid ${this.tokens(reward)} tokens for ${block}`
    if (bounty === 0n) return [who, text]
    figures.rescued += 1
    return [who, `${text}, and ${this.tokens(bounty)} of the slash`]
  }

  /** Returns the chance of a draw, and lowers the weight of its prover in the next one. */
  private chanceOf(who: AccountId32): string {
    const own = this.weights.get(who.toString())
    if (!own) return 'by chance'
    const sum = [...this.weights.values()].reduce((sum, { weight }) => sum + weight, 0)
    const chance = (100 * own.weight) / sum
    own.weight -= own.each
    return chance < 1 ? 'at a chance below 1 %' : `at a chance of ${Math.round(chance)} %`
  }

  private figuresOf(who: AccountId32): Figures {
    const name = this.nameOf(who)
    const none = { drawn: 0, proven: 0, rescued: 0, rewards: 0n, bounties: 0n, slashed: 0 }
    const figures = this.figures.get(name) ?? none
    this.figures.set(name, figures)
    return figures
  }

  private nameOf(who: AccountId32): string {
    return this.names.get(who.toString()) ?? `${who.toString().slice(0, 6)}..`
  }

  private tokens(amount: bigint): string {
    const tokens = Number(amount) / Number(oneToken(this.api))
    return tokens.toLocaleString('en', { maximumFractionDigits: 5 })
  }
}

const count = (value: u16 | u32 | number) => Number(value).toLocaleString('en')

const row = (block: string, time: string, who: string, what: string) =>
  console.log(`${block.padStart(6)}  ${time.padStart(7)}  ${who.padEnd(8)}  ${what}`)
