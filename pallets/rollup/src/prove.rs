// SPDX-License-Identifier: Apache-2.0

//! How a rollup block is proven, and how governance replaces what was proven.

use crate::{pallet::*, types::*, weights::WeightInfo as _};
use frame_support::{dispatch::PostDispatchInfo, pallet_prelude::*};
use frame_system::pallet_prelude::BlockNumberFor;
use prover_pool_primitives::{BlockId, ProofVerifier, ProverPool, Transition};
use sp_core::H256;
use sp_runtime::traits::Zero;

/// A transition that may be taken if its proof is good.
pub(crate) struct Candidate<T: Config> {
	block_id: BlockId,
	/// The block with the transition in it.
	block: RollupBlockOf<T>,
	transition: Transition,
	prover: T::AccountId,
	/// What the proof has to show.
	public_input: H256,
	/// Whether its prover was slashed, because the window had closed and nobody had noticed yet.
	has_missed: bool,
	/// Who pays for the call.
	pays: Pays,
}

/// What [`Pallet::refresh`] did to a block.
pub(crate) struct Refreshed {
	/// Whether it is not what is in storage any more.
	pub has_changed: bool,
	/// Whether its prover was slashed, because the window had closed and nobody had noticed yet.
	pub has_missed: bool,
}

impl<T: Config> Pallet<T> {
	/// What `prove_block` weighs at most: the block's window may close first.
	pub(crate) fn prove_weight() -> Weight {
		Self::prove_weight_in_time().saturating_add(Self::slash_weight())
	}

	/// What it weighs where nobody is slashed.
	fn prove_weight_in_time() -> Weight {
		T::WeightInfo::prove_block()
			.saturating_add(T::ProofVerifier::weight())
			.saturating_add(T::ProverPool::release_weight())
	}

	/// Takes a transition, if this prover may bring one now and its proof is good. Tells what the
	/// call weighed and who pays for it.
	pub(crate) fn do_prove(
		prover: T::AccountId,
		block_id: BlockId,
		transition: Transition,
		proof: &[u8],
	) -> DispatchResultWithPostInfo {
		let candidate = Self::admit(prover, block_id, transition)?;
		T::ProofVerifier::verify(candidate.public_input, proof)?;
		let (has_missed, pays_fee) = (candidate.has_missed, candidate.pays);
		Self::accept(candidate);
		Ok(PostDispatchInfo {
			actual_weight: (!has_missed).then(Self::prove_weight_in_time),
			pays_fee,
		})
	}

	/// Finds room for a transition, if this prover may bring it now.
	pub(crate) fn admit(
		prover: T::AccountId,
		block_id: BlockId,
		transition: Transition,
	) -> Result<Candidate<T>, DispatchError> {
		let now = Self::now();
		let progress = RollupProgress::<T>::get();
		let mut block = Blocks::<T>::get(block_id).ok_or(Error::<T>::UnknownBlock)?;
		let Refreshed { has_missed, .. } = Self::refresh(&progress, block_id, &mut block, now);

		ensure!(
			block.reserved_for(now).is_none_or(|drawn| *drawn == prover),
			Error::<T>::NotAssigned
		);
		ensure!(
			block_id != progress.next() || transition.parent_state_root == progress.state,
			Error::<T>::WrongParentState
		);
		ensure!(
			block.transition_on(transition.parent_state_root).is_none(),
			Error::<T>::AlreadyProven
		);
		ensure!(transition.gas_used <= block.gas_limit, Error::<T>::TooMuchGas);
		let statement = block.statement(Self::chain(), block_id, transition, prover.clone());
		let proven = ProvenTransition {
			transition,
			prover: prover.clone(),
			proven_at: now,
			overridden: None,
		};
		// One for each prover, so that none alone takes all the room. One by which the drawn prover
		// was in time is kept beside one that is late: it is why it has not missed the window.
		let closes_at = block.closes_at;
		let is_drawn = block.drawn() == Some(&prover);
		let kept_before = block.transitions.len();
		block.transitions.retain(|earlier| {
			let was_in_time = is_drawn && earlier.proven_at <= closes_at && closes_at < now;
			earlier.prover != prover || earlier.overridden.is_some() || was_in_time
		});
		let replaces = block.transitions.len() < kept_before;
		// Were it free to replace one, two proofs could take turns for ever.
		let pays = if replaces || !Self::is_wanted(&progress, &block, &proven, block_id) {
			Pays::Yes
		} else {
			Pays::No
		};
		block.transitions.try_push(proven).map_err(|_| Error::<T>::TooManyTransitions)?;
		Ok(Candidate {
			block_id,
			block,
			transition,
			prover,
			public_input: statement.public_input(),
			has_missed,
			pays,
		})
	}

