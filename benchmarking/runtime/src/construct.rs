// SPDX-License-Identifier: Apache-2.0

//! The pallets of the runtime and what the bencher calls it by.

// Most of what is public here is made by the macros, without documentation.
#![allow(missing_docs)]

use crate::{computation, growth, Block};
use alloc::{borrow::Cow, vec, vec::Vec};
use frame_support::genesis_builder_helper::{build_state, get_preset};
use sp_runtime::{impl_opaque_keys, traits::Block as BlockT};
use sp_version::RuntimeVersion;

#[frame_support::runtime]
mod runtime {
	/// The runtime.
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

	// What collator selection needs, and itself.
	#[runtime::pallet_index(10)]
	pub type Authorship = pallet_authorship;
	#[runtime::pallet_index(11)]
	pub type CollatorSelection = pallet_collator_selection;
	#[runtime::pallet_index(12)]
	pub type Session = pallet_session;
	#[runtime::pallet_index(13)]
	pub type Aura = pallet_aura;

	// The two pools, and their measurements.
	#[runtime::pallet_index(20)]
	pub type ProverPool = pallet_prover_pool;
	#[runtime::pallet_index(21)]
	pub type ProverMap = pallet_prover_map;
	#[runtime::pallet_index(22)]
	pub type PoolGrowth = growth<Instance1>;
	#[runtime::pallet_index(23)]
	pub type MapGrowth = growth<Instance2>;
	#[runtime::pallet_index(24)]
	pub type Computation = computation;
}

impl_opaque_keys! {
	/// The keys a collator registers.
	pub struct SessionKeys {
		pub aura: Aura,
	}
}

type Executive = frame_executive::Executive<
	Runtime,
	Block,
	frame_system::ChainContext<Runtime>,
	Runtime,
	AllPalletsWithSystem,
>;

/// State version 1, as parachains have it: a proof of a small change to a large value has to hold
/// the value.
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
	spec_name: Cow::Borrowed("prover-pool-comparison"),
	impl_name: Cow::Borrowed("prover-pool-comparison"),
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

		fn initialize_block(
			header: &<Block as BlockT>::Header,
		) -> sp_runtime::ExtrinsicInclusionMode {
			Executive::initialize_block(header)
		}
	}

	impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
		fn build_state(config: Vec<u8>) -> sp_genesis_builder::Result {
			build_state::<RuntimeGenesisConfig>(config)
		}

		fn get_preset(id: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
			// The benchmarks put up all that they need themselves.
			get_preset::<RuntimeGenesisConfig>(id, |id| {
				(id == sp_genesis_builder::DEV_RUNTIME_PRESET).then(|| b"{}".to_vec())
			})
		}

		fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
			vec![sp_genesis_builder::DEV_RUNTIME_PRESET.into()]
		}
	}

	#[cfg(feature = "runtime-benchmarks")]
	impl frame_benchmarking::Benchmark<Block> for Runtime {
		fn benchmark_metadata(
			extra: bool,
		) -> (Vec<frame_benchmarking::BenchmarkList>, Vec<frame_support::traits::StorageInfo>) {
			crate::benchmarks::metadata(extra)
		}

		fn dispatch_benchmark(
			config: frame_benchmarking::BenchmarkConfig,
		) -> Result<Vec<frame_benchmarking::BenchmarkBatch>, alloc::string::String> {
			crate::benchmarks::dispatch(config)
		}
	}
}
