// SPDX-License-Identifier: Apache-2.0

//! How a prover reads the chain.

use super::Worker;
use crate::{
	chain::{Chain, Event, Snapshot},
	checkpoint::Scanned,
	schedule::{Candidate, View},
};
use anyhow::{anyhow, Context, Result};
use std::collections::BTreeSet;
use tracing::{error, info};

/// How many of the blocks that are open to everyone are looked at: one is proven at a time.
const MAX_OPEN: usize = 16;

/// After how many quiet blocks of the chain the checkpoint is written nevertheless.
const QUIET_BLOCKS: u64 = 100;

impl Worker {
	/// Looks at all blocks of the chain up to this finalized one, and does what is to be done.
	pub async fn advance(&mut self, chain: &Chain, target: u64) -> Result<()> {
		let first = self.checkpoint()?.scanned.number;
		for number in first.saturating_add(1)..=target {
			let hash = chain
				.hash_of(number)
				.await?
				.ok_or_else(|| anyhow!("the node has no block {number}, which is finalized"))?;
			self.read(&chain.at(number, hash).await?).await?;
			if number % 1_000 == 0 && target > number {
				info!("Read block {number} of {target}.");
			}
		}
		let Scanned { number, hash } = self.checkpoint()?.scanned;
		if number == target {
			let finalized = chain.at(number, hash).await?;
			self.look(&finalized, &chain.best().await?).await?;
			self.act(chain).await?;
		}
		Ok(())
	}

	/// Reads a finalized block.
	async fn read(&mut self, block: &Snapshot) -> Result<()> {
		let events = block.events().await?;
		let one_token = block.one_token()?;
		let was_halted = self.checkpoint()?.ledger.halted().is_some();
		let mut payloads = Vec::new();
		for event in &events {
			// A ledger that halted needs none, but counts on.
			if let (Event::BlockProposed(event), false) = (event, was_halted) {
				payloads.push(block.payload(event.payload_hash, event.payload_size).await?);
			}
		}

		// From here on nothing waits, so that a block is read as a whole or not at all.
		let Self { checkpoint, data, account, saved_at, .. } = self;
		let checkpoint = checkpoint.as_mut().context("no chain is open")?;
		let mut payloads = payloads.into_iter();
		for event in &events {
			match event {
				Event::BlockProposed(_) if was_halted => {},
				Event::BlockProposed(event) => match payloads.next().flatten() {
					Some(payload) => {
						data.keep_payload(event.block_id, &payload)?;
						checkpoint.ledger.propose(event, &payload);
					},
					None => checkpoint.ledger.halt(format!(
						"the payload of block {} is not in block {} of the chain",
						event.block_id,
						block.number()
					)),
				},
				Event::BlockSettled(event) => {
					checkpoint.ledger.settle(event);
					checkpoint.totals.settled(event, account);
				},
				Event::TransitionOverridden(event) => checkpoint.ledger.override_transition(event),
				Event::BlockProven(event) => checkpoint.totals.proven(event, account),
				Event::Slashed(event) => checkpoint.totals.slashed(event, account),
				Event::WindowClosed(_)
				| Event::Staked(_)
				| Event::Exited(_)
				| Event::Withdrawn(_) => {},
			}
			if event.concerns(account) {
				info!("{}", event.describe(one_token));
			}
		}
		if let (false, Some(reason)) = (was_halted, checkpoint.ledger.halted()) {
			error!("Nothing is proven from now on: {reason}.");
		}
		checkpoint.scanned = Scanned { number: block.number(), hash: block.hash() };
		if !events.is_empty() || block.number() >= saved_at.saturating_add(QUIET_BLOCKS) {
			self.save()?;
		}
		Ok(())
	}

	/// Looks at what the chain wants from this prover at a finalized block, and what of it is
	/// done at the best one.
	async fn look(&mut self, finalized: &Snapshot, best: &Snapshot) -> Result<()> {
		let account = self.account;
		let now = finalized.now().await?;
		let progress = finalized.progress().await?;
		let pending = finalized.pending_blocks(&account).await?;
		let open = finalized.open_blocks().await?;
		let (staker, entry) = finalized.staker(&account).await?;
		let one_token = finalized.one_token()?;

		let ledger = &self.checkpoint()?.ledger;
		if ledger.halted().is_none()
			&& (ledger.settled() != progress.settled || ledger.root() != progress.state)
		{
			let reason = format!(
				"the chain settled block {} with the state {:?}, but the blocks up to {} lead to {:?}",
				progress.settled,
				progress.state,
				ledger.settled(),
				ledger.root()
			);
			error!("Nothing is proven from now on: {reason}.");
			self.checkpoint_mut()?.ledger.halt(reason);
			self.save()?;
		}

		let ledger = &self.checkpoint()?.ledger;
		let mut candidates = Vec::new();
		let mut next_deadline = None;
		// The next block to be settled is looked at in any case: what somebody proved of it on
		// another state does not settle it.
		let next = progress.settled.saturating_add(1);
		let ids = pending.iter().chain(open.iter().take(MAX_OPEN)).copied().chain([next]);
		for block_id in BTreeSet::from_iter(ids) {
			let Some(block) = finalized.block(block_id).await? else {
				continue;
			};
			let holder = block.reserved_for(now);
			if holder.is_some_and(|holder| *holder != account) {
				continue;
			}
			let Some(transition) = ledger.transition(block_id) else {
				continue;
			};
			if ledger.halted().is_some() || block.is_proven_on(transition.parent_state_root) {
				continue;
			}
			if holder.is_some() && next_deadline.is_none() {
				next_deadline = Some(block.closes_at.saturating_sub(now));
			}
			let proven_at_best = match best.block(block_id).await? {
				Some(block) => block.is_proven_on(transition.parent_state_root),
				// It was settled.
				None => true,
			};
			candidates.push(Candidate { block_id, mine: holder.is_some(), proven_at_best });
		}

		self.view = View { number: finalized.number(), candidates };
		self.metrics.show_pool(&staker, &entry);
		self.metrics.show_pending(pending.len(), next_deadline);
		let checkpoint = self.checkpoint()?;
		self.metrics.show_progress(
			checkpoint.scanned.number,
			&checkpoint.totals,
			one_token,
			checkpoint.ledger.halted().is_some(),
		);
		Ok(())
	}
}
