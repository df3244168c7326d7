// SPDX-License-Identifier: Apache-2.0

//! Keys are added and removed, and which bytes are a key.

use crate::{groth16::*, mock::*, simulator, Error, Event, LastVersion, VerifyingKeys};
use ark_bn254::{Bn254, Fq, G1Affine, G2Affine};
use ark_ec::AffineRepr;
use ark_groth16::VerifyingKey;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{
	traits::{BlakeTwo256, Hash},
	DispatchError,
};

fn simulated() -> VerifyingKey<Bn254> {
	simulator::key()
}

#[test]
fn versions_count_from_one_and_none_is_used_twice() {
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
fn there_are_max_keys_at_most() {
	run(|| {
		for _ in 0..MaxKeys::get() {
			assert_ok!(add_key(key()));
		}
		assert_noop!(add_key(key()), Error::<Test>::TooManyKeys);
		assert_ok!(remove_key(1));
		assert_ok!(add_key(key()));
		assert_noop!(add_key(key()), Error::<Test>::TooManyKeys);
	});
}

#[test]
fn versions_end() {
	run(|| {
		LastVersion::<Test>::put(u32::MAX - 1);
		assert_ok!(add_key(key()));
		assert_eq!(Verifier::key_versions(), [u32::MAX]);
		assert_noop!(add_key(key()), Error::<Test>::TooManyKeys);
	});
}

#[test]
fn a_key_that_is_not_there_cannot_be_removed() {
	run_with(vec![key()], || {
		assert_noop!(remove_key(0), Error::<Test>::UnknownKey);
		assert_noop!(remove_key(2), Error::<Test>::UnknownKey);
		assert_ok!(remove_key(1));
		assert_noop!(remove_key(1), Error::<Test>::UnknownKey);
	});
}

#[test]
fn only_the_key_origin_adds_and_removes() {
	run_with(vec![key()], || {
		let key = VerifyingKeys::<Test>::get(1).unwrap();
		for origin in [RuntimeOrigin::signed(1), RuntimeOrigin::none()] {
			assert_noop!(Verifier::add_key(origin.clone(), key.clone()), DispatchError::BadOrigin);
			assert_noop!(Verifier::remove_key(origin, 1), DispatchError::BadOrigin);
		}
	});
}

#[test]
fn an_invalid_key_is_not_added() {
	run(|| {
		assert_noop!(add_key(vec![]), Error::<Test>::InvalidKey);
		assert_noop!(add_key(vec![0; 584]), Error::<Test>::InvalidKey);
		assert_noop!(add_key(vec![0xff; 584]), Error::<Test>::InvalidKey);
	});
}

#[test]
fn bytes_left_out_or_over_are_no_key() {
	let key = key();
	assert!(decode_key::<Bn254>(&key).is_some());
	for length in 0..key.len() {
		assert!(decode_key::<Bn254>(&key[..length]).is_none(), "{length} bytes");
	}
	for extra in [&[0][..], &[0; 64]] {
		assert!(decode_key::<Bn254>(&[&key, extra].concat()).is_none());
	}
}

#[test]
fn a_flipped_bit_makes_no_key() {
	let key = key();
	for bit in 0..key.len() * 8 {
		let mut flipped = key.clone();
		flipped[bit / 8] ^= 1 << (bit % 8);
		if let Some(other) = decode_key::<Bn254>(&flipped) {
			panic!("bit {bit} makes {other:?}");
		}
	}
}

#[test]
fn another_number_of_inputs_is_no_key() {
	for points in [0, 1, 3, 4] {
		let key = VerifyingKey::<Bn254> {
			gamma_abc_g1: vec![G1Affine::generator(); points],
			..simulated()
		};
		assert!(decode_key::<Bn254>(&encode_key(&key)).is_none(), "{points} points");
	}
}

#[test]
fn a_number_of_inputs_beyond_the_bytes_is_no_key() {
	// Behind one point of G1 and three of G2.
	let at = 64 + 3 * 128;
	for number in [2u64, 3, 1 << 20, u64::MAX] {
		let mut key = key();
		key[at..at + 8].copy_from_slice(&number.to_le_bytes());
		assert_eq!(decode_key::<Bn254>(&key).is_some(), number == 2);
	}
}

#[test]
fn a_key_with_a_point_at_infinity_is_refused() {
	let with: [fn(&mut VerifyingKey<Bn254>); 6] = [
		|key| key.alpha_g1 = G1Affine::zero(),
		|key| key.beta_g2 = G2Affine::zero(),
		|key| key.gamma_g2 = G2Affine::zero(),
		|key| key.delta_g2 = G2Affine::zero(),
		|key| key.gamma_abc_g1[0] = G1Affine::zero(),
		|key| key.gamma_abc_g1[1] = G1Affine::zero(),
	];
	for change in with {
		let mut key = simulated();
		change(&mut key);
		assert!(decode_key::<Bn254>(&encode_key(&key)).is_none());
	}
}

#[test]
fn a_key_with_a_point_off_the_curve_is_refused() {
	let mut key = simulated();
	key.alpha_g1 = G1Affine::new_unchecked(Fq::from(1), Fq::from(1));
	assert!(decode_key::<Bn254>(&encode_key(&key)).is_none());
}

#[test]
fn a_key_with_a_point_outside_the_subgroup_is_refused() {
	let with: [fn(&mut VerifyingKey<Bn254>) -> &mut G2Affine; 3] =
		[|key| &mut key.beta_g2, |key| &mut key.gamma_g2, |key| &mut key.delta_g2];
	for point in with {
		let mut key = simulated();
		*point(&mut key) = super::points::outside_the_subgroup();
		assert!(decode_key::<Bn254>(&encode_key(&key)).is_none());
	}
}
