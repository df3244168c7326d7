// SPDX-License-Identifier: Apache-2.0

//! Reasons for which a prover cannot prove its blocks.

use std::{collections::BTreeMap, fmt};
use subxt::utils::{AccountId32, H256};

/// Time for which a member of the pool tolerates trouble before it leaves, in seconds of the rollup's
/// clock. An override is often undone, and a key installed, within minutes.
pub const PATIENCE: u64 = 300;

/// Maximum time between two records that counts, in seconds of the rollup's clock.
const MAX_GAP: u64 = 60;

/// Number of failed attempts to prove a block, or to bring its proof into a chain block, that count as
/// trouble.
pub const MAX_FAILED_ATTEMPTS: u32 = 4;

/// Reason for which nothing, or one rules version, cannot be proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
	/// The state after a block is unknown.
	UnknownState {
		/// The block.
		block_id: u64,
		/// State root after it.
		root: H256,
	},
	/// The payload of a block cannot be read.
	NoPayload {
		/// The block.
		block_id: u64,
		/// Chain block that contains it.
		chain_block: u64,
	},
	/// The chain's key of a rules version is none of this prover.
	NoKey {
		/// The version.
		version: u32,
	},
	/// Proofs of a block fail on this machine.
	BrokenProofs {
		/// The block.
		block_id: u64,
	},
	/// No chain block takes the proof of a block.
	NotAccepted {
		/// The block.
		block_id: u64,
	},
	/// The signer cannot advance the fees of a proof and of an exit.
	NoFunds {
		/// The signer.
		signer: AccountId32,
	},
	/// The prover did not name the signer as its operator.
	NotOperator {
		/// The signer.
		signer: AccountId32,
	},
}

impl Trouble {
	/// Returns the name of the reason, as metrics show it.
	pub fn name(&self) -> &'static str {
		match self {
			Self::UnknownState { .. } => "unknown_state",
			Self::NoPayload { .. } => "no_payload",
			Self::NoKey { .. } => "no_key",
			Self::BrokenProofs { .. } => "broken_proofs",
			Self::NotAccepted { .. } => "not_accepted",
			Self::NoFunds { .. } => "no_funds",
			Self::NotOperator { .. } => "not_operator",
		}
	}
}

impl fmt::Display for Trouble {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::UnknownState { block_id, root } => write!(
				f,
				"the state root {root:?} after block {block_id} is unknown. It comes from an \
				 override, or from blocks that settled while this program was away. Import its state \
				 with `import-state`, which another prover exports with `export-state`"
			),
			Self::NoPayload { block_id, chain_block } => write!(
				f,
				"the payload of block {block_id} cannot be read from chain block {chain_block}. The node \
				 does not give it, or the metadata of its runtime version is unknown. Use another node, \
				 or import a state with `import-state`, which brings the metadata"
			),
			Self::NoKey { version } => write!(
				f,
				"the verifying key of rules version {version} is none of this prover. Install its \
				 proving key"
			),
			Self::BrokenProofs { block_id } => write!(
				f,
				"the proof of block {block_id} failed several times. See the errors before this one; \
				 restart the program when their cause is removed"
			),
			Self::NotAccepted { block_id } => write!(
				f,
				"no chain block takes the proof of block {block_id}. See the warnings before this \
				 error; use a node that takes transactions, or update the program"
			),
			Self::NoFunds { signer } => write!(
				f,
				"{signer} cannot advance the fees of a proof and of an exit. Transfer tokens to it; \
				 the chain refunds the fee of a proof"
			),
			Self::NotOperator { signer } => write!(
				f,
				"{signer} is not the operator of the account. Name it with `set-operator`"
			),
		}
	}
}

/// Trouble of a program since its start.
#[derive(Default)]
pub struct History {
	current: Option<Trouble>,
	/// Reading of the rollup's clock at the last record.
	noted_at: u64,
	/// Spells of trouble by name. Each lasts over short times without it.
	spells: BTreeMap<&'static str, Spell>,
}

/// Trouble of one kind.
struct Spell {
	/// Seconds of trouble, without the times between.
	lasted: u64,
	/// Reading of the rollup's clock at its last second.
	seen: u64,
	/// Number of missed blocks at its start.
	missed: u64,
}

impl History {
	/// Returns the present trouble.
	pub fn current(&self) -> Option<&Trouble> {
		self.current.as_ref()
	}

	/// Records the trouble at this reading of the clock, and the number of missed blocks. Returns
	/// `true` if it has changed.
	pub fn note(&mut self, trouble: Option<Trouble>, now: u64, missed: u64) -> bool {
		let past = self.current.as_ref().and_then(|past| self.spells.get_mut(past.name()));
		if let Some(spell) = past {
			// Nothing is known about a longer time without a node.
			let passed = now.saturating_sub(self.noted_at).min(MAX_GAP);
			spell.lasted = spell.lasted.saturating_add(passed);
			spell.seen = self.noted_at.saturating_add(passed);
		}
		self.spells.retain(|_, spell| now <= spell.seen.saturating_add(PATIENCE));
		if let Some(trouble) = &trouble {
			let new = Spell { lasted: 0, seen: now, missed };
			self.spells.entry(trouble.name()).or_insert(new).seen = now;
		}
		self.noted_at = now;
		let has_changed = self.current != trouble;
		self.current = trouble;
		has_changed
	}

