// SPDX-License-Identifier: Apache-2.0


//! Weights of `pallet_rollup`, measured by `make weights` on this project's runtime. Do not edit.
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

/// Maximum weights of the calls of `pallet_rollup`, and of its functions that other pallets call.
pub trait WeightInfo {
	/// Weight of the benchmark of this name.
	fn propose_block(n: u32, ) -> Weight;
	/// Weight of the benchmark of this name.
	fn prove_block() -> Weight;
	/// Weight of the benchmark of this name.
	fn override_transition() -> Weight;
	/// Weight of the benchmark of this name.
	fn settle_blocks(n: u32, ) -> Weight;
	/// Weight of the benchmark of this name.
	fn close_windows(n: u32, ) -> Weight;
	/// Weight of the benchmark of this name.
	fn share_slash() -> Weight;
}

/// Weights with the prices of the runtime's database. They hold for the bounds of this project's
/// runtime. A runtime with a larger pool, or larger values in storage, must measure its own.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `Rollup::RollupProgress` (r:1 w:1)
	/// Proof: `Rollup::RollupProgress` (`max_values`: Some(1), `max_size`: Some(92), added: 587, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:2 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Provers` (r:1 w:0)
	/// Proof: `ProverPool::Provers` (`max_values`: Some(1), `max_size`: Some(330), added: 825, mode: `MaxEncodedLen`)
	/// Storage: `Timestamp::Now` (r:1 w:0)
	/// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
	/// Storage: `RelayRandomness::Seed` (r:1 w:0)
	/// Proof: `RelayRandomness::Seed` (`max_values`: Some(1), `max_size`: Some(37), added: 532, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(139), added: 2614, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::Blocks` (r:0 w:1)
	/// Proof: `Rollup::Blocks` (`max_values`: None, `max_size`: Some(743), added: 3218, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[0, 131072]`.
	fn propose_block(n: u32, ) -> Weight {
		// Proof size in bytes, measured: `512`, summed up: `23808`
		// Minimum execution time: 102_051_000 picoseconds.
		Weight::from_parts(108_922_145, 23808)
			// Standard Error: 50
			.saturating_add(Weight::from_parts(2_324, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(8_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	/// Storage: `Timestamp::Now` (r:1 w:0)
	/// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::RollupProgress` (r:1 w:0)
	/// Proof: `Rollup::RollupProgress` (`max_values`: Some(1), `max_size`: Some(92), added: 587, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::Blocks` (r:2 w:1)
	/// Proof: `Rollup::Blocks` (`max_values`: None, `max_size`: Some(743), added: 3218, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Stakers` (r:1 w:0)
	/// Proof: `ProverPool::Stakers` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:1 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
	/// Storage: `System::BlockHash` (r:1 w:0)
	/// Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
	fn prove_block() -> Weight {
		// Proof size in bytes, measured: `1785`, summed up: `21038`
		// Minimum execution time: 62_166_000 picoseconds.
		Weight::from_parts(71_844_000, 21038)
			.saturating_add(T::DbWeight::get().reads(7_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `Rollup::Blocks` (r:1 w:1)
	/// Proof: `Rollup::Blocks` (`max_values`: None, `max_size`: Some(743), added: 3218, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::RollupProgress` (r:1 w:1)
	/// Proof: `Rollup::RollupProgress` (`max_values`: Some(1), `max_size`: Some(92), added: 587, mode: `MaxEncodedLen`)
	/// Storage: `Timestamp::Now` (r:1 w:0)
	/// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Stakers` (r:1 w:0)
	/// Proof: `ProverPool::Stakers` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:1 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
	fn override_transition() -> Weight {
		// Proof size in bytes, measured: `1203`, summed up: `14311`
		// Minimum execution time: 47_097_000 picoseconds.
		Weight::from_parts(51_336_000, 14311)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `Rollup::RollupProgress` (r:1 w:1)
	/// Proof: `Rollup::RollupProgress` (`max_values`: Some(1), `max_size`: Some(92), added: 587, mode: `MaxEncodedLen`)
	/// Storage: `Timestamp::Now` (r:1 w:0)
	/// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::Blocks` (r:32 w:32)
	/// Proof: `Rollup::Blocks` (`max_values`: None, `max_size`: Some(743), added: 3218, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:1 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:96 w:96)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:64 w:64)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(139), added: 2614, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[0, 32]`.
	fn settle_blocks(n: u32, ) -> Weight {
		// Proof size in bytes, measured: `422 + n * (1033 ±0)`, summed up: `9533 + n * (16255 ±0)`
		// Minimum execution time: 6_172_000 picoseconds.
		Weight::from_parts(6_382_000, 9533)
			// Standard Error: 1_427_986
			.saturating_add(Weight::from_parts(185_527_602, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().reads((6_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(1_u64))
			.saturating_add(T::DbWeight::get().writes((6_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 16255).saturating_mul(n.into()))
	}
	/// Storage: `Rollup::RollupProgress` (r:1 w:1)
	/// Proof: `Rollup::RollupProgress` (`max_values`: Some(1), `max_size`: Some(92), added: 587, mode: `MaxEncodedLen`)
	/// Storage: `Timestamp::Now` (r:1 w:0)
	/// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::Blocks` (r:32 w:32)
	/// Proof: `Rollup::Blocks` (`max_values`: None, `max_size`: Some(743), added: 3218, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Stakers` (r:32 w:0)
	/// Proof: `ProverPool::Stakers` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:1 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[0, 32]`.
	fn close_windows(n: u32, ) -> Weight {
		// Proof size in bytes, measured: `447 + n * (172 ±0)`, summed up: `8543 + n * (5768 ±0)`
		// Minimum execution time: 6_833_000 picoseconds.
		Weight::from_parts(10_729_842, 8543)
			// Standard Error: 262_854
			.saturating_add(Weight::from_parts(15_395_063, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(1_u64))
			.saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 5768).saturating_mul(n.into()))
	}
	/// Storage: `Parameters::Parameters` (r:1 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(139), added: 2614, mode: `MaxEncodedLen`)
	fn share_slash() -> Weight {
		// Proof size in bytes, measured: `198`, summed up: `10690`
		// Minimum execution time: 81_772_000 picoseconds.
		Weight::from_parts(89_236_000, 10690)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
}

/// Weights with the prices of RocksDB, for tests.
impl WeightInfo for () {
	fn propose_block(n: u32, ) -> Weight {
		Weight::from_parts(108_922_145, 23808)
			.saturating_add(Weight::from_parts(2_324, 0).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(8_u64))
			.saturating_add(RocksDbWeight::get().writes(4_u64))
	}
	fn prove_block() -> Weight {
		Weight::from_parts(71_844_000, 21038)
			.saturating_add(RocksDbWeight::get().reads(7_u64))
			.saturating_add(RocksDbWeight::get().writes(1_u64))
	}
	fn override_transition() -> Weight {
		Weight::from_parts(51_336_000, 14311)
			.saturating_add(RocksDbWeight::get().reads(5_u64))
			.saturating_add(RocksDbWeight::get().writes(2_u64))
	}
	fn settle_blocks(n: u32, ) -> Weight {
		Weight::from_parts(6_382_000, 9533)
			.saturating_add(Weight::from_parts(185_527_602, 0).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(3_u64))
			.saturating_add(RocksDbWeight::get().reads((6_u64).saturating_mul(n.into())))
			.saturating_add(RocksDbWeight::get().writes(1_u64))
			.saturating_add(RocksDbWeight::get().writes((6_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 16255).saturating_mul(n.into()))
	}
	fn close_windows(n: u32, ) -> Weight {
		Weight::from_parts(10_729_842, 8543)
			.saturating_add(Weight::from_parts(15_395_063, 0).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(3_u64))
			.saturating_add(RocksDbWeight::get().reads((2_u64).saturating_mul(n.into())))
			.saturating_add(RocksDbWeight::get().writes(1_u64))
			.saturating_add(RocksDbWeight::get().writes((1_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 5768).saturating_mul(n.into()))
	}
	fn share_slash() -> Weight {
		Weight::from_parts(89_236_000, 10690)
			.saturating_add(RocksDbWeight::get().reads(3_u64))
			.saturating_add(RocksDbWeight::get().writes(2_u64))
	}
}
