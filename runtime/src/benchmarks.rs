// SPDX-License-Identifier: Apache-2.0

//! Benchmarks of this runtime.

use crate::*;
use alloc::{string::String, vec::Vec};
use codec::Encode;
use configs::NativeLocation;
use frame_benchmarking::{BenchmarkBatch, BenchmarkConfig, BenchmarkError, BenchmarkList};
use frame_support::{
	parameter_types,
	traits::{StorageInfo, StorageInfoTrait, WhitelistedStorageKeys},
};
use xcm::latest::prelude::*;

use cumulus_pallet_session_benchmarking::Pallet as SessionBench;
use frame_system_benchmarking::{
	extensions::Pallet as SystemExtensionsBench, Pallet as SystemBench,
};
use pallet_xcm::benchmarking::Pallet as XcmBench;

frame_benchmarking::define_benchmarks!(
	[frame_system, SystemBench::<Runtime>]
	[frame_system_extensions, SystemExtensionsBench::<Runtime>]
	[cumulus_pallet_parachain_system, ParachainSystem]
	[cumulus_pallet_weight_reclaim, WeightReclaim]
	[cumulus_pallet_xcmp_queue, XcmpQueue]
	[pallet_balances, Balances]
	[pallet_collator_selection, CollatorSelection]
	[pallet_groth16_verifier, Groth16Verifier]
	[pallet_message_queue, MessageQueue]
	[pallet_migrations, MultiBlockMigrations]
	[pallet_multisig, Multisig]
	[pallet_parameters, Parameters]
	[pallet_prover_pool, ProverPool]
	[pallet_proxy, Proxy]
	[pallet_relay_randomness, RelayRandomness]
	[pallet_rollup, Rollup]
	[pallet_session, SessionBench::<Runtime>]
	[pallet_sudo, Sudo]
	[pallet_timestamp, Timestamp]
	[pallet_transaction_payment, TransactionPayment]
	[pallet_utility, Utility]
	[pallet_xcm, XcmBench::<Runtime>]
);

/// Returns the benchmarks, and the storage that they access.
pub fn metadata(extra: bool) -> (Vec<BenchmarkList>, Vec<StorageInfo>) {
	let mut list = Vec::new();
	list_benchmarks!(list, extra);
	(list, AllPalletsWithSystem::storage_info())
}

/// Runs the benchmarks that `config` names.
pub fn dispatch(config: BenchmarkConfig) -> Result<Vec<BenchmarkBatch>, String> {
	let whitelist = AllPalletsWithSystem::whitelisted_storage_keys();
	let mut batches = Vec::new();
	let params = (&config, &whitelist);
	add_benchmarks!(params, batches);
	Ok(batches)
}

impl frame_system_benchmarking::Config for Runtime {
	fn setup_set_code_requirements(code: &Vec<u8>) -> Result<(), BenchmarkError> {
		ParachainSystem::initialize_for_set_code_benchmark(code.len() as u32);
		Ok(())
	}

	fn verify_set_code() {
		System::assert_last_event(
			cumulus_pallet_parachain_system::Event::<Runtime>::ValidationFunctionStored.into(),
		);
	}
}

impl cumulus_pallet_session_benchmarking::Config for Runtime {
	fn generate_session_keys_and_proof(owner: AccountId) -> (SessionKeys, Vec<u8>) {
		let generated = SessionKeys::generate(&owner.encode(), None);
		(generated.keys, generated.proof.encode())
	}
}

impl pallet_transaction_payment::BenchmarkConfig for Runtime {}

parameter_types! {
	/// Existential deposit, as an asset.
	pub ExistentialAsset: Option<Asset> =
		Some((NativeLocation::get(), constants::EXISTENTIAL_DEPOSIT).into());
}

impl pallet_xcm::benchmarking::Config for Runtime {
	// The relay chain charges nothing for messages, but accepts only those that its configuration
	// allows.
	type DeliveryHelper = cumulus_primitives_utility::ToParentDeliveryHelper<
		configs::XcmConfig,
		ExistentialAsset,
		polkadot_runtime_common::xcm_sender::NoPriceForMessageDelivery<()>,
	>;

	fn reachable_dest() -> Option<Location> {
		Some(Parent.into())
	}

	fn get_asset() -> Asset {
		(NativeLocation::get(), constants::EXISTENTIAL_DEPOSIT).into()
	}
}
