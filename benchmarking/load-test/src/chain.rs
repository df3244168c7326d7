// SPDX-License-Identifier: Apache-2.0

//! Connection to a development node, and the well-known accounts that submit transactions.

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

/// Maximum number of transactions that wait for the node's response.
const MAX_PENDING: usize = 16;

/// Connection to the node at one block.
pub type At = OnlineClientAtBlock<SubstrateConfig>;

/// Best blocks, and the time at which the node announced each.
pub type Heads = UnboundedReceiver<(Instant, Block<SubstrateConfig>)>;

/// Connection to a node.
pub struct Node {
	pub client: OnlineClient<SubstrateConfig>,
	/// Last block before the first transaction.
	pub start: At,
	rpc: LegacyRpcMethods<RpcConfigFor<SubstrateConfig>>,
	/// Transactions without a response of the node.
	pending: JoinSet<Result<()>>,
}

/// Well-known account. No other program must use it, because this one counts its nonces.
pub struct Account {
	pub id: AccountId32,
	pub next_nonce: u64,
	key: Keypair,
}

impl Account {
	/// Derives the account of a path such as `//Eve`.
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
		let rpc = rpc.with_context(|| format!("cannot connect to a node at {url}"))?;
		let backend = Arc::new(LegacyBackend::builder().build(rpc.clone()));
		let config = SubstrateConfig::new();
		let client = OnlineClient::from_backend_with_config(config, backend).await?;
		Ok(Self {
			start: client.at_current_block().await?,
			client,
			rpc: LegacyRpcMethods::new(rpc),
			pending: JoinSet::new(),
		})
	}

	/// Subscribes to best blocks. The times are correct even if the receiver is busy.
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

	/// Submits a call, and waits until it is finalized. Returns its events.
	pub async fn call(
		&self,
		account: &Account,
		call: impl Payload,
	) -> Result<ExtrinsicEvents<SubstrateConfig>> {
		let mut transactions = self.client.at_current_block().await?.tx();
		let sent = transactions.sign_and_submit_then_watch_default(&call, &account.key).await?;
		Ok(sent.wait_for_finalized_success().await?)
	}

	/// Signs a call with the account's next nonce, and submits it without waiting for the response.
	pub async fn send(&mut self, account: &mut Account, call: &impl Payload) -> Result<()> {
		if self.pending.len() >= MAX_PENDING {
			self.flush().await?;
		}
		let params = DefaultExtrinsicParamsBuilder::<SubstrateConfig>::new()
			.immortal()
			.nonce(account.next_nonce)
			.build();
		let mut signable = self.start.tx().create_signable_offline(call, params)?;
		let extrinsic = signable.sign(&account.key)?.into_encoded();
		account.next_nonce += 1;
		let rpc = self.rpc.clone();
		self.pending.spawn(async move {
			let answer = rpc.author_submit_extrinsic(&extrinsic).await;
			answer.context("the node rejected a transaction")?;
			Ok(())
		});
		Ok(())
	}

	/// Waits until the node has accepted all transactions.
	pub async fn flush(&mut self) -> Result<()> {
		while let Some(answer) = self.pending.join_next().await {
			answer??;
		}
		Ok(())
	}
}
