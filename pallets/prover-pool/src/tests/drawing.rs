// SPDX-License-Identifier: Apache-2.0

//! `assign` and `assign_many`: rules 17 to 22.

use crate::{
	mock::*,
	rules::draw::{choose, effective_reward, weight, weights},
	Prover, Provers,
};
use frame_support::{assert_ok, assert_storage_noop};
use proptest::prelude::*;
use prover_pool_primitives::Assignment;
use sp_core::U256;
use std::collections::BTreeSet;

/// The tolerance of the mock, in basis points.
const TOLERANCE: u32 = 2_500;

fn member(staked_amount: u32, reward_per_gas: u16, current_capacity: u16) -> Prover {
	Prover { staked_amount, reward_per_gas, current_capacity }
}

#[test]
fn rule_17_a_price_within_the_tolerance_counts_as_it_is() {
	for price in [75, 76, 100, 124, 125] {
		assert_eq!(effective_reward(price, 100, TOLERANCE), u32::from(price));
	}
}

#[test]
fn rule_17_a_price_outside_counts_as_the_bound() {
	for (price, counts) in [(1, 75), (74, 75), (126, 125), (u16::MAX, 125)] {
		assert_eq!(effective_reward(price, 100, TOLERANCE), counts);
	}
}

#[test]
fn rule_17_bounds_are_rounded_towards_the_fee() {
	// 0.75 to 1.25, 1.5 to 2.5 and 2.25 to 3.75.
	assert_eq!((effective_reward(1, 1, TOLERANCE), effective_reward(9, 1, TOLERANCE)), (1, 1));
	assert_eq!((effective_reward(1, 2, TOLERANCE), effective_reward(9, 2, TOLERANCE)), (2, 2));
	assert_eq!((effective_reward(1, 3, TOLERANCE), effective_reward(9, 3, TOLERANCE)), (3, 3));
}

#[test]
fn rule_17_the_largest_fee_lifts_every_price() {
	let lowest = 3_221_225_472; // 75 % of u32::MAX, rounded up
	assert_eq!(effective_reward(1, u32::MAX, TOLERANCE), lowest);
	assert_eq!(effective_reward(u16::MAX, u32::MAX, TOLERANCE), lowest);
}

#[test]
fn rule_18_weight_is_stake_times_capacity_by_the_square_of_the_price() {
	assert_eq!(weight(&member(50_000, 100, 6), 100, TOLERANCE), 300_000);
	// 10,000 / 15,625 and 10,000 / 5,625 of it.
	assert_eq!(weight(&member(50_000, 125, 6), 100, TOLERANCE), 192_000);
	assert_eq!(weight(&member(50_000, 75, 6), 100, TOLERANCE), 533_333);
	// Prices far outside gain nothing.
	assert_eq!(weight(&member(50_000, 1, 6), 100, TOLERANCE), 533_333);
	assert_eq!(weight(&member(50_000, u16::MAX, 6), 100, TOLERANCE), 192_000);
}

#[test]
fn rule_18_nothing_weighs_without_stake_capacity_price_or_fee() {
	assert_eq!(weight(&member(0, 100, 6), 100, TOLERANCE), 0);
	assert_eq!(weight(&member(50_000, 100, 0), 100, TOLERANCE), 0);
	assert_eq!(weight(&member(50_000, 0, 6), 100, TOLERANCE), 0);
	assert_eq!(weight(&member(50_000, 100, 6), 0, TOLERANCE), 0);
	assert_eq!(weight(&Prover::default(), 100, TOLERANCE), 0);
}

