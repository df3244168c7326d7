// SPDX-License-Identifier: Apache-2.0


//! Weights of `pallet_prover_pool`, measured by `make weights` on this project's runtime. Do not edit.
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
// build/rounds/6
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

/// Maximum weights of the calls of `pallet_prover_pool`, and of its functions that other pallets call.
pub trait WeightInfo {
	/// Weight of the benchmark of this name.
	fn stake() -> Weight;
	/// Weight of the benchmark of this name.
	fn withdraw() -> Weight;
	/// Weight of the benchmark of this name.
	fn exit(n: u32, ) -> Weight;
	/// Weight of the benchmark of this name.
	fn assign(n: u32, ) -> Weight;
	/// Weight of the benchmark of this name.
	fn release(n: u32, ) -> Weight;
	/// Weight of the benchmark of this name.
	fn slash(n: u32, ) -> Weight;
}

/// Weights with the prices of the runtime's database. They hold for the bounds of this project's
/// runtime. A runtime with a larger pool, or larger values in storage, must measure its own.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `Parameters::Parameters` (r:3 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
	/// Storage: `Timestamp::Now` (r:1 w:0)
	/// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Provers` (r:1 w:1)
	/// Proof: `ProverPool::Provers` (`max_values`: Some(1), `max_size`: Some(330), added: 825, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Stakers` (r:2 w:2)
	/// Proof: `ProverPool::Stakers` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:2 w:2)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(139), added: 2614, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::ProverAccounts` (r:1 w:1)
	/// Proof: `ProverPool::ProverAccounts` (`max_values`: None, `max_size`: Some(42), added: 2517, mode: `MaxEncodedLen`)
	fn stake() -> Weight {
		// Proof size in bytes, measured: `2821`, summed up: `33818`
		// Minimum execution time: 223_007_000 picoseconds.
		Weight::from_parts(234_037_000, 33818)
			.saturating_add(T::DbWeight::get().reads(12_u64))
			.saturating_add(T::DbWeight::get().writes(8_u64))
	}
	/// Storage: `ProverPool::Stakers` (r:1 w:1)
	/// Proof: `ProverPool::Stakers` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
	/// Storage: `Timestamp::Now` (r:1 w:0)
	/// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:1 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(139), added: 2614, mode: `MaxEncodedLen`)
	fn withdraw() -> Weight {
		// Proof size in bytes, measured: `565`, summed up: `15723`
		// Minimum execution time: 74_198_000 picoseconds.
		Weight::from_parts(81_382_000, 15723)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	/// Storage: `ProverPool::Stakers` (r:1 w:1)
	/// Proof: `ProverPool::Stakers` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
	/// Storage: `Timestamp::Now` (r:1 w:0)
	/// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:2 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Provers` (r:1 w:1)
	/// Proof: `ProverPool::Provers` (`max_values`: Some(1), `max_size`: Some(330), added: 825, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(139), added: 2614, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::ProverAccounts` (r:0 w:1)
	/// Proof: `ProverPool::ProverAccounts` (`max_values`: None, `max_size`: Some(42), added: 2517, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[1, 32]`.
	fn exit(n: u32, ) -> Weight {
		// Proof size in bytes, measured: `680 + n * (39 ±0)`, summed up: `23548`
		// Minimum execution time: 93_074_000 picoseconds.
		Weight::from_parts(106_336_875, 23548)
			// Standard Error: 75_278
			.saturating_add(Weight::from_parts(135_336, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(7_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	/// Storage: `ProverPool::Provers` (r:1 w:1)
	/// Proof: `ProverPool::Provers` (`max_values`: Some(1), `max_size`: Some(330), added: 825, mode: `MaxEncodedLen`)
	/// Storage: `Timestamp::Now` (r:1 w:0)
	/// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
	/// Storage: `RelayRandomness::Seed` (r:1 w:0)
	/// Proof: `RelayRandomness::Seed` (`max_values`: Some(1), `max_size`: Some(37), added: 532, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::ProverAccounts` (r:1 w:0)
	/// Proof: `ProverPool::ProverAccounts` (`max_values`: None, `max_size`: Some(42), added: 2517, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[1, 32]`.
	fn assign(n: u32, ) -> Weight {
		// Proof size in bytes, measured: `387 + n * (24 ±0)`, summed up: `8337`
		// Minimum execution time: 21_480_000 picoseconds.
		Weight::from_parts(23_832_133, 8337)
			// Standard Error: 20_757
			.saturating_add(Weight::from_parts(266_428, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `ProverPool::Stakers` (r:1 w:0)
	/// Proof: `ProverPool::Stakers` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Provers` (r:1 w:1)
	/// Proof: `ProverPool::Provers` (`max_values`: Some(1), `max_size`: Some(330), added: 825, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[1, 32]`.
	fn release(n: u32, ) -> Weight {
		// Proof size in bytes, measured: `347 + n * (25 ±0)`, summed up: `5355`
		// Minimum execution time: 13_065_000 picoseconds.
		Weight::from_parts(15_029_609, 5355)
			// Standard Error: 9_473
			.saturating_add(Weight::from_parts(156_008, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `ProverPool::Stakers` (r:1 w:1)
	/// Proof: `ProverPool::Stakers` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
	/// Storage: `Timestamp::Now` (r:1 w:0)
	/// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Provers` (r:1 w:1)
	/// Proof: `ProverPool::Provers` (`max_values`: Some(1), `max_size`: Some(330), added: 825, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:5 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(139), added: 2614, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::ProverAccounts` (r:0 w:1)
	/// Proof: `ProverPool::ProverAccounts` (`max_values`: None, `max_size`: Some(42), added: 2517, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[1, 32]`.
	fn slash(n: u32, ) -> Weight {
		// Proof size in bytes, measured: `680 + n * (39 ±0)`, summed up: `31057`
		// Minimum execution time: 114_634_000 picoseconds.
		Weight::from_parts(126_816_500, 31057)
			// Standard Error: 172_754
			.saturating_add(Weight::from_parts(357_724, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(10_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
}

/// Weights with the prices of RocksDB, for tests.
impl WeightInfo for () {
	fn stake() -> Weight {
		Weight::from_parts(234_037_000, 33818)
			.saturating_add(RocksDbWeight::get().reads(12_u64))
			.saturating_add(RocksDbWeight::get().writes(8_u64))
	}
	fn withdraw() -> Weight {
		Weight::from_parts(81_382_000, 15723)
			.saturating_add(RocksDbWeight::get().reads(5_u64))
			.saturating_add(RocksDbWeight::get().writes(3_u64))
	}
	fn exit(n: u32, ) -> Weight {
		Weight::from_parts(106_336_875, 23548)
			.saturating_add(Weight::from_parts(135_336, 0).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(7_u64))
			.saturating_add(RocksDbWeight::get().writes(5_u64))
	}
	fn assign(n: u32, ) -> Weight {
		Weight::from_parts(23_832_133, 8337)
			.saturating_add(Weight::from_parts(266_428, 0).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(4_u64))
			.saturating_add(RocksDbWeight::get().writes(1_u64))
	}
	fn release(n: u32, ) -> Weight {
		Weight::from_parts(15_029_609, 5355)
			.saturating_add(Weight::from_parts(156_008, 0).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(2_u64))
			.saturating_add(RocksDbWeight::get().writes(1_u64))
	}
	fn slash(n: u32, ) -> Weight {
		Weight::from_parts(126_816_500, 31057)
			.saturating_add(Weight::from_parts(357_724, 0).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(10_u64))
			.saturating_add(RocksDbWeight::get().writes(5_u64))
	}
}
