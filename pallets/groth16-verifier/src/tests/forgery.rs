// SPDX-License-Identifier: Apache-2.0

//! Keys that allow forgery, each with the proof that it allows: rule R15, attack 13.
//!
//! A forger uses the points of the key alone. The equation accepts its proof, and no call and no
//! genesis accepts the key.

use crate::{
	groth16::{
		decode_input, decode_key, decode_points, encode_key, encode_proof, verify, KeyError,
	},
	mock::*,
	simulator, Error, Keys,
};
use ark_bls12_381::Bls12_381;
use ark_bn254::{Bn254, Fr};
use ark_ec::{pairing::Pairing, AffineRepr};
use ark_ff::{AdditiveGroup, BigInteger, Field, One, PrimeField};
use ark_groth16::{Proof, VerifyingKey};
use frame_support::{assert_noop, assert_ok};
use prover_pool_primitives::public_input;
use std::panic::{catch_unwind, AssertUnwindSafe};

/// Returns I(x), the point of an input.
fn inputs<E: Pairing>(key: &VerifyingKey<E>, input: E::ScalarField) -> E::G1 {
	key.gamma_abc_g1[1] * input + key.gamma_abc_g1[0]
}

/// Returns the input of a statement.
fn input_of<F: PrimeField>(block_id: u64) -> F {
	decode_input(public_input(&statement(block_id))).unwrap()
}

/// Returns inputs of statements, and small ones.
fn samples<F: PrimeField>() -> [F; 5] {
	[input_of(1), input_of(2), F::ZERO, F::from(2u64), F::from(7u64)]
}

fn is_refused<E: Pairing>(key: &VerifyingKey<E>) -> bool {
	decode_key::<E>(&encode_key(key)) == Err(KeyError::AllowsForgery)
}

/// Asserts that the simulator's key after `change` allows `forge`, and that it is refused. Runs
/// with both signs.
fn assert_forgeable<E: Pairing>(
	fault: &str,
	inputs: &[E::ScalarField],
	change: impl Fn(&mut VerifyingKey<E>, E::ScalarField),
	forge: impl Fn(&VerifyingKey<E>, E::ScalarField, E::ScalarField) -> Proof<E>,
) {
	let (mut forged, mut keys, mut accepted) = (0, 0, 0);
	for sign in [E::ScalarField::ONE, -E::ScalarField::ONE] {
		let mut key = simulator::key::<E>();
		change(&mut key, sign);
		for input in inputs {
			let proof = forge(&key, sign, *input);
			// A check of proofs for infinity would not help.
			assert!(!proof.a.is_zero() && !proof.b.is_zero() && !proof.c.is_zero());
			let proof = decode_points::<E>(&encode_proof(&proof)).unwrap();
			assert!(verify(&key, *input, &proof), "sign {sign}, input {input}");
			assert!(!verify(&simulator::key(), *input, &proof));
			forged += 1;
		}
		keys += 1;
		accepted += usize::from(!is_refused(&key));
	}
	print_forgeries(fault, forged, keys, accepted);
	assert_eq!(accepted, 0);
}

/// Prints the number of proofs that keys with a fault allow to forge, and of keys that are accepted.
fn print_forgeries(fault: &str, forged: usize, keys: usize, accepted: usize) {
	println!(
		"attack 13: {fault}: {forged} proofs forged without a secret, {accepted} of {keys} keys \
		 accepted"
	);
}

fn gamma_is_delta<E: Pairing>() {
	assert_forgeable::<E>(
		"γ = ±δ",
		&samples(),
		|key, sign| key.gamma_g2 = (key.delta_g2 * sign).into(),
		|key, sign, input| {
			let c = (inputs(key, input) * -sign).into();
			Proof { a: key.alpha_g1, b: key.beta_g2, c }
		},
	);
}

#[test]
fn attack_13_gamma_equal_to_delta_up_to_sign_forges_any_input() {
	gamma_is_delta::<Bn254>();
	gamma_is_delta::<Bls12_381>();
}

/// C' = C ± (I(x) − I(x')) turns a valid proof of x into one of x'.
#[test]
fn attack_13_gamma_equal_to_delta_up_to_sign_moves_a_proof_to_another_input() {
	let from = input_of(1);
	assert_forgeable::<Bn254>(
		"γ = ±δ, a proof of another input",
		&[input_of(2)],
		|key, sign| key.gamma_g2 = (key.delta_g2 * sign).into(),
		|key, sign, input| {
			let c = (inputs(key, from) * -sign + key.alpha_g1).into();
			let b = (key.beta_g2 + key.delta_g2).into();
			let valid = Proof { a: key.alpha_g1, b, c };
			assert!(verify(key, from, &valid) && !verify(key, input, &valid));
			let difference = inputs(key, from) - inputs(key, input);
			Proof { c: (difference * sign + valid.c).into(), ..valid }
		},
	);
}

fn beta_is_delta<E: Pairing>() {
	assert_forgeable::<E>(
		"δ = ±β",
		&samples(),
		|key, sign| key.delta_g2 = (key.beta_g2 * sign).into(),
		|key, sign, input| {
			let c = (key.alpha_g1 * -sign).into();
			Proof { a: inputs(key, input).into(), b: key.gamma_g2, c }
		},
	);
}

