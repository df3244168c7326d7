// SPDX-License-Identifier: Apache-2.0

//! The cost of an assignment: rule 23, counted by the keys that the database sees.

use crate::mock::*;
use frame_support::traits::PalletInfoAccess;
use sp_io::TestExternalities;
use sp_trie::recorder::Recorder;

/// Returns a state at [`START`] with `provers` from genesis.
fn state(provers: Vec<(AccountId, u32, u16, u16)>) -> TestExternalities {
	let mut state = genesis(provers);
	state.execute_with(|| set_clock(START));
	state
}

/// Returns the numbers of the pool's keys that `step` reads and writes.
fn count(state: &mut TestExternalities, step: impl FnOnce()) -> (usize, usize) {
	state.commit_all().unwrap();
	let recorder = Recorder::default();
	state.execute_with_recorder(recorder.clone(), step);
	let prefix = sp_io::hashing::twox_128(ProverPool::name().as_bytes());
	let recorded = recorder.recorded_keys();
	let read = recorded.values().flat_map(|keys| keys.keys());
	let written = state.overlayed_changes().changes();
	let counts = (
		read.filter(|key| key.starts_with(&prefix)).count(),
		written.filter(|(key, _)| key.starts_with(&prefix)).count(),
	);
	state.execute_with(|| ProverPool::do_try_state().unwrap());
	counts
}

#[test]
fn rule_23_an_assignment_over_32_provers_takes_two_reads_and_one_write() {
	let mut state = state((1..=32).map(|who| (who, MIN_STAKE, 10, 128)).collect());
	for block in 0..64 {
		let counts = count(&mut state, || assert!(assign(block, 10).is_some()));
		assert_eq!(counts, (2, 1));
	}
}

#[test]
fn rule_23_nobody_drawable_takes_one_read() {
	let counts = count(&mut state(vec![]), || assert!(assign(1, 10).is_none()));
	assert_eq!(counts, (1, 0));
}

#[test]
fn a_release_takes_two_reads_and_one_write() {
	let mut state = state(vec![(1, MIN_STAKE, 10, 128)]);
	state.execute_with(|| assign(1, 10).unwrap());
	assert_eq!(count(&mut state, || release(1)), (2, 1));
}
