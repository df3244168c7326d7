// SPDX-License-Identifier: Apache-2.0

//! Searches behind the views.

use crate::{block::BlockStatus, pallet::*, types::BlockKey};
use alloc::vec::Vec;
use prover_pool_primitives::BlockId;

impl<T: Config> Pallet<T> {
	/// Returns an unsettled block, or that the block is settled.
	pub(crate) fn block_status(block_id: BlockId) -> Option<BlockStatus<RollupBlockOf<T>>> {
		let is_settled = (1..=State::<T>::get().settled).contains(&block_id);
		match Blocks::<T>::get(BlockKey::from(block_id)) {
			Some(block) => Some(BlockStatus::Unsettled(block)),
			None => is_settled.then_some(BlockStatus::Settled),
		}
	}

	/// Returns the unproven blocks that satisfy `condition` and have no transition that counts.
	///
	/// A transition counts if it builds on the state root before the block. While that is unknown,
	/// the transition of a reserved block counts, and that of an open block does not.
	pub(crate) fn unproven_blocks(condition: impl Fn(&RollupBlockOf<T>) -> bool) -> Vec<BlockId> {
		let state = State::<T>::get();
		let mut root = Some(state.proven_root);
		let mut found = Vec::new();
		for block_id in state.next()..=state.drawn {
			let Some((block, _)) = Self::load(&state, block_id) else {
				continue;
			};
			let stored = block.transition.as_ref().filter(|stored| match &root {
				Some(root) => stored.builds_on(root),
				None => !block.is_open(),
			});
			root = root.and(stored.map(|stored| stored.transition.state_root));
			if stored.is_none() && condition(&block) {
				found.push(block_id);
			}
		}
		found
	}
}
