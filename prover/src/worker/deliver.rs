// SPDX-License-Identifier: Apache-2.0

//! How a prover proves blocks, and sends the proofs.

use super::Worker;
use crate::{
	chain::{Call, Chain, Outcome},
	rollup::Statement,
	schedule::{Proof, Work},
};
use anyhow::{bail, Context, Result};
use tokio::task::spawn_blocking;
use tracing::{error, info, warn};

/// What came of something that ran beside.
pub(super) enum Job {
	Proved { block_id: u64, result: Result<Vec<u8>> },
	Sent { block_id: u64, outcome: Outcome },
}

impl Worker {
	/// Starts to prove a block.
	pub(super) fn prove(&mut self, block_id: u64) -> Result<()> {
		let checkpoint = self.checkpoint()?;
		let (Some((parent, executed)), Some(transition)) =
			(checkpoint.ledger.block(block_id), checkpoint.ledger.transition(block_id))
		else {
			bail!("block {block_id} was never executed");
		};
		let statement = Statement {
			chain: checkpoint.genesis,
			block_id,
			payload_hash: executed.payload_hash,
			payload_size: executed.payload_size,
			gas_limit: executed.gas_limit,
			transition,
			prover: self.account.0,
		};
		let parent = parent.clone();
		let (keys, data) = (self.keys.clone(), self.data.clone());
		info!("Proving block {block_id}.");
		self.jobs.spawn(async move {
			let result =
				spawn_blocking(move || parent.prove(&keys, &statement, &data.payload(block_id)?))
					.await
					.context("the proof broke off")
					.and_then(|result| result);
			Job::Proved { block_id, result }
		});
		self.checkpoint_mut()?.work.insert(block_id, Work::Proving);
		Ok(())
	}

	/// Sends the proof of a block in a new transaction.
	pub(super) async fn send(&mut self, chain: &Chain, block_id: u64) -> Result<()> {
		let checkpoint = self.checkpoint()?;
		let (Some(Work::Proved(proof)), Some(transition)) =
			(checkpoint.work.get(&block_id).cloned(), checkpoint.ledger.transition(block_id))
		else {
			bail!("block {block_id} was not proven");
		};
		let call = Call::Prove { block_id, transition, proof: proof.bytes.clone() };
		let signed = chain.sign(&call, &self.signer).await?;
		// Kept before it is sent, so that it is never sent a second time under another nonce.
		let work = Work::Sent {
			proof,
			extrinsic: signed.extrinsic,
			expires: signed.expires,
			submitted: false,
		};
		self.checkpoint_mut()?.work.insert(block_id, work);
		self.save()?;
		info!("Sending the proof of block {block_id}.");
		self.submit(chain, block_id).await
	}

	/// Gives the transaction of a block to the node, and has it watched. Fails when the node does
	/// not answer.
	pub(super) async fn submit(&mut self, chain: &Chain, block_id: u64) -> Result<()> {
		let Some(Work::Sent { extrinsic, submitted, .. }) =
			self.checkpoint_mut()?.work.get_mut(&block_id)
		else {
			bail!("block {block_id} has no transaction");
		};
		*submitted = true;
		match chain.submit(&extrinsic.clone()).await {
			Ok(Some(watch)) => {
				self.jobs
					.spawn(async move { Job::Sent { block_id, outcome: watch.outcome().await } });
				Ok(())
			},
			// The chain will show what becomes of it, or it expires.
			Ok(None) => Ok(()),
			Err(Outcome::Unknown { reason }) => {
				*submitted = false;
				bail!("the node does not take the proof of block {block_id}: {reason}")
			},
			Err(outcome) => self.sent(block_id, outcome),
		}
	}

	/// Waits until something that runs beside is done, and takes note of it. Never returns when
	/// nothing runs.
	pub async fn job_done(&mut self) {
		let Some(job) = self.jobs.join_next().await else {
			return std::future::pending().await;
		};
		let noted = match job {
			Ok(Job::Proved { block_id, result }) => self.proved(block_id, result),
			Ok(Job::Sent { block_id, outcome }) => self.sent(block_id, outcome),
			Err(error) => Err(error.into()),
		};
		if let Err(error) = noted {
			error!("{error:#}.");
		}
	}

	fn proved(&mut self, block_id: u64, result: Result<Vec<u8>>) -> Result<()> {
		let checkpoint = self.checkpoint_mut()?;
		let work = match result {
			Ok(proof) => {
				info!("Block {block_id} is proven.");
				Work::Proved(Proof::new(proof))
			},
			Err(error) => {
				error!("Block {block_id} cannot be proven: {error:#}.");
				checkpoint.totals.failures = checkpoint.totals.failures.saturating_add(1);
				Work::Closed
			},
		};
		checkpoint.work.insert(block_id, work);
		self.save()
	}

	fn sent(&mut self, block_id: u64, outcome: Outcome) -> Result<()> {
		let checkpoint = self.checkpoint_mut()?;
		match outcome {
			Outcome::Done { .. } => {
				checkpoint.work.insert(block_id, Work::Closed);
			},
			Outcome::Failed { error } => {
				warn!("The chain refused the proof of block {block_id}. {error}");
				checkpoint.totals.failures = checkpoint.totals.failures.saturating_add(1);
				checkpoint.work.insert(block_id, Work::Closed);
			},
			Outcome::Refused { reason } => return self.came_to_nothing(block_id, &reason),
			Outcome::Unknown { reason } => {
				warn!("What became of the proof of block {block_id} is unknown: {reason}.");
				if let Some(Work::Sent { submitted, .. }) = checkpoint.work.get_mut(&block_id) {
					*submitted = false;
				}
			},
		}
		self.save()
	}

	/// Takes note that a transaction will be in no block: the proof is sent again, if the chain
	/// still needs it.
	pub(super) fn came_to_nothing(&mut self, block_id: u64, reason: &str) -> Result<()> {
		let number = self.view.number;
		let checkpoint = self.checkpoint_mut()?;
		if let Some(Work::Sent { proof, .. }) = checkpoint.work.get(&block_id).cloned() {
			warn!("The transaction with the proof of block {block_id} came to nothing: {reason}.");
			checkpoint.totals.failures = checkpoint.totals.failures.saturating_add(1);
			let proof = proof.after_failure(number);
			checkpoint.work.insert(block_id, Work::Proved(proof));
		}
		self.save()
	}
}
