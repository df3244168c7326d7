// SPDX-License-Identifier: Apache-2.0

import type { ApiPromise } from '@polkadot/api'
import type { KeyringPair } from '@polkadot/keyring/types'
import { afterAll, beforeAll } from 'vitest'
import { alice, setParameters } from '../src/accounts.ts'
import { account, type Chain, clock, errorName, submit, type Tx } from '../src/chain.ts'
import { members } from '../src/pool.ts'
import * as rollup from '../src/rollup.ts'
import {
  type Balances,
  type Block,
  type Execution,
  type Proven,
  TransferRollup,
} from '../src/transfer-rollup.ts'

/** Enough for 8 transfers. */
export const GAS_LIMIT = 200_000
/** Payload that is a no-op in the example rollup. */
export const EMPTY = '0x00'
/** Minimum cooldown, in seconds: ten ticks. */
export const COOLDOWN = 60
export const RESCUER_SHARE = 4_000

export const proposer = account('//Bob')
export const stranger = account('//Charlie')
/** Members of the pool at genesis. */
export const provers = [account('//Eve'), account('//Ferdie')]

/** Proposed block, and the balances before it. */
export type ProposedBlock = rollup.Proposed & Block
/** Drawn block, and the balances before it. */
export type DrawnBlock = rollup.Drawn & Block

/** Arguments of a call that fails before its proof is verified. */
export const noProof: Proven = {
  transition: {
    parentStateRoot: `0x${'00'.repeat(32)}`,
    stateRoot: `0x${'00'.repeat(32)}`,
    gasUsed: 0,
  },
  proof: `0x${'00'.repeat(128)}`,
}

/** Returns the key of the assigned prover. */
export const proverOf = ({ prover }: rollup.Drawn): KeyringPair =>
  provers.find(({ address }) => address === prover)!

/** Returns the transaction by which Alice makes this call as root. */
export const asRoot = (api: ApiPromise, call: Tx): Tx => api.tx.sudo.sudo(call)

/** Submits a forced batch, and returns the name of each call's error, or `null`. */
async function errorsIn(batch: Tx, signer: KeyringPair): Promise<(string | null)[]> {
  const events = await submit(batch, signer)
  return events.flatMap((event) => {
    if (event.name === 'utility.ItemCompleted') return null
    if (event.name === 'utility.ItemFailed') return errorName(batch.registry, event.error)
    return []
  })
}

/** Returns functions that propose and prove blocks of the example rollup on a chain. */
export function useRollup(
  chain: Pick<Chain, 'api' | 'makeBlocks' | 'advance'>,
  { window }: { window: number },
) {
  let program: TransferRollup
  /** Balances of the rollup after the latest proposed block. */
  let head: Balances | null = null

  beforeAll(async () => {
    program = new TransferRollup(chain.api.genesisHash.toHex())
    const parameters = { MinProofWindow: window, Cooldown: COOLDOWN, RescuerShare: RESCUER_SHARE }
    await submit(setParameters(chain.api, { Rollup: parameters }), alice)
    // The parameters apply from the next block on.
    await chain.makeBlocks(1)
  })
  afterAll(() => program?.end())

  /** Proposes blocks after the latest proposed one. */
  async function propose(...payloads: string[]): Promise<ProposedBlock[]> {
    const blocks = []
    for (const proposed of await rollup.propose(chain.api, proposer, payloads, GAS_LIMIT)) {
      const block = { ...proposed, parent: head }
      head = (await program.execute(block)).balances
      blocks.push(block)
    }
    return blocks
  }

  return {
    propose,
    /** Proposes blocks after the latest proposed one, and waits until they are drawn. */
    proposeAndDraw: async (...payloads: string[]): Promise<DrawnBlock[]> =>
      rollup.draw(chain, await propose(...payloads)),
    /** Proposes the next block on these balances. */
    continueFrom(balances: Balances) {
      head = balances
    },
    execute: (block: Block): Promise<Execution> => program.execute(block),
    /** Proves a block in the name of this account. */
    prove: (block: Block, prover: KeyringPair): Promise<Execution & Proven> =>
      program.prove(block, prover),
    /** Proves a block in the name of this account, and submits the proof. */
    async proveAndSubmit(block: Block, prover: KeyringPair) {
      const proven = await program.prove(block, prover)
      const call = rollup.proveBlock(chain.api, block, prover, proven)
      return { proven, events: await submit(call, prover) }
    },
    /** Submits calls in one transaction, and returns the name of each call's error, or `null`.
     *
     * The transaction pool accepts calls in a batch that it would refuse on their own. */
    errorsOf: (calls: Tx[], signer: KeyringPair): Promise<(string | null)[]> =>
      errorsIn(chain.api.tx.utility.forceBatch(calls), signer),
    /** Submits calls with the root origin in the same way. */
    errorsOfRoot: (calls: Tx[]): Promise<(string | null)[]> =>
      errorsIn(asRoot(chain.api, chain.api.tx.utility.forceBatch(calls)), alice),
    /** Returns the free capacity of each member, by its address. */
    capacities: async (): Promise<Record<string, number>> =>
      Object.fromEntries((await members(chain.api)).map(({ who, capacity }) => [who, capacity])),
    /** Returns the blocks that are reserved for an account. */
    pending: async ({ address }: { address: string }) =>
      (await chain.api.call.rollupApi.pendingBlocks(address)).toJSON(),
    /** Returns the open blocks. */
    open: async () => (await chain.api.call.rollupApi.openBlocks()).toJSON(),
    /** Makes blocks until the clock of one is at least these seconds after `start`. */
    async pass(start: number, seconds: number) {
      await chain.advance(Math.max(0, start + seconds - (await clock(chain.api))))
      await chain.makeBlocks(1)
    },
  }
}
