// SPDX-License-Identifier: Apache-2.0

//! One-shot commands: `stake`, `exit`, `withdraw`, `status`.

use crate::{
	chain::{Call, Chain, Outcome, Phase, Snapshot, Terms},
	checkpoint::Checkpoint,
	folder::{write, Folder},
	queue::Queue,
	state_file::StateFile,
	text::{duration, tokens},
};
use anyhow::{bail, Context, Result};
use std::{fs, path::Path};
use subxt::utils::AccountId32;
use subxt_signer::sr25519::Keypair;

/// Submits a call, waits until it is finalized, and prints its events.
pub async fn submit(url: &str, signer: &Keypair, call: Call) -> Result<()> {
	let chain = Chain::connect(url).await?;
	let signed = chain.sign(&call, signer, Terms::default()).await?;
	let outcome = match chain.submit(&signed.extrinsic).await {
		Ok(Some(watch)) => {
			println!("Submitted. Waiting until the transaction is finalized.");
			watch.outcome().await
		},
		Ok(None) => Outcome::Unknown { reason: "the node already has it".into() },
		Err(outcome) => outcome,
	};
	match outcome {
		Outcome::Done { events, .. } => {
			let one_token = chain.finalized().await?.one_token()?;
			for event in events {
				println!("{}", event.describe(one_token));
			}
			Ok(())
		},
		Outcome::Failed { error, .. } => bail!("{error}"),
		Outcome::Refused { reason, .. } => bail!("the node rejects the transaction: {reason}"),
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
	if let Some(checkpoint) =
		Folder::at(data, chain.genesis(), &account).checkpoint(chain.genesis(), &account)?
	{
		show_books(checkpoint, block.one_token()?);
	}
	Ok(())
}

/// Writes the last proven state that a prover knows to a file, for another prover.
pub async fn export_state(url: &str, account: AccountId32, base: &Path, file: &Path) -> Result<()> {
	let chain = Chain::connect(url).await?;
	let folder = Folder::at(base, chain.genesis(), &account);
	let checkpoint = folder
		.checkpoint(chain.genesis(), &account)?
		.with_context(|| format!("there is no prover in {}", folder.path().display()))?;
	let roots = proven(&chain).await?.roots();
	let (block_id, state) = roots
		.iter()
		.rev()
		.find_map(|(block_id, root)| Some((block_id, checkpoint.ledger.state(*root)?)))
		.context("this prover knows no state that the chain has now")?;
	let state = StateFile::new(chain.genesis(), state.clone(), &folder.versions());
	write(file, &serde_json::to_vec(&state)?)?;
	println!("Exported the state {:?} after block {block_id}.", state.root());
	Ok(())
}

/// Checks a state against the chain, and hands it to the prover of an account.
pub async fn import_state(url: &str, account: AccountId32, base: &Path, file: &Path) -> Result<()> {
	let text = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
	let state = StateFile::parse(&text).with_context(|| file.display().to_string())?;
	let chain = Chain::connect(url).await?;
	let block_id = state.find(chain.genesis(), &proven(&chain).await?.roots())?;
	let folder = Folder::at(base, chain.genesis(), &account);
	folder.offer(&state)?;
	println!(
		"The chain has this state after block {block_id}. The prover in {} continues with it.",
		folder.path().display()
	);
	Ok(())
}

/// Returns the proven part of the queue at the best block.
async fn proven(chain: &Chain) -> Result<Queue> {
	let best = chain.best().await?;
	let positions = best.positions().await?;
	let blocks = chain
		.blocks(&best, positions.settled.saturating_add(1)..=positions.proven)
		.await?;
	Ok(Queue { positions, now: 0, blocks })
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
