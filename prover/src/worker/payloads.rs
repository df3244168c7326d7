// SPDX-License-Identifier: Apache-2.0

//! Payloads of rollup blocks, which the bodies of chain blocks contain.

use super::Worker;
use crate::{
	chain::{is_discarded, Chain, Payloads, RollupBlock},
	queue::{Course, Queue},
	schedule::Candidate,
	work::Stage,
};
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};
use subxt::{
	ext::futures::{stream, StreamExt},
	utils::H256,
};
use tracing::warn;

/// Maximum number of rollup blocks whose payloads are in memory at the same time.
const MAX_PAYLOADS: usize = 64;

/// Number of chain blocks after which a node is asked again for a payload that it did not have.
const PAYLOAD_PAUSE: u64 = 4;

/// Number of bodies that are fetched at the same time, until one fails.
pub(super) const PARALLEL_BODIES: usize = 4;

impl Worker {
	/// Executes the blocks of a queue as far as their payloads can be read. Returns also the first block
	/// whose payload is missing.
	pub(super) async fn follow(
		&mut self,
		chain: &Chain,
		queue: &Queue,
	) -> Result<(Course, Option<u64>)> {
		let mut last = None;
		loop {
			let ledger = &mut self.checkpoint.ledger;
			let (course, missing) = queue.follow_with(ledger, &self.payloads);
			let Some(block_id) = missing.filter(|_| last < missing) else {
				return Ok((course, missing));
			};
			// Without the missing one, the others are of no use.
			let count = if last.is_some() { MAX_PAYLOADS } else { 1 };
			let blocks = queue.blocks.range(block_id..).map(|(_, block)| block);
			let unread = blocks
				.filter(|block| !self.has_payload(block))
				.take(count)
				.take_while(|block| !self.is_lacking(block))
				.collect();
			let read = self.read_payloads(chain, unread).await?;
			if self.payloads.len() > MAX_PAYLOADS {
				self.payloads.clear();
			}
			self.payloads.extend(read);
			last = missing;
		}
	}

	/// Keeps the payloads of the blocks to prove, and reads those that are missing. Returns the first
	/// reserved block whose payload the node does not have.
	pub(super) async fn keep_payloads(
		&mut self,
		chain: &Chain,
		queue: &Queue,
	) -> Result<Option<u64>> {
		let is_to_prove = |candidate: &&Candidate| {
			let work = self.checkpoint.work.get(&candidate.statement.block_id);
			work.is_none_or(|work| {
				work.task != candidate.task || matches!(work.stage, Stage::Failed { .. })
			})
		};
		let candidates = self.view.candidates.iter().flatten().filter(is_to_prove);
		let (mine, open): (Vec<_>, Vec<_>) = candidates.partition(|candidate| candidate.is_mine());
		let reserved = mine.len();
		let ids = mine.iter().chain(&open).map(|candidate| candidate.statement.block_id);
		let blocks: Vec<(u64, &RollupBlock)> = ids
			.take(MAX_PAYLOADS)
			.filter_map(|block_id| Some((block_id, queue.blocks.get(&block_id)?)))
			.collect();
		let hashes: BTreeSet<H256> = blocks.iter().map(|(_, block)| block.payload_hash).collect();
		self.payloads.retain(|hash, _| hashes.contains(hash));
		let queued = |of: &(u64, H256)| queue.blocks.values().any(|block| source(block) == *of);
		self.lacking.retain(|source, _| queued(source));
		for unread in self.unread(blocks.iter().map(|(_, block)| *block)) {
			let read = self.read_payloads(chain, unread).await?;
			self.payloads.extend(read);
		}
		let is_missing = |block| !self.has_payload(block) && self.is_lacking(block);
		let missing = blocks.iter().take(reserved).find(|(_, block)| is_missing(block));
		Ok(missing.map(|(block_id, _)| *block_id))
	}

