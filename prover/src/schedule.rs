// SPDX-License-Identifier: Apache-2.0

//! Selection of the next action, as a pure function of the chain's queue and the work in progress.

use crate::{
	chain::Outcome,
	queue::Right,
	rollup::{public_input, Statement},
};
use codec::Encode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use subxt::utils::H256;

/// Maximum number of chain blocks before a rejected transaction is sent again. The minimum proof
/// window is only a few times longer.
const MAX_PAUSE: u64 = 4;

/// Queue at the best chain block, as far as the decision needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
	/// Number of the chain block.
	pub number: u64,
	/// Last proven rollup block at the finalized chain block.
	pub finalized: u64,
	/// Rollup blocks that this account may prove and that have no transition on the correct state,
	/// in order. `None` while the state of the rollup is unknown.
	pub candidates: Option<Vec<Candidate>>,
}

/// Rollup block that this account may prove.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
	/// Statement to prove.
	pub statement: Statement<[u8; 32]>,
	/// Public input of the statement, which identifies it.
	pub input: H256,
	/// Right by which the account may prove it.
	pub right: Right,
}

impl Candidate {
	/// Returns the candidate for a statement.
	pub fn new(statement: Statement<[u8; 32]>, right: Right) -> Self {
		let input = public_input(&statement.encode()).into();
		Self { statement, input, right }
	}

	/// Returns `true` if the block is reserved for the account.
	fn is_mine(&self) -> bool {
		matches!(self.right, Right::Reserved { .. })
	}
}

impl View {
	/// Returns the candidate for a block.
	pub fn candidate(&self, block_id: u64) -> Option<&Candidate> {
		self.candidates
			.iter()
			.flatten()
			.find(|candidate| candidate.statement.block_id == block_id)
	}
}

/// Finished proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
	/// Encoding that the chain accepts.
	#[serde(with = "hex::serde")]
	pub bytes: Vec<u8>,
	/// Number of transactions with it that failed.
	pub attempts: u32,
	/// Chain block before which it is not sent.
	pub not_before: u64,
}

impl Proof {
	/// Returns a proof that was never sent.
	pub fn new(bytes: Vec<u8>) -> Self {
		Self { bytes, attempts: 0, not_before: 0 }
	}

	/// Returns the proof after a transaction failed at this chain block. It is sent again after
	/// pauses that double.
	pub fn after_failure(self, number: u64) -> Self {
		let pause = 1u64.checked_shl(self.attempts).unwrap_or(MAX_PAUSE).min(MAX_PAUSE);
		Self {
			attempts: self.attempts.saturating_add(1),
			not_before: number.saturating_add(pause),
			..self
		}
	}

	/// Returns the proof after the chain accepted it.
	///
	/// The chain may still discard it, so it is kept until the block is proven at a finalized chain
	/// block. The view of this chain block may be older than the acceptance.
	pub fn after_success(self, number: u64) -> Self {
		Self { not_before: number.saturating_add(2), ..self }
	}
}

/// Work in progress for a rollup block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
	/// Public input of the statement that is proven.
	pub input: H256,
	/// Stage of the work.
	pub stage: Stage,
}

/// Stage of the work for a rollup block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
	/// The proof is in progress.
	Proving,
	/// The proof is finished, and no transaction is pending.
	Proved(Proof),
	/// A transaction is pending.
	Sent {
		/// Proof in the transaction.
		proof: Proof,
		/// The transaction.
		#[serde(with = "hex::serde")]
		extrinsic: Vec<u8>,
		/// Last chain block that can contain it.
		expires: u64,
		/// `true` if it was submitted to the node of the current connection.
		#[serde(skip)]
		submitted: bool,
	},
	/// The statement cannot be proven, or the chain's verifier rejects the proof.
	Closed,
}

