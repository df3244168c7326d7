// SPDX-License-Identifier: Apache-2.0

//! Encoding on which circuits, keys and proofs depend.

use crate::{public_input, Statement, Transition};
use codec::{Decode, Encode};

/// SCALE: the fields in order without separators, numbers in little-endian.
const ENCODED: &str = concat!(
	"1111111111111111111111111111111111111111111111111111111111111111",
	"0807060504030201",
	"2222222222222222222222222222222222222222222222222222222222222222",
	"0d0c0b0a",
	"1d1c1b1a",
	"3333333333333333333333333333333333333333333333333333333333333333",
	"4444444444444444444444444444444444444444444444444444444444444444",
	"2d2c2b2a",
	"5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f",
);

/// SHA-256 of [`ENCODED`] with its first byte e9 masked to 09.
const PUBLIC_INPUT: &str = "098793fe738aee5affeafbe95e48928b3cafbc28c6006f8e10fac999239bdfaa";

fn statement() -> Statement<[u8; 32]> {
	Statement {
		chain: [0x11; 32],
		block_id: 0x0102_0304_0506_0708,
		payload_hash: [0x22; 32],
		payload_size: 0x0a0b_0c0d,
		gas_limit: 0x1a1b_1c1d,
		transition: Transition {
			parent_state_root: [0x33; 32],
			state_root: [0x44; 32],
			gas_used: 0x2a2b_2c2d,
		},
		prover: [0x5f; 32],
	}
}

fn hex(bytes: &[u8]) -> String {
	bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_encoding_of_a_statement_is_pinned() {
	assert_eq!(hex(&statement().encode()), ENCODED);
	assert_eq!(Statement::decode(&mut &statement().encode()[..]), Ok(statement()));
}

#[test]
fn the_public_input_of_a_statement_is_pinned() {
	assert_eq!(hex(&public_input(&statement().encode())), PUBLIC_INPUT);
}

#[test]
fn another_type_of_prover_with_the_same_bytes_keeps_the_encoding() {
	let mapped = statement().map_prover(|_| [u128::from_le_bytes([0x5f; 16]); 2]);
	assert_eq!(hex(&mapped.encode()), ENCODED);
}
