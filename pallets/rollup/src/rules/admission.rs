// SPDX-License-Identifier: Apache-2.0

//! Admission of a transition before its proof is verified: rule R4.

use crate::{
	block::{Phase, RollupBlock},
	types::RollupState,
};
use prover_pool_primitives::{BlockId, Transition};

/// Admitted use of a transition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Admission {
	/// The block becomes proven.
	Proves,
	/// The transition is stored and waits for the block before.
	Waits {
		/// `true` if it replaces another one.
		replaces: bool,
	},
}

/// Reason to refuse a transition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
	/// The block is not drawn yet.
	NotDrawn,
	/// The block is reserved for another prover.
	NotAssigned,
	/// The transition would wait, and neither the assigned prover nor its operator signed. Or it would
	/// replace another, and the assigned prover did not sign.
	NotSignedByProver,
	/// The deadline passed and the sweep is still to come.
	DeadlinePassed,
	/// The block is open, and an earlier one is not proven.
	NotNext,
	/// The transition does not build on the proven state root.
	WrongParentState,
	/// The block has a transition that counts.
	AlreadyProven,
	/// The transition uses more gas than the limit.
	TooMuchGas,
}

/// Decides whether a transition of an up-to-date `block` is admitted.
///
/// `is_prover` is `true` if `prover` itself signs. `acts_for_prover` returns `true` if `prover` or its
/// operator does. It is called only if the answer depends on it.
pub fn admit<AccountId: Clone + PartialEq, Balance, BlockNumber>(
	state: &RollupState,
	block_id: BlockId,
	block: &RollupBlock<AccountId, Balance, BlockNumber>,
	prover: &AccountId,
	transition: &Transition,
	is_prover: bool,
	acts_for_prover: impl FnOnce() -> bool,
) -> Result<Admission, Refusal> {
	ensure(transition.gas_used <= block.gas_limit, Refusal::TooMuchGas)?;
	ensure(block_id > state.proven, Refusal::AlreadyProven)?;
	let is_next = block_id == state.next();
	match &block.phase {
		Phase::Undrawn => return Err(Refusal::NotDrawn),
		Phase::Assigned(assigned) => {
			if state.clock.now() > assigned.deadline {
				// The sweep passes only over a block with a transition.
				ensure(block_id > state.swept, Refusal::AlreadyProven)?;
				return Err(Refusal::DeadlinePassed);
			}
			ensure(assigned.prover == *prover, Refusal::NotAssigned)?;
			if !is_next {
				let replaces = block.transition.is_some();
				// A stolen operator key must not replace a true transition by an invented one.
				let may_store = is_prover || (!replaces && acts_for_prover());
				ensure(may_store, Refusal::NotSignedByProver)?;
				return Ok(Admission::Waits { replaces });
			}
		},
		Phase::Open | Phase::Missed(_) | Phase::Opened(_) => ensure(is_next, Refusal::NotNext)?,
	}
	ensure(!block.has_transition_on(&state.proven_root), Refusal::AlreadyProven)?;
	ensure(transition.parent_state_root == state.proven_root, Refusal::WrongParentState)?;
	Ok(Admission::Proves)
}

fn ensure(condition: bool, refusal: Refusal) -> Result<(), Refusal> {
	condition.then_some(()).ok_or(refusal)
}
