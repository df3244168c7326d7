// SPDX-License-Identifier: Apache-2.0

//! The values that the rollup keeps.

use crate::economy::MovingAverage;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
	traits::Get, BoundedVec, CloneNoBound, DebugNoBound, EqNoBound, PartialEqNoBound,
};
use prover_pool_primitives::{BlockId, Statement, Transition};
use scale_info::TypeInfo;
use sp_core::H256;

/// A rollup block that is not settled yet.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	CloneNoBound,
	PartialEqNoBound,
	EqNoBound,
	DebugNoBound,
)]
#[scale_info(skip_type_params(MaxTransitions))]
pub struct RollupBlock<AccountId, Balance, BlockNumber, MaxTransitions>
where
	AccountId: Clone + PartialEq + Eq + core::fmt::Debug,
	Balance: Clone + PartialEq + Eq + core::fmt::Debug,
	BlockNumber: Clone + PartialEq + Eq + core::fmt::Debug,
	MaxTransitions: Get<u32>,
{
	/// Who proposed it, and has its deposit on hold.
	pub proposer: AccountId,
	/// SHA-256 of its payload.
	pub payload_hash: H256,
	/// Size of its payload, in bytes.
	pub payload_size: u32,
	/// The chain block whose body carries the payload.
	pub proposed_in: BlockNumber,
	/// When it was proposed, in Unix seconds.
	pub proposed_at: u64,
	/// The last second of its proof window, in Unix seconds. The drawn prover alone may prove it
	/// until then, and the reward shrinks until then.
	pub closes_at: u64,
	/// The most gas that its execution may use.
	pub gas_limit: u32,
	/// What its prover is paid for each unit of gas, in the smallest unit of the currency.
	pub reward_per_gas: u32,
	/// What the proposer has on hold for it: the reward for all the gas it may use.
	pub deposit: Balance,
	/// Who may prove it.
	pub state: BlockState<AccountId, Balance>,
	/// Whether the drawn prover still has it outstanding in the pool.
	pub outstanding: bool,
	/// What was proven of it, on different parent states.
	pub transitions: BoundedVec<ProvenTransition<AccountId>, MaxTransitions>,
}

/// Who may prove a rollup block.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub enum BlockState<AccountId, Balance> {
	/// One prover was drawn, which alone may prove it until its window closes.
	Assigned {
		/// The prover.
		prover: AccountId,
	},
	/// Everyone, because nobody could be drawn.
	Open,
	/// Everyone, because the drawn prover missed its window.
	Missed {
		/// The prover that was drawn, and slashed.
		prover: AccountId,
		/// The part of the slash that whoever rescues the block gets. On hold on the account of
		/// the slashed prover.
		bounty: Balance,
	},
}

/// A transition that was proven.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct ProvenTransition<AccountId> {
	/// What was proven, or what it was overridden by.
	pub transition: Transition,
	/// Who proved it.
	pub prover: AccountId,
	/// When, in Unix seconds.
	pub proven_at: u64,
	/// The new state that was proven, while it is overridden. Nobody is paid for it then.
	pub overridden: Option<H256>,
}

/// A block as a client sees it.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub enum BlockStatus<Block> {
	/// It waits for a proof, or for the blocks before it.
	Unsettled(Block),
	/// It is settled, and forgotten: the event `BlockSettled` told who proved it.
	Settled,
}

/// How far the rollup is. Blocks are numbered from 1; 0 stands for none.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	PartialEq,
	Eq,
	Default,
	Debug,
)]
pub struct Progress {
	/// The latest block that was proposed.
	pub proposed: BlockId,
	/// The windows of all blocks up to this one were seen to be over.
	pub closed: BlockId,
	/// All blocks up to this one are settled, and forgotten.
	pub settled: BlockId,
	/// When the latest window closes, in Unix seconds. No block's window closes before that of a
	/// block before it, so that windows close in the order of the blocks.
	pub closes_at: u64,
	/// The state that the settled blocks led to.
	pub state: H256,
	/// The latest block that had been proposed when something was overridden. Provers of blocks up
	/// to this one that were in time with a transition have missed nothing, whatever it builds on:
	/// it may be what was overridden.
	pub spared: BlockId,
	/// How many unsettled blocks are open because nobody could be drawn.
	pub open: u32,
	/// What provers were paid for each unit of gas, in the smallest unit of the currency.
	pub fee_per_gas: MovingAverage,
	/// How long proofs took, in seconds.
	pub proof_delay: MovingAverage,
}

impl Progress {
	/// The block that is settled next, whether it was proposed or not.
	pub fn next(&self) -> BlockId {
		// A `u64` is never reached by counting.
		self.settled.saturating_add(1)
	}

	/// How many blocks are proposed and not settled.
	pub fn unsettled(&self) -> u64 {
		// Never below 0: `settled` follows `proposed`.
		self.proposed.saturating_sub(self.settled)
	}
}

impl<AccountId, Balance, BlockNumber, MaxTransitions>
	RollupBlock<AccountId, Balance, BlockNumber, MaxTransitions>
where
	AccountId: Clone + PartialEq + Eq + core::fmt::Debug,
	Balance: Clone + PartialEq + Eq + core::fmt::Debug,
	BlockNumber: Clone + PartialEq + Eq + core::fmt::Debug,
	MaxTransitions: Get<u32>,
{
	/// The prover that was drawn, if any was.
	pub fn drawn(&self) -> Option<&AccountId> {
		match &self.state {
			BlockState::Assigned { prover } | BlockState::Missed { prover, .. } => Some(prover),
			BlockState::Open => None,
		}
	}

	/// The prover that alone may prove it at `now`.
	pub fn reserved_for(&self, now: u64) -> Option<&AccountId> {
		match &self.state {
			BlockState::Assigned { prover } if now <= self.closes_at => Some(prover),
			_ => None,
		}
	}

	/// The prover that has missed its window by `now` and was not slashed yet: it has brought no
	/// transition in time that may still settle. Where it `is_spared`, any transition in time is
	/// enough.
	pub fn missed_by(&self, now: u64, is_spared: bool) -> Option<&AccountId> {
		let BlockState::Assigned { prover } = &self.state else {
			return None;
		};
		// What came first came inside the window, or a miss would have been noticed with it.
		let was_in_time = !self.outstanding;
		let is_in_time = self
			.transitions
			.iter()
			.any(|proven| proven.prover == *prover && proven.proven_at <= self.closes_at);
		let has_missed = now > self.closes_at && !is_in_time && !(is_spared && was_in_time);
		has_missed.then_some(prover)
	}

	/// Returns the transition that was proven on this parent state.
	pub fn transition_on(&self, parent_state: H256) -> Option<&ProvenTransition<AccountId>> {
		self.transitions
			.iter()
			.find(|proven| proven.transition.parent_state_root == parent_state)
	}

	/// Returns the statement that a proof of `transition` by `prover` must show.
	pub fn statement(
		&self,
		chain: H256,
		block_id: BlockId,
		transition: Transition,
		prover: AccountId,
	) -> Statement<AccountId> {
		Statement {
			chain,
			block_id,
			payload_hash: self.payload_hash,
			payload_size: self.payload_size,
			gas_limit: self.gas_limit,
			transition,
			prover,
		}
	}
}
