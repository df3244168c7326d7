// SPDX-License-Identifier: Apache-2.0

//! Read of the queue at the best chain block, by which the worker decides.

use super::{Policy, Worker};
use crate::{
	chain::{Call, Chain, Phase, PoolEntry, PoolStaker, Positions, RollupBlock, Snapshot, Version},
	folder::FileId,
	metrics::Look,
	queue::{Course, Queue, Right},
	rollup::{Statement, Transition, PROOF_SIZE},
	schedule::{self, Candidate, View},
	state_file::StateFile,
	terms::{rescue_delay, send_at},
	trouble::{Trouble, MAX_FAILED_ATTEMPTS, PATIENCE},
	work::Stage,
};
use anyhow::Result;
use std::time::Instant;
use subxt::utils::{AccountId32, H256};
use tokio::try_join;
use tracing::{error, info, warn};

/// Number of finalized chain blocks that may wait to be read while the program follows the chain.
pub(super) const MAX_UNREAD: u64 = 10;

/// Number of chain blocks for which the estimate of the fee of a proof is used.
const FEE_BLOCKS: u64 = 50;

/// Queue with the states that were found for it.
struct Found {
	queue: Queue,
	course: Course,
	/// Block whose payload cannot be read.
	missing: Option<u64>,
}

/// Offered file that is damaged, whose state the queue did not have, or that was imported.
#[derive(Clone, Copy)]
pub(super) struct Useless {
	file: FileId,
	/// Root of the state. `None` if no root of the queue makes the file useful.
	root: Option<H256>,
}

impl Worker {
	/// Reads the queue at the best chain block, and finds the blocks that this prover may prove.
	pub async fn look(&mut self, chain: &Chain) -> Result<()> {
		// In this order, so that the best block is not older than the finalized one.
		let finalized = chain.finalized().await?;
		let best = chain.best().await?;
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
		self.finalized = finalized.number();
		self.estimate_fee(chain, best.number()).await;
		let is_behind = self.finalized > self.scanned().saturating_add(MAX_UNREAD);
		self.behind_since = is_behind.then(|| self.behind_since.unwrap_or(found.queue.now));
		let no_key = self.read_keys(&best, &found.queue).await?;
		self.view = View {
			number: best.number(),
			now: found.queue.now,
			max_tick: best.max_tick()?,
			// An override moves it back before the override is final.
			finalized: positions.proven.min(found.queue.positions.proven),
			account_nonce,
			next_nonce,
			candidates: self.candidates(&best, &found)?,
		};
		let without_payload = self.keep_payloads(chain, &found.queue).await?;
		found.missing = found.missing.or(without_payload);
		let may_sign = signer == self.policy.account || operator.as_ref() == Some(&signer);
		self.set_trouble(self.find_trouble(&found, no_key, may_sign), found.queue.now);
		self.find_exit(&best, &staker.0, may_sign).await?;
		self.report(&best, &staker, &found)
	}

