// SPDX-License-Identifier: Apache-2.0

//! No call, trait function or hook exceeds its declared weight.
//!
//! Each runs once, in its worst case on a large state, and its reads, writes and proof are
//! recorded. The declared ones are those of the weight that the runtime charges.

use crate::*;
use ark_bn254::Bn254;
use counting::{Counting, Prices};
use frame_support::{
	assert_ok,
	dispatch::{extract_actual_weight, GetDispatchInfo},
	storage::transactional::TRANSACTION_LEVEL_KEY,
	traits::{GetCallName, Hooks, WhitelistedStorageKeys},
	weights::{RuntimeDbWeight, Weight},
};
use pallet_groth16_verifier::{simulator, Call as VerifierCall, WeightInfo as _};
use pallet_prover_pool::{Call as PoolCall, Event as PoolEvent, WeightInfo as _};
use pallet_rollup::{Call as RollupCall, Event as RollupEvent, Transition, WeightInfo as _};
use prover_pool_primitives::{ProofVerifier, ProverPool as _};
use sp_core::{
	storage::{well_known_keys::EXTRINSIC_INDEX, StateVersion},
	H256,
};
use sp_io::{storage, TestExternalities};
use sp_runtime::traits::Dispatchable;
use sp_trie::recorder::Recorder;
use state::*;
use std::collections::BTreeSet;

mod state;

/// A runtime with variable database prices, which separate reads and writes in a weight.
mod counting {
	use frame_support::{derive_impl, parameter_types, weights::RuntimeDbWeight};

	#[frame_support::runtime]
	mod runtime {
		#[runtime::runtime]
		#[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeTask)]
		pub struct Counting;

		#[runtime::pallet_index(0)]
		pub type System = frame_system;
	}

	parameter_types! {
		pub static Prices: RuntimeDbWeight = RuntimeDbWeight { read: 0, write: 0 };
	}

	#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
	impl frame_system::Config for Counting {
		type Block = frame_system::mocking::MockBlock<Self>;
		type DbWeight = Prices;
	}
}

type Pool = weights::pallet_prover_pool::WeightInfo<Counting>;
type Rollups = weights::pallet_rollup::WeightInfo<Counting>;
type Verifier = weights::pallet_groth16_verifier::WeightInfo<Counting>;

/// Runs a case, and returns the weight that the runtime charges for it.
type Step = Box<dyn FnOnce() -> Weight>;

struct Case {
	/// `Pallet.call` or `Pallet::function`, and a variant.
	name: &'static str,
	/// Expected [`events`], which show that this is the worst case.
	events: [usize; 5],
	/// Sum of the weights that the runtime must charge.
	declared: fn() -> Weight,
	/// Puts the worst case into the state.
	prepare: fn() -> Step,
}

fn case(
	name: &'static str,
	events: [usize; 5],
	declared: fn() -> Weight,
) -> impl FnOnce(fn() -> Step) -> Case {
	move |prepare| Case { name, events, declared, prepare }
}

/// Numbers of slashes, withdrawals, exits, missed windows and settlements.
fn events() -> [usize; 5] {
	let mut seen = [0; 5];
	for record in System::events() {
		let kind = match record.event {
			RuntimeEvent::ProverPool(PoolEvent::Slashed { .. }) => 0,
			RuntimeEvent::ProverPool(PoolEvent::Withdrawn { .. }) => 1,
			RuntimeEvent::ProverPool(PoolEvent::Exited { .. }) => 2,
			RuntimeEvent::Rollup(RollupEvent::WindowClosed { .. }) => 3,
			RuntimeEvent::Rollup(RollupEvent::BlockSettled { .. }) => 4,
			_ => continue,
		};
		seen[kind] += 1;
	}
	seen
}