	/// Returns the blocks whose payloads are to be read: those that are read for the first time, and one
	/// that the node did not give before. It must not keep the others back.
	fn unread<'a>(
		&self,
		blocks: impl Iterator<Item = &'a RollupBlock>,
	) -> [Vec<&'a RollupBlock>; 2] {
		let (again, first): (Vec<_>, Vec<_>) = blocks
			.filter(|block| !self.has_payload(block) && !self.is_lacking(block))
			.partition(|block| self.lacking.contains_key(&source(block)));
		let again = again.into_iter().min_by_key(|block| self.lacking.get(&source(block)));
		[first, again.into_iter().collect()]
	}

	/// Returns `true` if the payload of a block is in memory.
	fn has_payload(&self, block: &RollupBlock) -> bool {
		self.payloads.contains_key(&block.payload_hash)
	}

	/// Returns `true` if the payload of a block is not read, because the node did not give it some chain
	/// blocks ago.
	fn is_lacking(&self, block: &RollupBlock) -> bool {
		let retry_at = self.lacking.get(&source(block));
		retry_at.is_some_and(|retry_at| self.view.number < *retry_at)
	}

	/// Reads the payloads of blocks, as far as the node gives them. Each body is fetched and walked
	/// once.
	///
	/// A body that the node does not give ends the reading, and is not read again for some chain blocks.
	async fn read_payloads(
		&mut self,
		chain: &Chain,
		blocks: Vec<&RollupBlock>,
	) -> Result<Payloads> {
		let mut wanted = BTreeMap::<u64, BTreeMap<H256, u32>>::new();
		let mut sources = Vec::new();
		for block in blocks {
			let payloads = wanted.entry(block.proposed_in).or_default();
			payloads.insert(block.payload_hash, block.payload_size);
			sources.push(source(block));
		}
		let first = wanted.first_key_value().map(|(number, wanted)| (*number, wanted.clone()));
		let mut found = Payloads::new();
		let refused = match self.fetch(chain, wanted, &mut found).await {
			Ok(refused) => refused,
			Err(failure) => {
				// The next session continues after them.
				self.payloads.extend(found);
				return Err(failure);
			},
		};
		let is_read = |number: u64| refused.is_none_or(|refused| number < refused);
		if let Some((number, wanted)) = first.filter(|(number, _)| is_read(*number)) {
			self.find_by_other_version(chain, number, wanted, &mut found).await?;
		}
		let retry_at = self.view.number.saturating_add(PAYLOAD_PAUSE);
		self.lacking.retain(|(_, hash), _| !found.contains_key(hash));
		let is_tried = |number: u64| is_read(number) || refused == Some(number);
		let lacking = sources
			.into_iter()
			.filter(|(number, hash)| is_tried(*number) && !found.contains_key(hash));
		self.lacking.extend(lacking.map(|source| (source, retry_at)));
		Ok(found)
	}

	/// Fetches bodies, and adds the payloads that are found before the first failure. Returns the chain
	/// block whose body the node does not give, although it answers otherwise.
	///
	/// On a slow connection, several bodies at a time would exceed the time of a request. So only a body
	/// that was fetched alone is at fault.
	pub(super) async fn fetch(
		&mut self,
		chain: &Chain,
		wanted: BTreeMap<u64, BTreeMap<H256, u32>>,
		found: &mut Payloads,
	) -> Result<Option<u64>> {
		let is_alone = self.parallel_bodies == 1;
		let versions = &self.versions;
		let mut bodies = stream::iter(wanted)
			.map(|(number, wanted)| async move {
				(number, chain.payloads(versions, number, wanted).await)
			})
			.buffered(self.parallel_bodies);
		while let Some((number, payloads)) = bodies.next().await {
			match payloads {
				Ok(payloads) => found.extend(payloads),
				Err(failure) if is_alone && chain.best().await.is_ok() => {
					warn!("Cannot read the body of chain block {number}: {failure:#}. It is read again.");
					return Ok(Some(number));
				},
				Err(failure) => {
					self.parallel_bodies = 1;
					return Err(failure);
				},
			}
		}
		Ok(None)
	}

	/// Reads payloads from the body of a chain block.
	pub(super) async fn payloads_in(
		&mut self,
		chain: &Chain,
		number: u64,
		wanted: BTreeMap<H256, u32>,
	) -> Result<Payloads> {
		let mut found = chain.payloads(&self.versions, number, wanted.clone()).await?;
		self.find_by_other_version(chain, number, wanted, &mut found).await?;
		Ok(found)
	}

	/// Searches payloads again that were not found in the body of a chain block, if the node has other
	/// metadata for it than this program.
	async fn find_by_other_version(
		&mut self,
		chain: &Chain,
		number: u64,
		wanted: BTreeMap<H256, u32>,
		found: &mut Payloads,
	) -> Result<()> {
		let is_found = wanted.keys().all(|hash| found.contains_key(hash));
		if !is_found && self.learn_version(chain, number).await? {
			found.extend(chain.payloads(&self.versions, number, wanted).await?);
		}
		Ok(())
	}

	/// Reads the metadata by which the body of a chain block is encoded, if the node keeps the state
	/// before it. Returns `true` if it is new.
	///
	/// Known metadata may be from a state file, so it is read once from a node.
	async fn learn_version(&mut self, chain: &Chain, number: u64) -> Result<bool> {
		let Some(before) = chain.at(number.saturating_sub(1)).await? else {
			return Ok(false);
		};
		let spec_version = before.spec_version();
		if self.learned.contains(&spec_version) {
			return Ok(false);
		}
		let version = match chain.version(&before).await {
			// The node discarded the state in the meantime.
			Err(error) if is_discarded(&error) => return Ok(false),
			version => version?,
		};
		self.learned.insert(spec_version);
		let is_new =
			self.versions.get(spec_version).is_none_or(|known| known.bytes != version.bytes);
		if is_new {
			self.learn(version);
		}
		Ok(is_new)
	}
}

/// Returns the chain block with the payload of a block, and the hash of the payload.
fn source(block: &RollupBlock) -> (u64, H256) {
	(block.proposed_in, block.payload_hash)
}
