// SPDX-License-Identifier: Apache-2.0

//! What to do next: a plain function of what the chain shows and what is under way.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// After how many blocks of the chain at most a transaction that was refused is tried again.
const MAX_PAUSE: u64 = 32;

/// The chain at a finalized block, as far as it matters for the decision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
	/// The number of the block.
	pub number: u64,
	/// The rollup blocks that this account may prove and that nobody proved on the true state,
	/// in order.
	pub candidates: Vec<Candidate>,
}

/// A rollup block that this account may prove.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
	/// The block.
	pub block_id: u64,
	/// Whether this account alone may prove it; otherwise anyone may.
	pub mine: bool,
	/// Whether the node's best block shows a proof already. A fork may still take it away.
	pub proven_at_best: bool,
}

/// A proof that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
	/// What the chain takes.
	#[serde(with = "hex::serde")]
	pub bytes: Vec<u8>,
	/// How many transactions with it came to nothing.
	pub attempts: u32,
	/// The block of the chain before which it is not sent.
	pub not_before: u64,
}

/// What is under way for a rollup block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Work {
	/// It is being proven.
	Proving,
	/// It is proven, and no transaction is on its way.
	Proved(Proof),
	/// A transaction is on its way.
	Sent {
		/// The proof that it carries.
		proof: Proof,
		/// The transaction.
		#[serde(with = "hex::serde")]
		extrinsic: Vec<u8>,
		/// The last block of the chain that can contain it.
		expires: u64,
		/// Whether the node of the present connection was given it.
		#[serde(skip)]
		submitted: bool,
	},
	/// Nothing more is to be done: it succeeded, or the chain refused the call.
	Closed,
}

impl Proof {
	/// A proof that was never sent.
	pub fn new(bytes: Vec<u8>) -> Self {
		Self { bytes, attempts: 0, not_before: 0 }
	}

	/// The proof after a transaction came to nothing at this block of the chain: it is tried
	/// again, after pauses that double.
	pub fn after_failure(self, number: u64) -> Self {
		let pause = 1u64.checked_shl(self.attempts).unwrap_or(MAX_PAUSE).min(MAX_PAUSE);
		Self {
			attempts: self.attempts.saturating_add(1),
			not_before: number.saturating_add(pause),
			..self
		}
	}
}

/// What to do with a rollup block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
	/// Forget what is under way: the chain needs nothing more.
	Forget(u64),
	/// Give up the transaction: no block can contain it any more.
	Expire(u64),
	/// Give the same transaction to the node again.
	Resubmit(u64),
	/// Send the proof in a new transaction.
	Send(u64),
	/// Prove it.
	Prove(u64),
}

/// The next thing to do; `None` to wait. One block is proven at a time, own ones first.
///
/// The one who calls does it before calling again.
pub fn next(view: &View, work: &BTreeMap<u64, Work>, rescue: bool) -> Option<Action> {
	for (&block_id, work) in work {
		let candidate = view.candidates.iter().find(|candidate| candidate.block_id == block_id);
		let action = match (work, candidate) {
			(Work::Sent { expires, .. }, Some(_)) if view.number > *expires => {
				Action::Expire(block_id)
			},
			(Work::Sent { submitted, .. }, Some(candidate))
				if !submitted && !candidate.proven_at_best =>
			{
				Action::Resubmit(block_id)
			},
			// While it is watched, what became of it will be told.
			(Work::Sent { expires, submitted, .. }, None)
				if view.number > *expires || !submitted =>
			{
				Action::Forget(block_id)
			},
			(Work::Proved(_) | Work::Closed, None) => Action::Forget(block_id),
			_ => continue,
		};
		return Some(action);
	}

	let (mine, others): (Vec<_>, Vec<_>) = view
		.candidates
		.iter()
		.filter(|candidate| !candidate.proven_at_best)
		.partition(|candidate| candidate.mine);
	let ordered = || mine.iter().chain(&others);

	for candidate in ordered() {
		match work.get(&candidate.block_id) {
			Some(Work::Proved(proof)) if view.number >= proof.not_before => {
				return Some(Action::Send(candidate.block_id));
			},
			_ => {},
		}
	}
	if work.values().any(|work| *work == Work::Proving) {
		return None;
	}
	ordered()
		.find(|candidate| (candidate.mine || rescue) && !work.contains_key(&candidate.block_id))
		.map(|candidate| Action::Prove(candidate.block_id))
}

#[cfg(test)]
mod tests {
	use super::*;

	fn mine(block_id: u64) -> Candidate {
		Candidate { block_id, mine: true, proven_at_best: false }
	}

	fn open(block_id: u64) -> Candidate {
		Candidate { mine: false, ..mine(block_id) }
	}

	fn view(candidates: Vec<Candidate>) -> View {
		View { number: 100, candidates }
	}

	fn proved() -> Work {
		Work::Proved(Proof::new(vec![1]))
	}

	fn sent(expires: u64, submitted: bool) -> Work {
		Work::Sent { proof: Proof::new(vec![1]), extrinsic: vec![2], expires, submitted }
	}

