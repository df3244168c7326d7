// SPDX-License-Identifier: Apache-2.0

//! Encoding of verifying keys, and the keys that allow forgery: rule R15.
//!
//! ## Keys that allow forgery
//!
//! A forger knows the key alone. With I(x) = I₀ + x · I₁, it looks for A, B and C that solve
//! e(A, B) = e(α, β) · e(I(x), γ) · e(C, δ). It finds them if points of the key are equal up to
//! sign. The signs of a row belong together.
//!
//! | key | inputs | A | B | C |
//! |---|---|---|---|---|
//! | γ = ±δ | all | α | β | ∓I(x) |
//! | β = ±δ | all | I(x) | γ | ∓α |
//! | β = ±γ | all | α ± I(x) | β + δ | A |
//! | I₀ = ±α and I₁ = ±α | all, with I(x) = k · α | α | β + k · γ + δ | α |
//! | I₀ = ±α | 0 | α | β ± γ + δ | α |
//! | I₀ = ±I₁ | ∓1 | α | β + δ | α |
//!
//! γ = δ is the key of a set-up whose second phase had no participant. β = γ is that of a first
//! phase without a participant, if γ is the generator.
//!
//! The last two rows forge one input each. No statement hashes to it in practice, and −1 has more
//! than [`INPUT_BITS`](super::INPUT_BITS) bits. No forgery is known for I₁ = ±α alone. An honest
//! set-up makes none of these keys, so the rule has no exceptions: no two points of one group are
//! equal up to sign.
//!
//! A point at infinity removes a factor from the equation. For example, without I₁ a proof of one
//! input is valid for all, and without δ anyone may choose C.
//!
//! A forger that knows another ratio of two points forges likewise. No comparison finds that. The
//! set-up must be trusted for it.

use super::canonical;
use alloc::vec::Vec;
use ark_ec::{pairing::Pairing, AffineRepr};
use ark_groth16::VerifyingKey;
use ark_serialize::{CanonicalDeserialize, CanonicalSerialize, Compress, Valid, Validate};

/// Reason why bytes are rejected as a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyError {
	/// The bytes are not the canonical encoding of a key of one public input, or a point is off the
	/// curve or outside of the prime-order subgroup.
	Malformed,
	/// A point is at infinity, or two points of one group are equal up to sign.
	AllowsForgery,
}

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

/// Decodes and checks an untrusted key.
pub fn decode_key<E: Pairing>(bytes: &[u8]) -> Result<VerifyingKey<E>, KeyError> {
	let key = decode_stored_key::<E>(bytes).ok_or(KeyError::Malformed)?;
	let [constant, coefficient] = key.gamma_abc_g1[..] else {
		return Err(KeyError::Malformed);
	};
	// Comparing the bytes rejects trailing bytes, too. The points are checked here and not while
	// they are read: there, arkworks does not look for points off the curve BLS12-381.
	if encode_key(&key) != bytes || key.check().is_err() {
		return Err(KeyError::Malformed);
	}
	let is_sound = are_independent([key.alpha_g1, constant, coefficient])
		&& are_independent([key.beta_g2, key.gamma_g2, key.delta_g2]);
	is_sound.then_some(key).ok_or(KeyError::AllowsForgery)
}

/// Decodes a stored key without the checks of [`decode_key`], which it passed before it was stored.
pub fn decode_stored_key<E: Pairing>(mut bytes: &[u8]) -> Option<VerifyingKey<E>> {
	VerifyingKey::deserialize_with_mode(&mut bytes, Compress::No, Validate::No).ok()
}

/// Returns `true` if no point is at infinity, and no two points are equal up to sign.
fn are_independent<P: AffineRepr>(points: [P; 3]) -> bool {
	let differ = |one: P, other: P| one != other && one != -other;
	let [first, second, third] = points;
	points.iter().all(|point| !point.is_zero())
		&& differ(first, second)
		&& differ(first, third)
		&& differ(second, third)
}
