// SPDX-License-Identifier: Apache-2.0

//! Which proofs the pallet takes.

use crate::{mock::*, Error};
use frame_support::{assert_noop, assert_ok};
use prover_pool_primitives::ProofVerifier;
use sp_core::H256;

#[test]
fn a_good_proof_is_good_for_its_input() {
	run_with(vec![key()], || {
		assert_ok!(verify(input(), &prove(1, input())));
		// Verifying leaves no trace, and so it is good again: that a block takes one proof is the
		// rollup's affair.
		assert_ok!(verify(input(), &prove(1, input())));
	});
}

#[test]
fn every_bit_of_the_input_matters() {
	run_with(vec![key()], || {
		let proof = prove(1, input());
		for bit in 0..256 {
			let mut other = input();
			other.0[bit / 8] ^= 0x80 >> (bit % 8);
			assert_noop!(verify(other, &proof), Error::<Test>::InvalidProof);
		}
	});
}

#[test]
fn the_smallest_and_the_largest_input_can_be_proven() {
	run_with(vec![key()], || {
		let mut largest = H256::repeat_byte(0xff);
		largest.0[0] = 0x1f;
		for input in [H256::zero(), largest] {
			assert_ok!(verify(input, &prove(1, input)));
		}
	});
}

#[test]
fn every_bit_of_a_proof_matters() {
	run_with(vec![key()], || {
		let proof = prove(1, input());
		for bit in 0..proof.len() * 8 {
			let mut flipped = proof.clone();
			flipped[bit / 8] ^= 1 << (bit % 8);
			let result = verify(input(), &flipped);
			if bit < 32 {
				assert_noop!(result, Error::<Test>::UnknownKey);
			} else {
				assert!(
					result == Err(Error::<Test>::MalformedProof.into())
						|| result == Err(Error::<Test>::InvalidProof.into()),
					"bit {bit}: {result:?}"
				);
			}
		}
	});
}

#[test]
fn only_one_length_is_good() {
	run_with(vec![key()], || {
		let mut proof = prove(1, input());
		proof.resize(200, 0);
		for length in 0..=200 {
			let result = verify(input(), &proof[..length]);
			if length == 132 {
				assert_ok!(result);
			} else {
				assert_noop!(result, Error::<Test>::MalformedProof);
			}
		}
	});
}

#[test]
fn a_proof_needs_the_version_of_a_key() {
	run_with(vec![key()], || {
		for version in [0, 2, u32::MAX] {
			assert_noop!(verify(input(), &prove(version, input())), Error::<Test>::UnknownKey);
		}
	});
}

#[test]
fn proofs_by_a_removed_key_are_refused_at_once() {
	run_with(vec![key(), key()], || {
		assert_ok!(verify(input(), &prove(1, input())));
		assert_ok!(remove_key(1));
		assert_noop!(verify(input(), &prove(1, input())), Error::<Test>::UnknownKey);
		assert_ok!(verify(input(), &prove(2, input())));
	});
}

#[test]
fn a_verification_weighs_something() {
	run(|| assert!(!<Verifier as ProofVerifier>::weight().any_lt(1.into())));
}
