// SPDX-License-Identifier: Apache-2.0

//! Tests, one file per subject.

mod constraints;
mod execution;
mod keys;
mod proofs;
mod service;
mod transfers;

use crate::{circuit::TransferCircuit, keys::Keys, transfers::*};
use codec::Encode;
use proptest::prelude::*;
use prover_pool_statement::{public_input, Statement, Transition};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// Keys, generated once for all tests.
static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys::generate().unwrap());

/// Returns the encoding of a transfer.
fn transfer(from: u8, to: u8, amount: u32) -> Vec<u8> {
	[&[from, to][..], &amount.to_le_bytes()].concat()
}

/// Returns a payload with these transfers, padded with zeros.
fn payload(transfers: &[(u8, u8, u32)]) -> Vec<u8> {
	let mut bytes: Vec<u8> = transfers
		.iter()
		.flat_map(|&(from, to, amount)| transfer(from, to, amount))
		.collect();
	assert!(bytes.len() <= PAYLOAD_SIZE);
	bytes.resize(PAYLOAD_SIZE, 0);
	bytes
}

/// Returns the true statement about this payload.
fn statement(parent: &State, payload: &[u8], gas_limit: u32) -> Statement<[u8; 32]> {
	let (state, gas_used) = parent.execute(payload, gas_limit);
	let transition =
		Transition { parent_state_root: parent.root(), state_root: state.root(), gas_used };
	Statement {
		chain: [1; 32],
		block_id: 2,
		payload_hash: Sha256::digest(payload).into(),
		payload_size: payload.len() as u32,
		gas_limit,
		transition,
		prover: [3; 32],
	}
}

/// Returns the prover's circuit for the true statement about this payload.
fn circuit(parent: &State, payload: &[u8], gas_limit: u32) -> TransferCircuit {
	TransferCircuit {
		statement: statement(parent, payload, gas_limit),
		parent: *parent,
		payload: payload.try_into().unwrap_or([0; PAYLOAD_SIZE]),
	}
}

/// Returns a block whose transfers run, or are skipped for each of the reasons.
fn busy_block() -> (State, Vec<u8>, u32) {
	let mut parent = State::genesis();
	parent.balances[7] = u64::MAX;
	let payload = payload(&[
		(0, 1, 400_000),
		(0, 1, 700_000),
		(16, 1, 1),
		(1, 255, 1),
		(2, 7, 1),
		(3, 3, 5),
		(4, 5, 0),
		(1, 0, 1_400_000),
	]);
	(parent, payload, 3 * TRANSFER_GAS)
}

fn accounts() -> impl Strategy<Value = u8> {
	prop_oneof![8 => 0u8..4, 4 => 0u8..16, 1 => 16u8.., 1 => Just(16)]
}

fn amounts() -> impl Strategy<Value = u32> {
	prop_oneof![1 => Just(0), 2 => 1u32..4, 2 => any::<u32>(), 1 => Just(u32::MAX)]
}

fn balances() -> impl Strategy<Value = u64> {
	let large = (0u64..4).prop_map(|less| u64::MAX - less);
	let near = (0u64..4).prop_map(|less| u64::MAX - u64::from(u32::MAX) + 2 - less);
	prop_oneof![2 => 0u64..4, 2 => any::<u64>(), 2 => large, 1 => near, 1 => Just(1 << 33)]
}

fn states() -> impl Strategy<Value = State> {
	proptest::array::uniform16(balances()).prop_map(|balances| State { balances })
}

fn gas_limits() -> impl Strategy<Value = u32> {
	let near =
		(0u32..10, 0u32..3).prop_map(|(n, less)| (n * TRANSFER_GAS + 1).saturating_sub(less));
	prop_oneof![4 => near, 1 => any::<u32>(), 1 => Just(u32::MAX)]
}

fn payloads() -> impl Strategy<Value = Vec<u8>> {
	let transfers = (accounts(), accounts(), amounts())
		.prop_map(|(from, to, amount)| transfer(from, to, amount));
	proptest::collection::vec(transfers, TRANSFERS).prop_map(|transfers| transfers.concat())
}
