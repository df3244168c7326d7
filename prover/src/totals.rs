// SPDX-License-Identifier: Apache-2.0

//! Earnings and losses of an account.

use crate::chain::events::{AssignmentMissed, BlockSettled, Slashed, TransactionFeePaid};
use serde::{Deserialize, Serialize};
use subxt::utils::AccountId32;

/// Earnings and losses of an account in the finalized chain blocks that were read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
	/// Rewards and bounties, in the smallest unit of the currency.
	#[serde(with = "decimal")]
	pub earned: u128,
	/// Slashes, in whole tokens.
	pub slashed: u64,
	/// Fees and tips of the signer, in the smallest unit of the currency.
	#[serde(with = "decimal")]
	pub fees: u128,
	/// Blocks that settled with its proof.
	pub proven: u64,
	/// Blocks whose deadline it missed.
	pub missed: u64,
	/// Failed proving tasks, and failed or dropped transactions.
	pub failures: u64,
}

impl Totals {
	/// Records a fee.
	pub fn fee_paid(&mut self, event: &TransactionFeePaid, signer: &AccountId32) {
		if event.who == *signer {
			self.fees = self.fees.saturating_add(event.actual_fee);
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
			self.proven = self.proven.saturating_add(1);
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
			totals.fee_paid(&TransactionFeePaid { who, actual_fee: 4 }, &ACCOUNT);
			totals.missed(&AssignmentMissed { block_id: 1, prover: who }, &ACCOUNT);
		}
		let expected = Totals { earned: 7, slashed: 3, fees: 4, proven: 1, missed: 1, failures: 0 };
		assert_eq!(totals, expected);
	}
}
