// SPDX-License-Identifier: Apache-2.0

//! The rollup as the verifier sees it: rule R14.

use crate::{
	pallet::*,
	types::{BlockKey, OpenReason},
	weights::WeightInfo as _,
};
use frame_support::weights::Weight;
use prover_pool_primitives::KeyUser;

impl<T: Config> KeyUser for Pallet<T> {
	/// Searches the queue by bisection: versions grow with the blocks.
	fn is_needed(version: u32) -> bool {
		let state = State::<T>::get();
		let version_of =
			|block_id| Blocks::<T>::get(BlockKey::from(block_id)).map(|block| block.rules_version);
		let (mut low, mut high) = (state.settled.saturating_add(1), state.proposed);
		while low < high {
			// Cannot overflow: between `low` and `high`.
			let middle = low + (high - low) / 2;
			if version_of(middle) < Some(version) {
				low = middle.saturating_add(1);
			} else {
				high = middle;
			}
		}
		version_of(low) == Some(version)
	}

	fn is_needed_weight() -> Weight {
		T::WeightInfo::is_needed()
	}

	fn is_paused() -> bool {
		!State::<T>::get().is_running
	}

	fn on_removed(version: u32) {
		ReplacedKeys::<T>::remove(version);
	}

	fn on_replaced(version: u32) {
		State::<T>::mutate(|state| {
			state.key_replacements = state.key_replacements.saturating_add(1);
			state.open_unproven(OpenReason::KeyReplaced);
			ReplacedKeys::<T>::insert(version, state.key_replacements);
		});
	}
}
