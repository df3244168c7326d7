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
