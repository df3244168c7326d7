// SPDX-License-Identifier: Apache-2.0

//! Selection of the next action, as a pure function of the chain's queue and the work in progress.

use crate::{
	queue::Right,
	rollup::{public_input, Statement},
	work::{Moment, Stage, Work},
};
use codec::Encode;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use subxt::utils::H256;

/// Queue at the best chain block, as far as the decision needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
	/// Number of the chain block.
	pub number: u64,
	/// Reading of the rollup's clock.
	pub now: u64,
	/// Maximum advance of the rollup's clock in a chain block, in seconds.
	pub max_tick: u64,
	/// Last rollup block that is proven at the finalized and at the best chain block.
	pub finalized: u64,
	/// Nonce of the signer's next transaction after those in chain blocks.
	pub account_nonce: u64,
	/// Nonce of the signer's next transaction after those in the node's pool.
	pub next_nonce: u64,
	/// Rollup blocks that this account may prove and that have no transition on the correct state,
	/// in order. `None` while the state of the rollup is unknown.
	pub candidates: Option<Vec<Candidate>>,
}

/// Rollup block that this account may prove.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
	/// Statement to prove.
	pub statement: Statement<[u8; 32]>,
	/// Hash of the statement and of the verifying key, which identifies the proof.
	pub task: H256,
	/// Right by which the account may prove it.
	pub right: Right,
	/// Second of the rollup's clock from which on the proof is sent. An open block is not proven
	/// before it either.
	pub send_at: u64,
	/// Reward without a penalty for the delay, in the smallest unit of the currency.
	pub reward: u128,
	/// Chain block whose body has the payload.
	pub proposed_in: u64,
	/// Rules version by which the block is proven.
	pub rules_version: u32,
}

impl Candidate {
	/// Returns `true` if the block is reserved for the account.
	pub fn is_mine(&self) -> bool {
		matches!(self.right, Right::Reserved { .. })
	}

	/// Returns `true` if proving may start.
	fn is_due(&self, now: u64) -> bool {
		self.is_mine() || now >= self.send_at
	}
}

/// Returns the hash that identifies the proof of a statement by a key.
pub fn task(statement: &Statement<[u8; 32]>, verifying_key: &[u8]) -> H256 {
	let mut hasher = Sha256::new();
	hasher.update(public_input(&statement.encode()));
	hasher.update(verifying_key);
	H256(hasher.finalize().into())
}

impl View {
	/// Returns the candidate for a block.
	pub fn candidate(&self, block_id: u64) -> Option<&Candidate> {
		self.candidates
			.iter()
			.flatten()
			.find(|candidate| candidate.statement.block_id == block_id)
	}

	/// Returns the present moment in the work for a block.
	pub fn moment(&self, block_id: u64) -> Moment {
		let left = match self.candidate(block_id).map(|candidate| candidate.right) {
			Some(Right::Reserved { deadline, .. }) => {
				deadline.saturating_sub(self.now) / self.max_tick.max(1)
			},
			Some(Right::Open) | None => u64::MAX,
		};
		Moment { number: self.number, left }
	}
}

/// Action for a rollup block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
	/// Drop the work, which is no longer needed.
	Forget(u64),
	/// Drop the transaction, which no chain block can contain any more.
	Expire(u64),
	/// Drop the transaction, which is not in the node's pool or behind a missing nonce.
	Drop(u64),
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
pub fn next(view: &View, work: &BTreeMap<u64, Work>) -> Option<Action> {
	let candidates = view.candidates.as_ref()?;
	// A transaction that nodes do not take, because of its size or of a fault, comes after the others.
	let reviewed = work.iter().filter_map(|(block_id, work)| {
		Some((work.stage.unanswered(), review(view, *block_id, work)?))
	});
	if let Some((_, action)) = reviewed.min_by_key(|(unanswered, _)| *unanswered) {
		return Some(action);
	}
	// Otherwise they would be proven and forgotten in turns.
	let unproven = candidates
		.iter()
		.filter(|candidate| candidate.statement.block_id > view.finalized);
	let (mine, open): (Vec<_>, Vec<_>) = unproven.partition(|candidate| candidate.is_mine());
	let stage_of =
		|candidate: &Candidate| work.get(&candidate.statement.block_id).map(|work| &work.stage);
	let is_ready = |candidate: &Candidate| {
		matches!(stage_of(candidate), Some(Stage::Proved(proof)) if view.number >= proof.not_before)
			&& view.now >= candidate.send_at
	};
	if let Some(candidate) = mine.iter().chain(&open).find(|candidate| is_ready(candidate)) {
		return Some(Action::Send(candidate.statement.block_id));
	}
	if work.values().any(|work| work.stage.is_proving()) {
		return None;
	}
	let can_start = |candidate: &Candidate| match stage_of(candidate) {
		None => candidate.is_due(view.now),
		Some(Stage::Failed { not_before, .. }) => view.number >= *not_before,
		Some(_) => false,
	};
	mine.iter()
		.chain(&open)
		.find(|candidate| can_start(candidate))
		.map(|candidate| Action::Prove(candidate.statement.block_id))
}

