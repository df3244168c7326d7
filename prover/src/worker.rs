// SPDX-License-Identifier: Apache-2.0

//! Worker of the prover: reads chain blocks, selects actions and executes them.

use crate::{
	chain::{Chain, Payloads, Versions},
	checkpoint::{Checkpoint, Scanned},
	folder::Folder,
	heartbeat::Heartbeat,
	metrics::{Metrics, DISK_FULL},
	rollup::{Keys, ProvingKeys},
	schedule::{self, Action, View},
	trouble::{History, Trouble, MAX_FAILED_ATTEMPTS},
	work::Stage,
};
use anyhow::Result;
use deliver::Job;
use leave::Leave;
use look::Useless;
use std::{
	collections::{BTreeMap, BTreeSet},
	fmt, io,
	path::Path,
	sync::Arc,
};
use subxt::utils::{AccountId32, H256};
use subxt_signer::sr25519::Keypair;
use tokio::task::{self, JoinSet};
use tracing::{error, info, warn};

mod books;
mod deliver;
mod keys;
mod leave;
mod look;
mod payloads;
#[cfg(test)]
mod tests;

pub use books::start;
pub use look::fees;

/// Number of transactions that may fail to be submitted before another node is used. Each can take as
/// long as a request.
const MAX_SUBMISSION_FAILURES: usize = 2;

/// Error of the configuration, after which a retry does not help.
#[derive(Debug)]
pub struct Misconfigured(pub String);

impl fmt::Display for Misconfigured {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(&self.0)
	}
}

impl std::error::Error for Misconfigured {}

/// Returns an error as one of the configuration, unless its cause can pass without a person.
pub fn misconfigured(error: anyhow::Error) -> anyhow::Error {
	let passes = |cause: &(dyn std::error::Error + 'static)| {
		cause.downcast_ref::<io::Error>().is_some_and(can_pass)
	};
	match error.chain().any(passes) {
		true => error,
		false => Misconfigured(format!("{error:#}")).into(),
	}
}

/// Returns `true` if the disk is full or broken, the network is not up yet, or the machine lacks
/// resources.
fn can_pass(error: &io::Error) -> bool {
	use io::ErrorKind::{AddrNotAvailable, OutOfMemory, QuotaExceeded, StorageFull};

	matches!(error.kind(), AddrNotAvailable | OutOfMemory | QuotaExceeded | StorageFull)
		|| matches!(error.raw_os_error(), Some(libc::EIO | libc::EMFILE | libc::ENFILE))
}

/// Returns the exit code of the program after an error: `EX_CONFIG` of sysexits.h if the configuration
/// must be changed.
pub fn exit_code(error: &anyhow::Error) -> u8 {
	match error.is::<Misconfigured>() {
		true => 78,
		false => 1,
	}
}

/// Account and key of a prover, and its policy.
#[derive(Clone)]
pub struct Policy {
	/// Key that signs the transactions.
	pub signer: Keypair,
	/// Account that is assigned and paid: the signer, or a prover whose operator the signer is.
	pub account: AccountId32,
	/// `true` to prove open blocks, too.
	pub rescues: bool,
	/// Maximum tip of a proof without priority, in percent of its reward.
	pub max_tip: u8,
	/// `true` to leave the pool when blocks cannot be proven.
	pub exit: bool,
}

impl Policy {
	/// Returns the account of the signer.
	pub fn signer_account(&self) -> AccountId32 {
		self.signer.public_key().to_account_id()
	}
}

