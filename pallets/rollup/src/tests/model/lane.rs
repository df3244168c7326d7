// SPDX-License-Identifier: Apache-2.0

//! Room for proofs (R11).

use super::{Account, BlockId, Error, Model, Moment, Status, Transition};

/// Place in the lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
	/// Transaction of the account for override and pause.
	Control,
	/// Proof by the assigned prover, by its deadline.
	Assigned(BlockId, Moment),
	/// Proof of the open block after *proven* by this member.
	Open(BlockId, Account),
}

/// Answer of the transaction pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
	/// The priority outside of the lane is the tip.
	Valid(Option<Lane>),
	/// It may yet become valid.
	Unknown,
	Invalid,
}

impl Answer {
	/// Returns the priority of a valid transaction.
	pub fn priority(&self, tip: u64) -> Option<u64> {
		const HALF: u64 = u64::MAX / 2;
		match self {
			Self::Valid(None) => Some(tip.min(HALF)),
			Self::Valid(Some(Lane::Control)) => Some(u64::MAX),
			Self::Valid(Some(Lane::Assigned(_, deadline))) => Some(u64::MAX - 1 - deadline),
			Self::Valid(Some(Lane::Open(..))) => Some(HALF + 1),
			Self::Unknown | Self::Invalid => None,
		}
	}
}

impl Model {
	/// Returns the place of any transaction of an account.
	pub fn control_lane(&self, signer: Account, control: Account) -> Option<Lane> {
		(signer == control).then_some(Lane::Control)
	}

	/// Returns the answer of the transaction pool to a proof that is sent on its own: invalid is
	/// only what cannot succeed.
	pub fn answer(
		&self,
		signer: Account,
		block: BlockId,
		prover: Account,
		transition: &Transition,
	) -> Answer {
		match self.may_prove(signer, block, prover, transition) {
			Ok(()) => Answer::Valid(self.proof_lane(signer, block, prover)),
			Err(Error::UnknownBlock) if block <= self.queue.settled => Answer::Invalid,
			Err(Error::TooMuchGas) => Answer::Invalid,
			Err(_) => Answer::Unknown,
		}
	}

	/// Returns the place of a proof that may be executed.
	fn proof_lane(&self, signer: Account, block: BlockId, prover: Account) -> Option<Lane> {
		let entry = &self.queue.entries[&block];
		if !self.pool.acts_for(signer, prover) {
			return None;
		}
		if self.queue.status(block) == Status::Assigned {
			return (!entry.lane_used).then_some(Lane::Assigned(block, entry.deadline));
		}
		let has_used = self.clock.open_lane.contains(&(block, prover));
		(!has_used && self.pool.id_of(prover).is_some()).then_some(Lane::Open(block, prover))
	}

	/// Marks a place as used, after the transaction was executed, whatever its result.
	pub fn mark_lane(&mut self, lane: Lane) {
		match lane {
			Lane::Control => (),
			Lane::Assigned(block, _) => {
				self.queue.entries.get_mut(&block).expect("its lane was found").lane_used = true;
			},
			Lane::Open(block, member) => self.clock.open_lane.push((block, member)),
		}
	}
}
