// SPDX-License-Identifier: Apache-2.0

//! `stake`: rules 5 to 12.

use super::{fill_pool, keep_minimum_and_wait, leave_and_wait};
use crate::{
	mock::*,
	rules::membership::{entry_price, Offer},
	Error, Event, Provers, Stakers,
};
use frame_support::{assert_noop, assert_ok};

#[docify::export]
#[test]
fn an_operator_stakes_leaves_and_is_paid() {
	run(|| {
		let operator = 1;
		// 2,000,000 tokens, a price of 10 for each unit of gas, up to 128 blocks at the same time.
		assert_ok!(stake(operator, 2_000_000, 10, 128));
		assert_eq!(held(operator), 2_000_000);

		pass(DELAY_SECONDS);
		assert_ok!(exit(operator));

		pass(EXIT_SECONDS + 1);
		assert_ok!(withdraw(operator));
		assert_eq!(Balances::free_balance(operator), funded());
	});
}

#[test]
fn a_new_prover_has_what_it_offered() {
	run(|| {
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		let slot = prover(1);
		assert_eq!(
			(slot.staked_amount, slot.reward_per_gas, slot.current_capacity),
			(MIN_STAKE, 10, 128)
		);
		let staker = staker(1);
		assert_eq!((id(1), staker.max_capacity, staker.staked_at), (Some(1), 128, START));
		assert_eq!(
			events(),
			vec![Event::Staked {
				who: 1,
				amount: MIN_STAKE,
				reward_per_gas: 10,
				current_capacity: 128
			}]
		);
	});
}

#[test]
fn rule_5_a_mature_exit_is_paid_first() {
	run(|| {
		leave_and_wait(1, EXIT_SECONDS + 1);
		events();
		assert_ok!(stake(1, MIN_STAKE + 5, 10, 128));
		// All of it is a new hold: nothing came out of the exit.
		assert_eq!(events()[0], Event::Withdrawn { who: 1, amount: MIN_STAKE });
		assert_eq!((held(1), staker(1).exit_amount), (MIN_STAKE + 5, 0));
	});
}

#[test]
fn rule_5_an_exit_that_is_not_mature_is_used_instead() {
	run(|| {
		leave_and_wait(1, EXIT_SECONDS);
		events();
		assert_ok!(stake(1, MIN_STAKE + 5, 10, 128));
		assert_eq!(events().len(), 1);
		assert_eq!((held(1), staker(1).exit_amount), (MIN_STAKE + 5, 0));
	});
}

#[test]
fn rule_6_a_member_leaves_and_stakes_again() {
	run(|| {
		assert_ok!(stake(1, MIN_STAKE + 100, 10, 128));
		assert_ok!(stake(2, MIN_STAKE, 10, 128));
		pass(DELAY_SECONDS);
		events();
		assert_ok!(stake(1, MIN_STAKE + 40, 20, 128));
		assert_eq!(
			events(),
			vec![
				Event::Exited { who: 1, amount: MIN_STAKE + 100 },
				Event::Staked {
					who: 1,
					amount: MIN_STAKE + 40,
					reward_per_gas: 20,
					current_capacity: 128
				},
			]
		);
		// The rest stays on hold, in exit.
		assert_eq!((held(1), staker(1).exit_amount), (MIN_STAKE + 100, 60));
		assert_eq!(id(1), Some(1));
	});
}

#[test]
fn rule_6_a_step_that_fails_undoes_all() {
	run(|| {
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		pass(DELAY_SECONDS);
		// More than the account has: the former place is kept.
		assert_noop!(stake(1, FUNDS, 10, 128), sp_runtime::TokenError::FundsUnavailable);
		assert_eq!(prover(1).staked_amount, MIN_STAKE);
	});
}

#[test]
fn rule_7_three_zeros_are_a_full_exit() {
	run(|| {
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		pass(DELAY_SECONDS);
		events();
		assert_ok!(stake(1, 0, 0, 0));
		assert_eq!(events(), vec![Event::Exited { who: 1, amount: MIN_STAKE }]);
		assert_eq!((id(1), staker(1).exit_amount), (None, MIN_STAKE));
	});
}

#[test]
fn rule_7_three_zeros_by_others_are_refused() {
	run(|| {
		assert_noop!(stake(1, 0, 0, 0), Error::<Test>::NotInPool);
		leave_and_wait(1, EXIT_SECONDS + 1);
		// A mature exit is for `withdraw`.
		assert_noop!(stake(1, 0, 0, 0), Error::<Test>::NotInPool);
		assert_ok!(withdraw(1));
	});
}

#[test]
fn rule_7_no_amount_with_anything_else_is_invalid() {
	run(|| {
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		pass(DELAY_SECONDS);
		for (price, capacity) in [(1, 0), (0, 1), (10, 128)] {
			assert_noop!(stake(1, 0, price, capacity), Error::<Test>::InvalidParams);
		}
	});
}

