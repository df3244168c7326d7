// SPDX-License-Identifier: Apache-2.0

//! Place of an account in the pool, its blocks and its books.

use super::odds::{effective_price, odds};
use crate::{
	chain::{Chain, Phase, PoolEntry, PoolStaker, Positions, RollupBlock, Snapshot},
	checkpoint::Checkpoint,
	folder::Folder,
	queue::{Queue, Right},
	text::{duration, tokens},
};
use anyhow::Result;
use serde::Serialize;
use std::{collections::BTreeMap, path::Path};
use subxt::utils::AccountId32;

/// Number of chain blocks over which the present load is measured.
const LOAD_BLOCKS: u64 = 200;

const SECONDS_A_DAY: f64 = 86_400.0;

/// Status of a prover. Amounts are decimal strings in tokens.
#[derive(Debug, PartialEq, Serialize)]
pub struct Status {
	account: String,
	/// Balance that can pay fees.
	balance: String,
	/// Key that may prove for the account.
	operator: Option<Operator>,
	/// `None` outside of the pool.
	member: Option<Member>,
	/// Stake in exit.
	exit: Option<Exit>,
	/// Number of rollup blocks not released yet.
	outstanding: u32,
	/// Reserved rollup blocks that are not proven.
	to_prove: Vec<Due>,
	/// `None` if this machine has no prover of the account.
	books: Option<Books>,
}

#[derive(Debug, PartialEq, Serialize)]
struct Operator {
	account: String,
	balance: String,
}

#[derive(Debug, PartialEq, Serialize)]
struct Member {
	stake: u32,
	price: u16,
	free_capacity: u16,
	max_capacity: u16,
	/// Stake above the smallest one that enters the pool now, in tokens. `None` if none enters.
	margin: Option<i64>,
	/// Probability of the next draw.
	odds: f64,
	/// Expected rewards in a day at the present load, in tokens, if blocks use their gas limits.
	/// `None` if the load is unknown, or no block is in the queue.
	income_a_day: Option<f64>,
}

#[derive(Debug, PartialEq, Serialize)]
struct Exit {
	amount: u32,
	/// Seconds of the rollup's clock until it is mature; 0 if it is.
	seconds_left: u64,
}

#[derive(Debug, PartialEq, Serialize)]
struct Due {
	block_id: u64,
	seconds_left: u64,
}

#[derive(Debug, PartialEq, Serialize)]
struct Books {
	proven: u64,
	missed: u64,
	earned: String,
	slashed: u64,
	fees: String,
	as_of: u64,
	/// Number of chain blocks that were not read.
	unread: u64,
	stands_by: bool,
}

/// Prints the status of an account.
pub async fn status(chain: &Chain, account: AccountId32, base: &Path, json: bool) -> Result<()> {
	let status = read(chain, account, base).await?;
	match json {
		true => println!("{}", serde_json::to_string_pretty(&status)?),
		false => status.lines().into_iter().for_each(|line| println!("{line}")),
	}
	Ok(())
}

async fn read(chain: &Chain, account: AccountId32, base: &Path) -> Result<Status> {
	let best = chain.best().await?;
	let now = best.now().await?;
	let one_token = best.one_token()?;
	let (staker, entry) = best.staker(&account).await?;
	let positions = best.positions().await?;
	let blocks = chain
		.blocks(&best, positions.settled.saturating_add(1)..=positions.drawn)
		.await?;
	let outstanding = staker.outstanding(&entry);
	let member = match staker.prover_id {
		Some(_) => Some(member(chain, &best, &account, entry, staker.max_capacity, &blocks).await?),
		None => None,
	};
	let exit = exit(&staker, best.pool_parameters().await?.exit_period, now);
	let queue = Queue { positions, now, blocks };
	let checkpoint =
		Folder::at(base, chain.genesis(), &account).checkpoint(chain.genesis(), &account)?;
	Ok(Status {
		account: account.to_string(),
		balance: tokens(best.nonce_and_balance(&account).await?.1, one_token),
		operator: operator(&best, &account).await?,
		member,
		exit,
		outstanding,
		to_prove: due(&queue, &account),
		books: checkpoint.map(|checkpoint| books(checkpoint, one_token)),
	})
}

fn exit(staker: &PoolStaker, period: u64, now: u64) -> Option<Exit> {
	let matures = staker.exit_requested_at.saturating_add(period);
	(staker.exit_amount > 0).then(|| Exit {
		amount: staker.exit_amount,
		// The exit matures in the second after the period.
		seconds_left: matures.saturating_add(1).saturating_sub(now),
	})
}

async fn operator(best: &Snapshot, account: &AccountId32) -> Result<Option<Operator>> {
	let Some(operator) = best.operator(account).await? else {
		return Ok(None);
	};
	let (_, balance) = best.nonce_and_balance(&operator).await?;
	let balance = tokens(balance, best.one_token()?);
	Ok(Some(Operator { account: operator.to_string(), balance }))
}

