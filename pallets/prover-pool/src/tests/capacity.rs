// SPDX-License-Identifier: Apache-2.0

//! `release` and what is outstanding: rules 24 and 25.

use crate::{mock::*, Error, Stakers};
use frame_support::{assert_noop, assert_ok, assert_storage_noop};

/// Stakes with this capacity, past the block that made it.
fn stake_with(who: AccountId, capacity: u16) {
	MinCapacity::set(1);
	MinStakePerCapacity::set(1);
	assert_ok!(stake(who, 40_000_000, 10, capacity));
	pass(DELAY_SECONDS);
}

/// Outstanding blocks of the account, by its entry and its slot.
fn outstanding(who: AccountId) -> u16 {
	let (staker, prover) = ProverPool::get_staker(who);
	staker.max_capacity - prover.current_capacity + staker.backlog
}

#[test]
fn rule_24_release_gives_back_one() {
	run(|| {
		stake_with(1, 5);
		assign(1, 10).unwrap();
		assign(2, 10).unwrap();
		release(1);
		assert_eq!(prover(1).current_capacity, 4);
	});
}

#[test]
fn rule_24_release_never_lifts_capacity_above_the_maximum() {
	run(|| {
		stake_with(1, 5);
		assert_storage_noop!(release(1));
		assert_eq!(prover(1).current_capacity, 5);
	});
}

#[test]
fn rule_25_a_restake_with_blocks_outstanding_starts_with_less() {
	run(|| {
		stake_with(1, 5);
		for block in 0..3 {
			assign(block, 10).unwrap();
		}
		assert_ok!(stake(1, 40_000_000, 10, 4));
		assert_eq!((prover(1).current_capacity, staker(1).backlog, outstanding(1)), (1, 0, 3));
		for _ in 0..3 {
			release(1);
		}
		assert_eq!((prover(1).current_capacity, outstanding(1)), (4, 0));
	});
}

#[test]
fn rule_25_a_restake_below_what_is_outstanding_starts_with_nothing() {
	run(|| {
		stake_with(1, 5);
		for block in 0..5 {
			assign(block, 10).unwrap();
		}
		assert_ok!(stake(1, 40_000_000, 10, 2));
		assert_eq!((prover(1).current_capacity, staker(1).backlog, outstanding(1)), (0, 3, 5));
		pass(6);
		assert_eq!(assign(9, 10), None);
		// Three releases for the backlog, and only then capacity.
		for left in [4, 3, 2] {
			release(1);
			assert_eq!((prover(1).current_capacity, outstanding(1)), (0, left));
		}
		release(1);
		assert_eq!((prover(1).current_capacity, outstanding(1)), (1, 1));
		release(1);
		release(1);
		assert_eq!((prover(1).current_capacity, outstanding(1)), (2, 0));
	});
}

#[test]
fn rule_25_nothing_is_forgotten_across_exit_and_return() {
	run(|| {
		stake_with(1, 5);
		for block in 0..4 {
			assign(block, 10).unwrap();
		}
		assert_ok!(exit(1));
		assert_eq!((staker(1).backlog, outstanding(1)), (4, 4));
		release(1);
		assert_eq!(outstanding(1), 3);
		pass(EXIT_SECONDS + 1);
		assert_noop!(withdraw(1), Error::<Test>::NoMatureExit);
		stake_with(1, 5);
		assert_eq!((prover(1).current_capacity, outstanding(1)), (2, 3));
	});
}

#[test]
fn rule_25_nothing_is_forgotten_across_replacement() {
	run(|| {
		MaxProvers::set(1);
		stake_with(1, 5);
		assign(1, 10).unwrap();
		assert_ok!(stake(2, 40_000_001, 10, 5));
		assert_eq!((outstanding(1), outstanding(2)), (1, 0));
		// An old release does not lift the newcomer.
		release(1);
		assert_eq!((outstanding(1), prover(2).current_capacity), (0, 5));
	});
}

#[test]
fn rule_25_the_largest_capacity_is_never_exceeded() {
	run(|| {
		stake_with(1, u16::MAX);
		crate::Provers::<Test>::mutate(|pool| {
			for slot in pool.slots.iter_mut() {
				slot.current_capacity = 0;
			}
		});
		// All 65,535 are outstanding; it returns with 1 and gets no more.
		assert_ok!(stake(1, 40_000_000, 10, 1));
		assert_eq!((staker(1).backlog, outstanding(1)), (u16::MAX - 1, u16::MAX));
		pass(DELAY_SECONDS);
		assert_eq!(assign(1, 10), None);
		assert_ok!(exit(1));
		assert_eq!(staker(1).backlog, u16::MAX);
		release(1);
		assert_eq!(outstanding(1), u16::MAX - 1);
	});
}

#[test]
fn rule_29_release_of_strangers_does_nothing() {
	run(|| {
		assert_storage_noop!(release(77));
		assert_storage_noop!(release(1_000));
		assert_eq!(Stakers::<Test>::iter().count(), 0);
	});
}
