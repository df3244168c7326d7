// SPDX-License-Identifier: Apache-2.0

//! What the prover pool, the rollup that uses it and the verifier of its proofs share.
//!
//! The rollup pallet holds a [`ProverPool`] and a [`ProofVerifier`] as Config items and two other
//! pallets implement them, so that none of the three depends on another. No extrinsic leads to the
//! traits: who can call them is decided where the runtime is put together, which is why nothing
//! like `UNAUTHORIZED` exists here.

#![cfg_attr(not(feature = "std"), no_std)]

pub use pool::{Assignment, ProverPool};
pub use proof::{ProofVerifier, Statement};

mod pool;
mod proof;

/// Number of a rollup block. The rollup counts them from 1, without a gap.
pub type BlockId = u64;

/// Moves the chain's clock, for benchmarks.
#[cfg(feature = "runtime-benchmarks")]
pub trait BenchmarkClock {
	/// Sets the clock to this Unix time.
	fn set(seconds: u64);
}