impl Stage {
	/// Returns the stage after this outcome of the transaction, which is known at this chain block.
	///
	/// A call that the rollup rejected may succeed later. No other transaction must be sent while
	/// the outcome is unknown.
	pub fn after(self, outcome: &Outcome, number: u64) -> Self {
		let Self::Sent { proof, extrinsic, expires, .. } = self else {
			return self;
		};
		match outcome {
			Outcome::Done { .. } => Self::Proved(proof.after_success(number)),
			Outcome::Failed { may_pass: true, .. } | Outcome::Refused { .. } => {
				Self::Proved(proof.after_failure(number))
			},
			Outcome::Failed { may_pass: false, .. } => Self::Closed,
			Outcome::Unknown { .. } => Self::Sent { proof, extrinsic, expires, submitted: false },
		}
	}
}

/// Action for a rollup block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
	/// Drop the work, which is no longer needed.
	Forget(u64),
	/// Drop the transaction, which no chain block can contain any more.
	Expire(u64),
	/// Submit the same transaction to the node again.
	Resubmit(u64),
	/// Send the proof in a new transaction.
	Send(u64),
	/// Prove the block.
	Prove(u64),
}

/// Returns the next action, or `None` to wait. One block is proven at a time, assigned ones first.
///
/// While the state of the rollup is unknown, no work changes. The caller must execute the action
/// before the next call.
pub fn next(view: &View, work: &BTreeMap<u64, Work>, rescue: bool) -> Option<Action> {
	let candidates = view.candidates.as_ref()?;
	if let Some(action) = work.iter().find_map(|(block_id, work)| review(view, *block_id, work)) {
		return Some(action);
	}
	let (mine, open): (Vec<_>, Vec<_>) =
		candidates.iter().partition(|candidate| candidate.is_mine());
	let stage_of =
		|candidate: &Candidate| work.get(&candidate.statement.block_id).map(|work| &work.stage);
	let is_ready = |candidate: &Candidate| matches!(stage_of(candidate), Some(Stage::Proved(proof)) if view.number >= proof.not_before);
	if let Some(candidate) = mine.iter().chain(&open).find(|candidate| is_ready(candidate)) {
		return Some(Action::Send(candidate.statement.block_id));
	}
	if work.values().any(|work| work.stage == Stage::Proving) {
		return None;
	}
	mine.iter()
		.chain(open.iter().filter(|_| rescue))
		.find(|candidate| stage_of(candidate).is_none())
		.map(|candidate| Action::Prove(candidate.statement.block_id))
}

