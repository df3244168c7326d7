// SPDX-License-Identifier: Apache-2.0

//! The constraints of execution have exactly the results of the native rules.

use super::*;
use crate::execution::Execution;
use ark_bn254::Fr;
use ark_r1cs_std::{
	alloc::AllocVar, boolean::Boolean, fields::fp::FpVar, uint32::UInt32, uint64::UInt64,
	uint8::UInt8, GR1CSVar,
};
use ark_relations::gr1cs::ConstraintSystem;

/// Returns the balances and the gas used, computed by the constraints.
fn execute(parent: &State, payload: &[u8], gas_limit: u32, executes: bool) -> (Vec<Fr>, Fr) {
	let cs = ConstraintSystem::<Fr>::new_ref();
	let limit = UInt32::new_witness(cs.clone(), || Ok(gas_limit)).unwrap().to_fp().unwrap();
	let executes = Boolean::new_witness(cs.clone(), || Ok(executes)).unwrap();
	let balances: Vec<FpVar<Fr>> = parent
		.balances
		.iter()
		.map(|balance| UInt64::new_witness(cs.clone(), || Ok(balance)).unwrap().to_fp().unwrap())
		.collect();
	let mut execution = Execution { balances, gas_left: limit.clone() };
	let payload = UInt8::new_witness_vec(cs.clone(), payload).unwrap();
	for transfer in payload.chunks_exact(TRANSFER_SIZE) {
		execution.transfer(&executes, transfer).unwrap();
	}
	assert!(cs.is_satisfied().unwrap());
	let balances = execution.balances.iter().map(|balance| balance.value().unwrap()).collect();
	(balances, (limit - execution.gas_left).value().unwrap())
}

fn as_numbers((state, gas_used): (State, u32)) -> (Vec<Fr>, Fr) {
	(state.balances.map(Fr::from).to_vec(), gas_used.into())
}

#[test]
fn each_reason_to_skip_applies_natively_and_in_constraints() {
	let (parent, payload, gas_limit) = busy_block();
	let native = parent.execute(&payload, gas_limit);
	assert_eq!(native.1, gas_limit);
	assert_eq!(execute(&parent, &payload, gas_limit, true), as_numbers(native));
}

#[test]
fn nothing_runs_unless_the_payload_executes() {
	let (parent, payload, gas_limit) = busy_block();
	assert_eq!(execute(&parent, &payload, gas_limit, false), as_numbers((parent, 0)));
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(64))]

	#[test]
	fn constraints_and_native_rules_agree(
		parent in states(),
		payload in payloads(),
		gas_limit in gas_limits(),
	) {
		let native = parent.execute(&payload, gas_limit);
		prop_assert_eq!(execute(&parent, &payload, gas_limit, true), as_numbers(native));
	}
}
