// SPDX-License-Identifier: Apache-2.0

//! Earnings and losses of an account.

use crate::chain::events::{AssignmentMissed, BlockProven, BlockSettled, Slashed};
use serde::{Deserialize, Serialize};
use subxt::utils::AccountId32;

/// Earnings and losses of an account since the chain began.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
	/// Rewards and bounties, in the smallest unit of the currency.
	#[serde(with = "decimal")]
	pub earned: u128,
	/// Slashes, in whole tokens.
	pub slashed: u64,
	/// Blocks that it proved.
	pub proven: u64,
	/// Blocks whose deadline it missed.
	pub missed: u64,
	/// Failed proving tasks, and failed or dropped transactions.
	pub failures: u64,
}

impl Totals {
	/// Records that a block was proven.
	pub fn proven(&mut self, event: &BlockProven, account: &AccountId32) {
		if event.prover.as_ref() == Some(account) {
			self.proven = self.proven.saturating_add(1);
		}
	}

	/// Records a miss.
	pub fn missed(&mut self, event: &AssignmentMissed, account: &AccountId32) {
		if event.prover == *account {
			self.missed = self.missed.saturating_add(1);
		}
	}

	/// Records that a block was settled.
	pub fn settled(&mut self, event: &BlockSettled, account: &AccountId32) {
		if event.prover.as_ref() == Some(account) {
			self.earned = self.earned.saturating_add(event.reward).saturating_add(event.bounty);
		}
	}

	/// Records a slash.
	pub fn slashed(&mut self, event: &Slashed, account: &AccountId32) {
		if event.who == *account {
			self.slashed = self.slashed.saturating_add(event.amount.into());
		}
	}
}

/// Decimal strings, because JSON parsers round integers of this size.
mod decimal {
	use serde::{de::Error, Deserialize, Deserializer, Serializer};

	pub fn serialize<S: Serializer>(value: &u128, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.collect_str(value)
	}

	pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u128, D::Error> {
		String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use subxt::utils::H256;

	const ACCOUNT: AccountId32 = AccountId32([2; 32]);

	#[test]
	fn totals_count_only_events_of_the_account() {
		let other = AccountId32([9; 32]);
		let mut totals = Totals::default();
		for (who, reward, bounty) in [(Some(ACCOUNT), 5, 2), (Some(other), 7, 7), (None, 0, 0)] {
			let state_root = H256::zero();
			let event = BlockSettled { block_id: 1, state_root, prover: who, reward, bounty };
			totals.settled(&event, &ACCOUNT);
		}
		for who in [ACCOUNT, other] {
			totals.slashed(&Slashed { who, amount: 3, block_id: 1 }, &ACCOUNT);
			totals.proven(&BlockProven { block_id: 1, prover: Some(who) }, &ACCOUNT);
			totals.missed(&AssignmentMissed { block_id: 1, prover: who }, &ACCOUNT);
		}
		totals.proven(&BlockProven { block_id: 1, prover: None }, &ACCOUNT);
		assert_eq!(totals, Totals { earned: 7, slashed: 3, proven: 1, missed: 1, failures: 0 });
	}
}
