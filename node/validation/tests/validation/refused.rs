// SPDX-License-Identifier: Apache-2.0

//! Manipulated blocks, which validators refuse.

use crate::{
	candidate::{seal, Candidate},
	chain::Chain,
	relay::{without, RelayBlock},
	transactions::{propose, transfer},
	validator::VALIDATOR,
};
use codec::Encode;
use pallet_relay_randomness::CURRENT_BLOCK_RANDOMNESS;
use prover_pool_runtime::{constants::SLOT_DURATION, RuntimeEvent};
use sp_consensus_aura::AURA_ENGINE_ID;
use sp_core::H256;
use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie};
use sp_runtime::{
	generic::DigestItem,
	traits::{BlakeTwo256, Header as _},
};
use sp_trie::{CompactProof, StorageProof};
use std::sync::LazyLock;

/// Slot and relay block, and the block that the tests manipulate: it draws a prover by the relay
/// chain's seed, and has a transfer.
static BLOCK: LazyLock<(u64, Candidate)> = LazyLock::new(|| {
	let mut chain = Chain::new();
	chain.block(vec![]);
	chain.block(vec![(Charlie, propose(&[], 1_000))]);
	chain.block(vec![]);
	let slot = chain.slot;
	let made = chain.block(vec![(Alice, transfer(0))]);
	let is_draw = |event: &RuntimeEvent| {
		matches!(event, RuntimeEvent::Rollup(pallet_rollup::Event::BlockAssigned { .. }))
	};
	assert!(made.has(is_draw) && made.transactions == 1);
	let mut resealed = made.candidate.clone();
	resealed.reseal();
	for candidate in [&made.candidate, &resealed] {
		VALIDATOR.validate(candidate.params()).expect("the block is valid");
	}
	(slot, made.candidate)
});

/// Asserts that validators refuse a block for this reason.
fn assert_refused(reason: &str, params: Vec<u8>) {
	let refusal = VALIDATOR.validate(params).expect_err("the block must be refused");
	assert!(refusal.contains(reason), "{refusal}");
}

/// Asserts that validators refuse the block for this reason if it is changed and sealed again.
fn assert_change_refused(reason: &str, change: impl FnOnce(&mut Candidate)) {
	let mut candidate = BLOCK.1.clone();
	change(&mut candidate);
	candidate.reseal();
	assert_refused(reason, candidate.params());
}

#[test]
fn a_block_without_the_relay_chains_randomness_is_refused() {
	assert_change_refused("must show the relay chain's randomness, or its absence", |candidate| {
		let root = candidate.relay_data.relay_parent_storage_root;
		let state = &mut candidate.relay_inherent().relay_chain_state;
		*state = without(state, root, &CURRENT_BLOCK_RANDOMNESS);
	});
}

#[test]
fn a_block_with_randomness_of_its_author_is_refused() {
	let (slot, block) = &*BLOCK;
	let chosen = RelayBlock { vrf_output: H256::repeat_byte(7), ..RelayBlock::new(*slot) };
	let (_, state) = chosen.data(&block.parent);
	assert_change_refused("Invalid relay chain state proof", |candidate| {
		candidate.relay_inherent().relay_chain_state = state;
	});

	// With a state root of its own, the block is valid, but on no block of the relay chain.
	let mut chain = Chain::new();
	let chosen = RelayBlock { vrf_output: H256::repeat_byte(7), ..RelayBlock::new(chain.slot) };
	let actual = RelayBlock::new(chain.slot);
	let mut candidate = chain.block_on(&chosen, vec![]).candidate;
	VALIDATOR.validate(candidate.params()).expect("the block is valid");
	candidate.relay_data = actual.data(&candidate.parent).0;
	assert_refused("Relay parent storage root doesn't match", candidate.params());
}

#[test]
fn a_block_on_another_relay_parent_is_refused() {
	assert_change_refused("Relay parent number doesn't match", |candidate| {
		candidate.relay_data.relay_parent_number += 1;
	});
	assert_change_refused("Relay parent storage root doesn't match", |candidate| {
		candidate.relay_data.relay_parent_storage_root = H256::repeat_byte(7);
	});
	assert_change_refused(
		"Parachain head needs to be the parent of the first block",
		|candidate| {
			let mut parent = candidate.parent.clone();
			parent.set_extrinsics_root(H256::repeat_byte(7));
			candidate.relay_data.parent_head = parent.encode().into();
		},
	);
}

#[test]
fn a_block_with_another_time_is_refused() {
	let slot = BLOCK.0;
	for other in [slot - 1, slot + 1] {
		assert_change_refused("Timestamp slot must match `CurrentSlot`", |candidate| {
			candidate.set_time(other * SLOT_DURATION);
		});
		assert_change_refused("Parachain slot must match relay-derived slot", |candidate| {
			candidate.set_time(other * SLOT_DURATION);
			let digest = candidate.block.header.digest_mut();
			digest.logs[0] = DigestItem::PreRuntime(AURA_ENGINE_ID, other.encode());
		});
	}
}

#[test]
fn a_block_without_the_end_of_its_proof_is_refused() {
	let candidate = &BLOCK.1;
	let nodes = candidate.compact_proof().encoded_nodes;
	let proof = |count: usize| CompactProof { encoded_nodes: nodes[..count].to_vec() };
	let params = |count| candidate.params_with(candidate.block_data(proof(count)));
	assert!(params(nodes.len()) == candidate.params());
	for count in [0, 1, nodes.len() / 2, nodes.len() - 1] {
		assert_refused("Compact proof decoding failure", params(count));
	}
}

#[test]
fn a_block_without_any_one_node_of_its_proof_is_refused() {
	let root = *BLOCK.1.parent.state_root();
	let nodes: Vec<_> = BLOCK.1.proof.clone().into_nodes().into_iter().collect();
	let mut refused = 0;
	for missing in &nodes {
		let others = nodes.iter().filter(|node| *node != missing).cloned();
		let mut candidate = BLOCK.1.clone();
		candidate.proof = StorageProof::new(others);
		// Without its root, nothing can be encoded.
		if candidate.proof.clone().into_compact_proof::<BlakeTwo256>(root).is_err() {
			continue;
		}
		let refusal = VALIDATOR.validate(candidate.params()).expect_err("a node is missing");
		let reasons = ["Externalities not allowed to fail", "Storage root must match"];
		assert!(reasons.iter().any(|reason| refusal.contains(reason)), "{refusal}");
		refused += 1;
	}
	assert_eq!(refused, nodes.len() - 1);
	println!("{refused} blocks without a node of their proof are refused");
}

#[test]
fn a_block_with_changed_content_is_refused() {
	assert_change_refused("Storage root must match that calculated", |candidate| {
		candidate.block.extrinsics.pop();
	});
	assert_change_refused("Storage root must match that calculated", |candidate| {
		candidate.block.header.set_state_root(H256::repeat_byte(7));
	});

	let mut candidate = BLOCK.1.clone();
	candidate.block.header.set_extrinsics_root(H256::repeat_byte(7));
	candidate.block.header.digest_mut().pop();
	seal(&mut candidate.block.header, Alice);
	assert_refused("Transaction trie root must be valid", candidate.params());
}

#[test]
fn a_block_of_another_author_is_refused() {
	let mut candidate = BLOCK.1.clone();
	candidate.block.header.digest_mut().pop();
	seal(&mut candidate.block.header, Bob);
	assert_refused("Invalid AuRa seal", candidate.params());
}
