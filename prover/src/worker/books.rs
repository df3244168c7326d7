// SPDX-License-Identifier: Apache-2.0

//! Books of a prover: reads of finalized chain blocks, in order.

use super::Worker;
use crate::{
	chain::{is_discarded, Chain, Event, Payloads},
	checkpoint::{Checkpoint, Scanned},
};
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use subxt::utils::AccountId32;
use tracing::{info, warn};

/// Number of chain blocks without events after which the checkpoint is written anyway.
const QUIET_BLOCKS: u64 = 100;

/// Returns the checkpoint of a prover that starts at the last finalized chain block.
pub async fn start(chain: &Chain, account: AccountId32) -> Result<Checkpoint> {
	let finalized = chain.finalized().await?;
	let positions = finalized.positions().await?;
	let mut checkpoint = Checkpoint::new(chain.genesis(), account);
	checkpoint.scanned = Scanned { number: finalized.number(), hash: finalized.hash() };
	checkpoint.ledger.resume(positions.settled, positions.settled_root);
	Ok(checkpoint)
}

impl Worker {
	/// Reads the next finalized chain block, and records its events.
	///
	/// Continues at the last finalized block if the node does not keep the state of the next one.
	pub async fn read_next(&mut self, chain: &Chain) -> Result<()> {
		let number = self.scanned().saturating_add(1);
		let hash = chain
			.hash_of(number)
			.await?
			.with_context(|| format!("the node does not have chain block {number}"))?;
		let (events, one_token) = match chain.events(hash).await {
			Err(error) if is_discarded(&error) => return self.skip(chain).await,
			events => events?,
		};
		let payloads = self.payloads_to_settle(chain, &events).await?;

		let signer = self.policy.signer_account();
		let was_in_charge = self.checkpoint.in_charge;
		// Nothing below fails until the block is recorded, so that no part of it is missing.
		for event in &events {
			self.checkpoint.note(event, &payloads, &signer);
			if event.concerns(&self.policy.account) {
				info!("{}", event.describe(one_token));
			}
		}
		// An earlier run of this program may have sent proofs that it could not record.
		if number <= self.started_at {
			self.checkpoint.in_charge = was_in_charge;
		}
		self.checkpoint.scanned = Scanned { number, hash };
		self.warn_about_standby(was_in_charge);
		if !events.is_empty() || number >= self.saved_at.saturating_add(QUIET_BLOCKS) {
			self.save();
		}
		Ok(())
	}

	/// Continues at the last finalized block.
	async fn skip(&mut self, chain: &Chain) -> Result<()> {
		let finalized = chain.finalized().await?;
		let positions = finalized.positions().await?;
		let block = Scanned { number: finalized.number(), hash: finalized.hash() };
		warn!(
			"The node does not keep the states of chain blocks {} to {}. The books do not have their \
			 events.",
			self.scanned().saturating_add(1),
			block.number
		);
		self.checkpoint.skip_to(block, positions.settled, positions.settled_root);
		self.save();
		Ok(())
	}

	/// Reads the payloads of blocks that settle in an unknown state, which were proposed and settled
	/// while this program was away.
	async fn payloads_to_settle(&self, chain: &Chain, events: &[Event]) -> Result<Payloads> {
		let mut payloads = Payloads::new();
		for event in events {
			let Event::BlockSettled(event) = event else { continue };
			if self.checkpoint.ledger.knows(event.state_root) {
				continue;
			}
			let Some(proposal) = self.checkpoint.ledger.proposal(event.block_id) else { continue };
			let wanted = BTreeMap::from([(proposal.payload_hash, proposal.payload_size)]);
			payloads.extend(chain.payloads(&self.versions, proposal.proposed_in, wanted).await?);
		}
		Ok(payloads)
	}
}
