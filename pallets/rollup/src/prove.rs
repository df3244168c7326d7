// SPDX-License-Identifier: Apache-2.0

//! Proof of a block: rules R4 and R5.

use crate::{
	block::{Phase, StoredTransition},
	pallet::*,
	rules::admission::{admit, Admission, Refusal},
	types::{BlockKey, RollupState},
	weights::WeightInfo as _,
};
use codec::Encode;
use frame_support::{
	dispatch::{DispatchErrorWithPostInfo, PostDispatchInfo, WithPostDispatchInfo},
	pallet_prelude::*,
};
use frame_system::pallet_prelude::BlockNumberFor;
use prover_pool_primitives::{BlockId, Hash, ProofVerifier, ProverPool, Transition};
use sp_runtime::traits::Zero;

impl<T: Config> Pallet<T> {
	/// Returns the weight of a proof.
	pub(crate) fn prove_weight() -> Weight {
		T::WeightInfo::prove_block()
			.saturating_add(T::ProofVerifier::weight())
			.saturating_add(T::ProverPool::release_weight())
	}

	/// Takes a transition if it is admitted and its proof is valid.
	pub(crate) fn do_prove(
		signer: &T::AccountId,
		block_id: BlockId,
		prover: T::AccountId,
		transition: Transition,
		proof: &[u8],
	) -> DispatchResultWithPostInfo {
		let mut state = State::<T>::get();
		let (mut block, overdue) =
			Self::load(&state, block_id).ok_or_else(|| Self::refused(Error::UnknownBlock))?;
		let is_prover = *signer == prover;
		let admission = admit(&state, block_id, &block, &prover, &transition, is_prover, || {
			T::ProverPool::acts_for(signer, &prover)
		})
		.map_err(|refusal| Self::refused(refusal.into()))?;
		let statement = block.statement(Self::chain(), block_id, transition, prover.clone());
		T::ProofVerifier::verify(block.rules_version, &statement.encode(), proof)?;

		Self::catch_up(&state, block_id, &mut block, overdue);
		if admission == Admission::Proves {
			Self::report_misfit(block_id, &block);
		}
		block.transition = Some(Self::stored_now(&state, &block, transition, prover.clone()));
		match admission {
			Admission::Proves => {
				Self::prove(&mut state, block_id, block);
				State::<T>::put(state);
			},
			Admission::Waits { .. } => {
				Blocks::<T>::insert(BlockKey::from(block_id), block);
				Self::deposit_event(Event::TransitionStored { block_id, prover, transition });
			},
		}
		let is_paid = admission == Admission::Waits { replaces: true };
		let pays_fee = if is_paid { Pays::Yes } else { Pays::No };
		Ok(PostDispatchInfo { actual_weight: None, pays_fee })
	}

	/// Reports the waiting transition of the next block. It does not fit, or the block would be proven.
	fn report_misfit(block_id: BlockId, block: &RollupBlockOf<T>) {
		let waiting = block.transition.as_ref().and_then(|stored| stored.prover.clone());
		if let Some(prover) = waiting {
			Self::deposit_event(Event::TransitionDiscarded { block_id, prover });
		}
	}

	/// Returns the entry of a transition that is stored now.
	fn stored_now(
		state: &RollupState,
		block: &RollupBlockOf<T>,
		transition: Transition,
		prover: T::AccountId,
	) -> StoredTransition<T::AccountId> {
		StoredTransition {
			transition,
			prover: Some(prover),
			stored_at: state.clock.now(),
			is_timely: matches!(block.phase, Phase::Assigned(_)),
			proven_at: None,
			overridden: None,
			key_replacements: state.key_replacements,
		}
	}

	/// Returns an error before the verification, which does not pay for it (R19).
	fn refused(error: Error<T>) -> DispatchErrorWithPostInfo {
		error.with_weight(T::WeightInfo::prove_block())
	}

	/// Moves *proven* over the next block, whose transition must build on the proven state root.
	///
	/// A transition that was proven before keeps its time. The capacity of a missed block stays
	/// outstanding until the slash is decided.
	pub(crate) fn prove(state: &mut RollupState, block_id: BlockId, mut block: RollupBlockOf<T>) {
		let Some(stored) = &mut block.transition else {
			return;
		};
		stored.proven_at.get_or_insert(state.clock.now());
		let state_root = stored.transition.state_root;
		let prover = stored.payee().cloned();
		if !matches!(block.phase, Phase::Missed(_)) {
			Self::release(&mut block);
		}
		Blocks::<T>::insert(BlockKey::from(block_id), block);
		state.proven = block_id;
		state.proven_root = state_root;
		Self::deposit_event(Event::BlockProven { block_id, state_root, prover });
	}

	/// Returns the identity of this chain in a statement: the hash of its genesis block.
	pub(crate) fn chain() -> Hash {
		frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero()).0
	}
}

impl<T: Config> From<Refusal> for Error<T> {
	fn from(refusal: Refusal) -> Self {
		match refusal {
			Refusal::NotDrawn => Self::NotDrawn,
			Refusal::NotAssigned => Self::NotAssigned,
			Refusal::NotSignedByProver => Self::NotSignedByProver,
			Refusal::DeadlinePassed => Self::DeadlinePassed,
			Refusal::NotNext => Self::NotNext,
			Refusal::WrongParentState => Self::WrongParentState,
			Refusal::AlreadyProven => Self::AlreadyProven,
			Refusal::TooMuchGas => Self::TooMuchGas,
		}
	}
}
