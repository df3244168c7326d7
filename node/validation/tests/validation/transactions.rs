// SPDX-License-Identifier: Apache-2.0

//! Transactions and calls.

use codec::Encode;
use prover_pool_runtime::{AccountId, RuntimeCall, System, TxExtension, UncheckedExtrinsic};
use sp_core::crypto::Pair;
use sp_keyring::Sr25519Keyring;
use sp_runtime::generic::{Era, SignedPayload};
use std::collections::HashMap;

/// Returns the signed transactions. Must run on the state of a chain with a block.
pub fn sign(calls: Vec<(Sr25519Keyring, RuntimeCall)>) -> Vec<UncheckedExtrinsic> {
	let mut nonces = HashMap::new();
	let sign = |(who, call): (Sr25519Keyring, RuntimeCall)| {
		let account: AccountId = who.to_account_id();
		let nonce = nonces.entry(who).or_insert_with(|| System::account_nonce(&account));
		let payload = SignedPayload::new(call, extension(*nonce)).expect("the chain has a block");
		*nonce += 1;
		let signature = payload.using_encoded(|bytes| who.pair().sign(bytes));
		let (call, extension, _) = payload.deconstruct();
		UncheckedExtrinsic::new_signed(call, account.into(), signature.into(), extension)
	};
	calls.into_iter().map(sign).collect()
}

fn extension(nonce: u32) -> TxExtension {
	let payment = pallet_transaction_payment::ChargeTransactionPayment::from(0);
	TxExtension::new((
		frame_system::AuthorizeCall::new(),
		frame_system::CheckNonZeroSender::new(),
		frame_system::CheckSpecVersion::new(),
		frame_system::CheckTxVersion::new(),
		frame_system::CheckGenesis::new(),
		frame_system::CheckEra::from(Era::Immortal),
		frame_system::CheckNonce::from(nonce),
		frame_system::CheckWeight::new(),
		pallet_rollup::ProofLane::new(payment),
		frame_metadata_hash_extension::CheckMetadataHash::new(false),
	))
}

/// Returns the call that proposes a rollup block.
pub fn propose(payload: &[u8], gas_limit: u32) -> RuntimeCall {
	pallet_rollup::Call::propose_block {
		payload: payload.to_vec().try_into().expect("is short"),
		gas_limit,
		max_fee_per_gas: u32::MAX,
	}
	.into()
}

/// Returns the call that transfers a token to an account with this number.
pub fn transfer(number: u64) -> RuntimeCall {
	let account = AccountId::from(sp_io::hashing::blake2_256(&number.encode()));
	let value = prover_pool_runtime::constants::UNIT;
	pallet_balances::Call::transfer_allow_death { dest: account.into(), value }.into()
}

/// Returns a call as root.
pub fn sudo(call: impl Into<RuntimeCall>) -> RuntimeCall {
	pallet_sudo::Call::sudo { call: Box::new(call.into()) }.into()
}
