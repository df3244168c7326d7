// SPDX-License-Identifier: Apache-2.0

//! Keys of a real set-up verify real proofs, on two curves.

use crate::groth16::*;
use ark_bls12_381::Bls12_381;
use ark_bn254::Bn254;
use ark_ec::pairing::Pairing;
use ark_ff::{Field, One};
use ark_groth16::{Groth16, Proof, VerifyingKey};
use ark_relations::{
	gr1cs::{ConstraintSynthesizer, ConstraintSystemRef, Result},
	lc,
};
use ark_snark::{CircuitSpecificSetupSNARK, SNARK};
use ark_std::rand::{rngs::StdRng, SeedableRng};

/// Knowledge of a square root of the public input.
struct SquareRoot<F>(F);

impl<F: Field> ConstraintSynthesizer<F> for SquareRoot<F> {
	fn generate_constraints(self, cs: ConstraintSystemRef<F>) -> Result<()> {
		let square = cs.new_input_variable(|| Ok(self.0.square()))?;
		let root = cs.new_witness_variable(|| Ok(self.0))?;
		cs.enforce_r1cs_constraint(|| lc!() + root, || lc!() + root, || lc!() + square)
	}
}

fn rng() -> StdRng {
	StdRng::seed_from_u64(1)
}

fn set_up<E: Pairing>(root: E::ScalarField) -> (VerifyingKey<E>, Proof<E>) {
	let mut rng = rng();
	let (proving_key, key) = Groth16::<E>::setup(SquareRoot(root), &mut rng).unwrap();
	(key, Groth16::<E>::prove(&proving_key, SquareRoot(root), &mut rng).unwrap())
}

fn a_real_proof_is_good_for_its_input_alone<E: Pairing>() {
	let root = E::ScalarField::from(12_345);
	let square = root.square();
	let (key, proof) = set_up::<E>(root);

	// As the chain does it: the key checked once, then read as it is stored.
	let bytes = encode_key(&key);
	assert_eq!(bytes.len(), key_size::<E>());
	assert_eq!(decode_key::<E>(&bytes), Ok(key.clone()));
	let stored = decode_stored_key::<E>(&bytes).unwrap();
	assert_eq!(stored, key);

	let proof = decode_points::<E>(&encode_proof(&proof)).unwrap();
	assert!(verify(&stored, square, &proof));
	assert!(!verify(&stored, square + E::ScalarField::one(), &proof));
	assert!(!verify(&stored, -square, &proof));

	// The library's verifier says the same.
	assert!(Groth16::<E>::verify(&key, &[square], &proof).unwrap());
}

#[test]
fn a_real_proof_on_bn254_is_good_for_its_input_alone() {
	a_real_proof_is_good_for_its_input_alone::<Bn254>();
}

#[test]
fn a_real_proof_on_bls12_381_is_good_for_its_input_alone() {
	a_real_proof_is_good_for_its_input_alone::<Bls12_381>();
}

/// The paper calls it re-randomisation; the crate docs say why it does not matter.
#[test]
fn a_proof_can_be_made_another_one_of_the_same_input_alone() {
	let root = ark_bn254::Fr::from(12_345);
	let (key, proof) = set_up::<Bn254>(root);
	let other = Groth16::<Bn254>::rerandomize_proof(&key, &proof, &mut rng());
	assert_ne!(other, proof);
	assert!(verify(&key, root.square(), &other));
	assert!(!verify(&key, root, &other));
}

#[test]
fn a_proof_by_another_set_up_is_refused() {
	let root = ark_bn254::Fr::from(12_345);
	let (key, proof) = set_up::<Bn254>(root);
	let other = crate::simulator::prove::<Bn254>(root.square());
	assert!(!verify(&key, root.square(), &other));
	assert!(verify(&crate::simulator::key(), root.square(), &other));
	assert!(!verify(&crate::simulator::key(), root.square(), &proof));
}

#[test]
fn a_key_without_an_input_verifies_nothing() {
	let root = ark_bn254::Fr::from(12_345);
	let (mut key, proof) = set_up::<Bn254>(root);
	key.gamma_abc_g1.pop();
	assert!(!verify(&key, root.square(), &proof));
}

#[test]
fn sizes_are_as_documented() {
	assert_eq!(key_size::<Bn254>(), 584);
	assert_eq!(key_size::<Bls12_381>(), 872);
	assert_eq!(encode_proof::<Bn254>(&Proof::default()).len(), 128);
	assert_eq!(encode_proof::<Bls12_381>(&Proof::default()).len(), 192);
}
