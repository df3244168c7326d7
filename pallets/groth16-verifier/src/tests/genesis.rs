// SPDX-License-Identifier: Apache-2.0

//! Keys from block 0.

use crate::mock::*;
use frame_support::assert_ok;

#[test]
fn genesis_keys_have_the_first_versions_and_verify() {
	run_with(vec![key(), key()], || {
		assert_eq!(Verifier::key_versions(), [1, 2]);
		assert_ok!(verify(input(), &prove(1, input())));
		assert_ok!(verify(input(), &prove(2, input())));
		assert_ok!(add_key(key()));
		assert_eq!(Verifier::key_versions(), [1, 2, 3]);
	});
}

#[test]
fn a_genesis_may_have_no_key() {
	run(|| assert!(Verifier::key_versions().is_empty()));
}

#[test]
#[should_panic = "genesis key 1: "]
fn an_invalid_genesis_key_is_refused() {
	genesis(vec![key(), vec![0; 584]]);
}

#[test]
#[should_panic = "genesis key 0: 585 bytes are above MaxKeySize"]
fn a_genesis_key_that_is_too_large_is_refused() {
	genesis(vec![vec![0; 585]]);
}

#[test]
#[should_panic = "genesis key 3: "]
fn more_genesis_keys_than_max_keys_are_refused() {
	genesis(vec![key(); 4]);
}
