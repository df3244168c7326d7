// SPDX-License-Identifier: Apache-2.0

//! Attack 10: a prover with a miss outlasts its exit period.

use super::*;
use pallet_prover_pool::Error as PoolError;

fn withdraw(who: AccountId) -> frame_support::pallet_prelude::DispatchResult {
	ProverPool::withdraw(RuntimeOrigin::signed(who))
}

/// Has three blocks assigned to prover 2, which proves none of them.
fn with_a_stuck_head(test: impl FnOnce()) {
	run_with(vec![(2, 60_000, FEE as u16, 5)], || {
		pass(60);
		propose_and_draw(3);
		test();
	});
}

#[test]
fn junk_that_waits_beyond_the_exit_period_is_slashed() {
	with_a_stuck_head(|| {
		for id in 2..=3 {
			assert_ok!(prove_as(2, 2, id, on(wrong(id), wrong(id))));
		}
		assert_ok!(ProverPool::exit(RuntimeOrigin::signed(2)));
		pass_deadline(3);
		// The first block is stuck for three times the exit period.
		for _ in 0..21 {
			skip(24 * 60 * 60);
			assert_noop!(withdraw(2), PoolError::<Test>::NoMatureExit);
		}
		let before = burned();
		assert_ok!(prove(RESCUER, 1));
		next_block();
		finish();
		let all = settlements();
		let slashed: Balance = all.iter().map(|settled| settled.slashed).sum();
		println!(
			"attack 10: junk for two blocks and a miss, {} tokens slashed three exit periods later",
			tokens(slashed),
		);
		assert_eq!(all.iter().filter(|settled| settled.slashed > 0).count(), 3);
		assert!(burned() > before && slashed >= 3 * 148 * TOKEN);
		assert_ok!(withdraw(2));
	});
}

/// The smallest stake that the pool takes remains slashable, and the rest leaves after the period.
#[test]
fn a_prover_that_stakes_less_is_slashed_by_what_it_left() {
	run_with(vec![(2, 5_000_000, FEE as u16, 5)], || {
		pass(60);
		propose_and_draw(3);
		assert_ok!(ProverPool::stake(RuntimeOrigin::signed(2), 50_000, FEE as u16, 5));
		pass_deadline(3);
		skip(8 * 24 * 60 * 60);
		assert_ok!(withdraw(2));
		finish();
		let slashed: Vec<_> = settlements().iter().map(|settled| settled.slashed / TOKEN).collect();
		println!(
			"attack 10: a stake of 5,000,000 made 50,000, and the rest withdrawn with the head \
			 stuck for 8 days: slashed {slashed:?} tokens instead of 12,500 each"
		);
		assert!(slashed.iter().all(|slashed| *slashed >= 124));
	});
}

/// Outstanding blocks follow the account.
#[test]
fn junk_that_waits_is_slashed_after_a_new_stake() {
	with_a_stuck_head(|| {
		assert_ok!(prove_as(2, 2, 2, on(wrong(2), wrong(2))));
		assert_ok!(ProverPool::exit(RuntimeOrigin::signed(2)));
		pass_deadline(3);
		skip(21 * 24 * 60 * 60);
		assert_ok!(ProverPool::stake(RuntimeOrigin::signed(2), 50_000, FEE as u16, 5));
		assert_eq!(outstanding(2), 3);
		finish();
		let slashed: Balance = settlements().iter().map(|settled| settled.slashed).sum();
		println!("attack 10: {} tokens slashed after exit and a new stake", tokens(slashed));
		assert!(slashed >= 3 * 120 * TOKEN);
	});
}