impl Case {
	/// Runs the case on a copy of the state. Returns declared and recorded reads, writes and bytes
	/// of proof.
	fn run(self, large: &TestExternalities) -> ([u64; 3], [u64; 3]) {
		let Self { name, declared, events, prepare } = self;
		let mut state = TestExternalities::new_empty();
		state.backend = large.backend.clone();
		let step = state.execute_with(prepare);
		let (charged, recorded) = record(&mut state, step);
		assert_eq!(state.execute_with(self::events), events, "{name}: this is not the worst case");
		let at = |read, write| {
			Prices::set(RuntimeDbWeight { read, write });
			declared()
		};
		let RuntimeDbWeight { read, write } = <Runtime as frame_system::Config>::DbWeight::get();
		assert_eq!(charged, at(read, write), "{name}: the runtime charges another weight");
		let count = |read, write| at(read, write).ref_time() - at(0, 0).ref_time();
		([count(1, 0), count(0, 1), charged.proof_size()], recorded)
	}
}

/// Runs a step on a state in the database. Returns its result, and the recorded reads, writes and
/// bytes of proof, including the proof of the new state root.
fn record(state: &mut TestExternalities, step: Step) -> (Weight, [u64; 3]) {
	state.commit_all().expect("no transaction is open");
	// Every block accesses these keys, so benchmarks do not count them.
	let free: BTreeSet<Vec<u8>> = AllPalletsWithSystem::whitelisted_storage_keys()
		.into_iter()
		.map(|tracked| tracked.key)
		.chain([EXTRINSIC_INDEX.to_vec(), TRANSACTION_LEVEL_KEY.to_vec()])
		.collect();
	state.execute_with(|| free.iter().for_each(|key| write(key, storage::get(key))));
	let recorder = Recorder::default();
	let charged = state.execute_with_recorder(recorder.clone(), step);
	let reads = recorder.recorded_keys().values().map(|keys| keys.len() as u64).sum();

	let changed = state.overlayed_changes().changes().map(|(key, _)| key.clone());
	let written: Vec<_> = changed.filter(|key| !free.contains(key)).collect();
	let values: Vec<_> =
		state.execute_with(|| written.iter().map(|key| storage::get(key)).collect());
	let mut before = TestExternalities::new_empty();
	before.backend = state.backend.clone();
	before.execute_with_recorder(recorder.clone(), || {
		written.iter().zip(values).for_each(|(key, value)| write(key, value));
		storage::root(StateVersion::V1)
	});
	(charged, [reads, written.len() as u64, recorder.estimate_encoded_size() as u64])
}

/// Sets a value, or removes it.
fn write(key: &[u8], value: Option<impl AsRef<[u8]>>) {
	match value {
		Some(value) => storage::set(key, value.as_ref()),
		None => storage::clear(key),
	}
}

#[test]
fn nothing_does_more_than_its_declared_weight_says() {
	let large = large(OTHERS);
	let mut exceeded = Vec::new();
	println!("[reads, writes, bytes of proof]: declared, recorded");
	for case in cases() {
		let name = case.name;
		let (declared, recorded) = case.run(&large);
		println!("{name:50}: {declared:?}, {recorded:?}");
		if declared.iter().zip(recorded).any(|(declared, recorded)| *declared < recorded) {
			exceeded.push(name);
		}
	}
	assert!(exceeded.is_empty(), "declared too little: {exceeded:#?}");
}

#[test]
#[ignore = "takes minutes: `make test-long SUITE=soak`"]
fn an_assignment_over_a_million_accounts_is_proven_in_less_than_4_kib() {
	let large = large(1_000_000);
	let assign = cases().into_iter().find(|case| case.name == "ProverPool::assign");
	let (_, [reads, writes, proof]) = assign.expect("is a case").run(&large);
	println!("\n## An assignment over {PROVERS} provers with a million accounts\n");
	println!("| reads | writes | proof bytes |\n|---:|---:|---:|");
	println!("| {reads} | {writes} | {proof} |");
	assert!(proof < 4 * 1024);
}

