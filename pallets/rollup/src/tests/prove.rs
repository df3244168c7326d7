// SPDX-License-Identifier: Apache-2.0

use super::*;
use crate::Transition;
use frame_support::pallet_prelude::Pays;

#[test]
fn inside_its_window_the_drawn_prover_alone_proves() {
	run(|| {
		propose(1);
		assert_noop!(prove(2, 1), Error::<Test>::NotAssigned);
		next_block(WINDOW);
		// The last second of the window.
		assert_eq!(now(), START + WINDOW);
		assert_noop!(prove(2, 1), Error::<Test>::NotAssigned);
		events();
		assert_ok!(prove(1, 1));
		assert_eq!(
			events(),
			vec![Event::BlockProven {
				block_id: 1,
				parent_state: state(0),
				new_state: state(1),
				prover: 1
			}]
		);
		assert_eq!(outstanding(1), 0);
	});
}

#[test]
fn after_the_window_anyone_proves_and_the_miss_is_slashed_first() {
	run(|| {
		propose(1);
		next_block(WINDOW + 1);
		// The hook has seen the time of the parent block only.
		assert_eq!(block(1).unwrap().state, BlockState::Assigned { prover: 1 });
		events();
		assert_ok!(prove(2, 1));
		assert_eq!(
			events(),
			vec![
				Event::WindowClosed { block_id: 1, missed_by: 1, bounty: BOUNTY },
				Event::BlockProven {
					block_id: 1,
					parent_state: state(0),
					new_state: state(1),
					prover: 2
				},
			]
		);
		assert_eq!(burnt(), SLASH - BOUNTY);
		assert_eq!(outstanding(1), 0);
		// It is not slashed once more.
		next_block(BLOCK);
		assert_eq!(burnt(), SLASH - BOUNTY);
	});
}

#[test]
fn a_late_prover_is_slashed_though_it_proves() {
	run(|| {
		propose(1);
		next_block(WINDOW + 1);
		assert_ok!(prove(1, 1));
		assert_eq!(burnt(), SLASH - BOUNTY);
		assert_eq!(outstanding(1), 0);
	});
}

#[test]
fn a_bad_proof_changes_nothing() {
	run(|| {
		propose(1);
		let right = statement(1, 1, transition(1)).unwrap().public_input();
		for bit in 0..256 {
			let mut bad = right.as_bytes().to_vec();
			bad[bit / 8] ^= 1 << (bit % 8);
			assert_noop!(prove_with(1, 1, transition(1), bad), BAD_PROOF);
		}
		assert_noop!(prove_with(1, 1, transition(1), vec![]), BAD_PROOF);
		assert_ok!(prove_with(1, 1, transition(1), right.as_bytes().to_vec()));
	});
}

#[test]
fn a_proof_is_bound_to_all_that_it_is_about() {
	use prover_pool_primitives::Statement;
	type Change = fn(&mut Statement<AccountId>);
	let changes: [Change; 9] = [
		|statement| statement.chain = wrong(9),
		|statement| statement.block_id = 2,
		|statement| statement.payload_hash = wrong(9),
		|statement| statement.payload_size += 1,
		|statement| statement.gas_limit -= 1,
		|statement| statement.transition.parent_state_root = wrong(9),
		|statement| statement.transition.state_root = wrong(9),
		|statement| statement.transition.gas_used += 1,
		|statement| statement.prover = 2,
	];
	run(|| {
		propose(1);
		for change in changes {
			let mut other = statement(1, 1, transition(1)).unwrap();
			change(&mut other);
			let proof = other.public_input().as_bytes().to_vec();
			assert_noop!(prove_with(1, 1, transition(1), proof), BAD_PROOF);
		}
	});
}

#[test]
fn a_copied_proof_is_of_no_use() {
	run_with(vec![], || {
		propose(1);
		let proof = statement(2, 1, transition(1)).unwrap().public_input();
		let proof = proof.as_bytes().to_vec();
		assert_noop!(prove_with(3, 1, transition(1), proof.clone()), BAD_PROOF);
		assert_ok!(prove_with(2, 1, transition(1), proof));
	});
}

#[test]
fn a_bad_proof_after_the_window_leaves_the_slash_to_the_hook() {
	run(|| {
		propose(1);
		next_block(WINDOW + 1);
		assert_noop!(prove_with(2, 1, transition(1), vec![]), BAD_PROOF);
		assert_eq!(burnt(), 0);
		next_block(BLOCK);
		assert_eq!(burnt(), SLASH - BOUNTY);
	});
}

/// Who pays for the right proof of this transition, or for a bad one.
fn pays(who: AccountId, block_id: u64, transition: Transition, is_good: bool) -> Pays {
	let proof = statement(who, block_id, transition).unwrap().public_input();
	let proof = if is_good { proof.as_bytes() } else { &[] };
	let proof = proof.to_vec().try_into().unwrap();
	match Rollup::prove_block(RuntimeOrigin::signed(who), block_id, transition, proof) {
		Ok(post_info) => post_info.pays_fee,
		Err(error) => error.post_info.pays_fee,
	}
}

#[test]
fn a_proof_that_is_wanted_costs_no_fee() {
	run(|| {
		propose(1);
		propose(2);
		assert_eq!(pays(1, 1, transition(1), false), Pays::Yes);
		// The drawn prover in its window may be the first of many.
		assert_eq!(pays(1, 2, transition(2), true), Pays::No);
		assert_eq!(pays(1, 1, transition(1), true), Pays::No);
	});
	run_with(vec![], || {
		for byte in 1..=3 {
			propose(byte);
		}
		// Nobody knows whether it will count.
		assert_eq!(pays(9, 3, transition(3), true), Pays::Yes);
		assert_eq!(pays(9, 1, transition(1), true), Pays::No);
		assert_eq!(pays(8, 2, on(wrong(1), wrong(2)), true), Pays::Yes);
		assert_eq!(pays(9, 2, transition(2), true), Pays::No);
	});
}

