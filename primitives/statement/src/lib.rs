// SPDX-License-Identifier: Apache-2.0

#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use sha2::{Digest, Sha256};

#[cfg(test)]
mod tests;

/// Number of a rollup block. Blocks are numbered from 1, without gaps.
pub type BlockId = u64;

/// Hash of a payload or a block, or root of a state.
pub type Hash = [u8; 32];

/// Effect of a rollup block on the state of the rollup.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, Clone, Copy, PartialEq, Eq, Default, Debug,
)]
#[cfg_attr(feature = "scale-info", derive(scale_info::TypeInfo))]
pub struct Transition {
	/// State root before the block.
	pub parent_state_root: Hash,
	/// State root after the block.
	pub state_root: Hash,
	/// Gas that the execution of the block uses.
	pub gas_used: u32,
}

/// Statement of a proof: the execution of this block makes this transition.
///
/// - `chain` and `block_id` make a proof valid for one block only.
/// - `prover` makes a proof useless to an account that copies it from the transaction pool.
/// - `payload_size` and `gas_limit` let a rollup define the transition of a payload that it cannot
///   execute. Without them such a block is unprovable and halts the settlement.
#[derive(Encode, Decode, Clone, PartialEq, Eq, Debug)]
pub struct Statement<AccountId> {
	/// Hash of the chain's genesis block.
	pub chain: Hash,
	/// Number of the rollup block.
	pub block_id: BlockId,
	/// SHA-256 of the payload.
	pub payload_hash: Hash,
	/// Size of the payload, in bytes.
	pub payload_size: u32,
	/// Gas limit of the block.
	pub gas_limit: u32,
	/// Transition of the block.
	pub transition: Transition,
	/// Account that proves the block and is paid.
	pub prover: AccountId,
}

impl<AccountId> Statement<AccountId> {
	/// Returns the same statement with `map` applied to its prover.
	pub fn map_prover<Other>(self, map: impl FnOnce(AccountId) -> Other) -> Statement<Other> {
		let Self { chain, block_id, payload_hash, payload_size, gas_limit, transition, prover } =
			self;
		let prover = map(prover);
		Statement { chain, block_id, payload_hash, payload_size, gas_limit, transition, prover }
	}
}

/// Returns the public input of an encoded statement: its SHA-256, with the three highest bits of
/// the first byte cleared.
///
/// 253 bits, read as a big-endian number, fit the scalar fields of the usual curves. SP1 has the
/// same convention for its public values.
pub fn public_input(statement: &[u8]) -> Hash {
	let mut hash: Hash = Sha256::digest(statement).into();
	hash[0] &= 0b0001_1111;
	hash
}