	/// Keeps a transition that is proven, and gives the drawn prover its capacity back.
	pub(crate) fn accept(candidate: Candidate<T>) {
		let Candidate { block_id, mut block, transition, prover, .. } = candidate;
		if let Some(drawn) = block.drawn().filter(|_| block.outstanding) {
			T::ProverPool::release(drawn);
		}
		block.outstanding = false;
		Blocks::<T>::insert(block_id, block);
		Self::deposit_event(Event::BlockProven {
			block_id,
			parent_state: transition.parent_state_root,
			new_state: transition.state_root,
			prover,
		});
	}

	/// Whether a transition is wanted: from the drawn prover inside its window, and from anyone
	/// where it builds on the settled state or on what was proven of the block before.
	fn is_wanted(
		progress: &Progress,
		block: &RollupBlockOf<T>,
		proven: &ProvenTransition<T::AccountId>,
		block_id: BlockId,
	) -> bool {
		block.reserved_for(proven.proven_at) == Some(&proven.prover)
			|| block_id == progress.next()
			|| Blocks::<T>::get(block_id.saturating_sub(1)).is_some_and(|before| {
				let parent_state = proven.transition.parent_state_root;
				before
					.transitions
					.iter()
					.any(|earlier| earlier.transition.state_root == parent_state)
			})
	}

	/// Puts another new state in the place of one that was proven.
	pub(crate) fn do_override(
		block_id: BlockId,
		parent_state: H256,
		new_state: H256,
	) -> DispatchResult {
		let mut block = Blocks::<T>::get(block_id).ok_or(Error::<T>::UnknownBlock)?;
		let mut progress = RollupProgress::<T>::get();
		Self::refresh(&progress, block_id, &mut block, Self::now());
		let proven = block
			.transitions
			.iter_mut()
			.find(|proven| proven.transition.parent_state_root == parent_state)
			.ok_or(Error::<T>::UnknownTransition)?;
		// What was proven stays known, however often it is overridden.
		let was_proven = proven.overridden.unwrap_or(proven.transition.state_root);
		proven.overridden = (new_state != was_proven).then_some(was_proven);
		proven.transition.state_root = new_state;
		Blocks::<T>::insert(block_id, block);
		progress.spared = progress.proposed;
		RollupProgress::<T>::put(progress);
		Self::deposit_event(Event::TransitionOverridden { block_id, parent_state, new_state });
		Ok(())
	}

	/// Brings a block up to date with what has happened around it since it was written: forgets
	/// transitions that cannot settle any more, then notices a missed window.
	///
	/// A transition cannot settle when the block before is settled in another state than it builds
	/// on.
	pub(crate) fn refresh(
		progress: &Progress,
		block_id: BlockId,
		block: &mut RollupBlockOf<T>,
		now: u64,
	) -> Refreshed {
		let before = block.transitions.len();
		if block_id == progress.next() {
			block
				.transitions
				.retain(|proven| proven.transition.parent_state_root == progress.state);
		}
		let has_lost_transitions = block.transitions.len() < before;
		let has_missed = Self::close_window(progress, block_id, block, now);
		Refreshed { has_changed: has_missed || has_lost_transitions, has_missed }
	}

	/// What stands for this chain in a statement: the hash of its genesis block.
	pub(crate) fn chain() -> H256 {
		frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero())
	}
}
