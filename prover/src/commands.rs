// SPDX-License-Identifier: Apache-2.0

//! What an operator does once in a while: stake, leave, be paid out, look.

use crate::{
	chain::{Call, Chain, Outcome},
	checkpoint::DataDir,
	text::{duration, tokens},
};
use anyhow::{bail, Context, Result};
use std::path::Path;
use subxt_signer::sr25519::Keypair;

/// Makes a call, waits until it is finalized, and tells what happened.
pub async fn submit(url: &str, signer: &Keypair, call: Call) -> Result<()> {
	let chain = Chain::connect(url).await?;
	let signed = chain.sign(&call, signer).await?;
	let outcome = match chain.submit(&signed.extrinsic).await {
		Ok(Some(watch)) => {
			println!("Sent. Waiting until it is finalized.");
			watch.outcome().await
		},
		Ok(None) => Outcome::Unknown { reason: "the node had it already".into() },
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
		Outcome::Failed { error } => bail!("{error}"),
		Outcome::Refused { reason } => bail!("the node refuses the transaction: {reason}"),
		Outcome::Unknown { reason } => {
			bail!("what became of the transaction is unknown: {reason}. See with `status`")
		},
	}
}

/// Shows what the chain knows of the account, and what is in its checkpoint.
pub async fn status(url: &str, signer: &Keypair, data: &Path) -> Result<()> {
	let chain = Chain::connect(url).await?;
	let account = signer.public_key().to_account_id();
	let block = chain.finalized().await?;
	let (staker, entry) = block.staker(&account).await?;
	let now = block.now().await?;
	let pending = block.pending_blocks(&account).await?;
	let one_token = block.one_token()?;

	let line = |name: &str, value: String| println!("{name:<12} {value}");
	line("account", account.to_string());
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
			// It has to be longer ago than the period.
			Some(seconds) => format!("can be withdrawn in {}", duration(seconds.saturating_add(1))),
			None => "can be withdrawn".into(),
		};
		line("in exit", format!("{} tokens, {when}", staker.exit_amount));
	}
	line("to prove", blocks(pending.len() as u64));
	if let Some(&first) = pending.first() {
		let next = block.block(first).await?.context("a pending block is settled")?;
		let left = duration(next.closes_at.saturating_sub(now));
		line("next", format!("block {first}, in the next {left}"));
	}

	if let Some(checkpoint) = DataDir::at(data).load(chain.genesis(), &account)? {
		let totals = &checkpoint.totals;
		line("proven", blocks(totals.proven));
		line("earned", format!("{} tokens", tokens(totals.earned, one_token)));
		line("slashed", format!("{} tokens", totals.slashed));
		line("as of", format!("block {} of the chain", checkpoint.scanned.number));
		if let Some(reason) = checkpoint.ledger.halted() {
			line("halted", reason.into());
		}
	}
	Ok(())
}

fn blocks(count: u64) -> String {
	match count {
		1 => "1 block".into(),
		count => format!("{count} blocks"),
	}
}
