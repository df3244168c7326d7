// SPDX-License-Identifier: Apache-2.0

//! Weights of the verifier's calls and of a verification, with BN254.
//!
//! Measured by FRAME benchmarks in the runtime's WebAssembly, 50 steps with 20 repeats each, on an
//! AMD EPYC of which other programs took more than half meanwhile: the medians were 9.5 ms for a
//! verification, 1.9 ms for adding a key and 0.16 ms for removing one, the least for a verification
//! 6.0 ms. `benchmarking/README.md` has the command.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

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

/// Proof of the storage that each of them touches: one key, and two small values beside it.
const PROOF_SIZE: u64 = 4_063;

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	fn verify_proof() -> Weight {
		Weight::from_parts(9_537_117_000, PROOF_SIZE).saturating_add(T::DbWeight::get().reads(1))
	}
	fn add_key() -> Weight {
		Weight::from_parts(1_901_605_000, PROOF_SIZE)
			.saturating_add(T::DbWeight::get().reads_writes(3, 3))
	}
	fn remove_key() -> Weight {
		Weight::from_parts(157_685_000, PROOF_SIZE)
			.saturating_add(T::DbWeight::get().reads_writes(2, 2))
	}
}

impl WeightInfo for () {
	fn verify_proof() -> Weight {
		Weight::from_parts(9_537_117_000, PROOF_SIZE)
	}
	fn add_key() -> Weight {
		Weight::from_parts(1_901_605_000, PROOF_SIZE)
	}
	fn remove_key() -> Weight {
		Weight::from_parts(157_685_000, PROOF_SIZE)
	}
}