proptest! {
	#[test]
	fn rule_17_the_price_stays_within_the_tolerance(
		price in 1u16.., fee in 1u32.., tolerance in 0u32..10_000,
	) {
		let (price, fee, tolerance) = (price, i128::from(fee), i128::from(tolerance));
		let effective = i128::from(effective_reward(price, fee as u32, tolerance as u32));
		prop_assert!(effective > 0);
		// Never outside, in exact terms.
		prop_assert!((effective - fee).abs() * 10_000 <= fee * tolerance);
		// The own price where that is inside, else nothing nearer to it is.
		let price = i128::from(price);
		if (price - fee).abs() * 10_000 <= fee * tolerance {
			prop_assert_eq!(effective, price);
		} else {
			let nearer = effective + (price - effective).signum();
			prop_assert!((nearer - fee).abs() * 10_000 > fee * tolerance);
		}
	}

	#[test]
	fn rule_18_the_weight_is_exact(
		stake: u32, price: u16, capacity: u16, fee: u32, tolerance in 0u32..10_000,
	) {
		let weight = weight(&member(stake, price, capacity), fee, tolerance);
		if stake == 0 || price == 0 || capacity == 0 || fee == 0 {
			prop_assert_eq!(weight, 0);
		} else {
			let square = |n: u32| U256::from(n) * U256::from(n);
			let reward = square(effective_reward(price, fee, tolerance));
			let product = U256::from(stake) * U256::from(capacity) * square(fee);
			prop_assert!(reward * U256::from(weight) <= product);
			prop_assert!(reward * (U256::from(weight) + 1) > product);
		}
	}

	#[test]
	fn rule_19_the_choice_is_where_the_ticket_falls(
		weights in prop::collection::vec(0u128..1 << 80, 0..40), seed: [u8; 32],
	) {
		let total: u128 = weights.iter().sum();
		let chosen = choose(&weights, total, seed);
		if total == 0 {
			prop_assert_eq!(chosen, None);
		} else {
			let ticket = U256::from_big_endian(&seed) % U256::from(total);
			let chosen = chosen.unwrap();
			let before: u128 = weights[..chosen].iter().sum();
			prop_assert!(U256::from(before) <= ticket);
			prop_assert!(ticket < U256::from(before + weights[chosen]));
		}
	}
}

#[test]
fn rule_18_the_largest_pool_does_not_overflow() {
	let largest = member(u32::MAX, 1, u16::MAX);
	for tolerance in [0, TOLERANCE, 9_999] {
		let (weights, total) = weights(&vec![largest; 65_535], u32::MAX, tolerance);
		assert_eq!(total, weights[0] * 65_535);
	}
}

#[test]
fn rule_19_each_ticket_draws_one_prover_as_often_as_it_weighs() {
	let weights = [3, 0, 5, 1, 0];
	let mut drawn = [0; 5];
	for ticket in 0..9u8 {
		let mut seed = [0; 32];
		seed[31] = ticket;
		drawn[choose(&weights, 9, seed).unwrap()] += 1;
	}
	assert_eq!(drawn, [3, 0, 5, 1, 0]);
}

#[test]
fn rule_19_the_bias_is_bounded_for_every_total() {
	// A seed is uniform over 2^256 values, and each prover's tickets are hit by its weight times
	// either the quotient or the quotient plus one of them. So a probability is off by less than
	// total ÷ 2^256, which is below 2^-120 for every total of 128 bits: all 256 bits must count.
	let total = u128::MAX;
	let half = total / 2;
	let weights = [half, total - half];
	let seed = |high: u8, low: u8| {
		let mut seed = [0; 32];
		(seed[0], seed[31]) = (high, low);
		seed
	};
	assert_eq!(choose(&weights, total, seed(0, 0)), Some(0));
	// 2^255 mod (2^128 - 1) is 2^127, which is one more than the first half.
	assert_eq!(choose(&weights, total, seed(0x80, 0)), Some(1));
	// 2^248 + 255: 2^120 + 255, in the first half.
	assert_eq!(choose(&weights, total, seed(1, 0xff)), Some(0));
}

#[test]
fn rule_19_shares_are_as_the_weights_say() {
	run(|| {
		MinCapacity::set(1);
		MinStakePerCapacity::set(1);
		// 1 : 2 : 5, in stake and by capacities that do not change within the test.
		assert_ok!(stake(1, 1_000_000, 10, 2_000));
		assert_ok!(stake(2, 2_000_000, 10, 2_000));
		assert_ok!(stake(3, 5_000_000, 10, 2_000));
		pass(6);
		let mut drawn = [0i64; 4];
		let draws = 8_000;
		for block in 0..draws {
			let prover = assign(block, 10).unwrap().prover;
			drawn[prover as usize] += 1;
			release(prover);
		}
		// Six standard deviations of a share of 5 in 8 are 260; the seed is fixed, so this is no
		// matter of luck.
		for (who, share) in [(1, 1_000), (2, 2_000), (3, 5_000)] {
			assert!((drawn[who] - share).abs() < 260, "{drawn:?}");
		}
	});
}

