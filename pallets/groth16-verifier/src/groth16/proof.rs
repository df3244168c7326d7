// SPDX-License-Identifier: Apache-2.0

//! Encoding of proofs and public inputs, and the equation that a proof solves.

use super::canonical;
use alloc::vec::Vec;
use ark_ec::{
	pairing::{Pairing, PairingOutput},
	AffineRepr,
};
use ark_ff::{PrimeField, Zero};
use ark_groth16::{Proof, VerifyingKey};
use ark_serialize::{CanonicalDeserialize, Compress};
use prover_pool_primitives::Hash;

/// Number of bits of a public input. `public_input` clears the others.
pub const INPUT_BITS: u32 = 253;

/// Encodes a proof: its points by arkworks' compressed encoding.
pub fn encode_proof<E: Pairing>(proof: &Proof<E>) -> Vec<u8> {
	canonical(proof, Compress::Yes)
}

/// Decodes the points of a proof.
///
/// Returns `None` unless all points are on the curve, in the prime-order subgroup and canonical,
/// and no bytes are left.
pub fn decode_points<E: Pairing>(bytes: &[u8]) -> Option<Proof<E>> {
	let proof = Proof::deserialize_compressed(&mut &bytes[..]).ok()?;
	(canonical(&proof, Compress::Yes) == bytes).then_some(proof)
}

/// Decodes a public input. Returns `None` if it has more than [`INPUT_BITS`] bits, because modulo
/// the field's order it could equal another input.
pub fn decode_input<F: PrimeField>(input: Hash) -> Option<F> {
	let fits = u32::from(input[0]) >> (INPUT_BITS % 8) == 0;
	fits.then(|| F::from_be_bytes_mod_order(&input))
}

/// Returns `true` if `proof` is valid for `input`: e(A, B) = e(α, β) · e(I₀ + input · I₁, γ) ·
/// e(C, δ), in the notation of [Groth's paper](https://eprint.iacr.org/2016/260).
pub fn verify<E: Pairing>(key: &VerifyingKey<E>, input: E::ScalarField, proof: &Proof<E>) -> bool {
	let [constant, coefficient] = key.gamma_abc_g1[..] else {
		return false;
	};
	let inputs = coefficient * input + constant;
	// With all pairings on one side, one final exponentiation is enough.
	let product = E::multi_miller_loop(
		[proof.a.into_group(), -key.alpha_g1.into_group(), -inputs, -proof.c.into_group()],
		[proof.b, key.beta_g2, key.gamma_g2, key.delta_g2],
	);
	E::final_exponentiation(product).is_some_and(|result| result == PairingOutput::zero())
}
