// SPDX-License-Identifier: Apache-2.0


//! Weights of `pallet_rollup`, measured by `make weights` on this project's runtime. Do not edit.
//!
//! SDK VERSION: 64.0.0, DATE: 2026-11-27, STEPS: 50, REPEAT: 2
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
// pallet_rollup
// --extrinsic
// *
// --template
// benchmarking/weights.hbs

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
	fn override_block() -> Weight;
	/// Weight of the benchmark of this name.
	fn pause() -> Weight;
	/// Weight of the benchmark of this name.
	fn resume() -> Weight;
	/// Weight of the benchmark of this name.
	fn resume_draws() -> Weight;
	/// Weight of the benchmark of this name.
	fn open_undrawn(n: u32, ) -> Weight;
	/// Weight of the benchmark of this name.
	fn settle(n: u32, ) -> Weight;
	/// Weight of the benchmark of this name.
	fn pay_bounty() -> Weight;
	/// Weight of the benchmark of this name.
	fn advance_proven(n: u32, ) -> Weight;
	/// Weight of the benchmark of this name.
	fn sweep(n: u32, ) -> Weight;
	/// Weight of the benchmark of this name.
	fn draw(n: u32, ) -> Weight;
	/// Weight of the benchmark of this name.
	fn poll() -> Weight;
	/// Weight of the benchmark of this name.
	fn is_needed() -> Weight;
	/// Weight of the benchmark of this name.
	fn extension() -> Weight;
}

