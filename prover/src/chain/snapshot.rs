// SPDX-License-Identifier: Apache-2.0

//! State of the chain at one block.

use crate::ledger::Proposal;
use anyhow::{Context, Result};
use scale_decode::DecodeAsType;
use std::fmt;
use subxt::{
	dynamic,
	ext::{frame_decode::runtime_apis::IntoEncodableValues, scale_encode::EncodeAsType},
	utils::{AccountId32, H256},
	OnlineClientAtBlock, SubstrateConfig,
};

/// Pallets without which no block can be proven.
const PALLETS: [&str; 3] = ["ProverPool", "Rollup", "Groth16Verifier"];

/// Positions of the rollup's queue.
#[derive(DecodeAsType, Clone, Debug, Default, PartialEq, Eq)]
pub struct Positions {
	/// Last proposed block.
	pub proposed: u64,
	/// Last drawn block.
	pub drawn: u64,
	/// Last proven block.
	pub proven: u64,
	/// Last settled block.
	pub settled: u64,
	/// State root after `settled`.
	pub settled_root: H256,
	/// State root after `proven`.
	pub proven_root: H256,
	/// Last block that the sweep has passed.
	pub swept: u64,
	/// Blocks that count as open behind it, although their entries do not show it yet.
	pub opening: Opening,
}

/// Blocks that were opened at once.
#[derive(DecodeAsType, Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
	/// Last of them.
	pub to: u64,
}

/// Reading of the rollup's clock.
#[derive(DecodeAsType, Clone, Debug, PartialEq, Eq)]
pub(super) struct ClockReading {
	pub(super) now: u64,
}

/// Account of the chain.
#[derive(DecodeAsType, Default)]
struct Account {
	nonce: u64,
	data: Balance,
}

/// Balance of an account.
#[derive(DecodeAsType, Default)]
struct Balance {
	free: u128,
	reserved: u128,
	frozen: u128,
}

/// Unsettled rollup block.
#[derive(DecodeAsType, Clone, Debug, PartialEq, Eq)]
pub struct RollupBlock {
	/// SHA-256 of its payload.
	pub payload_hash: H256,
	/// Size of its payload, in bytes.
	pub payload_size: u32,
	/// Maximum gas of its execution.
	pub gas_limit: u32,
	/// Chain block whose body has the payload.
	pub proposed_in: u64,
	/// Rules version by which it is proven.
	pub rules_version: u32,
	/// Price of a unit of gas, in the smallest unit of the currency.
	pub reward_per_gas: u32,
	/// Phase of the block.
	pub phase: Phase,
	/// Transition of the block, waiting or proven.
	pub transition: Option<StoredTransition>,
}

impl RollupBlock {
	/// Returns the block as it was proposed.
	pub fn proposal(&self) -> Proposal {
		let Self { payload_hash, payload_size, gas_limit, proposed_in, .. } = *self;
		Proposal { payload_hash, payload_size, gas_limit, proposed_in }
	}
}

/// Phase of an unsettled block.
#[derive(DecodeAsType, Clone, Debug, PartialEq, Eq)]
pub enum Phase {
	/// The draw is still to come.
	Undrawn,
	/// Open to anyone, because no prover was drawn.
	Open,
	/// Reserved for its assigned prover until the deadline.
	Assigned(Assigned),
	/// Open to anyone after the deadline.
	Missed(Assigned),
	/// Open to anyone by an override or a key replacement.
	Opened(Assigned),
}

/// Assignment of a block.
#[derive(DecodeAsType, Clone, Debug, PartialEq, Eq)]
pub struct Assigned {
	/// Assigned prover.
	pub prover: AccountId32,
	/// Time of the draw, in seconds of the rollup's clock.
	pub drawn_at: u64,
	/// Last second of the assignment, by the rollup's clock.
	pub deadline: u64,
	/// `true` if a proof of the block has used its priority.
	pub has_used_lane: bool,
}

/// Transition of a block.
#[derive(DecodeAsType, Clone, Debug, PartialEq, Eq)]
pub struct StoredTransition {
	/// Transition in force.
	pub transition: Roots,
}

/// State roots of a transition.
#[derive(DecodeAsType, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Roots {
	/// State root before the block.
	pub parent_state_root: H256,
	/// State root after the block.
	pub state_root: H256,
}

