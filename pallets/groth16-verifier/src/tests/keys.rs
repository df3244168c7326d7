// SPDX-License-Identifier: Apache-2.0

//! Life of a key: rule R14. Attack 7 is a change of keys with blocks under way.

use crate::{mock::*, ActiveVersion, Error, Event, Keys, LastVersion};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{
	traits::{BlakeTwo256, Hash},
	DispatchError,
};

/// Asserts that this version accepts the proofs of exactly one of [`other_key`].
fn assert_proven_by(version: u32, number: u64) {
	for other in 1..=4 {
		let result = verify(version, &statement(1), &prove_by_other_key(other, &statement(1)));
		let expected = Err(Error::<Test>::InvalidProof.into());
		assert_eq!(result, if other == number { Ok(()) } else { expected });
	}
}

#[test]
fn r14_versions_count_from_one_and_none_is_used_twice() {
	run(|| {
		let hash = BlakeTwo256::hash(&key());
		assert_ok!(add_key(key()));
		assert_ok!(add_key(key()));
		assert_eq!(
			events(),
			[Event::KeyAdded { version: 1, hash }, Event::KeyAdded { version: 2, hash }]
		);
		assert_ok!(remove_key(2));
		assert_eq!(events(), [Event::KeyRemoved { version: 2 }]);
		assert_ok!(add_key(key()));
		assert_eq!(events(), [Event::KeyAdded { version: 3, hash }]);
		assert_eq!(Verifier::key_versions(), [1, 3]);
	});
}

#[test]
fn r14_there_are_max_keys_at_most() {
	run(|| {
		for _ in 0..MaxKeys::get() {
			assert_ok!(add_key(key()));
		}
		assert_noop!(add_key(key()), Error::<Test>::TooManyKeys);
		assert_ok!(remove_key(1));
		assert_ok!(add_key(key()));
		assert_noop!(add_key(key()), Error::<Test>::TooManyKeys);
		// A replacement needs no room.
		IsPaused::set(true);
		assert_ok!(replace_key(2, other_key(1)));
	});
}

#[test]
fn r14_versions_end() {
	run(|| {
		LastVersion::<Test>::put(u32::MAX - 1);
		assert_ok!(add_key(key()));
		assert_eq!(Verifier::key_versions(), [u32::MAX]);
		assert_noop!(add_key(key()), Error::<Test>::TooManyKeys);
		assert_ok!(activate_key(u32::MAX));
		assert_eq!(active(), Some(u32::MAX));
	});
}

#[test]
fn r14_a_key_that_is_not_there_cannot_be_used() {
	run_with_key(|| {
		assert_ok!(add_key(key()));
		assert_ok!(remove_key(2));
		IsPaused::set(true);
		for version in [0, 2, 3, u32::MAX] {
			assert_noop!(activate_key(version), Error::<Test>::UnknownKey);
			assert_noop!(remove_key(version), Error::<Test>::UnknownKey);
			assert_noop!(replace_key(version, key()), Error::<Test>::UnknownKey);
		}
		assert!(Replaced::get().is_empty());
	});
}

#[test]
fn only_the_key_origin_manages_keys() {
	run_with_key(|| {
		assert_ok!(add_key(key()));
		IsPaused::set(true);
		let key = Keys::<Test>::get(1).unwrap();
		for origin in [RuntimeOrigin::signed(1), RuntimeOrigin::none()] {
			assert_noop!(Verifier::add_key(origin.clone(), key.clone()), DispatchError::BadOrigin);
			assert_noop!(Verifier::activate_key(origin.clone(), 2), DispatchError::BadOrigin);
			assert_noop!(Verifier::remove_key(origin.clone(), 2), DispatchError::BadOrigin);
			assert_noop!(Verifier::replace_key(origin, 1, key.clone()), DispatchError::BadOrigin);
		}
	});
}

#[test]
fn an_invalid_key_is_not_added() {
	run_with_key(|| {
		IsPaused::set(true);
		for bytes in [vec![], vec![0; 584], vec![0xff; 584]] {
			assert_noop!(add_key(bytes.clone()), Error::<Test>::InvalidKey);
			assert_noop!(replace_key(1, bytes), Error::<Test>::InvalidKey);
		}
		assert!(Replaced::get().is_empty());
	});
}

#[test]
fn r14_an_added_key_is_not_active() {
	run(|| {
		assert_ok!(add_key(key()));
		assert_eq!(active(), None);
		events();
		assert_ok!(activate_key(1));
		assert_eq!(active(), Some(1));
		assert_eq!(events(), [Event::KeyActivated { version: 1 }]);
		assert_ok!(add_key(key()));
		assert_eq!(active(), Some(1));
	});
}

