// SPDX-License-Identifier: Apache-2.0

//! Reasons for which a prover cannot prove its blocks.

use std::fmt;
use subxt::utils::{AccountId32, H256};

/// Time for which a member of the pool tolerates trouble before it leaves, in seconds of the rollup's
/// clock. An override is often undone, and a key installed, within minutes.
pub const PATIENCE: u64 = 300;

/// The same time for a program that stands by, because the one in charge may be able to prove.
pub const PATIENCE_OF_STANDBY: u64 = 3_600;

/// Number of failed attempts to prove a block after which proving counts as broken.
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
	/// The signer cannot advance the fee of a transaction.
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
				"chain block {chain_block} does not contain the payload of block {block_id}, or it \
				 belongs to a runtime version without known metadata. Import a state with \
				 `import-state`, which brings the metadata"
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
			Self::NoFunds { signer } => write!(
				f,
				"{signer} cannot advance the fee of a transaction. Transfer tokens to it; the chain \
				 refunds the fee of a proof"
			),
			Self::NotOperator { signer } => write!(
				f,
				"{signer} is not the operator of the account. Name it with `set-operator`"
			),
		}
	}
}

/// Returns `true` if the prover must leave the pool: it can, and has been in trouble since this reading
/// of the clock.
pub fn must_leave(is_possible: bool, in_charge: bool, since: Option<u64>, now: u64) -> bool {
	let patience = if in_charge { PATIENCE } else { PATIENCE_OF_STANDBY };
	is_possible && since.is_some_and(|since| now > since.saturating_add(patience))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_member_leaves_when_trouble_lasts_longer_than_its_patience() {
		assert!(!must_leave(true, true, None, 10_000));
		assert!(!must_leave(true, true, Some(100), 100 + PATIENCE));
		assert!(must_leave(true, true, Some(100), 101 + PATIENCE));
		assert!(!must_leave(false, true, Some(100), 10_000));
		assert!(!must_leave(true, false, Some(100), 100 + PATIENCE_OF_STANDBY));
		assert!(must_leave(true, false, Some(100), 101 + PATIENCE_OF_STANDBY));
	}

	#[test]
	fn each_reason_says_what_to_do() {
		let signer = AccountId32([1; 32]);
		let all = [
			Trouble::UnknownState { block_id: 1, root: H256::zero() },
			Trouble::NoPayload { block_id: 1, chain_block: 2 },
			Trouble::NoKey { version: 1 },
			Trouble::BrokenProofs { block_id: 1 },
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
