// SPDX-License-Identifier: Apache-2.0

//! Production and submission of proofs.

use super::Worker;
use crate::{
	chain::{Call, Chain, Outcome, Retry, Versions},
	rollup::{Keys, State, Statement},
	schedule::{Candidate, Proof, Stage, Work},
	terms::terms,
};
use anyhow::{bail, ensure, Context, Result};
use std::{
	collections::BTreeMap,
	sync::Arc,
	time::{Duration, Instant},
};
use subxt::utils::H256;
use tokio::task::spawn_blocking;
use tracing::{error, info, warn};

/// Result of a background job.
pub(super) enum Job {
	/// Making a proof succeeded or failed.
	Proved { block_id: u64, task: H256, took: Duration, result: Result<Vec<u8>> },
	/// The outcome of this transaction is known.
	Sent { block_id: u64, extrinsic: Vec<u8>, outcome: Outcome },
	/// The outcome of the exit is known.
	Left { outcome: Outcome },
}

/// Proof that is to be made.
struct Order {
	chain: Chain,
	versions: Versions,
	keys: Arc<Keys>,
	parent: State,
	statement: Statement<[u8; 32]>,
	proposed_in: u64,
}

impl Order {
	async fn execute(self) -> Result<Vec<u8>> {
		let Self { chain, versions, keys, parent, statement, proposed_in } = self;
		let wanted = BTreeMap::from([(H256(statement.payload_hash), statement.payload_size)]);
		let payload = chain.payloads(&versions, proposed_in, wanted).await?.into_values().next();
		let payload = payload.with_context(|| {
			format!("the node does not have the payload, in the body of chain block {proposed_in}")
		})?;
		spawn_blocking(move || parent.prove(&keys, &statement, &payload))
			.await
			.context("the proving task failed")?
	}
}

impl Worker {
	/// Starts to prove a block.
	pub(super) fn prove(&mut self, chain: &Chain, block_id: u64) {
		let Some(candidate) = self.view.candidate(block_id) else {
			return;
		};
		let task = candidate.task;
		let attempts = self.stage(block_id).map_or(0, Stage::failed_attempts);
		let stage = Stage::Proving { attempts };
		let stage = match self.order(chain, candidate) {
			Ok(order) => {
				info!("Proving block {block_id}.");
				let started = Instant::now();
				self.jobs.spawn(async move {
					let result = order.execute().await;
					Job::Proved { block_id, task, took: started.elapsed(), result }
				});
				stage
			},
			Err(error) => {
				error!("Cannot prove block {block_id}: {error:#}. It is tried again.");
				stage.after_failed_attempt(self.view.number)
			},
		};
		self.checkpoint.work.insert(block_id, Work { task, stage });
	}

	fn order(&self, chain: &Chain, candidate: &Candidate) -> Result<Order> {
		let statement = candidate.statement.clone();
		let root = statement.transition.parent_state_root.into();
		let parent = self.checkpoint.ledger.state(root).context("the state is unknown")?.clone();
		let keys = self
			.chain_keys
			.get(&candidate.rules_version)
			.and_then(|key| key.keys.clone())
			.context("there is no proving key")?;
		Ok(Order {
			chain: chain.clone(),
			versions: self.versions.clone(),
			keys,
			parent,
			statement,
			proposed_in: candidate.proposed_in,
		})
	}

	/// Sends the proof of a block in a new transaction.
	pub(super) async fn send(&mut self, chain: &Chain, block_id: u64) -> Result<()> {
		let candidate = self.view.candidate(block_id).context("the block is not a candidate")?;
		let (transition, task) = (candidate.statement.transition, candidate.task);
		let Some(Stage::Proved(proof)) = self.stage(block_id).cloned() else {
			bail!("block {block_id} is not proven");
		};
		let terms = terms(
			candidate.right,
			self.view.now,
			self.max_tick,
			proof.attempts,
			candidate.reward,
			self.policy.rescue_tip.unwrap_or(0),
		);
		let bytes = proof.bytes.clone();
		let call = Call::Prove { block_id, prover: self.policy.account, transition, proof: bytes };
		let signed = match chain.sign(&call, &self.policy.signer, terms).await {
			Ok(signed) => signed,
			Err(error) => {
				// Another block may be sent meanwhile. A lost connection ends the session soon.
				warn!("Cannot sign the proof of block {block_id}: {error:#}. It is tried again.");
				let stage = Stage::Proved(proof.after_failure(self.view.number, Retry::Later));
				self.checkpoint.work.insert(block_id, Work { task, stage });
				return Ok(());
			},
		};
		// Stored before it is sent: a restart must not send the proof again with another nonce.
		let stage = Stage::Sent {
			proof,
			extrinsic: signed.extrinsic,
			nonce: signed.nonce,
			expires: signed.expires,
			submitted_at: None,
		};
		self.checkpoint.work.insert(block_id, Work { task, stage });
		self.checkpoint.sent.insert(block_id);
		self.save();
		self.submit(chain, block_id).await
	}