#[test]
fn a_parent_state_is_proven_once() {
	run(|| {
		propose(1);
		propose(2);
		assert_ok!(prove(1, 2));
		assert_noop!(prove(1, 2), Error::<Test>::AlreadyProven);
		assert_eq!(outstanding(1), 1);
	});
}

#[test]
fn transitions_on_other_parents_are_kept_apart_and_bounded() {
	run_with(vec![], || {
		propose(1);
		propose(2);
		for prover in 1..=3 {
			assert_ok!(prove_transition(prover, 2, on(wrong(prover), wrong(10))));
		}
		assert_noop!(prove(8, 2), Error::<Test>::TooManyTransitions);
		assert_eq!(block(2).unwrap().transitions.len(), 3);
		// When the block before is settled, they make room.
		assert_ok!(prove(8, 1));
		settle_after(COOLDOWN);
		assert_ok!(prove(8, 2));
		let block = block(2).unwrap();
		assert_eq!(
			block.transitions.into_inner(),
			vec![ProvenTransition {
				transition: transition(2),
				prover: 8,
				proven_at: now(),
				overridden: None
			}]
		);
	});
}

#[test]
fn a_prover_has_one_transition_of_a_block() {
	run(|| {
		propose(1);
		propose(2);
		assert_ok!(prove_transition(1, 2, on(wrong(1), wrong(2))));
		assert_eq!(outstanding(1), 1);
		assert_ok!(prove(1, 2));
		assert_eq!(outstanding(1), 1);
		let transitions = block(2).unwrap().transitions;
		assert_eq!(transitions.len(), 1);
		assert_eq!(transitions[0].transition, transition(2));
	});
}

#[test]
fn whoever_replaces_its_own_transition_pays() {
	let [one, another] = [1, 2].map(|parent| on(wrong(parent), wrong(9)));
	run(|| {
		propose(1);
		propose(2);
		assert_eq!(pays(1, 2, one, true), Pays::No);
		assert_eq!(pays(1, 2, another, true), Pays::Yes);
		assert_eq!(pays(1, 2, one, true), Pays::Yes);
		// So it does for one that builds on what was proven of the block before.
		assert_ok!(prove(1, 1));
		assert_eq!(pays(1, 2, transition(2), true), Pays::Yes);
	});
	// Where the block before takes no more of the others, nothing was replaced.
	run(|| {
		propose(1);
		propose(2);
		assert_eq!(pays(1, 2, one, true), Pays::No);
		assert_ok!(prove(1, 1));
		settle_after(COOLDOWN);
		assert_eq!(pays(1, 2, transition(2), true), Pays::No);
	});
}

#[test]
fn only_the_drawn_prover_keeps_what_came_in_time() {
	let [one, another] = [1, 2].map(|parent| on(wrong(parent), wrong(9)));
	run_with(vec![], || {
		propose(1);
		propose(2);
		assert_ok!(prove_transition(9, 2, one));
		next_block(WINDOW + 1);
		assert_ok!(prove_transition(9, 2, another));
		let transitions = block(2).unwrap().transitions;
		assert_eq!(transitions.len(), 1);
		assert_eq!(transitions[0].transition, another);
	});
}

#[test]
fn what_came_in_time_is_kept_beside_what_is_late() {
	run(|| {
		propose(1);
		propose(2);
		assert_ok!(prove(1, 1));
		assert_ok!(prove(1, 2));
		next_block(WINDOW + 1);
		next_block(BLOCK);
		assert_eq!(progress().settled, 2);
		propose(3);
		propose(4);
		assert_ok!(prove(1, 4));
		next_block(WINDOW + 1);
		for parent in 1..=2 {
			assert_ok!(prove_transition(1, 4, on(wrong(parent), wrong(9))));
			assert_eq!(block(4).unwrap().transitions.len(), 2);
		}
		next_block(BLOCK);
		assert_eq!(missed(), vec![3]);
	});
}

#[test]
fn what_governance_put_in_its_place_makes_no_room() {
	run(|| {
		propose(1);
		propose(2);
		assert_ok!(prove(1, 2));
		assert_ok!(override_with(2, state(1), wrong(2)));
		assert_ok!(prove_transition(1, 2, on(wrong(1), wrong(3))));
		assert_eq!(block(2).unwrap().transitions.len(), 2);
	});
}

#[test]
fn the_oldest_block_is_proven_on_the_settled_state_alone() {
	run(|| {
		propose(1);
		assert_noop!(
			prove_transition(1, 1, on(wrong(1), state(1))),
			Error::<Test>::WrongParentState
		);
		assert_ok!(prove(1, 1));
	});
}

#[test]
fn gas_is_bounded_by_the_limit() {
	run(|| {
		propose(1);
		let with_gas = |gas_used| Transition { gas_used, ..transition(1) };
		assert_noop!(prove_transition(1, 1, with_gas(GAS + 1)), Error::<Test>::TooMuchGas);
		assert_ok!(prove_transition(1, 1, with_gas(GAS)));
	});
}

#[test]
fn unknown_blocks_are_told() {
	run(|| {
		assert_noop!(prove(1, 0), Error::<Test>::UnknownBlock);
		assert_noop!(prove(1, 1), Error::<Test>::UnknownBlock);
		propose(1);
		assert_ok!(prove(1, 1));
		settle_after(COOLDOWN);
		assert_noop!(prove(1, 1), Error::<Test>::UnknownBlock);
		assert_noop!(prove(1, u64::MAX), Error::<Test>::UnknownBlock);
	});
}
