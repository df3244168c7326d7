// SPDX-License-Identifier: Apache-2.0

//! What clients read.

use crate::{pallet::*, types::*};
use alloc::vec::Vec;
use frame_support::traits::UnixTime;
use prover_pool_primitives::BlockId;

impl<T: Config> Pallet<T> {
	/// A block, or that it is settled.
	pub(crate) fn status_of(block_id: BlockId) -> Option<BlockStatus<RollupBlockOf<T>>> {
		match Blocks::<T>::get(block_id) {
			Some(block) => Some(BlockStatus::Unsettled(block)),
			None => (1..=RollupProgress::<T>::get().settled)
				.contains(&block_id)
				.then_some(BlockStatus::Settled),
		}
	}

	/// The blocks that `prover` alone may prove now and has not.
	pub(crate) fn assigned_to(prover: &T::AccountId) -> Vec<BlockId> {
		let now = Self::now();
		Self::unproven_blocks(|block| block.reserved_for(now) == Some(prover))
	}

	/// The blocks that anyone may prove now and nobody has.
	pub(crate) fn open_to_all() -> Vec<BlockId> {
		let now = Self::now();
		Self::unproven_blocks(|block| block.reserved_for(now).is_none())
	}

	/// The blocks that satisfy `condition` and have no transition that may still settle.
	fn unproven_blocks(condition: impl Fn(&RollupBlockOf<T>) -> bool) -> Vec<BlockId> {
		let progress = RollupProgress::<T>::get();
		(progress.next()..=progress.proposed)
			.filter(|block_id| {
				Blocks::<T>::get(block_id).is_some_and(|block| {
					let is_proven = if *block_id == progress.next() {
						block.transition_on(progress.state).is_some()
					} else {
						!block.transitions.is_empty()
					};
					!is_proven && condition(&block)
				})
			})
			.collect()
	}

	/// The chain's clock, in Unix seconds.
	pub(crate) fn now() -> u64 {
		T::Time::now().as_secs()
	}
}
