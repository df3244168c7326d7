// SPDX-License-Identifier: Apache-2.0

//! Weights of the rollup's calls and of the steps of its hook, without what the pool and the
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

/// What each call, and each step of the hook, weighs at most.
pub trait WeightInfo {
	/// `propose_block` with a payload of `n` bytes.
	fn propose_block(n: u32) -> Weight;
	/// `prove_block` of a block whose window just closed.
	fn prove_block() -> Weight;
	/// The hook when there is nothing to do.
	fn advance() -> Weight;
	/// Looking at one block's window, and closing it.
	fn close_window() -> Weight;
	/// Looking at one block, and settling it.
	fn settle_block() -> Weight;
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
	// Reads the progress, two parameters, the clock, the account and its holds, and finds the
	// block's place; writes the progress, the block, the account and its holds.
	fn propose_block(n: u32) -> Weight {
		Self::count(150, 7, 4).saturating_add(Self::bytes(n))
	}
	// Reads the block, the clock and the issuance; writes the block and the issuance, of which a
	// slash is burnt.
	fn prove_block() -> Weight {
		Self::count(100, 3, 2)
	}
	// Reads the progress and the clock; writes the progress.
	fn advance() -> Weight {
		Self::count(50, 2, 1)
	}
	// Reads and writes the block and the issuance, of which the slash is burnt.
	fn close_window() -> Weight {
		Self::count(50, 2, 2)
	}
	// Reads and writes the block, and two accounts and the holds of one.
	fn settle_block() -> Weight {
		Self::count(150, 4, 4)
	}
}
