// SPDX-License-Identifier: Apache-2.0

//! No call, no function of a trait and no step of a hook does more than its declared weight says.
//!
//! Each runs once, in its worst case on a large state. How often it accesses the database and how
//! large the proof of it is, is what really happened. What is declared comes out of the weights
//! that the runtime takes, added up as it charges them.

use crate::*;
use declared::Part;
use frame_support::{traits::GetCallName, weights::Weight};
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
		Self {
			slashed: count,
			withdrawn: count,
			exited: count,
			..Self::default()
		}
	}

	/// What noticing missed windows does.
	fn of_misses(count: usize) -> Self {
		Self {
			windows_closed: count,
			..Self::of_slashes(count)
		}
	}

	/// What settling blocks does, when that is noticed with each.
	fn of_settlements(count: usize) -> Self {
		Self {
			settled: count,
			..Self::of_misses(count)
		}
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

#[test]
fn nothing_does_more_than_its_declared_weight_says() {
	let large = state::large();
	let mut too_little = Vec::new();
	let title = "declared / happened";
	println!("{title:50} | reads | writes | proof size (compact)");
	for case in cases::all() {
		let Case {
			name,
			parts,
			events,
			prepare,
		} = case;
		let mut state = TestExternalities::new_empty();
		state.backend = large.backend.clone();
		let step = state.execute_with(prepare);
		let (charged, happened) = happened::observe(&mut state, step);
		let seen = state.execute_with(Events::seen);
		assert_eq!(seen, events, "{name}: that is not the worst case");
		let sum = declared::weight_of::<Runtime>(&parts);
		assert_eq!(charged, sum, "{name}: that is not what is charged");

		let (reads, writes) = declared::reads_and_writes(&parts);
		let proof_size = charged.proof_size();
		println!(
			"{name:50} | {reads} / {} | {writes} / {} | {proof_size} / {} ({})",
			happened.reads, happened.writes, happened.proof_size, happened.compact_proof_size,
		);
		if reads < happened.reads || writes < happened.writes || proof_size < happened.proof_size {
			too_little.push(name);
		}
	}
	assert!(
		too_little.is_empty(),
		"declared too little: {too_little:#?}"
	);
}

#[test]
fn every_call_is_weighed() {
	let names: Vec<_> = cases::all().into_iter().map(|case| case.name).collect();
	for (pallet, calls) in [
		(
			"ProverPool",
			pallet_prover_pool::Call::<Runtime>::get_call_names(),
		),
		("Rollup", pallet_rollup::Call::<Runtime>::get_call_names()),
		(
			"Groth16Verifier",
			pallet_groth16_verifier::Call::<Runtime>::get_call_names(),
		),
	] {
		for call in calls {
			let call = format!("{pallet}.{call}");
			let is_weighed = names
				.iter()
				.any(|name| name.split(',').next() == Some(&call));
			assert!(is_weighed, "{call}");
		}
	}
}
