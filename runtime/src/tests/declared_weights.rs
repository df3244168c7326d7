// SPDX-License-Identifier: Apache-2.0

//! No call, trait function or hook exceeds its declared weight.
//!
//! Each runs once, in its worst case on a large state. The test compares its recorded reads, writes
//! and proof with those in the weight that the runtime charges.

use crate::*;
use ark_bn254::Bn254;
use codec::Encode;
use counting::{Counting, Prices};
use frame_support::{
	assert_ok,
	dispatch::{extract_actual_weight, GetDispatchInfo, PostDispatchInfo},
	storage::transactional::TRANSACTION_LEVEL_KEY,
	traits::{GetCallName, Hooks, WhitelistedStorageKeys},
	weights::{RuntimeDbWeight, Weight, WeightMeter},
	BoundedVec,
};
use pallet_groth16_verifier::{simulator, Call as VerifierCall, WeightInfo as _};
use pallet_prover_pool::{Call as PoolCall, Event as PoolEvent, WeightInfo as _};
use pallet_rollup::{
	Call as RollupCall, Event as RollupEvent, ProofLane, Transition, WeightInfo as _,
};
use prover_pool_primitives::{public_input, KeyUser as _, ProofVerifier, ProverPool as _};
use sp_core::storage::{well_known_keys::EXTRINSIC_INDEX, StateVersion};
use sp_io::{storage, TestExternalities};
use sp_runtime::traits::{DispatchTransaction, Dispatchable, TransactionExtension};
use sp_trie::recorder::Recorder;
use state::*;
use std::collections::BTreeSet;

mod state;

/// Maximum number of blocks drawn in one chain block.
const DRAWN: u32 = 16;
/// Maximum number of blocks that become proven, or that a sweep passes, in one chain block.
const SWEPT: u32 = 64;

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
	/// Name, as `Pallet.call` or `Pallet::function`, and a variant.
	name: &'static str,
	/// Expected [`events`], which show that this is the worst case.
	events: [usize; 5],
	/// Sum of the weights that the runtime must charge.
	declared: fn() -> Weight,
	/// Sets up the worst case in the state.
	prepare: fn() -> Step,
}

fn case(
	name: &'static str,
	events: [usize; 5],
	declared: fn() -> Weight,
) -> impl FnOnce(fn() -> Step) -> Case {
	move |prepare| Case { name, events, declared, prepare }
}

