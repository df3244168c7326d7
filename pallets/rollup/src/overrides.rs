// SPDX-License-Identifier: Apache-2.0

//! Calls of the override origin: rules R12 and R13.

use crate::{
	pallet::*,
	types::{BlockKey, OpenReason},
};
use frame_support::pallet_prelude::*;
use prover_pool_primitives::{BlockId, Hash};

impl<T: Config> Pallet<T> {
	/// Replaces the state root after a block and opens all later drawn blocks.
	pub(crate) fn do_override(block_id: BlockId, state_root: Hash) -> DispatchResult {
		let mut state = State::<T>::get();
		let (mut block, overdue) = Self::load(&state, block_id).ok_or(Error::<T>::UnknownBlock)?;
		ensure!(block_id <= state.drawn, Error::<T>::NotDrawn);
		ensure!(block_id <= state.next(), Error::<T>::NotOverridable);
		overdue.into_iter().for_each(Self::deposit_event);
		let parent_state_root = match &block.transition {
			Some(stored) if block_id <= state.proven => stored.transition.parent_state_root,
			_ => state.proven_root,
		};
		block.open();
		Self::release(&mut block);
		let discarded = block.override_root(parent_state_root, state_root, state.clock.now());
		if let Some(prover) = discarded {
			Self::deposit_event(Event::TransitionDiscarded { block_id, prover });
		}
		Blocks::<T>::insert(BlockKey::from(block_id), block);
		state.proven = block_id;
		state.proven_root = state_root;
		state.draws_stopped = true;
		state.open_unproven(OpenReason::Overridden);
		State::<T>::put(state);
		// Blocks that were proven may be open again, and have the lane again.
		LaneUses::<T>::kill();
		Self::deposit_event(Event::BlockOverridden { block_id, state_root });
		Ok(())
	}

	/// Resumes the draws after an override.
	pub(crate) fn do_resume_draws() -> DispatchResult {
		State::<T>::try_mutate(|state| {
			ensure!(state.draws_stopped, Error::<T>::DrawsNotStopped);
			state.draws_stopped = false;
			Self::deposit_event(Event::DrawsResumed);
			Ok(())
		})
	}

	/// Pauses the rollup.
	pub(crate) fn do_pause() -> DispatchResult {
		State::<T>::try_mutate(|state| {
			ensure!(state.is_running, Error::<T>::Paused);
			state.is_running = false;
			Self::deposit_event(Event::Paused);
			Ok(())
		})
	}

	/// Resumes the rollup.
	pub(crate) fn do_resume() -> DispatchResult {
		State::<T>::try_mutate(|state| {
			ensure!(!state.is_running, Error::<T>::NotPaused);
			ensure!(state.has_started(), Error::<T>::NotStarted);
			state.is_running = true;
			Self::deposit_event(Event::Resumed);
			Ok(())
		})
	}
}
