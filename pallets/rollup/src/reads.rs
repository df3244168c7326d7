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

	/// The blocks that satisfy `condition` and are not proven: not on the state that the blocks
	/// before lead to, or, where one of them is not proven, on none.
	fn unproven_blocks(condition: impl Fn(&RollupBlockOf<T>) -> bool) -> Vec<BlockId> {
		let progress = RollupProgress::<T>::get();
		let mut parent_state = Some(progress.state);
		let mut found = Vec::new();
		for block_id in progress.next()..=progress.proposed {
			let Some(block) = Blocks::<T>::get(block_id) else {
				continue;
			};
			let proven = parent_state.map(|parent_state| block.transition_on(parent_state));
			parent_state = proven.flatten().map(|proven| proven.transition.state_root);
			let is_proven = proven.map_or(!block.transitions.is_empty(), |proven| proven.is_some());
			if !is_proven && condition(&block) {
				found.push(block_id);
			}
		}
		found
	}

	/// The chain's clock, in Unix seconds.
	pub(crate) fn now() -> u64 {
		T::Time::now().as_secs()
	}
}
