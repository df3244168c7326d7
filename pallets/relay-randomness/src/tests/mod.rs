// SPDX-License-Identifier: Apache-2.0

//! Tests by subject, on real storage proofs.

use crate::{
	mock::{System, SystemEvents, Test},
	CURRENT_BLOCK_RANDOMNESS, ONE_EPOCH_AGO_RANDOMNESS,
};
use codec::Encode;
use cumulus_pallet_parachain_system::{OnSystemEvent, RelayChainStateProof, ValidationData};
use cumulus_primitives_core::{relay_chain::well_known_keys, ParaId, PersistedValidationData};
use sp_core::H256;
use sp_runtime::traits::BlakeTwo256;
use sp_state_machine::{prove_read, StorageProof, TrieBackend, TrieBackendBuilder};
use sp_trie::PrefixedMemoryDB;

mod mix;
mod seed;

const BOTH: [&[u8]; 2] = [&CURRENT_BLOCK_RANDOMNESS, &ONE_EPOCH_AGO_RANDOMNESS];

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

/// Passes the proof to the pallet, as the parachain system pallet does in block `number`, which is
/// built on relay block `relay_block`.
fn next_block(number: u32, relay_block: u32, (root, proof): (H256, StorageProof)) {
	System::set_block_number(number);
	ValidationData::<Test>::put(PersistedValidationData {
		parent_head: Default::default(),
		relay_parent_number: relay_block,
		relay_parent_storage_root: root,
		max_pov_size: Default::default(),
	});
	let proof = RelayChainStateProof::new(ParaId::from(2500), root, proof).expect("has its root");
	SystemEvents::on_relay_state_proof(&proof);
}
