// SPDX-License-Identifier: Apache-2.0


//! Weights of `pallet_groth16_verifier`, measured by `make weights` on this project's runtime. Do not edit.
//!
//! SDK VERSION: 64.0.0, DATE: 2026-11-23, STEPS: 50, REPEAT: 2
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
// scripts/benchmarks/header.txt
// --output
// build/rounds/7
// --steps
// 50
// --repeat
// 2
// --min-duration
// 1
// --pallet
// pallet_groth16_verifier,pallet_prover_pool,pallet_rollup
// --extrinsic
// *
// --template
// scripts/benchmarks/pallet.hbs

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
	fn remove_key() -> Weight;
}

/// Weights with the prices of the runtime's database. They hold for the bounds of this project's
/// runtime. A runtime with a larger pool, or larger values in storage, must measure its own.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `Groth16Verifier::VerifyingKeys` (r:1 w:0)
	/// Proof: `Groth16Verifier::VerifyingKeys` (`max_values`: None, `max_size`: Some(598), added: 3073, mode: `MaxEncodedLen`)
	fn verify_proof() -> Weight {
		// Proof size in bytes, measured: `714`, summed up: `4063`
		// Minimum execution time: 8_296_830_000 picoseconds.
		Weight::from_parts(8_599_385_000, 4063)
			.saturating_add(T::DbWeight::get().reads(1_u64))
	}
	/// Storage: `Groth16Verifier::CounterForVerifyingKeys` (r:1 w:1)
	/// Proof: `Groth16Verifier::CounterForVerifyingKeys` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Groth16Verifier::LastVersion` (r:1 w:1)
	/// Proof: `Groth16Verifier::LastVersion` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Groth16Verifier::VerifyingKeys` (r:1 w:1)
	/// Proof: `Groth16Verifier::VerifyingKeys` (`max_values`: None, `max_size`: Some(598), added: 3073, mode: `MaxEncodedLen`)
	fn add_key() -> Weight {
		// Proof size in bytes, measured: `69`, summed up: `7041`
		// Minimum execution time: 2_104_239_000 picoseconds.
		Weight::from_parts(2_302_920_000, 7041)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	/// Storage: `Groth16Verifier::VerifyingKeys` (r:1 w:1)
	/// Proof: `Groth16Verifier::VerifyingKeys` (`max_values`: None, `max_size`: Some(598), added: 3073, mode: `MaxEncodedLen`)
	/// Storage: `Groth16Verifier::CounterForVerifyingKeys` (r:1 w:1)
	/// Proof: `Groth16Verifier::CounterForVerifyingKeys` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	fn remove_key() -> Weight {
		// Proof size in bytes, measured: `714`, summed up: `5552`
		// Minimum execution time: 19_917_000 picoseconds.
		Weight::from_parts(29_045_000, 5552)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
}

/// Weights with the prices of RocksDB, for tests.
impl WeightInfo for () {
	fn verify_proof() -> Weight {
		Weight::from_parts(8_599_385_000, 4063)
			.saturating_add(RocksDbWeight::get().reads(1_u64))
	}
	fn add_key() -> Weight {
		Weight::from_parts(2_302_920_000, 7041)
			.saturating_add(RocksDbWeight::get().reads(3_u64))
			.saturating_add(RocksDbWeight::get().writes(3_u64))
	}
	fn remove_key() -> Weight {
		Weight::from_parts(29_045_000, 5552)
			.saturating_add(RocksDbWeight::get().reads(2_u64))
			.saturating_add(RocksDbWeight::get().writes(2_u64))
	}
}
