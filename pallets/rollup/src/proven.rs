// SPDX-License-Identifier: Apache-2.0

//! Move of *proven* over waiting transitions: rule R5.

use crate::{pallet::*, types::RollupState, weights::WeightInfo as _};
use frame_support::{pallet_prelude::*, weights::WeightMeter};
use prover_pool_primitives::ProverPool;

impl<T: Config> Pallet<T> {
	/// Moves *proven* over the transitions that build on each other.
	///
	/// The block after them is brought up to date: a transition that does not fit is discarded.
	pub(crate) fn advance_proven(state: &mut RollupState, meter: &mut WeightMeter) {
		let weight = Self::advance_weight();
		for _ in 0..T::MaxProvenPerBlock::get() {
			let block_id = state.next();
			if block_id > state.drawn || meter.try_consume(weight).is_err() {
				break;
			}
			let Some((block, overdue)) = Self::load(state, block_id) else {
				break;
			};
			if !block.has_transition_on(&state.proven_root) {
				Self::write_down(block_id, block, overdue);
				break;
			}
			overdue.into_iter().for_each(Self::deposit_event);
			Self::prove(state, block_id, block);
		}
	}

	/// Returns the weight to move *proven* over a block.
	pub(crate) fn advance_weight() -> Weight {
		T::WeightInfo::advance_proven(1).saturating_add(T::ProverPool::release_weight())
	}
}