/// State of a prover, with or without a connection.
pub struct Worker {
	policy: Policy,
	keys: ProvingKeys,
	folder: Folder,
	metrics: Metrics,
	heartbeat: Heartbeat,
	checkpoint: Checkpoint,
	versions: Versions,
	/// Runtime versions whose metadata a node gave to this run of the program.
	learned: BTreeSet<u32>,
	view: View,
	/// Last finalized chain block at the last look.
	finalized: u64,
	/// Reading of the rollup's clock since which finalized chain blocks wait to be read.
	behind_since: Option<u64>,
	/// Best chain block when the program started.
	started_at: u64,
	/// Payloads of the blocks to prove, by their hashes.
	payloads: Payloads,
	/// Payloads of blocks that settle in the chain block that the books read next.
	settling: Payloads,
	/// Number of bodies that are fetched at the same time.
	parallel_bodies: usize,
	/// Keys of the chain at the best block, by rules version.
	chain_keys: BTreeMap<u32, ChainKey>,
	/// Reading of the rollup's clock at which each open block was seen first.
	opened_at: BTreeMap<u64, u64>,
	trouble: History,
	balance: u128,
	/// Fees of a proof and of an exit, which the signer must be able to advance.
	fee: u128,
	/// Chain block from which on the fee is estimated again.
	fee_until: u64,
	/// Job that makes a proof.
	proving: Option<task::Id>,
	/// Job that generates the proving key.
	generating: Option<task::Id>,
	/// `true` if the proving key could not be generated.
	is_generation_broken: bool,
	/// Chain blocks and payloads that they do not contain on this node, with the chain blocks from which
	/// on it is asked again. After a fork, another chain block can contain a payload.
	lacking: BTreeMap<(u64, H256), u64>,
	/// State that was offered and is of no use.
	useless: Option<Useless>,
	leave: Leave,
	jobs: JoinSet<Job>,
	saved_at: u64,
	/// `true` if the checkpoint has events that are not written.
	has_unsaved_events: bool,
	/// Number of chain blocks that the books read in a step.
	pace: books::Pace,
	is_disk_full: bool,
}

/// Verifying key of the chain, and the proving key for it.
#[derive(Clone)]
struct ChainKey {
	verifying_key: Option<Vec<u8>>,
	keys: Option<Arc<Keys>>,
}

impl Worker {
	/// Returns a worker that continues at a checkpoint.
	pub fn new(
		policy: Policy,
		keys: ProvingKeys,
		folder: Folder,
		metrics: Metrics,
		checkpoint: Checkpoint,
	) -> Self {
		let versions = folder.versions();
		Self {
			saved_at: checkpoint.scanned.number,
			policy,
			keys,
			folder,
			metrics,
			heartbeat: Heartbeat::default(),
			checkpoint,
			versions,
			learned: BTreeSet::new(),
			view: View::default(),
			finalized: 0,
			behind_since: None,
			started_at: 0,
			payloads: Payloads::new(),
			settling: Payloads::new(),
			parallel_bodies: payloads::PARALLEL_BODIES,
			chain_keys: BTreeMap::new(),
			opened_at: BTreeMap::new(),
			trouble: History::default(),
			balance: 0,
			fee: 0,
			fee_until: 0,
			proving: None,
			generating: None,
			is_generation_broken: false,
			lacking: BTreeMap::new(),
			useless: None,
			leave: Leave::default(),
			jobs: JoinSet::new(),
			has_unsaved_events: false,
			pace: books::Pace::default(),
			is_disk_full: false,
		}
	}

	/// Prepares the work with a newly connected node at this URL, whose pool may not have the
	/// transactions.
	pub fn reconnected(&mut self, node: String) {
		self.heartbeat.restart(node);
		let is_left = self.needs_other_node();
		self.fee_until = 0;
		self.lacking.clear();
		for work in self.checkpoint.work.values_mut() {
			match &mut work.stage {
				Stage::Sent { submitted_at, .. } => *submitted_at = None,
				// This node may take at once what the other one did not.
				Stage::Proved(proof) if is_left && proof.attempts >= MAX_FAILED_ATTEMPTS => {
					proof.not_before = 0;
				},
				_ => {},
			}
		}
	}

