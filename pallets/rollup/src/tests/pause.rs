// SPDX-License-Identifier: Apache-2.0

//! Pause: R13.

use super::*;

#[test]
fn r13_a_pause_stops_proposals_draws_settlement_and_the_clock() {
	run(|| {
		propose_and_draw(1);
		assert_ok!(prove(1, 1));
		propose();
		assert_ok!(pause());
		let before = now();
		assert_noop!(propose_as(PROPOSER, GAS, u32::MAX), Error::Paused);
		for _ in 0..100 {
			next_block();
		}
		assert_eq!((now(), positions()), (before, [0, 1, 1, 2]));
		assert_ok!(resume());
		next_block();
		assert_eq!(positions(), [0, 1, 2, 2]);
		settle();
		assert_eq!(positions()[0], 1);
	});
}

#[test]
fn r13_a_settlement_that_is_due_when_the_pause_begins_waits_for_its_end() {
	run_open(|| {
		MaxSettledPerBlock::set(2);
		propose_and_draw(5);
		for id in 1..=5 {
			assert_ok!(prove(2, id));
		}
		pass(COOLDOWN);
		// The cooldown of all five has passed, and the chain block had room for two.
		assert_eq!(settled(), [1, 2]);
		assert!((3..=5).all(|id| stored(id).unwrap().proven_at.unwrap() + COOLDOWN <= now()));
		assert_ok!(pause());
		let (paid, paused_at) = (free(2), now());
		for _ in 0..100 {
			next_block();
			assert_eq!((settled(), now()), (vec![], paused_at));
		}
		assert_eq!((positions(), free(2)), ([2, 5, 5, 5], paid));
		assert_ok!(resume());
		next_block();
		assert_eq!(settled(), [3, 4]);
		next_block();
		assert_eq!((settled(), positions()), (vec![5], [5; 4]));
		assert_eq!(free(2), paid + 3 * Balance::from(MAX_PRICE) * USED);
	});
}

#[test]
fn r13_proofs_are_taken_during_a_pause() {
	run(|| {
		propose_and_draw(3);
		assert_ok!(prove(1, 2));
		assert_ok!(pause());
		assert_ok!(prove(1, 1));
		next_block();
		assert_eq!(positions(), [0, 2, 3, 3]);
		next_block_after(604_800);
		assert_ok!(prove(1, 3));
		assert!(missed().is_empty());
	});
}

#[test]
fn r13_a_pause_of_a_week_matures_no_exit() {
	run(|| {
		pass(60);
		assert_ok!(ProverPool::exit(RuntimeOrigin::signed(1)));
		assert_ok!(pause());
		next_block_after(604_801);
		next_block_after(604_801);
		assert!(ProverPool::withdraw(RuntimeOrigin::signed(1)).is_err());
	});
}

#[test]
fn r13_only_the_origin_pauses_and_resumes() {
	run(|| {
		let bad_origin = sp_runtime::DispatchError::BadOrigin;
		assert_noop!(Rollup::pause(RuntimeOrigin::signed(GOVERNOR)), bad_origin);
		assert_noop!(resume(), Error::NotPaused);
		assert_ok!(pause());
		assert_noop!(pause(), Error::Paused);
		assert_noop!(Rollup::resume(RuntimeOrigin::signed(GOVERNOR)), bad_origin);
		assert_ok!(resume());
		assert_eq!(events(), [Event::Paused, Event::Resumed]);
	});
}
