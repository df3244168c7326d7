// SPDX-License-Identifier: Apache-2.0

//! Proofs of true statements, which the chain takes, and none of false ones.

use super::*;
use crate::{keys::VERIFYING_KEY, prove, Error};
use ark_bn254::Bn254;
use pallet_groth16_verifier::groth16;

/// What pallet-groth16-verifier does.
pub fn is_taken(proof: &[u8], version: u32, statement: &Statement<[u8; 32]>) -> bool {
	let key = groth16::decode_stored_key::<Bn254>(VERIFYING_KEY).unwrap();
	let (named, points) = groth16::split_proof(proof).unwrap();
	assert_eq!(named, version);
	let points = groth16::decode_points::<Bn254>(points).unwrap();
	groth16::verify(&key, groth16::decode_input(statement.public_input()).unwrap(), &points)
}

#[test]
fn the_chain_takes_a_proof_for_its_statement_alone() {
	let (parent, payload, gas_limit) = busy_block();
	let statement = statement(&parent, &payload, gas_limit);
	let proof = prove(&KEYS, 7, &statement, &parent, &payload).unwrap();
	assert!(is_taken(&proof, 7, &statement));
	assert!(!is_taken(&proof, 7, &Statement { prover: [4; 32], ..statement.clone() }));
	let transition = Transition { gas_used: 0, ..statement.transition };
	assert!(!is_taken(&proof, 7, &Statement { transition, ..statement }));
}

#[test]
fn the_chain_takes_a_proof_of_a_payload_that_does_nothing() {
	let parent = State { balances: [5; ACCOUNTS] };
	let statement = statement(&parent, b"not a payload", 0);
	let proof = prove(&KEYS, 1, &statement, &parent, b"not a payload").unwrap();
	assert!(is_taken(&proof, 1, &statement));
}

#[test]
fn nothing_false_is_proven() {
	let (parent, payload, gas_limit) = busy_block();
	let statement = || statement(&parent, &payload, gas_limit);
	let hash = H256::repeat_byte(7);
	let transition = statement().transition;
	let with = |transition| Statement { transition, ..statement() };
	for (wrong, error) in [
		(Statement { payload_hash: hash, ..statement() }, Error::WrongPayloadHash),
		(Statement { payload_size: 47, ..statement() }, Error::WrongPayloadSize),
		(with(Transition { parent_state_root: hash, ..transition }), Error::WrongParentStateRoot),
		(with(Transition { state_root: hash, ..transition }), Error::WrongStateRoot),
		(with(Transition { gas_used: 1, ..transition }), Error::WrongGasUsed),
		// Execution depends on it.
		(Statement { gas_limit: TRANSFER_GAS, ..statement() }, Error::WrongStateRoot),
	] {
		assert_eq!(prove(&KEYS, 1, &wrong, &parent, &payload), Err(error));
	}
	assert_eq!(
		prove(&KEYS, 1, &statement(), &State::genesis(), &payload),
		Err(Error::WrongParentStateRoot)
	);
	assert_eq!(prove(&KEYS, 1, &statement(), &parent, &payload[1..]), Err(Error::WrongPayloadHash));
}