/// Weights with the prices of the runtime's database. They hold for the bounds of this project's
/// runtime. A runtime with a larger pool, or larger values in storage, must measure its own.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `Rollup::State` (r:1 w:1)
	/// Proof: `Rollup::State` (`max_values`: Some(1), `max_size`: Some(206), added: 701, mode: `MaxEncodedLen`)
	/// Storage: `Groth16Verifier::ActiveVersion` (r:1 w:0)
	/// Proof: `Groth16Verifier::ActiveVersion` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::Blocks` (r:0 w:1)
	/// Proof: `Rollup::Blocks` (`max_values`: None, `max_size`: Some(328), added: 2803, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[0, 131072]`.
	fn propose_block(n: u32, ) -> Weight {
		// Proof size in bytes, measured: `617`, summed up: `14152`
		// Minimum execution time: 67_159_000 picoseconds.
		Weight::from_parts(75_365_279, 14152)
			// Standard Error: 38
			.saturating_add(Weight::from_parts(2_167, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	/// Storage: `Rollup::State` (r:1 w:1)
	/// Proof: `Rollup::State` (`max_values`: Some(1), `max_size`: Some(206), added: 701, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::Blocks` (r:1 w:1)
	/// Proof: `Rollup::Blocks` (`max_values`: None, `max_size`: Some(328), added: 2803, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::ReplacedKeys` (r:1 w:0)
	/// Proof: `Rollup::ReplacedKeys` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Operators` (r:1 w:0)
	/// Proof: `ProverPool::Operators` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `System::BlockHash` (r:1 w:0)
	/// Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Stakers` (r:1 w:0)
	/// Proof: `ProverPool::Stakers` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
	fn prove_block() -> Weight {
		// Proof size in bytes, measured: `885`, summed up: `19559`
		// Minimum execution time: 33_660_000 picoseconds.
		Weight::from_parts(37_726_000, 19559)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `Rollup::State` (r:1 w:1)
	/// Proof: `Rollup::State` (`max_values`: Some(1), `max_size`: Some(206), added: 701, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::Blocks` (r:1 w:1)
	/// Proof: `Rollup::Blocks` (`max_values`: None, `max_size`: Some(328), added: 2803, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::ReplacedKeys` (r:1 w:0)
	/// Proof: `Rollup::ReplacedKeys` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Stakers` (r:1 w:0)
	/// Proof: `ProverPool::Stakers` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::LaneUses` (r:0 w:1)
	/// Proof: `Rollup::LaneUses` (`max_values`: Some(1), `max_size`: Some(2562), added: 3057, mode: `MaxEncodedLen`)
	fn override_block() -> Weight {
		// Proof size in bytes, measured: `868`, summed up: `16552`
		// Minimum execution time: 29_654_000 picoseconds.
		Weight::from_parts(39_008_000, 16552)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	/// Storage: `Rollup::State` (r:1 w:1)
	/// Proof: `Rollup::State` (`max_values`: Some(1), `max_size`: Some(206), added: 701, mode: `MaxEncodedLen`)
	fn pause() -> Weight {
		// Proof size in bytes, measured: `237`, summed up: `1691`
		// Minimum execution time: 9_234_000 picoseconds.
		Weight::from_parts(18_918_000, 1691)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `Rollup::State` (r:1 w:1)
	/// Proof: `Rollup::State` (`max_values`: Some(1), `max_size`: Some(206), added: 701, mode: `MaxEncodedLen`)
	fn resume() -> Weight {
		// Proof size in bytes, measured: `237`, summed up: `1691`
		// Minimum execution time: 9_294_000 picoseconds.
		Weight::from_parts(19_208_000, 1691)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `Rollup::State` (r:1 w:1)
	/// Proof: `Rollup::State` (`max_values`: Some(1), `max_size`: Some(206), added: 701, mode: `MaxEncodedLen`)
	fn resume_draws() -> Weight {
		// Proof size in bytes, measured: `237`, summed up: `1691`
		// Minimum execution time: 9_394_000 picoseconds.
		Weight::from_parts(19_379_000, 1691)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `Rollup::State` (r:1 w:1)
	/// Proof: `Rollup::State` (`max_values`: Some(1), `max_size`: Some(206), added: 701, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::Blocks` (r:16 w:16)
	/// Proof: `Rollup::Blocks` (`max_values`: None, `max_size`: Some(328), added: 2803, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[1, 16]`.
	fn open_undrawn(n: u32, ) -> Weight {
		// Proof size in bytes, measured: `265 + n * (114 ±0)`, summed up: `2681 + n * (2803 ±0)`
		// Minimum execution time: 15_643_000 picoseconds.
		Weight::from_parts(15_389_703, 2681)
			// Standard Error: 102_194
			.saturating_add(Weight::from_parts(7_776_841, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(1_u64))
			.saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 2803).saturating_mul(n.into()))
	}
	/// Storage: `Rollup::Blocks` (r:32 w:32)
	/// Proof: `Rollup::Blocks` (`max_values`: None, `max_size`: Some(328), added: 2803, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:32 w:32)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:64 w:64)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Stakers` (r:32 w:0)
	/// Proof: `ProverPool::Stakers` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[1, 32]`.
	fn settle(n: u32, ) -> Weight {
		// Proof size in bytes, measured: `446 + n * (461 ±0)`, summed up: `3960 + n * (13155 ±0)`
		// Minimum execution time: 107_289_000 picoseconds.
		Weight::from_parts(110_614_000, 3960)
			// Standard Error: 483_899
			.saturating_add(Weight::from_parts(104_971_892, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads((5_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes((4_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 13155).saturating_mul(n.into()))
	}
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	fn pay_bounty() -> Weight {
		// Proof size in bytes, measured: `0`, summed up: `3593`
		// Minimum execution time: 25_357_000 picoseconds.
		Weight::from_parts(37_966_000, 3593)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `Rollup::Blocks` (r:64 w:64)
	/// Proof: `Rollup::Blocks` (`max_values`: None, `max_size`: Some(328), added: 2803, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::ReplacedKeys` (r:1 w:0)
	/// Proof: `Rollup::ReplacedKeys` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Stakers` (r:64 w:0)
	/// Proof: `ProverPool::Stakers` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[1, 64]`.
	fn advance_proven(n: u32, ) -> Weight {
		// Proof size in bytes, measured: `395 + n * (288 ±0)`, summed up: `5461 + n * (5353 ±0)`
		// Minimum execution time: 22_884_000 picoseconds.
		Weight::from_parts(45_602_724, 5461)
			// Standard Error: 542_395
			.saturating_add(Weight::from_parts(15_821_303, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 5353).saturating_mul(n.into()))
	}
	/// Storage: `Rollup::Blocks` (r:64 w:64)
	/// Proof: `Rollup::Blocks` (`max_values`: None, `max_size`: Some(328), added: 2803, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::ReplacedKeys` (r:1 w:0)
	/// Proof: `Rollup::ReplacedKeys` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Stakers` (r:64 w:0)
	/// Proof: `ProverPool::Stakers` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[1, 64]`.
	fn sweep(n: u32, ) -> Weight {
		// Proof size in bytes, measured: `395 + n * (288 ±0)`, summed up: `5461 + n * (5353 ±0)`
		// Minimum execution time: 22_443_000 picoseconds.
		Weight::from_parts(27_101_000, 5461)
			// Standard Error: 224_048
			.saturating_add(Weight::from_parts(15_272_020, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 5353).saturating_mul(n.into()))
	}
	/// Storage: `Rollup::Blocks` (r:16 w:16)
	/// Proof: `Rollup::Blocks` (`max_values`: None, `max_size`: Some(328), added: 2803, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[1, 16]`.
	fn draw(n: u32, ) -> Weight {
		// Proof size in bytes, measured: `70 + n * (114 ±0)`, summed up: `990 + n * (2803 ±0)`
		// Minimum execution time: 9_944_000 picoseconds.
		Weight::from_parts(4_443_015, 990)
			// Standard Error: 13_307
			.saturating_add(Weight::from_parts(7_547_581, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 2803).saturating_mul(n.into()))
	}
	/// Storage: `Rollup::State` (r:1 w:1)
	/// Proof: `Rollup::State` (`max_values`: Some(1), `max_size`: Some(206), added: 701, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:4 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
	/// Storage: `RelayRandomness::Seeds` (r:1 w:0)
	/// Proof: `RelayRandomness::Seeds` (`max_values`: Some(1), `max_size`: Some(78), added: 573, mode: `MaxEncodedLen`)
	/// Storage: `Sudo::Key` (r:1 w:0)
	/// Proof: `Sudo::Key` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
	/// Storage: `MultiBlockMigrations::Cursor` (r:1 w:0)
	/// Proof: `MultiBlockMigrations::Cursor` (`max_values`: Some(1), `max_size`: Some(1036), added: 1531, mode: `MaxEncodedLen`)
	/// Storage: `Timestamp::Now` (r:1 w:0)
	/// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
	fn poll() -> Weight {
		// Proof size in bytes, measured: `527`, summed up: `19787`
		// Minimum execution time: 30_806_000 picoseconds.
		Weight::from_parts(41_111_000, 19787)
			.saturating_add(T::DbWeight::get().reads(9_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `Rollup::State` (r:1 w:0)
	/// Proof: `Rollup::State` (`max_values`: Some(1), `max_size`: Some(206), added: 701, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::Blocks` (r:14 w:0)
	/// Proof: `Rollup::Blocks` (`max_values`: None, `max_size`: Some(328), added: 2803, mode: `MaxEncodedLen`)
	fn is_needed() -> Weight {
		// Proof size in bytes, measured: `1951`, summed up: `41923`
		// Minimum execution time: 62_333_000 picoseconds.
		Weight::from_parts(64_015_000, 41923)
			.saturating_add(T::DbWeight::get().reads(15_u64))
	}
	/// Storage: `ProverPool::Operators` (r:1 w:0)
	/// Proof: `ProverPool::Operators` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::State` (r:1 w:0)
	/// Proof: `Rollup::State` (`max_values`: Some(1), `max_size`: Some(206), added: 701, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::Blocks` (r:1 w:0)
	/// Proof: `Rollup::Blocks` (`max_values`: None, `max_size`: Some(328), added: 2803, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::ReplacedKeys` (r:1 w:0)
	/// Proof: `Rollup::ReplacedKeys` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
	/// Storage: `Rollup::LaneUses` (r:1 w:1)
	/// Proof: `Rollup::LaneUses` (`max_values`: Some(1), `max_size`: Some(2562), added: 3057, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Stakers` (r:1 w:0)
	/// Proof: `ProverPool::Stakers` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
	fn extension() -> Weight {
		// Proof size in bytes, measured: `3416`, summed up: `20097`
		// Minimum execution time: 24_306_000 picoseconds.
		Weight::from_parts(27_330_000, 20097)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
}

/// Weights with the prices of RocksDB, for tests.
impl WeightInfo for () {
	fn propose_block(n: u32, ) -> Weight {
		Weight::from_parts(75_365_279, 14152)
			.saturating_add(Weight::from_parts(2_167, 0).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(4_u64))
			.saturating_add(RocksDbWeight::get().writes(4_u64))
	}
	fn prove_block() -> Weight {
		Weight::from_parts(37_726_000, 19559)
			.saturating_add(RocksDbWeight::get().reads(6_u64))
			.saturating_add(RocksDbWeight::get().writes(2_u64))
	}
	fn override_block() -> Weight {
		Weight::from_parts(39_008_000, 16552)
			.saturating_add(RocksDbWeight::get().reads(4_u64))
			.saturating_add(RocksDbWeight::get().writes(3_u64))
	}
	fn pause() -> Weight {
		Weight::from_parts(18_918_000, 1691)
			.saturating_add(RocksDbWeight::get().reads(1_u64))
			.saturating_add(RocksDbWeight::get().writes(1_u64))
	}
	fn resume() -> Weight {
		Weight::from_parts(19_208_000, 1691)
			.saturating_add(RocksDbWeight::get().reads(1_u64))
			.saturating_add(RocksDbWeight::get().writes(1_u64))
	}
	fn resume_draws() -> Weight {
		Weight::from_parts(19_379_000, 1691)
			.saturating_add(RocksDbWeight::get().reads(1_u64))
			.saturating_add(RocksDbWeight::get().writes(1_u64))
	}
	fn open_undrawn(n: u32, ) -> Weight {
		Weight::from_parts(15_389_703, 2681)
			.saturating_add(Weight::from_parts(7_776_841, 0).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(1_u64))
			.saturating_add(RocksDbWeight::get().reads((1_u64).saturating_mul(n.into())))
			.saturating_add(RocksDbWeight::get().writes(1_u64))
			.saturating_add(RocksDbWeight::get().writes((1_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 2803).saturating_mul(n.into()))
	}
	fn settle(n: u32, ) -> Weight {
		Weight::from_parts(110_614_000, 3960)
			.saturating_add(Weight::from_parts(104_971_892, 0).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads((5_u64).saturating_mul(n.into())))
			.saturating_add(RocksDbWeight::get().writes((4_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 13155).saturating_mul(n.into()))
	}
	fn pay_bounty() -> Weight {
		Weight::from_parts(37_966_000, 3593)
			.saturating_add(RocksDbWeight::get().reads(1_u64))
			.saturating_add(RocksDbWeight::get().writes(1_u64))
	}
	fn advance_proven(n: u32, ) -> Weight {
		Weight::from_parts(45_602_724, 5461)
			.saturating_add(Weight::from_parts(15_821_303, 0).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(1_u64))
			.saturating_add(RocksDbWeight::get().reads((2_u64).saturating_mul(n.into())))
			.saturating_add(RocksDbWeight::get().writes((1_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 5353).saturating_mul(n.into()))
	}
	fn sweep(n: u32, ) -> Weight {
		Weight::from_parts(27_101_000, 5461)
			.saturating_add(Weight::from_parts(15_272_020, 0).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(1_u64))
			.saturating_add(RocksDbWeight::get().reads((2_u64).saturating_mul(n.into())))
			.saturating_add(RocksDbWeight::get().writes((1_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 5353).saturating_mul(n.into()))
	}
	fn draw(n: u32, ) -> Weight {
		Weight::from_parts(4_443_015, 990)
			.saturating_add(Weight::from_parts(7_547_581, 0).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads((1_u64).saturating_mul(n.into())))
			.saturating_add(RocksDbWeight::get().writes((1_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 2803).saturating_mul(n.into()))
	}
	fn poll() -> Weight {
		Weight::from_parts(41_111_000, 19787)
			.saturating_add(RocksDbWeight::get().reads(9_u64))
			.saturating_add(RocksDbWeight::get().writes(1_u64))
	}
	fn is_needed() -> Weight {
		Weight::from_parts(64_015_000, 41923)
			.saturating_add(RocksDbWeight::get().reads(15_u64))
	}
	fn extension() -> Weight {
		Weight::from_parts(27_330_000, 20097)
			.saturating_add(RocksDbWeight::get().reads(6_u64))
			.saturating_add(RocksDbWeight::get().writes(1_u64))
	}
}