#[test]
fn every_call_is_weighed() {
	let calls = [
		("ProverPool", PoolCall::<Runtime>::get_call_names()),
		("Rollup", RollupCall::<Runtime>::get_call_names()),
		("Groth16Verifier", VerifierCall::<Runtime>::get_call_names()),
	];
	for (pallet, calls) in calls {
		for call in calls {
			let call = format!("{pallet}.{call}");
			let is_case = |case: &Case| case.name.split(',').next() == Some(&call);
			assert!(cases().iter().any(is_case), "{call} is not weighed");
		}
	}
}

fn cases() -> Vec<Case> {
	[of_the_pool(), of_the_rollup(), of_settlement(), of_windows(), of_the_verifier()]
		.into_iter()
		.flatten()
		.collect()
}

fn of_the_pool() -> Vec<Case> {
	vec![
		case("ProverPool.stake", [0, 2, 1, 0, 0], Pool::stake)(|| {
			let stake = PoolCall::stake { amount: 100_000, reward_per_gas: 1, max_capacity: 5 };
			call_by(leaver(), stake)
		}),
		case("ProverPool.withdraw", [0, 1, 0, 0, 0], Pool::withdraw)(|| {
			call_by(leaver(), PoolCall::withdraw {})
		}),
		case("ProverPool.exit", [0, 1, 1, 0, 0], || Pool::exit(PROVERS))(|| {
			call_by(last_prover(), PoolCall::exit {})
		}),
		case("ProverPool::assign", [0; 5], || Pool::assign(PROVERS))(|| {
			make_the_last_prover_likely();
			Box::new(|| {
				let assignment = ProverPool::assign(1, 10_000).expect("a prover is drawn");
				assert_eq!(assignment.prover, last_prover());
				ProverPool::assign_weight()
			})
		}),
		case("ProverPool::release", [0; 5], || Pool::release(PROVERS))(|| {
			draw_the_last_prover();
			Box::new(|| {
				ProverPool::release(&last_prover());
				ProverPool::release_weight()
			})
		}),
		case("ProverPool::slash", [1, 1, 1, 0, 0], || Pool::slash(PROVERS))(|| {
			Box::new(|| {
				drop(ProverPool::slash(&last_prover(), 1, 1));
				ProverPool::slash_weight()
			})
		}),
	]
}

fn of_the_rollup() -> Vec<Case> {
	let propose = || Rollups::propose_block(configs::MaxPayloadSize::get()) + Pool::assign(PROVERS);
	let prove =
		|| Rollups::prove_block() + Verifier::verify_proof() + Pool::release(PROVERS) + slashes(1);
	let r#override = || Rollups::override_transition() + slashes(1);
	vec![
		case("Rollup.propose_block", [0; 5], propose)(|| {
			make_the_last_prover_likely();
			let payload = vec![7; configs::MaxPayloadSize::get() as usize];
			let payload = payload.try_into().expect("it is the largest");
			call_by(leaver(), RollupCall::propose_block { payload, gas_limit: 30_000_000 })
		}),
		case("Rollup.prove_block", [1, 1, 1, 1, 0], prove)(|| {
			draw_the_last_prover();
			call_by(leaver(), prove_block(insert_missed_block(PROVERS)))
		}),
		case("Rollup.override_transition", [1, 1, 1, 1, 0], r#override)(|| {
			insert_rescued_block(1);
			let block_id = insert_late_block(2);
			let [parent_state, new_state] = [1, 7].map(rollup_state);
			call_as_root(RollupCall::override_transition { block_id, parent_state, new_state })
		}),
	]
}

fn of_settlement() -> Vec<Case> {
	vec![
		case("Rollup.settle_blocks, 1", [1; 5], || settled(1))(|| {
			insert_rescued_block(1);
			call_by(leaver(), RollupCall::settle_blocks { max_blocks: 1 })
		}),
		case("Rollup.settle_blocks, 32", [32; 5], || settled(32))(|| {
			insert_many(insert_rescued_block);
			call_by(leaver(), RollupCall::settle_blocks { max_blocks: u32::MAX })
		}),
		case("Rollup::on_idle, none", [0; 5], || Rollups::settle_blocks(0))(|| {
			set_progress(|progress| progress.settled = progress.proposed);
			on_idle()
		}),
		case("Rollup::on_idle, 1 unproven", [0; 5], || Rollups::settle_blocks(1))(on_idle),
		case("Rollup::on_idle, 32", [32; 5], || settled(32))(|| {
			insert_many(insert_rescued_block);
			on_idle()
		}),
	]
}

