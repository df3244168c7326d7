// SPDX-License-Identifier: Apache-2.0


//! Weights of `pallet_groth16_verifier`, measured by `make weights` on this project's runtime. Do not edit.
//!
//! SDK VERSION: 64.0.0, DATE: 2026-11-25, STEPS: 50, REPEAT: 2
//! WORST CASE MAP SIZE: 1000000, HOST: 2 cores, CPU: AMD EPYC

// Executed Command:
// frame-omni-bencher
// v1
// benchmark
// pallet
// --runtime
// build/prover-pool-runtime.wasm
// --genesis-builder
// runtime
// --genesis-builder-preset
// development
// --hostname-override
// 2 cores
// --quiet
// --header
// benchmarking/header.txt
// --output
// build/pallet-weights
// --steps
// 50
// --repeat
// 2
// --min-duration
// 1
// --pallet
// pallet_groth16_verifier,pallet_prover_pool,pallet_relay_randomness,pallet_rollup
// --extrinsic
// *
// --template
// benchmarking/weights.hbs

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens)]
#![allow(unused_imports)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::{constants::RocksDbWeight, Weight}};

/// Maximum weights of the calls of `pallet_groth16_verifier`, and of its functions that other pallets call.
pub trait WeightInfo {
	/// Weight of the benchmark of this name.
	fn verify_proof() -> Weight;
	/// Weight of the benchmark of this name.
	fn add_key() -> Weight;
	/// Weight of the benchmark of this name.
	fn activate_key() -> Weight;
	/// Weight of the benchmark of this name.
	fn remove_key() -> Weight;
	/// Weight of the benchmark of this name.
	fn replace_key() -> Weight;
}

/// Weights with the prices of the runtime's database. They hold for the bounds of this project's
/// runtime. A runtime with a larger pool, or larger values in storage, must measure its own.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `Groth16Verifier::Keys` (r:1 w:0)
	/// Proof: `Groth16Verifier::Keys` (`max_values`: None, `max_size`: Some(598), added: 3073, mode: `MaxEncodedLen`)
	fn verify_proof() -> Weight {
		// Proof size in bytes, measured: `748`, summed up: `4063`
		// Minimum execution time: 5_356_994_000 picoseconds.
		Weight::from_parts(5_540_409_000, 4063)
			.saturating_add(T::DbWeight::get().reads(1_u64))
	}
	/// Storage: `Groth16Verifier::CounterForKeys` (r:1 w:1)
	/// Proof: `Groth16Verifier::CounterForKeys` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Groth16Verifier::LastVersion` (r:1 w:1)
	/// Proof: `Groth16Verifier::LastVersion` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Groth16Verifier::Keys` (r:1 w:1)
	/// Proof: `Groth16Verifier::Keys` (`max_values`: None, `max_size`: Some(598), added: 3073, mode: `MaxEncodedLen`)
	fn add_key() -> Weight {
		// Proof size in bytes, measured: `103`, summed up: `7041`
		// Minimum execution time: 1_317_738_000 picoseconds.
		Weight::from_parts(1_358_840_000, 7041)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	/// Storage: `Groth16Verifier::Keys` (r:1 w:0)
	/// Proof: `Groth16Verifier::Keys` (`max_values`: None, `max_size`: Some(598), added: 3073, mode: `MaxEncodedLen`)
	/// Storage: `Groth16Verifier::ActiveVersion` (r:1 w:1)
	/// Proof: `Groth16Verifier::ActiveVersion` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	fn activate_key() -> Weight {
		// Proof size in bytes, measured: `217`, summed up: `5552`
		// Minimum execution time: 9_153_000 picoseconds.
		Weight::from_parts(10_857_000, 5552)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `Groth16Verifier::Keys` (r:1 w:1)
	/// Proof: `Groth16Verifier::Keys` (`max_values`: None, `max_size`: Some(598), added: 3073, mode: `MaxEncodedLen`)
	/// Storage: `Groth16Verifier::ActiveVersion` (r:1 w:0)
	/// Proof: `Groth16Verifier::ActiveVersion` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::State` (r:1 w:0)
	/// Proof: `Rollup::State` (`max_values`: Some(1), `max_size`: Some(214), added: 709, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::Blocks` (r:1 w:0)
	/// Proof: `Rollup::Blocks` (`max_values`: None, `max_size`: Some(328), added: 2803, mode: `MaxEncodedLen`)
	/// Storage: `Groth16Verifier::CounterForKeys` (r:1 w:1)
	/// Proof: `Groth16Verifier::CounterForKeys` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::ReplacedKeys` (r:0 w:1)
	/// Proof: `Rollup::ReplacedKeys` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
	fn remove_key() -> Weight {
		// Proof size in bytes, measured: `462`, summed up: `16014`
		// Minimum execution time: 16_294_000 picoseconds.
		Weight::from_parts(18_468_000, 16014)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	/// Storage: `Rollup::State` (r:1 w:1)
	/// Proof: `Rollup::State` (`max_values`: Some(1), `max_size`: Some(214), added: 709, mode: `MaxEncodedLen`)
	/// Storage: `Groth16Verifier::Keys` (r:1 w:1)
	/// Proof: `Groth16Verifier::Keys` (`max_values`: None, `max_size`: Some(598), added: 3073, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::ReplacedKeys` (r:0 w:1)
	/// Proof: `Rollup::ReplacedKeys` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
	fn replace_key() -> Weight {
		// Proof size in bytes, measured: `436`, summed up: `9243`
		// Minimum execution time: 1_317_398_000 picoseconds.
		Weight::from_parts(1_364_950_000, 9243)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
}

/// Weights with the prices of RocksDB, for tests.
impl WeightInfo for () {
	fn verify_proof() -> Weight {
		Weight::from_parts(5_540_409_000, 4063)
			.saturating_add(RocksDbWeight::get().reads(1_u64))
	}
	fn add_key() -> Weight {
		Weight::from_parts(1_358_840_000, 7041)
			.saturating_add(RocksDbWeight::get().reads(3_u64))
			.saturating_add(RocksDbWeight::get().writes(3_u64))
	}
	fn activate_key() -> Weight {
		Weight::from_parts(10_857_000, 5552)
			.saturating_add(RocksDbWeight::get().reads(2_u64))
			.saturating_add(RocksDbWeight::get().writes(1_u64))
	}
	fn remove_key() -> Weight {
		Weight::from_parts(18_468_000, 16014)
			.saturating_add(RocksDbWeight::get().reads(5_u64))
			.saturating_add(RocksDbWeight::get().writes(3_u64))
	}
	fn replace_key() -> Weight {
		Weight::from_parts(1_364_950_000, 9243)
			.saturating_add(RocksDbWeight::get().reads(2_u64))
			.saturating_add(RocksDbWeight::get().writes(3_u64))
	}
}
