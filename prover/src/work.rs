// SPDX-License-Identifier: Apache-2.0

//! Work for a rollup block: the proof, its transaction, and the stage after each outcome.

use crate::chain::{Outcome, Retry};
use serde::{Deserialize, Serialize};
use subxt::utils::H256;

/// Maximum number of chain blocks before a rejected transaction is sent again. The minimum proof
/// window is only a few times longer.
const MAX_PAUSE: u64 = 4;

/// Number of verdicts of the chain's verifier after which a proof is given up.
///
/// Proofs are verified before they are sent. So the first verdicts can come from a fork with another
/// payload or key.
const MAX_REJECTIONS: u32 = 3;

/// Moment in the work for a rollup block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
	/// Number of the best chain block.
	pub number: u64,
	/// Minimum number of chain blocks before the deadline.
	pub left: u64,
}

impl Moment {
	/// Returns the chain block of the next attempt after this number of failures.
	///
	/// The pauses double up to a bound, and leave time for three more attempts before the deadline.
	fn after_failures(self, failures: u32) -> u64 {
		let pause = 1u64.checked_shl(failures).unwrap_or(MAX_PAUSE).min(MAX_PAUSE);
		self.number.saturating_add(pause.min(self.left / 4).max(1))
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
	/// Number of times that the chain's verifier rejected it.
	pub rejections: u32,
	/// Chain block before which it is not sent.
	pub not_before: u64,
}

impl Proof {
	/// Returns a proof that was never sent.
	pub fn new(bytes: Vec<u8>) -> Self {
		Self { bytes, attempts: 0, rejections: 0, not_before: 0 }
	}

	/// Returns the proof after a transaction with it failed. It is sent again in the next chain block,
	/// or after a pause.
	pub fn after_failure(self, moment: Moment, retry: Retry) -> Self {
		let not_before = match retry {
			Retry::Later => moment.after_failures(self.attempts),
			Retry::Now => moment.number.saturating_add(1),
		};
		Self { attempts: self.attempts.saturating_add(1), not_before, ..self }
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
	/// Hash that identifies the proof: see [`Candidate::task`](crate::schedule::Candidate::task).
	pub task: H256,
	/// Stage of the work.
	pub stage: Stage,
}

/// Stage of the work for a rollup block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
	/// The proof is in progress, after this number of failed attempts.
	Proving {
		/// Number of failed attempts.
		attempts: u32,
	},
	/// The proof is finished, and no transaction is pending.
	Proved(Proof),
	/// A transaction is pending.
	Sent {
		/// Proof in the transaction.
		proof: Proof,
		/// The transaction.
		#[serde(with = "hex::serde")]
		extrinsic: Vec<u8>,
		/// Nonce of the transaction.
		nonce: u64,
		/// Last chain block that can contain it.
		expires: u64,
		/// Chain block at which it was submitted to the node of the current connection.
		#[serde(skip)]
		submitted_at: Option<u64>,
		/// Number of submissions that a node did not answer.
		#[serde(skip)]
		unanswered: u32,
	},
	/// An attempt to prove failed.
	Failed {
		/// Number of failed attempts.
		attempts: u32,
		/// Chain block at which the next one starts.
		not_before: u64,
	},
	/// The chain's verifier rejects the proof again and again.
	Closed,
}

impl Stage {
	/// Returns the stage after this outcome of the transaction, which is known at this moment.
	///
	/// A call that the rollup rejected may succeed later. No other transaction must be sent while
	/// the outcome is unknown.
	pub fn after(self, outcome: &Outcome, moment: Moment) -> Self {
		let (proof, extrinsic, nonce, expires, unanswered) = match (self, outcome) {
			(Self::Sent { proof, extrinsic, nonce, expires, unanswered, .. }, _) => {
				(proof, extrinsic, nonce, expires, unanswered)
			},
			// It could not be signed.
			(Self::Proved(proof), Outcome::Refused { retry, .. }) => {
				return Self::Proved(proof.after_failure(moment, *retry));
			},
			(stage, _) => return stage,
		};
		match outcome {
			Outcome::Done { .. } => Self::Proved(proof.after_success(moment.number)),
			Outcome::Failed { is_verdict: true, .. } => {
				let rejections = proof.rejections.saturating_add(1);
				match rejections < MAX_REJECTIONS {
					true => Self::Proved(
						Proof { rejections, ..proof }.after_failure(moment, Retry::Later),
					),
					false => Self::Closed,
				}
			},
			Outcome::Failed { .. } => Self::Proved(proof.after_failure(moment, Retry::Later)),
			Outcome::Refused { retry, .. } => Self::Proved(proof.after_failure(moment, *retry)),
			Outcome::Unknown { .. } => {
				Self::Sent { proof, extrinsic, nonce, expires, submitted_at: None, unanswered }
			},
		}
	}

