// SPDX-License-Identifier: Apache-2.0

//! Minimal runtime with the prover pool, built outside of the repository's workspace.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

use alloc::{borrow::Cow, vec::Vec};
use frame_support::{
	derive_impl,
	traits::{ConstU16, ConstU32, ConstU64, Randomness, UnixTime},
};
use frame_system::pallet_prelude::BlockNumberFor;
use pallet_prover_pool::{Parameters, Prover, ProverId, Staker};
use prover_pool_primitives::Clock;
use sp_core::H256;
use sp_runtime::{
	generic,
	traits::{BlakeTwo256, Block as BlockT, Hash},
	AccountId32, ExtrinsicInclusionMode, MultiAddress, MultiSignature,
};
use sp_version::RuntimeVersion;

type Header = generic::Header<u32, BlakeTwo256>;
type TxExtension = (frame_system::CheckNonce<Runtime>, frame_system::CheckWeight<Runtime>);
type UncheckedExtrinsic = generic::UncheckedExtrinsic<
	MultiAddress<AccountId32, ()>,
	RuntimeCall,
	MultiSignature,
	TxExtension,
>;
type Block = generic::Block<Header, UncheckedExtrinsic>;
type Executive = frame_executive::Executive<
	Runtime,
	Block,
	frame_system::ChainContext<Runtime>,
	Runtime,
	AllPalletsWithSystem,
>;

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeFreezeReason,
		RuntimeHoldReason,
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Runtime;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Timestamp = pallet_timestamp;
	#[runtime::pallet_index(2)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(3)]
	pub type ProverPool = pallet_prover_pool;
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
	type Block = Block;
	type AccountData = pallet_balances::AccountData<u64>;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Runtime {}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Runtime {
	type AccountStore = System;
}

/// Randomness from the parent block's hash. Block authors can bias it: do not use it for draws with
/// real value.
pub struct ParentHash;

impl Randomness<H256, BlockNumberFor<Runtime>> for ParentHash {
	fn random(subject: &[u8]) -> (H256, BlockNumberFor<Runtime>) {
		(BlakeTwo256::hash_of(&(System::parent_hash(), subject)), System::block_number())
	}
}

/// Time of the blocks. `pallet-rollup` has a clock that stands still when the chain does.
pub struct BlockTime;

impl Clock for BlockTime {
	fn now() -> u64 {
		Timestamp::now().as_secs()
	}
}

impl pallet_prover_pool::Config for Runtime {
	type WeightInfo = pallet_prover_pool::weights::SubstrateWeight<Runtime>;
	type Currency = Balances;
	type Time = BlockTime;
	type Randomness = ParentHash;
	type MaxProvers = ConstU32<32>;
	type OneToken = ConstU64<1_000_000>;
	type ExitPeriod = ConstU64<604_800>;
	type MinChangeDelay = ConstU64<3_600>;
	type MinCapacity = ConstU16<128>;
	type MinStakePerCapacity = ConstU32<500>;
	type SlashPoints = ConstU32<500>;
	type SlashMultiplier = ConstU32<2>;
	type RewardTolerance = ConstU32<2_500>;
	type EjectionThreshold = ConstU32<5_000>;
}

/// Version of the runtime.
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
	spec_name: Cow::Borrowed("adopter"),
	impl_name: Cow::Borrowed("adopter"),
	authoring_version: 1,
	spec_version: 1,
	impl_version: 0,
	apis: RUNTIME_API_VERSIONS,
	transaction_version: 1,
	system_version: 1,
};

sp_api::impl_runtime_apis! {
	impl sp_api::Core<Block> for Runtime {
		fn version() -> RuntimeVersion {
			VERSION
		}
		fn execute_block(block: <Block as BlockT>::LazyBlock) {
			Executive::execute_block(block)
		}
		fn initialize_block(header: &Header) -> ExtrinsicInclusionMode {
			Executive::initialize_block(header)
		}
	}

	impl pallet_prover_pool::runtime_api::ProverPoolApi<Block, AccountId32> for Runtime {
		fn get_staker(who: AccountId32) -> (Staker, Prover) {
			ProverPool::get_staker(who)
		}
		fn get_capacity() -> u32 {
			ProverPool::get_capacity()
		}
		fn get_weights(fee_per_gas: u32) -> (Vec<u128>, u128) {
			ProverPool::get_weights(fee_per_gas)
		}
		fn provers() -> Vec<(ProverId, AccountId32, Prover)> {
			ProverPool::provers()
		}
		fn entry_price() -> Option<u32> {
			ProverPool::entry_price()
		}
		fn parameters() -> Parameters {
			ProverPool::parameters()
		}
	}
}

#[cfg(test)]
mod tests;
