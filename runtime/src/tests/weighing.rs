// SPDX-License-Identifier: Apache-2.0

//! No call, no function of a trait and no step of a hook does more than its declared weight says.
//!
//! Each runs once, in its worst case on a large state. How often it accesses the database and how
//! large the proof of it is, is what really happened. What is declared comes out of the weights
//! that the runtime takes, added up as it charges them.

use crate::*;
use declared::Part;
use frame_support::{traits::GetCallName, weights::Weight};
use happened::Happened;
use sp_io::TestExternalities;

mod cases;
mod declared;
mod happened;
mod state;

/// Runs what is weighed, and returns the weight that the runtime charges for it.
type Step = Box<dyn FnOnce() -> Weight>;

/// Something that is weighed.
struct Case {
	/// For a call `Pallet.call`, maybe with more after it.
	name: &'static str,
	/// What its weight is put together from.
	parts: Vec<Part>,
	/// How many events show that it was the worst case.
	events: Events,
	/// Puts the worst case into the state.
	prepare: fn() -> Step,
}

/// How many events there were of some kinds.
#[derive(Default, PartialEq, Debug)]
struct Events {
	slashed: usize,
	withdrawn: usize,
	exited: usize,
	windows_closed: usize,
	settled: usize,
}

impl Events {
	/// What slashes do that eject members whose exit is mature.
	fn of_slashes(count: usize) -> Self {
		Self { slashed: count, withdrawn: count, exited: count, ..Self::default() }
	}

	/// What noticing missed windows does.
	fn of_misses(count: usize) -> Self {
		Self { windows_closed: count, ..Self::of_slashes(count) }
	}

	/// What settling blocks does, when that is noticed with each.
	fn of_settlements(count: usize) -> Self {
		Self { settled: count, ..Self::of_misses(count) }
	}

	fn seen() -> Self {
		use {pallet_prover_pool::Event as PoolEvent, pallet_rollup::Event as RollupEvent};
		let mut seen = Self::default();
		for record in System::events() {
			match record.event {
				RuntimeEvent::ProverPool(PoolEvent::Slashed { .. }) => seen.slashed += 1,
				RuntimeEvent::ProverPool(PoolEvent::Withdrawn { .. }) => seen.withdrawn += 1,
				RuntimeEvent::ProverPool(PoolEvent::Exited { .. }) => seen.exited += 1,
				RuntimeEvent::Rollup(RollupEvent::WindowClosed { .. }) => seen.windows_closed += 1,
				RuntimeEvent::Rollup(RollupEvent::BlockSettled { .. }) => seen.settled += 1,
				_ => (),
			}
		}
		seen
	}
}

impl Case {
	/// Runs the case on a copy of the state, and makes sure that it was what it is meant to be.
	/// Returns the weight that was charged, and what happened.
	fn run(self, large: &TestExternalities) -> (Weight, Happened) {
		let Self { name, parts, events, prepare } = self;
		let mut state = TestExternalities::new_empty();
		state.backend = large.backend.clone();
		let step = state.execute_with(prepare);
		let (charged, happened) = happened::observe(&mut state, step);
		let seen = state.execute_with(Events::seen);
		assert_eq!(seen, events, "{name}: that is not the worst case");
		let sum = declared::weight_of::<Runtime>(&parts);
		assert_eq!(charged, sum, "{name}: that is not what is charged");
		(charged, happened)
	}
}

/// What happened when this was last looked at, one case a line.
const HAPPENED: &str = include_str!("weighing/happened.txt");

/// The counts are compared as well with what they were, so that nothing grows unnoticed. Where that
/// is meant, what this prints goes into `weighing/happened.txt`.
#[test]
fn nothing_does_more_than_its_declared_weight_says() {
	let large = state::large(state::OTHERS);
	let mut too_little = Vec::new();
	let mut table = String::from("what | reads | writes | proof size | compact proof size\n");
	let title = "declared / happened";
	println!("{title:50} | reads | writes | proof size (compact)");
	for case in cases::all() {
		let (name, parts) = (case.name, case.parts.clone());
		let (charged, happened) = case.run(&large);
		let (reads, writes) = declared::reads_and_writes(&parts);
		let proof_size = charged.proof_size();
		println!(
			"{name:50} | {reads} / {} | {writes} / {} | {proof_size} / {} ({})",
			happened.reads, happened.writes, happened.proof_size, happened.compact_proof_size,
		);
		table += &format!("{name} | {happened}\n");
		if reads < happened.reads || writes < happened.writes || proof_size < happened.proof_size {
			too_little.push(name);
		}
	}
	assert!(too_little.is_empty(), "declared too little: {too_little:#?}");
	assert_eq!(table, HAPPENED, "to be looked at:\n{table}");
}

/// The pool's own part of a rollup block, on a state as large as a busy chain's.
#[test]
#[ignore = "takes minutes: `make throughput`"]
fn an_assignment_over_a_million_accounts_is_proven_in_less_than_4_kib() {
	let large = state::large(1_000_000);
	let is_assign = |case: &Case| case.name == "ProverPool::assign";
	let case = cases::all().into_iter().find(is_assign);
	let (_, happened) = case.expect("it is weighed").run(&large);
	println!("\n## An assignment over 32 provers beside a million accounts\n");
	println!("| reads | writes | proof size | compact proof size |\n|---:|---:|---:|---:|");
	println!("| {happened} |");
	assert!(happened.proof_size < 4 * 1024);
}

#[test]
fn every_call_is_weighed() {
	let names: Vec<_> = cases::all().into_iter().map(|case| case.name).collect();
	for (pallet, calls, weights) in [
		(
			"ProverPool",
			pallet_prover_pool::Call::<Runtime>::get_call_names(),
			include_str!("../weights/pallet_prover_pool.rs"),
		),
		(
			"Rollup",
			pallet_rollup::Call::<Runtime>::get_call_names(),
			include_str!("../weights/pallet_rollup.rs"),
		),
		(
			"Groth16Verifier",
			pallet_groth16_verifier::Call::<Runtime>::get_call_names(),
			include_str!("../weights/pallet_groth16_verifier.rs"),
		),
	] {
		for call in calls {
			let is_measured = weights.contains(&format!("\tfn {call}("));
			assert!(is_measured, "{pallet}.{call} has no benchmark");
			let call = format!("{pallet}.{call}");
			let is_weighed = names.iter().any(|name| name.split(',').next() == Some(&call));
			assert!(is_weighed, "{call}");
		}
	}
}
