// SPDX-License-Identifier: Apache-2.0

//! Every branch of the choice of a source.

use super::*;
use crate::{Seeds, Source};
use cumulus_test_relay_sproof_builder::RelayStateSproofBuilder;
use sp_io::TestExternalities;
use sp_runtime::traits::Hash;

/// Number of the relay block that the only block of these tests is built on.
const RELAY_BLOCK: u32 = 7;

/// Returns the seed that a source other than the VRF output gives for `value`.
fn numbered(value: H256) -> H256 {
	BlakeTwo256::hash_of(&(value, RELAY_BLOCK))
}

fn seed_of_block((root, proof): (H256, StorageProof)) -> (H256, Source) {
	TestExternalities::default().execute_with(|| {
		next_block(1, RELAY_BLOCK, (root, proof));
		let seeds = Seeds::<Test>::get().expect("was just stored");
		assert_eq!((seeds.newest.known_since, seeds.relay_block), (1, RELAY_BLOCK));
		(seeds.newest.value, seeds.source)
	})
}

fn seed_from(current: Option<Option<H256>>, epoch: Option<H256>, keys: &[&[u8]]) -> (H256, Source) {
	seed_of_block(proof_of(relay_state(current, epoch), keys))
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
	assert_eq!(seed_from(Some(None), Some(EPOCH), &BOTH), (numbered(EPOCH), Source::OneEpochAgo));
}

#[test]
fn a_relay_chain_proven_to_have_no_vrf_output_falls_back_to_the_epoch() {
	assert_eq!(seed_from(None, Some(EPOCH), &BOTH), (numbered(EPOCH), Source::OneEpochAgo));
}

#[test]
fn a_relay_chain_proven_to_have_neither_falls_back_to_its_state_root() {
	for current in [None, Some(None)] {
		let (root, _) = proof_of(relay_state(current, None), &[]);
		assert_eq!(seed_from(current, None, &BOTH), (numbered(root), Source::RelayStateRoot));
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
	seed_of_block(proof_of(state, &BOTH));
}

/// Nodes in development mode and the tests of the runtime build relay states with this mock.
#[test]
fn the_development_mock_gives_the_epochs_value() {
	let mock = RelayStateSproofBuilder { randomness: EPOCH, ..Default::default() };
	let proof = mock.into_state_root_and_proof();
	assert_eq!(seed_of_block(proof), (numbered(EPOCH), Source::OneEpochAgo));
}
