// SPDX-License-Identifier: Apache-2.0


//! Weights of `pallet_prover_pool`, measured by `make weights` on this project's runtime. Do not edit.
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

/// Maximum weights of the calls of `pallet_prover_pool`, and of its functions that other pallets call.
pub trait WeightInfo {
	/// Weight of the benchmark of this name.
	fn stake() -> Weight;
	/// Weight of the benchmark of this name.
	fn withdraw() -> Weight;
	/// Weight of the benchmark of this name.
	fn exit(p: u32, ) -> Weight;
	/// Weight of the benchmark of this name.
	fn set_operator() -> Weight;
	/// Weight of the benchmark of this name.
	fn exit_for(p: u32, ) -> Weight;
	/// Weight of the benchmark of this name.
	fn assign_many(n: u32, ) -> Weight;
	/// Weight of the benchmark of this name.
	fn release(p: u32, ) -> Weight;
	/// Weight of the benchmark of this name.
	fn slash(p: u32, ) -> Weight;
}

/// Weights with the prices of the runtime's database. They hold for the bounds of this project's
/// runtime. A runtime with a larger pool, or larger values in storage, must measure its own.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `Parameters::Parameters` (r:3 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::State` (r:1 w:0)
	/// Proof: `Rollup::State` (`max_values`: Some(1), `max_size`: Some(214), added: 709, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Provers` (r:1 w:1)
	/// Proof: `ProverPool::Provers` (`max_values`: Some(1), `max_size`: Some(257), added: 752, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Stakers` (r:2 w:2)
	/// Proof: `ProverPool::Stakers` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:2 w:2)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::ProverAccounts` (r:1 w:1)
	/// Proof: `ProverPool::ProverAccounts` (`max_values`: None, `max_size`: Some(42), added: 2517, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Operators` (r:0 w:1)
	/// Proof: `ProverPool::Operators` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	fn stake() -> Weight {
		// Proof size in bytes, measured: `2951`, summed up: `37460`
		// Minimum execution time: 146_180_000 picoseconds.
		Weight::from_parts(158_398_000, 37460)
			.saturating_add(T::DbWeight::get().reads(12_u64))
			.saturating_add(T::DbWeight::get().writes(9_u64))
	}
	/// Storage: `ProverPool::Stakers` (r:1 w:1)
	/// Proof: `ProverPool::Stakers` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::State` (r:1 w:0)
	/// Proof: `Rollup::State` (`max_values`: Some(1), `max_size`: Some(214), added: 709, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:1 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Operators` (r:0 w:1)
	/// Proof: `ProverPool::Operators` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	fn withdraw() -> Weight {
		// Proof size in bytes, measured: `769`, summed up: `19456`
		// Minimum execution time: 48_242_000 picoseconds.
		Weight::from_parts(52_949_000, 19456)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	/// Storage: `ProverPool::Stakers` (r:1 w:1)
	/// Proof: `ProverPool::Stakers` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::State` (r:1 w:0)
	/// Proof: `Rollup::State` (`max_values`: Some(1), `max_size`: Some(214), added: 709, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:2 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Provers` (r:1 w:1)
	/// Proof: `ProverPool::Provers` (`max_values`: Some(1), `max_size`: Some(257), added: 752, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Operators` (r:0 w:1)
	/// Proof: `ProverPool::Operators` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::ProverAccounts` (r:0 w:1)
	/// Proof: `ProverPool::ProverAccounts` (`max_values`: None, `max_size`: Some(42), added: 2517, mode: `MaxEncodedLen`)
	/// The range of component `p` is `[1, 32]`.
	fn exit(p: u32, ) -> Weight {
		// Proof size in bytes, measured: `868 + p * (37 ±0)`, summed up: `27208`
		// Minimum execution time: 58_427_000 picoseconds.
		Weight::from_parts(61_226_180, 27208)
			// Standard Error: 19_314
			.saturating_add(Weight::from_parts(375_688, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(7_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	/// Storage: `ProverPool::Stakers` (r:1 w:0)
	/// Proof: `ProverPool::Stakers` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Operators` (r:0 w:1)
	/// Proof: `ProverPool::Operators` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	fn set_operator() -> Weight {
		// Proof size in bytes, measured: `289`, summed up: `7085`
		// Minimum execution time: 8_953_000 picoseconds.
		Weight::from_parts(10_126_000, 7085)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `ProverPool::Operators` (r:1 w:1)
	/// Proof: `ProverPool::Operators` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Stakers` (r:1 w:1)
	/// Proof: `ProverPool::Stakers` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::State` (r:1 w:0)
	/// Proof: `Rollup::State` (`max_values`: Some(1), `max_size`: Some(214), added: 709, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:2 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Provers` (r:1 w:1)
	/// Proof: `ProverPool::Provers` (`max_values`: Some(1), `max_size`: Some(257), added: 752, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::ProverAccounts` (r:0 w:1)
	/// Proof: `ProverPool::ProverAccounts` (`max_values`: None, `max_size`: Some(42), added: 2517, mode: `MaxEncodedLen`)
	/// The range of component `p` is `[1, 32]`.
	fn exit_for(p: u32, ) -> Weight {
		// Proof size in bytes, measured: `936 + p * (37 ±0)`, summed up: `27208`
		// Minimum execution time: 61_212_000 picoseconds.
		Weight::from_parts(64_444_495, 27208)
			// Standard Error: 19_326
			.saturating_add(Weight::from_parts(350_450, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(8_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	/// Storage: `ProverPool::Provers` (r:1 w:1)
	/// Proof: `ProverPool::Provers` (`max_values`: Some(1), `max_size`: Some(257), added: 752, mode: `MaxEncodedLen`)
	/// Storage: `RelayRandomness::Seeds` (r:1 w:0)
	/// Proof: `RelayRandomness::Seeds` (`max_values`: Some(1), `max_size`: Some(78), added: 573, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::ProverAccounts` (r:32 w:0)
	/// Proof: `ProverPool::ProverAccounts` (`max_values`: None, `max_size`: Some(42), added: 2517, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[1, 32]`.
	fn assign_many(n: u32, ) -> Weight {
		// Proof size in bytes, measured: `1144 + n * (28 ±0)`, summed up: `4295 + n * (2517 ±0)`
		// Minimum execution time: 14_702_000 picoseconds.
		Weight::from_parts(13_854_266, 4295)
			// Standard Error: 19_074
			.saturating_add(Weight::from_parts(4_526_020, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(1_u64))
			.saturating_add(Weight::from_parts(0, 2517).saturating_mul(n.into()))
	}
	/// Storage: `ProverPool::Stakers` (r:1 w:0)
	/// Proof: `ProverPool::Stakers` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Provers` (r:1 w:1)
	/// Proof: `ProverPool::Provers` (`max_values`: Some(1), `max_size`: Some(257), added: 752, mode: `MaxEncodedLen`)
	/// The range of component `p` is `[1, 32]`.
	fn release(p: u32, ) -> Weight {
		// Proof size in bytes, measured: `338 + p * (23 ±0)`, summed up: `5282`
		// Minimum execution time: 6_640_000 picoseconds.
		Weight::from_parts(7_563_063, 5282)
			// Standard Error: 2_505
			.saturating_add(Weight::from_parts(103_974, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `ProverPool::Stakers` (r:1 w:1)
	/// Proof: `ProverPool::Stakers` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::State` (r:1 w:0)
	/// Proof: `Rollup::State` (`max_values`: Some(1), `max_size`: Some(214), added: 709, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Provers` (r:1 w:1)
	/// Proof: `ProverPool::Provers` (`max_values`: Some(1), `max_size`: Some(257), added: 752, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:5 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Operators` (r:0 w:1)
	/// Proof: `ProverPool::Operators` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::ProverAccounts` (r:0 w:1)
	/// Proof: `ProverPool::ProverAccounts` (`max_values`: None, `max_size`: Some(42), added: 2517, mode: `MaxEncodedLen`)
	/// The range of component `p` is `[1, 32]`.
	fn slash(p: u32, ) -> Weight {
		// Proof size in bytes, measured: `868 + p * (37 ±0)`, summed up: `34717`
		// Minimum execution time: 77_076_000 picoseconds.
		Weight::from_parts(80_364_467, 34717)
			// Standard Error: 17_854
			.saturating_add(Weight::from_parts(314_699, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(10_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
}

/// Weights with the prices of RocksDB, for tests.
impl WeightInfo for () {
	fn stake() -> Weight {
		Weight::from_parts(158_398_000, 37460)
			.saturating_add(RocksDbWeight::get().reads(12_u64))
			.saturating_add(RocksDbWeight::get().writes(9_u64))
	}
	fn withdraw() -> Weight {
		Weight::from_parts(52_949_000, 19456)
			.saturating_add(RocksDbWeight::get().reads(5_u64))
			.saturating_add(RocksDbWeight::get().writes(4_u64))
	}
	fn exit(p: u32, ) -> Weight {
		Weight::from_parts(61_226_180, 27208)
			.saturating_add(Weight::from_parts(375_688, 0).saturating_mul(p.into()))
			.saturating_add(RocksDbWeight::get().reads(7_u64))
			.saturating_add(RocksDbWeight::get().writes(6_u64))
	}
	fn set_operator() -> Weight {
		Weight::from_parts(10_126_000, 7085)
			.saturating_add(RocksDbWeight::get().reads(1_u64))
			.saturating_add(RocksDbWeight::get().writes(1_u64))
	}
	fn exit_for(p: u32, ) -> Weight {
		Weight::from_parts(64_444_495, 27208)
			.saturating_add(Weight::from_parts(350_450, 0).saturating_mul(p.into()))
			.saturating_add(RocksDbWeight::get().reads(8_u64))
			.saturating_add(RocksDbWeight::get().writes(6_u64))
	}
	fn assign_many(n: u32, ) -> Weight {
		Weight::from_parts(13_854_266, 4295)
			.saturating_add(Weight::from_parts(4_526_020, 0).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(2_u64))
			.saturating_add(RocksDbWeight::get().reads((1_u64).saturating_mul(n.into())))
			.saturating_add(RocksDbWeight::get().writes(1_u64))
			.saturating_add(Weight::from_parts(0, 2517).saturating_mul(n.into()))
	}
	fn release(p: u32, ) -> Weight {
		Weight::from_parts(7_563_063, 5282)
			.saturating_add(Weight::from_parts(103_974, 0).saturating_mul(p.into()))
			.saturating_add(RocksDbWeight::get().reads(2_u64))
			.saturating_add(RocksDbWeight::get().writes(1_u64))
	}
	fn slash(p: u32, ) -> Weight {
		Weight::from_parts(80_364_467, 34717)
			.saturating_add(Weight::from_parts(314_699, 0).saturating_mul(p.into()))
			.saturating_add(RocksDbWeight::get().reads(10_u64))
			.saturating_add(RocksDbWeight::get().writes(6_u64))
	}
}
