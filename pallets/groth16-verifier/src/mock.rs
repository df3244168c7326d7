// SPDX-License-Identifier: Apache-2.0

//! Runtime with the verifier alone, for BN254, and a rollup that tests set.

use crate::{self as pallet_groth16_verifier, groth16, simulator, KeyVersion};
use ark_bn254::{Bn254, Fr, G1Affine};
use ark_ec::AffineRepr;
use ark_groth16::VerifyingKey;
use frame_support::{
	derive_impl, pallet_prelude::DispatchResult, parameter_types, weights::Weight,
};
use frame_system::EnsureRoot;
use prover_pool_primitives::{public_input, Hash, KeyUser, ProofVerifier, Statement, Transition};
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
	// Values that tests set.
	pub static MaxKeys: u32 = 3;
	pub static MaxKeySize: u32 = 584;
	/// Versions of the unsettled blocks.
	pub static Needed: Vec<KeyVersion> = vec![];
	pub static IsPaused: bool = false;
	/// Versions whose replacement the rollup was notified of.
	pub static Replaced: Vec<KeyVersion> = vec![];
}

/// Rollup of these values.
pub struct MockRollup;

impl KeyUser for MockRollup {
	fn is_needed(version: u32) -> bool {
		Needed::get().contains(&version)
	}

	fn is_needed_weight() -> Weight {
		Weight::zero()
	}

	fn is_paused() -> bool {
		IsPaused::get()
	}

	fn on_removed(version: u32) {
		Replaced::mutate(|replaced| replaced.retain(|replaced| *replaced != version));
	}

	fn on_replaced(version: u32) {
		Replaced::mutate(|replaced| replaced.push(version));
	}
}

impl pallet_groth16_verifier::Config for Test {
	type WeightInfo = crate::weights::SubstrateWeight<Test>;
	type Curve = Bn254;
	type KeyOrigin = EnsureRoot<u64>;
	type Rollup = MockRollup;
	type MaxKeys = MaxKeys;
	type MaxKeySize = MaxKeySize;
}

/// Returns a genesis with this key.
pub fn genesis(key: Option<Vec<u8>>) -> sp_io::TestExternalities {
	let mut storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
	pallet_groth16_verifier::GenesisConfig::<Test> { key, ..Default::default() }
		.assimilate_storage(&mut storage)
		.unwrap();
	storage.into()
}

/// Runs `test` without a key, and every invariant after it.
pub fn run(test: impl FnOnce()) {
	run_from(None, test)
}

/// Runs `test` with the simulator's key from genesis, and every invariant after it.
pub fn run_with_key(test: impl FnOnce()) {
	run_from(Some(key()), test)
}

fn run_from(key: Option<Vec<u8>>, test: impl FnOnce()) {
	genesis(key).execute_with(|| {
		System::set_block_number(1);
		test();
		Verifier::do_try_state().unwrap();
	});
}

pub fn add_key(key: Vec<u8>) -> DispatchResult {
	let key = key.try_into().unwrap();
	in_a_transaction(|| Verifier::add_key(RuntimeOrigin::root(), key))
}

pub fn activate_key(version: KeyVersion) -> DispatchResult {
	in_a_transaction(|| Verifier::activate_key(RuntimeOrigin::root(), version))
}

pub fn remove_key(version: KeyVersion) -> DispatchResult {
	in_a_transaction(|| Verifier::remove_key(RuntimeOrigin::root(), version))
}

pub fn replace_key(version: KeyVersion, key: Vec<u8>) -> DispatchResult {
	let key = key.try_into().unwrap();
	in_a_transaction(|| Verifier::replace_key(RuntimeOrigin::root(), version, key))
}

/// Like a dispatch: a call that fails leaves no trace.
fn in_a_transaction(call: impl FnOnce() -> DispatchResult) -> DispatchResult {
	frame_support::storage::with_storage_layer(call)
}

/// Verifies as the rollup does.
pub fn verify(version: KeyVersion, statement: &[u8], proof: &[u8]) -> DispatchResult {
	<Verifier as ProofVerifier>::verify(version, statement, proof)
}

pub fn active() -> Option<KeyVersion> {
	<Verifier as ProofVerifier>::active_version()
}

/// Returns the simulator's key in the encoding of `add_key`.
pub fn key() -> Vec<u8> {
	simulator::encoded_key::<Bn254>()
}

/// Returns a valid key, another one for each number. It differs from [`key`] in α.
pub fn other_key(number: u64) -> Vec<u8> {
	let key = simulator::key::<Bn254>();
	let alpha_g1 = (key.alpha_g1 * alpha_factor(number)).into();
	groth16::encode_key(&VerifyingKey::<Bn254> { alpha_g1, ..key })
}

/// Returns a valid proof of `statement` by the simulator's key.
pub fn prove(statement: &[u8]) -> Vec<u8> {
	simulator::encoded_proof::<Bn254>(public_input(statement))
}

/// Returns a valid proof of `statement` by [`other_key`].
pub fn prove_by_other_key(number: u64, statement: &[u8]) -> Vec<u8> {
	let input = groth16::decode_input(public_input(statement)).unwrap();
	let mut proof = simulator::prove::<Bn254>(input);
	// C falls by what α · β grows by, divided by δ.
	let [alpha, beta, delta] = [2, 3, 7].map(Fr::from);
	let growth = alpha * beta * (alpha_factor(number) - Fr::from(1));
	proof.c = (proof.c - G1Affine::generator() * (growth / delta)).into();
	groth16::encode_proof(&proof)
}

fn alpha_factor(number: u64) -> Fr {
	Fr::from(1_000 + number)
}

/// Returns the statement of a block, in bytes.
pub fn statement(block_id: u64) -> Vec<u8> {
	let hash: Hash = [7; 32];
	let transition = Transition { parent_state_root: hash, state_root: hash, gas_used: 5 };
	let statement = Statement {
		chain: hash,
		block_id,
		payload_hash: hash,
		payload_size: 100,
		gas_limit: 10,
		transition,
		prover: 1u64,
	};
	codec::Encode::encode(&statement)
}

/// Returns the events of the verifier since the last call of this function.
pub fn events() -> Vec<crate::Event<Test>> {
	let events = System::read_events_for_pallet::<crate::Event<Test>>();
	System::reset_events();
	events
}
