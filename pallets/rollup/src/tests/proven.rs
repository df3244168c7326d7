// SPDX-License-Identifier: Apache-2.0

//! Moves of *proven* over waiting transitions: R5.

use super::*;

#[test]
fn r5_waiting_transitions_that_fit_become_proven_in_the_next_chain_block() {
	run(|| {
		propose_and_draw(4);
		for id in [4, 3, 2] {
			assert_ok!(prove(1, id));
		}
		next_block();
		assert_eq!((positions(), outstanding(1)), ([0, 0, 4, 4], 4));
		events();
		assert_ok!(prove(1, 1));
		assert_eq!((positions(), outstanding(1)), ([0, 1, 4, 4], 3));
		next_block();
		assert_eq!((positions(), outstanding(1)), ([0, 4, 4, 4], 0));
		assert_eq!(proven(), [1, 2, 3, 4]);
	});
}

#[test]
fn r5_a_chain_block_moves_over_a_bounded_number() {
	run(|| {
		MaxProvenPerBlock::set(2);
		propose_and_draw(6);
		for id in (1..=6).rev() {
			assert_ok!(prove(1, id));
		}
		next_block();
		assert_eq!(positions(), [0, 3, 6, 6]);
		next_block();
		assert_eq!(positions(), [0, 5, 6, 6]);
	});
}

#[test]
fn r5_a_transition_that_does_not_fit_is_discarded_and_may_be_replaced_in_time() {
	run(|| {
		propose_and_draw(2);
		assert_ok!(prove_as(1, 1, 2, on(wrong(1), wrong(2))));
		assert_ok!(prove(1, 1));
		events();
		next_block();
		assert_eq!(events(), [Event::TransitionDiscarded { block_id: 2, prover: 1 }]);
		assert!(is_assigned(2) && stored(2).is_none());
		assert_eq!(outstanding(1), 1);
		assert_eq!(prove_as(1, 1, 2, transition(2)), Ok(Pays::No));
		assert_eq!(positions(), [0, 2, 2, 2]);
	});
}

#[test]
fn r5_the_prover_of_a_transition_that_does_not_fit_need_not_wait_for_its_discard() {
	run(|| {
		propose_and_draw(2);
		assert_ok!(prove_as(1, 1, 2, on(wrong(1), wrong(2))));
		assert_ok!(prove(1, 1));
		assert_ok!(prove(1, 2));
		assert_eq!(positions(), [0, 2, 2, 2]);
	});
}

/// Runs `test` after a rescue of block 1. The transition of block 2 does not fit, and its deadline has passed.
fn with_a_late_misfit(test: impl FnOnce()) {
	run_with(vec![(1, 100_000, FEE as u16, 10)], || {
		propose_and_draw(2);
		assert_ok!(prove_as(1, 1, 2, on(wrong(1), wrong(2))));
		while now() <= deadline(2) {
			next_block();
		}
		assert!(is_missed(1) && is_assigned(2));
		assert_noop!(prove(3, 2), Error::AlreadyProven);
		assert_ok!(prove(3, 1));
		events();
		assert_eq!(Rollup::open_blocks(), [2]);
		test();
		// Both are outstanding until their slashes are decided.
		assert_eq!(outstanding(1), 2);
		settle();
		assert_eq!(outstanding(1), 0);
	});
}

fn assert_missed(events: &[Event]) {
	let discarded = Event::TransitionDiscarded { block_id: 2, prover: 1 };
	assert_eq!(events, [discarded, Event::AssignmentMissed { block_id: 2, prover: 1 }]);
}

#[test]
fn r5_a_block_whose_transition_does_not_fit_after_the_deadline_is_missed_and_open_at_once() {
	with_a_late_misfit(|| {
		assert_ok!(prove(3, 2));
		assert_missed(&events()[..2]);
	});
}

#[test]
fn r5_the_next_chain_block_discards_a_transition_that_does_not_fit_after_the_deadline() {
	with_a_late_misfit(|| {
		next_block();
		assert_missed(&events());
		assert!(is_missed(2));
		assert_ok!(prove(3, 2));
	});
}

#[test]
fn r5_a_transition_that_does_not_fit_is_reported_when_a_proof_takes_its_place() {
	run_with(vec![(1, 100_000, FEE as u16, 10)], || {
		propose_and_draw(2);
		assert_ok!(prove_as(1, 1, 2, on(wrong(1), wrong(2))));
		assert_ok!(prove(1, 1));
		events();
		assert_ok!(prove(1, 2));
		let discarded = Event::TransitionDiscarded { block_id: 2, prover: 1 };
		assert_eq!(events().first(), Some(&discarded));
	});
}

#[test]
fn r5_a_timely_transition_that_fits_counts_after_the_deadline() {
	run(|| {
		propose_and_draw(2);
		assert_ok!(prove(1, 2));
		while now() <= deadline(2) {
			next_block();
		}
		assert_eq!(missed(), [1]);
		assert_ok!(prove(3, 1));
		next_block();
		assert_eq!(positions(), [0, 2, 2, 2]);
		settle();
		assert!(burned() > 0);
		assert_eq!(settled(), [1, 2]);
	});
}

#[test]
fn r5_replacing_and_proving_again_restart_no_cooldown() {
	run(|| {
		propose_and_draw(2);
		assert_ok!(prove(1, 1));
		let proven_at = stored(1).unwrap().proven_at;
		pass(COOLDOWN - BLOCK);
		assert_noop!(prove(1, 1), Error::AlreadyProven);
		assert_eq!(stored(1).unwrap().proven_at, proven_at);
		next_block();
		assert_eq!(settled(), [1]);
	});
}
