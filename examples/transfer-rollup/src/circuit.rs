// SPDX-License-Identifier: Apache-2.0

//! The constraints of a true statement.
//!
//! The one public input is [`Statement::public_input`]. The prover chooses everything else, so each
//! value that it could choose wrongly has a constraint. Bytes and balances consist of bits that are
//! 0 or 1, a root has one encoding, and no sum or difference leaves its range.
//!
//! There are 174,468 constraints. SHA-256 takes 92 of 100: three blocks of it for the statement,
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
use prover_pool_primitives::Statement;

/// Bits of the public input; see [`Statement::public_input`].
const INPUT_BITS: usize = 253;

/// A statement with the values that show that it is true.
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
	/// Returns an arbitrary circuit. Keys depend only on the shape, which all circuits share.
	pub fn any() -> Self {
		Self {
			statement: Statement::default(),
			parent: State::genesis(),
			payload: [0; PAYLOAD_SIZE],
		}
	}

	/// Returns the public input as a number.
	pub fn public_input(&self) -> Fr {
		Fr::from_be_bytes_mod_order(self.statement.public_input().as_bytes())
	}
}

impl ConstraintSynthesizer<Fr> for TransferCircuit {
	fn generate_constraints(self, cs: ConstraintSystemRef<Fr>) -> Result<(), SynthesisError> {
		let input = FpVar::new_input(cs.clone(), || Ok(self.public_input()))?;

		let statement = &self.statement;
		let chain = UInt8::new_witness_vec(cs.clone(), statement.chain.as_bytes())?;
		let block_id = UInt64::new_witness(cs.clone(), || Ok(statement.block_id))?;
		let payload_hash = UInt8::new_witness_vec(cs.clone(), statement.payload_hash.as_bytes())?;
		let payload_size = UInt32::new_witness(cs.clone(), || Ok(statement.payload_size))?;
		let gas_limit = UInt32::new_witness(cs.clone(), || Ok(statement.gas_limit))?;
		let prover = UInt8::new_witness_vec(cs.clone(), &statement.prover)?;
		let payload = UInt8::new_witness_vec(cs.clone(), &self.payload)?;
		let parent = balances(&cs, &self.parent)?;

		// A payload of another size is not looked at, because it does nothing.
		let executes = payload_size.is_eq(&UInt32::constant(PAYLOAD_SIZE as u32))?;
		Sha256Gadget::digest(&payload)?
			.conditional_enforce_equal(&DigestVar(payload_hash.clone()), &executes)?;

		let mut execution = Execution { balances: parent.clone(), gas_left: gas_limit.to_fp()? };
		for transfer in payload.chunks_exact(TRANSFER_SIZE) {
			execution.transfer(&executes, transfer)?;
		}
		let gas_used = gas_limit.to_fp()? - &execution.gas_left;
		let (gas_used, _) = gas_used.to_bits_le_with_top_bits_zero(GAS_BITS)?;

		// SCALE of the statement: its fields one after the other, numbers in little-endian.
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

/// The root over these balances as 32 bytes in big-endian, of which a number has one only.
fn root_bytes(balances: &[FpVar<Fr>]) -> Result<Vec<UInt8<Fr>>, SynthesisError> {
	let mut bytes = merkle::root_var(balances)?.to_bytes_le()?;
	bytes.reverse();
	Ok(bytes)
}
