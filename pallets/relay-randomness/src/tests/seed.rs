// SPDX-License-Identifier: Apache-2.0

//! Every branch of the choice of a source, on real storage proofs.

use crate::{
	mock::{RelayRandomness, System, SystemEvents, Test},
	Seed, Source, CURRENT_BLOCK_RANDOMNESS, ONE_EPOCH_AGO_RANDOMNESS,
};
use codec::Encode;
use cumulus_pallet_parachain_system::{OnSystemEvent, RelayChainStateProof, ValidationData};
use cumulus_primitives_core::{relay_chain::well_known_keys, ParaId, PersistedValidationData};
use cumulus_test_relay_sproof_builder::RelayStateSproofBuilder;
use frame_support::traits::Randomness;
use sp_core::H256;
use sp_io::TestExternalities;
use sp_runtime::traits::BlakeTwo256;
use sp_state_machine::{prove_read, StorageProof, TrieBackend, TrieBackendBuilder};
use sp_trie::PrefixedMemoryDB;

const VRF: H256 = H256::repeat_byte(1);
const EPOCH: H256 = H256::repeat_byte(2);

type RelayState = TrieBackend<PrefixedMemoryDB<BlakeTwo256>, BlakeTwo256>;

/// Returns a relay chain's state with these two values and a few that every relay chain has.
fn relay_state(current: Option<Option<H256>>, epoch: Option<H256>) -> RelayState {
	let mut entries = vec![
		(well_known_keys::CURRENT_SLOT.to_vec(), 1u64.encode()),
		(well_known_keys::EPOCH_INDEX.to_vec(), 1u64.encode()),
		(well_known_keys::ACTIVE_CONFIG.to_vec(), vec![0; 40]),
		(well_known_keys::TWO_EPOCHS_AGO_RANDOMNESS.to_vec(), H256::repeat_byte(3).encode()),
	];
	entries.extend(current.map(|v| (CURRENT_BLOCK_RANDOMNESS.to_vec(), v.encode())));
	entries.extend(epoch.map(|v| (ONE_EPOCH_AGO_RANDOMNESS.to_vec(), v.encode())));

	let (db, root) = PrefixedMemoryDB::<BlakeTwo256>::default_with_root();
	let mut state = TrieBackendBuilder::new(db, root).build();
	let entries = entries.into_iter().map(|(key, value)| (key, Some(value))).collect();
	state.insert(vec![(None, entries)], Default::default());
	state
}

fn proof_of(state: RelayState, keys: &[&[u8]]) -> (H256, StorageProof) {
	let root = *state.root();
	(root, prove_read(state, keys).expect("the state is complete"))
}

/// Passes the proof to the pallet, as the parachain system pallet does in block `number`.
fn next_block(number: u32, (root, proof): (H256, StorageProof)) {
	System::set_block_number(number);
	ValidationData::<Test>::put(PersistedValidationData {
		parent_head: Default::default(),
		relay_parent_number: number,
		relay_parent_storage_root: root,
		max_pov_size: Default::default(),
	});
	let proof = RelayChainStateProof::new(ParaId::from(2500), root, proof).expect("has its root");
	SystemEvents::on_relay_state_proof(&proof);
}

const BOTH: [&[u8]; 2] = [&CURRENT_BLOCK_RANDOMNESS, &ONE_EPOCH_AGO_RANDOMNESS];

fn seed_from(current: Option<Option<H256>>, epoch: Option<H256>, keys: &[&[u8]]) -> (H256, Source) {
	TestExternalities::default().execute_with(|| {
		next_block(1, proof_of(relay_state(current, epoch), keys));
		let seed = Seed::<Test>::get().expect("was just stored");
		assert_eq!(seed.known_since, 1);
		(seed.value, seed.source)
	})
}

#[test]
fn the_keys_are_those_of_the_relay_chain() {
	assert_eq!(CURRENT_BLOCK_RANDOMNESS, well_known_keys::CURRENT_BLOCK_RANDOMNESS);
	assert_eq!(ONE_EPOCH_AGO_RANDOMNESS, well_known_keys::ONE_EPOCH_AGO_RANDOMNESS);
}

