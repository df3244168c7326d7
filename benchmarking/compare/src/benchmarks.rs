// SPDX-License-Identifier: Apache-2.0

//! Benchmarks of this runtime. Those of the pool are listed once per size, as `pool_SIZE`.

use crate::{configs::MaxProvers, *};
use alloc::{format, string::String};
use codec::Encode;
use frame_benchmarking::{BenchmarkBatch, BenchmarkConfig, BenchmarkList, Benchmarking};
use frame_support::traits::{StorageInfo, StorageInfoTrait, WhitelistedStorageKeys};

/// Numbers of places of the measured pools.
const SIZES: [u32; 6] = [1, 8, 32, 128, 512, 1_024];

frame_benchmarking::define_benchmarks!(
	[pallet_balances, Balances]
	[pallet_collator_selection, CollatorSelection]
);

fn pool(size: u32) -> Vec<u8> {
	format!("pool_{size}").into_bytes()
}

/// Lists the benchmarks, and describes the storage that they access.
pub fn metadata(extra: bool) -> (Vec<BenchmarkList>, Vec<StorageInfo>) {
	let mut list = Vec::new();
	list_benchmarks!(list, extra);
	for size in SIZES {
		// The limit of the benchmarks' components.
		MaxProvers::set(size);
		let benchmarks = ProverPool::benchmarks(extra);
		let instance = b"ProverPool".to_vec();
		list.push(BenchmarkList { pallet: pool(size), instance, benchmarks });
	}
	(list, AllPalletsWithSystem::storage_info())
}

/// Runs the benchmark that `config` selects.
pub fn dispatch(config: BenchmarkConfig) -> Result<Vec<BenchmarkBatch>, String> {
	let whitelist = AllPalletsWithSystem::whitelisted_storage_keys();
	if let Some(size) = SIZES.into_iter().find(|size| config.pallet == pool(*size)) {
		MaxProvers::set(size);
		let BenchmarkConfig { pallet, instance, benchmark, selected_components, .. } = config;
		let (verify, repeats) = (config.verify, config.internal_repeats);
		let results = ProverPool::run_benchmark(
			&benchmark,
			&selected_components,
			&whitelist,
			verify,
			repeats,
		);
		let results = results.map_err(<&str>::from)?;
		return Ok(vec![BenchmarkBatch { pallet, instance, benchmark, results }]);
	}
	let mut batches = Vec::new();
	let params = (&config, &whitelist);
	add_benchmarks!(params, batches);
	Ok(batches)
}

impl cumulus_pallet_session_benchmarking::Config for Runtime {
	fn generate_session_keys_and_proof(owner: AccountId) -> (SessionKeys, Vec<u8>) {
		let generated = SessionKeys::generate(&owner.encode(), None);
		(generated.keys, generated.proof.encode())
	}
}
