// SPDX-License-Identifier: Apache-2.0

//! What an assignment computes, once, in steps for callgrind to count: `make instructions`.

use codec::{Decode, Encode};
use pallet_prover_pool::{draw, Pool, Prover};
use sp_core::ConstU32;
use std::hint::black_box;

type LargestPool = Pool<ConstU32<1_024>>;

/// The fee, to which prices are on both sides, and beyond the tolerance.
const FEE: u32 = 100;
const TOLERANCE: u32 = 2_500;

fn pool(provers: u32) -> LargestPool {
	let slots: Vec<_> = (0..provers)
		.map(|index| Prover {
			staked_amount: 50_000 + 997 * index,
			reward_per_gas: (60 + index % 80) as u16,
			current_capacity: (5 + index % 128) as u16,
		})
		.collect();
	LargestPool {
		slots: slots.try_into().expect("is within the bound"),
		newcomers: Default::default(),
	}
}

#[inline(never)]
fn read(bytes: &[u8]) -> LargestPool {
	LargestPool::decode(&mut &bytes[..]).expect("was encoded here")
}

#[inline(never)]
fn weigh(pool: &LargestPool) -> (Vec<u128>, u128) {
	draw::weights(&pool.slots, &pool.newcomers.ids, FEE, TOLERANCE)
}

/// Chooses the last one, for which all weights are looked at.
#[inline(never)]
fn choose(weights: &[u128], total: u128, seed: [u8; 32]) -> usize {
	draw::choose(weights, total, seed).expect("somebody weighs")
}

#[inline(never)]
fn write(pool: &LargestPool) -> Vec<u8> {
	pool.encode()
}

fn main() {
	let provers = std::env::args()
		.nth(1)
		.and_then(|provers| provers.parse().ok());
	let provers: u32 = provers.expect("use: prover-pool-instructions PROVERS");
	let bytes = pool(provers).encode();

	let mut pool = read(black_box(&bytes));
	let (weights, total) = weigh(black_box(&pool));
	let mut seed = [0; 32];
	seed[16..].copy_from_slice(&(total - 1).to_be_bytes());
	let index = choose(black_box(&weights), total, black_box(seed));
	assert_eq!(index + 1, provers as usize);
	pool.slots[index].current_capacity -= 1;
	assert_ne!(write(black_box(&pool)), bytes);
}
