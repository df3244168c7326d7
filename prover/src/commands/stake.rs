// SPDX-License-Identifier: Apache-2.0

//! Summary of a stake before it is signed.

use super::odds::{effective_price, odds, prices};
use crate::{
	chain::{Call, Chain, PoolEntry, PoolParameters, PoolStaker},
	text::{duration, tokens},
};
use anyhow::{bail, ensure, Result};
use std::io::{self, IsTerminal, Write};
use subxt::utils::AccountId32;

/// Offer of a prover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
	/// Total stake, in whole tokens.
	pub amount: u32,
	/// Price of a unit of gas, in the smallest unit of the currency.
	pub price: u16,
	/// Maximum number of rollup blocks at a time.
	pub capacity: u16,
}

/// Offer by which a member leaves the pool.
const LEAVE: Offer = Offer { amount: 0, price: 0, capacity: 0 };

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

/// Pool before the stake, and the account in it.
struct Pool {
	staker: PoolStaker,
	before: PoolEntry,
	others: Vec<PoolEntry>,
	parameters: PoolParameters,
	entry_price: Option<u32>,
	fee_per_gas: u32,
	tolerance: u32,
	/// Reading of the rollup's clock.
	now: u64,
	/// Balance of the account that can be held.
	holdable: u128,
	/// Value of a token, in the smallest unit of the currency.
	one_token: u128,
}

/// Tokens that a stake moves.
#[derive(Debug, PartialEq, Eq)]
struct Funds {
	/// Mature exit, which is paid out.
	paid_out: u32,
	/// Tokens that are held in addition.
	held: u32,
	/// Tokens in exit afterwards.
	in_exit: u32,
	/// `true` if some of them are in exit already, so that their period starts again.
	is_restarted: bool,
}

/// Shows the effect of an offer that another wallet signs, perhaps later.
pub async fn show(chain: &Chain, account: &AccountId32, offer: Offer) -> Result<()> {
	let pool = Pool::read(chain, account).await?;
	pool.print(account, offer);
	if let Some(reason) = pool.refusal(offer) {
		println!("Warning: the pool would refuse this stake now: {reason}.");
	}
	Ok(())
}

