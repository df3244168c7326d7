// SPDX-License-Identifier: Apache-2.0

//! Main loop: follows the chain, and reconnects when the node fails.

use crate::{
	chain::{Chain, Snapshot},
	checkpoint::Scanned,
	folder::Folder,
	metrics::Metrics,
	nodes::Nodes,
	progress::CatchUp,
	rollup::ProvingKeys,
	text::host,
	worker::{self, misconfigured, Misconfigured, Policy, Worker},
};
use anyhow::{bail, ensure, Context, Result};
use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use std::{
	convert::Infallible,
	future::{ready, Future},
	path::{Path, PathBuf},
	time::Duration,
};
use subxt::{
	client::Blocks,
	ext::futures::FutureExt,
	utils::{AccountId32, H256},
	SubstrateConfig,
};
use tokio::time::{sleep, sleep_until, Instant};
use tracing::{info, warn};

/// Maximum pause between two attempts to connect.
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// Time without a new block after which a node counts as dead.
const STANDSTILL: Duration = Duration::from_secs(60);

/// Number of chain blocks after which a node is left that is of no use. A transaction needs some to get
/// into one.
const TRIAL: u64 = 4;

/// Number of failed reads of the books in turn after which another node may be of more use.
const MAX_BOOK_FAILURES: u32 = 3;

/// Reason to connect again.
const ENDED: &str = "the block subscription ended";

/// Proves until `shutdown` completes. `urls` are nodes of the same chain, the preferred one first.
/// `base` is the folder of all provers of this machine.
///
/// Fails with [`Misconfigured`] if a retry does not help.
pub async fn run(
	urls: Vec<String>,
	base: PathBuf,
	policy: Policy,
	metrics: Metrics,
	shutdown: impl Future<Output = ()>,
) -> Result<()> {
	tokio::pin!(shutdown);
	let mut nodes = Nodes::new(urls);
	let mut prover = Prover { base, policy, metrics, worker: None, pauses: pauses() };
	loop {
		let failure = tokio::select! {
			result = prover.session(&mut nodes) => match result {
				Ok(never) => match never {},
				Err(failure) => failure,
			},
			() = &mut shutdown => break,
		};
		if failure.is::<Misconfigured>() {
			return Err(failure);
		}
		prover.metrics.disconnected();
		let pause = prover.pauses.next().unwrap_or(MAX_PAUSE);
		warn!(
			"Cannot follow the chain at {}: {failure:#}. Connecting again in {} s.",
			host(nodes.url()),
			pause.as_secs()
		);
		nodes.rotate();
		tokio::select! {
			() = sleep(pause) => {},
			() = &mut shutdown => break,
		}
	}
	if let Some(worker) = &mut prover.worker {
		worker.stop();
	}
	info!("Stopped.");
	Ok(())
}

/// Prover during all sessions.
struct Prover {
	base: PathBuf,
	policy: Policy,
	metrics: Metrics,
	/// `None` before the first successful check of the configuration.
	worker: Option<Worker>,
	pauses: ExponentialBackoff,
}

impl Prover {
	/// Proves with one node until an error occurs.
	async fn session(&mut self, nodes: &mut Nodes) -> Result<Infallible> {
		let chain = Chain::connect(nodes.url()).await?;
		let worker = match &mut self.worker {
			Some(worker) => worker,
			None => {
				let policy = self.policy.clone();
				let worker = prepare(&chain, &self.base, policy, self.metrics.clone()).await?;
				self.worker.insert(worker)
			},
		};
		let (origin, has_others) = (worker.origin(), nodes.has_others());
		let has_history = check_chain(&chain, origin, worker.path(), has_others).await?;
		if !has_history {
			let number = worker.scanned();
			ensure!(
				!nodes.leaves(true),
				"it does not have chain block {number}, which was read before"
			);
			warn!("The node does not have chain block {number}, so its fork is not checked.");
		}
		let finalized = chain.finalized_blocks().await?;
		let best = chain.best_blocks().await?;
		worker.reconnected(host(nodes.url()));
		decide(worker, &chain).await?;
		self.pauses = pauses();
		follow(worker, &chain, Streams { finalized, best }, nodes).await
	}
}

/// Blocks that a node reports.
struct Streams {
	finalized: Blocks<SubstrateConfig>,
	best: Blocks<SubstrateConfig>,
}

/// Reads the best block, and executes what is due.
async fn decide(worker: &mut Worker, chain: &Chain) -> Result<()> {
	worker.look(chain).await?;
	worker.act(chain).await
}