/// Account that staked, in the pool or not.
#[derive(DecodeAsType, Clone, Debug, PartialEq, Eq)]
pub struct PoolStaker {
	/// Time of its last exit, in seconds of the rollup's clock.
	pub exit_requested_at: u64,
	/// Amount in exit, in whole tokens.
	pub exit_amount: u32,
	/// Declared maximum number of blocks at a time.
	pub max_capacity: u16,
	/// Its number in the pool, if it is a member.
	pub prover_id: Option<u16>,
	/// Time at which a member took its place, in seconds of the rollup's clock.
	pub staked_at: u64,
	/// Number of outstanding blocks from an earlier membership.
	pub backlog: u16,
}

/// A member's slot in the pool. All fields are zero for other accounts.
#[derive(DecodeAsType, Clone, Debug, PartialEq, Eq)]
pub struct PoolEntry {
	/// Its stake, in whole tokens.
	pub staked_amount: u32,
	/// Its price of a unit of gas, in the smallest unit of the currency.
	pub reward_per_gas: u16,
	/// Free capacity, in blocks.
	pub current_capacity: u16,
}

/// Effective parameters of the pool that an offer must respect.
#[derive(DecodeAsType, Clone, Debug, PartialEq, Eq)]
pub struct PoolParameters {
	/// Time for which an exit stays slashable, in seconds.
	pub exit_period: u64,
	/// Minimum time between a stake and the next change, in seconds.
	pub min_change_delay: u64,
	/// Minimum capacity, in rollup blocks.
	pub min_capacity: u16,
	/// Minimum stake for each unit of capacity, in whole tokens.
	pub min_stake_per_capacity: u32,
}

/// Member of the pool.
pub type Member = (u16, AccountId32, PoolEntry);

impl PoolStaker {
	/// Returns the number of outstanding blocks of the account.
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

	/// Returns the number of the block.
	pub fn number(&self) -> u64 {
		self.at.block_number()
	}

	/// Returns the hash of the block.
	pub fn hash(&self) -> H256 {
		self.at.block_hash()
	}

	/// Returns the version of the runtime after the block.
	pub fn spec_version(&self) -> u32 {
		self.at.spec_version()
	}

