// SPDX-License-Identifier: Apache-2.0

//! Read of the queue at the best chain block, by which the worker decides.

use super::{deliver::Job, ChainKey, Worker};
use crate::{
	chain::{Call, Chain, Payloads, Phase, PoolEntry, PoolStaker, RollupBlock, Snapshot, Version},
	metrics::Look,
	progress,
	queue::{Course, Queue, Right},
	rollup::{Keys, ProvingKeys, Statement, Transition, PROOF_SIZE},
	schedule::{self, Candidate, Stage, View},
	terms::{rescue_delay, send_at},
	trouble::{Trouble, MAX_FAILED_ATTEMPTS, PATIENCE},
};
use anyhow::{anyhow, Result};
use std::{
	collections::{BTreeMap, BTreeSet},
	time::Instant,
};
use subxt::{
	ext::futures::{stream, StreamExt, TryStreamExt},
	utils::H256,
};
use tokio::try_join;
use tracing::{error, info, warn};

/// Maximum number of rollup blocks whose payloads are in memory at the same time.
const MAX_PAYLOADS: usize = 64;

/// Number of finalized chain blocks that may wait to be read while the program follows the chain.
pub(super) const MAX_UNREAD: u64 = 10;

/// Number of chain blocks after which a node is asked again for a payload that it did not have.
const PAYLOAD_PAUSE: u64 = 4;

/// Number of chain blocks for which the estimate of the fee of a proof is used.
const FEE_BLOCKS: u64 = 50;

/// Number of bodies that are fetched at the same time.
const PARALLEL_BODIES: usize = 4;

/// Queue with the states that were found for it.
struct Found {
	queue: Queue,
	course: Course,
	/// Block whose payload cannot be read.
	missing: Option<u64>,
}

impl Worker {
	/// Reads the queue at the best chain block, and finds the blocks that this prover may prove.
	pub async fn look(&mut self, chain: &Chain) -> Result<()> {
		let (best, finalized) = try_join!(chain.best(), chain.finalized())?;
		self.note_version(chain, &best).await?;
		if self.started_at == 0 {
			self.started_at = best.number();
		}
		let mut found = self.find(chain, &best).await?;
		let signer = self.policy.signer_account();
		let (positions, next_nonce, (account_nonce, balance), staker, operator) = try_join!(
			finalized.positions(),
			chain.next_nonce(&signer),
			best.nonce_and_balance(&signer),
			best.staker(&self.policy.account),
			best.operator(&self.policy.account),
		)?;
		self.balance = balance;
		self.estimate_fee(chain, best.number()).await;
		let is_behind = finalized.number() > self.scanned().saturating_add(MAX_UNREAD);
		self.behind_since = is_behind.then(|| self.behind_since.unwrap_or(found.queue.now));
		let no_key = self.read_keys(&best, &found.queue).await?;
		self.view = View {
			number: best.number(),
			now: found.queue.now,
			max_tick: best.max_tick()?,
			finalized: positions.proven,
			account_nonce,
			next_nonce,
			candidates: self.candidates(&best, &found)?,
		};
		let without_payload = self.keep_payloads(chain, &found.queue).await?;
		found.missing = found.missing.or(without_payload);
		let may_sign = signer == self.policy.account || operator.as_ref() == Some(&signer);
		self.set_trouble(self.find_trouble(&found, no_key, may_sign), found.queue.now);
		self.find_exit(&best, &staker.0, may_sign).await?;
		self.report(&best, finalized.number(), &staker, &found)
	}

	/// Shows what was read in metrics and log.
	fn report(
		&mut self,
		best: &Snapshot,
		finalized: u64,
		(staker, entry): &(PoolStaker, PoolEntry),
		found: &Found,
	) -> Result<()> {
		let deadlines = deadlines(found, &self.policy.account);
		let look = Look {
			best: best.number(),
			finalized,
			staker,
			entry,
			balance: self.balance,
			one_token: best.one_token()?,
			pending: deadlines.len(),
			next_deadline: deadlines.iter().min().map(|at| at.saturating_sub(found.queue.now)),
			totals: &self.checkpoint.totals,
			scanned: self.checkpoint.scanned.number,
			in_charge: self.checkpoint.in_charge,
			key_version: self.key_version(),
		};
		self.metrics.look(&look);
		self.heartbeat.beat(Instant::now(), &look);
		Ok(())
	}

