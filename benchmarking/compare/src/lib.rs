// SPDX-License-Identifier: Apache-2.0

//! # Comparison Runtime
//!
//! Not a chain: a runtime for `frame-omni-bencher`. It has the prover pool, the collator selection
//! of the Polkadot SDK and balances, on the same accounts and clock.
//!
//! The pool has 1 to 1,024 places, which `benchmarks` sets.

#![cfg_attr(not(feature = "std"), no_std)]
#![recursion_limit = "256"]
// The macros make most public items, without documentation.
#![allow(missing_docs)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarks;
pub mod configs;

use alloc::{borrow::Cow, vec, vec::Vec};
use frame_support::genesis_builder_helper::{build_state, get_preset};
use sp_runtime::{
	generic, impl_opaque_keys,
	traits::{BlakeTwo256, Block as BlockT, IdentifyAccount, Verify},
	MultiAddress, MultiSignature,
};
use sp_version::RuntimeVersion;

pub type AccountId = <<MultiSignature as Verify>::Signer as IdentifyAccount>::AccountId;
pub type Balance = u128;
pub type Block = generic::Block<
	generic::Header<u32, BlakeTwo256>,
	generic::UncheckedExtrinsic<MultiAddress<AccountId, ()>, RuntimeCall, MultiSignature, ()>,
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

	#[runtime::pallet_index(10)]
	pub type Authorship = pallet_authorship;
	#[runtime::pallet_index(11)]
	pub type CollatorSelection = pallet_collator_selection;
	#[runtime::pallet_index(12)]
	pub type Session = pallet_session;
	#[runtime::pallet_index(13)]
	pub type Aura = pallet_aura;

	#[runtime::pallet_index(20)]
	pub type ProverPool = pallet_prover_pool;
}

impl_opaque_keys! {
	/// The keys that a collator registers.
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

/// State version 1, as on parachains: the proof of a small change to a large value must hold the
/// value.
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
	spec_name: Cow::Borrowed("prover-pool-compare"),
	impl_name: Cow::Borrowed("prover-pool-compare"),
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
			// The benchmarks set up everything that they need.
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

#[test]
fn the_preset_is_the_default_state() {
	use sp_genesis_builder::runtime_decl_for_genesis_builder::GenesisBuilder;

	let patch = Runtime::get_preset(&Some(sp_genesis_builder::DEV_RUNTIME_PRESET.into()));
	assert_eq!(patch.as_deref(), Some(&b"{}"[..]));
	let default = Runtime::get_preset(&None).expect("there is a default state");
	sp_io::TestExternalities::default()
		.execute_with(|| Runtime::build_state(default))
		.expect("the default state builds");
}
