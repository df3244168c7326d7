// SPDX-License-Identifier: Apache-2.0

//! Groth16 over bytes: keys, proofs, and the equation that a proof solves. No storage and no FRAME
//! here.
//!
//! Decoding accepts only the canonical encoding of a value. Otherwise the flag of a point at
//! infinity would leave the other bytes of the point free.

use alloc::vec::Vec;
use ark_serialize::{CanonicalSerialize, Compress};

pub use key::{decode_key, decode_stored_key, encode_key, key_size, KeyError};
pub use proof::{decode_input, decode_points, encode_proof, verify, INPUT_BITS};

mod key;
mod proof;

fn canonical(value: &impl CanonicalSerialize, compress: Compress) -> Vec<u8> {
	let mut bytes = Vec::with_capacity(value.serialized_size(compress));
	// Writing to a vector cannot fail, and a truncated value would not decode.
	let _ = value.serialize_with_mode(&mut bytes, compress);
	bytes
}
