// SPDX-License-Identifier: Apache-2.0

//! Sweeps behind the queue: of deadlines (R6), and of blocks that were opened at once (R12, R14).

use crate::{
	pallet::*,
	types::{BlockKey, RollupState},
	weights::WeightInfo as _,
};
use frame_support::{pallet_prelude::*, weights::WeightMeter};
use prover_pool_primitives::ProverPool;

impl<T: Config> Pallet<T> {
	/// Opens the blocks whose deadline passed without a transition.
	///
	/// Deadlines come in the order of the blocks, so the sweep stops at the first that stands.
	pub(crate) fn sweep_deadlines(state: &mut RollupState, meter: &mut WeightMeter) {
		state.swept = state.swept.max(state.proven);
		let now = state.clock.now();
		for _ in 0..T::MaxSweptPerBlock::get() {
			if state.swept >= state.drawn
				|| meter.try_consume(T::WeightInfo::sweep_deadlines(1)).is_err()
			{
				break;
			}
			let block_id = state.swept.saturating_add(1);
			let Some((mut block, overdue)) = Self::load(state, block_id) else {
				break;
			};
			if block.reservation(now).is_some() {
				break;
			}
			if block.transition.is_none() && block.miss() {
				Self::catch_up(state, block_id, &mut block, overdue);
				Self::note_miss(block_id, &block);
				Blocks::<T>::insert(BlockKey::from(block_id), block);
			}
			state.swept = block_id;
		}
	}

	/// Brings the entries of blocks that were opened at once up to date.
	pub(crate) fn sweep_opened(state: &mut RollupState, meter: &mut WeightMeter) {
		let weight = Self::sweep_opened_weight();
		for _ in 0..T::MaxSweptPerBlock::get() {
			if state.opened_to() >= state.opening.to || meter.try_consume(weight).is_err() {
				break;
			}
			let block_id = state.opened_to().saturating_add(1);
			let Some((mut block, overdue)) = Self::load(state, block_id) else {
				break;
			};
			if overdue.has_changed {
				Self::catch_up(state, block_id, &mut block, overdue);
				Blocks::<T>::insert(BlockKey::from(block_id), block);
			}
			state.opening.after = block_id;
		}
	}

	/// Returns the weight to bring the entry of an opened block up to date.
	pub(crate) fn sweep_opened_weight() -> Weight {
		T::WeightInfo::sweep_opened(1).saturating_add(T::ProverPool::release_weight())
	}
}
