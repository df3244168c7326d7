// SPDX-License-Identifier: Apache-2.0

//! The chain accepts proofs of true statements, and false ones cannot be proven.

use super::*;
use crate::{keys::VERIFYING_KEY, prove, Error};
use ark_bn254::Bn254;
use pallet_groth16_verifier::groth16;

/// Returns `true` if pallet-groth16-verifier accepts the proof.
pub fn is_taken(proof: &[u8], statement: &Statement<[u8; 32]>) -> bool {
	let key = groth16::decode_stored_key::<Bn254>(VERIFYING_KEY).unwrap();
	let points = groth16::decode_points::<Bn254>(proof).unwrap();
	let input = groth16::decode_input(public_input(&statement.encode())).unwrap();
	groth16::verify(&key, input, &points)
}

#[test]
fn the_chain_accepts_a_proof_only_for_its_statement() {
	let (parent, payload, gas_limit) = busy_block();
	let statement = statement(&parent, &payload, gas_limit);
	let proof = prove(&KEYS, &statement, &parent, &payload).unwrap();
	assert_eq!(proof.len(), 128);
	assert!(is_taken(&proof, &statement));
	assert!(!is_taken(&proof, &Statement { prover: [4; 32], ..statement.clone() }));
	let transition = Transition { gas_used: 0, ..statement.transition };
	assert!(!is_taken(&proof, &Statement { transition, ..statement }));
}

#[test]
fn the_chain_accepts_a_proof_of_a_no_op() {
	let parent = State { balances: [5; ACCOUNTS] };
	let statement = statement(&parent, b"not a payload", 0);
	let proof = prove(&KEYS, &statement, &parent, b"not a payload").unwrap();
	assert!(is_taken(&proof, &statement));
}

#[test]
fn false_statements_are_not_proven() {
	let (parent, payload, gas_limit) = busy_block();
	let statement = || statement(&parent, &payload, gas_limit);
	let hash = [7; 32];
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
		assert_eq!(prove(&KEYS, &wrong, &parent, &payload), Err(error));
	}
	assert_eq!(
		prove(&KEYS, &statement(), &State::genesis(), &payload),
		Err(Error::WrongParentStateRoot)
	);
	assert_eq!(prove(&KEYS, &statement(), &parent, &payload[1..]), Err(Error::WrongPayloadHash));
}
