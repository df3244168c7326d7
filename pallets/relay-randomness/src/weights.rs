// SPDX-License-Identifier: Apache-2.0


//! Weights of `pallet_relay_randomness`: measured by `make weights` on this project's runtime, not to be edited.
//!
//! SDK VERSION: 64.0.0, DATE: 2026-11-23, STEPS: 20, REPEAT: 2
//! WORST CASE MAP SIZE: 1000000, HOST: 2 cores, CPU: AMD EPYC

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens)]
#![allow(unused_imports)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::{constants::RocksDbWeight, Weight}};

/// Maximum weight of each step of `pallet_relay_randomness` that other pallets call.
pub trait WeightInfo {
	/// Measured by the benchmark of that name.
	fn on_relay_state_proof() -> Weight;
}

/// Weights by the prices of the runtime's database. They hold for bounds like those of this project's
/// runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `RelayRandomness::Seed` (r:1 w:1)
	/// Proof: `RelayRandomness::Seed` (`max_values`: Some(1), `max_size`: Some(37), added: 532, mode: `MaxEncodedLen`)
	fn on_relay_state_proof() -> Weight {
		// Proof size in bytes, measured: `172`, estimated: `1522`
		// Minimum execution time: 17_863_000 picoseconds.
		Weight::from_parts(20_809_000, 1522)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
}

/// The same weights at the prices of RocksDB, for tests.
impl WeightInfo for () {
	fn on_relay_state_proof() -> Weight {
		Weight::from_parts(20_809_000, 1522)
			.saturating_add(RocksDbWeight::get().reads(1_u64))
			.saturating_add(RocksDbWeight::get().writes(1_u64))
	}
}
