// SPDX-License-Identifier: Apache-2.0

//! # Computation
//!
//! What an assignment computes apart from storage, in the steps in which it does: the pool is
//! decoded, every member weighed, one of them chosen, and the pool encoded.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

use alloc::vec::Vec;
use codec::{Decode, Encode};
use pallet_prover_pool::{draw, Pool, Prover};
use sp_core::ConstU32;

/// How many places the measured pools have.
pub const SIZES: [u32; 6] = [1, 8, 32, 128, 512, 1_024];

/// A pool with room for the most.
pub type LargestPool = Pool<ConstU32<{ SIZES[5] }>>;

/// Basis points by which a price may differ from the fee.
pub const TOLERANCE: u32 = 2_500;

/// A fee with prices on both sides of it, within and beyond the tolerance.
pub const USUAL_FEE: u32 = 100;

/// The fee that makes weights largest.
pub const LARGEST_FEE: u32 = u32::MAX;

/// Members with numbers as they may be on a chain.
pub fn usual(provers: u32) -> LargestPool {
	pool((0..provers).map(|index| Prover {
		staked_amount: 50_000 + 997 * index,
		reward_per_gas: (60 + index % 80) as u16,
		current_capacity: (5 + index % 128) as u16,
	}))
}

/// Members with the largest numbers.
pub fn largest(provers: u32) -> LargestPool {
	pool((0..provers).map(|_| Prover {
		staked_amount: u32::MAX,
		reward_per_gas: u16::MAX,
		current_capacity: u16::MAX,
	}))
}

fn pool(provers: impl Iterator<Item = Prover>) -> LargestPool {
	let slots: Vec<_> = provers.collect();
	LargestPool {
		slots: slots.try_into().expect("is within the bound"),
		newcomers: Default::default(),
	}
}

/// Decodes a pool.
#[inline(never)]
pub fn read(bytes: &[u8]) -> LargestPool {
	LargestPool::decode(&mut &bytes[..]).expect("was encoded here")
}

/// Weighs all members.
#[inline(never)]
pub fn weigh(pool: &LargestPool, fee_per_gas: u32) -> (Vec<u128>, u128) {
	draw::weights(&pool.slots, &pool.newcomers.ids, fee_per_gas, TOLERANCE)
}

/// Chooses the last member, for which all weights are looked at.
#[inline(never)]
pub fn choose(weights: &[u128], total: u128) -> usize {
	let mut seed = [0; 32];
	seed[16..].copy_from_slice(&(total - 1).to_be_bytes());
	draw::choose(weights, total, seed).expect("somebody weighs")
}

/// Encodes a pool.
#[inline(never)]
pub fn write(pool: &LargestPool) -> Vec<u8> {
	pool.encode()
}

/// All of them, as an assignment does: the pool after the last of its members was drawn.
pub fn assign(bytes: &[u8], fee_per_gas: u32) -> Vec<u8> {
	let mut pool = read(bytes);
	let (weights, total) = weigh(&pool, fee_per_gas);
	let index = choose(&weights, total);
	pool.slots[index].current_capacity -= 1;
	write(&pool)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_last_member_is_drawn() {
		for (mut pool, fee) in [(usual(1_024), USUAL_FEE), (largest(32), LARGEST_FEE)] {
			let bytes = pool.encode();
			pool.slots.last_mut().unwrap().current_capacity -= 1;
			assert_eq!(assign(&bytes, fee), pool.encode());
		}
	}
}
