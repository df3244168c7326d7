// SPDX-License-Identifier: Apache-2.0

//! Relay chain.

use codec::Encode;
use cumulus_primitives_core::{
	relay_chain::{well_known_keys::CURRENT_BLOCK_RANDOMNESS, UpgradeGoAhead},
	PersistedValidationData,
};
use cumulus_primitives_parachain_inherent::{ParachainInherentData, INHERENT_IDENTIFIER};
use cumulus_test_relay_sproof_builder::RelayStateSproofBuilder;
use polkadot_primitives::{MAX_CODE_SIZE, MAX_POV_SIZE};
use prover_pool_runtime::{
	constants::{PARA_ID, SLOT_DURATION},
	Header,
};
use sp_core::H256;
use sp_inherents::InherentData;
use sp_io::hashing::blake2_256;
use sp_runtime::traits::BlakeTwo256;
use sp_state_machine::{prove_read, Backend, TrieBackendBuilder};
use sp_trie::StorageProof;

/// Relay block that a block is built on.
pub struct RelayBlock {
	/// Slot of both blocks.
	pub slot: u64,
	/// Outcome of an upgrade, if the relay chain has decided.
	pub signal: Option<UpgradeGoAhead>,
	/// Output of the author's VRF.
	pub vrf_output: H256,
}

impl RelayBlock {
	/// Returns the relay block in a slot.
	pub fn new(slot: u64) -> Self {
		Self { slot, signal: None, vrf_output: blake2_256(&slot.encode()).into() }
	}

	/// Returns the data that validators have of it, and a proof of its state.
	pub fn data(&self, parent: &Header) -> (PersistedValidationData, StorageProof) {
		let vrf_output = Some(self.vrf_output).encode();
		let mut state = RelayStateSproofBuilder {
			para_id: PARA_ID.into(),
			current_slot: self.slot.into(),
			included_para_head: Some(parent.encode().into()),
			upgrade_go_ahead: self.signal,
			additional_key_values: vec![(CURRENT_BLOCK_RANDOMNESS.to_vec(), vrf_output)],
			..Default::default()
		};
		state.host_config.max_code_size = MAX_CODE_SIZE;
		let (relay_parent_storage_root, proof) = state.into_state_root_and_proof();
		let data = PersistedValidationData {
			parent_head: parent.encode().into(),
			relay_parent_number: self.slot as u32,
			relay_parent_storage_root,
			max_pov_size: MAX_POV_SIZE,
		};
		(data, proof)
	}

	/// Returns the data of the inherents of a block on it.
	pub fn inherent_data(
		&self,
		validation_data: PersistedValidationData,
		relay_chain_state: StorageProof,
	) -> InherentData {
		let parachain = ParachainInherentData {
			validation_data,
			relay_chain_state,
			downward_messages: Default::default(),
			horizontal_messages: Default::default(),
			relay_parent_descendants: Default::default(),
			collator_peer_id: None,
		};
		let mut data = InherentData::new();
		let time = self.slot * SLOT_DURATION;
		data.put_data(sp_timestamp::INHERENT_IDENTIFIER, &time).expect("encodes");
		data.put_data(INHERENT_IDENTIFIER, &parachain).expect("encodes");
		data
	}
}

/// Returns a proof of the same state that leaves the value of `key` out.
pub fn without(proof: &StorageProof, root: H256, key: &[u8]) -> StorageProof {
	let nodes = proof.clone().into_memory_db::<BlakeTwo256>();
	let state = TrieBackendBuilder::new(nodes, root).build();
	let keys = state.keys(Default::default()).expect("the proof is of all keys");
	let keys: Vec<_> = keys.map(|key| key.expect("the proof is of all keys")).collect();
	assert!(keys.iter().any(|other| other == key));
	prove_read(state, keys.into_iter().filter(|other| other != key)).expect("the keys exist")
}
