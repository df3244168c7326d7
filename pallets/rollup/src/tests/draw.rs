// SPDX-License-Identifier: Apache-2.0

//! Draws and deadlines: R2 and R3.

use super::*;
use crate::WeightInfo as _;
use frame_support::weights::Weight;
use prover_pool_primitives::ProverPool as _;

#[test]
fn r2_a_block_is_drawn_in_a_later_chain_block() {
	run(|| {
		let id = propose();
		assert_noop!(prove(1, id), Error::NotDrawn);
		next_block();
		let block = block(id).unwrap();
		let assigned = block.assignment().unwrap().clone();
		assert!(is_assigned(id));
		assert_eq!((assigned.prover, assigned.drawn_at, assigned.window), (1, now(), WINDOW));
		assert_eq!((block.reward_per_gas, block.is_outstanding), (FEE, true));
		assert_eq!(outstanding(1), 1);
		assert_eq!(
			events()[1..],
			[Event::BlockAssigned {
				block_id: id,
				prover: 1,
				reward_per_gas: FEE,
				deadline: now() + WINDOW
			}]
		);
	});
}

#[test]
fn r2_a_block_waits_until_both_seeds_are_newer_than_its_proposal() {
	run(|| {
		SeedAge::set(Some(2));
		propose();
		for _ in 0..2 {
			next_block();
			assert_eq!(positions(), [0, 0, 0, 1]);
		}
		next_block();
		assert_eq!(positions(), [0, 0, 1, 1]);
	});
}

#[test]
fn r2_a_chain_block_without_a_new_seed_draws_nothing() {
	run(|| {
		SeedAge::set(None);
		propose();
		pass(1_000);
		assert_eq!(positions(), [0, 0, 0, 1]);
		SeedAge::set(Some(0));
		next_block();
		assert_eq!(positions(), [0, 0, 1, 1]);
	});
}

#[test]
fn r2_blocks_beyond_the_bound_wait_for_the_next_seed() {
	run_open(|| {
		for _ in 0..10 {
			propose();
		}
		next_block();
		assert_eq!(positions(), [0, 0, 8, 10]);
		SeedAge::set(None);
		next_block();
		assert_eq!(positions(), [0, 0, 8, 10]);
		SeedAge::set(Some(0));
		next_block();
		assert_eq!(positions(), [0, 0, 10, 10]);
	});
}

#[test]
fn r2_blocks_beyond_the_weight_wait_for_the_next_seed() {
	type Weights = <Test as crate::Config>::WeightInfo;
	run_open(|| {
		for _ in 0..3 {
			propose();
		}
		end_block();
		let draws = |n| Weights::draw(n) + ProverPool::assign_many_weight(n);
		begin_block_with(time() + BLOCK, Weights::poll() + draws(1) - Weight::from_parts(1, 0));
		assert_eq!(positions(), [0, 0, 0, 3]);
		end_block();
		begin_block_with(time() + BLOCK, Weights::poll() + draws(2));
		assert_eq!(positions(), [0, 0, 2, 3]);
	});
}

#[test]
fn r2_a_block_without_a_drawable_prover_is_open_at_the_maximum_price() {
	run_open(|| {
		propose_and_draw(1);
		let block = block(1).unwrap();
		assert_eq!((block.phase, block.reward_per_gas), (Phase::Open, MAX_PRICE));
		let opened = Event::BlockOpened {
			block_id: 1,
			reason: OpenReason::NotDrawable,
			reward_per_gas: MAX_PRICE,
		};
		assert_eq!(events()[1..], [opened]);
	});
}

#[test]
fn r2_blocks_beyond_the_capacity_are_open() {
	run_with(vec![(1, 60_000, FEE as u16, 5)], || {
		propose_and_draw(7);
		let assigned: Vec<_> = (1..=7).filter(|id| is_assigned(*id)).collect();
		assert_eq!(assigned, [1, 2, 3, 4, 5]);
		assert_eq!(outstanding(1), 5);
	});
}

#[test]
fn r2_the_pool_is_used_as_it_stands_at_the_draw() {
	run(|| {
		propose();
		assert_ok!(ProverPool::stake(RuntimeOrigin::signed(2), 9_000_000, 100, 800));
		next_block();
		// Account 2 has nearly all of the weight.
		assert_eq!(block(1).unwrap().assignment().unwrap().prover, 2);
	});
}

#[test]
fn r2_the_origin_opens_undrawn_blocks_when_seeds_stay_away() {
	run(|| {
		SeedAge::set(None);
		for _ in 0..10 {
			propose();
		}
		let open = |up_to| Rollup::open_undrawn(RuntimeOrigin::root(), up_to);
		assert_noop!(open(11), Error::UnknownBlock);
		assert_noop!(
			Rollup::open_undrawn(RuntimeOrigin::signed(1), 1),
			sp_runtime::DispatchError::BadOrigin
		);
		events();
		assert_ok!(open(2));
		assert_eq!(opened(), [(1, OpenReason::ByOrigin), (2, OpenReason::ByOrigin)]);
		assert_noop!(open(2), Error::AlreadyDrawn);
		// At most `MaxDrawnPerBlock` at once.
		assert_ok!(open(10));
		assert_eq!(positions(), [0, 0, 10, 10]);
		assert_ok!(prove(5, 1));
	});
}

#[test]
fn r3_the_window_is_twice_the_average_delay_of_the_gas_charged() {
	run(|| {
		MinProofWindow::set(0);
		// 100 ns for each unit of gas.
		let id = state().proposed + 1;
		assert_ok!(propose_as(PROPOSER, 30_000_000, u32::MAX));
		next_block();
		let window = |id| block(id).unwrap().assignment().unwrap().window;
		// Six seconds, below ten ticks.
		assert_eq!(window(id), 60);
		crate::State::<Test>::mutate(|state| {
			state.delay = crate::rules::economy::MovingAverage::new(
				sp_runtime::FixedU128::from_rational(1, 100_000),
			)
		});
		assert_ok!(propose_as(PROPOSER, 30_000_000, u32::MAX));
		next_block();
		// 2 * 30,200,016 / 100,000, rounded up.
		assert_eq!(window(id + 1), 605);
		assert_eq!(Rollup::proof_window(30_000_000, SIZE), 605);
		MaxProofWindow::set(500);
		assert_eq!(Rollup::proof_window(30_000_000, SIZE), 500);
	});
}

#[test]
fn r3_a_deadline_is_not_before_that_of_an_earlier_block() {
	run(|| {
		MinProofWindow::set(1_200);
		propose_and_draw(1);
		let first = deadline(1);
		MinProofWindow::set(WINDOW);
		propose_and_draw(1);
		assert_eq!(deadline(2), first);
		assert_eq!(block(2).unwrap().assignment().unwrap().window, WINDOW);
		pass(WINDOW + 100);
		propose_and_draw(1);
		assert_eq!(deadline(3), now() + WINDOW);
	});
}
