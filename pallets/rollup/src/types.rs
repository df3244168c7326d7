// SPDX-License-Identifier: Apache-2.0

//! The values that the rollup keeps, and what a proof is about.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::weights::Weight;
use prover_pool_primitives::BlockId;
use scale_info::TypeInfo;
use sp_core::H256;

/// A rollup block that is not settled yet.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct RollupBlock<AccountId, Balance, BlockNumber> {
	/// Who proposed it, and has its reward on hold.
	pub proposer: AccountId,
	/// Blake2-256 of its payload.
	pub payload_hash: H256,
	/// The chain block whose body carries the payload.
	pub proposed_in: BlockNumber,
	/// What its prover is paid when it is settled.
	pub reward: Balance,
	/// How far it is.
	pub state: BlockState<AccountId>,
}

/// How far a rollup block is.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub enum BlockState<AccountId> {
	/// Drawn for one prover, which alone may prove it until its window closes.
	Assigned {
		/// The prover.
		prover: AccountId,
		/// The last second of its window, in Unix seconds.
		closes_at: u64,
	},
	/// Anyone may prove it.
	Open {
		/// The prover that missed it; `None` when nobody could be drawn.
		missed_by: Option<AccountId>,
	},
	/// Proven, and waiting for the blocks before it to be settled.
	Proven {
		/// Who proved it, and is paid.
		prover: AccountId,
	},
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
	/// All blocks up to this one have no window any more: proven, missed or open from the start.
	pub closed: BlockId,
	/// All blocks up to this one are settled, and forgotten.
	pub settled: BlockId,
	/// When the latest window closes, in Unix seconds. While a window is open no later block's
	/// closes before it, so that windows close in the order of the blocks even when governance
	/// shortens them.
	pub closes_at: u64,
}

impl Progress {
	/// Whether no block can have an open window.
	pub fn all_closed(&self) -> bool {
		self.closed.max(self.settled) >= self.proposed
	}
}

/// What a proof shows: that this prover executed the block with this payload.
///
/// The prover is part of it, so that a proof seen in the transaction pool is of no use to others.
#[derive(Encode, Clone, PartialEq, Eq, Debug)]
pub struct Statement<AccountId> {
	/// The block.
	pub block_id: BlockId,
	/// Blake2-256 of its payload.
	pub payload_hash: H256,
	/// Who proves it.
	pub prover: AccountId,
}

/// Decides whether a proof shows a statement.
pub trait ProofVerifier<AccountId> {
	/// Whether `proof` shows `statement`. Must not panic, whatever the bytes.
	fn verify(statement: &Statement<AccountId>, proof: &[u8]) -> bool;

	/// What verifying a proof of this many bytes weighs at most. The prover pays it.
	fn weight(proof_size: u32) -> Weight;
}

/// Makes good proofs, for benchmarks.
#[cfg(feature = "runtime-benchmarks")]
pub trait BenchmarkProver<AccountId> {
	/// A proof that shows `statement`.
	fn prove(statement: &Statement<AccountId>) -> alloc::vec::Vec<u8>;
}
