// SPDX-License-Identifier: Apache-2.0

//! Weights of the verifier's calls and of a verification.
//!
//! Until they are benchmarked, each is an upper bound by hand: every storage access at the
//! database's price, the full size of every value read as proof, and a computation bound well above
//! what WebAssembly takes for BN254.

use core::marker::PhantomData;
use frame_support::{
	traits::Get,
	weights::{constants::WEIGHT_REF_TIME_PER_MILLIS, Weight},
};

/// What each call, and a verification, weighs at most.
pub trait WeightInfo {
	/// Verification of a proof.
	fn verify_proof() -> Weight;
	/// `add_key`.
	fn add_key() -> Weight;
	/// `remove_key`.
	fn remove_key() -> Weight;
}

/// Weights for any runtime, by its database's prices.
pub struct SubstrateWeight<T>(PhantomData<T>);

/// Proof of one value or one entry of a map, with its path in the trie.
const ENTRY: u64 = 4_000;

impl<T: frame_system::Config> SubstrateWeight<T> {
	fn count(millis: u64, reads: u64, writes: u64) -> Weight {
		Weight::from_parts(
			WEIGHT_REF_TIME_PER_MILLIS.saturating_mul(millis),
			ENTRY.saturating_mul(reads),
		)
		.saturating_add(T::DbWeight::get().reads_writes(reads, writes))
	}
}

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	// Reads the key.
	fn verify_proof() -> Weight {
		Self::count(40, 1, 0)
	}
	// Reads the last version and the number of keys; writes both and the key.
	fn add_key() -> Weight {
		Self::count(20, 2, 3)
	}
	// Reads the key and the number of keys; writes both.
	fn remove_key() -> Weight {
		Self::count(1, 2, 2)
	}
}

impl WeightInfo for () {
	fn verify_proof() -> Weight {
		Weight::from_parts(40 * WEIGHT_REF_TIME_PER_MILLIS, ENTRY)
	}
	fn add_key() -> Weight {
		Weight::from_parts(20 * WEIGHT_REF_TIME_PER_MILLIS, 2 * ENTRY)
	}
	fn remove_key() -> Weight {
		Weight::from_parts(WEIGHT_REF_TIME_PER_MILLIS, 2 * ENTRY)
	}
}
