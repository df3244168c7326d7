// SPDX-License-Identifier: Apache-2.0

//! Worker of the prover: reads chain blocks, selects actions and executes them.

use crate::{
	chain::Chain,
	checkpoint::{Checkpoint, DataDir, Scanned},
	metrics::Metrics,
	rollup::Keys,
	schedule::{self, Action, Stage, View},
};
use anyhow::{bail, Context, Result};
use deliver::Job;
use std::{fmt, sync::Arc};
use subxt::utils::{AccountId32, H256};
use subxt_signer::sr25519::Keypair;
use tokio::task::JoinSet;
use tracing::{error, info};

mod deliver;
mod follow;

/// Error after which a retry does not help.
#[derive(Debug)]
pub struct Fatal(String);

impl fmt::Display for Fatal {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(&self.0)
	}
}

impl std::error::Error for Fatal {}

/// State of a prover, with or without a connection.
pub struct Worker {
	signer: Keypair,
	/// Account that is assigned and paid: the signer, or a prover whose operator the signer is.
	account: AccountId32,
	keys: Arc<Keys>,
	data: DataDir,
	metrics: Metrics,
	rescue: bool,
	/// `None` before the first connection.
	checkpoint: Option<Checkpoint>,
	view: View,
	key_answer: Option<KeyAnswer>,
	jobs: JoinSet<Job>,
	saved_at: u64,
}

/// Result of comparing the chain's key with that of this prover.
struct KeyAnswer {
	/// Chain block at which the key was read.
	at: H256,
	version: u32,
	is_own: bool,
}

impl Worker {
	/// Returns a worker that has not read the chain yet.
	pub fn new(
		signer: Keypair,
		account: AccountId32,
		keys: Keys,
		data: DataDir,
		metrics: Metrics,
		rescue: bool,
	) -> Self {
		Self {
			signer,
			account,
			keys: Arc::new(keys),
			data,
			metrics,
			rescue,
			checkpoint: None,
			view: View::default(),
			key_answer: None,
			jobs: JoinSet::new(),
			saved_at: 0,
		}
	}

	/// Prepares the work with a newly connected node. Checks that the checkpoint belongs to its
	/// chain.
	pub async fn open(&mut self, chain: &Chain) -> Result<()> {
		if self.checkpoint.is_none() {
			let found = self
				.data
				.load(chain.genesis(), &self.account)
				.map_err(|error| Fatal(format!("{error:#}")))?;
			let checkpoint = match found {
				Some(checkpoint) => checkpoint,
				None => self.start(chain).await?,
			};
			self.saved_at = checkpoint.scanned.number;
			self.checkpoint = Some(checkpoint);
		}
		let checkpoint = self.checkpoint()?;
		let Scanned { number, hash } = checkpoint.scanned;
		let waiting = checkpoint.waiting.clone();
		match chain.hash_of(number).await? {
			Some(found) if found == hash && chain.genesis() == checkpoint.genesis => {},
			Some(found) => bail!(Fatal(format!(
				"{} belongs to another chain: block {number} is {hash:?} there and {found:?} on \
				 the node. Use a different --data folder or another node with --url",
				self.data.path().display()
			))),
			None => bail!(
				"the node does not have the finalized block {number}: wait until it has synced. If \
				 its chain was restarted from genesis, use another --data folder than {}",
				self.data.path().display()
			),
		}
		info!("Connected as {}. The last block read is {number}.", self.account);
		if let Some(reason) = waiting {
			error!("Proving halted: {reason}.");
		}
		Ok(())
	}

	/// Returns the checkpoint before the first block.
	async fn start(&self, chain: &Chain) -> Result<Checkpoint> {
		let checkpoint = Checkpoint::new(chain.genesis(), self.account);
		let genesis = chain.at(0, chain.genesis()).await?.positions().await?;
		if genesis.settled_root != checkpoint.ledger.settled_root() {
			bail!(Fatal(format!(
				"the rollup of this chain starts from the state root {:?}, but this program \
				 supports {:?} only",
				genesis.settled_root,
				checkpoint.ledger.settled_root()
			)));
		}
		info!("There is no checkpoint: reading the chain from its first block.");
		Ok(checkpoint)
	}

	/// Executes all due actions.
	pub async fn act(&mut self, chain: &Chain) -> Result<()> {
		while let Some(action) = schedule::next(&self.view, &self.checkpoint()?.work, self.rescue) {
			match action {
				Action::Forget(block_id) => {
					self.checkpoint_mut()?.work.remove(&block_id);
				},
				Action::Expire(block_id) => self.expired(block_id)?,
				Action::Prove(block_id) => self.prove(block_id)?,
				Action::Send(block_id) => self.send(chain, block_id).await?,
				Action::Resubmit(block_id) => {
					info!("Resubmitting the transaction with the proof of block {block_id}.");
					self.submit(chain, block_id).await?;
				},
			}
		}
		Ok(())
	}

	/// Writes the checkpoint.
	pub fn save(&mut self) -> Result<()> {
		let Some(checkpoint) = &self.checkpoint else {
			return Ok(());
		};
		let mut kept = checkpoint.clone();
		// Other work cannot continue after a restart.
		kept.work
			.retain(|_, work| matches!(work.stage, Stage::Proved(_) | Stage::Sent { .. }));
		self.data.save(&kept)?;
		self.data.retain_payloads(|block_id| block_id > kept.ledger.settled())?;
		self.saved_at = kept.scanned.number;
		Ok(())
	}

	/// Returns the last finalized chain block that was read.
	pub fn scanned(&self) -> u64 {
		self.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.scanned.number)
	}

	fn checkpoint(&self) -> Result<&Checkpoint> {
		self.checkpoint.as_ref().context("the worker has no connection yet")
	}

	fn checkpoint_mut(&mut self) -> Result<&mut Checkpoint> {
		self.checkpoint.as_mut().context("the worker has no connection yet")
	}
}
