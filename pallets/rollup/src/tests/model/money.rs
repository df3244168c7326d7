// SPDX-License-Identifier: Apache-2.0

//! Balances, holds and the sums of R17.

use super::{Account, Error};
use std::collections::BTreeMap;

type Amounts = BTreeMap<Account, u128>;

/// Currency as the rollup and the pool see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Money {
	existential_deposit: u128,
	/// Free balance of each account.
	pub free: Amounts,
	/// Holds of the pool.
	pub stakes: Amounts,
	/// Holds of the rollup.
	pub deposits: Amounts,
	/// Amounts by which the holds of the rollup were cut from outside.
	pub missing: Amounts,
	// Sums since genesis.
	pub issued: u128,
	pub deposits_taken: u128,
	pub rewards_paid: u128,
	pub refunded: u128,
	pub cut: u128,
	pub slashed: u128,
	pub bounties_paid: u128,
	pub to_on_slash: u128,
}

/// Returns the amount of an account.
pub fn get(amounts: &Amounts, who: Account) -> u128 {
	amounts.get(&who).copied().unwrap_or(0)
}

fn add(amounts: &mut Amounts, who: Account, amount: u128) {
	if amount > 0 {
		*amounts.entry(who).or_default() += amount;
	}
}

fn sub(amounts: &mut Amounts, who: Account, amount: u128) {
	let left = get(amounts, who).checked_sub(amount).expect("no more is taken than is there");
	match left {
		0 => amounts.remove(&who),
		_ => amounts.insert(who, left),
	};
}

impl Money {
	/// Creates an empty currency.
	pub fn new(existential_deposit: u128) -> Self {
		Self { existential_deposit, ..Default::default() }
	}

	/// Issues free balance.
	pub fn issue(&mut self, who: Account, amount: u128) {
		self.issued += amount;
		add(&mut self.free, who, amount);
	}

	/// Takes free balance for a hold. The existential deposit stays free.
	fn take_free(&mut self, who: Account, amount: u128) -> Result<(), Error> {
		if amount > 0 && get(&self.free, who) < amount + self.existential_deposit {
			return Err(Error::Funds);
		}
		sub(&mut self.free, who, amount);
		Ok(())
	}

	/// Holds a stake (rule 1).
	pub fn hold_stake(&mut self, who: Account, amount: u128) -> Result<(), Error> {
		self.take_free(who, amount)?;
		add(&mut self.stakes, who, amount);
		Ok(())
	}

	/// Releases a stake (rule 15).
	pub fn release_stake(&mut self, who: Account, amount: u128) {
		sub(&mut self.stakes, who, amount);
		add(&mut self.free, who, amount);
	}

	/// Takes a slash from the hold, as a credit in the hands of the caller (rule 3).
	pub fn slash_stake(&mut self, who: Account, amount: u128) -> u128 {
		sub(&mut self.stakes, who, amount);
		self.slashed += amount;
		amount
	}

	/// Pays a bounty out of a slash, and hands the rest to `OnSlash`. Returns the amount that was
	/// received (R7).
	pub fn pay_bounty(&mut self, slash: u128, who: Account, bounty: u128) -> u128 {
		let received = if self.can_receive(who, bounty) { bounty } else { 0 };
		add(&mut self.free, who, received);
		self.bounties_paid += received;
		self.to_on_slash += slash - received;
		received
	}

	/// Holds the deposit of a block (R1).
	pub fn hold_deposit(&mut self, who: Account, amount: u128) -> Result<(), Error> {
		self.take_free(who, amount)?;
		add(&mut self.deposits, who, amount);
		self.deposits_taken += amount;
		Ok(())
	}

	/// Ends the deposit of a block (R8): pays the reward out of what is there, and returns the rest.
	/// Returns reward and refund as they were paid.
	pub fn settle(
		&mut self,
		who: Account,
		deposit: u128,
		to: Option<Account>,
		reward: u128,
	) -> (u128, u128) {
		let there = deposit.min(get(&self.deposits, who));
		sub(&mut self.deposits, who, there);
		sub(&mut self.missing, who, deposit - there);
		let paid = match to {
			Some(to) if self.can_receive(to, reward.min(there)) => {
				add(&mut self.free, to, reward.min(there));
				reward.min(there)
			},
			_ => 0,
		};
		add(&mut self.free, who, there - paid);
		self.rewards_paid += paid;
		self.refunded += there - paid;
		(paid, there - paid)
	}

	/// Releases a part of the deposits from outside, as nothing in these rules does (R8).
	pub fn cut_deposit(&mut self, who: Account, amount: u128) {
		sub(&mut self.deposits, who, amount);
		add(&mut self.missing, who, amount);
		add(&mut self.free, who, amount);
		self.cut += amount;
	}

	fn can_receive(&self, who: Account, amount: u128) -> bool {
		amount == 0 || get(&self.free, who) + amount >= self.existential_deposit
	}
}
