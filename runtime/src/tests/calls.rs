// SPDX-License-Identifier: Apache-2.0

//! Calls that tests make.

use crate::*;
use sp_keyring::Sr25519Keyring;

/// Payload that is a no-op in the example rollup.
pub const PAYLOAD: &[u8] = b"the payload of a rollup block";

/// Returns the call by which the owner of the sudo key makes a call as root.
pub fn sudo(call: impl Into<RuntimeCall>) -> RuntimeCall {
	pallet_sudo::Call::sudo { call: Box::new(call.into()) }.into()
}

/// Returns the call that proposes a rollup block.
pub fn propose(gas_limit: u32) -> RuntimeCall {
	propose_payload(PAYLOAD, gas_limit)
}

/// Returns the call that proposes a rollup block with this payload.
pub fn propose_payload(payload: &[u8], gas_limit: u32) -> RuntimeCall {
	pallet_rollup::Call::propose_block {
		payload: payload.to_vec().try_into().expect("is short"),
		gas_limit,
		max_fee_per_gas: u32::MAX,
	}
	.into()
}

/// Returns a call with an empty proof.
pub fn prove_without_proof() -> RuntimeCall {
	pallet_rollup::Call::prove_block {
		block_id: 1,
		prover: Sr25519Keyring::Eve.to_account_id(),
		transition: Default::default(),
		proof: Default::default(),
	}
	.into()
}

/// Returns the call that stakes.
pub fn stake(amount: u32, reward_per_gas: u16, max_capacity: u16) -> RuntimeCall {
	pallet_prover_pool::Call::stake { amount, reward_per_gas, max_capacity }.into()
}

/// Returns the call that leaves the pool.
pub fn exit() -> RuntimeCall {
	pallet_prover_pool::Call::exit {}.into()
}

/// Returns the call that withdraws a mature exit.
pub fn withdraw() -> RuntimeCall {
	pallet_prover_pool::Call::withdraw {}.into()
}

/// Returns the call that transfers tokens.
pub fn transfer(to: Sr25519Keyring, value: Balance) -> RuntimeCall {
	let dest = to.to_account_id().into();
	pallet_balances::Call::transfer_keep_alive { dest, value }.into()
}