#[test]
fn the_relay_authors_vrf_output_comes_first() {
	assert_eq!(seed_from(Some(Some(VRF)), Some(EPOCH), &BOTH), (VRF, Source::CurrentBlockVrf));
	assert_eq!(seed_from(Some(Some(VRF)), None, &BOTH), (VRF, Source::CurrentBlockVrf));
}

#[test]
fn a_relay_block_without_vrf_output_falls_back_to_the_epoch() {
	assert_eq!(seed_from(Some(None), Some(EPOCH), &BOTH), (EPOCH, Source::OneEpochAgo));
}

#[test]
fn a_relay_chain_proven_to_have_no_vrf_output_falls_back_to_the_epoch() {
	assert_eq!(seed_from(None, Some(EPOCH), &BOTH), (EPOCH, Source::OneEpochAgo));
}

#[test]
fn a_relay_chain_proven_to_have_neither_falls_back_to_its_state_root() {
	for current in [None, Some(None)] {
		let (root, _) = proof_of(relay_state(current, None), &[]);
		assert_eq!(seed_from(current, None, &BOTH), (root, Source::RelayStateRoot));
	}
}

#[test]
#[should_panic = "must show the relay chain's randomness"]
fn leaving_the_vrf_output_out_of_the_proof_is_invalid() {
	seed_from(Some(Some(VRF)), Some(EPOCH), &[&ONE_EPOCH_AGO_RANDOMNESS]);
}

#[test]
#[should_panic = "must show the relay chain's randomness"]
fn leaving_the_epoch_out_of_the_proof_is_invalid_when_it_is_needed() {
	seed_from(Some(None), Some(EPOCH), &[&CURRENT_BLOCK_RANDOMNESS]);
}

#[test]
#[should_panic = "must show the relay chain's randomness"]
fn leaving_out_both_is_invalid() {
	seed_from(Some(Some(VRF)), Some(EPOCH), &[well_known_keys::ACTIVE_CONFIG]);
}

#[test]
#[should_panic = "must show the relay chain's randomness"]
fn a_value_that_does_not_decode_is_invalid() {
	let mut state = relay_state(None, Some(EPOCH));
	let broken = vec![(CURRENT_BLOCK_RANDOMNESS.to_vec(), Some(vec![1, 2, 3]))];
	state.insert(vec![(None, broken)], Default::default());
	TestExternalities::default().execute_with(|| next_block(1, proof_of(state, &BOTH)));
}

/// Nodes in development mode and the tests of the runtime build relay states with this mock.
#[test]
fn the_development_mock_gives_the_epochs_value() {
	TestExternalities::default().execute_with(|| {
		let mock = RelayStateSproofBuilder { randomness: EPOCH, ..Default::default() };
		next_block(1, mock.into_state_root_and_proof());
		let seed = Seed::<Test>::get().expect("was just stored");
		assert_eq!((seed.value, seed.source), (EPOCH, Source::OneEpochAgo));
	});
}

#[test]
fn a_seed_is_known_since_the_first_block_that_carried_it() {
	TestExternalities::default().execute_with(|| {
		let block = |number, vrf| {
			next_block(number, proof_of(relay_state(Some(Some(vrf)), None), &BOTH));
			RelayRandomness::random(b"").1
		};
		assert_eq!(block(4, VRF), 4);
		assert_eq!(block(5, VRF), 4);
		assert_eq!(block(6, EPOCH), 6);
	});
}

#[test]
fn values_differ_by_subject_and_by_seed() {
	TestExternalities::default().execute_with(|| {
		let values = |vrf| {
			next_block(1, proof_of(relay_state(Some(Some(vrf)), None), &BOTH));
			[RelayRandomness::random(b"a").0, RelayRandomness::random(b"b").0]
		};
		let [a, b] = values(VRF);
		assert_eq!(values(VRF), [a, b]);
		let [other_a, other_b] = values(EPOCH);
		let all = std::collections::BTreeSet::from([a, b, other_a, other_b]);
		assert_eq!(all.len(), 4);
	});
}

#[test]
fn before_the_first_block_there_is_a_value_all_the_same() {
	TestExternalities::default().execute_with(|| {
		assert_eq!(Seed::<Test>::get(), None);
		assert_eq!(RelayRandomness::random(b"a").1, 0);
	});
}
