// SPDX-License-Identifier: Apache-2.0

//! Production and submission of proofs.

use super::Worker;
use crate::{
	chain::{Call, Chain, Outcome, Signed, Terms},
	queue::{Queue, Right},
	rollup::{Keys, State, Statement},
	schedule::{replaceable_nonce, Candidate, View},
	terms::terms,
	work::{Proof, Stage, Work},
};
use anyhow::{anyhow, bail, Context, Result};
use std::{
	sync::Arc,
	time::{Duration, Instant},
};
use subxt::utils::H256;
use tokio::task::JoinError;
use tracing::{error, info, warn};

/// Result of a background job.
pub(super) enum Job {
	/// Making a proof succeeded or failed.
	Proved { block_id: u64, task: H256, took: Duration, result: Result<Vec<u8>> },
	/// The outcome of this transaction is known.
	Sent { block_id: u64, extrinsic: Vec<u8>, outcome: Outcome },
	/// The outcome of the exit is known.
	Left { outcome: Outcome },
	/// Generating the proving key succeeded or failed.
	Generated { result: Result<Arc<Keys>> },
}

/// Proof that is to be made.
struct Order {
	keys: Arc<Keys>,
	parent: State,
	statement: Statement<[u8; 32]>,
	payload: Vec<u8>,
}

impl Worker {
	/// Starts to prove a block.
	pub(super) fn prove(&mut self, block_id: u64) {
		let Some(candidate) = self.view.candidate(block_id) else {
			return;
		};
		let task = candidate.task;
		let attempts = self.stage(block_id).map_or(0, Stage::failed_attempts);
		let stage = Stage::Proving { attempts };
		let stage = match self.order(candidate) {
			Ok(Order { keys, parent, statement, payload }) => {
				info!("Proving block {block_id}.");
				let started = Instant::now();
				let job = self.jobs.spawn_blocking(move || {
					let result = parent.prove(&keys, &statement, &payload);
					Job::Proved { block_id, task, took: started.elapsed(), result }
				});
				self.proving = Some(job.id());
				stage
			},
			Err(error) => {
				error!("Cannot prove block {block_id}: {error:#}. It is tried again.");
				stage.after_failed_attempt(self.view.moment(block_id))
			},
		};
		self.checkpoint.work.insert(block_id, Work { task, stage });
	}

	fn order(&self, candidate: &Candidate) -> Result<Order> {
		let statement = candidate.statement.clone();
		let root = statement.transition.parent_state_root.into();
		let parent = self.checkpoint.ledger.state(root).context("the state is unknown")?.clone();
		let keys = self
			.chain_keys
			.get(&candidate.rules_version)
			.and_then(|key| key.keys.clone())
			.context("there is no proving key")?;
		let payload = self
			.payloads
			.get(&statement.payload_hash.into())
			.cloned()
			.context("its payload is unknown")?;
		Ok(Order { keys, parent, statement, payload })
	}

	/// Sends the proof of a block in a new transaction.
	pub(super) async fn send(&mut self, chain: &Chain, block_id: u64) -> Result<()> {
		let found = self.view.candidate(block_id).context("the block is not a candidate")?;
		let candidate = found.clone();
		let Some(Stage::Proved(proof)) = self.stage(block_id).cloned() else {
			bail!("block {block_id} is not proven");
		};
		let transition = candidate.statement.transition;
		self.defer(block_id);
		if !is_wanted(chain, &candidate).await? {
			info!("The chain does not need the proof of block {block_id} any more.");
			return Ok(());
		}
		let terms = self.terms(&candidate, proof.attempts);
		let replaced = match candidate.right {
			Right::Reserved { has_lane: true, .. } => self.replaceable_nonce(),
			Right::Reserved { .. } | Right::Open => None,
		};
		let (prover, bytes) = (self.policy.account, proof.bytes.clone());
		let call = Call::Prove { block_id, prover, transition, proof: bytes };
		match chain.sign(&call, &self.policy.signer, terms, replaced).await {
			Ok(signed) => {
				if replaced == Some(signed.nonce) {
					self.replace(signed.nonce);
				}
				self.signed(block_id, candidate.task, proof, signed);
				self.submit(chain, block_id).await
			},
			Err(outcome) => self.unsigned(block_id, &outcome),
		}
	}

	/// Returns the terms of the transaction with a proof. Its tip leaves enough for the fees.
	fn terms(&self, candidate: &Candidate, attempts: u32) -> Terms {
		let (View { now, max_tick, .. }, max_tip) = (&self.view, self.policy.max_tip);
		let terms = terms(candidate.right, *now, *max_tick, attempts, candidate.reward, max_tip);
		Terms { tip: terms.tip.min(self.balance.saturating_sub(self.fee)), ..terms }
	}

	/// Records a signed transaction before it is sent. A restart must not send the proof again with
	/// another nonce.
	fn signed(&mut self, block_id: u64, task: H256, proof: Proof, signed: Signed) {
		let Signed { extrinsic, nonce, expires } = signed;
		self.checkpoint.note_sent(block_id, &extrinsic);
		let stage =
			Stage::Sent { proof, extrinsic, nonce, expires, submitted_at: None, unanswered: 0 };
		self.checkpoint.work.insert(block_id, Work { task, stage });
		self.save();
	}

