// SPDX-License-Identifier: Apache-2.0

//! Rule 31: a state in which one thing is wrong is noticed, whatever it is.

use crate::{mock::*, HoldReason, Operators, ProverAccounts, Provers, Staker, Stakers};
use frame_support::{
	assert_ok,
	traits::{fungible::MutateHold, tokens::Precision},
};
use sp_runtime::TryRuntimeError;

/// A member with an exit next to its stake.
const MEMBER: AccountId = 1;
/// A member that just entered.
const NEWCOMER: AccountId = 2;
/// Left the pool, with everything in exit and a block outstanding.
const LEAVER: AccountId = 3;
/// Never staked.
const STRANGER: AccountId = 4;
/// The number of a slot that does not exist.
const NO_SLOT: usize = 20;

fn a_pool() {
	let mut draws = 1..;
	assert_ok!(stake(MEMBER, MIN_STAKE + 100, 10, 128));
	assert_ok!(stake(LEAVER, 2 * MIN_STAKE, 10, 128));
	pass(DELAY_SECONDS);
	assert_ok!(stake(MEMBER, MIN_STAKE, 10, 128));
	// Until the one that leaves is drawn.
	while assign(draws.next().unwrap(), 10).unwrap().prover != LEAVER {
		release(MEMBER);
	}
	assert_ok!(exit(LEAVER));
	pass(DELAY_SECONDS);
	assert_ok!(stake(NEWCOMER, MIN_STAKE, 10, 128));
	let slots = Provers::<Test>::get().slots.len();
	assert_eq!((id(MEMBER), id(NEWCOMER), slots), (Some(1), Some(2), 2));
}

fn change(who: AccountId, change: impl FnOnce(&mut Staker)) {
	Stakers::<Test>::mutate(who, |staker| change(staker.as_mut().unwrap()));
}

/// Makes one thing wrong, and says by what it is noticed.
type Wrong = (fn(), &'static str);

const SLOTS: [Wrong; 5] = [
	(
		|| {
			Provers::<Test>::mutate(|pool| {
				let vacant_with_stake = crate::Prover { staked_amount: 1, ..Default::default() };
				pool.slots.try_push(vacant_with_stake).unwrap();
			})
		},
		"1: an empty slot is not all zero",
	),
	(
		|| {
			Provers::<Test>::mutate(|pool| pool.slots.try_push(Default::default()).unwrap());
			ProverAccounts::<Test>::insert(prover_id(3), STRANGER);
		},
		"2: an empty slot has an account",
	),
	(
		|| Provers::<Test>::mutate(|pool| pool.slots[0].staked_amount += 1),
		"3: the hold is not stake plus exit",
	),
	(
		|| Provers::<Test>::mutate(|pool| pool.slots[0].current_capacity = 129),
		"5: more capacity than was declared",
	),
	(
		|| {
			Provers::<Test>::mutate(|pool| pool.slots[0].current_capacity = 0);
			change(MEMBER, |staker| staker.backlog = u16::MAX);
		},
		"5: the outstanding blocks do not fit a u16",
	),
];

const IDS: [Wrong; 6] = [
	(|| ProverAccounts::<Test>::remove(prover_id(1)), "2: a slot has no account"),
	(|| ProverAccounts::<Test>::insert(prover_id(1), STRANGER), "2: a member is no staker"),
	(
		|| ProverAccounts::<Test>::insert(prover_id(2), MEMBER),
		"2: a member's id is not that of its slot",
	),
	(
		|| change(MEMBER, |staker| staker.prover_id = None),
		"2: a member's id is not that of its slot",
	),
	(|| ProverAccounts::<Test>::insert(prover_id(NO_SLOT), STRANGER), "2: an id has no slot"),
	(
		|| change(LEAVER, |staker| staker.prover_id = Some(prover_id(NO_SLOT))),
		"2: a staker has an id but no slot",
	),
];

const MONEY: [Wrong; 5] = [
	(
		|| change(MEMBER, |staker| staker.exit_amount = u32::MAX),
		"3: stake and exit do not fit a u32",
	),
	(|| OneToken::set(Balance::MAX / 2), "3: a stake does not fit the currency"),
	(|| change(LEAVER, |staker| staker.exit_amount -= 1), "3: the hold is not stake plus exit"),
	(
		|| {
			let reason = HoldReason::Stake.into();
			assert_ok!(Balances::release(&reason, &LEAVER, 1, Precision::Exact));
		},
		"3: the hold is not stake plus exit",
	),
	(|| Stakers::<Test>::remove(LEAVER), "3: a hold without an entry"),
];

const STAKERS: [Wrong; 9] = [
	(
		|| change(LEAVER, |staker| staker.exit_requested_at = 0),
		"4: an exit without its clock, or a clock without an exit",
	),
	(
		|| change(NEWCOMER, |staker| staker.exit_requested_at = now()),
		"4: an exit without its clock, or a clock without an exit",
	),
	(
		|| {
			Provers::<Test>::mutate(|pool| pool.slots[0].current_capacity = 0);
			change(MEMBER, |staker| staker.max_capacity = 0);
		},
		"5: a member without a declared capacity",
	),
	(|| change(MEMBER, |staker| staker.backlog = 1), "5: a member with backlog and capacity"),
	(
		|| change(LEAVER, |staker| staker.max_capacity = 1),
		"6: a declared capacity outside of the pool",
	),
	(|| Stakers::<Test>::insert(STRANGER, Staker::default()), "6: an empty entry"),
	(
		|| change(LEAVER, |staker| staker.exit_requested_at = now() + 1),
		"7: an exit requested in the future",
	),
	(|| Operators::<Test>::insert(STRANGER, MEMBER), "8: an operator without an entry"),
	(
		|| {
			let only_a_block = Staker { backlog: 1, ..Default::default() };
			Stakers::<Test>::insert(STRANGER, only_a_block);
			Operators::<Test>::insert(STRANGER, MEMBER);
		},
		"8: an operator without a hold",
	),
];

const TIMES: [Wrong; 2] = [
	(|| change(MEMBER, |staker| staker.staked_at = now() + 1), "7: a slot was taken in the future"),
	(
		|| change(LEAVER, |staker| staker.staked_at = 1),
		"7: the time of a stake outside of the pool",
	),
];

fn are_noticed(wrongs: &[Wrong]) {
	for (go_wrong, expected) in wrongs {
		genesis(vec![]).execute_with(|| {
			set_clock(START);
			a_pool();
			assert_ok!(ProverPool::do_try_state());
			go_wrong();
			let noticed = ProverPool::do_try_state();
			assert_eq!(noticed, Err(TryRuntimeError::Other(expected)));
		});
		OneToken::set(TOKEN);
	}
}

#[test]
fn rule_31_wrong_slots_are_noticed() {
	are_noticed(&SLOTS);
}

#[test]
fn rule_31_wrong_ids_are_noticed() {
	are_noticed(&IDS);
}

#[test]
fn rule_31_wrong_money_is_noticed() {
	are_noticed(&MONEY);
}

#[test]
fn rule_31_wrong_entries_are_noticed() {
	are_noticed(&STAKERS);
}

#[test]
fn rule_31_wrong_times_are_noticed() {
	are_noticed(&TIMES);
}
