// SPDX-License-Identifier: Apache-2.0

//! The constraints of a true statement.
//!
//! The only public input is that of [`public_input`]. The prover chooses all other values, so
//! constraints must exclude every wrong choice. Bytes and balances consist of bits that are 0 or 1,
//! a root has one encoding, and no sum or difference leaves its range.
//!
//! There are 174,468 constraints. SHA-256 uses 92 % of them: three compressions for the statement,
//! one for the payload.

use crate::{
	execution::{Execution, GAS_BITS},
	merkle,
	transfers::{State, PAYLOAD_SIZE, TRANSFER_SIZE},
};
use ark_bn254::Fr;
use ark_crypto_primitives::crh::sha256::constraints::{DigestVar, Sha256Gadget};
use ark_ff::PrimeField;
use ark_r1cs_std::{
	alloc::AllocVar,
	boolean::Boolean,
	convert::{ToBitsGadget, ToBytesGadget},
	eq::EqGadget,
	fields::fp::FpVar,
	uint32::UInt32,
	uint64::UInt64,
	uint8::UInt8,
};
use ark_relations::gr1cs::{ConstraintSynthesizer, ConstraintSystemRef, SynthesisError};
use codec::Encode;
use prover_pool_statement::{public_input, Statement, Transition};

/// Bits of the public input; see [`public_input`].
const INPUT_BITS: usize = 253;

/// Statement with its witness.
#[derive(Clone, Debug)]
pub struct TransferCircuit {
	/// Statement to prove.
	pub statement: Statement<[u8; 32]>,
	/// Balances behind its parent state root.
	pub parent: State,
	/// Payload behind its payload hash. Arbitrary if the payload has another size.
	pub payload: [u8; PAYLOAD_SIZE],
}

impl TransferCircuit {
	/// Returns a circuit with arbitrary values. Keys depend only on the shape, which is the same
	/// for all values.
	pub fn any() -> Self {
		Self {
			statement: Statement {
				chain: [0; 32],
				block_id: 0,
				payload_hash: [0; 32],
				payload_size: 0,
				gas_limit: 0,
				transition: Transition::default(),
				prover: [0; 32],
			},
			parent: State::genesis(),
			payload: [0; PAYLOAD_SIZE],
		}
	}

	/// Returns the public input as a number.
	pub fn public_input(&self) -> Fr {
		Fr::from_be_bytes_mod_order(&public_input(&self.statement.encode()))
	}
}

impl ConstraintSynthesizer<Fr> for TransferCircuit {
	fn generate_constraints(self, cs: ConstraintSystemRef<Fr>) -> Result<(), SynthesisError> {
		let input = FpVar::new_input(cs.clone(), || Ok(self.public_input()))?;

		let statement = &self.statement;
		let chain = UInt8::new_witness_vec(cs.clone(), &statement.chain)?;
		let block_id = UInt64::new_witness(cs.clone(), || Ok(statement.block_id))?;
		let payload_hash = UInt8::new_witness_vec(cs.clone(), &statement.payload_hash)?;
		let payload_size = UInt32::new_witness(cs.clone(), || Ok(statement.payload_size))?;
		let gas_limit = UInt32::new_witness(cs.clone(), || Ok(statement.gas_limit))?;
		let prover = UInt8::new_witness_vec(cs.clone(), &statement.prover)?;
		let payload = UInt8::new_witness_vec(cs.clone(), &self.payload)?;
		let parent = balances(&cs, &self.parent)?;

		// A payload of another size is a no-op, so its bytes do not matter.
		let executes = payload_size.is_eq(&UInt32::constant(PAYLOAD_SIZE as u32))?;
		Sha256Gadget::digest(&payload)?
			.conditional_enforce_equal(&DigestVar(payload_hash.clone()), &executes)?;

		let mut execution = Execution { balances: parent.clone(), gas_left: gas_limit.to_fp()? };
		for transfer in payload.chunks_exact(TRANSFER_SIZE) {
			execution.transfer(&executes, transfer)?;
		}
		let gas_used = gas_limit.to_fp()? - &execution.gas_left;
		let (gas_used, _) = gas_used.to_bits_le_with_top_bits_zero(GAS_BITS)?;

		// SCALE encoding of the statement: the fields in order, numbers in little-endian.
		let encoded = [
			chain,
			block_id.to_bytes_le()?,
			payload_hash,
			payload_size.to_bytes_le()?,
			gas_limit.to_bytes_le()?,
			root_bytes(&parent)?,
			root_bytes(&execution.balances)?,
			gas_used.chunks_exact(8).map(UInt8::from_bits_le).collect(),
			prover,
		]
		.concat();
		hash_to_input(&encoded)?.enforce_equal(&input)
	}
}

/// Returns new witnesses of the balances in `state`.
fn balances(cs: &ConstraintSystemRef<Fr>, state: &State) -> Result<Vec<FpVar<Fr>>, SynthesisError> {
	state
		.balances
		.iter()
		.map(|balance| UInt64::new_witness(cs.clone(), || Ok(balance))?.to_fp())
		.collect()
}

/// Returns the public input of an encoded statement.
fn hash_to_input(encoded: &[UInt8<Fr>]) -> Result<FpVar<Fr>, SynthesisError> {
	let digest = Sha256Gadget::digest(encoded)?.0;
	let bits = digest
		.iter()
		.rev()
		.map(|byte| byte.to_bits_le())
		.collect::<Result<Vec<_>, _>>()?
		.concat();
	Boolean::le_bits_to_fp(&bits[..INPUT_BITS])
}

/// Returns the root of these balances as 32 bytes in big-endian. This encoding is unique.
fn root_bytes(balances: &[FpVar<Fr>]) -> Result<Vec<UInt8<Fr>>, SynthesisError> {
	let mut bytes = merkle::root_var(balances)?.to_bytes_le()?;
	bytes.reverse();
	Ok(bytes)
}