#[test]
fn attack_13_delta_equal_to_beta_up_to_sign_forges_any_input() {
	beta_is_delta::<Bn254>();
	beta_is_delta::<Bls12_381>();
}

fn beta_is_gamma<E: Pairing>() {
	assert_forgeable::<E>(
		"γ = ±β",
		&samples(),
		|key, sign| key.gamma_g2 = (key.beta_g2 * sign).into(),
		|key, sign, input| {
			let point = (inputs(key, input) * sign + key.alpha_g1).into();
			Proof { a: point, b: (key.beta_g2 + key.delta_g2).into(), c: point }
		},
	);
}

#[test]
fn attack_13_gamma_equal_to_beta_up_to_sign_forges_any_input() {
	beta_is_gamma::<Bn254>();
	beta_is_gamma::<Bls12_381>();
}

/// Returns a forged proof for an input with I(x) = `factor` · α.
fn forge_by_alpha<E: Pairing>(key: &VerifyingKey<E>, factor: E::ScalarField) -> Proof<E> {
	let b = (key.gamma_g2 * factor + key.beta_g2 + key.delta_g2).into();
	Proof { a: key.alpha_g1, b, c: key.alpha_g1 }
}

fn inputs_are_alpha<E: Pairing>() {
	for constant in [E::ScalarField::ONE, -E::ScalarField::ONE] {
		assert_forgeable::<E>(
			"I₀ = ±α and I₁ = ±α",
			&samples(),
			|key, coefficient| {
				let signs = [constant, coefficient];
				key.gamma_abc_g1 = signs.map(|sign| (key.alpha_g1 * sign).into()).into();
			},
			|key, coefficient, input| forge_by_alpha(key, constant + coefficient * input),
		);
	}
}

#[test]
fn attack_13_both_points_of_the_inputs_equal_to_alpha_up_to_sign_forge_any_input() {
	inputs_are_alpha::<Bn254>();
	inputs_are_alpha::<Bls12_381>();
}

#[test]
fn attack_13_the_constant_equal_to_alpha_up_to_sign_forges_the_input_0() {
	assert_forgeable::<Bn254>(
		"I₀ = ±α, the input 0",
		&[Fr::ZERO],
		|key, sign| key.gamma_abc_g1[0] = (key.alpha_g1 * sign).into(),
		|key, sign, _| forge_by_alpha(key, sign),
	);
}

fn constant_is_coefficient<E: Pairing>() {
	let one = E::ScalarField::ONE;
	let (mut forged, mut accepted) = (0, 0);
	// The input whose point is at infinity.
	for input in [one, -one] {
		let mut key = simulator::key::<E>();
		key.gamma_abc_g1[0] = (key.gamma_abc_g1[1] * -input).into();
		assert!(inputs(&key, input).into().is_zero());
		let proof = forge_by_alpha(&key, E::ScalarField::ZERO);
		assert!(verify(&key, input, &proof) && !verify(&simulator::key(), input, &proof));
		forged += 1;
		accepted += usize::from(!is_refused(&key));
		// Of 1 and −1, only 1 is a number of 253 bits.
		let bytes = input.into_bigint().to_bytes_be().try_into().unwrap();
		assert_eq!(decode_input::<E::ScalarField>(bytes).is_some(), input.is_one());
	}
	print_forgeries("I₀ = ±I₁, one input", forged, forged, accepted);
	assert_eq!(accepted, 0);
}

#[test]
fn attack_13_equal_points_of_the_inputs_up_to_sign_forge_one_input() {
	constant_is_coefficient::<Bn254>();
	constant_is_coefficient::<Bls12_381>();
}

/// Infinity removes a factor of the equation.
#[test]
fn attack_13_a_point_at_infinity_in_the_key_forges() {
	type Key = VerifyingKey<Bn254>;
	type Change = fn(&mut Key);
	type Forgery<'a> = &'a dyn Fn(&Key) -> Proof<Bn254>;
	let input = input_of(1);
	let by_inputs = |key: &Key| {
		let point = inputs(key, input).into();
		Proof { a: point, b: (key.gamma_g2 + key.delta_g2).into(), c: point }
	};
	let cases: [(Change, Forgery); 4] = [
		(|key| key.alpha_g1 = AffineRepr::zero(), &by_inputs),
		(|key| key.beta_g2 = AffineRepr::zero(), &by_inputs),
		(|key| key.gamma_g2 = AffineRepr::zero(), &|key| forge_by_alpha(key, Fr::ZERO)),
		// A proof of another input is valid for this one.
		(|key| key.gamma_abc_g1[1] = AffineRepr::zero(), &|_| simulator::prove(Fr::ZERO)),
	];
	let (mut forged, mut accepted) = (0, 0);
	for (change, forge) in cases {
		let mut key = simulator::key();
		change(&mut key);
		assert!(verify(&key, input, &forge(&key)));
		forged += 1;
		accepted += usize::from(!is_refused(&key));
	}

	// Without I₀ the input 0 is forged.
	let mut key = simulator::key::<Bn254>();
	key.gamma_abc_g1[0] = AffineRepr::zero();
	assert!(verify(&key, Fr::ZERO, &forge_by_alpha(&key, Fr::ZERO)));
	forged += 1;
	accepted += usize::from(!is_refused(&key));
	print_forgeries("a point at infinity", forged, forged, accepted);
	assert_eq!(accepted, 0);
}

