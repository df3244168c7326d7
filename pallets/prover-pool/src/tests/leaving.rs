// SPDX-License-Identifier: Apache-2.0

//! `exit` and `withdraw`: rules 13 to 16.

use super::{keep_minimum_and_wait, leave_and_wait};
use crate::{mock::*, Error, Event, ProverAccounts, Provers, Stakers};
use frame_support::{assert_noop, assert_ok};

#[test]
fn rule_13_a_place_is_kept_for_a_while() {
	run(|| {
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		pass(DELAY_SECONDS - 1);
		assert_noop!(exit(1), Error::<Test>::ChangeTooFrequent);
		assert_noop!(stake(1, 0, 0, 0), Error::<Test>::ChangeTooFrequent);
		assert_noop!(stake(1, MIN_STAKE, 11, 128), Error::<Test>::ChangeTooFrequent);
		pass(1);
		assert_ok!(stake(1, MIN_STAKE, 11, 128));
		// The new slot starts a new period.
		assert_noop!(exit(1), Error::<Test>::ChangeTooFrequent);
		pass(DELAY_SECONDS);
		assert_ok!(exit(1));
	});
}

#[test]
fn rule_13_those_outside_may_enter_at_any_time() {
	run(|| {
		leave_and_wait(1, 0);
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
	});
}

#[test]
fn rule_14_leaving_moves_everything_and_frees_the_slot() {
	run(|| {
		keep_minimum_and_wait(1, DELAY_SECONDS);
		events();
		assert_ok!(exit(1));
		assert_eq!(events(), vec![Event::Exited { who: 1, amount: MIN_STAKE }]);
		// One clock for all of it.
		let staker = staker(1);
		assert_eq!((staker.exit_amount, staker.exit_requested_at), (MIN_STAKE + 100, now()));
		assert_eq!((staker.prover_id, staker.max_capacity, staker.staked_at), (None, 0, 0));
		assert!(Provers::<Test>::get().slots[0].is_vacant());
		assert_eq!(ProverAccounts::<Test>::iter().count(), 0);
		assert_eq!(held(1), MIN_STAKE + 100);
	});
}

#[test]
fn rule_14_a_mature_exit_is_paid_before_the_clock_restarts() {
	run(|| {
		keep_minimum_and_wait(1, EXIT_SECONDS + 1);
		events();
		assert_ok!(exit(1));
		assert_eq!(
			events(),
			vec![
				Event::Withdrawn { who: 1, amount: 100 },
				Event::Exited { who: 1, amount: MIN_STAKE }
			]
		);
		assert_eq!(staker(1).exit_amount, MIN_STAKE);
	});
}

#[test]
fn rule_14_a_prover_slashed_to_nothing_leaves_its_slot_and_id() {
	run(|| {
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		assert_eq!(slash(1, 7, u128::MAX), MIN_STAKE);
		assert_eq!((prover(1).staked_amount, id(1)), (0, Some(1)));
		pass(DELAY_SECONDS);
		assert_ok!(exit(1));
		assert_eq!(Stakers::<Test>::get(1), None);
		// The next in that slot is its own.
		assert_ok!(stake(2, MIN_STAKE, 10, 128));
		assert_noop!(exit(1), Error::<Test>::NotInPool);
		assert_eq!((id(2), held(2)), (Some(1), MIN_STAKE));
	});
}

#[test]
fn only_members_leave() {
	run(|| {
		assert_noop!(exit(1), Error::<Test>::NotInPool);
		leave_and_wait(1, 0);
		assert_noop!(exit(1), Error::<Test>::NotInPool);
	});
}

#[test]
fn rule_15_an_exit_is_mature_when_more_than_the_period_has_passed() {
	run(|| {
		leave_and_wait(1, 0);
		assert_noop!(withdraw(1), Error::<Test>::NoMatureExit);
		pass(EXIT_SECONDS);
		assert_noop!(withdraw(1), Error::<Test>::NoMatureExit);
		pass(1);
		events();
		assert_ok!(withdraw(1));
		assert_eq!(events(), vec![Event::Withdrawn { who: 1, amount: MIN_STAKE }]);
		assert_eq!(Balances::free_balance(1), funded());
		assert_noop!(withdraw(1), Error::<Test>::NoMatureExit);
	});
}

