// SPDX-License-Identifier: Apache-2.0

import type { ApiDecoration } from '@polkadot/api/types'
import type { Option } from '@polkadot/types'
import type { Codec } from '@polkadot/types/types'
import { expect } from 'vitest'
import { type Positions, positions } from '../src/rollup.ts'
import type { Assigned, Event, Phase, RollupBlock } from '../src/types.ts'

/** Unsettled rollup block, as far as events describe it. */
interface Entry {
  phase: 'Undrawn' | 'Open' | 'Assigned' | 'Missed' | 'Opened'
  /** Assigned prover and its deadline. */
  assignment: [prover: string, deadline: number] | null
  /** Price of a unit of gas. No event gives it before the draw. */
  price: number | null
  hasTransition: boolean
}

/** Record of every rollup block, from events only. Compares it with the state of the chain. */
export class Indexer {
  private readonly blocks = new Map<number, Entry>()

  /** Starts at a chain with these positions and without proposals. */
  constructor(private readonly positions: Positions) {}

  /** Records an event. */
  record(event: Event) {
    const id = 'blockId' in event ? event.blockId.toNumber() : 0
    const entry = this.blocks.get(id)
    switch (event.name) {
      case 'rollup.BlockProposed':
        this.positions.proposed = id
        this.blocks.set(id, {
          phase: 'Undrawn',
          assignment: null,
          price: null,
          hasTransition: false,
        })
        break
      case 'rollup.BlockAssigned': {
        const assignment: Entry['assignment'] = [event.prover.toString(), event.deadline.toNumber()]
        this.recordDraw(id, { phase: 'Assigned', assignment, price: event.rewardPerGas.toNumber() })
        break
      }
      case 'rollup.BlockOpened': {
        const phase = entry!.phase === 'Undrawn' ? 'Open' : 'Opened'
        this.recordDraw(id, { phase, price: event.rewardPerGas.toNumber() })
        break
      }
      case 'rollup.TransitionStored':
        entry!.hasTransition = true
        break
      case 'rollup.TransitionDiscarded':
        entry!.hasTransition = false
        break
      case 'rollup.AssignmentMissed':
        entry!.phase = 'Missed'
        break
      case 'rollup.BlockProven':
        this.recordProof(id, event.stateRoot.toHex())
        break
      case 'rollup.BlockOverridden':
        if (entry!.assignment) entry!.phase = 'Opened'
        this.recordProof(id, event.stateRoot.toHex())
        break
      case 'rollup.BlockSettled':
        this.positions.settled = id
        this.positions.settledRoot = event.stateRoot.toHex()
        this.blocks.delete(id)
        break
    }
  }

  private recordDraw(id: number, draw: Partial<Entry>) {
    this.positions.drawn = Math.max(this.positions.drawn, id)
    Object.assign(this.blocks.get(id)!, draw)
  }

  private recordProof(id: number, stateRoot: string) {
    this.positions.proven = id
    this.positions.provenRoot = stateRoot
    this.blocks.get(id)!.hasTransition = true
  }

  /** Compares the record with the state of the chain. */
  async check(api: ApiDecoration<'promise'>) {
    expect(await positions(api)).toEqual(this.positions)
    const entries = await api.query.rollup.blocks.entries<Option<RollupBlock>, [Codec]>()
    const blocks = entries.map(([key, value]): [number, Entry] => {
      const { phase, rewardPerGas, transition } = value.unwrap()
      const assigned = assignmentOf(phase)
      const entry: Entry = {
        phase: phase.type,
        assignment: assigned && [assigned.prover.toString(), assigned.deadline.toNumber()],
        price: phase.type === 'Undrawn' ? null : rewardPerGas.toNumber(),
        hasTransition: transition.isSome,
      }
      return [Number(key.args[0].toHex()), entry]
    })
    expect(new Map(blocks)).toEqual(this.blocks)
  }
}

/** Returns the assignment of a block, in force or not. */
function assignmentOf(phase: Phase): Assigned | null {
  switch (phase.type) {
    case 'Assigned':
      return phase.asAssigned
    case 'Missed':
      return phase.asMissed
    case 'Opened':
      return phase.asOpened
    default:
      return null
  }
}
