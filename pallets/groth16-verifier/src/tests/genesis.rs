// SPDX-License-Identifier: Apache-2.0

//! Key from block 0.

use crate::mock::*;
use frame_support::assert_ok;

#[test]
fn r14_the_genesis_key_is_version_1_and_active() {
	run_with_key(|| {
		assert_eq!((Verifier::key_versions(), active()), (vec![1], Some(1)));
		assert_ok!(verify(1, &statement(1), &prove(&statement(1))));
		assert_ok!(add_key(other_key(1)));
		assert_eq!((Verifier::key_versions(), active()), (vec![1, 2], Some(1)));
	});
}

#[test]
fn a_genesis_may_have_no_key() {
	run(|| {
		assert!(Verifier::key_versions().is_empty());
		assert_eq!(active(), None);
	});
}

#[test]
#[should_panic = "genesis key: "]
fn an_invalid_genesis_key_is_refused() {
	genesis(Some(vec![0; 584]));
}

#[test]
#[should_panic = "genesis key: 585 bytes are above MaxKeySize"]
fn a_genesis_key_that_is_too_large_is_refused() {
	genesis(Some(vec![0; 585]));
}
