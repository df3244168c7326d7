// SPDX-License-Identifier: Apache-2.0

use super::*;
use sp_runtime::DispatchError;

#[test]
fn governance_alone_replaces_what_was_proven() {
	run(|| {
		propose(1);
		assert_ok!(prove(1, 1));
		assert_noop!(
			Rollup::override_transition(RuntimeOrigin::signed(1), 1, state(0), wrong(1)),
			DispatchError::BadOrigin
		);
		events();
		assert_ok!(override_with(1, state(0), wrong(1)));
		assert_eq!(
			events(),
			vec![Event::TransitionOverridden {
				block_id: 1,
				parent_state: state(0),
				new_state: wrong(1)
			}]
		);
	});
}

#[test]
fn what_was_not_proven_or_is_settled_cannot_be_overridden() {
	run(|| {
		assert_noop!(override_with(1, state(0), wrong(1)), Error::<Test>::UnknownBlock);
		propose(1);
		assert_noop!(override_with(1, state(0), wrong(1)), Error::<Test>::UnknownTransition);
		assert_ok!(prove(1, 1));
		assert_noop!(override_with(1, wrong(0), wrong(1)), Error::<Test>::UnknownTransition);
		settle_after(COOLDOWN);
		assert_noop!(override_with(1, state(0), wrong(1)), Error::<Test>::UnknownBlock);
	});
}

#[test]
fn nobody_is_paid_for_an_overridden_block() {
	run(|| {
		let before = (free(1), free(PROPOSER));
		propose(1);
		assert_ok!(prove(1, 1));
		assert_ok!(override_with(1, state(0), wrong(1)));
		assert_ok!(override_with(1, state(0), wrong(2)));
		events();
		settle_after(COOLDOWN);
		assert_eq!(
			events(),
			vec![Event::BlockSettled {
				block_id: 1,
				new_state: wrong(2),
				prover: None,
				reward: 0,
				bounty: 0,
				refund: DEPOSIT,
			}]
		);
		assert_eq!((free(1), free(PROPOSER)), before);
		assert_eq!(progress().state, wrong(2));
		assert_eq!(burnt(), 0);
	});
}

#[test]
fn an_override_never_spares_a_late_prover_its_slash() {
	run(|| {
		propose(1);
		next_block(WINDOW + 1);
		assert_ok!(prove(2, 1));
		let rescuer = free(2);
		assert_ok!(override_with(1, state(0), wrong(1)));
		settle_after(COOLDOWN);
		assert_eq!(free(2), rescuer);
		assert_eq!(burnt(), SLASH);
		assert_eq!(bounty_of(1), 0);
	});
}

#[test]
fn an_override_notices_a_miss_that_nobody_saw() {
	run(|| {
		propose(1);
		propose(2);
		// The drawn prover's transition of 2 builds on nothing; another one is right.
		assert_ok!(prove_transition(1, 2, on(wrong(1), wrong(2))));
		assert_ok!(prove(1, 1));
		next_block(WINDOW + 1);
		assert_ok!(prove(2, 2));
		assert_eq!(progress().settled, 0);
		assert_ok!(Rollup::settle_blocks(RuntimeOrigin::signed(9), 1));
		assert_eq!((progress().settled, burnt()), (1, 0));
		assert_ok!(override_with(2, state(1), wrong(3)));
		assert_eq!(burnt(), SLASH - BOUNTY);
	});
}

#[test]
fn provers_that_built_on_what_was_overridden_missed_nothing() {
	run(|| {
		for byte in 1..=3 {
			let id = propose(byte);
			assert_ok!(prove(1, id));
		}
		assert_ok!(override_with(1, state(0), wrong(1)));
		next_block(WINDOW + 1);
		next_block(BLOCK);
		assert_eq!(progress().settled, 1);
		// Anyone may prove them again, on what counts now.
		assert_eq!(Rollup::open_blocks(), vec![2]);
		assert_ok!(prove_transition(2, 2, on(wrong(1), wrong(2))));
		assert_ok!(prove_transition(2, 3, on(wrong(2), wrong(3))));
		settle_after(COOLDOWN);
		assert_eq!(progress().state, wrong(3));
		assert_eq!(burnt(), 0);
		assert_eq!(missed(), Vec::<u64>::new());
	});
}

#[test]
fn a_gap_or_a_second_override_takes_nothing_from_those_that_were_in_time() {
	run(|| {
		for byte in 1..=3 {
			propose(byte);
		}
		// The second is missed.
		assert_ok!(prove(1, 1));
		assert_ok!(prove(1, 3));
		assert_ok!(override_with(1, state(0), wrong(1)));
		next_block(WINDOW + 1);
		next_block(BLOCK);
		assert_eq!(missed(), vec![2]);
		assert_ok!(prove_transition(2, 2, on(wrong(1), wrong(2))));
		assert_ok!(override_with(2, wrong(1), wrong(3)));
		settle_after(COOLDOWN);
		assert_eq!(progress().settled, 2);
		assert_ok!(prove_transition(2, 3, on(wrong(3), wrong(4))));
		settle_after(COOLDOWN);
		assert_eq!((progress().settled, missed()), (3, vec![]));
		// The bounty of the overridden block is slashed, too.
		assert_eq!(burnt(), SLASH);
	});
}

#[test]
fn blocks_proposed_after_an_override_are_not_spared() {
	run(|| {
		propose(1);
		assert_ok!(prove(1, 1));
		assert_ok!(override_with(1, state(0), wrong(1)));
		propose(2);
		assert_ok!(prove_transition(1, 2, on(state(1), state(2))));
		next_block(WINDOW + 1);
		next_block(BLOCK);
		next_block(BLOCK);
		assert_eq!(missed(), vec![2]);
	});
}

#[test]
fn what_was_proven_can_be_put_back() {
	run(|| {
		let before = free(1);
		propose(1);
		assert_ok!(prove(1, 1));
		assert_ok!(override_with(1, state(0), wrong(1)));
		assert_ok!(override_with(1, state(0), state(1)));
		settle_after(COOLDOWN);
		assert_eq!(progress().state, state(1));
		assert_eq!(free(1), before + REWARD);
	});
}

#[test]
fn inside_the_window_the_drawn_prover_proves_again() {
	run(|| {
		propose(1);
		propose(2);
		assert_ok!(prove(1, 1));
		assert_ok!(prove(1, 2));
		assert_ok!(override_with(1, state(0), wrong(1)));
		settle_after(COOLDOWN);
		assert_eq!(Rollup::pending_blocks(1), vec![2]);
		assert_noop!(prove_transition(2, 2, on(wrong(1), wrong(2))), Error::<Test>::NotAssigned);
		assert_ok!(prove_transition(1, 2, on(wrong(1), wrong(2))));
		assert_eq!(outstanding(1), 0);
		settle_after(COOLDOWN);
		assert_eq!(progress().state, wrong(2));
	});
}
