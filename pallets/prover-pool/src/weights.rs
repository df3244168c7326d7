// SPDX-License-Identifier: Apache-2.0


//! Weights of `pallet_prover_pool`: measured by `make weights` on this project's runtime, not to be edited.
//!
//! SDK VERSION: 64.0.0, DATE: 2026-11-22, STEPS: 50, REPEAT: 20
//! WORST CASE MAP SIZE: 1000000, HOST: 2 cores, CPU: AMD EPYC

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens)]
#![allow(unused_imports)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::{constants::RocksDbWeight, Weight}};

/// What each call of `pallet_prover_pool`, and each step that others call, weighs at most.
pub trait WeightInfo {
	/// Measured by the benchmark of that name.
	fn stake() -> Weight;
	/// Measured by the benchmark of that name.
	fn withdraw() -> Weight;
	/// Measured by the benchmark of that name.
	fn exit(n: u32, ) -> Weight;
	/// Measured by the benchmark of that name.
	fn assign(n: u32, ) -> Weight;
	/// Measured by the benchmark of that name.
	fn release(n: u32, ) -> Weight;
	/// Measured by the benchmark of that name.
	fn slash(n: u32, ) -> Weight;
}

/// Weights for any runtime, by its database's prices.
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
		// Minimum execution time: 134_971_000 picoseconds.
		Weight::from_parts(141_150_000, 33818)
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
		// Proof size in bytes, measured: `601`, summed up: `15723`
		// Minimum execution time: 41_993_000 picoseconds.
		Weight::from_parts(44_947_000, 15723)
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
		// Proof size in bytes, measured: `680 + n * (39 ±0)`, estimated: `5996`
		// Minimum execution time: 53_439_000 picoseconds.
		Weight::from_parts(55_499_347, 20041)
			// Standard Error: 6_689
			.saturating_add(Weight::from_parts(289_811, 0).saturating_mul(n.into()))
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
		// Proof size in bytes, measured: `389 + n * (24 ±0)`, estimated: `3507`
		// Minimum execution time: 11_727_000 picoseconds.
		Weight::from_parts(12_601_793, 8337)
			// Standard Error: 1_546
			.saturating_add(Weight::from_parts(188_862, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `ProverPool::Stakers` (r:1 w:0)
	/// Proof: `ProverPool::Stakers` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
	/// Storage: `ProverPool::Provers` (r:1 w:1)
	/// Proof: `ProverPool::Provers` (`max_values`: Some(1), `max_size`: Some(330), added: 825, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[1, 32]`.
	fn release(n: u32, ) -> Weight {
		// Proof size in bytes, measured: `347 + n * (25 ±0)`, estimated: `3540`
		// Minimum execution time: 6_950_000 picoseconds.
		Weight::from_parts(7_593_006, 5355)
			// Standard Error: 1_331
			.saturating_add(Weight::from_parts(99_255, 0).saturating_mul(n.into()))
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
		// Proof size in bytes, measured: `680 + n * (39 ±0)`, estimated: `13505`
		// Minimum execution time: 69_323_000 picoseconds.
		Weight::from_parts(72_077_740, 27550)
			// Standard Error: 9_097
			.saturating_add(Weight::from_parts(281_208, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(10_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
}

/// The same at the prices of RocksDB, for tests.
impl WeightInfo for () {
	fn stake() -> Weight {
		Weight::from_parts(141_150_000, 33818)
			.saturating_add(RocksDbWeight::get().reads(12_u64))
			.saturating_add(RocksDbWeight::get().writes(8_u64))
	}
	fn withdraw() -> Weight {
		Weight::from_parts(44_947_000, 15723)
			.saturating_add(RocksDbWeight::get().reads(5_u64))
			.saturating_add(RocksDbWeight::get().writes(3_u64))
	}
	fn exit(n: u32, ) -> Weight {
		Weight::from_parts(55_499_347, 20041)
			.saturating_add(Weight::from_parts(289_811, 0).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(7_u64))
			.saturating_add(RocksDbWeight::get().writes(5_u64))
	}
	fn assign(n: u32, ) -> Weight {
		Weight::from_parts(12_601_793, 8337)
			.saturating_add(Weight::from_parts(188_862, 0).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(4_u64))
			.saturating_add(RocksDbWeight::get().writes(1_u64))
	}
	fn release(n: u32, ) -> Weight {
		Weight::from_parts(7_593_006, 5355)
			.saturating_add(Weight::from_parts(99_255, 0).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(2_u64))
			.saturating_add(RocksDbWeight::get().writes(1_u64))
	}
	fn slash(n: u32, ) -> Weight {
		Weight::from_parts(72_077_740, 27550)
			.saturating_add(Weight::from_parts(281_208, 0).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(10_u64))
			.saturating_add(RocksDbWeight::get().writes(5_u64))
	}
}
