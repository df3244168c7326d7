// SPDX-License-Identifier: Apache-2.0

//! Governed values at their extremes: rule R16.

use crate::{mock::*, Error, Parameters, Stakers};
use frame_support::{assert_noop, assert_ok};
use std::collections::BTreeSet;

const DAY: u64 = 24 * 60 * 60;
/// A stake that meets every effective minimum, in whole tokens.
const STAKE: u32 = 2_000_000_000;

/// A governed value: its setter, the bounds of its range, and the maximum of its type.
type Value = (fn(u64), u64, u64, u64);

const VALUES: [Value; 7] = [
	(ExitPeriod::set, 60, 60 * DAY, u64::MAX),
	(MinChangeDelay::set, 0, DAY, u64::MAX),
	(|value| MinCapacity::set(value as u16), 1, 1_000, u16::MAX as u64),
	(|value| MinStakePerCapacity::set(value as u32), 500, 1_000_000, u32::MAX as u64),
	(|value| SlashPoints::set(value as u32), 1, 1_000, u32::MAX as u64),
	(|value| SlashMultiplier::set(value as u32), 1, 100, u32::MAX as u64),
	(|value| EjectionThreshold::set(value as u32), 0, 10_000, u32::MAX as u64),
];

/// Returns the extremes of a value: 0, 1, both bounds with their neighbours, and the maximum.
fn extremes((_, low, high, max): Value) -> BTreeSet<u64> {
	[0, 1, low.saturating_sub(1), low, high, high + 1, max].into()
}

/// Returns the effective values, in the order of [`VALUES`].
fn effective() -> [u64; 7] {
	let Parameters {
		exit_period,
		min_change_delay,
		min_capacity,
		min_stake_per_capacity,
		slash_points,
		slash_multiplier,
		ejection_threshold,
	} = ProverPool::parameters();
	[
		exit_period,
		min_change_delay,
		min_capacity.into(),
		min_stake_per_capacity.into(),
		slash_points.into(),
		slash_multiplier.into(),
		ejection_threshold.into(),
	]
}

/// Sets each value back to that of the mock.
fn reset() {
	let defaults = [EXIT_SECONDS, DELAY_SECONDS, 128, 10_000, 500, 0, 0];
	VALUES.iter().zip(defaults).for_each(|((set, ..), value)| set(value));
}

/// Runs a stake from its entry to its payment, and checks that no value breaks a rule.
fn check_a_stake() {
	let Parameters { exit_period, min_change_delay, min_capacity, .. } = ProverPool::parameters();
	genesis_of(1, vec![]).execute_with(|| {
		System::set_block_number(1);
		set_clock(START);
		let funds = (u128::from(STAKE) + 1) * TOKEN;
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), 1, funds));
		assert!(ProverPool::entry_price().unwrap() <= STAKE);
		assert_ok!(stake(1, STAKE, 10, min_capacity));

		// A miss takes a part of the stake by points, and at least the reward.
		let slashed = slash(1, 1, 0);
		assert!(0 < slashed && slashed <= STAKE / 10);
		let by_reward = slash(1, 2, TOKEN);
		assert!(0 < by_reward && by_reward <= STAKE / 10);
		assert_eq!(id(1), Some(1));
		let left = STAKE - slashed - by_reward;

		// It can leave within a day.
		if min_change_delay > 0 {
			pass(min_change_delay - 1);
			assert_noop!(exit(1), Error::<Test>::ChangeTooFrequent);
			pass(1);
		}
		assert!(now() - START <= DAY);
		assert_ok!(exit(1));

		// Nothing leaves before the effective period, and all of it does after it.
		assert!((60..=60 * DAY).contains(&exit_period));
		pass(exit_period);
		assert_noop!(withdraw(1), Error::<Test>::NoMatureExit);
		assert_eq!(held(1), left);
		pass(1);
		assert_ok!(withdraw(1));
		assert_eq!(Balances::free_balance(1), (u128::from(left) + 1) * TOKEN);
		assert!(!Stakers::<Test>::contains_key(1));
		ProverPool::do_try_state().unwrap();
	});
}

#[test]
fn r16_each_value_is_moved_into_its_range() {
	for (index, value) in VALUES.into_iter().enumerate() {
		let (set, low, high, _) = value;
		for extreme in extremes(value) {
			reset();
			let mut expected = effective();
			set(extreme);
			expected[index] = extreme.max(low).min(high);
			assert_eq!(effective(), expected);
		}
	}
}

#[test]
fn r16_the_rules_hold_at_each_extreme() {
	for value in VALUES {
		for extreme in extremes(value) {
			reset();
			value.0(extreme);
			check_a_stake();
		}
	}
}

#[test]
fn r16_the_rules_hold_at_each_pair_of_extremes() {
	for (index, first) in VALUES.into_iter().enumerate() {
		for second in VALUES.into_iter().skip(index + 1) {
			for extreme in extremes(first) {
				for other in extremes(second) {
					reset();
					first.0(extreme);
					second.0(other);
					check_a_stake();
				}
			}
		}
	}
}