	/// Shows what was read in metrics and log.
	fn report(
		&mut self,
		best: &Snapshot,
		(staker, entry): &(PoolStaker, PoolEntry),
		found: &Found,
	) -> Result<()> {
		let deadlines = deadlines(found, &self.policy.account);
		let Positions { proposed, settled, .. } = found.queue.positions;
		let look = Look {
			best: best.number(),
			finalized: self.finalized,
			staker,
			entry,
			balance: self.balance,
			one_token: best.one_token()?,
			pending: deadlines.len(),
			queue: proposed.saturating_sub(settled),
			next_deadline: deadlines.iter().min().map(|at| at.saturating_sub(found.queue.now)),
			totals: &self.checkpoint.totals,
			scanned: self.checkpoint.scanned.number,
			in_charge: self.checkpoint.in_charge,
			key_version: self.key_version(),
			waits_for: self.waits_for(found),
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
		self.learn(version);
		Ok(())
	}

	/// Stores metadata that a node gave.
	pub(super) fn learn(&mut self, version: Version) {
		info!("Read the metadata of runtime version {}.", version.spec_version);
		self.learned.insert(version.spec_version);
		self.keep_version(version);
	}

	/// Reads the queue, and executes its blocks as far as their payloads can be read.
	async fn find(&mut self, chain: &Chain, best: &Snapshot) -> Result<Found> {
		let (positions, now) = try_join!(best.positions(), best.now())?;
		let first = Queue::first_needed(&positions, &self.checkpoint.ledger);
		let blocks = chain.blocks(best, first..=positions.drawn).await?;
		let queue = Queue { positions, now, blocks };
		let (mut course, mut missing) = self.follow(chain, &queue).await?;
		let is_incomplete = matches!(course, Course::Unknown { .. }) || missing.is_some();
		if is_incomplete && self.import(chain, &queue) {
			// The file may have the metadata that leads to the payloads.
			self.lacking.clear();
			(course, missing) = self.follow(chain, &queue).await?;
		}
		Ok(Found { queue, course, missing })
	}

	/// Adds the state and the metadata that `import-state` offers. Returns `true` if one of them is of use.
	///
	/// Content that is of no use is parsed again only when the queue has the root of its state.
	fn import(&mut self, chain: &Chain, queue: &Queue) -> bool {
		let Some(file) = self.folder.offered_file() else {
			return false;
		};
		let roots = queue.roots();
		let has = |wanted: Option<H256>| roots.iter().any(|(_, root)| Some(*root) == wanted);
		if self.useless.is_some_and(|useless| useless.file == file && !has(useless.root)) {
			return false;
		}
		let content = match self.folder.offered() {
			Ok(content) => content,
			Err(error) => {
				error!("Cannot import the state: {error:#}.");
				return false;
			},
		};
		let offered = StateFile::parse(&content).and_then(|offered| {
			offered.check_chain(chain.genesis())?;
			Ok(offered)
		});
		let root = offered.as_ref().ok().map(StateFile::root);
		// The metadata may be all that is missing, because the queue was read in part.
		let has_metadata =
			offered.as_ref().is_ok_and(|offered| self.keep_older(offered.versions()));
		match offered.and_then(|offered| self.add(offered, &roots)) {
			Ok(()) => {
				self.save();
				// A restart needs it until the checkpoint has the state.
				if self.is_disk_full {
					self.useless = Some(Useless { file, root: None });
				} else if let Err(error) = self.folder.remove_offered(file) {
					warn!("{error:#}.");
				}
				true
			},
			Err(error) => {
				warn!("The imported state is of no use: {error:#}.");
				self.useless = Some(Useless { file, root });
				has_metadata
			},
		}
	}

	/// Adds a state whose root is one of these of the queue.
	fn add(&mut self, offered: StateFile, roots: &[(u64, H256)]) -> Result<()> {
		let block_id = offered.find(roots)?;
		info!("Imported the state {:?} after block {block_id}.", offered.root());
		self.checkpoint.ledger.import(block_id, offered.state);
		Ok(())
	}

	/// Stores the metadata of unknown versions before the present one, as far as there is room. Returns
	/// `true` if one was stored.
	///
	/// False metadata leads to no wrong payload, because the chain stores its hash. If it leads to none,
	/// that of the node replaces it.
	pub(super) fn keep_older(&mut self, versions: Vec<Version>) -> bool {
		let mut has_stored = false;
		let newest = self.versions.iter().next().map(|version| version.spec_version);
		for version in versions {
			let is_older = newest.is_some_and(|newest| version.spec_version < newest);
			// It must not take the place of metadata from a node.
			let has_room =
				self.versions.has_room() && !self.versions.contains(version.spec_version);
			if is_older && has_room {
				self.keep_version(version);
				has_stored = true;
			}
		}
		has_stored
	}

	pub(super) fn keep_version(&mut self, version: Version) {
		if let Err(error) = self.folder.keep_version(&version) {
			warn!("{error:#}. The metadata is kept in memory only.");
		}
		self.versions.add(version);
	}

	/// Estimates the fees from time to time, because they change. Without an estimate, only a refused
	/// transaction shows that the signer lacks funds.
	async fn estimate_fee(&mut self, chain: &Chain, number: u64) {
		if number >= self.fee_until {
			self.fee_until = number.saturating_add(FEE_BLOCKS);
			match fees(chain, &self.policy).await {
				Ok(fees) => self.fee = fees,
				Err(error) => warn!("{error:#}. The last estimate is used."),
			}
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
				send_at(assigned, self.checkpoint.sends_first())
			},
			_ if !self.rescues(reward) => return Ok(None),
			_ => {
				let opened_at = *self.opened_at.entry(block_id).or_insert(queue.now);
				let sends_first = self.checkpoint.sends_first();
				opened_at.saturating_add(rescue_delay(&account, block_id, sends_first))
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
		self.policy.rescues && reward > 0
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

	/// Returns the reason for which nothing can be proven for a limited time.
	fn waits_for(&self, found: &Found) -> Option<&'static str> {
		match found.course {
			Course::Unknown { .. } => Some("the state of the rollup is searched in the books"),
			Course::Known(_) if self.generating.is_some() && self.key_version().is_none() => {
				Some("a proving key is generated")
			},
			Course::Known(_) => None,
		}
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

/// Returns the fees of a proof and of an exit that the policy allows, in the smallest unit of the
/// currency. A proof that fails must leave enough for the exit.
pub async fn fees(chain: &Chain, policy: &Policy) -> Result<u128> {
	let proof = Call::Prove {
		block_id: 0,
		prover: policy.account,
		transition: Transition::default(),
		proof: vec![0; PROOF_SIZE],
	};
	let proof = chain.fee(&proof, &policy.signer).await?;
	if !policy.exit {
		return Ok(proof);
	}
	let exit = Call::exit(&policy.signer_account(), policy.account);
	Ok(proof.saturating_add(chain.fee(&exit, &policy.signer).await?))
}

/// Returns the deadlines of the blocks that are reserved for an account and not proven by it.
fn deadlines(found: &Found, account: &AccountId32) -> Vec<u64> {
	let Found { queue, course, .. } = found;
	let is_pending = |block_id: u64| match course {
		Course::Known(transitions) => transitions
			.get(&block_id)
			.is_none_or(|transition| queue.needs(block_id, transition.parent_state_root.into())),
		Course::Unknown { .. } => true,
	};
	queue
		.unproven()
		.filter(|(block_id, _)| is_pending(**block_id))
		.filter_map(|(block_id, _)| match queue.right(*block_id, account)? {
			Right::Reserved { deadline, .. } => Some(deadline),
			Right::Open => None,
		})
		.collect()
}
