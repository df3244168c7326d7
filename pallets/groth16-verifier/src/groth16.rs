// SPDX-License-Identifier: Apache-2.0

//! Groth16 over bytes: how keys and proofs are written, and the equation that a proof solves. No
//! storage and no FRAME here.
//!
//! Whatever is read is canonical: each value has one encoding, and any other is refused. Without
//! that, the byte that marks a point at infinity would leave the others of the point free.

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

/// Bits of a public input that can be set: what `Statement::public_input` leaves.
pub const INPUT_BITS: u32 = 253;

/// Size of a key of one public input, in bytes.
pub fn key_size<E: Pairing>() -> usize {
	let key =
		VerifyingKey::<E> { gamma_abc_g1: [E::G1Affine::zero(); 2].into(), ..Default::default() };
	key.serialized_size(Compress::No)
}

/// The bytes of a key, for `add_key`: arkworks' uncompressed encoding, because a point that is
/// read at every proof should not need a square root. With e(α, β) beside it a verification would
/// take a seventh less time, and the key two thirds more bytes of every proof of validity.
pub fn encode_key<E: Pairing>(key: &VerifyingKey<E>) -> Vec<u8> {
	canonical(key, Compress::No)
}

/// Reads a key that anybody may have written, with every check that there is.
///
/// `None` unless its points are on the curve and in the subgroup of prime order, there is one
/// public input, and nothing is left over. No point may be at infinity: some of them would make
/// every proof good, or one proof good for every input, and an honest set-up makes none.
pub fn decode_key<E: Pairing>(bytes: &[u8]) -> Option<VerifyingKey<E>> {
	let key = read_key::<E>(bytes, Validate::Yes)?;
	let has_infinity = key.alpha_g1.is_zero()
		|| [key.beta_g2, key.gamma_g2, key.delta_g2].iter().any(|point| point.is_zero())
		|| key.gamma_abc_g1.iter().any(|point| point.is_zero());
	let is_sound = key.gamma_abc_g1.len() == 2 && !has_infinity;
	(is_sound && encode_key(&key) == bytes).then_some(key)
}

/// Reads a key that passed [`decode_key`] before it was stored, and so without its checks.
pub fn decode_stored_key<E: Pairing>(bytes: &[u8]) -> Option<VerifyingKey<E>> {
	read_key(bytes, Validate::No)
}

fn read_key<E: Pairing>(mut bytes: &[u8], validate: Validate) -> Option<VerifyingKey<E>> {
	VerifyingKey::deserialize_with_mode(&mut bytes, Compress::No, validate).ok()
}

/// The bytes of a proof, as the chain takes it: the version of the key that it is for (u32 in
/// little-endian), then arkworks' compressed encoding of its points.
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

/// Reads the points of a proof.
///
/// `None` unless they are on the curve, in the subgroup of prime order and canonical, and nothing
/// is left over.
pub fn decode_points<E: Pairing>(bytes: &[u8]) -> Option<Proof<E>> {
	let proof = Proof::deserialize_compressed(&mut &bytes[..]).ok()?;
	(canonical(&proof, Compress::Yes) == bytes).then_some(proof)
}

/// A public input as a number. `None` when it has more than [`INPUT_BITS`] bits: as a number modulo
/// the field's order it could stand for another input.
pub fn decode_input<F: PrimeField>(input: H256) -> Option<F> {
	let fits = u32::from(input[0]) >> (INPUT_BITS % 8) == 0;
	fits.then(|| F::from_be_bytes_mod_order(input.as_bytes()))
}

/// Whether `proof` is good for `input`: e(A, B) = e(α, β) · e(I₀ + input · I₁, γ) · e(C, δ), in the
/// notation of [Groth's paper](https://eprint.iacr.org/2016/260).
pub fn verify<E: Pairing>(key: &VerifyingKey<E>, input: E::ScalarField, proof: &Proof<E>) -> bool {
	let [constant, coefficient] = key.gamma_abc_g1[..] else {
		return false;
	};
	let inputs = coefficient * input + constant;
	// All on one side, so that there is one final exponentiation.
	let product = E::multi_miller_loop(
		[proof.a.into_group(), -key.alpha_g1.into_group(), -inputs, -proof.c.into_group()],
		[proof.b, key.beta_g2, key.gamma_g2, key.delta_g2],
	);
	E::final_exponentiation(product).is_some_and(|result| result == PairingOutput::zero())
}

fn canonical(value: &impl CanonicalSerialize, compress: Compress) -> Vec<u8> {
	let mut bytes = Vec::with_capacity(value.serialized_size(compress));
	// Writing to a vector cannot fail, and a value cut short would not be read as anything.
	let _ = value.serialize_with_mode(&mut bytes, compress);
	bytes
}