	/// Submits the transaction of a block to the node, and watches it. Fails if the node does not
	/// respond.
	pub(super) async fn submit(&mut self, chain: &Chain, block_id: u64) -> Result<()> {
		let number = self.view.number;
		let Some(Work { stage: Stage::Sent { extrinsic, submitted_at, .. }, .. }) =
			self.checkpoint.work.get_mut(&block_id)
		else {
			bail!("block {block_id} has no transaction");
		};
		*submitted_at = Some(number);
		let extrinsic = extrinsic.clone();
		match chain.submit(&extrinsic).await {
			Ok(Some(watch)) => {
				info!("Sent the proof of block {block_id} in transaction {:?}.", watch.hash());
				self.jobs.spawn(async move {
					Job::Sent { block_id, extrinsic, outcome: watch.outcome().await }
				});
				Ok(())
			},
			// The queue will show its effect, or it expires.
			Ok(None) => Ok(()),
			Err(outcome) => {
				let is_unknown = matches!(outcome, Outcome::Unknown { .. });
				self.sent(block_id, &extrinsic, &outcome);
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
		match job {
			Ok(Job::Proved { block_id, task, took, result }) => {
				self.proved(block_id, task, took, result);
			},
			Ok(Job::Sent { block_id, extrinsic, outcome }) => {
				self.sent(block_id, &extrinsic, &outcome);
			},
			Ok(Job::Left { outcome }) => self.left(&outcome),
			Err(error) => error!("A background task failed: {error}."),
		}
	}

	fn proved(&mut self, block_id: u64, task: H256, took: Duration, result: Result<Vec<u8>>) {
		self.metrics.proof(took, result.is_ok());
		let before = self.checkpoint.work.get(&block_id).map(|work| work.stage.clone());
		let stage = match result {
			Ok(proof) => {
				info!("Proved block {block_id} in {:.1} s.", took.as_secs_f64());
				Stage::Proved(Proof::new(proof))
			},
			Err(error) => {
				error!("Proving block {block_id} failed: {error:#}. It is tried again.");
				self.count_failure();
				before
					.unwrap_or(Stage::Proving { attempts: 0 })
					.after_failed_attempt(self.view.number)
			},
		};
		self.checkpoint.work.insert(block_id, Work { task, stage });
		self.save();
	}

	/// Records the outcome of a transaction, unless its block has another one or none now.
	fn sent(&mut self, block_id: u64, sent: &[u8], outcome: &Outcome) {
		let is_current = matches!(
			self.stage(block_id),
			Some(Stage::Sent { extrinsic, .. }) if extrinsic == sent
		);
		if !is_current {
			return;
		}
		// A rescue may be refused for its tip alone.
		let is_mine = self.view.candidate(block_id).is_some_and(Candidate::is_mine);
		self.unfunded_at = match outcome {
			Outcome::Refused { is_unfunded: true, .. } if is_mine => Some(self.balance),
			_ => None,
		};
		match outcome {
			Outcome::Done { block, .. } => {
				info!("The proof of block {block_id} is final in chain block {block:?}.");
			},
			Outcome::Failed { block, error, .. } => {
				warn!("Chain block {block:?} rejected the proof of block {block_id}: {error}");
			},
			Outcome::Refused { reason, .. } => warn!(
				"The transaction for block {block_id} was refused: {reason}. It is sent again."
			),
			Outcome::Unknown { reason } => {
				warn!("The outcome of the proof of block {block_id} is unknown: {reason}.");
			},
		}
		self.conclude(block_id, outcome);
	}

	/// Records that no chain block will contain the transaction.
	pub(super) fn dropped(&mut self, block_id: u64, reason: &str) {
		warn!("The transaction for block {block_id} is lost: {reason}. It is signed again.");
		self.conclude(block_id, &Outcome::dropped(reason.into()));
	}

	/// Moves the work to the stage after an outcome.
	fn conclude(&mut self, block_id: u64, outcome: &Outcome) {
		let number = self.view.number;
		if let Some(work) = self.checkpoint.work.get_mut(&block_id) {
			work.stage = work.stage.clone().after(outcome, number);
		}
		if let Outcome::Refused { .. } = outcome {
			// A proof of the block that is accepted now comes from another program.
			self.checkpoint.sent.remove(&block_id);
		}
		if matches!(outcome, Outcome::Failed { .. } | Outcome::Refused { .. }) {
			self.count_failure();
		}
		self.metrics.outcome(outcome.name());
		self.save();
	}

	fn stage(&self, block_id: u64) -> Option<&Stage> {
		self.checkpoint.work.get(&block_id).map(|work| &work.stage)
	}
}
