// SPDX-License-Identifier: Apache-2.0

//! Move of *proven* over waiting transitions: rule R5.

use crate::{
	block::Phase,
	pallet::*,
	types::{BlockKey, RollupState},
	weights::WeightInfo as _,
};
use frame_support::{pallet_prelude::*, weights::WeightMeter};
use prover_pool_primitives::{BlockId, ProverPool};

impl<T: Config> Pallet<T> {
	/// Moves *proven* over the transitions that build on each other, and discards one that does not.
	pub(crate) fn advance_proven(state: &mut RollupState, meter: &mut WeightMeter) {
		let weight = Self::advance_weight();
		for _ in 0..T::MaxProvenPerBlock::get() {
			let block_id = state.next();
			if block_id > state.drawn || meter.try_consume(weight).is_err() {
				break;
			}
			let Some((mut block, overdue)) = Self::load(state, block_id) else {
				break;
			};
			if !block.has_transition_on(&state.proven_root) {
				Self::discard(state, block_id, block);
				break;
			}
			Self::catch_up(state, block_id, &mut block, overdue);
			Self::prove(state, block_id, block);
		}
	}

	/// Returns the weight to move *proven* over a block.
	pub(crate) fn advance_weight() -> Weight {
		T::WeightInfo::advance_proven(1).saturating_add(T::ProverPool::release_weight())
	}

	/// Discards the transition of the next block, which does not fit.
	///
	/// Before the deadline the assigned prover may bring another. After it the block is missed. An
	/// opened block keeps its transition, because an override can be undone.
	fn discard(state: &RollupState, block_id: BlockId, mut block: RollupBlockOf<T>) {
		if !matches!(block.phase, Phase::Assigned(_)) {
			return;
		}
		let Some(prover) = block.transition.take().and_then(|stored| stored.prover) else {
			return;
		};
		Self::deposit_event(Event::TransitionDiscarded { block_id, prover });
		if block.reservation(state.clock.now()).is_none() {
			Self::miss(block_id, &mut block);
		}
		Blocks::<T>::insert(BlockKey::from(block_id), block);
	}
}
