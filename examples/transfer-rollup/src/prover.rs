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
use codec::Encode;
use prover_pool_primitives::{Statement, Transition};
use sha2::{Digest, Sha256};
use std::fmt;

/// Errors of [`prove`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Error {
	/// The statement's payload hash is not that of the payload.
	WrongPayloadHash,
	/// The statement's payload size is not that of the payload.
	WrongPayloadSize,
	/// The statement's parent state is not the root of the parent's balances.
	WrongParentStateRoot,
	/// The statement's new state is not what execution leads to.
	WrongStateRoot,
	/// The statement's gas is not what execution uses.
	WrongGasUsed,
	/// The proof system failed.
	Synthesis(SynthesisError),
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
		}
	}
}

impl std::error::Error for Error {}

/// Proves that `statement` is true of the execution of `payload` on `parent`. `version` is the
/// version of the verifying key on the chain.
///
/// Returns the encoding of pallet-groth16-verifier, or an error if the statement is false. Two
/// proofs of one statement differ, because they use random numbers of the operating system.
pub fn prove<AccountId: Clone + Into<[u8; 32]>>(
	keys: &Keys,
	version: u32,
	statement: &Statement<AccountId>,
	parent: &State,
	payload: &[u8],
) -> Result<Vec<u8>, Error> {
	let statement = statement.clone().map_prover(Into::into);
	prove_bytes(keys, version, statement, parent, payload)
}

/// Proves a statement in bytes. Not generic, so that the proof system is compiled with the
/// optimizations of this crate instead of those of the caller.
fn prove_bytes(
	keys: &Keys,
	version: u32,
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
	let proof = Groth16::<Bn254>::prove(&keys.proving_key, circuit, &mut OsRng)
		.map_err(Error::Synthesis)?;
	let mut bytes = version.encode();
	proof.serialize_compressed(&mut bytes).expect("a vector takes every byte; qed");
	Ok(bytes)
}

/// Returns an error unless the statement is true.
fn check(statement: &Statement<[u8; 32]>, parent: &State, payload: &[u8]) -> Result<(), Error> {
	let ensure = |holds: bool, error| if holds { Ok(()) } else { Err(error) };
	let (state, gas_used) = parent.execute(payload, statement.gas_limit);
	let hash = Sha256::digest(payload);
	ensure(statement.payload_hash.as_bytes() == hash.as_slice(), Error::WrongPayloadHash)?;
	ensure(statement.payload_size as usize == payload.len(), Error::WrongPayloadSize)?;
	let Transition { parent_state_root, state_root, gas_used: stated_gas } = statement.transition;
	ensure(parent_state_root == parent.root(), Error::WrongParentStateRoot)?;
	ensure(state_root == state.root(), Error::WrongStateRoot)?;
	ensure(stated_gas == gas_used, Error::WrongGasUsed)
}
