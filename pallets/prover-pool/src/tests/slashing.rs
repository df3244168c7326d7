// SPDX-License-Identifier: Apache-2.0

//! `slash`: rules 26 to 29.

use crate::{
	mock::*,
	rules::slashing::{is_ejected, reward_in_tokens, slash_amount},
	Event, Stakers,
};
use frame_support::{assert_ok, assert_storage_noop};

#[test]
fn rule_26_the_stake_is_slashable() {
	run(|| {
		assert_ok!(stake(1, 2_000_000, 10, 128));
		events();
		assert_eq!(slash(1, 7, 0), 100_000);
		assert_eq!(events(), vec![Event::Slashed { who: 1, amount: 100_000, block_id: 7 }]);
		assert_eq!((prover(1).staked_amount, held(1)), (1_900_000, 1_900_000));
	});
}

#[test]
fn rule_26_an_exit_is_slashable_until_it_is_mature() {
	run(|| {
		assert_ok!(stake(1, 2_000_000, 10, 128));
		pass(DELAY_SECONDS);
		assert_ok!(exit(1));
		pass(EXIT_SECONDS);
		assert_eq!(slash(1, 7, 0), 100_000);
		assert_eq!((staker(1).exit_amount, held(1)), (1_900_000, 1_900_000));
		pass(1);
		events();
		assert_eq!(slash(1, 8, 0), 0);
		assert_eq!(events(), vec![]);
		assert_ok!(withdraw(1));
	});
}

#[test]
fn rule_26_a_mature_exit_neither_counts_nor_pays() {
	run(|| {
		assert_ok!(stake(1, 3_000_000, 10, 128));
		pass(DELAY_SECONDS);
		assert_ok!(stake(1, 2_000_000, 10, 128));
		pass(EXIT_SECONDS + 1);
		assert_eq!(slash(1, 7, 0), 100_000);
		assert_eq!((prover(1).staked_amount, staker(1).exit_amount), (1_900_000, 1_000_000));
	});
}

#[test]
fn rule_27_an_immature_exit_counts_and_pays_first() {
	run(|| {
		assert_ok!(stake(1, 2_100_000, 10, 128));
		pass(DELAY_SECONDS);
		assert_ok!(stake(1, 2_000_000, 10, 128));
		// 5 % of both, out of the exit of 100,000 and, for the rest, out of the stake.
		assert_eq!(slash(1, 7, 0), 105_000);
		assert_eq!((prover(1).staked_amount, staker(1).exit_amount), (1_995_000, 0));
		// The clock of an exit that is used up is cleared.
		assert_eq!(staker(1).exit_requested_at, 0);
	});
}

#[test]
fn rule_27_a_slash_does_not_move_the_clock_of_the_exit() {
	run(|| {
		assert_ok!(stake(1, 2_000_000, 10, 128));
		pass(DELAY_SECONDS);
		assert_ok!(exit(1));
		let requested_at = now();
		pass(100);
		slash(1, 7, 0);
		assert_eq!(staker(1).exit_requested_at, requested_at);
	});
}

#[test]
fn rule_27_the_larger_of_points_and_reward() {
	// 500 points of 2,000,000 are 100,000.
	assert_eq!(slash_amount(2_000_000, 500, 99_999), 100_000);
	assert_eq!(slash_amount(2_000_000, 500, 100_001), 100_001);
}

#[test]
fn rule_27_at_least_one_and_at_most_all() {
	assert_eq!(slash_amount(19, 500, 0), 1);
	assert_eq!(slash_amount(39, 500, 0), 1);
	assert_eq!(slash_amount(40, 500, 0), 2);
	assert_eq!(slash_amount(1, 0, 0), 1);
	assert_eq!(slash_amount(1, 10_000, 7), 1);
	assert_eq!(slash_amount(100, 10_001, 0), 100);
	assert_eq!(slash_amount(0, 10_000, 7), 0);
	assert_eq!(slash_amount(u32::MAX, u32::MAX, u32::MAX), u32::MAX);
}

#[test]
fn rule_27_the_reward_is_rounded_up_to_a_token() {
	assert_eq!(reward_in_tokens(0u128, 4, TOKEN), 0);
	assert_eq!(reward_in_tokens(1u128, 4, TOKEN), 1);
	assert_eq!(reward_in_tokens(TOKEN / 4, 4, TOKEN), 1);
	assert_eq!(reward_in_tokens(TOKEN / 4 + 1, 4, TOKEN), 2);
	assert_eq!(reward_in_tokens(TOKEN, 0, TOKEN), 0);
	// More than can be counted is more than can be slashed.
	assert_eq!(reward_in_tokens(u128::MAX, 4, TOKEN), u32::MAX);
	assert_eq!(reward_in_tokens(u128::MAX, 1, 1), u32::MAX);
	assert_eq!(reward_in_tokens(u128::from(u32::MAX) + 1, 1, 1), u32::MAX);
	assert_eq!(reward_in_tokens(u128::from(u32::MAX), 1, 1), u32::MAX);
}

#[test]
fn rule_27_the_multiple_of_the_reward_is_taken() {
	run(|| {
		SlashPoints::set(25);
		SlashMultiplier::set(4);
		assert_ok!(stake(1, 2_000_000, 10, 128));
		// 0.25 % are 5,000 tokens.
		assert_eq!(slash(1, 1, 1_250 * TOKEN), 5_000);
		assert_eq!(slash(1, 2, 1_250 * TOKEN + 1), 5_001);
		assert_eq!(slash(1, 3, u128::MAX), 2_000_000 - 10_001);
		assert_eq!(slash(1, 4, u128::MAX), 0);
	});
}

