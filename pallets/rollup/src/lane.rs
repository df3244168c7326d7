// SPDX-License-Identifier: Apache-2.0

//! Priority of proofs and of the override account, and early refusal of proofs: rule R11.

use crate::{block::Phase, pallet::*, rules::admission::admit, types::BlockKey};
use codec::Encode;
use frame_support::pallet_prelude::*;
use prover_pool_primitives::{BlockId, ProverPool, Transition};

/// Maximum priority outside of the lane: half of the maximum.
pub const MAX_OTHER_PRIORITY: TransactionPriority = TransactionPriority::MAX / 2;

/// Maximum number of uses of the lane for open blocks that are remembered. Beyond it, the member of the
/// earliest may use the lane again.
pub const MAX_LANE_USES: u32 = 64;

/// Claim of a proof to the lane.
///
/// The first proof of a reserved block by its assigned prover has one. So has the first proof of the open
/// block after *proven* by each member of the pool.
#[derive(Encode, Clone, PartialEq, Eq, Debug)]
pub struct Lane<AccountId> {
	/// The block.
	pub block_id: BlockId,
	/// Account that the proof names.
	pub prover: AccountId,
	/// `true` if this account signs, and not its operator.
	pub by_prover: bool,
	/// Deadline of a reserved block. `None` if the block is open.
	pub deadline: Option<u64>,
}

impl<AccountId: Encode> Lane<AccountId> {
	/// Returns the priority, which is above [`MAX_OTHER_PRIORITY`] and below that of the override account.
	///
	/// Earlier deadlines come first, and open blocks last.
	pub fn priority(&self) -> TransactionPriority {
		let lowest = MAX_OTHER_PRIORITY.saturating_add(1);
		self.deadline.map_or(lowest, |deadline| {
			(TransactionPriority::MAX - 1).saturating_sub(deadline).max(lowest + 1)
		})
	}

	/// Returns the tag that admits one such transaction at a time to the transaction pool.
	///
	/// Otherwise copies would keep the priority after the first was executed. A prover and its operators
	/// have one each, so that a thief of an operator key cannot keep out the prover.
	pub fn tag(&self) -> TransactionTag {
		("rollup-lane", self).encode()
	}
}

impl<T: Config> Pallet<T> {
	/// Returns the lane of a proof, or refuses a proof that would fail before its verification.
	///
	/// The refusal is `Unknown` if the proof may become acceptable later: the transaction pool bans
	/// an invalid transaction, but not an unknown one.
	pub(crate) fn inspect_proof(
		signer: &T::AccountId,
		block_id: BlockId,
		prover: &T::AccountId,
		transition: &Transition,
	) -> Result<Option<Lane<T::AccountId>>, TransactionValidityError> {
		let state = State::<T>::get();
		if block_id <= state.settled {
			return Err(InvalidTransaction::Stale.into());
		}
		let (block, _) = Self::load(&state, block_id).ok_or(UnknownTransaction::CannotLookup)?;
		let acts_for_prover = T::ProverPool::acts_for(signer, prover);
		let by_prover = signer == prover;
		admit(&state, block_id, &block, prover, transition, by_prover, acts_for_prover).map_err(
			|error| match error {
				Error::<T>::TooMuchGas => TransactionValidityError::from(InvalidTransaction::Call),
				// An override, a sweep or another proof may change each of the others.
				_ => UnknownTransaction::CannotLookup.into(),
			},
		)?;
		let (deadline, has_lane) = match &block.phase {
			Phase::Assigned(assigned) => (Some(assigned.deadline), !assigned.has_used_lane),
			// An open block is admitted as the next one only.
			_ => {
				let has_used = LaneUses::<T>::get().contains(&(block_id, prover.clone()));
				(None, !has_used && T::ProverPool::is_member(prover))
			},
		};
		let lane = Lane { block_id, prover: prover.clone(), by_prover, deadline };
		Ok((acts_for_prover && has_lane).then_some(lane))
	}

	/// Marks the lane as used, whatever the result of the transaction.
	pub(crate) fn mark_lane(lane: Lane<T::AccountId>) {
		if lane.deadline.is_none() {
			// Cannot fail: the earliest use makes room.
			let _ = LaneUses::<T>::mutate(|uses| {
				uses.force_insert_keep_left(0, (lane.block_id, lane.prover))
			});
			return;
		}
		Blocks::<T>::mutate_extant(BlockKey::from(lane.block_id), |block| {
			if let Phase::Assigned(assigned) = &mut block.phase {
				assigned.has_used_lane = true;
			}
		});
	}
}
