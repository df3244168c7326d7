// SPDX-License-Identifier: Apache-2.0

//! Bytes that are a key: one canonical encoding, of points in the subgroup. Rule R15.

use crate::{groth16::*, mock::*, simulator};
use ark_bls12_381::Bls12_381;
use ark_bn254::{Bn254, Fq, G1Affine, G2Affine};
use ark_ec::{pairing::Pairing, AffineRepr};
use ark_ff::{AdditiveGroup, BigInteger, Field, PrimeField};
use ark_groth16::VerifyingKey;

/// Offsets of α, β, γ, δ, I₀ and I₁ in an encoded key.
const POINTS: [usize; 6] = [0, 64, 192, 320, 456, 520];
/// Their ends.
const ENDS: [usize; 6] = [64, 192, 320, 448, 520, 584];
/// Size of a coordinate in the prime field, in bytes.
const COORDINATE: usize = 32;
/// Flag of a point at infinity, in its last byte.
const INFINITY: u8 = 0x40;

fn simulated() -> VerifyingKey<Bn254> {
	simulator::key()
}

/// Prints the number of keys that were refused.
fn print_refused(fault: &str, refused: usize) {
	println!("attack 13: {refused} keys with {fault} refused");
}

fn is_malformed<E: Pairing>(bytes: &[u8]) -> bool {
	decode_key::<E>(bytes) == Err(KeyError::Malformed)
}

#[test]
fn r15_bytes_left_out_or_over_are_no_key() {
	let key = key();
	assert!(decode_key::<Bn254>(&key).is_ok());
	for length in 0..key.len() {
		assert!(is_malformed::<Bn254>(&key[..length]), "{length} bytes");
	}
	for extra in [&[0][..], &[0; 64]] {
		assert!(is_malformed::<Bn254>(&[&key, extra].concat()));
	}
}

#[test]
fn r15_a_flipped_bit_makes_no_key() {
	let key = key();
	for bit in 0..key.len() * 8 {
		let mut flipped = key.clone();
		flipped[bit / 8] ^= 1 << (bit % 8);
		if let Ok(other) = decode_key::<Bn254>(&flipped) {
			panic!("bit {bit} makes {other:?}");
		}
	}
	print_refused("a flipped bit", key.len() * 8);
}

#[test]
fn r15_another_number_of_inputs_is_no_key() {
	for points in [0, 1, 3, 4] {
		let key = VerifyingKey::<Bn254> {
			gamma_abc_g1: vec![G1Affine::generator(); points],
			..simulated()
		};
		assert!(is_malformed::<Bn254>(&encode_key(&key)), "{points} points");
	}
}

#[test]
fn r15_a_number_of_inputs_beyond_the_bytes_is_no_key() {
	let at = ENDS[3];
	for number in [2u64, 3, 1 << 20, u64::MAX] {
		let mut key = key();
		key[at..at + 8].copy_from_slice(&number.to_le_bytes());
		assert_eq!(decode_key::<Bn254>(&key).is_ok(), number == 2);
	}
}

/// The same number plus the field's order has the same remainder, and another encoding.
#[test]
fn r15_a_coordinate_beyond_the_field_is_no_key() {
	for at in POINTS {
		let mut key = key();
		let mut beyond = Fq::from_le_bytes_mod_order(&key[at..at + COORDINATE]).into_bigint();
		assert!(!beyond.add_with_carry(&Fq::MODULUS));
		key[at..at + COORDINATE].copy_from_slice(&beyond.to_bytes_le());
		assert!(is_malformed::<Bn254>(&key), "point at {at}");
	}
	print_refused("a coordinate beyond the field", POINTS.len());
}

#[test]
fn r15_infinity_with_other_bytes_is_no_key() {
	let mut refused = 0;
	for (start, end) in POINTS.into_iter().zip(ENDS) {
		let mut key = key();
		key[start..end].fill(0);
		key[end - 1] = INFINITY;
		// The canonical infinity decodes, and allows forgery.
		assert_eq!(decode_key::<Bn254>(&key), Err(KeyError::AllowsForgery), "point at {start}");
		for byte in start..end - 1 {
			key[byte] = 1;
			assert!(is_malformed::<Bn254>(&key), "byte {byte}");
			key[byte] = 0;
			refused += 1;
		}
	}
	print_refused("another encoding of infinity", refused);
}

#[test]
fn r15_a_key_with_a_point_at_infinity_is_refused() {
	let with: [fn(&mut VerifyingKey<Bn254>); 6] = [
		|key| key.alpha_g1 = G1Affine::zero(),
		|key| key.beta_g2 = G2Affine::zero(),
		|key| key.gamma_g2 = G2Affine::zero(),
		|key| key.delta_g2 = G2Affine::zero(),
		|key| key.gamma_abc_g1[0] = G1Affine::zero(),
		|key| key.gamma_abc_g1[1] = G1Affine::zero(),
	];
	for change in with {
		let mut key = simulated();
		change(&mut key);
		assert_eq!(decode_key::<Bn254>(&encode_key(&key)), Err(KeyError::AllowsForgery));
	}
	print_refused("a point at infinity", with.len());
}

