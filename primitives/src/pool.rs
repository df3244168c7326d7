// SPDX-License-Identifier: Apache-2.0

//! The pool as the rollup sees it.

use crate::BlockId;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_weights::Weight;

/// Assignment of a rollup block to one prover, at a price.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Assignment<AccountId> {
	/// Account that alone may prove the block inside its proof window.
	pub prover: AccountId,
	/// Price of a unit of gas, in the smallest unit of the currency: the prover's own price, kept
	/// within the tolerance of the fee (rule 17).
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
	/// Returns `None`, and changes nothing, if no prover can be drawn. The draw depends on the
	/// runtime's randomness and on the block id only. Two assignments of one id in one chain block
	/// are therefore not independent.
	fn assign(block_id: BlockId, fee_per_gas: u32) -> Option<Assignment<AccountId>>;

	/// Returns the maximum `reward_per_gas` of [`Self::assign`] at this fee (rule 17).
	fn max_reward_per_gas(fee_per_gas: u32) -> u32;

	/// Releases one of the outstanding blocks of `prover`. Never fails.
	fn release(prover: &AccountId);

	/// Slashes `prover` for missing `block_id`, whose proof would have paid `proof_reward`.
	///
	/// Never fails. The credit is zero if there is nothing to slash.
	fn slash(prover: &AccountId, block_id: BlockId, proof_reward: Self::Balance) -> Self::Credit;

	/// Returns the maximum weight of [`Self::assign`].
	fn assign_weight() -> Weight;
	/// Returns the maximum weight of [`Self::release`].
	fn release_weight() -> Weight;
	/// Returns the maximum weight of [`Self::slash`], without the caller's use of the credit.
	fn slash_weight() -> Weight;
}
