// SPDX-License-Identifier: Apache-2.0

//! `integrity_test` refuses a Config that cannot work.

use crate::mock::*;
use frame_support::traits::Hooks;

#[test]
fn the_mock_s_config_works() {
	Verifier::integrity_test();
}

#[test]
#[should_panic = "MaxKeys is below 2"]
fn a_config_without_keys_is_refused() {
	MaxKeys::set(0);
	Verifier::integrity_test();
}

#[test]
#[should_panic = "MaxKeys is below 2"]
fn r14_a_config_without_room_for_a_successor_is_refused() {
	MaxKeys::set(1);
	Verifier::integrity_test();
}

#[test]
fn r14_a_config_with_room_for_one_successor_works() {
	MaxKeys::set(2);
	Verifier::integrity_test();
}

#[test]
#[should_panic = "MaxKeySize is below the size of a key"]
fn a_config_in_which_no_key_fits_is_refused() {
	MaxKeySize::set(583);
	Verifier::integrity_test();
}
