// SPDX-License-Identifier: Apache-2.0

//! The chain as a prover sees it: the only place that knows the names of pallets and of their
//! fields.
//!
//! Values are decoded by the names in the metadata of the block they are read at, so that a field
//! that a runtime upgrade adds, moves or widens does no harm.

use anyhow::{anyhow, Context, Result};
use std::time::Duration;
use subxt::{
	backend::{BlockRef, LegacyBackend},
	client::Blocks,
	config::RpcConfigFor,
	ext::jsonrpsee::ws_client::{PingConfig, WsClientBuilder},
	rpcs::{LegacyRpcMethods, RpcClient},
	utils::{AccountId32, H256},
	OnlineClient, SubstrateConfig,
};

pub use calls::{Call, Outcome, Signed, Watch};
pub use events::Event;
pub use snapshot::{
	BlockState, PoolEntry, PoolStaker, Progress, ProvenTransition, RollupBlock, Snapshot,
};

mod calls;
pub mod events;
mod payload;
mod snapshot;

/// The largest answer that is read. A block of 5 MB takes twice that in hex.
const MAX_RESPONSE_SIZE: u32 = 64 * 1024 * 1024;

/// A connection to a node. It does not come back when it breaks: connect anew.
pub struct Chain {
	client: OnlineClient<SubstrateConfig>,
	rpc: LegacyRpcMethods<RpcConfigFor<SubstrateConfig>>,
}

impl Chain {
	/// Connects to the node at a `ws://` or `wss://` URL.
	///
	/// The methods used are those of the older RPC interface: every node has them, chopsticks
	/// too, and they tell of a block that is finalized as soon as it is made.
	pub async fn connect(url: &str) -> Result<Self> {
		let socket = WsClientBuilder::default()
			.enable_ws_ping(PingConfig::new().ping_interval(Duration::from_secs(10)))
			.max_response_size(MAX_RESPONSE_SIZE)
			.build(url)
			.await
			.with_context(|| format!("no node answers at {url}"))?;
		let rpc = RpcClient::new(socket);
		let backend = LegacyBackend::builder().build(rpc.clone());
		let client = OnlineClient::from_backend_with_config(
			SubstrateConfig::new(),
			std::sync::Arc::new(backend),
		)
		.await?;
		Ok(Self { client, rpc: LegacyRpcMethods::new(rpc) })
	}

	/// The hash of the genesis block.
	pub fn genesis(&self) -> H256 {
		self.client.genesis_hash()
	}

	/// The finalized blocks from now on, in order.
	pub async fn finalized_blocks(&self) -> Result<Blocks<SubstrateConfig>> {
		self.client.stream_blocks().await.context("cannot follow the finalized blocks")
	}

	/// The latest finalized block.
	pub async fn finalized(&self) -> Result<Snapshot> {
		let at = self
			.client
			.at_current_block()
			.await
			.context("cannot read the latest finalized block")?;
		Ok(Snapshot::new(at))
	}

	/// The block that the node takes for the best.
	pub async fn best(&self) -> Result<Snapshot> {
		let hash = self
			.rpc
			.chain_get_block_hash(None)
			.await?
			.ok_or_else(|| anyhow!("the node has no best block"))?;
		let at = self
			.client
			.at_block(BlockRef::from_hash(hash))
			.await
			.context("cannot read the best block")?;
		Ok(Snapshot::new(at))
	}

	/// The hash of the block of this number in the node's best chain.
	pub async fn hash_of(&self, number: u64) -> Result<Option<H256>> {
		Ok(self.rpc.chain_get_block_hash(Some(number.into())).await?)
	}

	/// The block of this number and hash.
	pub async fn at(&self, number: u64, hash: H256) -> Result<Snapshot> {
		let at = self
			.client
			.at_block_hash_and_number(BlockRef::from_hash(hash), number)
			.await
			.with_context(|| format!("cannot read block {number}"))?;
		Ok(Snapshot::new(at))
	}

	/// The nonce of the account's next transaction, after those that wait in the node's pool.
	async fn next_nonce(&self, account: &AccountId32) -> Result<u64> {
		Ok(self.rpc.system_account_next_index(account).await?)
	}
}