/// A valid proof stays valid whatever C is.
#[test]
fn attack_13_delta_at_infinity_lets_anyone_choose_c() {
	let generator = ark_bn254::G1Affine::generator();
	let mut key = simulator::key::<Bn254>();
	key.delta_g2 = AffineRepr::zero();
	// A = α · β + I(1) · γ with B = 1, by the simulator's numbers.
	let a = (generator * Fr::from(2 * 3 + (11 + 13) * 5)).into();
	let choices = [1, 2, 3].map(|number| (generator * Fr::from(number)).into());
	for c in choices {
		assert!(verify(&key, Fr::ONE, &Proof { a, b: AffineRepr::generator(), c }));
	}
	let accepted = usize::from(!is_refused(&key));
	println!(
		"attack 13: δ at infinity: {} values of C valid in one proof, {accepted} keys accepted",
		choices.len(),
	);
	assert_eq!(accepted, 0);
}

/// No forgery is known. The rule that no two points of a group are equal has no exception.
#[test]
fn r15_the_coefficient_equal_to_alpha_up_to_sign_is_refused() {
	for sign in [Fr::ONE, -Fr::ONE] {
		let mut key = simulator::key::<Bn254>();
		key.gamma_abc_g1[1] = (key.alpha_g1 * sign).into();
		assert!(is_refused(&key));
	}
}

/// The boundary of the checks: only equality counts, and no other ratio can be found.
#[test]
fn r15_points_that_are_not_equal_up_to_sign_are_accepted() {
	let [two, minus_four] = [Fr::from(2), -Fr::from(4)];
	let mut key = simulator::key::<Bn254>();
	key.gamma_g2 = (key.beta_g2 * two).into();
	key.delta_g2 = (key.beta_g2 * minus_four).into();
	key.gamma_abc_g1 = [two, minus_four].map(|factor| (key.alpha_g1 * factor).into()).into();
	assert_eq!(decode_key::<Bn254>(&encode_key(&key)), Ok(key));
}

/// Returns keys with each pair of a group equal, with both signs.
fn forgeable_keys() -> Vec<VerifyingKey<Bn254>> {
	let changes: [fn(&mut VerifyingKey<Bn254>, Fr); 6] = [
		|key, sign| key.gamma_g2 = (key.beta_g2 * sign).into(),
		|key, sign| key.delta_g2 = (key.beta_g2 * sign).into(),
		|key, sign| key.delta_g2 = (key.gamma_g2 * sign).into(),
		|key, sign| key.gamma_abc_g1[0] = (key.alpha_g1 * sign).into(),
		|key, sign| key.gamma_abc_g1[1] = (key.alpha_g1 * sign).into(),
		|key, sign| key.gamma_abc_g1[1] = (key.gamma_abc_g1[0] * sign).into(),
	];
	let mut keys = vec![];
	for sign in [Fr::ONE, -Fr::ONE] {
		for change in changes {
			let mut key = simulator::key();
			change(&mut key, sign);
			keys.push(key);
		}
	}
	keys
}

#[test]
fn attack_13_no_call_and_no_genesis_accepts_a_key_that_allows_forgery() {
	IsPaused::set(true);
	let keys = forgeable_keys();
	let (offered, mut added) = (keys.len(), 0);
	for forgeable in keys {
		let bytes = encode_key(&forgeable);
		run_with_key(|| {
			let before = Keys::<Test>::iter().count();
			assert_noop!(add_key(bytes.clone()), Error::<Test>::ForgeableKey);
			assert_noop!(replace_key(1, bytes.clone()), Error::<Test>::ForgeableKey);
			assert!(Replaced::get().is_empty());
			added += Keys::<Test>::iter().count() - before;
		});
		let panic = catch_unwind(AssertUnwindSafe(|| genesis(Some(bytes)))).err().unwrap();
		assert!(panic.downcast_ref::<String>().unwrap().contains("ForgeableKey"));
	}
	println!("attack 13: {offered} keys with equal points offered by 2 calls: {added} added");
}

/// The checks of the key are the only defence.
#[test]
fn attack_13_without_the_checks_the_chain_would_accept_a_forged_proof() {
	genesis(None).execute_with(|| {
		let mut key = simulator::key::<Bn254>();
		key.gamma_g2 = key.delta_g2;
		Keys::<Test>::insert(1, sp_runtime::BoundedVec::truncate_from(encode_key(&key)));
		let c = (-inputs(&key, input_of(1))).into();
		let forged = encode_proof(&Proof::<Bn254> { a: key.alpha_g1, b: key.beta_g2, c });
		assert_ok!(crate::mock::verify(1, &statement(1), &forged));
		let accepted = usize::from(!is_refused(&key));
		print_forgeries("γ = δ, stored past the checks", 1, 1, accepted);
	});
}
