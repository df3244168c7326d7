// SPDX-License-Identifier: Apache-2.0

//! Events (R20) and refusals of rollup and pool.

use super::{Account, BlockId, Moment, OpenReason, Root, Transition};

/// Event of the rollup or of the pool. Amounts of the rollup are in the currency, those of the pool
/// in whole tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
	Proposed { block: BlockId, proposer: Account, fee: u64, deposit: u128, version: u32 },
	Assigned { block: BlockId, prover: Account, price: u64, deadline: Moment },
	Opened { block: BlockId, reason: OpenReason, price: u64 },
	Stored { block: BlockId, prover: Account, transition: Transition },
	Discarded { block: BlockId, prover: Account },
	Proven { block: BlockId, root: Root, prover: Option<Account> },
	Missed { block: BlockId, prover: Account },
	Settled(Settlement),
	Overridden { block: BlockId, root: Root },
	Paused,
	Resumed,
	DrawsResumed,
	KeyAdded { version: u32 },
	KeyActivated { version: u32 },
	KeyRemoved { version: u32 },
	KeyReplaced { version: u32 },
	Staked { who: Account, amount: u32, price: u16, capacity: u16 },
	Exited { who: Account, amount: u32 },
	Withdrawn { who: Account, amount: u32 },
	Slashed { who: Account, block: BlockId, amount: u32 },
	OperatorSet { who: Account, operator: Option<Account> },
}

/// Settlement of a block (R6, R7, R8). Without a prover its root came from an override.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
	pub block: BlockId,
	pub root: Root,
	pub prover: Option<Account>,
	pub reward: u128,
	pub refund: u128,
	pub slashed: u128,
	pub bounty: u128,
}

/// Refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Error {
	// R1.
	Paused,
	InvalidGasLimit,
	QueueFull,
	NoActiveKey,
	FeeTooHigh,
	// R4.
	UnknownBlock,
	TooMuchGas,
	AlreadyProven,
	NotDrawn,
	DeadlinePassed,
	NotAssigned,
	NotSignedByProver,
	NotNext,
	WrongParentState,
	InvalidProof,
	// R2, R12, R13.
	AlreadyDrawn,
	NotOverridable,
	DrawsNotStopped,
	NotPaused,
	// R14.
	KeyNotPaused,
	TooManyKeys,
	UnknownKey,
	NotNewer,
	KeyIsActive,
	KeyIsNeeded,
	// Pool.
	InvalidParams,
	NoMatureExit,
	ProverNotGoodEnough,
	ChangeTooFrequent,
	NotInPool,
	NotOperator,
	/// Token error of the currency.
	Funds,
}
