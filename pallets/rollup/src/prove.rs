// SPDX-License-Identifier: Apache-2.0

//! How a rollup block is proven, and how governance replaces what was proven.

use crate::{pallet::*, types::*};
use frame_support::pallet_prelude::*;
use frame_system::pallet_prelude::BlockNumberFor;
use prover_pool_primitives::{BlockId, ProofVerifier, ProverPool, Statement};
use sp_core::H256;
use sp_runtime::traits::Zero;

impl<T: Config> Pallet<T> {
	/// Takes a transition, if this prover may bring one now and its proof is good.
	pub(crate) fn do_prove(
		prover: T::AccountId,
		block_id: BlockId,
		transition: Transition,
		proof: &[u8],
	) -> DispatchResult {
		let now = Self::now();
		let progress = RollupProgress::<T>::get();
		let mut block = Blocks::<T>::get(block_id).ok_or(Error::<T>::UnknownBlock)?;
		Self::refresh(&progress, block_id, &mut block, now);

		ensure!(
			block.reserved_for(now).is_none_or(|drawn| *drawn == prover),
			Error::<T>::NotAssigned
		);
		ensure!(
			block_id != progress.next() || transition.parent_state == progress.state,
			Error::<T>::WrongParentState
		);
		ensure!(
			block.transition_on(transition.parent_state).is_none(),
			Error::<T>::AlreadyProven
		);
		ensure!(
			transition.gas_used <= block.gas_limit,
			Error::<T>::TooMuchGas
		);
		let statement = Statement {
			chain: Self::chain(),
			block_id,
			payload_hash: block.payload_hash,
			payload_size: block.payload_size,
			gas_limit: block.gas_limit,
			parent_state: transition.parent_state,
			new_state: transition.new_state,
			gas_used: transition.gas_used,
			prover: prover.clone(),
		};
		let proven = ProvenTransition {
			transition,
			prover: prover.clone(),
			proven_at: now,
			overridden: None,
		};
		block
			.transitions
			.try_push(proven)
			.map_err(|_| Error::<T>::TooManyTransitions)?;
		T::ProofVerifier::verify(statement.public_input(), proof)?;

		if let Some(drawn) = block.drawn().filter(|_| block.outstanding) {
			T::ProverPool::release(drawn);
		}
		block.outstanding = false;
		Blocks::<T>::insert(block_id, block);
		Self::deposit_event(Event::BlockProven {
			block_id,
			parent_state: transition.parent_state,
			new_state: transition.new_state,
			prover,
		});
		Ok(())
	}

	/// Puts another new state in the place of one that was proven.
	pub(crate) fn do_override(
		block_id: BlockId,
		parent_state: H256,
		new_state: H256,
	) -> DispatchResult {
		let mut block = Blocks::<T>::get(block_id).ok_or(Error::<T>::UnknownBlock)?;
		let progress = RollupProgress::<T>::get();
		Self::refresh(&progress, block_id, &mut block, Self::now());
		let proven = block
			.transitions
			.iter_mut()
			.find(|proven| proven.transition.parent_state == parent_state)
			.ok_or(Error::<T>::UnknownTransition)?;
		// What was proven stays known, however often it is overridden.
		proven.overridden.get_or_insert(proven.transition.new_state);
		proven.transition.new_state = new_state;
		Blocks::<T>::insert(block_id, block);
		Self::deposit_event(Event::TransitionOverridden {
			block_id,
			parent_state,
			new_state,
		});
		Ok(())
	}

	/// Brings a block up to date with what has happened around it since it was written: forgets
	/// transitions that cannot settle any more, then notices a missed window. Tells whether the
	/// block changed.
	///
	/// A transition cannot settle when the block before is settled in another state than it builds
	/// on. If that is the state before an override, it is kept: it shows that its prover was in
	/// time.
	pub(crate) fn refresh(
		progress: &Progress,
		block_id: BlockId,
		block: &mut RollupBlockOf<T>,
		now: u64,
	) -> bool {
		let before = block.transitions.len();
		if block_id == progress.next() {
			block.transitions.retain(|proven| {
				let parent_state = proven.transition.parent_state;
				parent_state == progress.state || Some(parent_state) == progress.overridden
			});
		}
		let has_lost_transitions = block.transitions.len() < before;
		Self::close_window(block_id, block, now) || has_lost_transitions
	}

	/// What stands for this chain in a statement: the hash of its genesis block.
	pub(crate) fn chain() -> H256 {
		frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero())
	}
}
