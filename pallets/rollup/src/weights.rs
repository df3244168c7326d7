// SPDX-License-Identifier: Apache-2.0

//! Weights of the rollup's calls and of the steps of its hooks, without what the pool and the
//! verifier add.
//!
//! Until they are benchmarked, each is the worst case counted by hand: every storage access at the
//! database's price, the full size of every value read as proof, and a computation bound far above
//! what it takes.

use core::marker::PhantomData;
use frame_support::{
	traits::Get,
	weights::{constants::WEIGHT_REF_TIME_PER_MICROS, Weight},
};

/// What each call, and each step of the hooks, weighs at most.
pub trait WeightInfo {
	/// `propose_block` with a payload of `n` bytes.
	fn propose_block(n: u32) -> Weight;
	/// `prove_block` of a block whose window just closed, without the check of the proof.
	fn prove_block() -> Weight;
	/// `override_transition` of a block whose window just closed.
	fn override_transition() -> Weight;
	/// `settle_blocks`, and the settlement at the end of a chain block, of `n` blocks.
	fn settle_blocks(n: u32) -> Weight;
	/// The hook that closes windows, when it closes `n`.
	fn close_windows(n: u32) -> Weight;
	/// Setting the rescuer's share of a slash aside, and burning the rest.
	fn share_slash() -> Weight;
}

/// Weights for any runtime, by its database's prices.
pub struct SubstrateWeight<T>(PhantomData<T>);

/// Proof of one value or one entry of a map, with its path in the trie.
const ENTRY: u64 = 3_000;

impl<T: frame_system::Config> SubstrateWeight<T> {
	fn count(micros: u64, reads: u64, writes: u64) -> Weight {
		Weight::from_parts(
			WEIGHT_REF_TIME_PER_MICROS.saturating_mul(micros),
			ENTRY.saturating_mul(reads),
		)
		.saturating_add(T::DbWeight::get().reads_writes(reads, writes))
	}

	/// Decoding and hashing bytes: 4 ns for each.
	fn bytes(n: u32) -> Weight {
		Weight::from_parts(u64::from(n).saturating_mul(4_000), 0)
	}
}

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	// Reads the progress, seven parameters, the clock, the account and its holds, and finds the
	// block's place; writes the progress, the block, the account and its holds.
	fn propose_block(n: u32) -> Weight {
		Self::count(150, 12, 4).saturating_add(Self::bytes(n))
	}
	// Reads the progress, the block and the one before, the clock and the genesis hash; writes the
	// block.
	fn prove_block() -> Weight {
		Self::count(150, 5, 1)
	}
	// Reads the progress, the block and the clock; writes the block.
	fn override_transition() -> Weight {
		Self::count(100, 3, 1)
	}
	// Reads the progress and the clock; writes the progress. For each block, reads and writes the
	// progress, the block, the issuance, and three accounts and the holds of two; reads a parameter.
	fn settle_blocks(n: u32) -> Weight {
		Self::count(50, 2, 1).saturating_add(Self::count(250, 9, 8).saturating_mul(n.into()))
	}
	// Reads the progress and the clock; writes the progress. Reads and writes each block.
	fn close_windows(n: u32) -> Weight {
		Self::count(50, 2, 1).saturating_add(Self::count(50, 1, 1).saturating_mul(n.into()))
	}
	// Reads and writes the issuance, an account and its holds; reads a parameter.
	fn share_slash() -> Weight {
		Self::count(100, 4, 3)
	}
}
