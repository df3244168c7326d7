// SPDX-License-Identifier: Apache-2.0

//! Reads of the chain: finalized blocks for the totals, the best block for decisions.

use super::{KeyAnswer, Worker};
use crate::{
	chain::{Chain, Event, RollupBlock, Snapshot},
	checkpoint::Scanned,
	ledger::Proposal,
	queue::{Course, Queue, Right},
	rollup::{Statement, Transition},
	schedule::{Candidate, View},
};
use anyhow::{anyhow, Context, Result};
use std::collections::BTreeMap;
use subxt::utils::H256;
use tracing::{error, info, warn};

/// Number of chain blocks without events after which the checkpoint is written anyway.
const QUIET_BLOCKS: u64 = 100;

impl Worker {
	/// Reads the next finalized chain block, and records its events.
	pub async fn read_next(&mut self, chain: &Chain, target: u64) -> Result<()> {
		let number = self.checkpoint()?.scanned.number.saturating_add(1);
		let hash = chain
			.hash_of(number)
			.await?
			.ok_or_else(|| anyhow!("the node does not have the finalized block {number}"))?;
		let block = chain.at(number, hash).await?;
		let events = block.events().await?;
		let one_token = block.one_token()?;
		let payloads = self.keep_payloads(&block, &events).await?;

		let account = self.account;
		let checkpoint = self.checkpoint_mut()?;
		// Nothing below fails until the block is recorded, so that no part of it is missing.
		for event in &events {
			checkpoint.note(event, &payloads);
			if event.concerns(&account) {
				info!("{}", event.describe(one_token));
			}
		}
		checkpoint.scanned = Scanned { number, hash };
		if !events.is_empty() || number >= self.saved_at.saturating_add(QUIET_BLOCKS) {
			self.save()?;
		}
		if number % 1_000 == 0 && target > number {
			info!("Read block {number} of {target}.");
		}
		Ok(())
	}

	/// Stores the payloads of proposed blocks. Returns those of blocks that settle in an unknown
	/// state.
	async fn keep_payloads(
		&self,
		block: &Snapshot,
		events: &[Event],
	) -> Result<BTreeMap<u64, Vec<u8>>> {
		let ledger = &self.checkpoint()?.ledger;
		let mut unknown = BTreeMap::new();
		for event in events {
			match event {
				Event::BlockProposed(event) => {
					self.keep_payload(event.block_id, &event.proposal(), block).await?;
				},
				Event::BlockSettled(event) if !ledger.knows(event.state_root) => {
					let payload = ledger
						.proposal(event.block_id)
						.and_then(|proposal| self.data.payload(event.block_id, proposal).ok());
					unknown.extend(payload.map(|payload| (event.block_id, payload)));
				},
				_ => {},
			}
		}
		Ok(unknown)
	}

	/// Stores the payload of a rollup block that was proposed in this chain block.
	async fn keep_payload(
		&self,
		block_id: u64,
		proposal: &Proposal,
		block: &Snapshot,
	) -> Result<()> {
		if self.data.payload(block_id, proposal).is_ok() {
			return Ok(());
		}
		match block.payload(proposal).await? {
			Some(payload) => self.data.keep_payload(block_id, &payload),
			None => {
				let number = block.number();
				error!(
					"Chain block {number} does not contain the payload of block {block_id}. This \
					 prover can prove neither this block nor later ones."
				);
				Ok(())
			},
		}
	}

	/// Reads the queue at the best chain block, and finds the blocks that this prover may prove.
	pub async fn look(&mut self, chain: &Chain) -> Result<()> {
		let best = chain.best().await?;
		let finalized = chain.finalized().await?.positions().await?;
		let (staker, entry) = best.staker(&self.account).await?;
		let one_token = best.one_token()?;
		let queue = self.queue(chain, &best).await?;
		let course = self.follow(&queue)?;
		let candidates = match &course {
			Course::Known(transitions) => Some(self.candidates(&best, &queue, transitions).await?),
			Course::Unknown { .. } => None,
		};
		self.view = View { number: best.number(), finalized: finalized.proven, candidates };

		self.note_waiting(&course)?;
		self.metrics.show_pool(&staker, &entry);
		let deadlines = self.deadlines(&queue, &course);
		let next = deadlines.iter().min().map(|deadline| deadline.saturating_sub(queue.now));
		self.metrics.show_pending(deadlines.len(), next);
		let checkpoint = self.checkpoint()?;
		self.metrics.show_progress(
			checkpoint.scanned.number,
			&checkpoint.totals,
			one_token,
			checkpoint.waiting.is_some(),
		);
		Ok(())
	}

