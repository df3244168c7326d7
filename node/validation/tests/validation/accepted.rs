// SPDX-License-Identifier: Apache-2.0

//! Blocks that validators accept.
//!
//! Each test prints rows with the columns: block, transactions, size of the proof of validity and the
//! proof size of the block's weight in bytes, the validator's time and the time of the weight in
//! milliseconds.

use crate::{
	chain::{Chain, Made},
	proofs::{prove, prove_simulated, simulate},
	transactions::{propose, transfer},
	validator::VALIDATOR,
};
use codec::Encode;
use frame_support::weights::constants::WEIGHT_REF_TIME_PER_MILLIS;
use prover_pool_runtime::{configs::MaxPayloadSize, RuntimeCall, RuntimeEvent};
use sp_keyring::Sr25519Keyring::{self, Alice, Charlie, Dave, Eve, Ferdie};

/// Payload that is a no-op in the example rollup.
const PAYLOAD: &[u8] = b"the payload of a rollup block";

/// Maximum number of blocks until an event: twice the proof window.
const PATIENCE: usize = 250;

/// Chain whose blocks are all validated.
struct Validated(Chain);

impl Validated {
	/// Makes a block. Validators must accept it and agree with its header.
	fn block(&mut self, calls: Vec<(Sr25519Keyring, RuntimeCall)>) -> (Made, String) {
		let made = self.0.block(calls);
		let candidate = &made.candidate;
		let (result, time) = VALIDATOR.validate_timed(candidate.params());
		let result = result.expect("the block is valid");
		assert_eq!(result.head_data.0, candidate.block.header.encode());
		assert_eq!(result.new_validation_code, None);
		let size = candidate.block_data(candidate.compact_proof()).len() as u64;
		assert!(size <= made.weight.proof_size(), "{size} bytes exceed {}", made.weight);
		let row = format!(
			"| {} | {size} | {} | {} | {} |",
			made.transactions,
			made.weight.proof_size(),
			time.as_millis(),
			made.weight.ref_time() / WEIGHT_REF_TIME_PER_MILLIS,
		);
		(made, row)
	}

	/// Makes a block, and prints its row.
	fn named(&mut self, name: &str, calls: Vec<(Sr25519Keyring, RuntimeCall)>) -> Made {
		let (made, row) = self.block(calls);
		println!("| {name} {row}");
		made
	}

	/// Makes empty blocks until one has such an event, and prints its row.
	fn until(&mut self, name: &str, is_wanted: impl Fn(&RuntimeEvent) -> bool) -> Made {
		for _ in 0..PATIENCE {
			let (made, row) = self.block(vec![]);
			if made.has(&is_wanted) {
				println!("| {name} {row}");
				return made;
			}
		}
		panic!("no block has the event of: {name}");
	}
}

/// Returns the number and the prover of each block that is assigned.
fn assigned(made: &Made) -> Vec<(u64, Sr25519Keyring)> {
	let prover = |event: &RuntimeEvent| match event {
		RuntimeEvent::Rollup(pallet_rollup::Event::BlockAssigned { block_id, prover, .. }) => {
			let who = [Eve, Ferdie].into_iter().find(|who| who.to_account_id() == *prover);
			Some((*block_id, who.expect("the pool has two provers")))
		},
		_ => None,
	};
	made.events.iter().filter_map(prover).collect()
}

#[test]
fn validators_accept_blocks_with_draws_proofs_slashes_and_settlements() {
	let mut chain = Validated(Chain::new());
	chain.named("empty", vec![]);
	chain.named("proposals", vec![(Charlie, propose(PAYLOAD, 1_000_000)); 2]);
	let is_draw = |event: &RuntimeEvent| {
		matches!(event, RuntimeEvent::Rollup(pallet_rollup::Event::BlockAssigned { .. }))
	};
	let drawn = assigned(&chain.until("draws", is_draw));
	assert_eq!(drawn.len(), 2);
	let (id, prover) = drawn[0];
	let proof = chain.0.look(|| prove(id, prover, PAYLOAD));
	let made = chain.named("proof", vec![(prover, proof)]);
	assert!(made.has(|event| matches!(
		event,
		RuntimeEvent::Rollup(pallet_rollup::Event::BlockProven { block_id, .. }) if *block_id == id
	)));
	chain.until("settlement", |event| {
		matches!(event, RuntimeEvent::Rollup(pallet_rollup::Event::BlockSettled { .. }))
	});
	let (missed, _) = drawn[1];
	let rescue = chain.0.look(|| prove(missed, Dave, PAYLOAD));
	chain.named("rescue", vec![(Dave, rescue)]);
	chain.until("slash and settlement", |event| {
		matches!(event, RuntimeEvent::ProverPool(pallet_prover_pool::Event::Slashed { .. }))
	});
}

#[test]
fn validators_accept_full_blocks() {
	let mut chain = Validated(Chain::new());
	chain.block(vec![]);
	let largest = vec![7; MaxPayloadSize::get() as usize];
	let made = chain.named("full of payloads", vec![(Charlie, propose(&largest, 1_000)); 20]);
	assert!(made.is_full);
	let transfers = (0..2_500).map(|number| (Alice, transfer(number)));
	let made = chain.named("full of transfers", transfers.collect());
	assert!(made.is_full);
}

#[test]
fn validators_accept_a_block_full_of_proofs() {
	const BLOCKS: u64 = 320;
	let mut chain = Validated(Chain::with(simulate));
	chain.block(vec![]);
	let proposals = vec![(Charlie, propose(&[], 1_000)); BLOCKS as usize];
	let made = chain.named("full of proposals", proposals);
	let proposed = made.transactions as u64;
	let mut provers = vec![];
	while (provers.len() as u64) < proposed {
		let (made, _) = chain.block(vec![]);
		provers.extend(assigned(&made));
	}
	let proofs = chain.0.look(|| {
		provers
			.into_iter()
			.map(|(id, prover)| (prover, prove_simulated(id, prover)))
			.collect()
	});
	let made = chain.named("full of proofs", proofs);
	let is_proven = |event: &&RuntimeEvent| {
		matches!(event, RuntimeEvent::Rollup(pallet_rollup::Event::BlockProven { .. }))
	};
	assert_eq!(made.events.iter().filter(is_proven).count(), made.transactions);
	assert!(made.is_full);
}
