// SPDX-License-Identifier: Apache-2.0

//! What happens: the accesses to the database that a step makes, and the proof that it takes.

use crate::AllPalletsWithSystem;
use codec::Encode;
use frame_support::traits::WhitelistedStorageKeys;
use sp_core::{
	storage::{well_known_keys::EXTRINSIC_INDEX, StateVersion},
	Blake2Hasher,
};
use sp_io::TestExternalities;
use sp_runtime::traits::BlakeTwo256;
use sp_trie::recorder::Recorder;
use std::{
	collections::BTreeSet,
	fmt::{self, Display, Formatter},
};

/// What a step really did.
pub struct Happened {
	/// How many keys it read from the database.
	pub reads: u64,
	/// How many keys it wrote.
	pub writes: u64,
	/// How large the proof is of what it read and of the root after what it wrote.
	pub proof_size: u64,
	/// The same after compression, which is how a block carries it.
	pub compact_proof_size: u64,
}

impl Display for Happened {
	fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
		let Self { reads, writes, proof_size, compact_proof_size } = self;
		write!(formatter, "{reads} | {writes} | {proof_size} | {compact_proof_size}")
	}
}

/// Runs one step on a state that is in the database, as if the block had begun: what every block
/// reads and writes anyway is in memory already, and does not count.
pub fn observe<R>(state: &mut TestExternalities, step: impl FnOnce() -> R) -> (R, Happened) {
	state.commit_all().expect("no transaction is open");
	let free = free_keys();
	state.execute_with(|| {
		for key in &free {
			write(key, sp_io::storage::get(key));
		}
	});

	let recorder = Recorder::default();
	let result = state.execute_with_recorder(recorder.clone(), step);

	let reads = recorder.recorded_keys().values().map(|keys| keys.len() as u64).sum();
	let mut written: Vec<_> =
		state.overlayed_changes().changes().map(|(key, _)| key.clone()).collect();
	written.retain(|key| !free.contains(key));
	let writes = written.len() as u64;
	prove_root(&written, state, recorder.clone());
	let proof_size = recorder.estimate_encoded_size() as u64;
	let compact = recorder
		.drain_storage_proof()
		.into_compact_proof::<BlakeTwo256>(*state.backend.root())
		.expect("the proof is of this state");
	let happened =
		Happened { reads, writes, proof_size, compact_proof_size: compact.encoded_size() as u64 };
	(result, happened)
}

/// Records what the root takes after these keys alone were written: a chain computes it at the end of
/// the block.
fn prove_root(
	written: &[Vec<u8>],
	state: &mut TestExternalities,
	recorder: Recorder<Blake2Hasher>,
) {
	let values: Vec<_> =
		state.execute_with(|| written.iter().map(|key| sp_io::storage::get(key)).collect());
	let mut before = TestExternalities::new_empty();
	before.backend = state.backend.clone();
	before.execute_with_recorder(recorder, || {
		for (key, value) in written.iter().zip(values) {
			write(key, value);
		}
		sp_io::storage::root(StateVersion::V1)
	});
}

/// Sets a value, or removes it.
fn write(key: &[u8], value: Option<impl AsRef<[u8]>>) {
	match value {
		Some(value) => sp_io::storage::set(key, value.as_ref()),
		None => sp_io::storage::clear(key),
	}
}

/// The keys that benchmarks do not count either.
fn free_keys() -> BTreeSet<Vec<u8>> {
	AllPalletsWithSystem::whitelisted_storage_keys()
		.into_iter()
		.map(|tracked| tracked.key)
		.chain([
			EXTRINSIC_INDEX.to_vec(),
			frame_support::storage::transactional::TRANSACTION_LEVEL_KEY.to_vec(),
		])
		.collect()
}
