// SPDX-License-Identifier: Apache-2.0

//! Main loop: follows the chain, and reconnects when the node fails.

use crate::{
	chain::Chain,
	checkpoint::DataDir,
	metrics::Metrics,
	rollup,
	worker::{Fatal, Worker},
};
use anyhow::{Context, Result};
use std::{
	convert::Infallible,
	future::{ready, Future},
	net::SocketAddr,
	path::PathBuf,
	time::Duration,
};
use subxt::utils::AccountId32;
use subxt_signer::sr25519::Keypair;
use tokio::{task::spawn_blocking, time::sleep};
use tracing::{error, info, warn};

/// Maximum pause between two attempts to connect.
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// Reason to connect again.
const ENDED: &str = "the block subscription ended";

/// Options of a run.
pub struct Options {
	/// URL of the node.
	pub url: String,
	/// Folder of the files that survive a restart.
	pub data: PathBuf,
	/// Address of the metrics server for Prometheus.
	pub metrics: Option<SocketAddr>,
	/// Account that is assigned and paid. `None` for that of the signer.
	pub account: Option<AccountId32>,
	/// `true` to prove also blocks that are open to anyone.
	pub rescue: bool,
}

/// Proves until `shutdown` completes.
///
/// Fails if the checkpoint belongs to another chain, or if the rollup of the chain starts from
/// another state.
pub async fn run(
	options: Options,
	signer: Keypair,
	shutdown: impl Future<Output = ()>,
) -> Result<()> {
	let data = DataDir::create(&options.data)?;
	let metrics = Metrics::new()?;
	if let Some(address) = options.metrics {
		let server = metrics.clone().serve(address);
		tokio::spawn(async move {
			if let Err(error) = server.await {
				error!("The metrics server at {address} failed: {error}. Proving continues.");
			}
		});
	}

	tokio::pin!(shutdown);
	let folder = options.data.clone();
	info!("Loading the proving key. Generating it first can take a minute.");
	let keys = tokio::select! {
		keys = spawn_blocking(move || rollup::load_keys(&folder)) => {
			keys.context("the task that loads the proving key failed")??
		},
		() = &mut shutdown => return Ok(()),
	};

	let account = options.account.unwrap_or_else(|| signer.public_key().to_account_id());
	let mut worker = Worker::new(signer, account, keys, data, metrics, options.rescue);
	let mut pause = Pause::default();
	loop {
		let failure = tokio::select! {
			result = session(&mut worker, &options.url, &mut pause) => match result {
				Ok(never) => match never {},
				Err(failure) => failure,
			},
			() = &mut shutdown => break,
		};
		if failure.is::<Fatal>() {
			return Err(failure);
		}
		let pause = pause.next();
		warn!("Connection lost: {failure:#}. Reconnecting in {} s.", pause.as_secs());
		tokio::select! {
			() = sleep(pause) => {},
			() = &mut shutdown => break,
		}
	}
	worker.save()?;
	info!("Stopped.");
	Ok(())
}

/// Follows the chain until an error occurs.
async fn session(worker: &mut Worker, url: &str, pause: &mut Pause) -> Result<Infallible> {
	let chain = Chain::connect(url).await?;
	worker.open(&chain).await?;
	let mut finalized = chain.finalized_blocks().await?;
	let mut best = chain.best_blocks().await?;
	let mut target = chain.finalized().await?.number();
	worker.look(&chain).await?;
	worker.act(&chain).await?;
	pause.reset();
	loop {
		tokio::select! {
			block = finalized.next() => target = block.context(ENDED)??.number(),
			block = best.next() => {
				block.context(ENDED)??;
				worker.look(&chain).await?;
				worker.act(&chain).await?;
			},
			() = worker.job_done() => worker.act(&chain).await?,
			// Reads the history in steps, so that proving continues meanwhile.
			() = ready(()), if worker.scanned() < target => {
				worker.read_next(&chain, target).await?;
			},
		}
	}
}

/// Pauses that double.
#[derive(Default)]
struct Pause {
	failures: u32,
}

impl Pause {
	fn next(&mut self) -> Duration {
		let seconds = 1u64.checked_shl(self.failures).unwrap_or(u64::MAX);
		self.failures = self.failures.saturating_add(1);
		Duration::from_secs(seconds).min(MAX_PAUSE)
	}

	fn reset(&mut self) {
		self.failures = 0;
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn pauses_double_up_to_a_bound_and_start_over() {
		let mut pause = Pause::default();
		for seconds in [1, 2, 4, 8, 16, 30, 30] {
			assert_eq!(pause.next().as_secs(), seconds);
		}
		pause.failures = u32::MAX;
		assert_eq!(pause.next().as_secs(), 30);
		pause.reset();
		assert_eq!(pause.next().as_secs(), 1);
	}
}
