// SPDX-License-Identifier: Apache-2.0

#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

/// Clock that benchmarks can set.
#[cfg(feature = "runtime-benchmarks")]
pub use clock::BenchmarkClock;
pub use clock::Clock;
pub use pool::{Assignment, ProverPool};
pub use proof::{KeyUser, ProofVerifier};
pub use prover_pool_statement::{public_input, BlockId, Hash, Statement, Transition};
pub use seeds::Seeds;

mod clock;
mod pool;
mod proof;
mod seeds;
