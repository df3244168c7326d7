// SPDX-License-Identifier: Apache-2.0

//! The pure rules and their boundaries: R1, R3, R7 and R9.

use crate::rules::{bounty::bounty, economy::*, parameters::min_period, window::*};
use proptest::prelude::*;
use sp_runtime::FixedU128;

fn average(value: u32) -> MovingAverage {
	MovingAverage::new(FixedU128::from_u32(value))
}

#[test]
fn r1_the_gas_charged_fits_at_every_value() {
	assert_eq!(gas_charged(1, 2, 3, 4), 11);
	assert_eq!(gas_charged(u32::MAX, u32::MAX, u32::MAX, u32::MAX), u64::MAX);
}

#[test]
fn r3_a_window_has_bounds() {
	let window = |delay, gas| {
		let delay = MovingAverage::new(FixedU128::from_rational(delay, 1_000));
		proof_window(delay, gas, 600, 5_400)
	};
	assert_eq!(window(0, 1_000), 600);
	assert_eq!(window(300, 1_000), 600);
	assert_eq!(window(301, 1_000), 602);
	assert_eq!(window(301, 1_001), 603);
	assert_eq!(window(2_700, 1_000), 5_400);
	assert_eq!(window(2_701, 1_000), 5_400);
	assert_eq!(proof_window(average(u32::MAX), u64::MAX, 0, u64::MAX), u64::MAX);
	assert_eq!(min_period(6_000), 60);
	assert_eq!(min_period(1), 1);
}

#[test]
fn r3_a_deadline_that_does_not_fit_never_passes() {
	assert_eq!(deadline(10, 600, 0), 610);
	assert_eq!(deadline(10, 600, 700), 700);
	assert_eq!(deadline(10, u64::MAX, 0), u64::MAX);
}

#[test]
fn r7_a_bounty_is_a_bounded_share() {
	assert_eq!(bounty(1_000u128, 5_000, 100, 40_000), 400);
	assert_eq!(bounty(1_000u128, 5_000, 200, 40_000), 500);
	assert_eq!(bounty(1_000u128, 5_000, 0, 40_000), 0);
	assert_eq!(bounty(1_000u128, 10_000, u128::MAX, u32::MAX), 1_000);
	assert_eq!(bounty(0u128, 10_000, 100, 40_000), 0);
	assert_eq!(bounty(1_000u128, 5_000, 399, 500), 19);
	assert_eq!(bounty(1_000u128, 5_000, 79_999, 25), 199);
	// The product exceeds the type, and the bound does not.
	assert_eq!(bounty(u64::MAX, 10_000, u64::MAX, 25), 46_116_860_184_273_879);
}

#[test]
fn r9_an_average_moves_by_the_part_of_its_gas() {
	let mut fee = average(100);
	fee.update(FixedU128::from_u32(200), 25, 100);
	assert_eq!(fee, average(125));
	fee.update(FixedU128::from_u32(25), 25, 100);
	assert_eq!(fee, average(100));
	fee.update(FixedU128::from_u32(7), 0, 100);
	assert_eq!(fee, average(100));
	fee.update(FixedU128::from_u32(7), 101, 100);
	assert_eq!(fee, average(7));
	fee.update(FixedU128::from_u32(9), 1, 0);
	assert_eq!(fee, average(9));
}

#[test]
fn r9_a_fee_is_rounded_and_has_bounds() {
	let fee = |fee: FixedU128, min| fee_per_gas(MovingAverage::new(fee), min);
	assert_eq!(fee(FixedU128::from_u32(0), 7), 7);
	assert_eq!(fee(FixedU128::from_u32(8), 7), 8);
	assert_eq!(fee(FixedU128::from_rational(85, 10), 7), 9);
	assert_eq!(fee(FixedU128::from_rational(84, 10), 7), 8);
	assert_eq!(fee(FixedU128::from_u32(u32::MAX), 7), 65_535);
	assert_eq!(fee(FixedU128::from_inner(u128::MAX), u16::MAX), 65_535);
}

#[test]
fn r9_a_reward_shrinks_evenly_to_the_deadline() {
	let reward = |delay| reward_after_delay(1_000_000u128, delay, 600, 250);
	assert_eq!(reward(0), 1_000_000);
	assert_eq!(reward(300), 987_500);
	assert_eq!(reward(600), 975_000);
	assert_eq!(reward(u64::MAX), 975_000);
	assert_eq!(reward_after_delay(1_000_000u128, 5, 0, 250), 1_000_000);
	assert_eq!(reward_after_delay(1_000_000u128, 5, 5, u32::MAX), 0);
	assert_eq!(reward_after_delay(u128::MAX, 0, 600, 250), u128::MAX);
}

proptest! {
	#[test]
	fn r9_an_average_stays_between_old_and_sample(
		old: u64, sample: u64, gas: u32, length: u64
	) {
		let [old, sample] = [old, sample].map(|value| FixedU128::from_inner(value.into()));
		let mut average = MovingAverage::new(old);
		average.update(sample, gas, length);
		prop_assert!(average.value() >= old.min(sample) && average.value() <= old.max(sample));
	}

	#[test]
	fn r3_a_window_is_within_its_bounds(delay: u32, gas: u64, min: u32, more: u32) {
		let (min, max) = (u64::from(min), u64::from(min) + u64::from(more));
		let delay = MovingAverage::new(FixedU128::from_rational(delay.into(), 1_000));
		prop_assert!((min..=max).contains(&proof_window(delay, gas, min, max)));
	}
}