	fn work(items: impl IntoIterator<Item = (u64, Work)>) -> BTreeMap<u64, Work> {
		items.into_iter().collect()
	}

	#[test]
	fn own_blocks_come_first_and_in_order() {
		let view = view(vec![open(1), mine(2), open(3), mine(4)]);
		let mut done = BTreeMap::new();
		for expected in [2, 4, 1, 3] {
			assert_eq!(next(&view, &done, true), Some(Action::Prove(expected)));
			done.insert(expected, Work::Closed);
		}
		assert_eq!(next(&view, &done, true), None);
	}

	#[test]
	fn open_blocks_are_left_alone_without_rescue() {
		let view = view(vec![open(1), mine(2)]);
		assert_eq!(next(&view, &work([]), false), Some(Action::Prove(2)));
		assert_eq!(next(&view, &work([(2, Work::Closed)]), false), None);
	}

	#[test]
	fn one_block_is_proven_at_a_time() {
		let view = view(vec![mine(1), mine(2)]);
		assert_eq!(next(&view, &work([(1, Work::Proving)]), true), None);
		assert_eq!(next(&view, &work([(1, Work::Closed)]), true), Some(Action::Prove(2)));
	}

	#[test]
	fn a_proof_is_sent_while_another_is_made() {
		let view = view(vec![mine(1), mine(2)]);
		let work = work([(1, Work::Proving), (2, proved())]);
		assert_eq!(next(&view, &work, true), Some(Action::Send(2)));
	}

	#[test]
	fn what_the_best_block_shows_proven_waits_for_finality() {
		let mut seen = mine(1);
		seen.proven_at_best = true;
		let seen = view(vec![seen]);
		// Neither proven again, nor sent, nor forgotten: a fork may take the other proof away.
		assert_eq!(next(&seen, &work([]), true), None);
		assert_eq!(next(&seen, &work([(1, proved())]), true), None);
		assert_eq!(next(&view(vec![mine(1)]), &work([(1, proved())]), true), Some(Action::Send(1)));
	}

	#[test]
	fn what_the_chain_needs_no_more_is_forgotten() {
		let gone = view(vec![]);
		assert_eq!(next(&gone, &work([(1, proved())]), true), Some(Action::Forget(1)));
		assert_eq!(next(&gone, &work([(1, Work::Closed)]), true), Some(Action::Forget(1)));
		assert_eq!(next(&gone, &work([(1, sent(100, false))]), true), Some(Action::Forget(1)));
		assert_eq!(next(&gone, &work([(1, sent(99, true))]), true), Some(Action::Forget(1)));
		// A proof that is being made cannot be stopped, and of a transaction the outcome is told.
		assert_eq!(next(&gone, &work([(1, Work::Proving)]), true), None);
		assert_eq!(next(&gone, &work([(1, sent(100, true))]), true), None);
	}

	#[test]
	fn a_call_that_failed_is_not_repeated() {
		let view = view(vec![mine(1)]);
		assert_eq!(next(&view, &work([(1, Work::Closed)]), true), None);
	}

	#[test]
	fn a_transaction_is_waited_for_until_it_expires() {
		let view = view(vec![mine(1)]);
		assert_eq!(next(&view, &work([(1, sent(101, true))]), true), None);
		assert_eq!(next(&view, &work([(1, sent(100, true))]), true), None);
		assert_eq!(next(&view, &work([(1, sent(99, true))]), true), Some(Action::Expire(1)));
	}

	#[test]
	fn after_a_break_the_same_transaction_is_submitted_unless_it_expired() {
		let view = view(vec![mine(1)]);
		assert_eq!(next(&view, &work([(1, sent(100, false))]), true), Some(Action::Resubmit(1)));
		assert_eq!(next(&view, &work([(1, sent(99, false))]), true), Some(Action::Expire(1)));
		// The best block has it: it would be refused.
		let mut seen = mine(1);
		seen.proven_at_best = true;
		let seen = self::view(vec![seen]);
		assert_eq!(next(&seen, &work([(1, sent(100, false))]), true), None);
	}

	#[test]
	fn a_refused_transaction_is_tried_again_after_pauses_that_double() {
		let mut proof = Proof::new(vec![1]);
		for pause in [1, 2, 4, 8, 16, 32, 32] {
			proof = proof.after_failure(100);
			assert_eq!(proof.not_before, 100 + pause);
		}
		proof.attempts = u32::MAX;
		assert_eq!(proof.after_failure(100).not_before, 132);
	}

	#[test]
	fn a_pause_ends_at_its_block() {
		let waiting = |not_before| {
			work([(1, Work::Proved(Proof { bytes: vec![1], attempts: 1, not_before }))])
		};
		assert_eq!(next(&view(vec![mine(1)]), &waiting(101), true), None);
		assert_eq!(next(&view(vec![mine(1)]), &waiting(100), true), Some(Action::Send(1)));
	}
}