#[test]
fn r15_a_key_with_a_point_off_the_curve_is_refused() {
	let g1 = G1Affine::new_unchecked(Fq::from(1), Fq::from(1));
	let g2 = G2Affine::new_unchecked(Field::ONE, Field::ONE);
	assert!(!g1.is_on_curve() && !g2.is_on_curve());
	let changes = changes::<Bn254>(g1, g2);
	for change in &changes {
		let mut key = simulated();
		change(&mut key);
		assert!(is_malformed::<Bn254>(&encode_key(&key)));
	}
	print_refused("a point off the curve", changes.len());
}

#[test]
fn r15_a_key_with_a_point_outside_the_subgroup_is_refused() {
	let with: [fn(&mut VerifyingKey<Bn254>) -> &mut G2Affine; 3] =
		[|key| &mut key.beta_g2, |key| &mut key.gamma_g2, |key| &mut key.delta_g2];
	for point in with {
		let mut key = simulated();
		*point(&mut key) = super::points::outside_the_subgroup();
		assert!(is_malformed::<Bn254>(&encode_key(&key)));
	}
	print_refused("a point outside the subgroup", with.len());
}

/// Both curves of BLS12-381 have points outside of the subgroup.
#[test]
fn r15_a_point_outside_the_subgroup_is_refused_on_bls12_381() {
	use ark_bls12_381::{Fq, Fq2, G1Affine, G2Affine};
	let g1 = (1u64..)
		.find_map(|x| G1Affine::get_point_from_x_unchecked(Fq::from(x), false))
		.unwrap();
	let g2 = (1u64..)
		.find_map(|x| G2Affine::get_point_from_x_unchecked(Fq2::from(x), false))
		.unwrap();
	assert!(g1.is_on_curve() && !g1.is_in_correct_subgroup_assuming_on_curve());
	assert!(g2.is_on_curve() && !g2.is_in_correct_subgroup_assuming_on_curve());
	let changes = changes::<Bls12_381>(g1, g2);
	for change in &changes {
		let mut key = simulator::key();
		change(&mut key);
		assert!(is_malformed::<Bls12_381>(&encode_key(&key)));
	}
	print_refused("a point outside the subgroup of BLS12-381", changes.len());
}

/// (u² · x, u³ · y) is a point of the same order, on another curve with the same formulas. A check
/// of the order alone accepts it, and so does arkworks while it reads a point of BLS12-381.
#[test]
fn r15_a_point_on_an_isomorphic_curve_is_refused_on_bls12_381() {
	use ark_bls12_381::{G1Affine, G2Affine};
	use ark_serialize::{CanonicalDeserialize, Compress, Validate};
	let (x, y) = moved(G1Affine::generator());
	let g1 = G1Affine::new_unchecked(x, y);
	let (x, y) = moved(G2Affine::generator());
	let g2 = G2Affine::new_unchecked(x, y);
	assert!(!g1.is_on_curve() && g1.is_in_correct_subgroup_assuming_on_curve());
	assert!(!g2.is_on_curve() && g2.is_in_correct_subgroup_assuming_on_curve());
	let changes = changes::<Bls12_381>(g1, g2);
	for (index, change) in changes.iter().enumerate() {
		let mut key = simulator::key();
		change(&mut key);
		let bytes = encode_key(&key);
		assert!(is_malformed::<Bls12_381>(&bytes));
		let read = VerifyingKey::<Bls12_381>::deserialize_with_mode(
			&mut &bytes[..],
			Compress::No,
			Validate::Yes,
		);
		// Only I₀ and I₁, which are in a list, are looked at there.
		assert_eq!(read.is_ok(), index < 4, "{index}");
	}
	print_refused("a point on an isomorphic curve", changes.len());
}

/// Returns the coordinates on the isomorphic curve, with u = 2.
fn moved<P: AffineRepr>(point: P) -> (P::BaseField, P::BaseField) {
	let (x, y) = point.xy().unwrap();
	(x.double().double(), y.double().double().double())
}

/// Change of a key.
type Change<E> = Box<dyn Fn(&mut VerifyingKey<E>)>;

/// Changes of a key that put in one of the points, in the order of the encoding.
fn changes<E: Pairing>(g1: E::G1Affine, g2: E::G2Affine) -> [Change<E>; 6] {
	[
		Box::new(move |key| key.alpha_g1 = g1),
		Box::new(move |key| key.beta_g2 = g2),
		Box::new(move |key| key.gamma_g2 = g2),
		Box::new(move |key| key.delta_g2 = g2),
		Box::new(move |key| key.gamma_abc_g1[0] = g1),
		Box::new(move |key| key.gamma_abc_g1[1] = g1),
	]
}
