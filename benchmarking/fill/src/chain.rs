// SPDX-License-Identifier: Apache-2.0

//! A development node, and the well-known accounts that send it transactions.

use anyhow::{Context, Result};
use std::{str::FromStr, sync::Arc, time::Instant};
use subxt::{
	backend::LegacyBackend,
	client::Block,
	config::{DefaultExtrinsicParamsBuilder, RpcConfigFor},
	extrinsics::ExtrinsicEvents,
	rpcs::{LegacyRpcMethods, RpcClient},
	tx::Payload,
	utils::AccountId32,
	OnlineClient, OnlineClientAtBlock, SubstrateConfig,
};
use subxt_signer::{sr25519::Keypair, SecretUri};
use tokio::{
	sync::mpsc::{unbounded_channel, UnboundedReceiver},
	task::JoinSet,
};

/// How many transactions the node is given at a time.
const MAX_UNDER_WAY: usize = 16;

/// The node at one block.
pub type At = OnlineClientAtBlock<SubstrateConfig>;

/// Best blocks, and when the node told of them.
pub type Heads = UnboundedReceiver<(Instant, Block<SubstrateConfig>)>;

/// A connection to a node.
pub struct Node {
	pub client: OnlineClient<SubstrateConfig>,
	/// The last block before the first transaction.
	pub start: At,
	rpc: LegacyRpcMethods<RpcConfigFor<SubstrateConfig>>,
	/// Transactions that the node has not answered yet.
	under_way: JoinSet<Result<()>>,
}

/// A well-known account. Its nonces are counted here: nobody else uses it.
pub struct Account {
	pub id: AccountId32,
	pub next_nonce: u64,
	key: Keypair,
}

impl Account {
	/// The account of a derivation path: `//Eve`.
	pub async fn new(node: &Node, path: &str) -> Result<Self> {
		let key = Keypair::from_uri(&SecretUri::from_str(path)?)?;
		let id = key.public_key().to_account_id();
		let next_nonce = node.rpc.system_account_next_index(&id).await?;
		Ok(Self { id, next_nonce, key })
	}
}

impl Node {
	/// Connects to the node at a `ws://` URL.
	pub async fn connect(url: &str) -> Result<Self> {
		let rpc = RpcClient::from_insecure_url(url).await;
		let rpc = rpc.with_context(|| format!("no node answers at {url}"))?;
		let backend = Arc::new(LegacyBackend::builder().build(rpc.clone()));
		let config = SubstrateConfig::new();
		let client = OnlineClient::from_backend_with_config(config, backend).await?;
		Ok(Self {
			start: client.at_current_block().await?,
			client,
			rpc: LegacyRpcMethods::new(rpc),
			under_way: JoinSet::new(),
		})
	}

	/// The best blocks from now on, with their time, however long the receiver is busy with one.
	pub async fn heads(&self) -> Result<Heads> {
		let mut blocks = self.client.stream_best_blocks().await?;
		let (sender, receiver) = unbounded_channel();
		tokio::spawn(async move {
			while let Some(Ok(block)) = blocks.next().await {
				if sender.send((Instant::now(), block)).is_err() {
					break;
				}
			}
		});
		Ok(receiver)
	}

	/// Makes a call, and waits until it is in the chain. Returns what happened.
	pub async fn call(
		&self,
		account: &Account,
		call: impl Payload,
	) -> Result<ExtrinsicEvents<SubstrateConfig>> {
		let mut transactions = self.client.at_current_block().await?.tx();
		let sent = transactions.sign_and_submit_then_watch_default(&call, &account.key).await?;
		Ok(sent.wait_for_finalized_success().await?)
	}

	/// Signs a call by its account's next nonce, and gives it to the node without waiting for the
	/// answer.
	pub async fn send(&mut self, account: &mut Account, call: &impl Payload) -> Result<()> {
		if self.under_way.len() >= MAX_UNDER_WAY {
			self.taken().await?;
		}
		let params = DefaultExtrinsicParamsBuilder::<SubstrateConfig>::new()
			.immortal()
			.nonce(account.next_nonce)
			.build();
		let mut signable = self.start.tx().create_signable_offline(call, params)?;
		let extrinsic = signable.sign(&account.key)?.into_encoded();
		account.next_nonce += 1;
		let rpc = self.rpc.clone();
		self.under_way.spawn(async move {
			let answer = rpc.author_submit_extrinsic(&extrinsic).await;
			answer.context("the node refuses a transaction")?;
			Ok(())
		});
		Ok(())
	}

	/// Waits until the node has taken all that it was given.
	pub async fn taken(&mut self) -> Result<()> {
		while let Some(answer) = self.under_way.join_next().await {
			answer??;
		}
		Ok(())
	}
}
