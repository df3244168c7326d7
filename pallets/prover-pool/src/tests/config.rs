// SPDX-License-Identifier: Apache-2.0

//! `integrity_test` refuses a Config that cannot work, and the metadata shows the rest.

use crate::{mock::*, PoolOf, ProverId};
use codec::{Encode, MaxEncodedLen};
use frame_support::traits::Hooks;

#[test]
fn the_mock_s_config_works() {
	ProverPool::integrity_test();
}

#[test]
#[should_panic = "MaxProvers is 0"]
fn a_pool_without_slots_is_refused() {
	MaxProvers::set(0);
	ProverPool::integrity_test();
}

#[test]
#[should_panic = "more than a ProverId can count"]
fn a_pool_beyond_its_ids_is_refused() {
	MaxProvers::set(65_536);
	ProverPool::integrity_test();
}

#[test]
fn the_largest_pool_is_accepted() {
	MaxProvers::set(65_535);
	ProverPool::integrity_test();
}

#[test]
#[should_panic = "RewardTolerance is 100 % or more"]
fn a_tolerance_of_all_is_refused() {
	RewardTolerance::set(10_000);
	ProverPool::integrity_test();
}

#[test]
#[should_panic = "OneToken is 0"]
fn a_token_worth_nothing_is_refused() {
	OneToken::set(0);
	ProverPool::integrity_test();
}

#[test]
#[should_panic = "does not fit the currency"]
fn a_token_worth_too_much_is_refused() {
	OneToken::set(u128::MAX / u128::from(u32::MAX) + 1);
	ProverPool::integrity_test();
}

#[test]
fn a_slot_takes_8_bytes() {
	assert_eq!(crate::Prover::max_encoded_len(), 8);
	assert_eq!(crate::Prover::default().encode(), vec![0; 8]);
	// With the length of the list.
	assert_eq!(PoolOf::<Test>::max_encoded_len(), 32 * 8 + 1);
	MaxProvers::set(1_024);
	assert_eq!(PoolOf::<Test>::max_encoded_len(), 1_024 * 8 + 2);
}

#[test]
#[should_panic = "1: the pool cannot be read"]
fn a_pool_longer_than_its_bound_is_noticed() {
	run(|| {
		super::fill_pool();
		MaxProvers::set(31);
	});
}

#[test]
fn ids_count_from_one() {
	assert_eq!(prover_id(1).index(), 0);
	assert_eq!(prover_id(1).encode(), 1u16.encode());
	assert_eq!(prover_id(65_535).index(), 65_534);
	assert_eq!(ProverId::from_index(65_535), None);
	assert_eq!(ProverId::from_index(usize::MAX), None);
}