	/// Returns the stage after an attempt to prove failed.
	pub fn after_failed_attempt(self, moment: Moment) -> Self {
		let attempts = self.failed_attempts();
		Self::Failed {
			attempts: attempts.saturating_add(1),
			not_before: moment.after_failures(attempts),
		}
	}

	/// Returns the number of failed attempts to prove.
	pub fn failed_attempts(&self) -> u32 {
		match self {
			Self::Proving { attempts } | Self::Failed { attempts, .. } => *attempts,
			_ => 0,
		}
	}

	/// Returns the number of submissions that a node did not answer.
	pub fn unanswered(&self) -> u32 {
		match self {
			Self::Sent { unanswered, .. } => *unanswered,
			_ => 0,
		}
	}

	/// Returns `true` if the proof is in progress.
	pub fn is_proving(&self) -> bool {
		matches!(self, Self::Proving { .. })
	}
}

#[cfg(test)]
pub(crate) mod tests {
	use super::*;

	pub(crate) const NONCE: u64 = 5;
	pub(crate) const PROVING: Stage = Stage::Proving { attempts: 0 };

	/// Returns a finished proof that was never sent.
	pub(crate) fn proved() -> Stage {
		Stage::Proved(Proof::new(vec![1]))
	}

	/// Returns a transaction that was submitted at the chain block 100, or not yet.
	pub(crate) fn sent(expires: u64, submitted: bool) -> Stage {
		Stage::Sent {
			proof: Proof::new(vec![1]),
			extrinsic: vec![2],
			nonce: NONCE,
			expires,
			submitted_at: submitted.then_some(100),
			unanswered: 0,
		}
	}

	/// Returns the moment of a chain block, long before the deadline.
	pub(crate) fn at(number: u64) -> Moment {
		Moment { number, left: 100 }
	}

	fn failed(is_verdict: bool) -> Outcome {
		Outcome::Failed { block: H256::zero(), error: String::new(), is_verdict }
	}

	#[test]
	fn an_outcome_decides_the_next_stage_of_the_proof() {
		let after = |outcome| sent(100, true).after(&outcome, at(50));
		let again = |retry| Stage::Proved(Proof::new(vec![1]).after_failure(at(50), retry));
		assert_eq!(after(failed(false)), again(Retry::Later));
		let reason = String::new();
		let refused =
			Outcome::Refused { reason: reason.clone(), retry: Retry::Now, is_unfunded: false };
		assert_eq!(after(refused), again(Retry::Now));
		assert_eq!(after(Outcome::Unknown { reason }), sent(100, false));
		let kept = Stage::Proved(Proof::new(vec![1]).after_success(50));
		assert_eq!(after(Outcome::Done { block: H256::zero(), events: vec![] }), kept);
	}

	#[test]
	fn an_outcome_without_a_transaction_changes_nothing() {
		for stage in [proved(), PROVING, Stage::Closed] {
			assert_eq!(stage.clone().after(&failed(true), at(50)), stage);
		}
	}

	#[test]
	fn a_proof_is_given_up_after_several_verdicts_of_the_verifier() {
		let mut stage = sent(100, true);
		for rejections in 1..MAX_REJECTIONS {
			stage = stage.after(&failed(true), at(50));
			let Stage::Proved(proof) = stage else { panic!("a fork may have given the verdict") };
			assert_eq!(proof.rejections, rejections);
			stage = Stage::Sent {
				proof,
				extrinsic: vec![2],
				nonce: NONCE,
				expires: 100,
				submitted_at: None,
				unanswered: 0,
			};
			// Other failures do not count.
			assert!(matches!(stage.clone().after(&failed(false), at(50)), Stage::Proved(_)));
		}
		assert_eq!(stage.after(&failed(true), at(50)), Stage::Closed);
	}

	#[test]
	fn a_rejected_transaction_is_sent_again_after_pauses_that_double() {
		let mut proof = Proof::new(vec![1]);
		for pause in [1, 2, 4, 4] {
			proof = proof.after_failure(at(100), Retry::Later);
			assert_eq!(proof.not_before, 100 + pause);
		}
		proof.attempts = u32::MAX;
		assert_eq!(proof.clone().after_failure(at(100), Retry::Later).not_before, 104);
		assert_eq!(proof.after_failure(at(100), Retry::Now).not_before, 101);
	}

	#[test]
	fn pauses_become_shorter_before_the_deadline() {
		for (left, pause) in [(u64::MAX, 4), (16, 4), (15, 3), (8, 2), (7, 1), (0, 1)] {
			let moment = Moment { number: 100, left };
			assert_eq!(moment.after_failures(9), 100 + pause, "{left} blocks are left");
			assert_eq!(moment.after_failures(0), 101);
		}
	}
}