/// Numbers of slashes, withdrawals, exits, misses and settlements.
fn events() -> [usize; 5] {
	let mut seen = [0; 5];
	for record in System::events() {
		let kind = match record.event {
			RuntimeEvent::ProverPool(PoolEvent::Slashed { .. }) => 0,
			RuntimeEvent::ProverPool(PoolEvent::Withdrawn { .. }) => 1,
			RuntimeEvent::ProverPool(PoolEvent::Exited { .. }) => 2,
			RuntimeEvent::Rollup(RollupEvent::AssignmentMissed { .. }) => 3,
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
		// `on_poll` declares this read for all transactions of a block.
		.chain([pallet_sudo::Key::<Runtime>::hashed_key().to_vec()])
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
fn nothing_exceeds_its_declared_weight() {
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
	assert!(exceeded.is_empty(), "these exceed their declared weights: {exceeded:#?}");
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
fn every_call_has_a_case() {
	let calls = [
		("ProverPool", PoolCall::<Runtime>::get_call_names()),
		("Rollup", RollupCall::<Runtime>::get_call_names()),
		("Groth16Verifier", VerifierCall::<Runtime>::get_call_names()),
	];
	for (pallet, calls) in calls {
		for call in calls {
			let call = format!("{pallet}.{call}");
			let is_case = |case: &Case| case.name.split(',').next() == Some(&call);
			assert!(cases().iter().any(is_case), "{call} has no case");
		}
	}
}

fn cases() -> Vec<Case> {
	[of_the_pool(), of_the_rollup(), of_overrides(), of_on_poll(), of_the_verifier()]
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
		case("ProverPool.set_operator", [0; 5], Pool::set_operator)(|| {
			call_by(leaver(), PoolCall::set_operator { operator: Some(last_prover()) })
		}),
		case("ProverPool.exit_for", [0, 1, 1, 0, 0], || Pool::exit_for(PROVERS))(|| {
			let origin = RuntimeOrigin::signed(last_prover());
			assert_ok!(ProverPool::set_operator(origin, Some(leaver())));
			call_by(leaver(), PoolCall::exit_for { prover: last_prover() })
		}),
		case("ProverPool::assign", [0; 5], || Pool::assign_many(1))(|| {
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
	let prove = || Rollups::prove_block() + Verifier::verify_proof() + Pool::release(PROVERS);
	vec![
		case("Rollup.propose_block", [0; 5], || {
			Rollups::propose_block(configs::MaxPayloadSize::get())
		})(|| {
			let payload = vec![7; configs::MaxPayloadSize::get() as usize];
			let payload = payload.try_into().expect("it is the largest");
			let (gas_limit, max_fee_per_gas) = (30_000_000, u32::MAX);
			call_by(leaver(), RollupCall::propose_block { payload, gas_limit, max_fee_per_gas })
		}),
		case("Rollup.prove_block, opened", [0; 5], prove)(|| {
			insert_waiting_blocks(PROVERS);
			replace_key();
			call_by(leaver(), prove_block(1, leaver()))
		}),
		case("Rollup::extension, opened", [0; 5], Rollups::extension)(|| {
			insert_waiting_blocks(PROVERS);
			replace_key();
			fill_lane(1);
			let origin = RuntimeOrigin::signed(last_prover());
			assert_ok!(ProverPool::set_operator(origin, Some(leaver())));
			extend(leaver(), prove_block(1, last_prover()))
		}),
		case("Rollup.open_undrawn", [0; 5], || Rollups::open_undrawn(DRAWN))(|| {
			insert_undrawn_blocks(DRAWN);
			call_as_root(RollupCall::open_undrawn { up_to: DRAWN.into() })
		}),
	]
}

fn of_overrides() -> Vec<Case> {
	let release = || Rollups::override_block() + Pool::release(PROVERS);
	vec![
		case("Rollup.override_block, opened", [0; 5], release)(|| {
			insert_waiting_blocks(PROVERS);
			replace_key();
			call_as_root(RollupCall::override_block { block_id: 1, state_root: [7; 32] })
		}),
		case("Rollup.resume_draws", [0; 5], Rollups::resume_draws)(|| {
			set_state(|state| state.draws_stopped = true);
			call_as_root(RollupCall::resume_draws {})
		}),
		case("Rollup.pause", [0; 5], Rollups::pause)(|| call_as_root(RollupCall::pause {})),
		case("Rollup.resume", [0; 5], Rollups::resume)(|| {
			set_state(|state| state.is_running = false);
			call_as_root(RollupCall::resume {})
		}),
	]
}

/// Weight of the largest sweep.
fn swept() -> Weight {
	(Rollups::sweep(1) + Pool::release(PROVERS)) * u64::from(SWEPT)
}

/// Returns the cases of `on_poll`, whose steps check their weights one block at a time.
fn of_on_poll() -> Vec<Case> {
	vec![
		case("Rollup::on_poll, nothing to do", [0; 5], Rollups::poll)(|| {
			set_state(|state| (state.proposed, state.drawn) = (0, 0));
			on_poll()
		}),
		case("Rollup::on_poll, 32 misses settled", [32, 32, 32, 0, 32], || {
			let miss = Pool::slash(PROVERS) + Pool::release(PROVERS) + Rollups::pay_bounty();
			Rollups::poll() + (Rollups::settle(1) + miss) * 32
		})(|| {
			insert_rescued_blocks(32);
			on_poll()
		}),
		case("Rollup::on_poll, 32 timely blocks settled", [0, 0, 0, 0, 32], || {
			Rollups::poll() + Rollups::settle(1) * 32
		})(|| {
			insert_proven_blocks(32);
			on_poll()
		}),
		case("Rollup::on_poll, 64 proven", [0; 5], || {
			Rollups::poll()
				+ (Rollups::advance_proven(1) + Pool::release(PROVERS)) * u64::from(SWEPT)
		})(|| {
			insert_waiting_blocks(SWEPT);
			on_poll()
		}),
		case("Rollup::on_poll, 64 missed", [0, 0, 0, 64, 0], || {
			// The step before reads the first unproven block.
			let unproven = Rollups::advance_proven(1) + Pool::release(PROVERS);
			Rollups::poll() + unproven + swept()
		})(|| {
			insert_overdue_blocks(SWEPT);
			on_poll()
		}),
		case("Rollup::on_poll, 64 opened", [0; 5], || {
			let unproven = Rollups::advance_proven(1) + Pool::release(PROVERS);
			Rollups::poll() + unproven + swept()
		})(|| {
			insert_waiting_blocks(SWEPT);
			replace_key();
			on_poll()
		}),
		case("Rollup::on_poll, 16 drawn", [0; 5], || {
			Rollups::poll() + Rollups::draw(DRAWN) + Pool::assign_many(DRAWN)
		})(|| {
			insert_undrawn_blocks(DRAWN);
			System::set_block_number(2);
			pallet_relay_randomness::Seeds::<Runtime>::mutate(|seeds| {
				let seeds = seeds.as_mut().expect("they were filled");
				seeds.newest.known_since = 2;
				seeds.older.as_mut().expect("there are two").known_since = 1;
			});
			on_poll()
		}),
	]
}

fn of_the_verifier() -> Vec<Case> {
	let remove = || Verifier::remove_key() + Rollups::is_needed();
	vec![
		case("Groth16Verifier.add_key", [0; 5], Verifier::add_key)(|| {
			assert_ok!(Groth16Verifier::remove_key(RuntimeOrigin::root(), 2));
			call_as_root(VerifierCall::add_key { key: key() })
		}),
		case("Groth16Verifier.activate_key", [0; 5], Verifier::activate_key)(|| {
			call_as_root(VerifierCall::activate_key { version: 2 })
		}),
		case("Groth16Verifier.remove_key", [0; 5], remove)(|| {
			call_as_root(VerifierCall::remove_key { version: 2 })
		}),
		case("Groth16Verifier.replace_key", [0; 5], Verifier::replace_key)(|| {
			set_state(|state| state.is_running = false);
			call_as_root(VerifierCall::replace_key { version: 1, key: key() })
		}),
		case("Groth16Verifier::verify", [0; 5], Verifier::verify_proof)(|| {
			let statement = [7; 200];
			let proof = simulator::encoded_proof::<Bn254>(public_input(&statement));
			Box::new(move || {
				assert_ok!(Groth16Verifier::verify(1, &statement, &proof));
				<Groth16Verifier as ProofVerifier>::weight()
			})
		}),
		case("Rollup::is_needed", [0; 5], Rollups::is_needed)(|| {
			Box::new(|| {
				assert!(!Rollup::is_needed(2));
				Rollup::is_needed_weight()
			})
		}),
	]
}

fn key() -> BoundedVec<u8, <Runtime as pallet_groth16_verifier::Config>::MaxKeySize> {
	simulator::encoded_key::<Bn254>().try_into().expect("it fits")
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

type Extension = ProofLane<Runtime, ()>;

/// Runs the transaction extension of a proof that has the lane.
fn extend(who: AccountId, call: impl Into<RuntimeCall>) -> Step {
	let call = call.into();
	Box::new(move || {
		let extension = Extension::new(());
		let (charged, info) = (extension.weight(&call), call.get_dispatch_info());
		let origin = RuntimeOrigin::signed(who);
		let prepared = extension.validate_and_prepare(origin, &call, &info, 0, 0);
		let ((pre, lane), _) = prepared.expect("the proof may be valid");
		assert!(lane.is_some());
		let post_info = PostDispatchInfo::default();
		let pre = (pre, lane);
		assert_ok!(<Extension as TransactionExtension<RuntimeCall>>::post_dispatch_details(
			pre,
			&info,
			&post_info,
			0,
			&Ok(())
		));
		charged
	})
}

fn on_poll() -> Step {
	Box::new(|| {
		let mut meter = WeightMeter::new();
		Rollup::on_poll(System::block_number(), &mut meter);
		meter.consumed()
	})
}

/// Returns the call by which `prover` proves a block.
fn prove_block(block_id: u64, prover: AccountId) -> RollupCall<Runtime> {
	let key = pallet_rollup::BlockKey::from(block_id);
	let block = pallet_rollup::Blocks::<Runtime>::get(key).expect("it was inserted");
	let transition = Transition {
		parent_state_root: state_root(0),
		state_root: state_root(1),
		gas_used: block.gas_limit,
	};
	let statement = block.statement(System::block_hash(0).0, block_id, transition, prover.clone());
	let proof = simulator::encoded_proof::<Bn254>(public_input(&statement.encode()));
	let proof = proof.try_into().expect("it is short");
	RollupCall::prove_block { block_id, prover, transition, proof }
}