	/// Records that a proof could not be signed. Fails if the node does not respond.
	fn unsigned(&mut self, block_id: u64, outcome: &Outcome) -> Result<()> {
		if let Outcome::Unknown { reason } = outcome {
			self.defer(block_id);
			bail!("cannot sign the proof of block {block_id}: {reason}");
		}
		if let Outcome::Refused { reason, .. } = outcome {
			warn!("Cannot sign the proof of block {block_id}: {reason}. It is tried again.");
		}
		self.conclude(block_id, outcome);
		Ok(())
	}

	/// Leaves a proof to the next chain block.
	fn defer(&mut self, block_id: u64) {
		let next = self.view.number.saturating_add(1);
		if let Some(Work { stage: Stage::Proved(proof), .. }) =
			self.checkpoint.work.get_mut(&block_id)
		{
			proof.not_before = next;
		}
	}

	/// Returns the nonce of a pending transaction that the proof of a reserved block replaces.
	fn replaceable_nonce(&self) -> Option<u64> {
		let of_exit = self.leave.nonce.filter(|nonce| *nonce >= self.view.account_nonce);
		let of_proofs = replaceable_nonce(&self.view, &self.checkpoint.work);
		of_exit.into_iter().chain(of_proofs).min()
	}

	/// Records that another transaction takes the nonce of a pending one.
	fn replace(&mut self, nonce: u64) {
		if self.leave.nonce == Some(nonce) {
			self.leave.nonce = None;
		}
		let replaced = self.checkpoint.work.iter().find_map(|(block_id, work)| match work.stage {
			Stage::Sent { nonce: other, .. } if other == nonce => Some(*block_id),
			_ => None,
		});
		if let Some(block_id) = replaced {
			self.dropped(block_id, "the proof of a reserved block takes its nonce");
		}
	}

	/// Submits the transaction of a block to the node, and watches it. Fails if the node does not
	/// respond.
	pub(super) async fn submit(&mut self, chain: &Chain, block_id: u64) -> Result<()> {
		let number = self.view.number;
		let Some(Work { stage: Stage::Sent { extrinsic, submitted_at, unanswered, .. }, .. }) =
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
			},
			// The queue will show its effect, or it expires.
			Ok(None) => {},
			// The next session submits it again. Until then it counts as submitted.
			Err(ref outcome @ Outcome::Unknown { ref reason }) => {
				*unanswered = unanswered.saturating_add(1);
				self.metrics.outcome(outcome.name());
				bail!("the node does not take the proof of block {block_id}: {reason}");
			},
			Err(outcome) => self.sent(block_id, &extrinsic, &outcome),
		}
		Ok(())
	}

	/// Waits until a background job completes, and records its result. Never returns if there is no
	/// job.
	pub async fn job_done(&mut self) {
		match self.jobs.join_next().await {
			Some(job) => self.done(job),
			None => std::future::pending().await,
		}
	}

	/// Records the results of all completed background jobs.
	pub(super) fn collect_jobs(&mut self) {
		while let Some(job) = self.jobs.try_join_next() {
			self.done(job);
		}
	}

	fn done(&mut self, job: Result<Job, JoinError>) {
		match job {
			Ok(Job::Proved { block_id, task, took, result }) => {
				self.proved(block_id, task, took, result);
			},
			Ok(Job::Sent { block_id, extrinsic, outcome }) => {
				self.sent(block_id, &extrinsic, &outcome);
			},
			Ok(Job::Left { outcome }) => self.left(&outcome),
			Ok(Job::Generated { result }) => self.generated(result),
			Err(error) => self.crashed(&error),
		}
	}

	/// Records that a background job panicked.
	fn crashed(&mut self, error: &JoinError) {
		error!("A background task failed: {error}.");
		self.count_failure();
		if self.generating == Some(error.id()) {
			self.generated(Err(anyhow!("the task failed")));
		}
		if self.proving != Some(error.id()) {
			return;
		}
		for (block_id, work) in &mut self.checkpoint.work {
			if work.stage.is_proving() {
				let moment = self.view.moment(*block_id);
				work.stage = work.stage.clone().after_failed_attempt(moment);
			}
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
					.after_failed_attempt(self.view.moment(block_id))
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
		match outcome {
			Outcome::Done { block, .. } => {
				info!("The proof of block {block_id} is final in chain block {block:?}.");
			},
			Outcome::Failed { block, error, .. } => {
				warn!("Chain block {block:?} rejected the proof of block {block_id}: {error}");
			},
			Outcome::Refused { reason, is_unfunded, .. } => {
				if *is_unfunded && is_mine {
					self.fee = self.balance.saturating_add(1);
				}
				warn!(
					"The transaction for block {block_id} was refused: {reason}. It is sent again."
				);
			},
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
		let moment = self.view.moment(block_id);
		if let Some(work) = self.checkpoint.work.get_mut(&block_id) {
			work.stage = work.stage.clone().after(outcome, moment);
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

/// Returns `true` if the chain needs a proof at the best block of now. The view may be some seconds old,
/// in which another prover or another program with the same key can be faster.
async fn is_wanted(chain: &Chain, candidate: &Candidate) -> Result<bool> {
	let Statement { block_id, transition, .. } = candidate.statement;
	let parent = H256(transition.parent_state_root);
	let best = chain.best().await?;
	let positions = best.positions().await?;
	if block_id <= positions.settled || block_id > positions.drawn {
		return Ok(false);
	}
	if candidate.right == Right::Open {
		let is_next = positions.proven.checked_add(1) == Some(block_id);
		return Ok(is_next && positions.proven_root == parent);
	}
	let blocks = chain.blocks(&best, block_id..=block_id).await?;
	Ok(Queue { positions, now: 0, blocks }.needs(block_id, parent))
}
