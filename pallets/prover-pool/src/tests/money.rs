// SPDX-License-Identifier: Apache-2.0

//! Holds and issuance: rules 1 to 4, and accounts at the edge of what they have.

use crate::{mock::*, HoldReason};
use frame_support::{
	assert_noop, assert_ok,
	traits::{
		fungible::{InspectHold, Mutate},
		tokens::Preservation,
	},
};
use sp_runtime::TokenError;

#[test]
fn a_stake_that_its_exit_covers_emits_no_hold() {
	run(|| {
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		pass(DELAY_SECONDS);
		System::reset_events();
		assert_ok!(stake(1, MIN_STAKE, 11, 128));
		assert_eq!(held(1), MIN_STAKE);
		let of_balances = System::read_events_for_pallet::<pallet_balances::Event<Test>>();
		assert_eq!(of_balances, vec![]);
	});
}

#[test]
fn rule_1_stake_is_a_hold_on_the_own_balance() {
	run(|| {
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		let stake = u128::from(MIN_STAKE) * TOKEN;
		assert_eq!(Balances::free_balance(1), funded() - stake);
		assert_eq!(Balances::total_balance_on_hold(&1), stake);
		assert_eq!(Balances::balance_on_hold(&HoldReason::Stake.into(), &1), stake);
	});
}

#[test]
fn rule_1_stake_cannot_be_moved() {
	run(|| {
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		let free = Balances::free_balance(1);
		assert!(Balances::transfer(&1, &2, free + 1, Preservation::Expendable).is_err());
	});
}

#[test]
fn rule_3_a_slash_is_a_credit_and_dropping_it_burns() {
	run(|| {
		use frame_support::traits::{fungible::Balanced, Imbalance};
		use prover_pool_primitives::ProverPool as _;
		assert_ok!(stake(1, 2_000_000, 10, 128));
		let issuance = Balances::total_issuance();
		// 5 % of the stake.
		let credit = ProverPool::slash(&1, 7, 0);
		assert_eq!(credit.peek(), 100_000 * TOKEN);
		assert_eq!(Balances::total_issuance(), issuance);
		drop(credit);
		assert_eq!(Balances::total_issuance(), issuance - 100_000 * TOKEN);
		// Resolved instead, it is somebody's.
		let credit = ProverPool::slash(&1, 8, 0);
		assert_ok!(Balances::resolve(&2, credit).map_err(|_| ()));
		assert_eq!(Balances::free_balance(2), funded() + 95_000 * TOKEN);
		assert_eq!(Balances::total_issuance(), issuance - 100_000 * TOKEN);
	});
}

#[test]
fn rule_4_issuance_changes_by_burned_slashes_alone() {
	run(|| {
		let issuance = Balances::total_issuance();
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		pass(DELAY_SECONDS);
		assign(1, 10).unwrap();
		release(1);
		assert_ok!(stake(1, MIN_STAKE + 9, 10, 128));
		pass(DELAY_SECONDS);
		assert_ok!(exit(1));
		pass(EXIT_SECONDS + 1);
		assert_ok!(withdraw(1));
		assert_eq!(Balances::total_issuance(), issuance);
		assert_eq!(Balances::free_balance(1), funded());
	});
}

#[test]
fn an_account_short_of_funds_gets_the_currency_s_error() {
	run(|| {
		// The stake and the existential deposit, one unit short.
		let enough = (u128::from(MIN_STAKE) + 1) * TOKEN;
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), 1, enough - 1));
		assert_noop!(stake(1, MIN_STAKE, 10, 128), TokenError::FundsUnavailable);
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), 1, enough));
		assert_ok!(stake(1, MIN_STAKE, 10, 128));
		assert_eq!(Balances::free_balance(1), TOKEN);
	});
}

#[test]
fn an_account_at_the_existential_deposit_cannot_stake() {
	run(|| {
		MinCapacity::set(1);
		MinStakePerCapacity::set(500);
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), 1, 500 * TOKEN));
		assert_noop!(stake(1, 500, 1, 1), TokenError::FundsUnavailable);
		// 500 tokens above it are the smallest stake.
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), 1, 501 * TOKEN));
		assert_ok!(stake(1, 500, 1, 1));
		// It survives to lose all of it.
		assert_eq!(slash(1, 1, u128::MAX), 500);
		assert_eq!(Balances::free_balance(1), TOKEN);
	});
}

#[test]
fn an_account_that_does_not_exist_cannot_stake() {
	run(|| {
		assert_noop!(stake(1_000, MIN_STAKE, 10, 128), TokenError::FundsUnavailable);
	});
}

#[test]
fn the_largest_stake_works() {
	run(|| {
		let rich = (u128::from(u32::MAX) + 1) * TOKEN;
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), 1, rich));
		assert_ok!(stake(1, u32::MAX, u16::MAX, u16::MAX));
		// The original overflowed here: 5 % of more than 8,589,934 tokens.
		assert_eq!(slash(1, 1, 0), 214_748_364);
		pass(DELAY_SECONDS);
		assert!(assign(1, u32::MAX).is_some());
		assert_ok!(exit(1));
		release(1);
		pass(EXIT_SECONDS + 1);
		assert_ok!(withdraw(1));
		assert_eq!(Balances::free_balance(1), rich - 214_748_364 * TOKEN);
	});
}