#[test]
fn rule_15_nothing_in_exit_is_not_mature() {
	run(|| {
		assert_noop!(withdraw(1), Error::<Test>::NoMatureExit);
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		pass(EXIT_SECONDS + 1);
		assert_noop!(withdraw(1), Error::<Test>::NoMatureExit);
	});
}

#[test]
fn rule_15_a_member_withdraws_what_it_took_out() {
	run(|| {
		keep_minimum_and_wait(1, EXIT_SECONDS + 1);
		assert_ok!(withdraw(1));
		assert_eq!((held(1), id(1)), (MIN_STAKE, Some(1)));
	});
}

#[test]
fn rule_15_a_period_of_zero_counts_as_a_minute() {
	run(|| {
		ExitPeriod::set(0);
		MinChangeDelay::set(0);
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		assert_ok!(exit(1));
		assert_noop!(withdraw(1), Error::<Test>::NoMatureExit);
		pass(60);
		assert_noop!(withdraw(1), Error::<Test>::NoMatureExit);
		pass(1);
		assert_ok!(withdraw(1));
	});
}

#[test]
fn rule_16_an_account_with_nothing_left_is_forgotten() {
	run(|| {
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		pass(DELAY_SECONDS);
		assign(1, 10).unwrap();
		assert_ok!(exit(1));
		pass(EXIT_SECONDS + 1);
		release(1);
		assert!(Stakers::<Test>::contains_key(1));
		assert_ok!(withdraw(1));
		assert!(!Stakers::<Test>::contains_key(1));
	});
}

#[test]
fn rule_15_a_member_that_stakes_less_waits_for_the_blocks_beyond_its_capacity() {
	run(|| {
		assert_ok!(stake(1, 2 * MIN_STAKE, 10, 256));
		for block_id in 0..130 {
			assign(block_id, 10).unwrap();
		}
		pass(DELAY_SECONDS);
		// The new stake stands for 128 of the 130 blocks.
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		pass(EXIT_SECONDS + 1);
		assert_noop!(withdraw(1), Error::<Test>::NoMatureExit);
		release(1);
		assert_noop!(withdraw(1), Error::<Test>::NoMatureExit);
		release(1);
		assert_ok!(withdraw(1));
		assert_eq!(held(1), MIN_STAKE);
	});
}

#[test]
fn rule_15_the_last_of_a_stake_waits_for_outstanding_blocks() {
	run(|| {
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		pass(DELAY_SECONDS);
		assign(1, 10).unwrap();
		assert_ok!(exit(1));
		pass(10 * EXIT_SECONDS);
		assert_noop!(withdraw(1), Error::<Test>::NoMatureExit);
		assert!(slash(1, 1, 0) > 0);
		release(1);
		assert_ok!(withdraw(1));
	});
}

#[test]
fn rule_33_an_operator_leaves_for_its_prover_and_touches_no_money() {
	run(|| {
		let set = |who, operator| ProverPool::set_operator(RuntimeOrigin::signed(who), operator);
		let exit_for = |who| ProverPool::exit_for(RuntimeOrigin::signed(who), 1);
		assert_noop!(set(1, Some(2)), Error::<Test>::NotInPool);
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		assert_ok!(set(1, Some(3)));
		assert_ok!(set(1, Some(2)));
		assert_noop!(exit_for(3), Error::<Test>::NotOperator);
		assert_noop!(exit_for(2), Error::<Test>::ChangeTooFrequent);
		pass(DELAY_SECONDS);
		assert_ok!(exit_for(2));
		assert_eq!(id(1), None);
		pass(EXIT_SECONDS + 1);
		assert_ok!(withdraw(1));
		assert!(!crate::Operators::<Test>::contains_key(1));
	});
}

#[test]
fn rule_33_the_operator_goes_with_the_last_hold_before_the_last_block() {
	run(|| {
		let set = |operator| ProverPool::set_operator(RuntimeOrigin::signed(1), operator);
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		assert_ok!(set(Some(2)));
		pass(DELAY_SECONDS);
		assign(1, 10).unwrap();
		assert_eq!(slash(1, 1, u128::MAX), MIN_STAKE);
		// A member with a stake of 0 keeps it.
		assert!(crate::Operators::<Test>::contains_key(1));
		assert_ok!(exit(1));
		assert!(!crate::Operators::<Test>::contains_key(1));
		assert_eq!(staker(1).backlog, 1);
		assert_noop!(set(Some(2)), Error::<Test>::NotInPool);
		release(1);
		assert!(!Stakers::<Test>::contains_key(1));
	});
}