/// Checks the configuration against the chain, and returns the worker.
async fn prepare(chain: &Chain, base: &Path, policy: Policy, metrics: Metrics) -> Result<Worker> {
	let best = chain.best().await?;
	check_pallets(&best)?;
	let account = policy.account;
	let folder = Folder::lock(base, chain.genesis(), &account).map_err(misconfigured)?;
	let found = folder.checkpoint(chain.genesis(), &account).map_err(misconfigured)?;
	let checkpoint = match found {
		Some(checkpoint) => checkpoint,
		None => worker::start(chain, account, policy.signer_account()).await?,
	};
	let keys = ProvingKeys::load(base).map_err(misconfigured)?;
	check_key(&best, &keys, &account).await?;
	info!("Proving for {account}. The last chain block read is {}.", checkpoint.scanned.number);
	metrics.label(chain.genesis());
	Ok(Worker::new(policy, keys, folder, metrics, checkpoint))
}

/// Fails if the chain is not one of a prover pool.
pub fn check_pallets(best: &Snapshot) -> Result<()> {
	match best.missing_pallet() {
		None => Ok(()),
		Some(pallet) => bail!(Misconfigured(format!(
			"the chain has no pallet {pallet}: use the URL of another one"
		))),
	}
}

/// Fails if there is no key for the active rules, and none can be generated.
///
/// A prover with a place in the pool or outstanding blocks continues nevertheless: it proves what it
/// can, and leaves the pool in time.
async fn check_key(best: &Snapshot, keys: &ProvingKeys, account: &AccountId32) -> Result<()> {
	let Some(version) = best.active_version().await? else {
		return Ok(());
	};
	let Some(key) = best.key(version).await? else {
		return Ok(());
	};
	if keys.find(&key).is_some() || ProvingKeys::can_generate(&key) {
		return Ok(());
	}
	let (staker, entry) = best.staker(account).await?;
	ensure!(
		staker.prover_id.is_some() || staker.outstanding(&entry) > 0,
		Misconfigured(format!(
			"no file in {} has the proving key for the chain's rules version {version}",
			keys.folder().display()
		))
	);
	Ok(())
}

/// Follows the chain until an error occurs.
async fn follow(
	worker: &mut Worker,
	chain: &Chain,
	mut blocks: Streams,
	nodes: &mut Nodes,
) -> Result<Infallible> {
	let mut books = Books::new(worker.finalized());
	let first_seen = worker.seen();
	let mut last_block = Instant::now();
	loop {
		tokio::select! {
			block = blocks.best.next() => {
				block.context(ENDED)??;
				drain(&mut blocks.best)?;
				decide(worker, chain).await?;
				last_block = Instant::now();
				// The subscription to finalized blocks may be silent.
				books.extend(worker.finalized());
				if worker.seen() >= first_seen.saturating_add(TRIAL) {
					ensure!(
						!leaves(nodes, worker, &books),
						"it does not have a payload or a chain block, or takes no proof"
					);
				}
			},
			block = blocks.finalized.next() => {
				books.extend(block.context(ENDED)??.number());
			},
			() = worker.job_done() => decide(worker, chain).await?,
			() = sleep_until(last_block + STANDSTILL) => {
				// A block may have arrived during a long step.
				match drain(&mut blocks.best)? {
					true => decide(worker, chain).await?,
					false => stands_still(chain, worker.seen(), nodes.has_others()).await?,
				}
				last_block = Instant::now();
			},
			// Reads the history in steps, so that proving continues meanwhile.
			() = ready(()), if books.are_due(worker) => books.read(worker, chain).await,
		}
	}
}

/// Returns `true` if the node is to be left, because another one may be of more use.
fn leaves(nodes: &mut Nodes, worker: &Worker, books: &Books) -> bool {
	match worker.needs_other_node() || books.have_failed() {
		true => nodes.leaves(true),
		// A node whose books fail is not a useful one yet.
		false => books.failures == 0 && nodes.leaves(false),
	}
}

/// Reads of finalized chain blocks during a session, without which proving continues.
struct Books {
	/// Last finalized chain block.
	target: u64,
	/// Time from which on they are read.
	due_at: Instant,
	/// Number of failures in turn.
	failures: u32,
	/// Pauses after them.
	pauses: ExponentialBackoff,
	progress: CatchUp,
}

impl Books {
	fn new(target: u64) -> Self {
		let progress = CatchUp::default();
		Self { target, due_at: Instant::now(), failures: 0, pauses: pauses(), progress }
	}

	/// Records a finalized chain block.
	fn extend(&mut self, finalized: u64) {
		self.target = self.target.max(finalized);
	}

	fn are_due(&self, worker: &Worker) -> bool {
		worker.scanned() < self.target && Instant::now() >= self.due_at
	}

	/// Returns `true` if another node may be of more use.
	fn have_failed(&self) -> bool {
		self.failures >= MAX_BOOK_FAILURES
	}

