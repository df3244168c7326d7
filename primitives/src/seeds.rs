// SPDX-License-Identifier: Apache-2.0

//! Seeds of the draws.

/// Source of the seeds for the draws of the pool.
pub trait Seeds<BlockNumber> {
	/// Returns the chain block before which a rollup block must be proposed to be drawn now.
	///
	/// Returns `None` unless this chain block is the first with a new seed. Each seed of the mix
	/// became known in the returned chain block or later.
	fn drawable_before() -> Option<BlockNumber>;
}
