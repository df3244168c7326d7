// SPDX-License-Identifier: Apache-2.0

//! Which bytes are the points of a proof.

use crate::{groth16::*, simulator};
use ark_bn254::{Bn254, Fq, Fq2, Fr, G1Affine, G2Affine};
use ark_ec::AffineRepr;
use ark_ff::{BigInteger, Field, PrimeField};
use ark_groth16::Proof;
use ark_serialize::CanonicalSerialize;

/// First bytes of the points A, B and C, and the end.
const A: usize = 0;
const B: usize = 32;
const C: usize = 96;
const END: usize = 128;

fn proof() -> Proof<Bn254> {
	simulator::prove(Fr::from(1))
}

fn encode(proof: &Proof<Bn254>) -> Vec<u8> {
	let mut bytes = vec![];
	proof.serialize_compressed(&mut bytes).unwrap();
	bytes
}

/// A point on the curve of G2, of another order: G2's curve has r times as many points as G2, less
/// a few, so that the first one found is outside.
pub fn outside_the_subgroup() -> G2Affine {
	let point = (1u64..)
		.find_map(|x| G2Affine::get_point_from_x_unchecked(Fq2::from(x), false))
		.unwrap();
	assert!(point.is_on_curve() && !point.is_in_correct_subgroup_assuming_on_curve());
	point
}

/// These bytes in the place of others of a good proof.
fn with(at: usize, bytes: &[u8]) -> Vec<u8> {
	let mut proof = encode(&proof());
	proof[at..at + bytes.len()].copy_from_slice(bytes);
	proof
}

#[test]
fn points_are_read_as_they_were_written() {
	let bytes = encode(&proof());
	assert_eq!(bytes.len(), END);
	assert_eq!(decode_points::<Bn254>(&bytes), Some(proof()));
}

#[test]
fn a_point_off_the_curve_is_refused() {
	// No y for this x.
	let x = (1u64..)
		.map(Fq::from)
		.find(|x| G1Affine::get_point_from_x_unchecked(*x, false).is_none())
		.unwrap();
	let bytes = x.into_bigint().to_bytes_le();
	assert!(decode_points::<Bn254>(&with(A, &bytes)).is_none());
	assert!(decode_points::<Bn254>(&with(C, &bytes)).is_none());

	let x = (1u64..)
		.map(Fq2::from)
		.find(|x| G2Affine::get_point_from_x_unchecked(*x, false).is_none())
		.unwrap();
	let mut bytes = vec![];
	x.serialize_compressed(&mut bytes).unwrap();
	assert!(decode_points::<Bn254>(&with(B, &bytes)).is_none());
}

#[test]
fn a_point_outside_the_subgroup_is_refused() {
	let bytes = encode(&Proof { b: outside_the_subgroup(), ..proof() });
	assert!(decode_points::<Bn254>(&bytes).is_none());
	// Not because of how it is written: the cofactor brings it into the subgroup.
	let inside = outside_the_subgroup().clear_cofactor();
	assert!(!inside.is_zero());
	assert!(decode_points::<Bn254>(&encode(&Proof { b: inside, ..proof() })).is_some());
}

/// The same number plus the field's order has the same remainder, and another encoding.
#[test]
fn a_coordinate_beyond_the_field_is_refused() {
	let x = (1u64..)
		.find(|x| G1Affine::get_point_from_x_unchecked(Fq::from(*x), false).is_some())
		.unwrap();
	let mut beyond = Fq::MODULUS;
	assert!(decode_points::<Bn254>(&with(A, &ark_ff::BigInt::<4>::from(x).to_bytes_le())).is_some());
	assert!(!beyond.add_with_carry(&x.into()));
	assert!(decode_points::<Bn254>(&with(A, &beyond.to_bytes_le())).is_none());
	assert!(decode_points::<Bn254>(&with(C, &beyond.to_bytes_le())).is_none());
}

#[test]
fn infinity_has_one_encoding() {
	let bytes = encode(&Proof { a: G1Affine::zero(), ..proof() });
	assert!(decode_points::<Bn254>(&bytes).is_some());
	for byte in A..B - 1 {
		let mut other = bytes.clone();
		other[byte] = 1;
		assert!(decode_points::<Bn254>(&other).is_none(), "byte {byte}");
	}
	// Both flags.
	assert!(decode_points::<Bn254>(&with(B - 1, &[0xc0])).is_none());
}

#[test]
fn points_at_infinity_prove_nothing() {
	let zero = Proof { a: G1Affine::zero(), b: G2Affine::zero(), c: G1Affine::zero() };
	let input = Fr::from(1);
	for proof in [
		Proof { a: zero.a, ..proof() },
		Proof { b: zero.b, ..proof() },
		Proof { c: zero.c, ..proof() },
		zero,
	] {
		let proof = decode_points::<Bn254>(&encode(&proof)).unwrap();
		assert!(!verify(&simulator::key(), input, &proof));
	}
	assert!(verify(&simulator::key(), input, &proof()));
}

#[test]
fn inputs_are_big_endian_numbers_of_253_bits() {
	let mut bytes = [0; 32];
	bytes[31] = 1;
	assert_eq!(decode_input::<Fr>(bytes), Some(Fr::from(1)));
	bytes[30] = 1;
	assert_eq!(decode_input::<Fr>(bytes), Some(Fr::from(257)));
	let mut largest = [0xff; 32];
	largest[0] = 0x1f;
	let expected = Fr::from(2).pow([253]) - Fr::from(1);
	assert_eq!(decode_input::<Fr>(largest), Some(expected));
	for bit in 5..8 {
		let mut bytes = [0; 32];
		bytes[0] = 1 << bit;
		assert_eq!(decode_input::<Fr>(bytes), None);
	}
}
