// SPDX-License-Identifier: Apache-2.0

//! The chain as a prover sees it. No other module knows the names of pallets and of their fields.
//!
//! Values are decoded by the names in the metadata of their runtime version. A runtime upgrade may
//! therefore add, move or widen a field. The events of a block are decoded by the version of its
//! parent, because an upgrade takes effect in the state after the block.

use crate::text::host;
use anyhow::{bail, ensure, Context, Result};
use codec::{Decode, Encode};
use std::{collections::BTreeMap, ops::RangeInclusive, sync::Arc, time::Duration};
use subxt::{
	backend::{BlockRef, LegacyBackend},
	client::Blocks,
	config::RpcConfigFor,
	events::Phase as EventPhase,
	ext::jsonrpsee::ws_client::{PingConfig, WsClientBuilder},
	rpcs::{client::rpc_params, LegacyRpcMethods, RpcClient},
	utils::{AccountId32, H256},
	OnlineClient, SubstrateConfig,
};
use tokio::time::timeout;

pub use body::Payloads;
pub use calls::{Call, Signed, Terms};
pub use events::{Event, Recorded};
pub use outcomes::{Outcome, Retry, Watch};
pub use snapshot::{
	Assigned, Member, Opening, Phase, PoolEntry, PoolParameters, PoolStaker, Positions,
	RollupBlock, Roots, Snapshot, StoredTransition,
};
pub use versions::{Version, Versions};

mod body;
mod calls;
pub mod events;
mod outcomes;
mod snapshot;
mod versions;

#[cfg(test)]
pub mod fake;
#[cfg(test)]
pub mod tests;

/// Maximum size of a response, in bytes. A block of 5 MB has 10 MB in hex.
const MAX_RESPONSE_SIZE: u32 = 64 * 1024 * 1024;

/// Time after which a request counts as failed.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);

/// Time after which the next address of a host is tried.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(10);

/// Number of storage values that are read in one request.
const KEYS_PER_REQUEST: usize = 512;

/// Version of the metadata that is read for the bodies of blocks.
const METADATA_VERSION: u32 = 15;

/// Key of `System.Events` in storage.
const EVENTS_KEY: [u8; 32] = [
	0x26, 0xaa, 0x39, 0x4e, 0xea, 0x56, 0x30, 0xe0, 0x7c, 0x48, 0xae, 0x0c, 0x95, 0x58, 0xce, 0xf7,
	0x80, 0xd4, 0x1e, 0x5e, 0x16, 0x05, 0x67, 0x65, 0xbc, 0x84, 0x61, 0x85, 0x10, 0x72, 0xc9, 0xd7,
];

/// Connection to a node.
///
/// A broken connection does not recover, because a new one must check the node and its pool again.
/// subxt's `ReconnectingRpcClient` would hide the new connection.
#[derive(Clone)]
pub struct Chain {
	client: OnlineClient<SubstrateConfig>,
	rpc: LegacyRpcMethods<RpcConfigFor<SubstrateConfig>>,
	requests: RpcClient,
}

impl Chain {
	/// Connects to the node at a `ws://` or `wss://` URL.
	///
	/// Uses the methods of the older RPC interface. Every node has them, and chopsticks too. They
	/// report blocks that are finalized immediately.
	pub async fn connect(url: &str) -> Result<Self> {
		Self::connect_within(REQUEST_TIMEOUT, url).await
	}

	async fn connect_within(limit: Duration, url: &str) -> Result<Self> {
		let ping = PingConfig::new()
			.ping_interval(Duration::from_secs(10))
			.inactive_limit(REQUEST_TIMEOUT);
		let socket = WsClientBuilder::default()
			.enable_ws_ping(ping)
			.request_timeout(REQUEST_TIMEOUT)
			.connection_timeout(CONNECTION_TIMEOUT)
			.max_response_size(MAX_RESPONSE_SIZE)
			.build(url);
		// The client has no limit of the handshakes, which a frozen node does not answer.
		let socket = match timeout(limit, socket).await {
			Ok(socket) => socket.map_err(anyhow::Error::from),
			Err(elapsed) => Err(elapsed.into()),
		};
		let socket =
			socket.with_context(|| format!("cannot connect to a node at {}", host(url)))?;
		Self::over(RpcClient::new(socket)).await
	}

