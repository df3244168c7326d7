// SPDX-License-Identifier: Apache-2.0

//! The chain as a prover sees it. No other module knows the names of pallets and of their fields.
//!
//! Values are decoded by the names in the metadata of their block. A runtime upgrade may therefore
//! add, move or widen a field.

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
	Assigned, Opening, Phase, PoolEntry, PoolStaker, Positions, RollupBlock, Roots, Snapshot,
	StoredTransition,
};

mod calls;
pub mod events;
mod payload;
mod snapshot;

#[cfg(test)]
mod tests;

/// Maximum size of a response, in bytes. A block of 5 MB has 10 MB in hex.
const MAX_RESPONSE_SIZE: u32 = 64 * 1024 * 1024;

/// Connection to a node. A broken connection does not recover: make a new one.
pub struct Chain {
	client: OnlineClient<SubstrateConfig>,
	rpc: LegacyRpcMethods<RpcConfigFor<SubstrateConfig>>,
}

impl Chain {
	/// Connects to the node at a `ws://` or `wss://` URL.
	///
	/// Uses the methods of the older RPC interface. Every node has them, and chopsticks too. They
	/// report blocks that are finalized immediately.
	pub async fn connect(url: &str) -> Result<Self> {
		let socket = WsClientBuilder::default()
			.enable_ws_ping(PingConfig::new().ping_interval(Duration::from_secs(10)))
			.max_response_size(MAX_RESPONSE_SIZE)
			.build(url)
			.await
			.with_context(|| format!("cannot connect to a node at {url}"))?;
		let rpc = RpcClient::new(socket);
		let backend = LegacyBackend::builder().build(rpc.clone());
		let client = OnlineClient::from_backend_with_config(
			SubstrateConfig::new(),
			std::sync::Arc::new(backend),
		)
		.await?;
		Ok(Self { client, rpc: LegacyRpcMethods::new(rpc) })
	}

	/// Returns the hash of the genesis block.
	pub fn genesis(&self) -> H256 {
		self.client.genesis_hash()
	}

	/// Subscribes to best blocks.
	pub async fn best_blocks(&self) -> Result<Blocks<SubstrateConfig>> {
		self.client.stream_best_blocks().await.context("cannot follow the best blocks")
	}

	/// Subscribes to finalized blocks, in order.
	pub async fn finalized_blocks(&self) -> Result<Blocks<SubstrateConfig>> {
		self.client.stream_blocks().await.context("cannot follow the finalized blocks")
	}

	/// Returns the latest finalized block.
	pub async fn finalized(&self) -> Result<Snapshot> {
		let at = self
			.client
			.at_current_block()
			.await
			.context("cannot read the latest finalized block")?;
		Ok(Snapshot::new(at))
	}

	/// Returns the best block of the node.
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

	/// Returns the hash of the block with this number in the node's best chain.
	pub async fn hash_of(&self, number: u64) -> Result<Option<H256>> {
		Ok(self.rpc.chain_get_block_hash(Some(number.into())).await?)
	}

	/// Returns the block with this number and hash.
	pub async fn at(&self, number: u64, hash: H256) -> Result<Snapshot> {
		let at = self
			.client
			.at_block_hash_and_number(BlockRef::from_hash(hash), number)
			.await
			.with_context(|| format!("cannot read block {number}"))?;
		Ok(Snapshot::new(at))
	}

	/// Returns the nonce of the account's next transaction, after those in the node's pool.
	async fn next_nonce(&self, account: &AccountId32) -> Result<u64> {
		Ok(self.rpc.system_account_next_index(account).await?)
	}
}