	/// Returns the first pallet of a prover pool that the chain lacks.
	pub fn missing_pallet(&self) -> Option<&'static str> {
		let metadata = self.at.metadata_ref();
		PALLETS.into_iter().find(|name| metadata.pallet_by_name(name).is_none())
	}

	/// Returns the reading of the rollup's clock for the next chain block, in seconds.
	pub async fn now(&self) -> Result<u64> {
		let clock: ClockReading = self.call("RollupApi", "clock", ()).await?;
		Ok(clock.now)
	}

	/// Returns the positions of the rollup's queue.
	pub async fn positions(&self) -> Result<Positions> {
		self.value("Rollup", "State").await
	}

	/// Returns the key of a rollup block in storage.
	pub(super) fn block_key(&self, id: u64) -> Result<Vec<u8>> {
		let address = dynamic::storage::<([u8; 8],), RollupBlock>("Rollup", "Blocks");
		Ok(self.at.storage().entry(address)?.fetch_key((id.to_be_bytes(),))?)
	}

	/// Decodes a rollup block.
	pub(super) fn decode_block(&self, bytes: &[u8]) -> Result<RollupBlock> {
		let metadata = self.at.metadata_ref();
		let entry = metadata
			.pallet_by_name("Rollup")
			.and_then(|pallet| pallet.storage()?.entry_by_name("Blocks"))
			.context("the chain has no storage Rollup.Blocks")?;
		RollupBlock::decode_as_type(&mut &bytes[..], entry.value_ty(), metadata.types())
			.context("cannot decode a rollup block")
	}

	/// Returns the rules version of blocks that are proposed now, if there is one.
	pub async fn active_version(&self) -> Result<Option<u32>> {
		let address = dynamic::storage::<(), u32>("Groth16Verifier", "ActiveVersion");
		let context = || "cannot read the active rules version";
		let value = self.at.storage().try_fetch(address, ()).await.with_context(context)?;
		value.map(|value| value.decode()).transpose().with_context(context)
	}

	/// Returns the verifying key of a rules version.
	pub async fn key(&self, version: u32) -> Result<Option<Vec<u8>>> {
		self.entry("Groth16Verifier", "Keys", version).await
	}

	/// Returns the entry of an account as a staker, and its slot in the pool.
	pub async fn staker(&self, who: &AccountId32) -> Result<(PoolStaker, PoolEntry)> {
		self.call("ProverPoolApi", "get_staker", (*who,)).await
	}

	/// Returns the effective parameters of the pool.
	pub async fn pool_parameters(&self) -> Result<PoolParameters> {
		self.call("ProverPoolApi", "parameters", ()).await
	}

	/// Returns the smallest stake that enters the pool now, in whole tokens, if any can.
	pub async fn entry_price(&self) -> Result<Option<u32>> {
		self.call("ProverPoolApi", "entry_price", ()).await
	}

	/// Returns the members of the pool, in the order of their slots.
	pub async fn members(&self) -> Result<Vec<Member>> {
		self.call("ProverPoolApi", "provers", ()).await
	}

	/// Returns the fee for a unit of gas, in the smallest unit of the currency.
	pub async fn fee_per_gas(&self) -> Result<u32> {
		self.call("RollupApi", "fee_per_gas", ()).await
	}

	/// Returns the maximum difference between fee and price that counts, in basis points.
	pub fn reward_tolerance(&self) -> Result<u32> {
		self.constant("ProverPool", "RewardTolerance")
	}

	/// Returns the value of a whole token, in the smallest unit of the currency.
	pub fn one_token(&self) -> Result<u128> {
		self.constant("ProverPool", "OneToken")
	}

	/// Returns the operator of a prover, if it named one.
	pub async fn operator(&self, prover: &AccountId32) -> Result<Option<AccountId32>> {
		// The hash of the key makes the type of the key irrelevant.
		self.entry("ProverPool", "Operators", prover.0).await
	}

	/// Returns the balance of an account that can be held, in the smallest unit of the currency.
	pub async fn holdable_balance(&self, who: &AccountId32) -> Result<u128> {
		let free = self.account(who).await?.data.free;
		Ok(free.saturating_sub(self.existential_deposit()?))
	}

	/// Returns the nonce of an account's next transaction, and its balance that can pay fees, in the
	/// smallest unit of the currency.
	pub async fn nonce_and_balance(&self, who: &AccountId32) -> Result<(u64, u128)> {
		let Account { nonce, data } = self.account(who).await?;
		// Holds count towards what is frozen.
		let frozen = data.frozen.saturating_sub(data.reserved);
		let untouchable = frozen.max(self.existential_deposit()?);
		Ok((nonce, data.free.saturating_sub(untouchable)))
	}

	fn existential_deposit(&self) -> Result<u128> {
		self.constant("Balances", "ExistentialDeposit")
	}

	async fn account(&self, who: &AccountId32) -> Result<Account> {
		Ok(self.entry("System", "Account", who.0).await?.unwrap_or_default())
	}

	/// Returns the gas that is charged for a block besides the gas used.
	pub fn gas_of(&self, payload_size: u32) -> Result<u64> {
		let base: u32 = self.constant("Rollup", "BaseGas")?;
		let per_byte: u32 = self.constant("Rollup", "GasPerByte")?;
		// Cannot overflow: (2^32 - 1)^2 + 2^32 is below 2^64.
		Ok(u64::from(per_byte) * u64::from(payload_size) + u64::from(base))
	}

	/// Returns the maximum number of seconds by which the rollup's clock advances in a chain block.
	pub fn max_tick(&self) -> Result<u64> {
		let milliseconds: u64 = self.constant("Rollup", "MaxTick")?;
		Ok(milliseconds.div_ceil(1_000))
	}

	async fn value<T: DecodeAsType>(&self, pallet: &str, name: &str) -> Result<T> {
		let address = dynamic::storage::<(), T>(pallet, name);
		let context = || format!("cannot read {pallet}.{name} of block {}", self.number());
		let value = self.at.storage().fetch(address, ()).await.with_context(context)?;
		value.decode().with_context(context)
	}

	async fn entry<K, T>(&self, pallet: &str, name: &str, key: K) -> Result<Option<T>>
	where
		K: EncodeAsType + DecodeAsType + fmt::Debug + Copy,
		T: DecodeAsType,
	{
		let address = dynamic::storage::<(K,), T>(pallet, name);
		let context = || format!("cannot read {pallet}.{name} of {key:?}");
		let value = self.at.storage().try_fetch(address, (key,)).await.with_context(context)?;
		value.map(|value| value.decode()).transpose().with_context(context)
	}

	async fn call<A, T>(&self, api: &str, method: &str, arguments: A) -> Result<T>
	where
		A: IntoEncodableValues,
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
