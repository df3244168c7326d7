// SPDX-License-Identifier: Apache-2.0


//! Weights of `pallet_rollup`: measured by `make weights` on this project's runtime, not to be edited.
//!
//! SDK VERSION: 64.0.0, DATE: 2026-11-22, STEPS: 50, REPEAT: 20
//! WORST CASE MAP SIZE: 1000000, HOST: 2 cores, CPU: AMD EPYC

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens)]
#![allow(unused_imports)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::{constants::RocksDbWeight, Weight}};

/// What each call of `pallet_rollup`, and each step that others call, weighs at most.
pub trait WeightInfo {
	/// Measured by the benchmark of that name.
	fn propose_block(n: u32, ) -> Weight;
	/// Measured by the benchmark of that name.
	fn prove_block() -> Weight;
	/// Measured by the benchmark of that name.
	fn override_transition() -> Weight;
	/// Measured by the benchmark of that name.
	fn settle_blocks(n: u32, ) -> Weight;
	/// Measured by the benchmark of that name.
	fn close_windows(n: u32, ) -> Weight;
	/// Measured by the benchmark of that name.
	fn share_slash() -> Weight;
}

/// Weights for any runtime, by its database's prices.
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
		// Proof size in bytes, measured: `512`, summed up: `19600`
		// Minimum execution time: 57_717_000 picoseconds.
		Weight::from_parts(56_494_131, 19600)
			// Standard Error: 3
			.saturating_add(Weight::from_parts(1_261, 0).saturating_mul(n.into()))
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
		// Proof size in bytes, measured: `1593`, summed up: `21038`
		// Minimum execution time: 31_277_000 picoseconds.
		Weight::from_parts(32_709_000, 21038)
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
		// Proof size in bytes, measured: `1070`, summed up: `14311`
		// Minimum execution time: 20_570_000 picoseconds.
		Weight::from_parts(21_632_000, 14311)
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
		// Proof size in bytes, measured: `371 + n * (937 ±0)`, summed up: `9533 + n * (16255 ±0)`
		// Minimum execution time: 1_382_000 picoseconds.
		Weight::from_parts(1_462_000, 9533)
			// Standard Error: 85_068
			.saturating_add(Weight::from_parts(100_428_197, 0).saturating_mul(n.into()))
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
		// Minimum execution time: 3_916_000 picoseconds.
		Weight::from_parts(8_140_273, 8543)
			// Standard Error: 9_242
			.saturating_add(Weight::from_parts(8_827_452, 0).saturating_mul(n.into()))
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
		// Minimum execution time: 48_452_000 picoseconds.
		Weight::from_parts(50_645_000, 10690)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
}

/// The same at the prices of RocksDB, for tests.
impl WeightInfo for () {
	fn propose_block(n: u32, ) -> Weight {
		Weight::from_parts(56_494_131, 19600)
			.saturating_add(Weight::from_parts(1_261, 0).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(8_u64))
			.saturating_add(RocksDbWeight::get().writes(4_u64))
	}
	fn prove_block() -> Weight {
		Weight::from_parts(32_709_000, 21038)
			.saturating_add(RocksDbWeight::get().reads(7_u64))
			.saturating_add(RocksDbWeight::get().writes(1_u64))
	}
	fn override_transition() -> Weight {
		Weight::from_parts(21_632_000, 14311)
			.saturating_add(RocksDbWeight::get().reads(5_u64))
			.saturating_add(RocksDbWeight::get().writes(2_u64))
	}
	fn settle_blocks(n: u32, ) -> Weight {
		Weight::from_parts(1_462_000, 9533)
			.saturating_add(Weight::from_parts(100_428_197, 0).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(3_u64))
			.saturating_add(RocksDbWeight::get().reads((6_u64).saturating_mul(n.into())))
			.saturating_add(RocksDbWeight::get().writes(1_u64))
			.saturating_add(RocksDbWeight::get().writes((6_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 16255).saturating_mul(n.into()))
	}
	fn close_windows(n: u32, ) -> Weight {
		Weight::from_parts(8_140_273, 8543)
			.saturating_add(Weight::from_parts(8_827_452, 0).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(3_u64))
			.saturating_add(RocksDbWeight::get().reads((2_u64).saturating_mul(n.into())))
			.saturating_add(RocksDbWeight::get().writes(1_u64))
			.saturating_add(RocksDbWeight::get().writes((1_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 5768).saturating_mul(n.into()))
	}
	fn share_slash() -> Weight {
		Weight::from_parts(50_645_000, 10690)
			.saturating_add(RocksDbWeight::get().reads(3_u64))
			.saturating_add(RocksDbWeight::get().writes(2_u64))
	}
}