async fn member(
	chain: &Chain,
	best: &Snapshot,
	account: &AccountId32,
	entry: PoolEntry,
	max_capacity: u16,
	blocks: &BTreeMap<u64, RollupBlock>,
) -> Result<Member> {
	let members = best.members().await?.into_iter();
	let others: Vec<_> = members
		.filter(|(_, who, _)| who != account)
		.map(|(_, _, entry)| entry)
		.collect();
	let (fee, tolerance) = (best.fee_per_gas().await?, best.reward_tolerance()?);
	let odds = odds(&entry, &others, fee, tolerance);
	let entry_price = best.entry_price().await?;
	let price = effective_price(entry.reward_per_gas, fee, tolerance);
	let token_price = price as f64 / best.one_token()?.max(1) as f64;
	let (load, gas) = (blocks_a_day(chain, best).await?, average_gas(best, blocks)?);
	Ok(Member {
		stake: entry.staked_amount,
		price: entry.reward_per_gas,
		free_capacity: entry.current_capacity,
		max_capacity,
		margin: entry_price
			.map(|entry_price| i64::from(entry.staked_amount) - i64::from(entry_price)),
		odds,
		income_a_day: load.zip(gas).map(|(load, gas)| load * odds * gas * token_price),
	})
}

/// Returns the average maximum gas of a block in the queue.
fn average_gas(best: &Snapshot, blocks: &BTreeMap<u64, RollupBlock>) -> Result<Option<f64>> {
	let mut sum = 0.0;
	for block in blocks.values() {
		sum += best.gas_of(block.payload_size)? as f64 + f64::from(block.gas_limit);
	}
	Ok((!blocks.is_empty()).then(|| sum / blocks.len() as f64))
}

/// Returns the number of rollup blocks that a day has at the present load. `None` if the node does
/// not keep the states of the last chain blocks.
async fn blocks_a_day(chain: &Chain, best: &Snapshot) -> Result<Option<f64>> {
	let number = best.number().saturating_sub(LOAD_BLOCKS).max(1);
	let Some(before) = chain.at(number).await? else {
		return Ok(None);
	};
	let (Ok(then), Ok(past)) = (before.now().await, before.positions().await) else {
		return Ok(None);
	};
	Ok(rate((then, past), (best.now().await?, best.positions().await?)))
}

fn rate(from: (u64, Positions), to: (u64, Positions)) -> Option<f64> {
	let seconds = to.0.checked_sub(from.0).filter(|seconds| *seconds > 0)?;
	let blocks = to.1.proposed.saturating_sub(from.1.proposed);
	Some(blocks as f64 * SECONDS_A_DAY / seconds as f64)
}

/// Returns the blocks that are reserved for an account and have no transition.
fn due(queue: &Queue, account: &AccountId32) -> Vec<Due> {
	let mut due = Vec::new();
	for (&block_id, block) in &queue.blocks {
		let is_pending = matches!(block.phase, Phase::Assigned(_)) && block.transition.is_none();
		if let Some(Right::Reserved { deadline, .. }) =
			queue.right(block_id, account).filter(|_| is_pending)
		{
			due.push(Due { block_id, seconds_left: deadline.saturating_sub(queue.now) });
		}
	}
	due
}

fn books(checkpoint: Checkpoint, one_token: u128) -> Books {
	let totals = &checkpoint.totals;
	Books {
		proven: totals.proven,
		missed: totals.missed,
		earned: tokens(totals.earned, one_token),
		slashed: totals.slashed,
		fees: tokens(totals.fees, one_token),
		as_of: checkpoint.scanned.number,
		unread: checkpoint.unread,
		stands_by: !checkpoint.in_charge,
	}
}

impl Status {
	fn lines(&self) -> Vec<String> {
		let mut lines = vec![
			line("account", &self.account),
			line("balance", format!("{} tokens", self.balance)),
		];
		if let Some(Operator { account, balance }) = &self.operator {
			lines.push(line("operator", format!("{account}, with {balance} tokens")));
		}
		match &self.member {
			Some(member) => lines.extend(member.lines()),
			None => lines.push(line("stake", "not in the pool")),
		}
		if let Some(Exit { amount, seconds_left }) = self.exit {
			let when = match seconds_left {
				0 => "can be withdrawn".into(),
				seconds => format!("can be withdrawn in {}", duration(seconds)),
			};
			lines.push(line("in exit", format!("{amount} tokens, {when}")));
		}
		lines.push(line("outstanding", blocks(self.outstanding.into())));
		lines.push(line("to prove", blocks(self.to_prove.len() as u64)));
		for Due { block_id, seconds_left } in &self.to_prove {
			lines.push(line(
				"",
				format!("block {block_id}, in the next {}", duration(*seconds_left)),
			));
		}
		lines.extend(self.books.iter().flat_map(Books::lines));
		lines
	}
}

