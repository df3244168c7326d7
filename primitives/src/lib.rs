// SPDX-License-Identifier: Apache-2.0

//! What the prover pool and the rollup that uses it share.
//!
//! The rollup pallet holds a [`ProverPool`] as a Config item and the pool implements it, so that
//! neither depends on the other. No extrinsic leads to the trait: who can call it is decided where
//! the runtime is put together, which is why nothing like `UNAUTHORIZED` exists here.

#![cfg_attr(not(feature = "std"), no_std)]

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::weights::Weight;
use scale_info::TypeInfo;

/// Number of a rollup block. The rollup counts them from 1, without a gap.
pub type BlockId = u64;

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

/// Moves the chain's clock, for benchmarks.
#[cfg(feature = "runtime-benchmarks")]
pub trait BenchmarkClock {
	/// Sets the clock to this Unix time.
	fn set(seconds: u64);
}