fn of_windows() -> Vec<Case> {
	vec![
		case("Rollup::on_initialize, none", [0; 5], || Rollups::close_windows(0))(|| {
			set_progress(|progress| progress.closed = progress.proposed);
			on_initialize()
		}),
		case("Rollup::on_initialize, 1 open", [0; 5], || Rollups::close_windows(1))(on_initialize),
		case("Rollup::on_initialize, 1 missed", [1, 1, 1, 1, 0], || closed(1))(|| {
			let last = insert_missed_block(PROVERS);
			set_progress(|progress| (progress.closed, progress.proposed) = (last - 1, last));
			on_initialize()
		}),
		case("Rollup::on_initialize, 32 missed", [32, 32, 32, 32, 0], || closed(32))(|| {
			insert_many(insert_missed_block);
			on_initialize()
		}),
	]
}

fn of_the_verifier() -> Vec<Case> {
	vec![
		case("Groth16Verifier.add_key", [0; 5], Verifier::add_key)(|| {
			assert_ok!(Groth16Verifier::remove_key(RuntimeOrigin::root(), 2));
			let key = simulator::encoded_key::<Bn254>();
			call_as_root(VerifierCall::add_key { key: key.try_into().expect("it fits") })
		}),
		case("Groth16Verifier.remove_key", [0; 5], Verifier::remove_key)(|| {
			call_as_root(VerifierCall::remove_key { version: 2 })
		}),
		case("Groth16Verifier::verify", [0; 5], Verifier::verify_proof)(|| {
			let input = H256::repeat_byte(0x1f);
			let proof = simulator::encoded_proof::<Bn254>(1, input);
			Box::new(move || {
				assert_ok!(Groth16Verifier::verify(input, &proof));
				<Groth16Verifier as ProofVerifier>::weight()
			})
		}),
	]
}

/// Weight of slashes and of what they share.
fn slashes(count: u64) -> Weight {
	(Pool::slash(PROVERS) + Rollups::share_slash()) * count
}

fn settled(count: u32) -> Weight {
	Rollups::settle_blocks(count) + slashes(count.into())
}

fn closed(count: u32) -> Weight {
	Rollups::close_windows(count) + slashes(count.into())
}

fn insert_many(insert: fn(u32) -> u64) {
	(1..=PROVERS).map(insert).for_each(drop);
}

fn call_by(who: AccountId, call: impl Into<RuntimeCall>) -> Step {
	dispatch(RuntimeOrigin::signed(who), call.into())
}

fn call_as_root(call: impl Into<RuntimeCall>) -> Step {
	dispatch(RuntimeOrigin::root(), call.into())
}

fn dispatch(origin: RuntimeOrigin, call: RuntimeCall) -> Step {
	Box::new(move || {
		let info = call.get_dispatch_info();
		let result = call.dispatch(origin);
		assert_ok!(result);
		extract_actual_weight(&result, &info)
	})
}

fn on_initialize() -> Step {
	Box::new(|| Rollup::on_initialize(1))
}

fn on_idle() -> Step {
	Box::new(|| Rollup::on_idle(1, Weight::MAX))
}

/// The call by which the leaver proves a block.
fn prove_block(block_id: u64) -> RollupCall<Runtime> {
	let block = pallet_rollup::Blocks::<Runtime>::get(block_id).expect("it was inserted");
	let transition = Transition {
		parent_state_root: rollup_state(0),
		state_root: rollup_state(1),
		gas_used: block.gas_limit,
	};
	let statement = block.statement(System::block_hash(0), block_id, transition, leaver());
	let proof = simulator::encoded_proof::<Bn254>(1, statement.public_input());
	let proof = proof.try_into().expect("it is short");
	RollupCall::prove_block { block_id, transition, proof }
}