	/// Returns the chain behind an RPC client.
	pub async fn over(rpc: RpcClient) -> Result<Self> {
		let backend = LegacyBackend::builder().build(rpc.clone());
		let client =
			OnlineClient::from_backend_with_config(SubstrateConfig::new(), Arc::new(backend))
				.await?;
		Ok(Self { client, rpc: LegacyRpcMethods::new(rpc.clone()), requests: rpc })
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
			.context("the node has no best block")?;
		let at = self
			.client
			.at_block(BlockRef::from_hash(hash))
			.await
			.context("cannot read the best block")?;
		Ok(Snapshot::new(at))
	}

	/// Returns the block with this number in the node's best chain. `None` if the node does not keep
	/// its state.
	pub async fn at(&self, number: u64) -> Result<Option<Snapshot>> {
		let Some(hash) = self.hash_of(number).await? else {
			return Ok(None);
		};
		let at = self.client.at_block_hash_and_number(BlockRef::from_hash(hash), number).await;
		match at.map_err(anyhow::Error::from) {
			Ok(at) => Ok(Some(Snapshot::new(at))),
			Err(error) if is_discarded(&error) => Ok(None),
			Err(error) => Err(error),
		}
	}

	/// Returns the hash of the block with this number in the node's best chain.
	pub async fn hash_of(&self, number: u64) -> Result<Option<H256>> {
		Ok(self.rpc.chain_get_block_hash(Some(number.into())).await?)
	}

	/// Returns the hashes of the blocks with these numbers in the node's best chain.
	pub async fn hashes(&self, numbers: RangeInclusive<u64>) -> Result<Vec<Option<H256>>> {
		let numbers: Vec<u64> = numbers.collect();
		let count = numbers.len();
		let hashes: Vec<Option<H256>> =
			self.requests.request("chain_getBlockHash", rpc_params![numbers]).await?;
		ensure!(hashes.len() == count, "the node returned {} of {count} hashes", hashes.len());
		Ok(hashes)
	}

	/// Returns the unsettled rollup blocks with these numbers, at a block of the chain.
	pub async fn blocks(
		&self,
		at: &Snapshot,
		ids: RangeInclusive<u64>,
	) -> Result<BTreeMap<u64, RollupBlock>> {
		let keys = ids.map(|id| Ok((at.block_key(id)?, id))).collect::<Result<BTreeMap<_, _>>>()?;
		let mut blocks = BTreeMap::new();
		for chunk in keys.keys().map(Vec::as_slice).collect::<Vec<_>>().chunks(KEYS_PER_REQUEST) {
			let changes = self
				.rpc
				.state_query_storage_at(chunk.iter().copied(), Some(at.hash()))
				.await
				.context("cannot read the queue of the rollup")?;
			for (key, value) in changes.into_iter().flat_map(|set| set.changes) {
				if let (Some(&id), Some(value)) = (keys.get(&key.0), value) {
					blocks.insert(id, at.decode_block(&value.0)?);
				}
			}
		}
		let missing = keys.values().find(|id| !blocks.contains_key(id));
		match missing {
			None => Ok(blocks),
			Some(id) => bail!("block {id} is not in the queue"),
		}
	}

	/// Returns the extrinsics of a block, each with its length in front. `None` if the node does not
	/// keep them.
	pub async fn body(&self, hash: H256) -> Result<Option<Vec<Vec<u8>>>> {
		let details = self
			.rpc
			.chain_get_block(Some(hash))
			.await
			.with_context(|| format!("cannot read the body of chain block {hash:?}"))?;
		let extrinsics = details.map(|details| details.block.extrinsics);
		Ok(extrinsics.map(|all| all.into_iter().map(|bytes| bytes.0).collect()))
	}

