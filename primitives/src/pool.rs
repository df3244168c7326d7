// SPDX-License-Identifier: Apache-2.0

//! The pool as the rollup sees it.

use crate::BlockId;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_weights::Weight;

/// A rollup block given to one prover, at a price.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Assignment<AccountId> {
	/// The account that alone may prove the block inside its proof window.
	pub prover: AccountId,
	/// What it is paid for each unit of gas: its own price, kept within the tolerance of the fee
	/// (rule 17). In the smallest unit of the currency.
	pub reward_per_gas: u32,
}

/// The pool as the rollup sees it.
pub trait ProverPool<AccountId> {
	/// The currency's balance, in its smallest unit.
	type Balance;
	/// What a slash took: a credit that the caller resolves. Dropping it burns the amount.
	type Credit;

	/// Draws a prover for `block_id` by weight and takes one unit of its capacity.
	///
	/// `None` when nobody can be drawn; nothing has changed then. Besides the runtime's randomness
	/// the draw depends on the block id alone: two assignments of one id in one chain block, both
	/// kept, would not be independent.
	fn assign(block_id: BlockId, fee_per_gas: u32) -> Option<Assignment<AccountId>>;

	/// The most that [`Self::assign`] can make a unit of gas cost at this fee (rule 17).
	fn max_reward_per_gas(fee_per_gas: u32) -> u32;

	/// Gives `prover` back one of the blocks it has outstanding. Never fails.
	fn release(prover: &AccountId);

	/// Slashes `prover` for missing `block_id`, on which it would have earned `proof_reward`.
	///
	/// Never fails; the credit is zero when there is nothing to slash.
	fn slash(prover: &AccountId, block_id: BlockId, proof_reward: Self::Balance) -> Self::Credit;

	/// Worst-case weight of [`Self::assign`].
	fn assign_weight() -> Weight;
	/// Worst-case weight of [`Self::release`].
	fn release_weight() -> Weight;
	/// Worst-case weight of [`Self::slash`], without what the caller does with the credit.
	fn slash_weight() -> Weight;
}
