// SPDX-License-Identifier: Apache-2.0

//! Production and submission of proofs.

use super::Worker;
use crate::{
	chain::{Call, Chain, Outcome},
	ledger::Proposal,
	schedule::{Proof, Stage, Work},
};
use anyhow::{bail, ensure, Context, Result};
use subxt::utils::H256;
use tokio::task::spawn_blocking;
use tracing::{error, info, warn};

/// Result of a background job.
pub(super) enum Job {
	/// Proving the statement with this public input succeeded or failed.
	Proved { block_id: u64, input: H256, result: Result<Vec<u8>> },
	/// The outcome of this transaction is known.
	Sent { block_id: u64, extrinsic: Vec<u8>, outcome: Outcome },
}

impl Worker {
	/// Starts to prove a block.
	pub(super) fn prove(&mut self, block_id: u64) -> Result<()> {
		let candidate = self.view.candidate(block_id).context("the block is not a candidate")?;
		let (statement, input) = (candidate.statement.clone(), candidate.input);
		let checkpoint = self.checkpoint()?;
		let parent_root = statement.transition.parent_state_root.into();
		let parent = checkpoint.ledger.state(parent_root).context("the state is unknown")?.clone();
		let proposal = Proposal {
			payload_hash: statement.payload_hash.into(),
			payload_size: statement.payload_size,
			gas_limit: statement.gas_limit,
		};
		let (keys, data) = (self.keys.clone(), self.data.clone());
		info!("Proving block {block_id}.");
		self.jobs.spawn(async move {
			let result = spawn_blocking(move || {
				parent.prove(&keys, &statement, &data.payload(block_id, &proposal)?)
			})
			.await
			.context("the proving task failed")
			.and_then(|result| result);
			Job::Proved { block_id, input, result }
		});
		self.checkpoint_mut()?
			.work
			.insert(block_id, Work { input, stage: Stage::Proving });
		Ok(())
	}

	/// Sends the proof of a block in a new transaction.
	pub(super) async fn send(&mut self, chain: &Chain, block_id: u64) -> Result<()> {
		let candidate = self.view.candidate(block_id).context("the block is not a candidate")?;
		let (transition, input) = (candidate.statement.transition, candidate.input);
		let Some(Stage::Proved(proof)) = self.stage(block_id)?.cloned() else {
			bail!("block {block_id} was not proven");
		};
		let bytes = proof.bytes.clone();
		let call = Call::Prove { block_id, prover: self.account, transition, proof: bytes };
		let signed = chain.sign(&call, &self.signer).await?;
		// Stored before it is sent: a restart must not send the proof again with another nonce.
		let stage = Stage::Sent {
			proof,
			extrinsic: signed.extrinsic,
			expires: signed.expires,
			submitted: false,
		};
		self.checkpoint_mut()?.work.insert(block_id, Work { input, stage });
		self.save()?;
		info!("Sending the proof of block {block_id}.");
		self.submit(chain, block_id).await
	}

	/// Submits the transaction of a block to the node, and watches it. Fails if the node does not
	/// respond.
	pub(super) async fn submit(&mut self, chain: &Chain, block_id: u64) -> Result<()> {
		let Some(Stage::Sent { extrinsic, submitted, .. }) = self.stage_mut(block_id)? else {
			bail!("block {block_id} has no transaction");
		};
		*submitted = true;
		let extrinsic = extrinsic.clone();
		match chain.submit(&extrinsic).await {
			Ok(Some(watch)) => {
				self.jobs.spawn(async move {
					Job::Sent { block_id, extrinsic, outcome: watch.outcome().await }
				});
				Ok(())
			},
			// The queue will show its effect, or it expires.
			Ok(None) => Ok(()),
			Err(outcome) => {
				let is_unknown = matches!(outcome, Outcome::Unknown { .. });
				self.sent(block_id, &extrinsic, outcome)?;
				ensure!(!is_unknown, "the node does not respond");
				Ok(())
			},
		}
	}

	/// Waits until a background job completes, and records its result. Never returns if there is no
	/// job.
	pub async fn job_done(&mut self) {
		let Some(job) = self.jobs.join_next().await else {
			return std::future::pending().await;
		};
		let noted = match job {
			Ok(Job::Proved { block_id, input, result }) => self.proved(block_id, input, result),
			Ok(Job::Sent { block_id, extrinsic, outcome }) => {
				self.sent(block_id, &extrinsic, outcome)
			},
			Err(error) => Err(error.into()),
		};
		if let Err(error) = noted {
			error!("{error:#}.");
		}
	}

	fn proved(&mut self, block_id: u64, input: H256, result: Result<Vec<u8>>) -> Result<()> {
		let stage = match result {
			Ok(proof) => {
				info!("The proof of block {block_id} is finished.");
				Stage::Proved(Proof::new(proof))
			},
			Err(error) => {
				error!("Proving block {block_id} failed: {error:#}. Restart the prover to retry.");
				self.count_failure()?;
				Stage::Closed
			},
		};
		self.checkpoint_mut()?.work.insert(block_id, Work { input, stage });
		self.save()
	}

	/// Records the outcome of a transaction, unless its block has another one or none now.
	fn sent(&mut self, block_id: u64, sent: &[u8], outcome: Outcome) -> Result<()> {
		let is_current = matches!(
			self.stage(block_id)?,
			Some(Stage::Sent { extrinsic, .. }) if extrinsic == sent
		);
		if !is_current {
			return Ok(());
		}
		match &outcome {
			Outcome::Done { .. } => {},
			Outcome::Failed { error, .. } => {
				warn!("The chain rejected the proof of block {block_id}: {error}");
			},
			Outcome::Refused { reason } => {
				warn!("The transaction for block {block_id} was dropped: {reason}. Retrying.");
			},
			Outcome::Unknown { reason } => {
				warn!("The outcome of the proof of block {block_id} is unknown: {reason}.");
			},
		}
		self.conclude(block_id, &outcome)
	}

	/// Records that no chain block can contain the transaction any more.
	pub(super) fn expired(&mut self, block_id: u64) -> Result<()> {
		warn!("The transaction for block {block_id} has expired. Retrying.");
		self.conclude(block_id, &Outcome::Refused { reason: "expired".into() })
	}

	/// Moves the work to the stage after an outcome.
	fn conclude(&mut self, block_id: u64, outcome: &Outcome) -> Result<()> {
		let number = self.view.number;
		if let Some(work) = self.checkpoint_mut()?.work.get_mut(&block_id) {
			work.stage = work.stage.clone().after(outcome, number);
		}
		if matches!(outcome, Outcome::Failed { .. } | Outcome::Refused { .. }) {
			self.count_failure()?;
		}
		self.save()
	}

	fn count_failure(&mut self) -> Result<()> {
		let totals = &mut self.checkpoint_mut()?.totals;
		totals.failures = totals.failures.saturating_add(1);
		Ok(())
	}

	fn stage(&self, block_id: u64) -> Result<Option<&Stage>> {
		Ok(self.checkpoint()?.work.get(&block_id).map(|work| &work.stage))
	}

	fn stage_mut(&mut self, block_id: u64) -> Result<Option<&mut Stage>> {
		Ok(self.checkpoint_mut()?.work.get_mut(&block_id).map(|work| &mut work.stage))
	}
}