#[test]
fn rule_8_capacity_has_a_minimum() {
	run(|| {
		assert_noop!(stake(1, MIN_STAKE, 10, 127), Error::<Test>::InvalidParams);
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
	});
}

#[test]
fn rule_8_stake_per_capacity_has_a_minimum() {
	run(|| {
		assert_noop!(stake(1, MIN_STAKE - 1, 10, 128), Error::<Test>::InvalidParams);
		assert_noop!(stake(1, MIN_STAKE, 10, 129), Error::<Test>::InvalidParams);
		assert_ok!(stake(1, MIN_STAKE + 10_000, 10, 129));
	});
}

#[test]
fn rule_8_a_price_is_named() {
	run(|| {
		assert_noop!(stake(1, MIN_STAKE, 0, 128), Error::<Test>::InvalidParams);
		assert_ok!(stake(1, MIN_STAKE, 1, 128));
		assert_ok!(stake(2, MIN_STAKE, u16::MAX, 128));
	});
}

#[test]
fn rule_8_no_parameter_lets_an_empty_offer_in() {
	run(|| {
		MinCapacity::set(0);
		MinStakePerCapacity::set(0);
		assert_noop!(stake(1, 1, 1, 0), Error::<Test>::InvalidParams);
		assert_noop!(stake(1, 0, 1, 1), Error::<Test>::InvalidParams);
		assert_noop!(stake(1, 499, 1, 1), Error::<Test>::InvalidParams);
		assert_ok!(stake(1, 500, 1, 1));
	});
}

#[test]
fn rule_8_the_largest_bounds_do_not_overflow() {
	run(|| {
		MinStakePerCapacity::set(u32::MAX);
		assert_noop!(stake(1, u32::MAX, 1, u16::MAX), Error::<Test>::InvalidParams);
		assert_eq!(ProverPool::entry_price(), Some(128 * 1_000_000));
	});
	let offer = Offer { amount: u32::MAX, reward_per_gas: 1, max_capacity: u16::MAX };
	assert!(!offer.is_valid(u16::MAX, u32::MAX));
	assert_eq!(entry_price(&[], 1, u16::MAX, u32::MAX), None);
}

#[test]
fn rule_9_exit_is_used_first_and_the_rest_gets_a_fresh_clock() {
	run(|| {
		assert_ok!(stake(1, MIN_STAKE + 100, 10, 128));
		pass(DELAY_SECONDS);
		assert_ok!(exit(1));
		pass(10);
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		assert_eq!(held(1), MIN_STAKE + 100);
		assert_eq!((staker(1).exit_amount, staker(1).exit_requested_at), (100, now()));
	});
}

#[test]
fn rule_9_the_clock_is_cleared_when_nothing_remains() {
	run(|| {
		leave_and_wait(1, 0);
		for amount in [MIN_STAKE, MIN_STAKE + 1] {
			assert_ok!(stake(1, amount, 10, 128));
			assert_eq!((staker(1).exit_amount, staker(1).exit_requested_at), (0, 0));
			assert_eq!(held(1), amount);
			pass(DELAY_SECONDS);
		}
	});
}

#[test]
fn rule_10_the_lowest_empty_slot_is_taken() {
	run(|| {
		for who in 1..=4 {
			assert_ok!(stake(who, MIN_STAKE, 10, 128));
			assert_eq!(id(who), Some(who as usize));
		}
		pass(DELAY_SECONDS);
		assert_ok!(exit(3));
		assert_ok!(exit(2));
		assert_ok!(stake(5, MIN_STAKE, 10, 128));
		assert_ok!(stake(6, MIN_STAKE, 10, 128));
		assert_ok!(stake(7, MIN_STAKE, 10, 128));
		assert_eq!((id(5), id(6), id(7)), (Some(2), Some(3), Some(5)));
	});
}

#[test]
fn rule_10_a_full_pool_takes_only_more_than_the_smallest() {
	run(|| {
		fill_pool();
		// The smallest is account 1, with one token above the minimum.
		assert_eq!(ProverPool::entry_price(), Some(MIN_STAKE + 2));
		assert_noop!(stake(50, MIN_STAKE + 1, 10, 128), Error::<Test>::ProverNotGoodEnough);
		assert_ok!(stake(50, MIN_STAKE + 2, 10, 128));
		assert_eq!((id(50), id(1)), (Some(1), None));
		assert_eq!(ProverPool::entry_price(), Some(MIN_STAKE + 3));
	});
}

#[test]
fn rule_10_among_equals_the_lowest_id_is_replaced() {
	run(|| {
		for who in 1..=32 {
			let amount = if who < 5 { MIN_STAKE + 1 } else { MIN_STAKE };
			assert_ok!(stake(who, amount, 10, 128));
		}
		assert_ok!(stake(50, MIN_STAKE + 1, 10, 128));
		assert_eq!((id(50), id(5)), (Some(5), None));
		assert_ok!(stake(51, MIN_STAKE + 1, 10, 128));
		assert_eq!((id(51), id(6)), (Some(6), None));
	});
}