/// Returns the nonce of the first pending transaction that has no reserved block.
///
/// The transaction of a reserved block takes its nonce. Otherwise it would wait behind a transaction
/// without its priority.
pub fn replaceable_nonce(view: &View, work: &BTreeMap<u64, Work>) -> Option<u64> {
	work.iter()
		.filter(|(block_id, _)| !view.candidate(**block_id).is_some_and(Candidate::is_mine))
		.filter_map(|(_, work)| match work.stage {
			Stage::Sent { nonce, .. } => Some(nonce),
			_ => None,
		})
		.filter(|nonce| *nonce >= view.account_nonce)
		.min()
}

/// Returns the action that corrects the work, if any.
///
/// Work for a block that is no candidate is kept until the block is proven at a finalized chain
/// block. A fork or an override may make it a candidate again.
fn review(view: &View, block_id: u64, work: &Work) -> Option<Action> {
	let candidate = view.candidate(block_id);
	let is_stale = candidate.is_some_and(|candidate| candidate.task != work.task);
	if work.stage.is_proving() {
		// A proof in progress cannot be stopped.
		return None;
	}
	let Stage::Sent { nonce, expires, submitted_at, .. } = work.stage else {
		return (is_stale || block_id <= view.finalized).then_some(Action::Forget(block_id));
	};
	// The watch reports the outcome of the transaction.
	let is_watched = submitted_at.is_some() && view.number <= expires;
	if is_stale || (block_id <= view.finalized && !is_watched) {
		return Some(Action::Forget(block_id));
	}
	candidate?;
	match submitted_at {
		_ if view.number > expires => Some(Action::Expire(block_id)),
		None => Some(Action::Resubmit(block_id)),
		Some(at) if view.number > at && nonce >= view.next_nonce => Some(Action::Drop(block_id)),
		Some(_) => None,
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{
		rollup::Transition,
		work::{
			tests::{at, proved, sent, NONCE, PROVING},
			Proof,
		},
	};

	const NOW: u64 = 300;

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

	fn candidate(statement: Statement<[u8; 32]>, right: Right) -> Candidate {
		let task = task(&statement, b"key");
		Candidate {
			statement,
			task,
			right,
			send_at: NOW,
			reward: 9,
			proposed_in: 3,
			rules_version: 1,
		}
	}

	fn mine(block_id: u64) -> Candidate {
		candidate(statement(block_id), Right::Reserved { deadline: 600, has_lane: true })
	}

	fn open(block_id: u64) -> Candidate {
		candidate(statement(block_id), Right::Open)
	}

	/// Returns a candidate whose proof is sent one second later.
	fn later(candidate: Candidate) -> Candidate {
		Candidate { send_at: NOW + 1, ..candidate }
	}

	/// Returns a block after an override of the state before it.
	fn moved(block_id: u64) -> Candidate {
		let transition = Transition { parent_state_root: [9; 32], ..Transition::default() };
		candidate(Statement { transition, ..statement(block_id) }, Right::Open)
	}

	fn view(candidates: Vec<Candidate>) -> View {
		View {
			number: 100,
			now: NOW,
			max_tick: 6,
			finalized: 0,
			account_nonce: NONCE,
			next_nonce: NONCE + 1,
			candidates: Some(candidates),
		}
	}

	fn waiting(not_before: u64) -> Stage {
		Stage::Proved(Proof { attempts: 1, not_before, ..Proof::new(vec![1]) })
	}

	fn work(items: impl IntoIterator<Item = (u64, Stage)>) -> BTreeMap<u64, Work> {
		items
			.into_iter()
			.map(|(block_id, stage)| (block_id, Work { task: mine(block_id).task, stage }))
			.collect()
	}

	#[test]
	fn own_blocks_come_first_and_in_order() {
		let view = view(vec![open(1), mine(2), mine(4)]);
		let mut done = BTreeMap::new();
		for expected in [2, 4, 1] {
			assert_eq!(next(&view, &done), Some(Action::Prove(expected)));
			done.extend(work([(expected, Stage::Closed)]));
		}
		assert_eq!(next(&view, &done), None);
	}

	#[test]
	fn an_open_block_is_proven_after_its_delay() {
		assert_eq!(next(&view(vec![later(open(1))]), &work([])), None);
		assert_eq!(next(&view(vec![open(1)]), &work([])), Some(Action::Prove(1)));
		let view = view(vec![later(open(1)), mine(2)]);
		assert_eq!(next(&view, &work([])), Some(Action::Prove(2)));
	}

	#[test]
	fn a_program_that_stands_by_proves_now_and_sends_later() {
		let standby = view(vec![later(mine(1))]);
		assert_eq!(next(&standby, &work([])), Some(Action::Prove(1)));
		assert_eq!(next(&standby, &work([(1, proved())])), None);
		assert_eq!(next(&view(vec![mine(1)]), &work([(1, proved())])), Some(Action::Send(1)));
	}

	#[test]
	fn nothing_is_done_for_a_block_that_is_proven_at_the_finalized_block() {
		let view = View { finalized: 1, ..view(vec![mine(1), mine(2)]) };
		assert_eq!(next(&view, &work([(1, failed())])), Some(Action::Forget(1)));
		assert_eq!(next(&view, &work([(1, proved())])), Some(Action::Forget(1)));
		assert_eq!(next(&view, &work([(2, Stage::Closed)])), None);
		assert_eq!(next(&view, &work([])), Some(Action::Prove(2)));
	}

	fn failed() -> Stage {
		Stage::Failed { attempts: 1, not_before: 101 }
	}

	#[test]
	fn one_block_is_proven_at_a_time() {
		let view = view(vec![mine(1), mine(2)]);
		assert_eq!(next(&view, &work([(1, PROVING)])), None);
		assert_eq!(next(&view, &work([(1, Stage::Closed)])), Some(Action::Prove(2)));
	}

	#[test]
	fn a_proof_is_sent_while_another_is_made() {
		let view = view(vec![mine(1), mine(2)]);
		let work = work([(1, PROVING), (2, proved())]);
		assert_eq!(next(&view, &work), Some(Action::Send(2)));
	}

	#[test]
	fn a_transaction_that_nodes_do_not_answer_comes_after_the_others() {
		let view = view(vec![mine(1), mine(2)]);
		let Stage::Sent { proof, extrinsic, nonce, expires, .. } = sent(100, false) else {
			panic!("it has no transaction")
		};
		let unanswered =
			Stage::Sent { proof, extrinsic, nonce, expires, submitted_at: None, unanswered: 1 };
		let both = work([(1, unanswered.clone()), (2, sent(100, false))]);
		assert_eq!(next(&view, &both), Some(Action::Resubmit(2)));
		let submitted = work([(1, unanswered), (2, sent(100, true))]);
		assert_eq!(next(&view, &submitted), Some(Action::Resubmit(1)));
	}

	#[test]
	fn own_proofs_are_sent_before_those_of_open_blocks() {
		let view = view(vec![open(1), mine(2)]);
		assert_eq!(next(&view, &work([(1, proved()), (2, proved())])), Some(Action::Send(2)));
		assert_eq!(next(&view, &work([(1, proved())])), Some(Action::Send(1)));
	}

	#[test]
	fn work_is_kept_until_its_block_is_proven_at_a_finalized_block() {
		// A fork or an override may remove the transition of the block.
		let mut view = view(vec![]);
		let stages = [proved(), Stage::Closed, sent(100, false), sent(99, true), PROVING];
		for stage in stages.clone() {
			assert_eq!(next(&view, &work([(1, stage)])), None);
		}
		view.finalized = 1;
		for stage in stages {
			let expected = (stage != PROVING).then_some(Action::Forget(1));
			assert_eq!(next(&view, &work([(1, stage)])), expected);
		}
		// The watch reports the outcome of the transaction.
		assert_eq!(next(&view, &work([(1, sent(100, true))])), None);
	}

	#[test]
	fn a_proof_that_the_chain_discarded_is_sent_again() {
		let view = view(vec![mine(1)]);
		let accepted =
			|number| work([(1, Stage::Proved(Proof::new(vec![1]).after_success(number)))]);
		assert_eq!(next(&view, &accepted(99)), None, "the view may be older");
		assert_eq!(next(&view, &accepted(98)), Some(Action::Send(1)));
	}

	#[test]
	fn a_proof_on_another_state_is_forgotten_and_the_block_proven_again() {
		let view = view(vec![moved(7)]);
		for stage in [proved(), Stage::Closed, sent(100, false), sent(100, true), sent(99, true)] {
			assert_eq!(next(&view, &work([(7, stage)])), Some(Action::Forget(7)));
		}
		assert_eq!(next(&view, &work([(7, PROVING)])), None);
		assert_eq!(next(&view, &work([])), Some(Action::Prove(7)));
	}

	#[test]
	fn everything_stays_while_the_state_is_unknown() {
		let view = View { finalized: 9, candidates: None, ..view(vec![]) };
		for stage in [proved(), Stage::Closed, sent(99, true), sent(100, false), PROVING] {
			assert_eq!(next(&view, &work([(1, stage)])), None);
		}
	}

	#[test]
	fn a_proof_that_the_verifier_rejects_is_not_repeated() {
		let view = view(vec![mine(1)]);
		assert_eq!(next(&view, &work([(1, Stage::Closed)])), None);
	}

	#[test]
	fn a_pending_transaction_is_kept_until_it_expires() {
		let view = view(vec![mine(1)]);
		assert_eq!(next(&view, &work([(1, sent(101, true))])), None);
		assert_eq!(next(&view, &work([(1, sent(100, true))])), None);
		assert_eq!(next(&view, &work([(1, sent(99, true))])), Some(Action::Expire(1)));
	}

	#[test]
	fn after_a_reconnection_the_same_transaction_is_submitted_unless_it_expired() {
		let waiting = view(vec![mine(1)]);
		assert_eq!(next(&waiting, &work([(1, sent(100, false))])), Some(Action::Resubmit(1)));
		assert_eq!(next(&waiting, &work([(1, sent(99, false))])), Some(Action::Expire(1)));
		// The best block contains it, so the node would reject it.
		assert_eq!(next(&view(vec![]), &work([(1, sent(100, false))])), None);
	}

	#[test]
	fn a_transaction_that_the_pool_lost_is_signed_again() {
		let stage = || work([(1, sent(110, true))]);
		let mut view = view(vec![mine(1)]);
		view.next_nonce = NONCE;
		assert_eq!(next(&view, &stage()), None, "the view is as old as the submission");
		view.number = 101;
		assert_eq!(next(&view, &stage()), Some(Action::Drop(1)));
		// A nonce before it is missing, so the pool does not count it.
		view.next_nonce = NONCE - 1;
		assert_eq!(next(&view, &stage()), Some(Action::Drop(1)));
		view.next_nonce = NONCE + 1;
		assert_eq!(next(&view, &stage()), None);
		// The block is proven at the best block.
		view.candidates = Some(vec![]);
		assert_eq!(next(&view, &stage()), None);
	}

	#[test]
	fn the_proof_of_a_reserved_block_replaces_pending_transactions_of_others() {
		let pending = |block_id, nonce| {
			let Stage::Sent { proof, extrinsic, expires, .. } = sent(100, true) else {
				unreachable!()
			};
			(
				block_id,
				Stage::Sent {
					proof,
					extrinsic,
					nonce,
					expires,
					submitted_at: Some(99),
					unanswered: 0,
				},
			)
		};
		let view = view(vec![mine(1), open(2), open(4)]);
		let nonce_of =
			|items: &[(u64, Stage)]| replaceable_nonce(&view, &work(items.iter().cloned()));
		assert_eq!(nonce_of(&[]), None);
		assert_eq!(nonce_of(&[pending(1, NONCE), (2, proved())]), None);
		let all = [pending(1, NONCE), pending(2, NONCE + 2), pending(4, NONCE + 1)];
		assert_eq!(nonce_of(&all), Some(NONCE + 1));
		// A chain block contains it.
		assert_eq!(nonce_of(&[pending(3, NONCE - 1)]), None);
	}

	#[test]
	fn the_time_left_is_counted_in_the_fastest_chain_blocks() {
		let view = view(vec![mine(1), open(2)]);
		// 300 seconds at 6 seconds.
		assert_eq!(view.moment(1), Moment { number: 100, left: 50 });
		assert_eq!(view.moment(2).left, u64::MAX);
		assert_eq!(view.moment(9).left, u64::MAX);
		let late = View { now: 601, ..view };
		assert_eq!(late.moment(1).left, 0);
	}

	#[test]
	fn a_failed_attempt_to_prove_is_repeated_after_pauses_that_double() {
		let mut stage = PROVING;
		for (attempts, pause) in [(1, 1), (2, 2), (3, 4), (4, 4)] {
			stage = stage.after_failed_attempt(at(100));
			assert_eq!(stage, Stage::Failed { attempts, not_before: 100 + pause });
		}
		let failed = |not_before| work([(1, Stage::Failed { attempts: 1, not_before })]);
		let view = view(vec![mine(1)]);
		assert_eq!(next(&view, &failed(101)), None);
		assert_eq!(next(&view, &failed(100)), Some(Action::Prove(1)));
	}

	#[test]
	fn a_pause_ends_at_its_block() {
		let view = view(vec![mine(1)]);
		assert_eq!(next(&view, &work([(1, waiting(101))])), None);
		assert_eq!(next(&view, &work([(1, waiting(100))])), Some(Action::Send(1)));
	}

	#[test]
	fn other_payloads_and_other_keys_are_different_work() {
		// A fork may propose another payload that makes the same transition.
		let other = Statement { payload_hash: [8; 32], ..statement(1) };
		assert_ne!(task(&other, b"key"), open(1).task);
		assert_ne!(task(&statement(1), b"another"), open(1).task);
	}
}
