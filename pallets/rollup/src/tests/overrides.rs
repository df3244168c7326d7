// SPDX-License-Identifier: Apache-2.0

//! Overrides: R12.

use super::*;

/// Proves all blocks up to `last`, and makes `forged` the state root of block 1.
fn prove_on_forged(last: u64) {
	assert_ok!(prove_as(1, 1, 1, on(root(0), wrong(1))));
	for id in 2..=last {
		assert_ok!(prove_as(1, 1, id, on(wrong(id - 1), wrong(id))));
	}
}

#[test]
fn r12_an_override_makes_its_block_the_last_proven_one() {
	run(|| {
		propose_and_draw(3);
		prove_on_forged(3);
		pass(30);
		assert_ok!(override_root(1, root(1)));
		assert_eq!(positions(), [0, 1, 3, 3]);
		assert_eq!(state().proven_root, root(1));
		assert_eq!(stored(1).unwrap().proven_at, Some(now()));
		assert_eq!(Rollup::open_blocks(), [2, 3]);
	});
}

#[test]
fn r12_no_honest_prover_is_slashed_or_unpaid_after_a_forged_proof() {
	run(|| {
		propose_and_draw(8);
		prove_on_forged(8);
		assert_ok!(override_root(1, root(1)));
		for id in 2..=8 {
			assert_ok!(prove(2, id));
		}
		events();
		settle();
		let paid = filter(|event| match event {
			Event::BlockSettled { block_id, prover, reward, slashed, .. } => {
				Some((block_id, prover, reward > 0, slashed))
			},
			_ => None,
		});
		assert_eq!(paid[0], (1, None, false, 0));
		for (paid, id) in paid[1..].iter().zip(2..) {
			assert_eq!(*paid, (id, Some(2), true, 0));
		}
		assert_eq!((burned(), outstanding(1)), (0, 0));
	});
}

#[test]
fn r12_later_blocks_are_open_at_once_and_swept_in_bounded_steps() {
	run(|| {
		MaxSweptPerBlock::set(2);
		propose_and_draw(6);
		assert_ok!(prove(1, 1));
		assert_ok!(override_root(1, wrong(1)));
		assert_eq!((Rollup::open_blocks(), outstanding(1)), (vec![2, 3, 4, 5, 6], 5));
		// Before the sweep.
		assert_ok!(prove_as(2, 2, 2, on(wrong(1), wrong(2))));
		assert_eq!(outstanding(1), 4);
		events();
		for left in [2, 0, 0] {
			next_block();
			check();
			assert_eq!(outstanding(1), left);
		}
		let reasons = [3, 4, 5, 6].map(|id| (id, OpenReason::Overridden));
		assert_eq!(opened(), reasons);
		assert!((2..=6).all(is_opened));
	});
}

#[test]
fn r12_the_first_unproven_block_can_be_overridden_and_no_later_one() {
	run(|| {
		propose_and_draw(3);
		assert_noop!(override_root(4, root(4)), Error::UnknownBlock);
		propose();
		assert_noop!(override_root(2, root(2)), Error::NotOverridable);
		assert_noop!(override_root(4, root(4)), Error::NotDrawn);
		assert_ok!(override_root(1, root(1)));
		assert_eq!((positions(), outstanding(1)), ([0, 1, 3, 4], 2));
		assert_eq!(stored(1).unwrap().payee(), None);
		settle();
		assert_eq!(settled(), [1]);
		assert_noop!(override_root(1, root(1)), Error::UnknownBlock);
		assert_eq!(free(PROPOSER) + held(PROPOSER), ENDOWMENT);
	});
}

#[test]
fn r12_an_undrawn_block_cannot_be_overridden() {
	run(|| {
		propose();
		assert_noop!(override_root(1, root(1)), Error::NotDrawn);
		assert_noop!(
			Rollup::override_block(RuntimeOrigin::signed(GOVERNOR), 1, root(1)),
			sp_runtime::DispatchError::BadOrigin
		);
	});
}

#[test]
fn r12_an_override_of_a_missed_block_or_of_an_earlier_one_cancels_the_slash() {
	for overridden in [1, 2] {
		run(|| {
			propose_and_draw(2);
			assert_ok!(prove(1, 1));
			pass(30);
			while now() <= deadline(2) {
				crate::State::<Test>::mutate(|state| state.parameters.cooldown = 10_000);
				CooldownSeconds::set(10_000);
				next_block();
			}
			assert!(is_missed(2));
			assert_ok!(prove(3, 2));
			CooldownSeconds::set(COOLDOWN);
			assert_ok!(override_root(overridden, wrong(overridden)));
			next_block();
			assert_eq!(outstanding(1), 0);
			if overridden == 1 {
				assert_ok!(prove_as(3, 3, 2, on(wrong(1), wrong(2))));
			}
			settle();
			assert_eq!((positions()[0], burned()), (2, 0));
		});
	}
}

#[test]
fn r12_an_override_of_a_later_block_does_not_cancel_a_slash() {
	run(|| {
		propose_and_draw(2);
		while now() <= deadline(2) {
			next_block();
		}
		assert_ok!(prove(3, 1));
		assert_ok!(prove(3, 2));
		assert_ok!(override_root(2, wrong(2)));
		settle();
		assert!(burned() > 0);
		assert_eq!(positions(), [2; 4]);
	});
}

