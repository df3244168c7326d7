// SPDX-License-Identifier: Apache-2.0

//! Proofs in the encoding of pallet-groth16-verifier.

use crate::{
	circuit::TransferCircuit,
	keys::Keys,
	transfers::{State, PAYLOAD_SIZE},
};
use ark_bn254::Bn254;
use ark_groth16::Groth16;
use ark_relations::gr1cs::SynthesisError;
use ark_serialize::CanonicalSerialize;
use ark_snark::SNARK;
use ark_std::rand::rngs::OsRng;
use prover_pool_statement::{Statement, Transition};
use sha2::{Digest, Sha256};
use std::fmt;

/// Errors of [`prove`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Error {
	/// The payload hash of the statement is not that of the payload.
	WrongPayloadHash,
	/// The payload size of the statement is not that of the payload.
	WrongPayloadSize,
	/// The parent state root of the statement is not that of the parent's balances.
	WrongParentStateRoot,
	/// The state root of the statement is not that of the execution.
	WrongStateRoot,
	/// The gas used in the statement is not that of the execution.
	WrongGasUsed,
	/// The proof system failed.
	Synthesis(SynthesisError),
	/// The verifying key rejects the proof.
	InvalidProof,
}

impl fmt::Display for Error {
	fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
		match self {
			Self::WrongPayloadHash => write!(f, "the payload has another hash"),
			Self::WrongPayloadSize => write!(f, "the payload has another size"),
			Self::WrongParentStateRoot => write!(f, "the parent's balances have another root"),
			Self::WrongStateRoot => write!(f, "execution leads to another state"),
			Self::WrongGasUsed => write!(f, "execution uses another amount of gas"),
			Self::Synthesis(error) => write!(f, "the proof system failed: {error}"),
			Self::InvalidProof => write!(
				f,
				"the proof is invalid: the proving key is damaged, or memory or processor are faulty"
			),
		}
	}
}

impl std::error::Error for Error {}

/// Proves that executing `payload` on `parent` makes `statement` true.
///
/// Returns the proof in the encoding of pallet-groth16-verifier, or an error if the statement is
/// false. The verifying key accepts the proof. Two proofs of one statement differ, because they contain random numbers.
pub fn prove<AccountId: Clone + Into<[u8; 32]>>(
	keys: &Keys,
	statement: &Statement<AccountId>,
	parent: &State,
	payload: &[u8],
) -> Result<Vec<u8>, Error> {
	let statement = statement.clone().map_prover(Into::into);
	prove_bytes(keys, statement, parent, payload)
}

/// Proves a statement whose prover is in bytes. Not generic, so that the proof system is compiled
/// with the optimizations of this crate and not those of the caller.
fn prove_bytes(
	keys: &Keys,
	statement: Statement<[u8; 32]>,
	parent: &State,
	payload: &[u8],
) -> Result<Vec<u8>, Error> {
	check(&statement, parent, payload)?;
	let circuit = TransferCircuit {
		statement,
		parent: *parent,
		payload: payload.try_into().unwrap_or([0; PAYLOAD_SIZE]),
	};
	let public_input = circuit.public_input();
	let proof = Groth16::<Bn254>::prove(&keys.proving_key, circuit, &mut OsRng)
		.map_err(Error::Synthesis)?;
	let is_valid = Groth16::<Bn254>::verify(&keys.proving_key.vk, &[public_input], &proof)
		.map_err(Error::Synthesis)?;
	if !is_valid {
		return Err(Error::InvalidProof);
	}
	let mut bytes = Vec::with_capacity(proof.compressed_size());
	proof.serialize_compressed(&mut bytes).expect("a vector takes every byte; qed");
	Ok(bytes)
}

/// Returns an error unless the statement is true.
fn check(statement: &Statement<[u8; 32]>, parent: &State, payload: &[u8]) -> Result<(), Error> {
	let ensure = |holds: bool, error| if holds { Ok(()) } else { Err(error) };
	let (state, gas_used) = parent.execute(payload, statement.gas_limit);
	let hash = Sha256::digest(payload);
	ensure(statement.payload_hash.as_slice() == hash.as_slice(), Error::WrongPayloadHash)?;
	ensure(statement.payload_size as usize == payload.len(), Error::WrongPayloadSize)?;
	let Transition { parent_state_root, state_root, gas_used: stated_gas } = statement.transition;
	ensure(parent_state_root == parent.root(), Error::WrongParentStateRoot)?;
	ensure(state_root == state.root(), Error::WrongStateRoot)?;
	ensure(stated_gas == gas_used, Error::WrongGasUsed)
}
