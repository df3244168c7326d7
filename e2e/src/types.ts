// SPDX-License-Identifier: Apache-2.0

// Types of this chain's events, storage and runtime APIs, as polkadot.js decodes them. The tests
// and the demo read no others.

import type { Enum, Option, Result, Struct, u16, u32, u64, u128, Vec } from '@polkadot/types'
import type { AccountId32, DispatchError, H256 } from '@polkadot/types/interfaces'
import type { Codec, ITuple } from '@polkadot/types/types'

/** Result of a runtime API whose JSON has this type. */
export interface Json<Value> {
  toJSON(): Value
}

/** Result of a call that another call dispatched. */
export type DispatchResult = Result<Codec, DispatchError>

/** Fields of events, by the name of the event. */
export interface Fields {
  'balances.Transfer': { from: AccountId32; to: AccountId32; amount: u128 }
  'groth16Verifier.KeyActivated': { version: u32 }
  'groth16Verifier.KeyAdded': { version: u32 }
  'groth16Verifier.KeyRemoved': { version: u32 }
  'groth16Verifier.KeyReplaced': { version: u32 }
  'proverPool.Exited': { who: AccountId32; amount: u32 }
  'proverPool.OperatorSet': { who: AccountId32; operator: Option<AccountId32> }
  'proverPool.Slashed': { who: AccountId32; amount: u32; blockId: u64 }
  'proverPool.Staked': { who: AccountId32; amount: u32; rewardPerGas: u16; currentCapacity: u16 }
  'proverPool.Withdrawn': { who: AccountId32; amount: u32 }
  'rollup.AssignmentMissed': { blockId: u64; prover: AccountId32 }
  'rollup.BlockAssigned': { blockId: u64; prover: AccountId32; rewardPerGas: u32; deadline: u64 }
  'rollup.BlockOpened': { blockId: u64; reason: Enum; rewardPerGas: u32 }
  'rollup.BlockOverridden': { blockId: u64; stateRoot: H256 }
  'rollup.BlockProposed': {
    blockId: u64
    proposer: AccountId32
    payloadHash: H256
    rulesVersion: u32
    deposit: u128
  }
  'rollup.BlockProven': { blockId: u64; stateRoot: H256; prover: Option<AccountId32> }
  'rollup.BlockSettled': {
    blockId: u64
    stateRoot: H256
    prover: Option<AccountId32>
    reward: u128
    refund: u128
    slashed: u128
    bounty: u128
  }
  'rollup.DrawsResumed': object
  'rollup.Paused': object
  'rollup.Resumed': object
  'rollup.TransitionDiscarded': { blockId: u64; prover: AccountId32 }
  'rollup.TransitionStored': { blockId: u64; prover: AccountId32; transition: Transition }
  'system.ExtrinsicFailed': { dispatchError: DispatchError }
  'transactionPayment.TransactionFeePaid': { who: AccountId32; actualFee: u128 }
  'utility.ItemCompleted': object
  'utility.ItemFailed': { error: DispatchError }
}

/** Event with its fields and its name. */
export type Event = { [Name in keyof Fields]: { name: Name } & Fields[Name] }[keyof Fields]

/** Event with the number of its block. */
export type PastEvent = Event & { block: number }

/** State transition of a rollup block. */
export interface Transition extends Struct {
  readonly parentStateRoot: H256
  readonly stateRoot: H256
  readonly gasUsed: u32
}

/** Status of a rollup block. */
export interface BlockStatus extends Enum {
  readonly isSettled: boolean
  readonly asUnsettled: RollupBlock
}

/** Unsettled rollup block. */
export interface RollupBlock extends Struct {
  readonly rewardPerGas: u32
  readonly phase: Phase
  readonly transition: Option<StoredTransition>
}

/** Phase of a rollup block. */
export interface Phase extends Enum {
  readonly type: 'Undrawn' | 'Open' | 'Assigned' | 'Missed' | 'Opened'
  readonly asAssigned: Assigned
  readonly asMissed: Assigned
  readonly asOpened: Assigned
}

/** Assignment of a rollup block. */
export interface Assigned extends Struct {
  readonly prover: AccountId32
  readonly drawnAt: u64
  readonly deadline: u64
}

/** Transition of a rollup block, waiting or proven. */
export interface StoredTransition extends Struct {
  readonly transition: Transition
  readonly storedAt: u64
  readonly provenAt: Option<u64>
}

/** Slot of the prover pool. */
export interface Slot extends Struct {
  readonly stakedAmount: u32
  readonly rewardPerGas: u16
  readonly currentCapacity: u16
}

/** Member of the prover pool. */
export type PoolMember = ITuple<[u16, AccountId32, Slot]>

/** Slots of the prover pool. */
export interface Pool extends Struct {
  readonly slots: Vec<Slot>
}

/** Exit and membership of an account. */
export interface Staker extends Struct {
  readonly exitAmount: u32
  readonly proverId: Option<u16>
}

/** Clock of the rollup, in seconds. */
export interface ClockReading extends Struct {
  readonly now: u64
  readonly lost: u64
}

/** First fields of the rollup's state. */
export interface RollupState extends Struct {
  readonly settled: u64
}
