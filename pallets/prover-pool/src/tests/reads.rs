// SPDX-License-Identifier: Apache-2.0

//! The cost of an assignment: rule 23, counted by the keys that the database sees. For several blocks
//! also by the accesses to the pool's value, each of which decodes or encodes the whole of it.

use crate::{mock::*, Provers};
use frame_support::traits::PalletInfoAccess;
use prover_pool_primitives::ProverPool as _;
use sp_io::TestExternalities;
use sp_trie::recorder::Recorder;
use std::{
	fmt::Debug,
	sync::{
		atomic::{AtomicUsize, Ordering},
		Arc,
	},
};
use tracing::{
	field::{Field, Visit},
	span, Event, Metadata, Subscriber,
};

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

/// Counts the accesses to one key of the storage, by the traces of the state machine.
#[derive(Clone, Default)]
struct Accesses {
	/// The key, in hexadecimal digits.
	key: String,
	reads: Arc<AtomicUsize>,
	writes: Arc<AtomicUsize>,
}

impl Subscriber for Accesses {
	fn enabled(&self, metadata: &Metadata<'_>) -> bool {
		metadata.target() == "state"
	}
	fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
		span::Id::from_u64(1)
	}
	fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
	fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
	fn enter(&self, _: &span::Id) {}
	fn exit(&self, _: &span::Id) {}
	fn event(&self, event: &Event<'_>) {
		let mut access = Access::default();
		event.record(&mut access);
		match access.method.as_str() {
			"Get" if access.key == self.key => self.reads.fetch_add(1, Ordering::Relaxed),
			"Put" if access.key == self.key => self.writes.fetch_add(1, Ordering::Relaxed),
			_ => 0,
		};
	}
}

/// Method and key of one trace.
#[derive(Default)]
struct Access {
	method: String,
	key: String,
}

impl Visit for Access {
	fn record_str(&mut self, field: &Field, value: &str) {
		if field.name() == "method" {
			self.method = value.into();
		}
	}
	fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
		if field.name() == "key" {
			self.key = format!("{value:?}");
		}
	}
}

/// Returns the number of times that `step` reads and writes the pool's value.
fn accesses(step: impl FnOnce()) -> (usize, usize) {
	let key = Provers::<Test>::hashed_key();
	let key = key.iter().map(|byte| format!("{byte:02x}")).collect();
	let accesses = Accesses { key, ..Default::default() };
	tracing::subscriber::with_default(accesses.clone(), step);
	(accesses.reads.load(Ordering::Relaxed), accesses.writes.load(Ordering::Relaxed))
}

#[test]
fn rule_23_several_blocks_take_one_read_and_one_write_of_the_pool() {
	let provers: Vec<_> = (1..=32).map(|who| (who, MIN_STAKE, 10, 128)).collect();
	for blocks in [1, 8, 32] {
		let requests: Vec<_> = (0..blocks).map(|block| (block, 10)).collect();
		let draw = || assert!(ProverPool::assign_many(&requests).iter().all(Option::is_some));
		state(provers.clone()).execute_with(|| assert_eq!(accesses(draw), (1, 1)));
		// The others are the accounts of the drawn provers.
		let (read, written) = count(&mut state(provers.clone()), draw);
		assert!((2..=1 + requests.len()).contains(&read));
		assert_eq!(written, 1);
		// One draw after the other takes one of each for each block: the count is not blind.
		let one_by_one =
			|| requests.iter().for_each(|(id, fee)| assert!(assign(*id, *fee).is_some()));
		let times = requests.len();
		state(provers.clone()).execute_with(|| assert_eq!(accesses(one_by_one), (times, times)));
	}
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
fn rule_23_a_pool_without_a_drawable_prover_takes_one_read() {
	let counts = count(&mut state(vec![]), || assert!(assign(1, 10).is_none()));
	assert_eq!(counts, (1, 0));
}

#[test]
fn a_release_takes_two_reads_and_one_write() {
	let mut state = state(vec![(1, MIN_STAKE, 10, 128)]);
	state.execute_with(|| assign(1, 10).unwrap());
	assert_eq!(count(&mut state, || release(1)), (2, 1));
}

#[test]
fn the_last_release_of_a_former_member_takes_one_read_and_one_write() {
	let mut state = state(vec![(1, MIN_STAKE, 10, 128)]);
	state.execute_with(|| {
		assign(1, 10).unwrap();
		slash(1, 1, Balance::MAX);
		exit(1).unwrap();
	});
	assert_eq!(count(&mut state, || release(1)), (1, 1));
}