/// Shows the effect of an offer, and asks for a confirmation.
///
/// Fails if the pool would refuse the offer.
pub async fn confirm(chain: &Chain, account: &AccountId32, offer: Offer, yes: bool) -> Result<()> {
	let pool = Pool::read(chain, account).await?;
	if let Some(reason) = pool.refusal(offer) {
		bail!("the pool would refuse this stake: {reason}");
	}
	pool.print(account, offer);
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

impl Pool {
	async fn read(chain: &Chain, account: &AccountId32) -> Result<Self> {
		let best = chain.best().await?;
		let (staker, before) = best.staker(account).await?;
		let members = best.members().await?.into_iter();
		let others = members.filter(|(_, who, _)| who != account).map(|(_, _, entry)| entry);
		Ok(Self {
			staker,
			before,
			others: others.collect(),
			parameters: best.pool_parameters().await?,
			entry_price: best.entry_price().await?,
			fee_per_gas: best.fee_per_gas().await?,
			tolerance: best.reward_tolerance()?,
			now: best.now().await?,
			holdable: best.holdable_balance(account).await?,
			one_token: best.one_token()?,
		})
	}

	/// Returns the reason for which the pool refuses an offer, as far as it can be foreseen.
	fn refusal(&self, offer: Offer) -> Option<String> {
		let Offer { amount, price, capacity } = offer;
		let parameters = &self.parameters;
		let waiting = parameters.min_change_delay.saturating_add(self.staker.staked_at);
		let is_member = self.staker.prover_id.is_some();
		if is_member && self.now < waiting {
			let left = duration(waiting.saturating_sub(self.now));
			return Some(format!("the offer can be changed in {left}"));
		}
		if offer == LEAVE {
			return (!is_member).then(|| "the account is not in the pool".into());
		}
		let min_capacity = parameters.min_capacity.max(1);
		// Cannot overflow: 16 + 32 bits.
		let min_stake = u64::from(capacity) * u64::from(parameters.min_stake_per_capacity);
		if price == 0 || capacity < min_capacity || u64::from(amount) < min_stake.max(1) {
			return Some(format!(
				"it takes a price above 0, a capacity of {min_capacity} at least, and {} tokens for \
				 each unit of it",
				parameters.min_stake_per_capacity
			));
		}
		// A member leaves its own place first.
		match self.entry_price {
			_ if is_member => {},
			Some(entry_price) if amount >= entry_price => {},
			Some(entry_price) => {
				return Some(format!("the smallest stake that enters now is {entry_price} tokens"))
			},
			None => return Some("no stake enters it now".into()),
		}
		let Funds { held, paid_out, .. } = self.funds(amount);
		let value = |tokens: u32| u128::from(tokens).saturating_mul(self.one_token);
		let holdable = self.holdable.saturating_add(value(paid_out));
		let shown = tokens(holdable, self.one_token);
		(value(held) > holdable).then(|| format!("the account can hold {shown} tokens only"))
	}

	fn funds(&self, amount: u32) -> Funds {
		let PoolStaker { exit_amount, exit_requested_at, backlog, .. } = self.staker;
		let passed = self.now.saturating_sub(exit_requested_at);
		let is_mature = passed > self.parameters.exit_period && backlog == 0;
		let paid_out = if is_mature { exit_amount } else { 0 };
		let earlier = exit_amount.saturating_sub(paid_out);
		let available = self.before.staked_amount.saturating_add(earlier);
		let in_exit = available.saturating_sub(amount);
		Funds {
			paid_out,
			held: amount.saturating_sub(available),
			in_exit,
			is_restarted: earlier > 0 && in_exit > 0,
		}
	}

	fn print(&self, account: &AccountId32, offer: Offer) {
		println!("Account {account}.");
		for line in self.summary(offer) {
			println!("{line}");
		}
	}

	fn summary(&self, offer: Offer) -> Vec<String> {
		let mut lines = self.funds_lines(offer.amount);
		if offer == LEAVE {
			lines.push("The account leaves the pool.".into());
			return lines;
		}
		if let Some(entry_price) = self.entry_price {
			lines.push(format!("The smallest stake that enters now is {entry_price} tokens."));
		}
		lines.push(self.price_line(offer.price));
		let entry = offer.entry(self.staker.outstanding(&self.before));
		let chance = odds(&entry, &self.others, self.fee_per_gas, self.tolerance);
		lines.push(format!(
			"The odds of the next draw are {:.1} %, among {} other members.",
			chance * 100.0,
			self.others.len()
		));
		let delay = duration(self.parameters.min_change_delay);
		lines.push(format!("The offer cannot be changed for {delay}."));
		lines
	}

	fn funds_lines(&self, amount: u32) -> Vec<String> {
		let Funds { paid_out, held, in_exit, is_restarted } = self.funds(amount);
		let mut lines = Vec::new();
		if paid_out > 0 {
			lines.push(format!("Pays out {paid_out} tokens, whose exit is mature."));
		}
		lines.push(match held {
			0 => format!("Holds no more tokens, and stakes {amount}."),
			held => format!("Holds {held} tokens more, and stakes {amount}."),
		});
		if in_exit > 0 {
			let period = duration(self.parameters.exit_period);
			lines.push(format!("{in_exit} tokens are in exit for {period} from now."));
		}
		if is_restarted {
			lines.push("The period starts again for tokens that are in exit already.".into());
		}
		lines
	}

	fn price_line(&self, price: u16) -> String {
		let (lowest, highest) = prices(self.fee_per_gas, self.tolerance);
		let effective = effective_price(price, self.fee_per_gas, self.tolerance);
		match effective == u64::from(price) {
			true => format!("The price of {price} counts: it is between {lowest} and {highest}."),
			false => format!(
				"The price of {price} counts as {effective}, because it is not between {lowest} and \
				 {highest}."
			),
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::chain::fake::FakeNode;
	use subxt_signer::sr25519::dev;

	const OFFER: Offer = Offer { amount: 60_000, price: 10_000, capacity: 6 };
	const EXIT_PERIOD: u64 = 604_800;
	const DELAY: u64 = 3_600;
	const NOW: u64 = 10_000_000;

	/// Returns the pool for an account with this stake, and 100,000 tokens more.
	fn pool(staked_amount: u32) -> Pool {
		Pool {
			staker: PoolStaker {
				exit_requested_at: 0,
				exit_amount: 0,
				max_capacity: 6,
				prover_id: (staked_amount > 0).then_some(1),
				staked_at: 0,
				backlog: 0,
			},
			before: PoolEntry { staked_amount, reward_per_gas: 9, current_capacity: 6 },
			others: vec![OFFER.entry(0)],
			parameters: PoolParameters {
				exit_period: EXIT_PERIOD,
				min_change_delay: DELAY,
				min_capacity: 5,
				min_stake_per_capacity: 10_000,
			},
			entry_price: Some(50_001),
			fee_per_gas: 10_000,
			tolerance: 2_500,
			now: NOW,
			holdable: 100_000_000,
			one_token: 1_000,
		}
	}

	/// Returns the pool for a member with tokens in exit since this time.
	fn leaving(exit_amount: u32, exit_requested_at: u64) -> Pool {
		let mut pool = pool(80_000);
		pool.staker = PoolStaker { exit_amount, exit_requested_at, ..pool.staker };
		pool
	}

	fn text(offer: Offer, pool: &Pool) -> String {
		pool.summary(offer).join("\n")
	}

	#[test]
	fn a_first_stake_is_held() {
		let text = text(OFFER, &pool(0));
		for part in [
			"Holds 60000 tokens more, and stakes 60000.",
			"enters now is 50001",
			"counts: it is between 7500 and 12500",
			"50.0 %, among 1 other",
			"cannot be changed for 1h",
		] {
			assert!(text.contains(part), "{part}: {text}");
		}
		assert!(!text.contains("exit"), "{text}");
	}

	#[test]
	fn a_smaller_stake_moves_the_rest_into_exit() {
		let text = text(OFFER, &pool(80_000));
		assert!(text.contains("Holds no more tokens, and stakes 60000."), "{text}");
		assert!(text.contains("20000 tokens are in exit for 7days from now."), "{text}");
		assert!(!text.contains("starts again"), "{text}");
	}

	#[test]
	fn a_stake_uses_the_exit_first_and_restarts_its_period() {
		let waiting = leaving(50_000, NOW - EXIT_PERIOD);
		let more = Offer { amount: 140_000, ..OFFER };
		let expected = Funds { paid_out: 0, held: 10_000, in_exit: 0, is_restarted: false };
		assert_eq!(waiting.funds(more.amount), expected);
		let expected = Funds { paid_out: 0, held: 0, in_exit: 30_000, is_restarted: true };
		assert_eq!(waiting.funds(100_000), expected);
		assert!(text(Offer { amount: 100_000, ..OFFER }, &waiting).contains("starts again"));
	}

	#[test]
	fn a_mature_exit_is_paid_out_unless_blocks_are_outstanding() {
		let mut mature = leaving(50_000, NOW - EXIT_PERIOD - 1);
		assert_eq!(mature.funds(80_000).paid_out, 50_000);
		assert!(text(OFFER, &mature).contains("Pays out 50000 tokens"));
		mature.staker.backlog = 1;
		assert_eq!(mature.funds(80_000).paid_out, 0);
	}

	#[test]
	fn three_zeros_leave_the_pool() {
		let pool = pool(80_000);
		assert_eq!(pool.refusal(LEAVE), None);
		let text = text(LEAVE, &pool);
		assert!(text.contains("80000 tokens are in exit for 7days"), "{text}");
		assert!(text.ends_with("The account leaves the pool."), "{text}");
		assert!(!text.contains("odds"), "{text}");
	}

	#[test]
	fn a_price_outside_of_the_tolerance_is_reported() {
		let text = text(Offer { price: 1, ..OFFER }, &pool(0));
		assert!(text.contains("price of 1 counts as 7500"), "{text}");
	}

	#[test]
	fn outstanding_blocks_lower_the_odds() {
		assert_eq!(OFFER.entry(4).current_capacity, 2);
		assert_eq!(OFFER.entry(9).current_capacity, 0);
	}

	#[test]
	fn a_stake_that_must_fail_is_refused() {
		let too_soon = |now| Pool { now, ..pool(80_000) };
		// Only a mature exit is paid out first.
		let with_exit = |backlog| {
			let staker = PoolStaker { exit_amount: 50_000, backlog, ..pool(0).staker };
			Pool { staker, ..pool(0) }
		};
		for (pool, offer, expected) in [
			(pool(0), OFFER, None),
			(pool(80_000), OFFER, None),
			(pool(0), Offer { capacity: 4, ..OFFER }, Some("capacity of 5")),
			(pool(0), Offer { price: 0, ..OFFER }, Some("price above 0")),
			(pool(0), Offer { amount: 59_999, ..OFFER }, Some("10000 tokens for each")),
			(pool(0), Offer { amount: 50_000, capacity: 5, ..OFFER }, Some("now is 50001")),
			(pool(80_000), Offer { amount: 50_000, capacity: 5, ..OFFER }, None),
			(Pool { entry_price: None, ..pool(0) }, OFFER, Some("no stake enters")),
			(pool(0), Offer { amount: 100_001, ..OFFER }, Some("100000 tokens only")),
			(with_exit(0), Offer { amount: 150_001, ..OFFER }, Some("150000 tokens only")),
			(with_exit(0), Offer { amount: 150_000, ..OFFER }, None),
			(with_exit(1), Offer { amount: 150_001, ..OFFER }, Some("100000 tokens only")),
			(pool(80_000), Offer { amount: 180_000, ..OFFER }, None),
			(too_soon(DELAY - 60), OFFER, Some("in 1m")),
			(too_soon(DELAY), OFFER, None),
			(too_soon(0), LEAVE, Some("in 1h")),
			(pool(0), LEAVE, Some("not in the pool")),
		] {
			let refusal = pool.refusal(offer);
			match expected {
				None => assert_eq!(refusal, None, "{offer:?}"),
				Some(part) => assert!(refusal.unwrap().contains(part), "{offer:?}"),
			}
		}
	}

	#[tokio::test]
	async fn a_stake_for_another_wallet_is_shown_even_if_it_would_fail_now() {
		let chain = FakeNode::development().connect().await;
		let dave = dev::dave().public_key().to_account_id();
		show(&chain, &dave, LEAVE).await.unwrap();
		assert!(confirm(&chain, &dave, LEAVE, true).await.is_err());
	}

	#[tokio::test]
	async fn the_pool_is_read_from_the_chain() {
		let node = FakeNode::development();
		node.add(vec![], vec![], || {});
		let eve = dev::eve().public_key().to_account_id();
		let pool = Pool::read(&node.connect().await, &eve).await.unwrap();
		assert!(pool.staker.prover_id.is_some() && pool.before.staked_amount > 0);
		assert_eq!(pool.others.len(), 1);
		assert!(pool.holdable > 0 && pool.parameters.exit_period > 0 && pool.fee_per_gas > 0);
	}
}
