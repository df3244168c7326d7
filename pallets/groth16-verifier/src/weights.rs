// SPDX-License-Identifier: Apache-2.0


//! Weights of `pallet_groth16_verifier`: measured by `make weights` on this project's runtime, not to be edited.
//!
//! SDK VERSION: 64.0.0, DATE: 2026-11-22, STEPS: 50, REPEAT: 20
//! WORST CASE MAP SIZE: 1000000, HOST: 2 cores, CPU: AMD EPYC

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens)]
#![allow(unused_imports)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::{constants::RocksDbWeight, Weight}};

/// What each call of `pallet_groth16_verifier`, and each step that others call, weighs at most.
pub trait WeightInfo {
	/// Measured by the benchmark of that name.
	fn verify_proof() -> Weight;
	/// Measured by the benchmark of that name.
	fn add_key() -> Weight;
	/// Measured by the benchmark of that name.
	fn remove_key() -> Weight;
}

/// Weights for any runtime, by its database's prices.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `Groth16Verifier::VerifyingKeys` (r:1 w:0)
	/// Proof: `Groth16Verifier::VerifyingKeys` (`max_values`: None, `max_size`: Some(598), added: 3073, mode: `MaxEncodedLen`)
	fn verify_proof() -> Weight {
		// Proof size in bytes, measured: `714`, summed up: `4063`
		// Minimum execution time: 5_272_650_000 picoseconds.
		Weight::from_parts(5_361_662_000, 4063)
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
		// Minimum execution time: 1_292_978_000 picoseconds.
		Weight::from_parts(1_328_070_000, 7041)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	/// Storage: `Groth16Verifier::VerifyingKeys` (r:1 w:1)
	/// Proof: `Groth16Verifier::VerifyingKeys` (`max_values`: None, `max_size`: Some(598), added: 3073, mode: `MaxEncodedLen`)
	/// Storage: `Groth16Verifier::CounterForVerifyingKeys` (r:1 w:1)
	/// Proof: `Groth16Verifier::CounterForVerifyingKeys` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	fn remove_key() -> Weight {
		// Proof size in bytes, measured: `714`, summed up: `5552`
		// Minimum execution time: 8_623_000 picoseconds.
		Weight::from_parts(9_344_000, 5552)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
}

/// The same at the prices of RocksDB, for tests.
impl WeightInfo for () {
	fn verify_proof() -> Weight {
		Weight::from_parts(5_361_662_000, 4063)
			.saturating_add(RocksDbWeight::get().reads(1_u64))
	}
	fn add_key() -> Weight {
		Weight::from_parts(1_328_070_000, 7041)
			.saturating_add(RocksDbWeight::get().reads(3_u64))
			.saturating_add(RocksDbWeight::get().writes(3_u64))
	}
	fn remove_key() -> Weight {
		Weight::from_parts(9_344_000, 5552)
			.saturating_add(RocksDbWeight::get().reads(2_u64))
			.saturating_add(RocksDbWeight::get().writes(2_u64))
	}
}
