// SPDX-License-Identifier: Apache-2.0

//! Rules versions and key replacements: R14.

use super::*;
use prover_pool_primitives::KeyUser;

fn needed() -> Vec<u32> {
	(0..=5).filter(|version| <Rollup as KeyUser>::is_needed(*version)).collect()
}

/// Replaces keys in a pause.
fn replace_paused(versions: &[u32]) {
	assert_ok!(pause());
	for version in versions {
		assert_ok!(replace_key(*version));
	}
	assert_ok!(resume());
}

#[test]
fn r14_without_an_active_key_nothing_is_proposed() {
	run(|| {
		pallet_groth16_verifier::ActiveVersion::<Test>::kill();
		assert_noop!(propose_as(PROPOSER, GAS, u32::MAX), Error::NoActiveRules);
	});
}

#[test]
fn r14_a_block_is_proven_by_its_own_version_only() {
	run(|| {
		propose();
		activate(2);
		propose_and_draw(1);
		let chain = System::block_hash(0).0;
		for (id, version) in [(1, 1), (2, 2)] {
			let statement = block(id).unwrap().statement(chain, id, transition(id), 1);
			let statement = codec::Encode::encode(&statement);
			let other = proof_of(3 - version, &statement);
			assert_noop!(prove_with(1, 1, id, transition(id), other).map(drop), invalid_proof());
			assert_ok!(prove_with(1, 1, id, transition(id), proof_of(version, &statement)));
		}
	});
}

#[test]
fn r14_a_version_is_needed_while_an_unsettled_block_has_it() {
	run_open(|| {
		assert!(needed().is_empty());
		propose();
		propose();
		activate(3);
		propose();
		activate(4);
		propose();
		propose();
		assert_eq!(needed(), [1, 3, 4]);
		next_block();
		for id in 1..=3 {
			assert_ok!(prove(2, id));
		}
		settle();
		assert_eq!(needed(), [4]);
		for id in 4..=5 {
			assert_ok!(prove(2, id));
		}
		settle();
		assert!(needed().is_empty());
	});
}

#[test]
fn r14_a_replaced_key_opens_all_drawn_unproven_blocks() {
	run(|| {
		propose_and_draw(4);
		assert_ok!(prove(1, 1));
		assert_ok!(pause());
		assert!(<Rollup as KeyUser>::is_paused());
		assert_ok!(replace_key(1));
		assert_eq!(Rollup::open_blocks(), [2, 3, 4]);
		events();
		next_block();
		assert_eq!(opened(), [2, 3, 4].map(|id| (id, OpenReason::KeyReplaced)));
		assert_eq!((outstanding(1), positions()), (0, [0, 1, 4, 4]));
		assert_ok!(prove(2, 2));
		assert_ok!(resume());
		// Draws go on.
		propose_and_draw(1);
		assert!(is_assigned(5));
		settle();
		assert_eq!(burned(), 0);
	});
}

#[test]
fn r14_a_waiting_transition_of_a_replaced_key_does_not_count() {
	run(|| {
		propose_and_draw(3);
		activate(2);
		propose_and_draw(1);
		for id in [2, 3, 4] {
			assert_ok!(prove(1, id));
		}
		replace_paused(&[1]);
		// Before the sweep as well as after it.
		assert_eq!(Rollup::open_blocks(), [1, 2, 3, 4]);
		assert_ok!(prove(2, 1));
		events();
		next_block();
		let discarded = filter(|event| match event {
			Event::TransitionDiscarded { block_id, prover } => Some((block_id, prover)),
			_ => None,
		});
		assert_eq!(discarded, [(2, 1), (3, 1)]);
		assert_eq!(positions(), [0, 1, 4, 4]);
		assert_ok!(prove(2, 2));
		assert_ok!(prove(2, 3));
		next_block();
		// The transition of the other version counts.
		assert_eq!((positions(), stored(4).unwrap().payee()), ([0, 4, 4, 4], Some(&1)));
	});
}

#[test]
fn r14_a_proof_by_the_new_key_counts_after_an_override() {
	run(|| {
		MaxSweptPerBlock::set(1);
		propose_and_draw(4);
		replace_paused(&[1]);
		for id in 1..=3 {
			assert_ok!(prove(2, id));
		}
		assert_ok!(override_root(1, root(1)));
		for _ in 0..5 {
			next_block();
			check();
		}
		assert_eq!(positions(), [0, 3, 4, 4]);
		assert!(filter(|event| match event {
			Event::TransitionDiscarded { block_id, .. } => Some(block_id),
			_ => None,
		})
		.is_empty());
	});
}

#[test]
fn r14_two_replacements_in_a_row_void_the_proofs_of_both_versions() {
	run(|| {
		propose_and_draw(2);
		activate(2);
		propose_and_draw(2);
		for id in 2..=4 {
			assert_ok!(prove(1, id));
		}
		replace_paused(&[1, 2]);
		assert_eq!(Rollup::open_blocks(), [1, 2, 3, 4]);
		next_block();
		assert!((1..=4).all(|id| stored(id).is_none()));
	});
}
