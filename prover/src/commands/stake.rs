// SPDX-License-Identifier: Apache-2.0

//! Summary of a stake before it is signed.

use super::odds::{effective_price, odds, prices};
use crate::{
	chain::{Call, Chain, PoolEntry},
	text::duration,
};
use anyhow::{bail, ensure, Result};
use std::io::{self, IsTerminal, Write};
use subxt::utils::AccountId32;

/// Offer of a prover.
#[derive(Clone, Copy, Debug)]
pub struct Offer {
	/// Total stake, in whole tokens.
	pub amount: u32,
	/// Price of a unit of gas, in the smallest unit of the currency.
	pub price: u16,
	/// Maximum number of rollup blocks at a time.
	pub capacity: u16,
}

impl Offer {
	/// Returns the call that makes the offer.
	pub fn call(self) -> Call {
		let Self { amount, price, capacity } = self;
		Call::Stake { amount, reward_per_gas: price, max_capacity: capacity }
	}

	fn entry(self, outstanding: u32) -> PoolEntry {
		let free = u32::from(self.capacity).saturating_sub(outstanding);
		PoolEntry {
			staked_amount: self.amount,
			reward_per_gas: self.price,
			// Fits: at most the capacity.
			current_capacity: free as u16,
		}
	}
}

/// Pool before the stake.
struct Pool {
	before: PoolEntry,
	outstanding: u32,
	others: Vec<PoolEntry>,
	entry_price: Option<u32>,
	fee_per_gas: u32,
	tolerance: u32,
	min_change_delay: u64,
	exit_period: u64,
}

/// Shows the effect of an offer, and asks for a confirmation.
pub async fn confirm(chain: &Chain, account: &AccountId32, offer: Offer, yes: bool) -> Result<()> {
	let best = chain.best().await?;
	let (staker, before) = best.staker(account).await?;
	let members = best.members().await?.into_iter();
	let pool = Pool {
		outstanding: staker.outstanding(&before),
		before,
		others: members
			.filter(|(_, who, _)| who != account)
			.map(|(_, _, entry)| entry)
			.collect(),
		entry_price: best.entry_price().await?,
		fee_per_gas: best.fee_per_gas().await?,
		tolerance: best.reward_tolerance()?,
		min_change_delay: best.pool_parameters().await?.min_change_delay,
		exit_period: best.exit_period()?,
	};
	for line in summary(offer, &pool) {
		println!("{line}");
	}
	if yes {
		return Ok(());
	}
	ensure!(
		io::stdin().is_terminal(),
		"confirm the stake with --yes, because there is no terminal"
	);
	print!("Stake? [y/N] ");
	io::stdout().flush()?;
	let mut answer = String::new();
	io::stdin().read_line(&mut answer)?;
	if !matches!(answer.trim(), "y" | "Y" | "yes") {
		bail!("the stake was not confirmed");
	}
	Ok(())
}

fn summary(offer: Offer, pool: &Pool) -> Vec<String> {
	let Offer { amount, price, capacity } = offer;
	if (amount, price, capacity) == (0, 0, 0) {
		return vec![format!("Leaves the pool with {} tokens in exit.", pool.before.staked_amount)];
	}
	let before = pool.before.staked_amount;
	let mut lines = vec![match amount.checked_sub(before) {
		Some(more) => format!("Holds {more} tokens more, {amount} in all."),
		None => format!(
			"Moves {} tokens into exit for {}, and keeps {amount}.",
			before.saturating_sub(amount),
			duration(pool.exit_period),
		),
	}];
	lines.push(match pool.entry_price {
		Some(entry_price) => format!("The smallest stake that enters now is {entry_price} tokens."),
		None => "No stake enters the pool now.".into(),
	});
	let (lowest, highest) = prices(pool.fee_per_gas, pool.tolerance);
	let effective = effective_price(price, pool.fee_per_gas, pool.tolerance);
	lines.push(match effective == u64::from(price) {
		true => format!("The price of {price} counts: it is between {lowest} and {highest}."),
		false => format!(
			"The price of {price} counts as {effective}, because it is not between {lowest} and \
			 {highest}."
		),
	});
	let chance =
		odds(&offer.entry(pool.outstanding), &pool.others, pool.fee_per_gas, pool.tolerance);
	lines.push(format!(
		"The odds of the next draw are {:.1} %, among {} other members.",
		chance * 100.0,
		pool.others.len()
	));
	lines.push(format!(
		"The place is kept for at least {}.",
		duration(pool.min_change_delay.saturating_add(1))
	));
	lines
}

#[cfg(test)]
mod tests {
	use super::*;

	fn pool(staked_amount: u32) -> Pool {
		Pool {
			before: PoolEntry { staked_amount, reward_per_gas: 9, current_capacity: 5 },
			outstanding: 0,
			others: vec![Offer { amount: 60_000, price: 10_000, capacity: 6 }.entry(0)],
			entry_price: Some(50_000),
			fee_per_gas: 10_000,
			tolerance: 2_500,
			min_change_delay: 3_599,
			exit_period: 604_800,
		}
	}

	const OFFER: Offer = Offer { amount: 60_000, price: 10_000, capacity: 6 };

	fn text(offer: Offer, staked_amount: u32) -> String {
		summary(offer, &pool(staked_amount)).join("\n")
	}

	#[test]
	fn a_first_stake_is_held() {
		let text = text(OFFER, 0);
		for part in [
			"Holds 60000 tokens more, 60000 in all",
			"enters now is 50000",
			"counts: it is between 7500 and 12500",
			"50.0 %, among 1 other",
			"at least 1 h",
		] {
			assert!(text.contains(part), "{text}");
		}
	}

	#[test]
	fn a_smaller_stake_moves_the_rest_into_exit() {
		let text = text(OFFER, 80_000);
		assert!(text.contains("Moves 20000 tokens into exit for 7 d, and keeps 60000"), "{text}");
	}

	#[test]
	fn three_zeros_leave_the_pool() {
		let text = text(Offer { amount: 0, price: 0, capacity: 0 }, 80_000);
		assert_eq!(text, "Leaves the pool with 80000 tokens in exit.");
	}

	#[test]
	fn a_price_outside_of_the_tolerance_is_reported() {
		let text = text(Offer { price: 1, ..OFFER }, 0);
		assert!(text.contains("price of 1 counts as 7500"), "{text}");
	}

	#[test]
	fn outstanding_blocks_lower_the_odds() {
		assert_eq!(OFFER.entry(4).current_capacity, 2);
		assert_eq!(OFFER.entry(9).current_capacity, 0);
	}
}
