// SPDX-License-Identifier: Apache-2.0

//! Groth16 over bytes: encoding of keys and proofs, and the equation that a proof solves. No
//! storage and no FRAME here.
//!
//! Decoding accepts only the canonical encoding of a value. Otherwise the flag of a point at
//! infinity would leave the other bytes of the point free.

use alloc::vec::Vec;
use ark_ec::{
	pairing::{Pairing, PairingOutput},
	AffineRepr,
};
use ark_ff::{PrimeField, Zero};
use ark_groth16::{Proof, VerifyingKey};
use ark_serialize::{CanonicalDeserialize, CanonicalSerialize, Compress, Validate};
use codec::{Decode, Encode};
use sp_core::H256;

use crate::KeyVersion;

/// Number of bits of a public input. `Statement::public_input` clears the others.
pub const INPUT_BITS: u32 = 253;

/// Returns the size of a key of one public input, in bytes.
pub fn key_size<E: Pairing>() -> usize {
	let key =
		VerifyingKey::<E> { gamma_abc_g1: [E::G1Affine::zero(); 2].into(), ..Default::default() };
	key.serialized_size(Compress::No)
}

/// Encodes a key for `add_key`, by arkworks' uncompressed encoding.
///
/// A compressed point would need a square root at every verification. Storing e(α, β) with the key
/// would save a seventh of the verification time. It would add two thirds of the key's size to
/// every proof of validity.
pub fn encode_key<E: Pairing>(key: &VerifyingKey<E>) -> Vec<u8> {
	canonical(key, Compress::No)
}

/// Decodes and validates an untrusted key.
///
/// Returns `None` unless all points are on the curve and in the prime-order subgroup, there is one
/// public input, and no bytes are left. A point at infinity is rejected: some would make every
/// proof valid, or one proof valid for every input. An honest set-up makes none.
pub fn decode_key<E: Pairing>(bytes: &[u8]) -> Option<VerifyingKey<E>> {
	let key = read_key::<E>(bytes, Validate::Yes)?;
	let has_infinity = key.alpha_g1.is_zero()
		|| [key.beta_g2, key.gamma_g2, key.delta_g2].iter().any(|point| point.is_zero())
		|| key.gamma_abc_g1.iter().any(|point| point.is_zero());
	let is_sound = key.gamma_abc_g1.len() == 2 && !has_infinity;
	(is_sound && encode_key(&key) == bytes).then_some(key)
}

/// Decodes a stored key without the checks of [`decode_key`], which it passed before it was stored.
pub fn decode_stored_key<E: Pairing>(bytes: &[u8]) -> Option<VerifyingKey<E>> {
	read_key(bytes, Validate::No)
}

fn read_key<E: Pairing>(mut bytes: &[u8], validate: Validate) -> Option<VerifyingKey<E>> {
	VerifyingKey::deserialize_with_mode(&mut bytes, Compress::No, validate).ok()
}

/// Encodes a proof: the version of its key as little-endian `u32`, then its points by arkworks'
/// compressed encoding.
pub fn encode_proof<E: Pairing>(version: KeyVersion, proof: &Proof<E>) -> Vec<u8> {
	let mut bytes = version.encode();
	bytes.extend(canonical(proof, Compress::Yes));
	bytes
}

/// Splits a proof into the version of its key and the bytes of its points.
pub fn split_proof(mut bytes: &[u8]) -> Option<(KeyVersion, &[u8])> {
	let version = KeyVersion::decode(&mut bytes).ok()?;
	Some((version, bytes))
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
pub fn decode_input<F: PrimeField>(input: H256) -> Option<F> {
	let fits = u32::from(input[0]) >> (INPUT_BITS % 8) == 0;
	fits.then(|| F::from_be_bytes_mod_order(input.as_bytes()))
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

fn canonical(value: &impl CanonicalSerialize, compress: Compress) -> Vec<u8> {
	let mut bytes = Vec::with_capacity(value.serialized_size(compress));
	// Writing to a vector cannot fail, and a truncated value would not decode.
	let _ = value.serialize_with_mode(&mut bytes, compress);
	bytes
}
