// SPDX-License-Identifier: Apache-2.0

// Chain block that is full of payloads, proofs and settlements, and its sizes and times.

import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { ApiPromise } from '@polkadot/api'
import type { KeyringPair } from '@polkadot/keyring/types'
import type { Weight } from '@polkadot/types/interfaces'
import { u8aToHex } from '@polkadot/util'
import { account, constant, height, named } from '../src/chain.ts'
import { ANY_FEE, positions } from '../src/rollup.ts'
import type { PastEvent } from '../src/types.ts'
import { GAS_LIMIT, type Network } from './network.ts'
import type { Peer } from './peer.ts'

/** Accounts that propose small rollup blocks all the time, so that almost each chain block has some. */
const PROPOSERS = ['//Bob', '//Dave', '//Eve'].map(account)
/** Small rollup blocks of one transaction. */
const SMALL = 1
/** Chain blocks until the first of them settle: ten of cooldown, and some for draw and proof. */
const WARM_UP = 20
/** Payloads of the greatest size: two chain blocks full. */
const LARGE = 34

/** Contents of a chain block. */
interface Contents {
  block: number
  payloads: number
  proofs: number
  settlements: number
}

/** Fills chain blocks, and waits until all rollup blocks are proven. Returns the fullest one. */
export async function fillBlocks(network: Network): Promise<Contents> {
  const { api } = network
  const proposeUntil = async (block: number) => {
    const propose = async (from: KeyringPair) => {
      while ((await height(api)) < block) await network.propose(SMALL, undefined, from)
    }
    await Promise.all(PROPOSERS.map(propose))
  }
  await proposeUntil((await height(api)) + WARM_UP)
  const before = await height(api)
  await proposeLargest(api)
  await proposeUntil((await height(api)) + 3)
  await network.proves((await positions(api)).proposed)
  const blocks = contents(await network.history(), before)
  const isComplete = ({ proofs, settlements }: Contents) => proofs > 0 && settlements > 0
  const complete = blocks.filter(isComplete).sort((one, other) => other.payloads - one.payloads)
  if (complete.length === 0) throw new Error('no chain block has proofs and settlements')
  return complete[0]
}

/** Proposes blocks with random payloads of the greatest size, each in its own transaction. */
async function proposeLargest(api: ApiPromise) {
  const signer = account('//Charlie')
  const size = Number(constant(api, 'rollup', 'maxPayloadSize'))
  const first = (await api.rpc.system.accountNextIndex(signer.address)).toNumber()
  for (let nonce = first; nonce < first + LARGE; nonce++) {
    const payload = u8aToHex(randomBytes(size))
    await api.tx.rollup.proposeBlock(payload, GAS_LIMIT, ANY_FEE).signAndSend(signer, { nonce })
  }
}

/** Returns the contents of the chain blocks after this one. */
function contents(events: PastEvent[], after: number): Contents[] {
  const proposer = account('//Charlie').address
  const last = events.at(-1)!.block
  return Array.from({ length: last - after }, (_, index) => {
    const block = after + 1 + index
    const own = events.filter((event) => event.block === block)
    const proposed = named(own, 'rollup.BlockProposed')
    return {
      block,
      payloads: proposed.filter((event) => event.proposer.toString() === proposer).length,
      proofs: named(own, 'rollup.BlockProven').length,
      settlements: named(own, 'rollup.BlockSettled').length,
    }
  })
}

/** Returns the declared weight of a chain block: seconds, and bytes of its proof of validity. */
export async function declared(api: ApiPromise, block: number) {
  const at = await api.at(await api.rpc.chain.getBlockHash(block))
  const { normal, operational, mandatory } = await at.query.system.blockWeight()
  const sum = (part: (weight: Weight) => bigint) =>
    [normal, operational, mandatory].reduce((total, weight) => total + part(weight), 0n)
  return {
    seconds: Number(sum(({ refTime }) => refTime.toBigInt())) / 1e12,
    bytes: Number(sum(({ proofSize }) => proofSize.toBigInt())),
  }
}

/** Returns the sizes of a chain block's proof of validity in bytes, from its collator's log. */
export function proofOfValidity(collators: Peer[], hash: string) {
  const lines = collators.flatMap(linesOf)
  const sealed = lines.findIndex((line) => line.includes('Pre-sealed') && line.includes(hash))
  const after = lines.slice(sealed, sealed + 40)
  const read = (pattern: RegExp): number => {
    const match = after.map((line) => pattern.exec(line)).find((found) => found)
    if (sealed < 0 || !match) throw new Error(`no log has the size of chain block ${hash}`)
    return Math.round(Number(match[1]) * 1024)
  }
  return {
    extrinsics: read(/extrinsics_kb=([\d.]+)/),
    storageProof: read(/storage_proof_kb=([\d.]+)/),
    compressed: read(/Compressed PoV size: ([\d.]+)kb/),
  }
}

/** Lets validators log the time of each execution until the returned function is called. */
export async function logExecutions(validators: Peer[]): Promise<() => Promise<void>> {
  for (const { api } of validators) await api.rpc.system.addLogFilter('parachain::pvf=trace')
  return async () => {
    for (const { api } of validators) await api.rpc.system.resetLogFilter()
  }
}

/** Returns the longest logged execution of a candidate between these times, in seconds of the
 * validator's processor. */
export function longestExecution(validators: Peer[], from: number, to: number): number {
  const units: Record<string, number> = { s: 1, ms: 1e-3, µs: 1e-6 }
  const times = validators.flatMap(linesOf).flatMap((line) => {
    const match = /concluded successfully.*duration=Some\(([\d.]+)(ms|µs|s)\)/.exec(line)
    const time = Date.parse(line.slice(0, 19).replace(' ', 'T'))
    return match && time >= from && time <= to ? [Number(match[1]) * units[match[2]]] : []
  })
  if (times.length === 0) throw new Error('no validator has logged an execution')
  return Math.max(...times)
}

const linesOf = ({ outputs }: Peer): string[] =>
  outputs.flatMap((file) => readFileSync(file, 'utf8').split('\n'))