	/// Stores the metadata of a runtime version that is new.
	async fn note_version(&mut self, chain: &Chain, best: &Snapshot) -> Result<()> {
		if self.versions.contains(best.spec_version()) {
			return Ok(());
		}
		let version = chain.version(best).await?;
		info!("Read the metadata of runtime version {}.", version.spec_version);
		self.keep_version(version);
		Ok(())
	}

	/// Reads the queue, and executes its blocks as far as their payloads can be read.
	async fn find(&mut self, chain: &Chain, best: &Snapshot) -> Result<Found> {
		let (positions, now) = try_join!(best.positions(), best.now())?;
		let first = Queue::first_needed(&positions, &self.checkpoint.ledger);
		let blocks = chain.blocks(best, first..=positions.drawn).await?;
		let queue = Queue { positions, now, blocks };
		let (mut course, mut missing) = self.follow(chain, &queue).await?;
		if matches!(course, Course::Unknown { .. }) && self.import(chain, &queue) {
			(course, missing) = self.follow(chain, &queue).await?;
		}
		Ok(Found { queue, course, missing })
	}

	async fn follow(&mut self, chain: &Chain, queue: &Queue) -> Result<(Course, Option<u64>)> {
		let mut last = None;
		loop {
			let ledger = &mut self.checkpoint.ledger;
			let (course, missing) = queue.follow_with(ledger, &self.payloads);
			let Some(block_id) = missing.filter(|_| last < missing) else {
				return Ok((course, missing));
			};
			let blocks = queue.blocks.range(block_id..).map(|(_, block)| block);
			let unread: Vec<_> = blocks
				.filter(|block| !self.payloads.contains_key(&block.payload_hash))
				.take(MAX_PAYLOADS)
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
	async fn keep_payloads(&mut self, chain: &Chain, queue: &Queue) -> Result<Option<u64>> {
		let is_to_prove = |candidate: &&Candidate| {
			let work = self.checkpoint.work.get(&candidate.statement.block_id);
			work.is_none_or(|work| {
				work.task != candidate.task || matches!(work.stage, Stage::Failed { .. })
			})
		};
		let candidates = self.view.candidates.iter().flatten().filter(is_to_prove);
		let (mine, open): (Vec<_>, Vec<_>) = candidates.partition(|candidate| candidate.is_mine());
		let ids = mine.iter().chain(&open).map(|candidate| candidate.statement.block_id);
		let ids: Vec<u64> = ids.take(MAX_PAYLOADS).collect();
		let reserved = mine.len();
		let blocks = || ids.iter().filter_map(|block_id| queue.blocks.get(block_id));
		let hashes: BTreeSet<H256> = blocks().map(|block| block.payload_hash).collect();
		self.payloads.retain(|hash, _| hashes.contains(hash));
		let is_unread = |block: &&RollupBlock| !self.payloads.contains_key(&block.payload_hash);
		let read = self.read_payloads(chain, blocks().filter(is_unread).collect()).await?;
		self.payloads.extend(read);
		let is_missing = |block_id: &u64| {
			let block = queue.blocks.get(block_id);
			block.is_some_and(|block| !self.payloads.contains_key(&block.payload_hash))
		};
		Ok(ids.iter().take(reserved).copied().find(is_missing))
	}

	/// Reads the payloads of blocks, as far as the node has them. Each body is fetched and walked
	/// once.
	///
	/// After a body without its payload, no body is read for some chain blocks.
	async fn read_payloads(
		&mut self,
		chain: &Chain,
		blocks: Vec<&RollupBlock>,
	) -> Result<Payloads> {
		let mut wanted = BTreeMap::<u64, BTreeMap<H256, u32>>::new();
		let mut hashes = Vec::new();
		for block in blocks {
			let retry_at = self.lacking.get(&block.payload_hash);
			if retry_at.is_some_and(|retry_at| self.view.number < *retry_at) {
				break;
			}
			let payloads = wanted.entry(block.proposed_in).or_default();
			payloads.insert(block.payload_hash, block.payload_size);
			hashes.push(block.payload_hash);
		}
		let first = wanted.first_key_value().map(|(number, wanted)| (*number, wanted.clone()));
		let found: Vec<Payloads> = stream::iter(wanted)
			.map(|(number, wanted)| chain.payloads(&self.versions, number, wanted))
			.buffered(PARALLEL_BODIES)
			.try_collect()
			.await?;
		let mut found: Payloads = found.into_iter().flatten().collect();
		if let Some((number, wanted)) = first {
			let is_found = wanted.keys().all(|hash| found.contains_key(hash));
			if !is_found && self.learn_version(chain, number).await? {
				found.extend(chain.payloads(&self.versions, number, wanted).await?);
			}
		}
		let retry_at = self.view.number.saturating_add(PAYLOAD_PAUSE);
		self.lacking.retain(|_, retry_at| self.view.number < *retry_at);
		let lacking = hashes.into_iter().filter(|hash| !found.contains_key(hash));
		self.lacking.extend(lacking.map(|hash| (hash, retry_at)));
		Ok(found)
	}

	/// Reads the version by which the body of a chain block is encoded, if the node keeps the state
	/// before it. Returns `true` if it is new.
	async fn learn_version(&mut self, chain: &Chain, number: u64) -> Result<bool> {
		match chain.at(number.saturating_sub(1)).await? {
			Some(before) if !self.versions.contains(before.spec_version()) => {
				self.note_version(chain, &before).await?;
				Ok(true)
			},
			_ => Ok(false),
		}
	}

	/// Adds the state that `import-state` offers. Returns `true` if the queue has its root.
	fn import(&mut self, chain: &Chain, queue: &Queue) -> bool {
		let offered = match self.folder.offered() {
			Ok(Some(offered)) => offered,
			Ok(None) => return false,
			Err(error) => {
				error!("Cannot import the state: {error:#}.");
				return false;
			},
		};
		let found = offered.find(chain.genesis(), &queue.roots());
		match found.and_then(|block_id| Ok((block_id, offered.versions()?))) {
			Ok((block_id, versions)) => {
				self.keep_older(versions);
				info!("Imported the state {:?} after block {block_id}.", offered.root());
				self.checkpoint.ledger.import(block_id, offered.state);
				self.save();
				if let Err(error) = self.folder.take_offered() {
					warn!("{error:#}.");
				}
				true
			},
			Err(error) => {
				warn!("The imported state is of no use: {error:#}.");
				false
			},
		}
	}

	/// Stores the metadata of versions before the present one, which it must not replace.
	fn keep_older(&mut self, versions: Vec<Version>) {
		let newest = self.versions.iter().next().map(|version| version.spec_version);
		for version in versions {
			if newest.is_some_and(|newest| version.spec_version < newest) {
				self.keep_version(version);
			}
		}
	}

	fn keep_version(&mut self, version: Version) {
		if let Err(error) = self.folder.keep_version(&version) {
			warn!("{error:#}. The metadata is kept in memory only.");
		}
		self.versions.add(version);
	}

	/// Reads the keys of the rules versions that matter. Returns a version without a proving key that
	/// is active or that a reserved block has.
	async fn read_keys(&mut self, best: &Snapshot, queue: &Queue) -> Result<Option<u32>> {
		let active = best.active_version().await?;
		// `true` for the versions without which the prover misses blocks.
		let mut versions: BTreeMap<u32, bool> =
			active.map(|version| (version, true)).into_iter().collect();
		for (block_id, block) in &queue.blocks {
			if let Some(right) = queue.right(*block_id, &self.policy.account) {
				let is_reserved = matches!(right, Right::Reserved { .. });
				*versions.entry(block.rules_version).or_default() |= is_reserved;
			}
		}
		let mut chain_keys = BTreeMap::new();
		let mut missing = None;
		for (version, is_needed) in versions {
			let verifying_key = best.key(version).await?;
			let before = self.chain_keys.get(&version).cloned();
			let key = match before.filter(|before| before.verifying_key == verifying_key) {
				Some(before) if before.keys.is_some() => before,
				_ => self.chain_key(verifying_key),
			};
			if key.keys.is_none() && is_needed && !self.generates(&key) {
				missing = Some(version);
			}
			chain_keys.insert(version, key);
		}
		self.chain_keys = chain_keys;
		Ok(missing)
	}

	/// Returns the newest rules version that can be proven.
	fn key_version(&self) -> Option<u32> {
		let provable = self.chain_keys.iter().filter(|(_, key)| key.keys.is_some());
		provable.map(|(version, _)| *version).max()
	}

	/// Finds the proving key for a key of the chain, also if it was installed meanwhile.
	fn chain_key(&mut self, verifying_key: Option<Vec<u8>>) -> ChainKey {
		let Some(bytes) = &verifying_key else {
			return ChainKey { verifying_key, keys: None };
		};
		if self.keys.find(bytes).is_none() {
			self.keys.load_new();
		}
		ChainKey { keys: self.keys.find(bytes), verifying_key }
	}

	/// Returns `true` if the proving key can be generated, which is started.
	fn generates(&mut self, key: &ChainKey) -> bool {
		let can_generate = !self.is_generation_broken
			&& key.verifying_key.as_deref().is_some_and(ProvingKeys::can_generate);
		if can_generate && self.generating.is_none() {
			info!("Generating the proving key, which can take a minute.");
			let job = self.jobs.spawn_blocking(|| {
				let _clock = progress::clock("Generating the proving key");
				Job::Generated { result: ProvingKeys::generate().map(Box::new) }
			});
			self.generating = Some(job.id());
		}
		can_generate
	}

	/// Records the proving key that was generated.
	pub(super) fn generated(&mut self, result: Result<Box<Keys>>) {
		self.generating = None;
		let is_of_use = |keys: &Keys| ProvingKeys::can_generate(&keys.verifying_key());
		let result = result.and_then(|keys| match is_of_use(&keys) {
			true => Ok(keys),
			false => Err(anyhow!("its verifying key is another one")),
		});
		match result {
			Ok(keys) => self.keys.keep(*keys),
			Err(error) => {
				error!("Cannot generate the proving key: {error:#}. A restart tries it again.");
				self.is_generation_broken = true;
			},
		}
	}

	/// Estimates the fee that the signer advances for a proof from time to time, because it changes.
	/// Without an estimate, only a refused transaction shows that the signer lacks funds.
	async fn estimate_fee(&mut self, chain: &Chain, number: u64) {
		if number >= self.fee_until {
			self.fee_until = number.saturating_add(FEE_BLOCKS);
			let transition = Transition::default();
			let proof = vec![0; PROOF_SIZE];
			let prover = self.policy.account;
			let call = Call::Prove { block_id: 0, prover, transition, proof };
			let fee = chain.fee(&call, &self.policy.signer).await;
			self.fee = fee.unwrap_or_else(|error| {
				warn!("{error:#}.");
				0
			});
		}
	}

	/// Returns the blocks that this prover may and can prove on the correct state.
	fn candidates(&mut self, best: &Snapshot, found: &Found) -> Result<Option<Vec<Candidate>>> {
		let Course::Known(transitions) = &found.course else {
			return Ok(None);
		};
		self.opened_at.retain(|block_id, _| found.queue.blocks.contains_key(block_id));
		let mut candidates = Vec::new();
		for (&block_id, &transition) in transitions {
			candidates.extend(self.candidate(best, &found.queue, block_id, transition)?);
		}
		Ok(Some(candidates))
	}

	fn candidate(
		&mut self,
		best: &Snapshot,
		queue: &Queue,
		block_id: u64,
		transition: Transition,
	) -> Result<Option<Candidate>> {
		let account = self.policy.account;
		let (Some(block), Some(right)) =
			(queue.blocks.get(&block_id), queue.right(block_id, &account))
		else {
			return Ok(None);
		};
		let key = self.chain_keys.get(&block.rules_version).filter(|key| key.keys.is_some());
		let Some(verifying_key) = key.and_then(|key| key.verifying_key.as_ref()) else {
			return Ok(None);
		};
		if !queue.needs(block_id, transition.parent_state_root.into()) {
			return Ok(None);
		}
		let statement = self.statement(block_id, block, transition);
		let gas = best.gas_of(block.payload_size)?.saturating_add(transition.gas_used.into());
		// Cannot overflow: at most 2^64 units of gas at less than 2^32.
		let reward = u128::from(gas) * u128::from(block.reward_per_gas);
		let send_at = match (right, &block.phase) {
			(Right::Reserved { .. }, Phase::Assigned(assigned)) => {
				send_at(assigned, self.checkpoint.in_charge)
			},
			_ if !self.rescues(reward) => return Ok(None),
			_ => {
				let opened_at = *self.opened_at.entry(block_id).or_insert(queue.now);
				opened_at.saturating_add(rescue_delay(&account, block_id))
			},
		};
		let task = schedule::task(&statement, verifying_key);
		let (proposed_in, rules_version) = (block.proposed_in, block.rules_version);
		Ok(Some(Candidate { statement, task, right, send_at, reward, proposed_in, rules_version }))
	}

	fn statement(
		&self,
		block_id: u64,
		block: &RollupBlock,
		transition: Transition,
	) -> Statement<[u8; 32]> {
		Statement {
			chain: self.checkpoint.genesis.0,
			block_id,
			payload_hash: block.payload_hash.0,
			payload_size: block.payload_size,
			gas_limit: block.gas_limit,
			transition,
			prover: self.policy.account.0,
		}
	}

	/// Returns `true` if this prover proves open blocks with this reward.
	///
	/// The chain refunds the fee of a proof, and refuses one that comes too late before it charges a
	/// fee. So a rescue pays if its reward exceeds the tip, which is a part of the reward.
	fn rescues(&self, reward: u128) -> bool {
		self.policy.rescues && self.checkpoint.in_charge && reward > 0
	}

	/// Returns the trouble with the work for a reserved block: its proof fails on this machine, is
	/// rejected by the chain, or gets into no chain block.
	fn trouble_with_work(&self) -> Option<Trouble> {
		let candidates = self.view.candidates.iter().flatten();
		candidates.filter(|candidate| candidate.is_mine()).find_map(|candidate| {
			let block_id = candidate.statement.block_id;
			match &self.checkpoint.work.get(&block_id)?.stage {
				Stage::Closed => Some(Trouble::BrokenProofs { block_id }),
				Stage::Proved(proof) | Stage::Sent { proof, .. } => (proof.attempts
					>= MAX_FAILED_ATTEMPTS)
					.then_some(Trouble::NotAccepted { block_id }),
				stage => (stage.failed_attempts() >= MAX_FAILED_ATTEMPTS)
					.then_some(Trouble::BrokenProofs { block_id }),
			}
		})
	}

	/// Returns `true` while the books catch up, for which there is a limited time.
	fn is_catching_up(&self) -> bool {
		self.behind_since
			.is_some_and(|since| self.view.now <= since.saturating_add(PATIENCE))
	}

	fn find_trouble(&self, found: &Found, no_key: Option<u32>, may_sign: bool) -> Option<Trouble> {
		let signer = self.policy.signer_account();
		let missing = found.missing.and_then(|block_id| {
			let chain_block = found.queue.blocks.get(&block_id)?.proposed_in;
			Some(Trouble::NoPayload { block_id, chain_block })
		});
		let unknown = match found.course {
			// The books may still lead to the state.
			Course::Unknown { .. } if self.is_catching_up() => None,
			Course::Unknown { block_id, root } => Some(Trouble::UnknownState { block_id, root }),
			Course::Known(_) => None,
		};
		let is_unfunded = self.balance < self.fee;
		missing
			.or(unknown)
			.or(no_key.map(|version| Trouble::NoKey { version }))
			.or_else(|| self.trouble_with_work())
			.or((!may_sign).then_some(Trouble::NotOperator { signer }))
			.or(is_unfunded.then_some(Trouble::NoFunds { signer }))
	}
}

/// Returns the deadlines of the blocks that are reserved for an account and not proven by it.
fn deadlines(found: &Found, account: &subxt::utils::AccountId32) -> Vec<u64> {
	let Found { queue, course, .. } = found;
	let is_pending = |block_id: u64| match course {
		Course::Known(transitions) => transitions
			.get(&block_id)
			.is_none_or(|transition| queue.needs(block_id, transition.parent_state_root.into())),
		Course::Unknown { .. } => true,
	};
	queue
		.blocks
		.keys()
		.filter(|block_id| is_pending(**block_id))
		.filter_map(|block_id| match queue.right(*block_id, account)? {
			Right::Reserved { deadline, .. } => Some(deadline),
			Right::Open => None,
		})
		.collect()
}