	/// Reads some chain blocks, so that proving continues meanwhile.
	///
	/// A failure does not end the session: a block may be unreadable on every node. If the connection is
	/// broken, the next read of the best block fails.
	async fn read(&mut self, worker: &mut Worker, chain: &Chain) {
		match worker.read_next(chain, self.target).await {
			Ok(()) => (self.failures, self.pauses) = (0, pauses()),
			Err(error) => {
				self.failures = self.failures.saturating_add(1);
				let pause = self.pauses.next().unwrap_or(MAX_PAUSE);
				let (number, seconds) = (worker.scanned(), pause.as_secs());
				warn!("The books wait for {seconds} s after chain block {number}: {error:#}.");
				// Cannot overflow: the pause is short.
				self.due_at = Instant::now() + pause;
			},
		}
		self.progress.show(worker.scanned(), self.target);
	}
}

/// Drops the blocks that arrived meanwhile, because only the newest one counts. Returns `true` if there
/// was one.
fn drain(blocks: &mut Blocks<SubstrateConfig>) -> Result<bool> {
	let mut has_arrived = false;
	while let Some(block) = blocks.next().now_or_never() {
		block.context(ENDED)??;
		has_arrived = true;
	}
	Ok(has_arrived)
}

/// Reports that there are no blocks after the one that was `seen`. Fails if the node does not respond
/// or did not report a block, or if another one may have blocks.
async fn stands_still(chain: &Chain, seen: u64, has_other_nodes: bool) -> Result<()> {
	let number = chain.best().await?.number();
	let seconds = STANDSTILL.as_secs();
	ensure!(number <= seen, "it has chain block {number}, and reported none after {seen}");
	ensure!(!has_other_nodes, "it has had no new block for {seconds} s");
	warn!("The node has had no block after {number} for {seconds} s. The chain or the node stands still.");
	Ok(())
}

/// Checks that the node has the last finalized block that was read, by the files in `folder`. Returns
/// `false` if it has no block of this number, because it synced to a recent state.
///
/// A node with another block may be on a wrong fork. It is a fault of the configuration only if no
/// other node can be used.
pub async fn check_chain(
	chain: &Chain,
	(genesis, scanned): (H256, Scanned),
	folder: &Path,
	has_other_nodes: bool,
) -> Result<bool> {
	ensure!(chain.genesis() == genesis, "it is a node of another chain");
	let finalized = chain.finalized().await?.number();
	ensure!(
		finalized >= scanned.number,
		"it has finalized block {finalized} only, and block {} was read before: it has not synced, or \
		 its chain was restarted from genesis",
		scanned.number
	);
	match chain.hash_of(scanned.number).await? {
		Some(hash) if hash == scanned.hash => Ok(true),
		None => Ok(false),
		Some(_) if has_other_nodes => {
			bail!("it has another chain block {} than the one that was read", scanned.number)
		},
		Some(_) => bail!(Misconfigured(format!(
			"the node has another chain block {} than the one that was read. If the chain was \
			 restarted from genesis, remove {}",
			scanned.number,
			folder.display()
		))),
	}
}

