// SPDX-License-Identifier: Apache-2.0

//! Keys with known secret numbers, for valid proofs without a circuit.
//!
//! The participants of a real set-up must delete these numbers.

use crate::groth16::{decode_input, encode_key, encode_proof};
use alloc::vec::Vec;
use ark_ec::{pairing::Pairing, AffineRepr};
use ark_ff::Field;
use ark_groth16::{Proof, VerifyingKey};
use prover_pool_primitives::Hash;

const ALPHA: u64 = 2;
const BETA: u64 = 3;
const GAMMA: u64 = 5;
const DELTA: u64 = 7;
const CONSTANT: u64 = 11;
const COEFFICIENT: u64 = 13;
/// Arbitrary: any two numbers give a proof.
const A: u64 = 17;
const B: u64 = 19;

/// Returns the key of set-up 0.
pub fn key<E: Pairing>() -> VerifyingKey<E> {
	key_of(0)
}

/// Returns the key of a set-up. The set-ups differ in α alone.
fn key_of<E: Pairing>(setup: u32) -> VerifyingKey<E> {
	let g1 = |number: u64| (E::G1Affine::generator() * E::ScalarField::from(number)).into();
	let g2 = |number: u64| (E::G2Affine::generator() * E::ScalarField::from(number)).into();
	VerifyingKey {
		alpha_g1: g1(alpha_of(setup)),
		beta_g2: g2(BETA),
		gamma_g2: g2(GAMMA),
		delta_g2: g2(DELTA),
		gamma_abc_g1: [g1(CONSTANT), g1(COEFFICIENT)].into(),
	}
}

/// Returns a valid proof for `input` by the key of set-up 0.
pub fn prove<E: Pairing>(input: E::ScalarField) -> Proof<E> {
	prove_by(0, input)
}

/// Returns a valid proof for `input` by the key of a set-up: A and B are arbitrary, and C solves the
/// equation.
fn prove_by<E: Pairing>(setup: u32, input: E::ScalarField) -> Proof<E> {
	let [a, b] = [A, B].map(E::ScalarField::from);
	let [alpha, beta, gamma, delta, constant, coefficient] =
		[alpha_of(setup), BETA, GAMMA, DELTA, CONSTANT, COEFFICIENT].map(E::ScalarField::from);
	let inputs = constant + input * coefficient;
	let inverse = delta.inverse().expect("it is not 0; qed");
	let c = (a * b - alpha * beta - inputs * gamma) * inverse;
	Proof {
		a: (E::G1Affine::generator() * a).into(),
		b: (E::G2Affine::generator() * b).into(),
		c: (E::G1Affine::generator() * c).into(),
	}
}

/// Returns the key of set-up 0 in the encoding of `add_key`.
pub fn encoded_key<E: Pairing>() -> Vec<u8> {
	encoded_key_of::<E>(0)
}

/// Returns the key of a set-up in the encoding of `add_key`.
pub fn encoded_key_of<E: Pairing>(setup: u32) -> Vec<u8> {
	encode_key::<E>(&key_of(setup))
}

/// Returns an encoded valid proof for a public input by the key of set-up 0.
pub fn encoded_proof<E: Pairing>(public_input: Hash) -> Vec<u8> {
	encoded_proof_by::<E>(0, public_input)
}

/// Returns an encoded valid proof for a public input by the key of a set-up.
pub fn encoded_proof_by<E: Pairing>(setup: u32, public_input: Hash) -> Vec<u8> {
	let input = decode_input(public_input).expect("a statement's input has 253 bits");
	encode_proof::<E>(&prove_by(setup, input))
}

fn alpha_of(setup: u32) -> u64 {
	ALPHA | u64::from(setup) << 32
}
