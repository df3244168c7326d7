// SPDX-License-Identifier: Apache-2.0

//! `try_state` finds each broken invariant.

use crate::{groth16::encode_key, mock::*, simulator, ActiveVersion, Keys, LastVersion};
use ark_bn254::Bn254;

/// Runs `spoil` on a chain with a key, and returns the invariant that it breaks.
fn broken(spoil: impl FnOnce()) -> String {
	genesis(Some(key())).execute_with(|| {
		Verifier::do_try_state().unwrap();
		spoil();
		format!("{:?}", Verifier::do_try_state().unwrap_err())
	})
}

fn insert(version: u32, key: Vec<u8>) {
	Keys::<Test>::insert(version, sp_runtime::BoundedVec::truncate_from(key));
}

#[test]
fn r14_a_version_beyond_the_last_is_found() {
	assert!(broken(|| insert(2, key())).contains("a key has a version that was never given"));
	assert!(broken(|| insert(0, key())).contains("a key has a version that was never given"));
	assert!(broken(LastVersion::<Test>::kill).contains("a key has a version that was never given"));
}

#[test]
fn r14_more_keys_than_max_keys_are_found() {
	let spoil = || {
		LastVersion::<Test>::put(4);
		(2..=4).for_each(|version| insert(version, key()));
	};
	assert!(broken(spoil).contains("there are more keys than MaxKeys"));
}

#[test]
fn r14_an_active_version_without_a_key_is_found() {
	assert!(broken(|| ActiveVersion::<Test>::put(2)).contains("the active version has no key"));
	assert!(broken(|| Keys::<Test>::remove(1)).contains("the active version has no key"));
}

#[test]
fn r15_a_stored_key_that_allows_forgery_is_found() {
	let spoil = || {
		let mut key = simulator::key::<Bn254>();
		key.gamma_g2 = key.delta_g2;
		insert(1, encode_key(&key));
	};
	assert!(broken(spoil).contains("a key is refused"));
	assert!(broken(|| insert(1, vec![])).contains("a key is refused"));
}

#[test]
fn a_wrong_counter_is_found() {
	let spoil = || {
		let counter = frame_support::storage::storage_prefix(b"Verifier", b"CounterForKeys");
		frame_support::storage::unhashed::put(&counter, &2u32);
	};
	assert!(broken(spoil).contains("the number of keys is wrong"));
}
