// SPDX-License-Identifier: Apache-2.0

#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

pub use pool::{Assignment, ProverPool};
pub use statement::{Statement, Transition};
pub use verifier::ProofVerifier;

mod pool;
mod statement;
mod verifier;

#[cfg(test)]
mod tests;

/// Number of a rollup block. Blocks are numbered from 1, without gaps.
pub type BlockId = u64;

/// Clock that benchmarks can set.
#[cfg(feature = "runtime-benchmarks")]
pub trait BenchmarkClock {
	/// Sets the clock to `seconds`, in Unix time.
	fn set(seconds: u64);
}
