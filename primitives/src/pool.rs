// SPDX-License-Identifier: Apache-2.0

//! The pool as the rollup sees it.

use crate::BlockId;
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_weights::Weight;

/// Assignment of a rollup block to one prover, at a price.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Assignment<AccountId> {
	/// Only account that may prove the block within its proof window.
	pub prover: AccountId,
	/// Price of a unit of gas, in the smallest unit of the currency. It is the prover's own price,
	/// clamped to the tolerance around the fee (rule 17).
	pub reward_per_gas: u32,
}

/// Pool of provers, as the rollup sees it.
pub trait ProverPool<AccountId> {
	/// Balance of the currency, in its smallest unit.
	type Balance;
	/// Credit of a slash, which the caller resolves. Dropping it burns the amount.
	type Credit;

	/// Draws a prover for `block_id` by weight and takes one unit of its capacity.
	///
	/// Returns `None`, and changes nothing, if no prover can be drawn.
	fn assign(block_id: BlockId, fee_per_gas: u32) -> Option<Assignment<AccountId>> {
		Self::assign_many(&[(block_id, fee_per_gas)]).pop().flatten()
	}

	/// Draws provers for several blocks, each with its fee, as successive calls of [`Self::assign`]
	/// do.
	///
	/// Returns one result for each block, in the same order. Reads and writes the pool once. The
	/// random number of a draw depends only on the runtime's randomness and the block id. Two draws
	/// for one id in one chain block are therefore not independent.
	fn assign_many(blocks: &[(BlockId, u32)]) -> Vec<Option<Assignment<AccountId>>>;

	/// Returns the maximum `reward_per_gas` of [`Self::assign`] at this fee (rule 17).
	fn max_reward_per_gas(fee_per_gas: u32) -> u32;

	/// Releases one of the outstanding blocks of `prover`. Never fails.
	fn release(prover: &AccountId);

	/// Slashes `prover` for missing `block_id`. `proof_reward` is the reward of a timely proof.
	///
	/// Never fails. The credit is zero if there is nothing to slash.
	fn slash(prover: &AccountId, block_id: BlockId, proof_reward: Self::Balance) -> Self::Credit;

	/// Returns `true` if `who` has a slot of the pool.
	fn is_member(who: &AccountId) -> bool;

	/// Returns `true` if `signer` is `prover` or its operator (rule 33).
	fn acts_for(signer: &AccountId, prover: &AccountId) -> bool;

	/// Returns the number of blocks of `who` that are assigned and not released (rule 25).
	fn outstanding(who: &AccountId) -> u32;

	/// Returns the maximum weight of [`Self::assign`].
	fn assign_weight() -> Weight {
		Self::assign_many_weight(1)
	}
	/// Returns the maximum weight of [`Self::assign_many`] with this many blocks.
	fn assign_many_weight(blocks: u32) -> Weight;
	/// Returns the maximum weight of [`Self::release`].
	fn release_weight() -> Weight;
	/// Returns the maximum weight of [`Self::slash`], without the caller's use of the credit.
	fn slash_weight() -> Weight;
}