#[test]
fn rule_27_the_smallest_slash() {
	run(|| {
		SlashPoints::set(0);
		MinCapacity::set(1);
		MinStakePerCapacity::set(1);
		// 0 counts as 1 basis point, of which 9,999 tokens have none.
		assert_ok!(stake(1, 19_999, 10, 39));
		assert_eq!(slash(1, 1, 0), 1);
		assert_eq!(held(1), 19_998);
	});
}

#[test]
fn rule_28_a_member_below_the_threshold_leaves_at_once() {
	run(|| {
		EjectionThreshold::set(5_000);
		MinStakePerCapacity::set(500);
		SlashPoints::set(0);
		SlashMultiplier::set(1);
		assert_ok!(stake(1, 64_000, 10, 128));
		pass(6);
		assign(1, 10).unwrap();
		// Exactly half stays.
		assert_eq!(slash(1, 1, 32_000 * TOKEN), 32_000);
		assert_eq!(id(1), Some(1));
		events();
		assert_eq!(slash(1, 2, TOKEN), 3);
		assert_eq!(
			events(),
			vec![
				Event::Slashed { who: 1, amount: 3, block_id: 2 },
				Event::Exited { who: 1, amount: 31_997 },
			]
		);
		let staker = staker(1);
		assert_eq!((staker.prover_id, staker.exit_amount, staker.backlog), (None, 31_997, 1));
		assert_eq!(staker.exit_requested_at, now());
	});
}

#[test]
fn rule_28_ejection_pays_a_mature_exit_first() {
	run(|| {
		assert_ok!(stake(1, 2_000_000, 10, 128));
		pass(DELAY_SECONDS);
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		pass(EXIT_SECONDS + 1);
		EjectionThreshold::set(10_000);
		events();
		assert_eq!(slash(1, 9, 0), 64_000);
		assert_eq!(
			events(),
			vec![
				Event::Slashed { who: 1, amount: 64_000, block_id: 9 },
				Event::Withdrawn { who: 1, amount: 720_000 },
				Event::Exited { who: 1, amount: MIN_STAKE - 64_000 },
			]
		);
		assert_eq!(held(1), MIN_STAKE - 64_000);
	});
}

#[test]
fn rule_28_ejection_of_a_prover_with_nothing_left_forgets_it() {
	run(|| {
		EjectionThreshold::set(5_000);
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		assert_eq!(slash(1, 1, u128::MAX), MIN_STAKE);
		assert_eq!(Stakers::<Test>::get(1), None);
		assert_eq!(ProverPool::provers(), vec![]);
	});
}

#[test]
fn rule_28_is_exact_at_the_bounds() {
	assert!(!is_ejected(0, 128, 10_000, 0));
	assert!(!is_ejected(640_000, 128, 10_000, 5_000));
	assert!(is_ejected(639_999, 128, 10_000, 5_000));
	assert!(is_ejected(u32::MAX, u16::MAX, u32::MAX, u32::MAX));
}

#[test]
fn rule_29_slash_of_strangers_does_nothing() {
	run(|| {
		for who in [77, 1_000] {
			assert_storage_noop!(assert_eq!(slash(who, 1, u128::MAX), 0));
		}
	});
}

#[test]
fn rule_29_every_account_and_amount_is_taken() {
	run(|| {
		SlashMultiplier::set(u32::MAX);
		SlashPoints::set(u32::MAX);
		EjectionThreshold::set(u32::MAX);
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		assert_eq!(slash(1, u64::MAX, u128::MAX), MIN_STAKE);
		assert_eq!(slash(1, u64::MAX, u128::MAX), 0);
		release(1);
	});
}

/// Leaves 50,000 of 2,000,000 tokens on hold, and slashes 5 %, twice.
fn slash_a_short_hold(shorten: impl FnOnce()) {
	genesis(vec![]).execute_with(|| {
		System::set_block_number(1);
		set_clock(START);
		assert_ok!(stake(1, 2_000_000, 10, 128));
		events();
		shorten();
		let issuance = Balances::total_issuance();
		assert_eq!(slash(1, 7, 0), 50_000);
		assert_eq!(events(), vec![Event::Slashed { who: 1, amount: 50_000, block_id: 7 }]);
		assert_eq!(prover(1).staked_amount, 1_950_000);
		assert_eq!(Balances::total_issuance(), issuance - 50_000 * TOKEN);
		assert_storage_noop!(assert_eq!(slash(1, 8, 0), 0));
		let noticed = ProverPool::do_try_state();
		assert_eq!(noticed, Err("3: the hold is not stake plus exit".into()));
	});
}

#[test]
fn rule_3_a_slash_takes_what_is_left_of_a_short_hold() {
	use frame_support::traits::fungible::hold::Unbalanced;
	slash_a_short_hold(|| {
		let reason = crate::HoldReason::Stake.into();
		assert_ok!(Balances::set_balance_on_hold(&reason, &1, 50_000 * TOKEN));
	});
}

#[test]
fn rule_3_a_slash_takes_what_root_s_force_left_on_hold() {
	slash_a_short_hold(|| {
		let amount = 1_950_000 * TOKEN;
		assert_ok!(Balances::force_unreserve(RuntimeOrigin::root(), 1, amount));
	});
}
