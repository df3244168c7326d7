// SPDX-License-Identifier: Apache-2.0

//! Provers that are in the pool from block 0.

use crate::mock::*;
use frame_support::assert_ok;

#[test]
fn genesis_provers_are_members_and_drawable() {
	run_with(vec![(1, MIN_STAKE, 10, 128), (2, MIN_STAKE + 1, 11, 128)], || {
		assert_eq!((id(1), id(2)), (Some(1), Some(2)));
		assert_eq!((held(1), held(2)), (MIN_STAKE, MIN_STAKE + 1));
		assert_eq!(staker(2).staked_at, 0);
		release(assign(1, 10).unwrap().prover);
		assert_ok!(exit(1));
		pass(EXIT_SECONDS + 1);
		assert_ok!(withdraw(1));
	});
}

#[test]
#[should_panic = "breaks a bound (rule 8)"]
fn an_offer_below_a_bound_is_refused() {
	genesis(vec![(1, MIN_STAKE - 1, 10, 128)]);
}

#[test]
#[should_panic = "is listed twice"]
fn an_account_listed_twice_is_refused() {
	genesis(vec![(1, MIN_STAKE, 10, 128), (1, MIN_STAKE + 1, 10, 128)]);
}

#[test]
#[should_panic = "there are only 2 slots"]
fn more_provers_than_slots_are_refused() {
	MaxProvers::set(2);
	genesis((1..=3).map(|who| (who, MIN_STAKE + who as u32, 10, 128)).collect());
}

#[test]
#[should_panic = "cannot stake"]
fn a_prover_without_funds_is_refused() {
	genesis(vec![(1_000, MIN_STAKE, 10, 128)]);
}
