// SPDX-License-Identifier: Apache-2.0

//! Attack 3: the chain stands still, and deadlines and cooldowns are about to end.

use super::{
	super::migrating::{begin_migrating_block, end_migrating_block, migrate},
	outages::{assert_harmless, assert_harmless_at, Harm},
	*,
};
use crate::{rules::economy::MovingAverage, ClockReading, ClockState, RollupState};
use frame_support::weights::Weight;
use proptest::prelude::*;
use sp_runtime::FixedU128;

const HALTS: [u64; 4] = [60, 3_600, 86_400, 604_800];
const DUE: [u64; 4] = [1, 5, 30, 59];
/// Cores that are lost most of the time, and the interval of the chain blocks.
const CORES: [(&str, u64); 2] = [("every other minute", 120), ("once an hour", 3_600)];

#[test]
fn no_prover_misses_by_a_halt_and_no_cooldown_ends_by_it() {
	let mut harm = Harm::default();
	for halt in HALTS {
		for due in DUE {
			assert_harmless(&mut harm, due, || next_block_after(halt));
		}
	}
	println!(
		"attack 3: halts of {HALTS:?} s with proofs due in {DUE:?} s: {} misses, {} early settlements",
		harm.misses, harm.settlements,
	);
	assert_eq!(harm, Harm::default());
}

/// Windows and cooldowns count chain blocks that there are, and not those that the core misses.
#[test]
fn no_prover_misses_by_a_lost_core_and_no_cooldown_ends_by_it() {
	let mut harm = Harm::default();
	for (name, interval) in CORES {
		for due in DUE {
			assert_harmless_at(&mut harm, interval, due, || {
				next_block_after(interval);
				// By time alone, the deadline passed long ago.
				assert!(10 * interval > deadline(3));
			});
		}
		println!(
			"attack 3: a core {name}, with proofs due in {DUE:?} s after {} s: {} misses, {} early \
			 settlements",
			10 * interval,
			harm.misses,
			harm.settlements,
		);
	}
	assert_eq!(harm, Harm::default());
}

#[test]
fn no_prover_misses_by_a_migration_of_100_chain_blocks() {
	let mut harm = Harm::default();
	for due in DUE {
		assert_harmless(&mut harm, due, || {
			migrate(100);
			next_block();
		});
		// After a halt, and with another one in the middle.
		assert_harmless(&mut harm, due, || {
			end_block();
			System::set_block_number(System::block_number() + 1);
			Timestamp::set_timestamp((time() + 86_400) * 1_000);
			migrate(50);
			Timestamp::set_timestamp((time() + 3_600) * 1_000);
			migrate(50);
			next_block_after(604_800);
		});
	}
	println!(
		"attack 3: migrations of 100 chain blocks, alone and with halts: {} misses, {} early \
		 settlements",
		harm.misses, harm.settlements,
	);
	assert_eq!(harm, Harm::default());
}

/// Root begins the migration by a call, in a chain block whose `on_poll` ran. That one does not tick at its
/// end, but at that of the migration.
#[test]
fn the_clock_stands_still_from_the_chain_block_in_which_a_migration_begins() {
	const MIGRATION: u64 = 100;
	let (mut harm, mut ran, mut passed) = (Harm::default(), 0, 0);
	for due in DUE {
		assert_harmless(&mut harm, due, || {
			let (before, began_at) = (now(), time());
			for _ in 0..MIGRATION {
				end_migrating_block();
				begin_migrating_block();
				assert_eq!((now(), missed(), positions()), (before, vec![], [0, 1, 3, 3]));
			}
			next_block();
			ran += now() - before;
			passed += time() - began_at;
		});
	}
	println!(
		"attack 3: {} migrations of {MIGRATION} chain blocks by a call, with proofs due in {DUE:?} s \
		 after them: {} misses, {} early settlements, the clock ran {ran} s of {passed} s",
		DUE.len(),
		harm.misses,
		harm.settlements,
	);
	assert_eq!(harm, Harm::default());
	assert_eq!(ran, DUE.len() as u64 * BLOCK);
}

#[test]
fn no_prover_misses_by_an_outage_of_on_poll() {
	const OUTAGE: u64 = 20;
	let mut harm = Harm::default();
	for due in DUE {
		assert_harmless(&mut harm, due, || {
			for _ in 0..OUTAGE {
				end_block();
				begin_block_with(time() + BLOCK, Weight::zero());
			}
			next_block();
		});
	}
	println!(
		"attack 3: {OUTAGE} chain blocks without on_poll with proofs due in {DUE:?} s: {} misses, {} \
		 early settlements",
		harm.misses, harm.settlements,
	);
	assert_eq!(harm, Harm::default());
}

/// Returns the number of chain blocks in which a proof of a block with a window of a minute counts.
fn chain_blocks_of_a_window(intervals: impl Iterator<Item = u64>) -> u64 {
	let mut chain_blocks = 0;
	MinProofWindow::set(60);
	run(|| {
		propose_and_draw(1);
		for interval in intervals {
			if now() > deadline(1) {
				break;
			}
			chain_blocks += 1;
			next_block_after(interval);
		}
		assert_eq!(missed(), [1]);
	});
	chain_blocks
}