impl Member {
	fn lines(&self) -> Vec<String> {
		let margin = match self.margin {
			Some(margin) => format!("{margin} tokens above the smallest stake that enters"),
			None => "no stake enters the pool now".into(),
		};
		let income = match self.income_a_day {
			Some(income) => {
				format!("about {income:.4} tokens a day at the present load and full gas")
			},
			None => "unknown: the queue is empty, or the node does not keep older states".into(),
		};
		vec![
			line("stake", format!("{} tokens", self.stake)),
			line("margin", margin),
			line("price", format!("{} for a unit of gas", self.price)),
			line("capacity", format!("{} of {} free", self.free_capacity, self.max_capacity)),
			line("odds", format!("{:.1} % of the next draw", self.odds * 100.0)),
			line("income", income),
		]
	}
}

impl Books {
	fn lines(&self) -> Vec<String> {
		let mut lines = vec![
			line("proven", blocks(self.proven)),
			line("missed", blocks(self.missed)),
			line("earned", format!("{} tokens", self.earned)),
			line("slashed", format!("{} tokens", self.slashed)),
			line("fees", format!("{} tokens", self.fees)),
			line("as of", format!("chain block {}", self.as_of)),
		];
		if self.unread > 0 {
			let unread =
				format!("{} chain blocks, whose states the node did not keep", self.unread);
			lines.push(line("unread", unread));
		}
		if self.stands_by {
			lines.push(line("stands by", "another program proves with the same key"));
		}
		lines
	}
}

fn line(name: &str, value: impl AsRef<str>) -> String {
	format!("{name:<12} {}", value.as_ref())
}

fn blocks(count: u64) -> String {
	match count {
		1 => "1 block".into(),
		count => format!("{count} blocks"),
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::chain::fake::FakeNode;
	use subxt_signer::sr25519::dev;
	use tempfile::TempDir;

	async fn of(account: AccountId32, base: &TempDir) -> Status {
		let node = FakeNode::development();
		node.add(vec![], vec![], || {});
		read(&node.connect().await, account, base.path()).await.unwrap()
	}

	#[tokio::test]
	async fn a_member_sees_its_place_in_the_pool() {
		let base = TempDir::new().unwrap();
		let status = of(dev::eve().public_key().to_account_id(), &base).await;
		let member = status.member.as_ref().unwrap();
		assert!(member.stake > 0 && member.odds > 0.0 && member.odds < 1.0, "{member:?}");
		assert_eq!(member.free_capacity, member.max_capacity);
		let lines = status.lines().join("\n");
		for name in ["balance", "stake", "margin", "odds", "income", "to prove     0 blocks"] {
			assert!(lines.contains(name), "{lines}");
		}
		assert!(!lines.contains("proven"), "there is no prover on this machine: {lines}");
	}

	#[tokio::test]
	async fn the_books_of_this_machine_are_shown() {
		let base = TempDir::new().unwrap();
		let account = dev::dave().public_key().to_account_id();
		let chain = FakeNode::development().connect().await;
		let mut checkpoint = Checkpoint::new(chain.genesis(), account);
		checkpoint.totals.earned = 1_500_000_000_000;
		checkpoint.unread = 7;
		checkpoint.in_charge = false;
		Folder::lock(base.path(), chain.genesis(), &account)
			.unwrap()
			.save(&checkpoint)
			.unwrap();
		let status = of(account, &base).await;
		assert_eq!(status.member, None);
		let lines = status.lines().join("\n");
		for part in ["not in the pool", "earned       1.5 tokens", "7 chain blocks", "stands by"] {
			assert!(lines.contains(part), "{lines}");
		}
		let json = serde_json::to_value(&status).unwrap();
		assert_eq!(json["books"]["earned"], "1.5");
	}

	#[tokio::test]
	async fn the_operator_is_shown_with_its_balance() {
		use prover_pool_runtime::Runtime;
		let native = |key: subxt_signer::sr25519::Keypair| {
			sp_core::crypto::AccountId32::from(key.public_key().0)
		};
		let node = FakeNode::development();
		node.add(vec![], vec![], || {
			pallet_prover_pool::Operators::<Runtime>::insert(
				native(dev::eve()),
				native(dev::dave()),
			);
		});
		let (chain, base) = (node.connect().await, TempDir::new().unwrap());
		let account = dev::eve().public_key().to_account_id();
		let operator = read(&chain, account, base.path()).await.unwrap().operator.unwrap();
		assert_eq!(operator.account, dev::dave().public_key().to_account_id().to_string());
		assert_ne!(operator.balance, "0");
	}

	#[test]
	fn an_exit_matures_in_the_second_after_the_period() {
		let staker = |exit_amount| PoolStaker {
			exit_requested_at: 100,
			exit_amount,
			max_capacity: 6,
			prover_id: None,
			staked_at: 0,
			backlog: 0,
		};
		let left = |now| exit(&staker(7), 50, now).map(|exit| exit.seconds_left);
		assert_eq!(
			[left(100), left(150), left(151), left(900)],
			[Some(51), Some(1), Some(0), Some(0)]
		);
		assert_eq!(exit(&staker(0), 50, 100), None);
	}

	#[test]
	fn the_load_is_the_rate_of_proposals() {
		let at = |proposed| Positions { proposed, ..Positions::default() };
		assert_eq!(rate((100, at(5)), (1_300, at(25))), Some(1_440.0));
		assert_eq!(rate((100, at(5)), (100, at(5))), None);
	}
}
