// SPDX-License-Identifier: Apache-2.0

//! The prover at work: reads blocks of the chain, decides, proves, sends.

use crate::{
	chain::Chain,
	checkpoint::{Checkpoint, DataDir, Scanned},
	metrics::Metrics,
	rollup::Keys,
	schedule::{self, Action, View, Work},
};
use anyhow::{bail, Context, Result};
use deliver::Job;
use std::{fmt, sync::Arc};
use subxt::utils::AccountId32;
use subxt_signer::sr25519::Keypair;
use tokio::task::JoinSet;
use tracing::{error, info};

mod deliver;
mod follow;

/// A reason to end: trying again does not help.
#[derive(Debug)]
pub struct Fatal(String);

impl fmt::Display for Fatal {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(&self.0)
	}
}

impl std::error::Error for Fatal {}

/// A prover, whether a node answers or not.
pub struct Worker {
	signer: Keypair,
	account: AccountId32,
	keys: Arc<Keys>,
	data: DataDir,
	metrics: Metrics,
	rescue: bool,
	/// There is none before the first connection.
	checkpoint: Option<Checkpoint>,
	view: View,
	jobs: JoinSet<Job>,
	saved_at: u64,
}

impl Worker {
	/// A prover that has not looked at the chain yet.
	pub fn new(signer: Keypair, keys: Keys, data: DataDir, metrics: Metrics, rescue: bool) -> Self {
		Self {
			account: signer.public_key().to_account_id(),
			signer,
			keys: Arc::new(keys),
			data,
			metrics,
			rescue,
			checkpoint: None,
			view: View::default(),
			jobs: JoinSet::new(),
			saved_at: 0,
		}
	}

	/// Takes up the work with a node that was just connected: makes sure that it has the chain
	/// that the checkpoint belongs to.
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
		let halted = checkpoint.ledger.halted().map(String::from);
		match chain.hash_of(number).await? {
			Some(found) if found == hash && chain.genesis() == checkpoint.genesis => {},
			Some(found) => bail!(Fatal(format!(
				"{} belongs to another chain: block {number} is {hash:?} there and {found:?} at \
				 the node. Name another folder with --data, or another node with --url",
				self.data.path().display()
			))),
			None => bail!(
				"the node has no block {number}, which was finalized: it is behind, or its chain \
				 was started anew, to which {} does not belong then",
				self.data.path().display()
			),
		}
		info!("Connected as {}; block {number} is the last one that was looked at.", self.account);
		if let Some(reason) = halted {
			error!("Nothing is proven: {reason}.");
		}
		Ok(())
	}

	/// The checkpoint before the first block.
	async fn start(&self, chain: &Chain) -> Result<Checkpoint> {
		let checkpoint = Checkpoint::new(chain.genesis(), self.account);
		let genesis = chain.at(0, chain.genesis()).await?.progress().await?;
		if genesis.state != checkpoint.ledger.root() {
			bail!(Fatal(format!(
				"the rollup of this chain starts from the state {:?}, this program from {:?}",
				genesis.state,
				checkpoint.ledger.root()
			)));
		}
		info!("There is no checkpoint: reading the chain from its first block.");
		Ok(checkpoint)
	}

	/// Does all that is to be done now.
	pub async fn act(&mut self, chain: &Chain) -> Result<()> {
		while let Some(action) = schedule::next(&self.view, &self.checkpoint()?.work, self.rescue) {
			match action {
				Action::Forget(block_id) => {
					self.checkpoint_mut()?.work.remove(&block_id);
				},
				Action::Expire(block_id) => {
					self.came_to_nothing(block_id, "it is in no block, and has expired")?;
				},
				Action::Prove(block_id) => self.prove(block_id)?,
				Action::Send(block_id) => self.send(chain, block_id).await?,
				Action::Resubmit(block_id) => {
					info!("Sending the transaction with the proof of block {block_id} again.");
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
		// What cannot be taken up again starts anew.
		kept.work.retain(|_, work| matches!(work, Work::Proved(_) | Work::Sent { .. }));
		self.data.save(&kept)?;
		self.data.retain_payloads(|block_id| kept.ledger.block(block_id).is_some())?;
		self.saved_at = kept.scanned.number;
		Ok(())
	}

	fn checkpoint(&self) -> Result<&Checkpoint> {
		self.checkpoint.as_ref().context("no chain is open")
	}

	fn checkpoint_mut(&mut self) -> Result<&mut Checkpoint> {
		self.checkpoint.as_mut().context("no chain is open")
	}
}