#[test]
fn rule_20_draws_in_one_block_differ() {
	run(|| {
		for who in 1..=8 {
			assert_ok!(stake(who, 20_000_000, 10, 2_000));
		}
		pass(6);
		let drawn: BTreeSet<_> = (0..64).map(|block| assign(block, 10).unwrap().prover).collect();
		// The same seed for all of them; only the block differs.
		assert_eq!(drawn.len(), 8);
	});
}

#[test]
fn rule_20_the_runtime_s_randomness_decides() {
	run(|| {
		for who in 1..=8 {
			assert_ok!(stake(who, 20_000_000, 10, 2_000));
		}
		pass(6);
		let drawn: BTreeSet<_> = (0..64)
			.map(|seed| {
				Seed::set(seed);
				assign(1, 10).unwrap().prover
			})
			.collect();
		assert_eq!(drawn.len(), 8);
	});
}

#[test]
fn rule_22_the_drawn_prover_loses_one_unit_of_capacity() {
	run(|| {
		assert_ok!(stake(1, MIN_STAKE, 100, 128));
		pass(6);
		assert_eq!(assign(1, 10), Some(Assignment { prover: 1, reward_per_gas: 12 }));
		assert_eq!(prover(1).current_capacity, 127);
		assert_eq!(assign(2, 100), Some(Assignment { prover: 1, reward_per_gas: 100 }));
		assert_eq!(prover(1).current_capacity, 126);
		assert_eq!(ProverPool::get_capacity(), 126);
	});
}

#[test]
fn rule_22_capacity_runs_out() {
	run(|| {
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		pass(6);
		for block in 0..128 {
			assert!(assign(block, 10).is_some());
		}
		assert_eq!(assign(128, 10), None);
		release(1);
		assert!(assign(129, 10).is_some());
		assert_eq!(assign(130, 10), None);
	});
}

#[test]
fn rule_22_a_pool_without_a_drawable_prover_stays_as_it_is() {
	run(|| {
		let nothing_changes = |fee| {
			assert_storage_noop!(assert_eq!(assign(1, fee), None));
		};
		// An empty pool, a fee of 0.
		nothing_changes(10);
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		pass(6);
		nothing_changes(0);
		// All of it slashed away.
		slash(1, 1, u128::MAX);
		nothing_changes(10);
		pass(DELAY_SECONDS);
		assert_ok!(exit(1));
		assert_eq!(Provers::<Test>::get().slots.len(), 1);
		nothing_changes(u32::MAX);
	});
}

#[test]
fn rule_22_the_smallest_and_the_largest_fee() {
	run(|| {
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		pass(6);
		assert_eq!(assign(1, 1).unwrap().reward_per_gas, 1);
		assert_eq!(assign(2, u32::MAX).unwrap().reward_per_gas, 3_221_225_472);
	});
}

#[test]
fn rule_22_many_blocks_are_drawn_as_one_after_the_other() {
	run(|| {
		MinCapacity::set(1);
		// The capacity of 12 runs out within the 20 blocks.
		for who in 1..=3 {
			assert_ok!(stake(who, 100_000, 10, 4));
		}
		let blocks: Vec<_> = (1..=20).map(|block| (block, 8 + block as u32 % 4)).collect();
		let before = Provers::<Test>::get();
		let one_by_one: Vec<_> = blocks.iter().map(|(block, fee)| assign(*block, *fee)).collect();
		let after = Provers::<Test>::get();
		Provers::<Test>::put(before);
		assert_eq!(assign_many(&blocks), one_by_one);
		assert_eq!(Provers::<Test>::get(), after);
		assert_eq!(one_by_one.iter().flatten().count(), 12);
		assert_eq!(ProverPool::get_capacity(), 0);
	});
}

#[test]
fn rule_22_a_block_without_a_drawable_prover_does_not_end_the_draws() {
	run(|| {
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		let drawn: Vec<_> = assign_many(&[(1, 0), (2, 10), (3, 0)])
			.into_iter()
			.map(|assignment| assignment.is_some())
			.collect();
		assert_eq!(drawn, [false, true, false]);
		assert_eq!(prover(1).current_capacity, 127);
		assert_storage_noop!(assert_eq!(assign_many(&[]), vec![]));
		assert_storage_noop!(assert_eq!(assign_many(&[(4, 0), (5, 0)]), vec![None, None]));
	});
}
