// SPDX-License-Identifier: Apache-2.0

//! Sweep behind the queue: of deadlines (R6), and of blocks that were opened at once (R12, R14).

use crate::{pallet::*, types::RollupState, weights::WeightInfo as _};
use frame_support::{pallet_prelude::*, weights::WeightMeter};
use prover_pool_primitives::ProverPool;

impl<T: Config> Pallet<T> {
	/// Brings the entries of blocks that were opened at once up to date. Behind them, opens the blocks
	/// whose deadline passed without a transition.
	///
	/// Deadlines come in the order of the blocks, so the sweep stops at the first that stands.
	pub(crate) fn sweep(state: &mut RollupState, meter: &mut WeightMeter) {
		state.swept = state.swept.max(state.proven);
		let weight = Self::sweep_weight();
		for _ in 0..T::MaxSweptPerBlock::get() {
			if state.swept >= state.drawn || meter.try_consume(weight).is_err() {
				break;
			}
			let block_id = state.swept.saturating_add(1);
			let Some((mut block, mut overdue)) = Self::load(state, block_id) else {
				break;
			};
			if block.reservation(state.clock.now()).is_some() {
				break;
			}
			let missed_by = if block.transition.is_none() { block.miss() } else { None };
			overdue.extend(missed_by.map(|prover| Event::AssignmentMissed { block_id, prover }));
			Self::write_down(block_id, block, overdue);
			state.swept = block_id;
		}
	}

	/// Returns the weight to sweep a block.
	pub(crate) fn sweep_weight() -> Weight {
		T::WeightInfo::sweep(1).saturating_add(T::ProverPool::release_weight())
	}
}
