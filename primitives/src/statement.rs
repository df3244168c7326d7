// SPDX-License-Identifier: Apache-2.0

//! Statement that a proof shows.

use crate::BlockId;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::H256;
use sp_crypto_hashing::sha2_256;

/// Effect of a rollup block on the state of the rollup.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Default,
	Debug,
)]
pub struct Transition {
	/// State root before the block.
	pub parent_state_root: H256,
	/// State root after the block.
	pub state_root: H256,
	/// Gas that the execution of the block uses.
	pub gas_used: u32,
}

/// Statement of a proof: the execution of this block makes this transition.
///
/// - `chain` and `block_id` make a proof valid for one block only.
/// - `prover` makes a proof useless to an account that copies it from the transaction pool.
/// - `payload_size` and `gas_limit` let a rollup define the transition of a payload that it cannot
///   execute. Without them such a block is unprovable and halts the settlement.
#[derive(Encode, Clone, PartialEq, Eq, Default, Debug)]
pub struct Statement<AccountId> {
	/// Hash of the chain's genesis block.
	pub chain: H256,
	/// Number of the rollup block.
	pub block_id: BlockId,
	/// SHA-256 of its payload.
	pub payload_hash: H256,
	/// Size of its payload, in bytes.
	pub payload_size: u32,
	/// Maximum gas of its execution.
	pub gas_limit: u32,
	/// Transition that its execution makes.
	pub transition: Transition,
	/// Account that proves it.
	pub prover: AccountId,
}

impl<AccountId> Statement<AccountId> {
	/// Returns the same statement with `map` applied to its prover.
	pub fn map_prover<Other>(self, map: impl FnOnce(AccountId) -> Other) -> Statement<Other> {
		let Self { chain, block_id, payload_hash, payload_size, gas_limit, transition, prover } =
			self;
		Statement {
			chain,
			block_id,
			payload_hash,
			payload_size,
			gas_limit,
			transition,
			prover: map(prover),
		}
	}
}

impl<AccountId: Encode> Statement<AccountId> {
	/// Returns the public input of a proof: SHA-256 of the SCALE-encoded statement, with the three
	/// highest bits of the first byte cleared.
	///
	/// Proof systems implement SHA-256. 253 bits, read as a big-endian number, fit the scalar
	/// fields of the usual curves. SP1 has the same convention for its public values.
	pub fn public_input(&self) -> H256 {
		let mut hash = self.using_encoded(sha2_256);
		hash[0] &= 0b0001_1111;
		hash.into()
	}
}
