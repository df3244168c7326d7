// SPDX-License-Identifier: Apache-2.0

//! What a proof shows, and who checks it.

use crate::BlockId;
use codec::Encode;
use sp_core::H256;
use sp_crypto_hashing::sha2_256;
use sp_runtime::DispatchResult;
use sp_weights::Weight;

/// What a proof shows: that executing this block on `parent_state` leads to `new_state`.
///
/// Chain and block are part of it, so that a proof is good once; the prover is, so that a proof
/// seen in the transaction pool is of no use to others. Size of the payload and limit of the gas
/// are, so that a rollup can define what happens to a payload that it cannot execute: a block that
/// nobody can prove would stop the settlement for good.
#[derive(Encode, Clone, PartialEq, Eq, Debug)]
pub struct Statement<AccountId> {
	/// Hash of the chain's genesis block.
	pub chain: H256,
	/// The block.
	pub block_id: BlockId,
	/// SHA-256 of its payload.
	pub payload_hash: H256,
	/// Size of its payload, in bytes.
	pub payload_size: u32,
	/// The most gas that its execution may use.
	pub gas_limit: u32,
	/// The rollup's state before the block.
	pub parent_state: H256,
	/// The rollup's state after the block.
	pub new_state: H256,
	/// The gas that its execution used.
	pub gas_used: u32,
	/// Who proves it.
	pub prover: AccountId,
}

impl<AccountId: Encode> Statement<AccountId> {
	/// The public input of a proof: SHA-256 of the statement in SCALE, with the three highest bits
	/// of the first byte cleared.
	///
	/// SHA-256, because proof systems have it. 253 bits, read as a big-endian number, fit the
	/// scalar fields of the usual curves: the same convention as SP1's for its public values.
	pub fn public_input(&self) -> H256 {
		let mut hash = self.using_encoded(sha2_256);
		hash[0] &= 0b0001_1111;
		hash.into()
	}
}

/// Checks proofs.
pub trait ProofVerifier {
	/// Succeeds if `proof` is good for `public_input`, which [`Statement::public_input`] made.
	/// Must not panic, whatever the bytes.
	fn verify(public_input: H256, proof: &[u8]) -> DispatchResult;

	/// What [`Self::verify`] weighs at most. The prover pays it, for a bad proof.
	fn weight() -> Weight;
}
