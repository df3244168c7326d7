// SPDX-License-Identifier: Apache-2.0

// Chain blocks whose bodies are hard to read.

import { u8aToHex } from '@polkadot/util'
import { named, submit, type Tx } from '../../src/chain.ts'
import { ANY_FEE } from '../../src/rollup.ts'
import { transfers } from '../rollup.ts'
import { GAS_LIMIT, proposer } from '../world.ts'
import type { Fault } from './fault.ts'

/** Depth of the batches, with the one around all. The chain decodes no greater one. */
const DEPTH = 255
const LARGE_PAYLOADS = 17

const nestedBatches: Fault = {
  name: `proposal next to ${DEPTH} nested batches`,
  async run({ api, course }, random) {
    const { batch } = api.tx.utility
    let nested: Tx = batch([])
    for (let depth = 1; depth < DEPTH - 1; depth++) nested = batch([nested])
    const payload = transfers(random)
    const call = api.tx.rollup.proposeBlock(payload, GAS_LIMIT, ANY_FEE)
    const events = await submit(batch([nested, call]), proposer)
    const [{ blockId }] = named(events, 'rollup.BlockProposed')
    course.propose({ id: blockId.toNumber(), payload, gasLimit: GAS_LIMIT })
  },
}

/** Proposes the payloads in a transaction that fills the chain block. */
const largeBodies: Fault = {
  name: `${LARGE_PAYLOADS} payloads of 128 KiB in a chain block`,
  async run(world, random) {
    const size = 128 * 1024
    const payloads = Array.from({ length: LARGE_PAYLOADS }, () =>
      u8aToHex(Uint8Array.from({ length: size }, () => random.below(256))),
    )
    await world.propose(...payloads)
  },
}

export const bodyFaults = [nestedBatches, largeBodies]
