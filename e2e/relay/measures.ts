// SPDX-License-Identifier: Apache-2.0

// Figures of both chains.

import type { ApiPromise } from '@polkadot/api'
import type { Option, Struct, u32, u64 } from '@polkadot/types'
import type { Enum } from '@polkadot/types/codec'
import type { EventRecord, H256 } from '@polkadot/types/interfaces'
import { expect } from 'vitest'
import { named } from '../src/chain.ts'
import type { Network } from './network.ts'
import type { Peer } from './peer.ts'
import type { Side } from './sides.ts'

/** Receipt of a candidate, as far as it is read. */
interface Receipt extends Struct {
  readonly descriptor: { readonly paraId: u32 }
}

/** Seeds of the chain, as far as they are read. */
interface Seeds extends Struct {
  readonly source: Enum
  readonly relayBlock: u32
  readonly newest: { readonly value: H256 }
}

/** Returns the candidates of a parachain that these relay blocks back and include, the changes of the
 * relay chain's session, and the seconds between the first and the last block. */
export async function candidates(relay: ApiPromise, id: number, first: number, last: number) {
  const times: number[] = []
  const count = { backed: 0, included: 0, sessions: 0 }
  for (let number = first; number <= last; number++) {
    const at = await relay.at(await relay.rpc.chain.getBlockHash(number))
    times.push((await at.query.timestamp.now<u64>()).toNumber())
    for (const { event } of await at.query.system.events<EventRecord[] & Struct>()) {
      if (event.section === 'session' && event.method === 'NewSession') count.sessions += 1
      if (event.section !== 'paraInclusion') continue
      if ((event.data[0] as Receipt).descriptor.paraId.toNumber() !== id) continue
      if (event.method === 'CandidateBacked') count.backed += 1
      if (event.method === 'CandidateIncluded') count.included += 1
    }
  }
  return { ...count, seconds: (times.at(-1)! - times[0]) / 1_000 }
}

/** Returns the draws so far by the source of their seeds, and the number of seeds. Each must be the
 * VRF output of its relay block. */
export async function draws(network: Network) {
  const bySource: Record<string, number> = {}
  const events = await network.history()
  const drawn = [...named(events, 'rollup.BlockAssigned'), ...named(events, 'rollup.BlockOpened')]
  const blocks = new Set(drawn.map(({ block }) => block))
  for (const block of blocks) {
    const at = await network.api.at(await network.api.rpc.chain.getBlockHash(block))
    const seeds = (await at.query.relayRandomness.seeds<Option<Seeds>>()).unwrap()
    const { relayBlock, newest, source } = seeds
    const hash = await network.relay.rpc.chain.getBlockHash(relayBlock.toNumber())
    const relay = await network.relay.at(hash)
    const output = await relay.query.babe.authorVrfRandomness<Option<H256>>()
    expect(output.unwrap().toHex()).toBe(newest.value.toHex())
    const count = drawn.filter((event) => event.block === block).length
    bySource[source.type] = (bySource[source.type] ?? 0) + count
  }
  return { bySource, seeds: blocks.size }
}

/** Returns the authors of the chain blocks after this one, by their addresses. */
export async function authorsAfter(api: ApiPromise, block: number): Promise<string[]> {
  const authors: string[] = []
  const last = (await api.rpc.chain.getHeader()).number.toNumber()
  for (let number = block + 1; number <= last; number++) {
    const { author } = await api.derive.chain.getHeader(await api.rpc.chain.getBlockHash(number))
    authors.push(author!.toString())
  }
  return authors
}

/** Returns the first number from `first` to `last` at which the best chains of both sides differ, or
 * `null`. */
export async function fork(nodes: Record<Side, Peer>, first: number, last: number) {
  for (let number = first; number <= last; number++) {
    const [one, other] = [await nodes.west.hashOf(number), await nodes.east.hashOf(number)]
    if (one !== null && other !== null && one !== other) return number
  }
  return null
}