#[test]
fn a_lost_core_leaves_as_many_chain_blocks_for_a_proof() {
	let planned = chain_blocks_of_a_window(core::iter::repeat(BLOCK));
	for (name, interval) in CORES {
		let chain_blocks = chain_blocks_of_a_window(core::iter::repeat(interval));
		println!("attack 3: a core {name}: {chain_blocks} chain blocks, as planned {planned}");
		assert_eq!(chain_blocks, planned);
	}
	// Halts in a row, of all lengths.
	let halts = HALTS.into_iter().cycle().flat_map(|halt| [halt, BLOCK]);
	let chain_blocks = chain_blocks_of_a_window(halts);
	println!("attack 3: a halt before every other chain block: {chain_blocks} chain blocks");
	assert_eq!(chain_blocks, planned);
}

#[test]
fn many_halts_in_a_row_cost_a_tick_each() {
	run(|| {
		next_block();
		let (clock, wall) = (now(), time());
		for halt in HALTS.into_iter().cycle().take(400) {
			next_block_after(halt);
		}
		let lost = Rollup::clock().lost;
		println!("attack 3: 400 halts of {} s: the clock ran {} s", time() - wall, now() - clock);
		assert_eq!(now() - clock, 400 * BLOCK);
		// The last of them has not ticked yet, and the block before the first was on time.
		assert_eq!(lost + now() - clock, time() - wall - 604_800 + BLOCK);
	});
}

#[test]
fn the_clock_starts_at_one_in_genesis_and_in_an_upgrade() {
	run(|| {
		assert_eq!(Rollup::clock(), ClockReading { now: 1, lost: 0 });
	});
	// A chain of years takes the pallet in.
	genesis(vec![]).execute_with(|| {
		crate::State::<Test>::kill();
		System::set_block_number(5_000_000);
		begin_block(START);
		assert_eq!(Rollup::clock(), ClockReading { now: 1, lost: 0 });
		assert_noop!(propose_as(PROPOSER, GAS, u32::MAX), Error::Paused);
		next_block();
		assert_eq!(Rollup::clock(), ClockReading { now: 1, lost: 0 });
		// The upgrade must give start values. Without them the rollup stays paused.
		assert_noop!(resume(), Error::NotStarted);
		let start = FixedU128::from_u32(FEE);
		crate::State::<Test>::mutate(|state| state.fee = MovingAverage::new(start));
		assert_ok!(resume());
		next_block();
		let clock = Rollup::clock();
		println!(
			"attack 3: {} s after an upgrade that brings the clock: it has resumed at {} s, with {} s \
			 lost",
			time() - START,
			clock.now,
			clock.lost,
		);
		assert_eq!(clock, ClockReading { now: 1 + BLOCK, lost: 0 });
		// Governed values apply, although there was no genesis.
		assert_eq!(Rollup::parameters().cooldown, COOLDOWN);
	});
}

#[test]
fn an_upgrade_in_the_middle_keeps_the_clock() {
	run(|| {
		propose_and_draw(2);
		let before: RollupState = state();
		// The new code is enacted after a halt and migrates in one chain block.
		let enacted_at = time();
		migrate(1);
		next_block_after(604_800);
		let misses = missed();
		println!(
			"attack 3: an upgrade of {} s with 2 blocks under way: the clock ran {} s, {} misses",
			time() - enacted_at,
			now() - before.clock.now(),
			misses.len(),
		);
		assert_eq!(now(), before.clock.now() + BLOCK);
		assert_eq!((misses, positions()), (vec![], [0, 0, 2, 2]));
		assert_ok!(prove(1, 1));
	});
}

#[derive(Clone, Debug)]
enum ChainBlock {
	Full,
	WithoutPoll,
	Paused,
}

proptest! {
	#[test]
	fn the_clock_and_what_it_lost_are_all_of_the_time(
		blocks in prop::collection::vec(
			(1..10_000_000u64, prop_oneof![
				Just(ChainBlock::Full), Just(ChainBlock::WithoutPoll), Just(ChainBlock::Paused)
			]),
			1..200,
		)
	) {
		let mut clock = ClockState::default();
		clock.pass(1_000, true, 6_000);
		let (mut moment, mut full) = (1_000, 0);
		for (interval, kind) in blocks {
			moment += interval;
			let ticks = matches!(kind, ChainBlock::Full);
			let before = clock;
			clock.pass(moment, ticks, 6_000);
			full += u64::from(ticks);
			let tick = clock.elapsed - before.elapsed;
			prop_assert_eq!(tick, if ticks { interval.min(6_000) } else { 0 });
		}
		prop_assert_eq!(clock.elapsed + clock.lost, moment - 1_000);
		prop_assert!(clock.elapsed <= full * 6_000);
		println!(
			"attack 3: {full} chain blocks with on_poll in {} s: the clock ran {} s and lost {} s",
			(moment - 1_000) / 1_000,
			clock.elapsed / 1_000,
			clock.lost / 1_000,
		);
	}
}
