// SPDX-License-Identifier: Apache-2.0

//! Proofs that the pallet accepts.

use crate::{groth16, mock::*, simulator, Error};
use ark_bn254::{Bn254, Fr};
use frame_support::{assert_noop, assert_ok};
use prover_pool_primitives::{public_input, Hash, ProofVerifier};

/// Returns `true` if `proof` is valid for this public input, by the simulator's key.
fn is_valid(input: Hash, proof: &[u8]) -> bool {
	let proof = groth16::decode_points::<Bn254>(proof).unwrap();
	let input = groth16::decode_input::<Fr>(input);
	input.is_some_and(|input| groth16::verify(&simulator::key(), input, &proof))
}

#[test]
fn a_good_proof_is_good_for_its_statement() {
	run_with_key(|| {
		assert_ok!(verify(1, &statement(1), &prove(&statement(1))));
		// Verifying leaves no trace: that a block takes one proof is the rollup's affair.
		assert_ok!(verify(1, &statement(1), &prove(&statement(1))));
		assert_noop!(verify(1, &statement(2), &prove(&statement(1))), Error::<Test>::InvalidProof);
	});
}

#[test]
fn every_byte_of_the_statement_matters() {
	run_with_key(|| {
		let statement = statement(1);
		let proof = prove(&statement);
		for byte in 0..statement.len() {
			let mut other = statement.clone();
			other[byte] ^= 1;
			assert_noop!(verify(1, &other, &proof), Error::<Test>::InvalidProof);
		}
		for other in [&[], &statement[1..], &[&statement[..], &[0]].concat()] {
			assert_noop!(verify(1, other, &proof), Error::<Test>::InvalidProof);
		}
	});
}

#[test]
fn every_bit_of_the_input_matters() {
	let input = public_input(&statement(1));
	let proof = prove(&statement(1));
	assert!(is_valid(input, &proof));
	for bit in 0..256 {
		let mut other = input;
		other[bit / 8] ^= 0x80 >> (bit % 8);
		assert!(!is_valid(other, &proof), "bit {bit}");
	}
}

/// The three highest bits of the first byte are cleared, so every statement can be proven.
#[test]
fn r14_the_public_input_is_the_masked_hash_of_the_statement() {
	let hash = |bytes: &[u8]| sp_io::hashing::sha2_256(bytes);
	for statement in (0..u64::MAX).map(statement).filter(|bytes| hash(bytes)[0] >= 0xe0).take(2) {
		let mut expected = hash(&statement);
		expected[0] &= 0x1f;
		assert_eq!(public_input(&statement), expected);
		run_with_key(|| {
			assert_ok!(verify(1, &statement, &simulator::encoded_proof::<Bn254>(expected)));
		});
	}
}

#[test]
fn the_smallest_and_the_largest_input_can_be_proven() {
	let mut largest = [0xff; 32];
	largest[0] = 0x1f;
	for input in [[0; 32], largest] {
		assert!(is_valid(input, &simulator::encoded_proof::<Bn254>(input)));
	}
}

#[test]
fn every_bit_of_a_proof_matters() {
	run_with_key(|| {
		let proof = prove(&statement(1));
		for bit in 0..proof.len() * 8 {
			let mut flipped = proof.clone();
			flipped[bit / 8] ^= 1 << (bit % 8);
			let result = verify(1, &statement(1), &flipped);
			assert!(
				result == Err(Error::<Test>::MalformedProof.into())
					|| result == Err(Error::<Test>::InvalidProof.into()),
				"bit {bit}: {result:?}"
			);
		}
	});
}

#[test]
fn only_one_length_is_good() {
	run_with_key(|| {
		let mut proof = prove(&statement(1));
		proof.resize(200, 0);
		for length in 0..=200 {
			let result = verify(1, &statement(1), &proof[..length]);
			if length == 128 {
				assert_ok!(result);
			} else {
				assert_noop!(result, Error::<Test>::MalformedProof);
			}
		}
	});
}

#[test]
fn a_proof_needs_the_version_of_a_key() {
	run_with_key(|| {
		for version in [0, 2, u32::MAX] {
			assert_noop!(
				verify(version, &statement(1), &prove(&statement(1))),
				Error::<Test>::UnknownKey
			);
		}
	});
}

#[test]
fn proofs_by_a_removed_key_are_refused_at_once() {
	run_with_key(|| {
		assert_ok!(add_key(key()));
		assert_ok!(activate_key(2));
		assert_ok!(verify(1, &statement(1), &prove(&statement(1))));
		assert_ok!(remove_key(1));
		assert_noop!(verify(1, &statement(1), &prove(&statement(1))), Error::<Test>::UnknownKey);
		assert_ok!(verify(2, &statement(1), &prove(&statement(1))));
	});
}

#[test]
fn a_verification_weighs_something() {
	run(|| assert!(!<Verifier as ProofVerifier>::weight().any_lt(1.into())));
}