	/// Executes all due actions. Fails after those for other blocks if a transaction could not be
	/// submitted.
	pub async fn act(&mut self, chain: &Chain) -> Result<()> {
		self.collect_jobs();
		let mut failures = Vec::new();
		while let Some(action) = schedule::next(&self.view, &self.checkpoint.work) {
			let result = match action {
				Action::Forget(block_id) => {
					self.checkpoint.work.remove(&block_id);
					Ok(())
				},
				Action::Expire(block_id) => {
					self.dropped(block_id, "it has expired");
					Ok(())
				},
				Action::Drop(block_id) => {
					self.dropped(block_id, "the node does not have it");
					Ok(())
				},
				Action::Prove(block_id) => {
					self.prove(block_id);
					Ok(())
				},
				Action::Send(block_id) => self.send(chain, block_id).await,
				Action::Resubmit(block_id) => {
					info!("Resubmitting the transaction with the proof of block {block_id}.");
					self.submit(chain, block_id).await
				},
			};
			failures.extend(result.err());
			if failures.len() >= MAX_SUBMISSION_FAILURES {
				break;
			}
		}
		match failures.pop() {
			Some(failure) => Err(failure),
			None => self.leave_if_due(chain).await,
		}
	}

	/// Writes the checkpoint at the end of the program, with the proofs that are complete.
	pub fn stop(&mut self) {
		self.collect_jobs();
		self.save();
	}

	/// Writes the checkpoint. Proving continues without it while the disk is full.
	pub fn save(&mut self) {
		let saved = self.folder.save(&self.checkpoint.to_store());
		match &saved {
			Ok(()) if self.is_disk_full => info!("The checkpoint is written again."),
			Ok(()) => {},
			Err(error) if !self.is_disk_full => error!(
				"{error:#}. Proving continues, but a restart repeats the work since the last \
				 checkpoint. Free space on the disk, or make the folder writable."
			),
			Err(_) => {},
		}
		self.is_disk_full = saved.is_err();
		self.has_unsaved_events &= self.is_disk_full;
		self.saved_at = self.checkpoint.scanned.number;
	}

	/// Returns the last best block that was read.
	pub fn seen(&self) -> u64 {
		self.view.number
	}

	/// Returns the last finalized block of the node, when the best one was read.
	pub fn finalized(&self) -> u64 {
		self.finalized
	}

	/// Returns the last finalized block that was read.
	pub fn scanned(&self) -> u64 {
		self.checkpoint.scanned.number
	}

	/// Returns the genesis of the chain, and the last finalized block that was read.
	pub fn origin(&self) -> (H256, Scanned) {
		(self.checkpoint.genesis, self.checkpoint.scanned)
	}

	/// Returns `true` if another node may be of more use: this one does not have a payload, or takes
	/// no proof.
	pub fn needs_other_node(&self) -> bool {
		let trouble = self.trouble.current();
		matches!(trouble, Some(Trouble::NoPayload { .. } | Trouble::NotAccepted { .. }))
	}

	/// Returns the path of the folder with the files.
	pub fn path(&self) -> &Path {
		self.folder.path()
	}

	/// Records the reason for which nothing can be proven, and reports a change of it.
	fn set_trouble(&mut self, trouble: Option<Trouble>, now: u64) {
		let disk = self.is_disk_full.then_some(DISK_FULL);
		self.metrics.alarm(trouble.as_ref().map(Trouble::name).or(disk));
		if self.trouble.note(trouble, now, self.checkpoint.totals.missed) {
			match self.trouble.current() {
				Some(trouble) => error!("Cannot prove: {trouble}."),
				None => info!("Blocks can be proven again."),
			}
		}
	}

	fn count_failure(&mut self) {
		let totals = &mut self.checkpoint.totals;
		totals.failures = totals.failures.saturating_add(1);
	}

	fn warn_about_standby(&self, before: bool) {
		match (before, self.checkpoint.in_charge) {
			(true, false) => warn!(
				"Another program proves with this key. This one stands by: it sends a proof when \
				 half of the window has passed."
			),
			(false, true) => info!("This program proves for the account."),
			_ => {},
		}
	}
}
