// SPDX-License-Identifier: Apache-2.0

//! A key whose secret numbers are known, so that good proofs come without a circuit: what a
//! set-up's participants must not keep.

use crate::{
	groth16::{decode_input, encode_key, encode_proof},
	KeyVersion,
};
use alloc::vec::Vec;
use ark_ec::{pairing::Pairing, AffineRepr};
use ark_ff::Field;
use ark_groth16::{Proof, VerifyingKey};
use sp_core::H256;

const ALPHA: u64 = 2;
const BETA: u64 = 3;
const GAMMA: u64 = 5;
const DELTA: u64 = 7;
const CONSTANT: u64 = 11;
const COEFFICIENT: u64 = 13;
/// Any two do for a proof.
const A: u64 = 17;
const B: u64 = 19;

/// The key.
pub fn key<E: Pairing>() -> VerifyingKey<E> {
	let g1 = |number: u64| (E::G1Affine::generator() * E::ScalarField::from(number)).into();
	let g2 = |number: u64| (E::G2Affine::generator() * E::ScalarField::from(number)).into();
	VerifyingKey {
		alpha_g1: g1(ALPHA),
		beta_g2: g2(BETA),
		gamma_g2: g2(GAMMA),
		delta_g2: g2(DELTA),
		gamma_abc_g1: [g1(CONSTANT), g1(COEFFICIENT)].into(),
	}
}

/// A good proof for `input`: what A and B leave of the equation is C.
pub fn prove<E: Pairing>(input: E::ScalarField) -> Proof<E> {
	let [a, b] = [A, B].map(E::ScalarField::from);
	let [alpha, beta, gamma, delta, constant, coefficient] =
		[ALPHA, BETA, GAMMA, DELTA, CONSTANT, COEFFICIENT].map(E::ScalarField::from);
	let inputs = constant + input * coefficient;
	let inverse = delta.inverse().expect("it is not 0; qed");
	let c = (a * b - alpha * beta - inputs * gamma) * inverse;
	Proof {
		a: (E::G1Affine::generator() * a).into(),
		b: (E::G2Affine::generator() * b).into(),
		c: (E::G1Affine::generator() * c).into(),
	}
}

/// The key, as `add_key` takes it.
pub fn encoded_key<E: Pairing>() -> Vec<u8> {
	encode_key::<E>(&key())
}

/// A good proof for a public input, as the chain takes it, if the key has this version there.
pub fn encoded_proof<E: Pairing>(version: KeyVersion, public_input: H256) -> Vec<u8> {
	let input = decode_input(public_input).expect("a statement's input has 253 bits");
	encode_proof::<E>(version, &prove(input))
}
