// SPDX-License-Identifier: Apache-2.0

//! Clock: R10.

use super::*;
use crate::{ClockReading, ClockState, WeightInfo as _};
use frame_support::weights::Weight;

#[test]
fn r10_the_clock_starts_at_one_and_ticks_at_the_end_of_a_chain_block() {
	run(|| {
		// The first chain block has none before it.
		assert_eq!(now(), 1);
		end_block();
		assert_eq!(now(), 1);
		begin_block(time() + BLOCK);
		assert_eq!(now(), 1);
		end_block();
		assert_eq!(now(), 1 + BLOCK);
	});
}

#[test]
fn r10_a_halt_costs_one_tick() {
	for halt in [60, 3_600, 86_400, 604_800] {
		run(|| {
			next_block();
			let before = now();
			next_block_after(halt);
			assert_eq!(now(), before + BLOCK);
			next_block();
			assert_eq!(now(), before + 2 * BLOCK);
			assert_eq!(Rollup::clock(), ClockReading { now: now(), lost: halt - BLOCK });
		});
	}
}

#[test]
fn r10_who_delivers_in_the_first_chain_block_after_a_halt_misses_nothing() {
	for halt in [60, 3_600, 86_400, 604_800] {
		run(|| {
			propose_and_draw(1);
			while now() + 2 * BLOCK <= deadline(1) {
				next_block();
			}
			next_block_after(halt);
			assert!(missed().is_empty());
			assert_ok!(prove(1, 1));
		});
	}
}

#[test]
fn r10_a_halt_ends_no_cooldown() {
	run(|| {
		propose_and_draw(1);
		assert_ok!(prove(1, 1));
		events();
		for _ in 0..3 {
			next_block_after(604_800);
			assert!(settled().is_empty());
		}
		pass(COOLDOWN);
		assert_eq!(settled(), [1]);
	});
}

#[test]
fn r10_the_clock_stands_still_while_on_poll_does_not_run() {
	run(|| {
		next_block();
		next_block();
		let before = now();
		// A migration of 100 chain blocks.
		for _ in 0..100 {
			end_block();
			System::set_block_number(System::block_number() + 1);
			Timestamp::set_timestamp((time() + BLOCK) * 1_000);
		}
		assert_eq!(now(), before + BLOCK);
		next_block();
		next_block();
		assert_eq!(now(), before + 2 * BLOCK);
		assert_eq!(Rollup::clock().lost, 100 * BLOCK);
	});
}

#[test]
fn r10_a_migration_passes_no_deadline_and_its_chain_blocks_do_not_write() {
	run(|| {
		propose_and_draw(3);
		while now() + 2 * BLOCK <= deadline(3) {
			next_block();
		}
		let before = (now(), crate::State::<Test>::get());
		// From a chain block on whose `on_poll` ran.
		for _ in 0..100 {
			migrating::end_migrating_block();
			migrating::begin_migrating_block();
			assert_eq!((now(), crate::State::<Test>::get()), before);
		}
		next_block();
		assert!(missed().is_empty());
		for id in 1..=3 {
			assert_ok!(prove(1, id));
		}
	});
}

#[test]
fn r10_the_clock_stands_still_without_weight_for_on_poll() {
	run(|| {
		next_block();
		end_block();
		let before = now();
		let weight = <Test as crate::Config>::WeightInfo::poll() - Weight::from_parts(1, 0);
		begin_block_with(time() + BLOCK, weight);
		end_block();
		assert_eq!(now(), before);
	});
}

#[test]
fn r10_a_slower_chain_has_a_slow_clock_and_a_faster_one_a_true_one() {
	run(|| {
		next_block();
		let before = now();
		for _ in 0..10 {
			next_block_after(12);
		}
		assert_eq!(now(), before + 10 * BLOCK);
		let before = now();
		for _ in 0..10 {
			next_block_after(2);
		}
		// The last chain block before it took 12 seconds.
		assert_eq!(now(), before + BLOCK + 9 * 2);
	});
}

#[test]
fn r10_everything_in_a_chain_block_is_judged_by_the_end_of_its_parent() {
	run(|| {
		propose_and_draw(1);
		let drawn_at = now();
		assert_ok!(prove(1, 1));
		let stored = stored(1).unwrap();
		assert_eq!((stored.stored_at, stored.proven_at), (drawn_at, Some(drawn_at)));
	});
}

#[test]
fn r10_a_clock_that_is_set_back_passes_no_time() {
	let mut clock = ClockState { elapsed: 9_000, moment: 5_000, lost: 0 };
	clock.pass(4_000, true, 6_000);
	assert_eq!(clock, ClockState { elapsed: 9_000, moment: 4_000, lost: 0 });
	clock.pass(4_999, true, 6_000);
	assert_eq!((clock.elapsed, clock.now()), (9_999, 10));
	clock.pass(u64::MAX, false, 6_000);
	assert_eq!((clock.elapsed, clock.lost), (9_999, u64::MAX - 4_999));
}
