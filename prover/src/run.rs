// SPDX-License-Identifier: Apache-2.0

//! Following the chain, and coming back when the node goes away.

use crate::{
	chain::Chain,
	checkpoint::DataDir,
	metrics::Metrics,
	rollup,
	worker::{Fatal, Worker},
};
use anyhow::{bail, Context, Result};
use std::{convert::Infallible, future::Future, net::SocketAddr, path::PathBuf, time::Duration};
use subxt_signer::sr25519::Keypair;
use tokio::{task::spawn_blocking, time::sleep};
use tracing::{error, info, warn};

/// The longest pause between two attempts to reach the node.
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// How to run.
pub struct Options {
	/// The URL of the node.
	pub url: String,
	/// Where to keep what survives a restart.
	pub data: PathBuf,
	/// Where to serve figures for Prometheus.
	pub metrics: Option<SocketAddr>,
	/// Whether to prove what is open to everyone.
	pub rescue: bool,
}

/// Proves until `shutdown` is done.
///
/// Fails when it cannot go on: when the checkpoint belongs to another chain, or the rollup of the
/// chain starts from another state.
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
				error!("No figures are served at {address}: {error}");
			}
		});
	}

	tokio::pin!(shutdown);
	let folder = options.data.clone();
	info!("Reading the proving key, or making it: that can take a minute.");
	let keys = tokio::select! {
		keys = spawn_blocking(move || rollup::load_keys(&folder)) => {
			keys.context("the keys could not be read")??
		},
		() = &mut shutdown => return Ok(()),
	};

	let mut worker = Worker::new(signer, keys, data, metrics, options.rescue);
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
		warn!("Interrupted: {failure:#}. Trying again in {} s.", pause.as_secs());
		tokio::select! {
			() = sleep(pause) => {},
			() = &mut shutdown => break,
		}
	}
	worker.save()?;
	info!("Ended.");
	Ok(())
}

/// Follows the chain until something breaks.
async fn session(worker: &mut Worker, url: &str, pause: &mut Pause) -> Result<Infallible> {
	let chain = Chain::connect(url).await?;
	worker.open(&chain).await?;
	let mut blocks = chain.finalized_blocks().await?;
	worker.advance(&chain, chain.finalized().await?.number()).await?;
	pause.reset();
	loop {
		tokio::select! {
			block = blocks.next() => match block {
				Some(block) => worker.advance(&chain, block?.number()).await?,
				None => bail!("the node tells of no more blocks"),
			},
			() = worker.job_done() => worker.act(&chain).await?,
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
