// SPDX-License-Identifier: Apache-2.0

//! A runtime with the verifier alone, for BN254.

use crate::{self as pallet_groth16_verifier, simulator, KeyVersion};
use ark_bn254::Bn254;
use frame_support::{derive_impl, pallet_prelude::DispatchResult, parameter_types};
use frame_system::EnsureRoot;
use prover_pool_primitives::ProofVerifier;
use sp_core::H256;
use sp_runtime::BuildStorage;

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeFreezeReason,
		RuntimeHoldReason,
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Verifier = pallet_groth16_verifier;
}

type Block = frame_system::mocking::MockBlock<Test>;

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
}

parameter_types! {
	// What tests set for themselves.
	pub static MaxKeys: u32 = 3;
	pub static MaxKeySize: u32 = 584;
}

impl pallet_groth16_verifier::Config for Test {
	type WeightInfo = crate::weights::SubstrateWeight<Test>;
	type Curve = Bn254;
	type KeyOrigin = EnsureRoot<u64>;
	type MaxKeys = MaxKeys;
	type MaxKeySize = MaxKeySize;
}

/// A genesis with these keys.
pub fn genesis(keys: Vec<Vec<u8>>) -> sp_io::TestExternalities {
	let mut storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
	pallet_groth16_verifier::GenesisConfig::<Test> { keys, ..Default::default() }
		.assimilate_storage(&mut storage)
		.unwrap();
	storage.into()
}

/// Runs `test` without a key, and every invariant after it.
pub fn run(test: impl FnOnce()) {
	run_with(vec![], test)
}

/// Runs `test` with these keys from genesis, and every invariant after it.
pub fn run_with(keys: Vec<Vec<u8>>, test: impl FnOnce()) {
	genesis(keys).execute_with(|| {
		System::set_block_number(1);
		test();
		Verifier::do_try_state().unwrap();
	});
}

pub fn add_key(key: Vec<u8>) -> DispatchResult {
	let key = key.try_into().unwrap();
	in_a_transaction(|| Verifier::add_key(RuntimeOrigin::root(), key))
}

pub fn remove_key(version: KeyVersion) -> DispatchResult {
	in_a_transaction(|| Verifier::remove_key(RuntimeOrigin::root(), version))
}

/// Like a dispatch: a call that fails leaves no trace.
fn in_a_transaction(call: impl FnOnce() -> DispatchResult) -> DispatchResult {
	frame_support::storage::with_storage_layer(call)
}

pub fn verify(input: H256, proof: &[u8]) -> DispatchResult {
	<Verifier as ProofVerifier>::verify(input, proof)
}

/// The simulator's key, as `add_key` takes it.
pub fn key() -> Vec<u8> {
	simulator::encoded_key::<Bn254>()
}

/// A good proof for `input` by the simulator's key.
pub fn prove(version: KeyVersion, input: H256) -> Vec<u8> {
	simulator::encoded_proof::<Bn254>(version, input)
}

/// A public input.
pub fn input() -> H256 {
	let mut input = H256::repeat_byte(0xa7);
	input.0[0] = 0x07;
	input
}

/// The events of the verifier since the last call of this function.
pub fn events() -> Vec<crate::Event<Test>> {
	let events = System::read_events_for_pallet::<crate::Event<Test>>();
	System::reset_events();
	events
}