#[test]
fn rule_10_a_member_of_a_full_pool_may_stake_less_than_the_smallest() {
	run(|| {
		fill_pool();
		pass(DELAY_SECONDS);
		// It leaves first, so there is room.
		assert_ok!(stake(32, MIN_STAKE, 10, 128));
		assert_eq!(id(32), Some(32));
	});
}

#[test]
fn rule_10_a_full_pool_is_replaced_by_another() {
	run(|| {
		fill_pool();
		for who in 33..=64 {
			assert_ok!(stake(who, MIN_STAKE + 1_000, 10, 128));
			// The smallest, in turn, and its slot.
			assert_eq!((id(who), id(who - 32)), (Some(who as usize - 32), None));
		}
		assert_eq!(Provers::<Test>::get().slots.len(), 32);
		assert_eq!(Stakers::<Test>::iter().count(), 64);
		pass(EXIT_SECONDS + 1);
		for who in 1..=32 {
			assert_ok!(withdraw(who));
			assert_eq!(Balances::free_balance(who), funded());
		}
		assert_eq!(Stakers::<Test>::iter().count(), 32);
	});
}

#[test]
fn rule_10_no_member_is_above_the_largest_stake() {
	run(|| {
		MaxProvers::set(1);
		MinCapacity::set(1);
		MinStakePerCapacity::set(1);
		let rich = u128::from(u32::MAX) * TOKEN;
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), 1, rich + TOKEN));
		assert_ok!(stake(1, u32::MAX, 1, 1));
		assert_eq!(ProverPool::entry_price(), None);
		assert_noop!(stake(2, u32::MAX, 1, 1), Error::<Test>::ProverNotGoodEnough);
	});
}

#[test]
fn rule_11_the_replaced_prover_is_paid_and_leaves_at_once() {
	run(|| {
		// Account 1 has a mature exit, and a stake that it may not change yet.
		keep_minimum_and_wait(1, EXIT_SECONDS + 1);
		for who in 2..=32 {
			assert_ok!(stake(who, MIN_STAKE + 50, 10, 128));
		}
		MinChangeDelay::set(u64::MAX);
		events();
		assert_ok!(stake(40, MIN_STAKE + 1, 10, 128));
		assert_eq!(
			events(),
			vec![
				Event::Withdrawn { who: 1, amount: 100 },
				Event::Exited { who: 1, amount: MIN_STAKE },
				Event::Staked {
					who: 40,
					amount: MIN_STAKE + 1,
					reward_per_gas: 10,
					current_capacity: 128
				},
			]
		);
		assert_eq!((staker(1).exit_amount, staker(1).exit_requested_at), (MIN_STAKE, now()));
		assert_eq!(held(1), MIN_STAKE);
	});
}

/// Root takes `taken` tokens off the hold of the smallest member, which has 100 in a mature exit.
/// A larger stake replaces it, and the rest of its hold leaves after the exit period.
fn replace_after_force(taken: u32, withdrawn: [u32; 2]) {
	genesis(vec![]).execute_with(|| {
		System::set_block_number(1);
		set_clock(START);
		keep_minimum_and_wait(1, EXIT_SECONDS + 1);
		for who in 2..=32 {
			assert_ok!(stake(who, MIN_STAKE + 50, 10, 128));
		}
		let amount = u128::from(taken) * TOKEN;
		assert_ok!(Balances::force_unreserve(RuntimeOrigin::root(), 1, amount));
		events();
		assert_ok!(stake(40, MIN_STAKE + 1, 10, 128));
		assert_eq!(events()[0], Event::Withdrawn { who: 1, amount: withdrawn[0] });
		assert_eq!((id(1), id(40), held(40)), (None, Some(1), MIN_STAKE + 1));
		pass(EXIT_SECONDS + 1);
		assert_ok!(withdraw(1));
		assert_eq!(events().last(), Some(&Event::Withdrawn { who: 1, amount: withdrawn[1] }));
		assert_eq!(Balances::free_balance(1), funded());
		assert!(!Stakers::<Test>::contains_key(1));
	});
}

#[test]
fn rule_11_a_short_hold_of_the_smallest_member_keeps_no_stake_out() {
	replace_after_force(MIN_STAKE + 100, [0, 0]);
	replace_after_force(MIN_STAKE + 60, [40, 0]);
	replace_after_force(70, [100, MIN_STAKE - 70]);
}

#[test]
fn rule_12_what_is_outstanding_counts_against_the_capacity() {
	run(|| {
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		pass(DELAY_SECONDS);
		for block in 0..3 {
			assign(block, 10).unwrap();
		}
		events();
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		assert_eq!(
			events()[1],
			Event::Staked { who: 1, amount: MIN_STAKE, reward_per_gas: 10, current_capacity: 125 }
		);
		assert_eq!(prover(1).current_capacity, 125);
	});
}
