// SPDX-License-Identifier: Apache-2.0

//! One-shot commands: `stake`, `exit`, `withdraw`, `status`.

use crate::{
	chain::{Call, Chain, Outcome, Phase, Snapshot},
	checkpoint::{Checkpoint, DataDir},
	text::{duration, tokens},
};
use anyhow::{bail, Context, Result};
use std::path::Path;
use subxt::utils::AccountId32;
use subxt_signer::sr25519::Keypair;

/// Submits a call, waits until it is finalized, and prints its events.
pub async fn submit(url: &str, signer: &Keypair, call: Call) -> Result<()> {
	let chain = Chain::connect(url).await?;
	let signed = chain.sign(&call, signer).await?;
	let outcome = match chain.submit(&signed.extrinsic).await {
		Ok(Some(watch)) => {
			println!("Submitted. Waiting until the transaction is finalized.");
			watch.outcome().await
		},
		Ok(None) => Outcome::Unknown { reason: "the node already has it".into() },
		Err(outcome) => outcome,
	};
	match outcome {
		Outcome::Done { events } => {
			let one_token = chain.finalized().await?.one_token()?;
			for event in events {
				println!("{}", event.describe(one_token));
			}
			Ok(())
		},
		Outcome::Failed { error, .. } => bail!("{error}"),
		Outcome::Refused { reason } => bail!("the node rejects the transaction: {reason}"),
		Outcome::Unknown { reason } => {
			bail!("the outcome of the transaction is unknown: {reason}. Check it with `status`")
		},
	}
}

/// Prints the chain's entries of the account, and its checkpoint.
pub async fn status(url: &str, account: AccountId32, data: &Path) -> Result<()> {
	let chain = Chain::connect(url).await?;
	let block = chain.finalized().await?;
	let now = block.now().await?;
	line("account", account.to_string());
	show_stake(&block, &account, now).await?;
	show_pending(&block, &account, now).await?;
	if let Some(checkpoint) = DataDir::at(data).load(chain.genesis(), &account)? {
		show_books(checkpoint, block.one_token()?);
	}
	Ok(())
}

async fn show_stake(block: &Snapshot, account: &AccountId32, now: u64) -> Result<()> {
	let (staker, entry) = block.staker(account).await?;
	match staker.prover_id {
		Some(_) => {
			line("stake", format!("{} tokens", entry.staked_amount));
			line("price", format!("{} for a unit of gas", entry.reward_per_gas));
			line("capacity", format!("{} of {} free", entry.current_capacity, staker.max_capacity));
		},
		None => line("stake", "not in the pool".into()),
	}
	line("outstanding", blocks(staker.outstanding(&entry).into()));
	if staker.exit_amount > 0 {
		let matures = staker.exit_requested_at.saturating_add(block.exit_period()?);
		let when = match matures.checked_sub(now) {
			// The exit matures in the second after the period.
			Some(seconds) => format!("can be withdrawn in {}", duration(seconds.saturating_add(1))),
			None => "can be withdrawn".into(),
		};
		line("in exit", format!("{} tokens, {when}", staker.exit_amount));
	}
	Ok(())
}

async fn show_pending(block: &Snapshot, account: &AccountId32, now: u64) -> Result<()> {
	let pending = block.pending_blocks(account).await?;
	line("to prove", blocks(pending.len() as u64));
	if let Some(&first) = pending.first() {
		let next = block.block(first).await?.context("a pending block is settled")?;
		if let Phase::Assigned(assigned) = next.phase {
			let left = duration(assigned.deadline.saturating_sub(now));
			line("next", format!("block {first}, in the next {left}"));
		}
	}
	Ok(())
}

fn show_books(checkpoint: Checkpoint, one_token: u128) {
	let totals = &checkpoint.totals;
	line("proven", blocks(totals.proven));
	line("missed", blocks(totals.missed));
	line("earned", format!("{} tokens", tokens(totals.earned, one_token)));
	line("slashed", format!("{} tokens", totals.slashed));
	line("as of", format!("block {} of the chain", checkpoint.scanned.number));
	if let Some(reason) = checkpoint.waiting {
		line("waiting", reason);
	}
}

fn line(name: &str, value: String) {
	println!("{name:<12} {value}");
}

fn blocks(count: u64) -> String {
	match count {
		1 => "1 block".into(),
		count => format!("{count} blocks"),
	}
}
