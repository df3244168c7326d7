// SPDX-License-Identifier: Apache-2.0

//! Weights of the pool's calls and of what the rollup calls.
//!
//! Until they are benchmarked, each is the worst case counted by hand: every storage access at the
//! database's price, the full size of every value read as proof, and a computation bound far above
//! what a pool of 1,024 slots takes.

use core::marker::PhantomData;
use frame_support::{
	traits::Get,
	weights::{constants::WEIGHT_REF_TIME_PER_MICROS, Weight},
};

/// What each call, and each function of the trait, weighs at most.
pub trait WeightInfo {
	/// `stake`: the pool is full, the caller is replaced onto the slot of another member, and
	/// both have a mature exit.
	fn stake() -> Weight;
	/// `withdraw` of a mature exit.
	fn withdraw() -> Weight;
	/// `exit` of a member with a mature exit.
	fn exit() -> Weight;
	/// `assign` in a full pool.
	fn assign() -> Weight;
	/// `release` of a member's block.
	fn release() -> Weight;
	/// `slash` that ejects a member with a mature exit.
	fn slash() -> Weight;
}

/// Weights for any runtime, by its database's prices.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> SubstrateWeight<T> {
	fn count(micros: u64, proof_size: u64, reads: u64, writes: u64) -> Weight {
		Weight::from_parts(
			WEIGHT_REF_TIME_PER_MICROS.saturating_mul(micros),
			proof_size,
		)
		.saturating_add(T::DbWeight::get().reads_writes(reads, writes))
	}
}

/// Proof of the whole pool at 1,024 slots of 16 bytes, with its path in the trie.
const POOL: u64 = 20_000;
/// Proof of one entry of a map, with its path in the trie.
const ENTRY: u64 = 3_000;

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	// Reads the clock, four parameters, the pool, and for each of two accounts its id, staker,
	// account and holds; writes all but the clock and the parameters.
	fn stake() -> Weight {
		Self::count(200, POOL.saturating_add(ENTRY.saturating_mul(13)), 14, 9)
	}
	// Reads the clock, a parameter, the staker, the account and its holds.
	fn withdraw() -> Weight {
		Self::count(100, ENTRY.saturating_mul(5), 5, 3)
	}
	// Reads the clock, two parameters, the pool, the staker, the account and its holds; writes the
	// id as well, whose place it finds.
	fn exit() -> Weight {
		Self::count(150, POOL.saturating_add(ENTRY.saturating_mul(7)), 8, 5)
	}
	// Reads the clock, the randomness, the pool and the winner's account; writes the pool.
	fn assign() -> Weight {
		Self::count(150, POOL.saturating_add(ENTRY.saturating_mul(3)), 4, 1)
	}
	// Reads the staker and the pool; writes one of them.
	fn release() -> Weight {
		Self::count(50, POOL.saturating_add(ENTRY), 2, 1)
	}
	// Reads the clock, five parameters, the pool, the staker, the account and its holds; writes the
	// id as well, whose place it finds.
	fn slash() -> Weight {
		Self::count(200, POOL.saturating_add(ENTRY.saturating_mul(10)), 11, 5)
	}
}
