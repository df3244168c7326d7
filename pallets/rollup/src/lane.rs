// SPDX-License-Identifier: Apache-2.0

//! Priority of proofs and of the override account, and early refusal of proofs: rule R11.

use crate::{
	block::Phase,
	pallet::*,
	rules::admission::{admit, Refusal},
	types::BlockKey,
};
use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{pallet_prelude::*, traits::Get, BoundedVec, DefaultNoBound};
use prover_pool_primitives::{BlockId, ProverPool, Transition};
use scale_info::TypeInfo;

/// Maximum priority outside of the lane: half of the maximum.
pub const MAX_OTHER_PRIORITY: TransactionPriority = TransactionPriority::MAX / 2;

/// Maximum number of members whose use of the lane for one open block is remembered. Beyond it the
/// one that used the lane first may use it again.
pub const MAX_LANE_MEMBERS: u32 = 64;

/// Claim of a transaction to the lane.
#[derive(Encode, Clone, PartialEq, Eq, Debug)]
pub enum Lane<AccountId> {
	/// Transaction of the override account, which is trusted with all of them.
	Override,
	/// First proof of a reserved block, signed by its assigned prover or by the operator.
	Assigned {
		/// The block.
		block_id: BlockId,
		/// Its deadline.
		deadline: u64,
		/// `true` if the prover signs, and not an operator.
		by_prover: bool,
	},
	/// First proof of the open block after *proven* by a member of the pool.
	Open {
		/// The block.
		block_id: BlockId,
		/// The member.
		prover: AccountId,
		/// `true` if the member signs, and not an operator.
		by_prover: bool,
	},
}

impl<AccountId: Encode> Lane<AccountId> {
	/// Returns the priority. All are above [`MAX_OTHER_PRIORITY`].
	pub fn priority(&self) -> TransactionPriority {
		let lowest = MAX_OTHER_PRIORITY.saturating_add(1);
		match self {
			Self::Override => TransactionPriority::MAX,
			// Earlier deadlines first, all between the other two.
			Self::Assigned { deadline, .. } => TransactionPriority::MAX
				.saturating_sub(1)
				.saturating_sub(*deadline)
				.max(lowest + 1),
			Self::Open { .. } => lowest,
		}
	}

	/// Returns the tag that admits one such transaction at a time to the transaction pool.
	///
	/// Otherwise copies would keep the priority after the first was executed. A prover and its operators
	/// have one each, so that a thief of an operator key cannot keep out the prover. The override account
	/// has none, so that it can send several at once.
	pub fn tag(&self) -> Option<TransactionTag> {
		match self {
			Self::Override => None,
			Self::Assigned { .. } | Self::Open { .. } => Some(("rollup-lane", self).encode()),
		}
	}
}

/// Members that used the lane for an open block, which its entry does not say.
#[derive(
	Encode,
	Decode,
	MaxEncodedLen,
	TypeInfo,
	CloneNoBound,
	PartialEqNoBound,
	EqNoBound,
	DefaultNoBound,
	DebugNoBound,
)]
pub struct LaneUse<AccountId: Clone + PartialEq + Eq + core::fmt::Debug> {
	/// The block.
	pub block_id: BlockId,
	/// The members, in the order of their proofs.
	pub members: BoundedVec<AccountId, ConstU32<MAX_LANE_MEMBERS>>,
}

impl<T: Config> Pallet<T> {
	/// Returns the lane of a transaction of the override account.
	pub(crate) fn override_lane(signer: &T::AccountId) -> Option<Lane<T::AccountId>> {
		(T::OverrideAccount::get().as_ref() == Some(signer)).then_some(Lane::Override)
	}

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
		admit(&state, block_id, &block, prover, transition, signer == prover, || acts_for_prover)?;
		Ok(acts_for_prover
			.then(|| Self::proof_lane(signer, block_id, &block, prover))
			.flatten())
	}

	/// Returns the lane of an admitted proof that its prover or the operator signs.
	///
	/// An open block is admitted as the next one only.
	fn proof_lane(
		signer: &T::AccountId,
		block_id: BlockId,
		block: &RollupBlockOf<T>,
		prover: &T::AccountId,
	) -> Option<Lane<T::AccountId>> {
		let by_prover = signer == prover;
		if let Phase::Assigned(assigned) = &block.phase {
			let lane = Lane::Assigned { block_id, deadline: assigned.deadline, by_prover };
			return (!assigned.has_used_lane).then_some(lane);
		}
		let used = LaneUsed::<T>::get();
		let has_used = used.block_id == block_id && used.members.contains(prover);
		(!has_used && T::ProverPool::is_member(prover)).then(|| Lane::Open {
			block_id,
			prover: prover.clone(),
			by_prover,
		})
	}

	/// Marks the lane as used, whatever the result of the transaction.
	pub(crate) fn mark_lane(lane: Lane<T::AccountId>) {
		match lane {
			Lane::Override => (),
			Lane::Assigned { block_id, .. } => Self::mark_assigned_lane(block_id),
			Lane::Open { block_id, prover, .. } => Self::mark_open_lane(block_id, prover),
		}
	}

	fn mark_assigned_lane(block_id: BlockId) {
		Blocks::<T>::mutate_extant(BlockKey::from(block_id), |block| {
			if let Phase::Assigned(assigned) = &mut block.phase {
				assigned.has_used_lane = true;
			}
		});
	}

	fn mark_open_lane(block_id: BlockId, prover: T::AccountId) {
		LaneUsed::<T>::mutate(|used| {
			if used.block_id != block_id {
				*used = LaneUse { block_id, members: Default::default() };
			}
			if used.members.is_full() {
				used.members.remove(0);
			}
			// Cannot fail: there is room.
			let _ = used.members.try_push(prover);
		})
	}
}

impl From<Refusal> for TransactionValidityError {
	fn from(refusal: Refusal) -> Self {
		match refusal {
			Refusal::TooMuchGas => InvalidTransaction::Call.into(),
			// An override, a sweep or another proof may change each of these.
			Refusal::NotDrawn
			| Refusal::NotAssigned
			| Refusal::NotSignedByProver
			| Refusal::DeadlinePassed
			| Refusal::NotNext
			| Refusal::WrongParentState
			| Refusal::AlreadyProven => UnknownTransaction::CannotLookup.into(),
		}
	}
}
