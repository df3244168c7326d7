// SPDX-License-Identifier: Apache-2.0

//! The encoding that circuits, keys and proofs depend on.

use crate::{Statement, Transition};
use codec::Encode;
use sp_core::{crypto::AccountId32, hexdisplay::HexDisplay, H256};

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

/// SHA-256 of [`ENCODED`] starts with e9; 09 is left of it.
const PUBLIC_INPUT: &str = "098793fe738aee5affeafbe95e48928b3cafbc28c6006f8e10fac999239bdfaa";

fn statement() -> Statement<[u8; 32]> {
	Statement {
		chain: H256::repeat_byte(0x11),
		block_id: 0x0102_0304_0506_0708,
		payload_hash: H256::repeat_byte(0x22),
		payload_size: 0x0a0b_0c0d,
		gas_limit: 0x1a1b_1c1d,
		transition: Transition {
			parent_state_root: H256::repeat_byte(0x33),
			state_root: H256::repeat_byte(0x44),
			gas_used: 0x2a2b_2c2d,
		},
		prover: [0x5f; 32],
	}
}

fn hex(bytes: &[u8]) -> String {
	HexDisplay::from(&bytes).to_string()
}

#[test]
fn the_encoding_of_a_statement_is_pinned() {
	assert_eq!(hex(&statement().encode()), ENCODED);
}

#[test]
fn the_public_input_of_a_statement_is_pinned() {
	assert_eq!(hex(statement().public_input().as_bytes()), PUBLIC_INPUT);
}

#[test]
fn another_type_of_prover_with_the_same_bytes_keeps_the_encoding() {
	let mapped = statement().map_prover(AccountId32::new);
	assert_eq!(mapped.prover, AccountId32::new([0x5f; 32]));
	assert_eq!(hex(&mapped.encode()), ENCODED);
}
