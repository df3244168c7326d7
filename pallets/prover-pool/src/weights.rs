// SPDX-License-Identifier: Apache-2.0

//! Weights of the pool's calls and of what the rollup calls.
//!
//! Until they are benchmarked, each is the worst case counted by hand: every storage access at the
//! database's price, the full size of every value read as proof, and a computation bound far above
//! what it takes.

use core::marker::PhantomData;
use frame_support::{
	traits::Get,
	weights::{
		constants::{RocksDbWeight, WEIGHT_REF_TIME_PER_MICROS, WEIGHT_REF_TIME_PER_NANOS},
		RuntimeDbWeight, Weight,
	},
};

/// What each call, and each function of the trait, weighs at most. `n` is how many slots the pool
/// has: a runtime hands in its `MaxProvers`.
pub trait WeightInfo {
	/// `stake` in a pool as full as the runtime lets it be: a caller with a mature exit replaces a
	/// member with another.
	fn stake() -> Weight;
	/// `withdraw` of a mature exit.
	fn withdraw() -> Weight;
	/// `exit` of a member with a mature exit, from a full pool.
	fn exit(n: u32) -> Weight;
	/// `assign` in a full pool of newcomers of a moment before, to the last of them.
	fn assign(n: u32) -> Weight;
	/// `release` of a block of a member of a full pool.
	fn release(n: u32) -> Weight;
	/// `slash` that ejects a member with a mature exit from a full pool.
	fn slash(n: u32) -> Weight;
}

/// The slots that [`WeightInfo::stake`], which is not told how many there are, is enough for.
const MOST_SLOTS: u32 = 1_024;
/// Proof of one value of the storage, of a pool without slots too, with its path in the trie.
const VALUE: u64 = 3_000;
/// Proof of a slot of the pool, of a newcomer's.
const SLOT: u64 = 10;
/// Computation for a slot, its weight in the draw included.
const NANOS_A_SLOT: u64 = 250;

/// `micros` of computation beside that for `n` slots, and accesses to the storage.
fn count(db: RuntimeDbWeight, micros: u64, n: u32, reads: u64, writes: u64) -> Weight {
	let n = u64::from(n);
	let computation = WEIGHT_REF_TIME_PER_MICROS
		.saturating_mul(micros)
		.saturating_add(WEIGHT_REF_TIME_PER_NANOS.saturating_mul(NANOS_A_SLOT.saturating_mul(n)));
	let proof_size = VALUE
		.saturating_mul(reads)
		.saturating_add(SLOT.saturating_mul(n));
	Weight::from_parts(computation, proof_size).saturating_add(db.reads_writes(reads, writes))
}

/// Weights for any runtime, by its database's prices.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	// Reads the clock, four parameters, the pool, and for each of two accounts its id, staker,
	// account and holds; writes all but the clock and the parameters.
	fn stake() -> Weight {
		count(T::DbWeight::get(), 200, MOST_SLOTS, 14, 9)
	}
	// Reads the clock, a parameter, the staker, the account and its holds.
	fn withdraw() -> Weight {
		count(T::DbWeight::get(), 100, 0, 5, 3)
	}
	// Reads the clock, two parameters, the pool, the staker, the account and its holds; writes the
	// id as well, whose place it finds.
	fn exit(n: u32) -> Weight {
		count(T::DbWeight::get(), 150, n, 8, 5)
	}
	// Reads the clock, the randomness, the pool and the winner's account; writes the pool.
	fn assign(n: u32) -> Weight {
		count(T::DbWeight::get(), 100, n, 4, 1)
	}
	// Reads the staker and the pool; writes one of them.
	fn release(n: u32) -> Weight {
		count(T::DbWeight::get(), 50, n, 2, 1)
	}
	// Reads the clock, five parameters, the pool, the staker, the account and its holds; writes the
	// id as well, whose place it finds.
	fn slash(n: u32) -> Weight {
		count(T::DbWeight::get(), 200, n, 11, 5)
	}
}

/// Weights for tests, by the prices of RocksDB.
impl WeightInfo for () {
	fn stake() -> Weight {
		count(RocksDbWeight::get(), 200, MOST_SLOTS, 14, 9)
	}
	fn withdraw() -> Weight {
		count(RocksDbWeight::get(), 100, 0, 5, 3)
	}
	fn exit(n: u32) -> Weight {
		count(RocksDbWeight::get(), 150, n, 8, 5)
	}
	fn assign(n: u32) -> Weight {
		count(RocksDbWeight::get(), 100, n, 4, 1)
	}
	fn release(n: u32) -> Weight {
		count(RocksDbWeight::get(), 50, n, 2, 1)
	}
	fn slash(n: u32) -> Weight {
		count(RocksDbWeight::get(), 200, n, 11, 5)
	}
}