	/// Returns the payloads with these hashes and sizes, as far as the body of the chain block with
	/// this number contains them.
	pub async fn payloads(
		&self,
		versions: &Versions,
		number: u64,
		wanted: BTreeMap<H256, u32>,
	) -> Result<Payloads> {
		let Some(hash) = self.hash_of(number).await? else {
			return Ok(Payloads::new());
		};
		let body = self.body(hash).await?;
		Ok(body.map(|body| versions.find_payloads(&body, wanted)).unwrap_or_default())
	}

	/// Returns the block before the one with this hash, and the encoded events of the one.
	async fn executed_on(&self, hash: H256) -> Result<(Snapshot, Vec<u8>)> {
		let header = self
			.rpc
			.chain_get_header(Some(hash))
			.await?
			.with_context(|| format!("the node does not have chain block {hash:?}"))?;
		// The genesis block is not executed.
		let parent = header.number.saturating_sub(1);
		let at = self
			.client
			.at_block_hash_and_number(BlockRef::from_hash(header.parent_hash), parent)
			.await
			.with_context(|| format!("cannot read chain block {parent}"))?;
		Ok((Snapshot::new(at), self.encoded_events(hash).await?))
	}

	/// Returns the encoded events of a block.
	async fn encoded_events(&self, hash: H256) -> Result<Vec<u8>> {
		let events = self
			.rpc
			.state_get_storage(&EVENTS_KEY, Some(hash))
			.await
			.with_context(|| format!("cannot read the events of chain block {hash:?}"))?;
		Ok(events.unwrap_or_default())
	}

	/// Returns the events of a block that concern a prover, in order, and the value of a token.
	pub async fn events(&self, hash: H256) -> Result<(Vec<Recorded>, u128)> {
		let (parent, bytes) = self.executed_on(hash).await?;
		Self::decode_events(&parent, bytes)
	}

	/// Returns the same as [`Self::events`] for a block that was executed by the runtime after `before`.
	pub async fn events_after(
		&self,
		before: &Snapshot,
		hash: H256,
	) -> Result<(Vec<Recorded>, u128)> {
		Self::decode_events(before, self.encoded_events(hash).await?)
	}

	fn decode_events(parent: &Snapshot, bytes: Vec<u8>) -> Result<(Vec<Recorded>, u128)> {
		let mut known = Vec::new();
		for event in parent.client().events().from_bytes(bytes).iter() {
			let event = event?;
			let extrinsic = match event.phase() {
				EventPhase::ApplyExtrinsic(index) => Some(index),
				_ => None,
			};
			known.extend(Event::decode(&event)?.map(|event| Recorded { event, extrinsic }));
		}
		Ok((known, parent.one_token()?))
	}

	/// Returns the metadata of a block's runtime version.
	pub async fn version(&self, block: &Snapshot) -> Result<Version> {
		let bytes = self
			.rpc
			.state_call(
				"Metadata_metadata_at_version",
				Some(&METADATA_VERSION.encode()),
				Some(block.hash()),
			)
			.await
			.context("cannot read the metadata of the runtime")?;
		let metadata = Option::<Vec<u8>>::decode(&mut &bytes[..])?
			.with_context(|| format!("the runtime has no metadata V{METADATA_VERSION}"))?;
		Version::new(block.spec_version(), metadata)
	}

	/// Returns the nonce of the account's next transaction, after those in the node's pool.
	pub async fn next_nonce(&self, account: &AccountId32) -> Result<u64> {
		self.rpc
			.system_account_next_index(account)
			.await
			.context("cannot read the nonce of the account")
	}
}

/// Returns `true` if the node failed because it does not keep the state of the block any more.
pub fn is_discarded(error: &anyhow::Error) -> bool {
	format!("{error:#}").contains("State already discarded")
}