#[test]
fn r14_only_a_newer_version_is_activated() {
	run_with_key(|| {
		assert_ok!(add_key(key()));
		assert_ok!(add_key(key()));
		assert_noop!(activate_key(1), Error::<Test>::NotNewer);
		// Version 2 is skipped for good.
		assert_ok!(activate_key(3));
		for version in [1, 2, 3] {
			assert_noop!(activate_key(version), Error::<Test>::NotNewer);
		}
		assert_eq!(active(), Some(3));
	});
}

#[test]
fn attack_7_the_active_key_is_not_removed() {
	run_with_key(|| {
		assert_noop!(remove_key(1), Error::<Test>::KeyIsActive);
		// A pause makes no exception.
		IsPaused::set(true);
		assert_noop!(remove_key(1), Error::<Test>::KeyIsActive);
		IsPaused::set(false);
		assert_ok!(add_key(other_key(1)));
		assert_noop!(remove_key(1), Error::<Test>::KeyIsActive);
		assert_ok!(activate_key(2));
		assert_ok!(remove_key(1));
		assert_noop!(remove_key(2), Error::<Test>::KeyIsActive);
		assert_eq!((Verifier::key_versions(), active()), (vec![2], Some(2)));
	});
}

#[test]
fn attack_7_a_key_that_an_unsettled_block_needs_is_not_removed() {
	run_with_key(|| {
		Needed::set(vec![1]);
		assert_ok!(add_key(other_key(1)));
		assert_ok!(activate_key(2));
		assert_noop!(remove_key(1), Error::<Test>::KeyIsNeeded);
		Needed::set(vec![1, 2]);
		IsPaused::set(true);
		assert_noop!(remove_key(1), Error::<Test>::KeyIsNeeded);
		// Its blocks are settled.
		Needed::set(vec![2]);
		assert_ok!(remove_key(1));
	});
}

#[test]
fn attack_7_a_block_is_proven_by_the_key_of_its_version_and_no_other() {
	run(|| {
		for number in 1..=3 {
			assert_ok!(add_key(other_key(number)));
		}
		// Activation does not matter for blocks under way.
		for activated in 1..=3 {
			assert_ok!(activate_key(activated));
			for version in 1..=3 {
				assert_proven_by(version, version.into());
			}
		}
		assert_ok!(remove_key(1));
		for version in 2..=3 {
			assert_proven_by(version, version.into());
		}
		let proof = prove_by_other_key(1, &statement(1));
		assert_noop!(verify(1, &statement(1), &proof), Error::<Test>::UnknownKey);
	});
}

#[test]
fn attack_7_a_key_is_replaced_only_while_paused() {
	run(|| {
		assert_ok!(add_key(other_key(1)));
		assert_ok!(activate_key(1));
		assert_noop!(replace_key(1, other_key(2)), Error::<Test>::NotPaused);
		// A version without blocks makes no exception.
		assert_ok!(add_key(other_key(3)));
		assert_noop!(replace_key(2, other_key(2)), Error::<Test>::NotPaused);
		assert!(Replaced::get().is_empty());
		events();

		IsPaused::set(true);
		assert_ok!(replace_key(1, other_key(2)));
		let hash = BlakeTwo256::hash(&other_key(2));
		assert_eq!(events(), [Event::KeyReplaced { version: 1, hash }]);
		assert_eq!(Replaced::get(), [1]);
		// The same version, another key.
		assert_proven_by(1, 2);
		assert_proven_by(2, 3);
		assert_eq!((Verifier::key_versions(), active()), (vec![1, 2], Some(1)));
		assert_eq!(LastVersion::<Test>::get(), 2);

		IsPaused::set(false);
		assert_noop!(replace_key(1, other_key(1)), Error::<Test>::NotPaused);
	});
}

#[test]
fn attack_7_the_needed_key_of_an_older_version_can_be_replaced() {
	run(|| {
		assert_ok!(add_key(other_key(1)));
		assert_ok!(add_key(other_key(2)));
		assert_ok!(activate_key(2));
		Needed::set(vec![1, 2]);
		IsPaused::set(true);
		assert_ok!(replace_key(1, other_key(3)));
		assert_eq!(Replaced::get(), [1]);
		assert_proven_by(1, 3);
		assert_proven_by(2, 2);
		assert_eq!(ActiveVersion::<Test>::get(), Some(2));
	});
}

/// With two keys, the smallest `MaxKeys`, versions follow each other without end.
#[test]
fn r14_two_keys_are_enough_for_any_number_of_versions() {
	MaxKeys::set(2);
	run_with_key(|| {
		for version in 2..=6 {
			assert_ok!(add_key(key()));
			assert_noop!(add_key(key()), Error::<Test>::TooManyKeys);
			assert_ok!(activate_key(version));
			assert_ok!(remove_key(version - 1));
			assert_eq!((Verifier::key_versions(), active()), (vec![version], Some(version)));
		}
	});
}