	/// Reads the queue with the payloads of its blocks.
	async fn queue(&self, chain: &Chain, best: &Snapshot) -> Result<Queue> {
		let positions = best.positions().await?;
		let now = best.now().await?;
		let ledger = &self.checkpoint()?.ledger;
		let mut blocks = BTreeMap::new();
		for block_id in Queue::first_needed(&positions, ledger)..=positions.drawn {
			let block = best
				.block(block_id)
				.await?
				.with_context(|| format!("block {block_id} is not in the queue"))?;
			if !ledger.has_executed(block_id, &block.proposal()) {
				self.fetch_payload(chain, block_id, &block).await?;
			}
			blocks.insert(block_id, block);
		}
		Ok(Queue { positions, now, blocks })
	}

	/// Stores the payload of a block from the chain block that contains it.
	async fn fetch_payload(&self, chain: &Chain, block_id: u64, block: &RollupBlock) -> Result<()> {
		let proposal = block.proposal();
		if self.data.payload(block_id, &proposal).is_ok() {
			return Ok(());
		}
		let number = block.proposed_in;
		let hash = chain.hash_of(number).await?.with_context(|| {
			format!("the node lacks chain block {number} with the payload of block {block_id}")
		})?;
		self.keep_payload(block_id, &proposal, &chain.at(number, hash).await?).await
	}

	/// Executes the blocks of the queue.
	fn follow(&mut self, queue: &Queue) -> Result<Course> {
		let Self { checkpoint, data, .. } = self;
		let checkpoint = checkpoint.as_mut().context("the worker has no connection yet")?;
		Ok(queue.follow(&mut checkpoint.ledger, |block_id, block| {
			data.payload(block_id, &block.proposal())
				.inspect_err(|error| warn!("Cannot execute block {block_id}: {error:#}."))
				.ok()
		}))
	}

	/// Returns the blocks that this prover may and can prove on the correct state.
	async fn candidates(
		&mut self,
		best: &Snapshot,
		queue: &Queue,
		transitions: &BTreeMap<u64, Transition>,
	) -> Result<Vec<Candidate>> {
		let chain = self.checkpoint()?.genesis.0;
		let mut candidates = Vec::new();
		for (&block_id, &transition) in transitions {
			let Some(block) = queue.blocks.get(&block_id) else {
				continue;
			};
			let Some(right) = queue.right(block_id, &self.account) else {
				continue;
			};
			if !queue.needs(block_id, transition.parent_state_root.into())
				|| !self.has_key(best, block.rules_version).await?
			{
				continue;
			}
			let statement = Statement {
				chain,
				block_id,
				payload_hash: block.payload_hash.0,
				payload_size: block.payload_size,
				gas_limit: block.gas_limit,
				transition,
				prover: self.account.0,
			};
			candidates.push(Candidate::new(statement, right));
		}
		Ok(candidates)
	}

	/// Returns `true` if the chain's key of this rules version is that of this prover.
	///
	/// Reads the key at each chain block, because it can be replaced.
	async fn has_key(&mut self, best: &Snapshot, version: u32) -> Result<bool> {
		if let Some(answer) = &self.key_answer {
			if (answer.at, answer.version) == (best.hash(), version) {
				return Ok(answer.is_own);
			}
		}
		let is_own = best.key(version).await? == Some(self.keys.verifying_key());
		let before = self.key_answer.replace(KeyAnswer { at: best.hash(), version, is_own });
		if !is_own && before.is_none_or(|before| before.is_own || before.version != version) {
			error!(
				"Cannot prove blocks of rules version {version}: the chain has another verifying \
				 key. Use a prover with its proving key."
			);
		}
		Ok(is_own)
	}

	/// Returns the deadlines of the blocks that are reserved for this prover and not proven by it.
	fn deadlines(&self, queue: &Queue, course: &Course) -> Vec<u64> {
		let is_pending = |block_id: u64| match course {
			Course::Known(transitions) => transitions.get(&block_id).is_none_or(|transition| {
				queue.needs(block_id, transition.parent_state_root.into())
			}),
			Course::Unknown { .. } => true,
		};
		queue
			.blocks
			.keys()
			.filter(|block_id| is_pending(**block_id))
			.filter_map(|block_id| match queue.right(*block_id, &self.account)? {
				Right::Reserved { deadline } => Some(deadline),
				Right::Open => None,
			})
			.collect()
	}

	/// Records the reason to halt, and reports a change of it.
	fn note_waiting(&mut self, course: &Course) -> Result<()> {
		let reason = match course {
			Course::Known(_) => None,
			Course::Unknown { block_id, root } => Some(waiting(*block_id, *root)),
		};
		let checkpoint = self.checkpoint_mut()?;
		if checkpoint.waiting == reason {
			return Ok(());
		}
		match &reason {
			Some(reason) => error!("Proving halted: {reason}."),
			None => info!("The state of the rollup is known again. Proving continues."),
		}
		checkpoint.waiting = reason;
		self.save()
	}
}

/// Returns the reason to halt until the state root is known.
fn waiting(block_id: u64, root: H256) -> String {
	format!("the state root {root:?} after block {block_id} is unknown")
}
