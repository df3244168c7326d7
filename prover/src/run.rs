// SPDX-License-Identifier: Apache-2.0

//! Main loop: follows the chain, and reconnects when the node fails.

use crate::{
	chain::Chain,
	metrics::Metrics,
	nodes::Nodes,
	text::host,
	worker::{Misconfigured, Policy, Worker},
};
use anyhow::{ensure, Context, Result};
use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use std::{
	convert::Infallible,
	future::{ready, Future},
	path::PathBuf,
	time::Duration,
};
use subxt::{client::Blocks, ext::futures::FutureExt, SubstrateConfig};
use tokio::time::{sleep, sleep_until, Instant};
use tracing::{info, warn};

use books::Books;
use checks::prepare;
pub use checks::{check_chain, check_pallets};

mod books;
mod checks;

/// Maximum pause between two attempts to connect.
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// Time without a new block after which a node counts as dead.
const STANDSTILL: Duration = Duration::from_secs(60);

/// Number of chain blocks after which a node is left that is of no use. A transaction needs some to get
/// into one.
const TRIAL: u64 = 4;

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
	/// Connects to a node, and proves with it until an error occurs.
	async fn session(&mut self, nodes: &mut Nodes) -> Result<Infallible> {
		let chain = Chain::connect(nodes.url()).await?;
		self.prove_with(&chain, nodes).await
	}

	/// Proves with one node until an error occurs.
	async fn prove_with(&mut self, chain: &Chain, nodes: &mut Nodes) -> Result<Infallible> {
		let worker = match &mut self.worker {
			Some(worker) => worker,
			None => {
				let policy = self.policy.clone();
				let worker = prepare(chain, &self.base, policy, self.metrics.clone()).await?;
				self.worker.insert(worker)
			},
		};
		let (origin, has_others) = (worker.origin(), nodes.has_others());
		let has_history = check_chain(chain, origin, worker.path(), has_others).await?;
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
		decide(worker, chain).await?;
		self.pauses = pauses();
		follow(worker, chain, Streams { finalized, best }, nodes).await
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
		false => books.are_readable() && nodes.leaves(false),
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
	use crate::chain::fake::{set_foreign_key, FakeNode};
	use std::future::pending;
	use subxt_signer::sr25519::dev;
	use tempfile::TempDir;
	use tokio::task::yield_now;

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

	#[tokio::test]
	async fn a_session_reads_chain_blocks_as_they_arrive_until_the_node_ends_it() {
		let node = FakeNode::development();
		// No key is generated in the background for this one.
		node.add(vec![], vec![], set_foreign_key);
		let chain = node.connect().await;
		let base = TempDir::new().unwrap();
		let mut prover = Prover {
			base: base.path().into(),
			policy: Policy::without_operator(dev::eve()),
			metrics: Metrics::default(),
			worker: None,
			pauses: pauses(),
		};
		let mut nodes = Nodes::new(vec!["ws://127.0.0.1:1".into()]);
		let blocks = async {
			while node.content().followers() < 2 {
				yield_now().await;
			}
			for _ in 0..3 {
				let number = node.add(vec![], vec![], || {}).number;
				while node.content().last_events_read != Some(number) {
					yield_now().await;
				}
			}
			node.content().close_followers();
			pending::<()>().await
		};
		let failure = tokio::select! {
			result = prover.prove_with(&chain, &mut nodes) => result.unwrap_err(),
			() = blocks => unreachable!(),
		};
		assert!(format!("{failure:#}").contains(ENDED), "{failure:#}");
		let worker = prover.worker.unwrap();
		assert_eq!((worker.seen(), worker.scanned()), (4, 4));
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
}
