// SPDX-License-Identifier: Apache-2.0

//! Clock of the rollup and the pool.

/// Clock that stands still when the chain does.
///
/// It starts at 1 and is not a Unix time. All reads in a chain block return the same value.
pub trait Clock {
	/// Returns the reading, in seconds.
	fn now() -> u64;
}

/// Clock that benchmarks can set.
#[cfg(feature = "runtime-benchmarks")]
pub trait BenchmarkClock {
	/// Sets the clock to `seconds`.
	fn set(seconds: u64);
}
