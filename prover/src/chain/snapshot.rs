// SPDX-License-Identifier: Apache-2.0

//! What is read from the chain at one block.

use super::{payload::Finder, Event};
use anyhow::{Context, Result};
use scale_decode::DecodeAsType;
use subxt::{
	dynamic,
	utils::{AccountId32, H256},
	OnlineClientAtBlock, SubstrateConfig,
};

/// How far the rollup is.
#[derive(DecodeAsType, Clone, Debug, PartialEq, Eq)]
pub struct Progress {
	/// The latest block that was proposed.
	pub proposed: u64,
	/// The latest block that is settled; all before it are.
	pub settled: u64,
	/// The state that the settled blocks led to.
	pub state: H256,
}

/// A rollup block that is not settled.
#[derive(DecodeAsType, Clone, Debug, PartialEq, Eq)]
pub struct RollupBlock {
	/// The last second in which the prover that was drawn has it for itself, in Unix seconds.
	pub closes_at: u64,
	/// Who may prove it.
	pub state: BlockState,
	/// What was proven of it.
	pub transitions: Vec<ProvenTransition>,
}

/// Who may prove a rollup block.
#[derive(DecodeAsType, Clone, Debug, PartialEq, Eq)]
pub enum BlockState {
	/// The prover that was drawn, until the window closes.
	Assigned {
		/// The prover.
		prover: AccountId32,
	},
	/// Everyone, because nobody could be drawn.
	Open,
	/// Everyone, because the prover that was drawn missed its window.
	Missed {},
}

/// Transition of a block, without the fields that are not read here.
#[derive(DecodeAsType, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
	/// State root before the block.
	pub parent_state_root: H256,
}

/// A transition that was proven.
#[derive(DecodeAsType, Clone, Debug, PartialEq, Eq)]
pub struct ProvenTransition {
	/// What was proven.
	pub transition: Transition,
}

impl RollupBlock {
	/// The account that alone may prove it at this Unix time.
	pub fn reserved_for(&self, now: u64) -> Option<&AccountId32> {
		match &self.state {
			BlockState::Assigned { prover } if now <= self.closes_at => Some(prover),
			_ => None,
		}
	}

	/// Whether something was proven on this parent state.
	pub fn is_proven_on(&self, parent_state: H256) -> bool {
		self.transitions
			.iter()
			.any(|proven| proven.transition.parent_state_root == parent_state)
	}
}

/// What the pool knows of an account that staked, in the pool or not.
#[derive(DecodeAsType, Clone, Debug, PartialEq, Eq)]
pub struct PoolStaker {
	/// When it left, in Unix seconds.
	pub exit_requested_at: u64,
	/// What is in exit, in whole tokens.
	pub exit_amount: u32,
	/// How many blocks it declared to take at a time.
	pub max_capacity: u16,
	/// Its number in the pool, if it is a member.
	pub prover_id: Option<u16>,
	/// What it has outstanding from an earlier membership, in blocks.
	pub backlog: u16,
}

/// A member's place in the pool; all zero for others.
#[derive(DecodeAsType, Clone, Debug, PartialEq, Eq)]
pub struct PoolEntry {
	/// Its stake, in whole tokens.
	pub staked_amount: u32,
	/// Its price, in the smallest unit of the currency for a unit of gas.
	pub reward_per_gas: u16,
	/// How many blocks it takes now.
	pub current_capacity: u16,
}

impl PoolStaker {
	/// How many blocks the account has outstanding.
	pub fn outstanding(&self, entry: &PoolEntry) -> u32 {
		let in_pool = match self.prover_id {
			Some(_) => self.max_capacity.saturating_sub(entry.current_capacity),
			None => 0,
		};
		u32::from(in_pool) + u32::from(self.backlog)
	}
}

/// The chain at one block.
pub struct Snapshot {
	at: OnlineClientAtBlock<SubstrateConfig>,
}

impl Snapshot {
	pub(super) fn new(at: OnlineClientAtBlock<SubstrateConfig>) -> Self {
		Self { at }
	}

	pub(super) fn client(&self) -> &OnlineClientAtBlock<SubstrateConfig> {
		&self.at
	}

