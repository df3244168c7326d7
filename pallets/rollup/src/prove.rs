// SPDX-License-Identifier: Apache-2.0

//! Proof of a block: rules R4 and R5.

use crate::{
	block::{Phase, StoredTransition},
	pallet::*,
	rules::admission::admit,
	types::{BlockKey, RollupState},
	weights::WeightInfo as _,
};
use codec::Encode;
use frame_support::{dispatch::WithPostDispatchInfo, pallet_prelude::*};
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
		// An error before the verification does not pay for it (R19).
		let refused = |error: Error<T>| error.with_weight(T::WeightInfo::prove_block());
		let (mut block, overdue) =
			Self::load(&state, block_id).ok_or_else(|| refused(Error::UnknownBlock))?;
		let acts_for_prover = T::ProverPool::acts_for(signer, &prover);
		let is_prover = *signer == prover;
		admit(&state, block_id, &block, &prover, &transition, is_prover, acts_for_prover)
			.map_err(refused)?;
		let statement = block.statement(Self::chain(), block_id, transition, prover.clone());
		T::ProofVerifier::verify(block.rules_version, &statement.encode(), proof)?;

		overdue.into_iter().for_each(Self::deposit_event);
		let replaced = block.transition.replace(StoredTransition {
			transition,
			prover: Some(prover.clone()),
			stored_at: state.clock.now(),
			is_timely: matches!(block.phase, Phase::Assigned(_)),
			proven_at: None,
			overridden: None,
			key_replacements: state.key_replacements,
		});
		if block_id > state.next() {
			Blocks::<T>::insert(BlockKey::from(block_id), block);
			Self::deposit_event(Event::TransitionStored { block_id, prover, transition });
			return Ok(Pays::from(replaced.is_some()).into());
		}
		// It did not fit, or the block would be proven.
		if let Some(prover) = replaced.and_then(|stored| stored.prover) {
			Self::deposit_event(Event::TransitionDiscarded { block_id, prover });
		}
		Self::prove(&mut state, block_id, block);
		State::<T>::put(state);
		Ok(Pays::No.into())
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