/// Returns the action that corrects the work, if any.
///
/// Work for a block that is no candidate is kept until the block is proven at a finalized chain
/// block. A fork or an override may make it a candidate again.
fn review(view: &View, block_id: u64, work: &Work) -> Option<Action> {
	let candidate = view.candidate(block_id);
	let is_stale = candidate.is_some_and(|candidate| candidate.input != work.input);
	let is_needless = is_stale || block_id <= view.finalized;
	match &work.stage {
		// A proof in progress cannot be stopped.
		Stage::Proving => None,
		// The watch reports the outcome of the transaction.
		Stage::Sent { expires, submitted: true, .. } if !is_stale && view.number <= *expires => {
			None
		},
		_ if is_needless => Some(Action::Forget(block_id)),
		Stage::Sent { expires, submitted, .. } if candidate.is_some() => {
			if view.number > *expires {
				Some(Action::Expire(block_id))
			} else {
				(!submitted).then_some(Action::Resubmit(block_id))
			}
		},
		Stage::Sent { .. } | Stage::Proved(_) | Stage::Closed => None,
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::rollup::Transition;

	fn statement(block_id: u64) -> Statement<[u8; 32]> {
		Statement {
			chain: [1; 32],
			block_id,
			payload_hash: [2; 32],
			payload_size: 3,
			gas_limit: 4,
			transition: Transition::default(),
			prover: [5; 32],
		}
	}

	fn mine(block_id: u64) -> Candidate {
		Candidate::new(statement(block_id), Right::Reserved { deadline: 600 })
	}

	fn open(block_id: u64) -> Candidate {
		Candidate::new(statement(block_id), Right::Open)
	}

	/// Returns a block after an override of the state before it.
	fn moved(block_id: u64) -> Candidate {
		let transition = Transition { parent_state_root: [9; 32], ..Transition::default() };
		Candidate::new(Statement { transition, ..statement(block_id) }, Right::Open)
	}

	fn view(candidates: Vec<Candidate>) -> View {
		View { number: 100, finalized: 0, candidates: Some(candidates) }
	}

	fn proved() -> Stage {
		Stage::Proved(Proof::new(vec![1]))
	}

	fn waiting(not_before: u64) -> Stage {
		Stage::Proved(Proof { bytes: vec![1], attempts: 1, not_before })
	}

	fn sent(expires: u64, submitted: bool) -> Stage {
		Stage::Sent { proof: Proof::new(vec![1]), extrinsic: vec![2], expires, submitted }
	}

	fn work(items: impl IntoIterator<Item = (u64, Stage)>) -> BTreeMap<u64, Work> {
		items
			.into_iter()
			.map(|(block_id, stage)| (block_id, Work { input: mine(block_id).input, stage }))
			.collect()
	}

	#[test]
	fn own_blocks_come_first_and_in_order() {
		let view = view(vec![open(1), mine(2), mine(4)]);
		let mut done = BTreeMap::new();
		for expected in [2, 4, 1] {
			assert_eq!(next(&view, &done, true), Some(Action::Prove(expected)));
			done.extend(work([(expected, Stage::Closed)]));
		}
		assert_eq!(next(&view, &done, true), None);
	}

	#[test]
	fn open_blocks_are_left_alone_without_rescue() {
		let view = view(vec![open(1), mine(2)]);
		assert_eq!(next(&view, &work([]), false), Some(Action::Prove(2)));
		assert_eq!(next(&view, &work([(2, Stage::Closed)]), false), None);
	}

	#[test]
	fn one_block_is_proven_at_a_time() {
		let view = view(vec![mine(1), mine(2)]);
		assert_eq!(next(&view, &work([(1, Stage::Proving)]), true), None);
		assert_eq!(next(&view, &work([(1, Stage::Closed)]), true), Some(Action::Prove(2)));
	}

	#[test]
	fn a_proof_is_sent_while_another_is_made() {
		let view = view(vec![mine(1), mine(2)]);
		let work = work([(1, Stage::Proving), (2, proved())]);
		assert_eq!(next(&view, &work, true), Some(Action::Send(2)));
	}

	#[test]
	fn own_proofs_are_sent_before_those_of_open_blocks() {
		let view = view(vec![open(1), mine(2)]);
		assert_eq!(next(&view, &work([(1, proved()), (2, proved())]), true), Some(Action::Send(2)));
		assert_eq!(next(&view, &work([(1, proved())]), true), Some(Action::Send(1)));
	}

	#[test]
	fn work_is_kept_until_its_block_is_proven_at_a_finalized_block() {
		// A fork or an override may remove the transition of the block.
		let mut view = view(vec![]);
		let stages = [proved(), Stage::Closed, sent(100, false), sent(99, true), Stage::Proving];
		for stage in stages.clone() {
			assert_eq!(next(&view, &work([(1, stage)]), true), None);
		}
		view.finalized = 1;
		for stage in stages {
			let expected = (stage != Stage::Proving).then_some(Action::Forget(1));
			assert_eq!(next(&view, &work([(1, stage)]), true), expected);
		}
		// The watch reports the outcome of the transaction.
		assert_eq!(next(&view, &work([(1, sent(100, true))]), true), None);
	}

	#[test]
	fn a_proof_that_the_chain_discarded_is_sent_again() {
		let view = view(vec![mine(1)]);
		let accepted =
			|number| work([(1, Stage::Proved(Proof::new(vec![1]).after_success(number)))]);
		assert_eq!(next(&view, &accepted(99), true), None, "the view may be older");
		assert_eq!(next(&view, &accepted(98), true), Some(Action::Send(1)));
	}

	#[test]
	fn a_proof_on_another_state_is_forgotten_and_the_block_proven_again() {
		let view = view(vec![moved(7)]);
		for stage in [proved(), Stage::Closed, sent(100, false), sent(100, true), sent(99, true)] {
			assert_eq!(next(&view, &work([(7, stage)]), true), Some(Action::Forget(7)));
		}
		assert_eq!(next(&view, &work([(7, Stage::Proving)]), true), None);
		assert_eq!(next(&view, &work([]), true), Some(Action::Prove(7)));
	}

	#[test]
	fn everything_stays_while_the_state_is_unknown() {
		let view = View { number: 100, finalized: 9, candidates: None };
		for stage in [proved(), Stage::Closed, sent(99, true), sent(100, false), Stage::Proving] {
			assert_eq!(next(&view, &work([(1, stage)]), true), None);
		}
	}

	#[test]
	fn a_proof_that_the_verifier_rejects_is_not_repeated() {
		let view = view(vec![mine(1)]);
		assert_eq!(next(&view, &work([(1, Stage::Closed)]), true), None);
	}

	#[test]
	fn a_pending_transaction_is_kept_until_it_expires() {
		let view = view(vec![mine(1)]);
		assert_eq!(next(&view, &work([(1, sent(101, true))]), true), None);
		assert_eq!(next(&view, &work([(1, sent(100, true))]), true), None);
		assert_eq!(next(&view, &work([(1, sent(99, true))]), true), Some(Action::Expire(1)));
	}

	#[test]
	fn after_a_reconnection_the_same_transaction_is_submitted_unless_it_expired() {
		let waiting = view(vec![mine(1)]);
		assert_eq!(next(&waiting, &work([(1, sent(100, false))]), true), Some(Action::Resubmit(1)));
		assert_eq!(next(&waiting, &work([(1, sent(99, false))]), true), Some(Action::Expire(1)));
		// The best block contains it, so the node would reject it.
		assert_eq!(next(&view(vec![]), &work([(1, sent(100, false))]), true), None);
	}

	#[test]
	fn an_outcome_decides_the_next_stage_of_the_proof() {
		let after = |outcome| sent(100, true).after(&outcome, 50);
		let (error, reason) = (String::new(), String::new());
		let again = Stage::Proved(Proof::new(vec![1]).after_failure(50));
		let passing = Outcome::Failed { error: error.clone(), may_pass: true };
		assert_eq!(after(passing), again);
		assert_eq!(after(Outcome::Refused { reason: reason.clone() }), again);
		assert_eq!(after(Outcome::Failed { error, may_pass: false }), Stage::Closed);
		assert_eq!(after(Outcome::Unknown { reason }), sent(100, false));
		let kept = Stage::Proved(Proof::new(vec![1]).after_success(50));
		assert_eq!(after(Outcome::Done { events: vec![] }), kept);
	}

	#[test]
	fn an_outcome_without_a_transaction_changes_nothing() {
		let outcome = Outcome::Failed { error: String::new(), may_pass: false };
		for stage in [proved(), Stage::Proving, Stage::Closed] {
			assert_eq!(stage.clone().after(&outcome, 50), stage);
		}
	}

	#[test]
	fn a_rejected_transaction_is_sent_again_after_pauses_that_double() {
		let mut proof = Proof::new(vec![1]);
		for pause in [1, 2, 4, 4] {
			proof = proof.after_failure(100);
			assert_eq!(proof.not_before, 100 + pause);
		}
		proof.attempts = u32::MAX;
		assert_eq!(proof.after_failure(100).not_before, 104);
	}

	#[test]
	fn a_pause_ends_at_its_block() {
		let view = view(vec![mine(1)]);
		assert_eq!(next(&view, &work([(1, waiting(101))]), true), None);
		assert_eq!(next(&view, &work([(1, waiting(100))]), true), Some(Action::Send(1)));
	}

	#[test]
	fn statements_of_other_payloads_are_different_work() {
		// A fork may propose another payload that makes the same transition.
		let other = Statement { payload_hash: [8; 32], ..statement(1) };
		assert_ne!(Candidate::new(other, Right::Open).input, open(1).input);
	}
}