	/// The number of the block.
	pub fn number(&self) -> u64 {
		self.at.block_number()
	}

	/// The hash of the block.
	pub fn hash(&self) -> H256 {
		self.at.block_hash()
	}

	/// The chain's clock, in Unix seconds.
	pub async fn now(&self) -> Result<u64> {
		let milliseconds: u64 = self.value("Timestamp", "Now").await?;
		Ok(milliseconds / 1_000)
	}

	/// How far the rollup is.
	pub async fn progress(&self) -> Result<Progress> {
		self.value("Rollup", "RollupProgress").await
	}

	/// A rollup block; `None` when it is settled, or was never proposed.
	pub async fn block(&self, id: u64) -> Result<Option<RollupBlock>> {
		let address = dynamic::storage::<(u64,), RollupBlock>("Rollup", "Blocks");
		let context = || format!("cannot read rollup block {id}");
		let value = self.at.storage().try_fetch(address, (id,)).await.with_context(context)?;
		value.map(|value| value.decode()).transpose().with_context(context)
	}

	/// The rollup blocks that `prover` alone may prove now, and has not.
	pub async fn pending_blocks(&self, prover: &AccountId32) -> Result<Vec<u64>> {
		self.call("RollupApi", "pending_blocks", (*prover,)).await
	}

	/// The rollup blocks that anyone may prove now, and nobody has.
	pub async fn open_blocks(&self) -> Result<Vec<u64>> {
		self.call("RollupApi", "open_blocks", ()).await
	}

	/// What the pool knows of an account.
	pub async fn staker(&self, who: &AccountId32) -> Result<(PoolStaker, PoolEntry)> {
		self.call("ProverPoolApi", "get_staker", (*who,)).await
	}

	/// What a whole token is worth, in the smallest unit of the currency.
	pub fn one_token(&self) -> Result<u128> {
		self.constant("ProverPool", "OneToken")
	}

	/// How long a stake that left the pool stays slashable, in seconds.
	pub fn exit_period(&self) -> Result<u64> {
		self.constant("ProverPool", "ExitPeriod")
	}

	/// What happened in the block, in order, as far as a prover cares.
	pub async fn events(&self) -> Result<Vec<Event>> {
		let events = self
			.at
			.events()
			.fetch()
			.await
			.with_context(|| format!("cannot read the events of block {}", self.number()))?;
		let mut known = Vec::new();
		for event in events.iter() {
			known.extend(Event::decode(&event?)?);
		}
		Ok(known)
	}

	/// The byte string of this SHA-256 and size in the calls of the block.
	pub async fn payload(&self, sha256: H256, size: u32) -> Result<Option<Vec<u8>>> {
		let extrinsics = self
			.at
			.extrinsics()
			.fetch()
			.await
			.with_context(|| format!("cannot read the body of block {}", self.number()))?;
		for extrinsic in extrinsics.iter() {
			let extrinsic = extrinsic?;
			for field in extrinsic.iter_call_data_fields() {
				if let Some(payload) = field.visit(Finder::new(sha256, size))? {
					return Ok(Some(payload));
				}
			}
		}
		Ok(None)
	}

	async fn value<T: DecodeAsType>(&self, pallet: &str, name: &str) -> Result<T> {
		let address = dynamic::storage::<(), T>(pallet, name);
		let context = || format!("cannot read {pallet}.{name} of block {}", self.number());
		let value = self.at.storage().fetch(address, ()).await.with_context(context)?;
		value.decode().with_context(context)
	}

	async fn call<A, T>(&self, api: &str, method: &str, arguments: A) -> Result<T>
	where
		A: subxt::ext::frame_decode::runtime_apis::IntoEncodableValues,
		T: DecodeAsType,
	{
		self.at
			.runtime_apis()
			.call(dynamic::runtime_api_call::<A, T>(api, method, arguments))
			.await
			.with_context(|| format!("cannot call {api}.{method}"))
	}

	fn constant<T: DecodeAsType>(&self, pallet: &str, name: &str) -> Result<T> {
		self.at
			.constants()
			.entry(dynamic::constant::<T>(pallet, name))
			.with_context(|| format!("the chain has no constant {pallet}.{name}"))
	}
}