/// Returns pauses that double up to a bound. They vary, so that the provers of a node do not come
/// back in the same second.
fn pauses() -> ExponentialBackoff {
	ExponentialBuilder::default()
		.with_min_delay(Duration::from_secs(1))
		.with_max_delay(MAX_PAUSE)
		.without_max_times()
		.with_jitter()
		.build()
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::chain::fake::FakeNode;
	use subxt_signer::sr25519::{dev, Keypair};
	use tempfile::TempDir;

	#[test]
	fn pauses_grow_up_to_a_bound() {
		let mut pauses = pauses();
		let mut before = Duration::ZERO;
		for _ in 0..5 {
			let pause = pauses.next().unwrap();
			assert!(pause >= before.min(MAX_PAUSE) && pause <= MAX_PAUSE * 2, "{pause:?}");
			before = pause / 2;
		}
		assert!(pauses.nth(1_000).unwrap() >= MAX_PAUSE);
	}

	/// Returns the result of preparing a prover on a chain with a key that cannot be generated.
	async fn prepare_on_foreign_key(account: Keypair, base: &Path) -> Result<Worker> {
		let node = FakeNode::development();
		node.add(vec![], vec![], || {
			let key = frame_support::BoundedVec::truncate_from(b"another".to_vec());
			pallet_groth16_verifier::Keys::<prover_pool_runtime::Runtime>::insert(1, key);
		});
		let policy = Policy {
			account: account.public_key().to_account_id(),
			signer: account,
			rescues: false,
			max_tip: 0,
			exit: true,
		};
		prepare(&node.connect().await, base, policy, Metrics::default()).await
	}

	#[tokio::test]
	async fn a_chain_without_the_own_key_is_a_configuration_error_before_a_stake() {
		let base = TempDir::new().unwrap();
		let error = prepare_on_foreign_key(dev::dave(), base.path()).await.err().unwrap();
		assert!(error.is::<Misconfigured>(), "{error:#}");
		assert!(error.to_string().contains("rules version 1"), "{error:#}");
		// A member continues, so that it leaves the pool in time.
		assert!(prepare_on_foreign_key(dev::eve(), base.path()).await.is_ok());
	}

	#[tokio::test]
	async fn a_chain_without_the_pallets_is_a_configuration_error() {
		use codec::{Decode, Encode};
		use frame_metadata::{RuntimeMetadata, RuntimeMetadataPrefixed};

		let bytes = crate::chain::fake::metadata();
		let decoded = RuntimeMetadataPrefixed::decode(&mut &bytes[..]).unwrap();
		let RuntimeMetadata::V15(mut metadata) = decoded.1 else { panic!("another version") };
		metadata.pallets.retain(|pallet| pallet.name != "Rollup");
		let metadata = RuntimeMetadataPrefixed(decoded.0, RuntimeMetadata::V15(metadata)).encode();
		let node = FakeNode::development();
		node.upgrade(99, metadata);
		let policy = Policy {
			signer: dev::eve(),
			account: dev::eve().public_key().to_account_id(),
			rescues: false,
			max_tip: 0,
			exit: true,
		};
		let base = TempDir::new().unwrap();
		let prepared =
			prepare(&node.connect().await, base.path(), policy, Metrics::default()).await;
		let error = prepared.err().unwrap();
		assert!(error.is::<Misconfigured>(), "{error:#}");
		assert!(error.to_string().contains("no pallet Rollup"), "{error:#}");
	}

	#[tokio::test]
	async fn a_standstill_ends_the_session_if_the_node_is_at_fault() {
		let node = FakeNode::development();
		let chain = node.connect().await;
		assert!(stands_still(&chain, 0, false).await.is_ok(), "the chain may stand still");
		assert!(stands_still(&chain, 0, true).await.is_err(), "another node may have blocks");
		node.add(vec![], vec![], || {});
		let error = stands_still(&chain, 0, false).await.unwrap_err();
		assert!(error.to_string().contains("reported none after 0"), "{error:#}");
	}

	#[tokio::test]
	async fn a_folder_in_use_is_a_configuration_error() {
		let base = TempDir::new().unwrap();
		let _first = prepare_on_foreign_key(dev::eve(), base.path()).await.unwrap();
		let error = prepare_on_foreign_key(dev::eve(), base.path()).await.err().unwrap();
		assert!(error.is::<Misconfigured>(), "{error:#}");
	}

	#[tokio::test]
	async fn a_node_that_is_behind_or_on_another_chain_is_not_used() {
		let base = TempDir::new().unwrap();
		let node = FakeNode::development();
		let block = node.add(vec![], vec![], || {});
		let chain = node.connect().await;
		let account = dev::eve();
		let policy = Policy {
			account: account.public_key().to_account_id(),
			signer: account,
			rescues: false,
			max_tip: 0,
			exit: true,
		};
		let keys = ProvingKeys::load(base.path()).unwrap();
		let folder = Folder::lock(base.path(), chain.genesis(), &policy.account).unwrap();
		let checkpoint = worker::start(&chain, policy.account, policy.account).await.unwrap();
		let worker = Worker::new(policy, keys, folder, Metrics::default(), checkpoint);
		let check = |chain: Chain, has_other_nodes| {
			let (origin, path) = (worker.origin(), worker.path().to_owned());
			async move { check_chain(&chain, origin, &path, has_other_nodes).await }
		};
		assert!(check(chain.clone(), false).await.unwrap());
		let shorter = FakeNode::development().connect().await;
		let behind = check(shorter, false).await.unwrap_err();
		assert!(behind.to_string().contains("has not synced"), "{behind:#}");
		assert!(!behind.is::<Misconfigured>());
		// A node that synced to a recent state does not have old blocks.
		node.content().first_kept = 2;
		assert!(!check(chain.clone(), false).await.unwrap());
		node.content().first_kept = 0;
		node.content().blocks[block.number as usize].hash = subxt::utils::H256::repeat_byte(9);
		let other = check(chain.clone(), true).await.unwrap_err();
		assert!(!other.is::<Misconfigured>(), "{other:#}");
		let other = check(chain, false).await.unwrap_err();
		assert!(other.is::<Misconfigured>(), "{other:#}");
	}
}
