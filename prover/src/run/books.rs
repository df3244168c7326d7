// SPDX-License-Identifier: Apache-2.0

//! Reads of the books during a session.

use super::{pauses, MAX_PAUSE};
use crate::{chain::Chain, progress::CatchUp, worker::Worker};
use backon::ExponentialBackoff;
use tokio::time::Instant;
use tracing::warn;

/// Number of failed reads of the books in turn after which another node may be of more use.
const MAX_FAILURES: u32 = 3;

/// Reads of finalized chain blocks during a session, without which proving continues.
pub struct Books {
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
	/// Returns the reads up to a finalized chain block.
	pub fn new(target: u64) -> Self {
		let progress = CatchUp::default();
		Self { target, due_at: Instant::now(), failures: 0, pauses: pauses(), progress }
	}

	/// Records a finalized chain block.
	pub fn extend(&mut self, finalized: u64) {
		self.target = self.target.max(finalized);
	}

	/// Returns `true` if there are chain blocks to read, and no pause.
	pub fn are_due(&self, worker: &Worker) -> bool {
		worker.scanned() < self.target && Instant::now() >= self.due_at
	}

	/// Returns `true` if another node may be of more use.
	pub fn have_failed(&self) -> bool {
		self.failures >= MAX_FAILURES
	}

	/// Returns `true` if the last read succeeded, or none was necessary.
	pub fn are_readable(&self) -> bool {
		self.failures == 0
	}

	/// Reads some chain blocks, so that proving continues meanwhile.
	///
	/// A failure does not end the session: a block may be unreadable on every node. If the connection is
	/// broken, the next read of the best block fails.
	pub async fn read(&mut self, worker: &mut Worker, chain: &Chain) {
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

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{chain::fake::FakeNode, metrics::Metrics, run::checks::prepare, worker::Policy};
	use subxt_signer::sr25519::dev;
	use tempfile::TempDir;

	#[tokio::test]
	async fn a_chain_block_that_cannot_be_read_lets_the_books_wait_until_it_can() {
		let node = FakeNode::development();
		let chain = node.connect().await;
		let base = TempDir::new().unwrap();
		let mut worker =
			prepare(&chain, base.path(), Policy::without_operator(dev::eve()), Metrics::default())
				.await
				.unwrap();
		let readable = node.add(vec![], vec![], || {});
		let block = node.add(vec![], vec![], || {});
		// The second block is decoded by the metadata after the first.
		node.content().blocks[1].set_runtime(99, vec![]);
		let mut books = Books::new(block.number);
		for failures in 1..=MAX_FAILURES {
			assert!(!books.have_failed() && books.are_readable() == (failures == 1));
			books.due_at = Instant::now();
			assert!(books.are_due(&worker));
			books.read(&mut worker, &chain).await;
			assert!(!books.are_due(&worker), "no pause after failure {failures}");
			assert!(books.due_at > Instant::now());
		}
		assert!(books.have_failed());
		assert_eq!(worker.scanned(), readable.number);

		node.content().blocks[1].copy_runtime(&block);
		books.read(&mut worker, &node.connect().await).await;
		assert!(books.are_readable() && !books.have_failed());
		assert!(!books.are_due(&worker));
		assert_eq!(worker.scanned(), block.number);
	}
}
