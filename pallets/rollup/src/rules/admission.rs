// SPDX-License-Identifier: Apache-2.0

//! Admission of a transition before its proof is verified: rule R4.

use crate::{block::Phase, pallet::*, types::RollupState};
use frame_support::ensure;
use prover_pool_primitives::{BlockId, Transition};

/// Decides whether a transition of an up-to-date `block` is admitted. That of the next block makes it
/// proven, and that of a later one waits.
///
/// `is_prover` is `true` if `prover` itself signs. `acts_for_prover` is `true` if `prover` or its
/// operator does.
pub fn admit<T: Config>(
	state: &RollupState,
	block_id: BlockId,
	block: &RollupBlockOf<T>,
	prover: &T::AccountId,
	transition: &Transition,
	is_prover: bool,
	acts_for_prover: bool,
) -> Result<(), Error<T>> {
	ensure!(transition.gas_used <= block.gas_limit, Error::TooMuchGas);
	ensure!(block_id > state.proven, Error::AlreadyProven);
	let is_next = block_id == state.next();
	match &block.phase {
		Phase::Undrawn => return Err(Error::NotDrawn),
		Phase::Assigned(assigned) => {
			if state.clock.now() > assigned.deadline {
				// The sweep passes only over a block with a transition.
				ensure!(block_id > state.swept, Error::AlreadyProven);
				return Err(Error::DeadlinePassed);
			}
			ensure!(assigned.prover == *prover, Error::NotAssigned);
			if !is_next {
				// A stolen operator key must not replace a true transition by an invented one.
				let may_store = is_prover || (block.transition.is_none() && acts_for_prover);
				ensure!(may_store, Error::NotSignedByProver);
				return Ok(());
			}
		},
		Phase::Open | Phase::Missed(_) | Phase::Opened(_) => ensure!(is_next, Error::NotNext),
	}
	ensure!(!block.has_transition_on(&state.proven_root), Error::AlreadyProven);
	ensure!(transition.parent_state_root == state.proven_root, Error::WrongParentState);
	Ok(())
}