	/// Returns `true` if the prover must leave the pool: the present kind of trouble has lasted for
	/// longer than its patience, in all its times.
	///
	/// A program that does not send first leaves only if a block was missed meanwhile. Otherwise another
	/// one can prove.
	pub fn must_leave(&self, sends_first: bool, missed: u64) -> bool {
		let spell = self.current.as_ref().and_then(|trouble| self.spells.get(trouble.name()));
		spell.is_some_and(|spell| spell.lasted > PATIENCE && (sends_first || missed > spell.missed))
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn no_key() -> Option<Trouble> {
		Some(Trouble::NoKey { version: 1 })
	}

	fn broken() -> Option<Trouble> {
		Some(Trouble::BrokenProofs { block_id: 1 })
	}

	/// Returns the history after these troubles, each in every second of a time.
	fn history(times: &[(Option<Trouble>, u64, u64)]) -> History {
		let mut history = History::default();
		for (trouble, first, last) in times {
			for now in *first..=*last {
				history.note(trouble.clone(), now, 5);
			}
		}
		history
	}

	/// Returns `true` if the prover leaves exactly after the last of these seconds.
	fn leaves_after(times: &[(Option<Trouble>, u64, u64)]) -> bool {
		let mut longer = times.to_vec();
		longer.last_mut().unwrap().2 += 1;
		!history(times).must_leave(true, 5) && history(&longer).must_leave(true, 5)
	}

	#[test]
	fn a_member_leaves_when_trouble_lasts_longer_than_its_patience() {
		assert!(leaves_after(&[(no_key(), 100, 100 + PATIENCE)]));
		assert!(!history(&[(None, 100, 1_000)]).must_leave(true, 5));
	}

	#[test]
	fn a_program_that_stands_by_leaves_only_after_a_miss() {
		let history = history(&[(no_key(), 100, 1_000)]);
		assert!(!history.must_leave(false, 5));
		assert!(history.must_leave(false, 6));
	}

	#[test]
	fn only_times_with_trouble_count_unless_the_patience_passes_between() {
		let first = (no_key(), 100, 199);
		let left = PATIENCE - 100;
		let short = [first.clone(), (None, 200, 399), (no_key(), 400, 400 + left)];
		assert!(leaves_after(&short));
		let long = [first, (None, 200, 600), (no_key(), 601, 601 + PATIENCE)];
		assert!(leaves_after(&long));
		// While there is none, it stays.
		assert!(!history(&[(no_key(), 100, 1_000), (None, 1_001, 1_001)]).must_leave(true, 5));
	}

	#[test]
	fn a_time_without_a_node_counts_as_a_short_one() {
		let first = (no_key(), 100, 200);
		let left = PATIENCE - 100 - MAX_GAP;
		assert!(leaves_after(&[first.clone(), (no_key(), 400, 400 + left)]));
		assert!(leaves_after(&[first, (no_key(), 10_000, 10_000 + PATIENCE)]));
	}

	#[test]
	fn each_kind_of_trouble_has_a_patience_of_its_own() {
		assert!(leaves_after(&[(no_key(), 100, 399), (broken(), 400, 400 + PATIENCE)]));
		let left = PATIENCE - 100;
		let in_turns = [(broken(), 100, 199), (no_key(), 200, 299), (broken(), 300, 300 + left)];
		assert!(leaves_after(&in_turns));
	}

	#[test]
	fn only_a_change_of_trouble_is_reported() {
		let mut history = History::default();
		assert!(!history.note(None, 1, 0));
		assert!(history.note(no_key(), 2, 0));
		assert!(!history.note(no_key(), 3, 0));
		assert!(history.note(None, 4, 0));
	}

	#[test]
	fn each_reason_says_what_to_do() {
		let signer = AccountId32([1; 32]);
		let all = [
			Trouble::UnknownState { block_id: 1, root: H256::zero() },
			Trouble::NoPayload { block_id: 1, chain_block: 2 },
			Trouble::NoKey { version: 1 },
			Trouble::BrokenProofs { block_id: 1 },
			Trouble::NotAccepted { block_id: 1 },
			Trouble::NoFunds { signer },
			Trouble::NotOperator { signer },
		];
		for trouble in &all {
			assert!(trouble.to_string().contains(". "), "{trouble}");
		}
		let names: std::collections::BTreeSet<_> = all.iter().map(Trouble::name).collect();
		assert_eq!(names.len(), all.len());
	}
}