#[test]
fn r12_an_undone_override_restores_what_was_proven_with_its_times() {
	run(|| {
		propose_and_draw(3);
		for id in 1..=3 {
			assert_ok!(prove(1, id));
		}
		let proven_at = now();
		pass(30);
		assert_ok!(override_root(1, wrong(1)));
		next_block();
		// The transitions of the later blocks stay, but count as absent.
		assert_eq!(positions(), [0, 1, 3, 3]);
		assert_eq!(Rollup::open_blocks(), [2, 3]);
		assert!(stored(2).is_some());
		assert_ok!(override_root(1, root(1)));
		let overridden_at = now();
		next_block();
		assert_eq!(positions(), [0, 3, 3, 3]);
		assert_eq!(stored(1).unwrap().proven_at, Some(overridden_at));
		assert_eq!(stored(3).unwrap().proven_at, Some(proven_at));
		events();
		let before = free(1);
		settle();
		assert_eq!(settled(), [1, 2, 3]);
		assert_eq!(free(1), before + 3 * REWARD);
	});
}

#[test]
fn r12_a_transition_that_fits_replaces_the_one_that_counts_as_absent() {
	run(|| {
		propose_and_draw(2);
		assert_ok!(prove(1, 1));
		assert_ok!(prove(1, 2));
		assert_ok!(override_root(1, wrong(1)));
		assert_ok!(prove_as(3, 3, 2, on(wrong(1), wrong(2))));
		assert_eq!(stored(2).unwrap().payee(), Some(&3));
		assert_ok!(override_root(1, root(1)));
		assert_noop!(prove_as(3, 3, 2, on(wrong(1), wrong(2))).map(drop), Error::WrongParentState);
		assert_ok!(prove(4, 2));
	});
}

#[test]
fn r12_an_override_by_the_proven_root_keeps_later_blocks_proven() {
	run(|| {
		propose_and_draw(3);
		for id in 1..=3 {
			assert_ok!(prove(1, id));
		}
		pass(30);
		let proven_at = stored(3).unwrap().proven_at;
		assert_ok!(override_root(1, root(1)));
		next_block();
		assert_eq!(positions(), [0, 3, 3, 3]);
		assert_eq!(stored(3).unwrap().proven_at, proven_at);
	});
}

#[test]
fn r12_after_an_override_whatever_would_be_drawn_is_open() {
	run(|| {
		propose_and_draw(1);
		assert_noop!(resume_draws(), Error::DrawsNotStopped);
		assert_ok!(override_root(1, wrong(1)));
		events();
		propose_and_draw(1);
		assert_eq!(opened(), [(2, OpenReason::DrawsStopped)]);
		assert_eq!(block(2).unwrap().reward_per_gas, MAX_PRICE);
		assert_ok!(resume_draws());
		propose_and_draw(1);
		assert!(is_assigned(3));
	});
}

#[test]
fn r12_blocks_drawn_after_the_override_are_not_opened_by_its_sweep() {
	run(|| {
		MaxSweptPerBlock::set(1);
		propose_and_draw(4);
		assert_ok!(override_root(1, wrong(1)));
		assert_ok!(resume_draws());
		propose();
		events();
		for _ in 0..6 {
			next_block();
			check();
		}
		assert!(is_assigned(5));
		assert_eq!(opened().len(), 3);
	});
}

#[test]
fn r12_two_overrides_in_a_row_with_a_sweep_under_way() {
	run(|| {
		MaxSweptPerBlock::set(1);
		propose_and_draw(6);
		assert_ok!(prove(1, 1));
		assert_ok!(override_root(1, wrong(1)));
		next_block();
		assert_ok!(resume_draws());
		propose_and_draw(1);
		assert_ok!(override_root(2, wrong(2)));
		assert_eq!(Rollup::open_blocks(), [3, 4, 5, 6, 7]);
		for _ in 0..6 {
			next_block();
			check();
		}
		assert_eq!(outstanding(1), 0);
		assert!((3..=7).all(|id| block(id).unwrap().is_open()));
	});
}

#[test]
fn r12_a_missed_block_that_was_rescued_keeps_its_slash_if_a_later_block_is_overridden() {
	run(|| {
		MaxSweptPerBlock::set(1);
		propose_and_draw(1);
		assert_ok!(override_root(1, wrong(1)));
		assert_ok!(resume_draws());
		propose_and_draw(2);
		while now() <= deadline(3) {
			next_block();
		}
		next_block();
		assert!(is_missed(2) && is_missed(3));
		assert_ok!(prove_as(3, 3, 2, on(wrong(1), wrong(2))));
		assert_ok!(override_root(3, wrong(3)));
		next_block();
		assert!(is_missed(2));
		settle();
		assert!(burned() > 0);
	});
}

#[test]
fn r12_an_override_while_paused() {
	run(|| {
		propose_and_draw(3);
		assert_ok!(prove(1, 1));
		assert_ok!(pause());
		assert_ok!(override_root(1, wrong(1)));
		next_block();
		assert_eq!(outstanding(1), 0);
		assert_ok!(prove_as(2, 2, 2, on(wrong(1), wrong(2))));
		assert_ok!(resume());
		settle();
		assert_eq!(positions(), [2, 2, 3, 3]);
	});
}
