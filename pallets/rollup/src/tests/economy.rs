// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn the_fee_is_the_average_of_what_provers_were_paid() {
	run_with(vec![], || {
		AverageLength::set(2);
		propose(1);
		assert_ok!(prove(9, 1));
		settle_after(COOLDOWN);
		// Half of the way from 100 to the 150 of an open block.
		assert_eq!(Rollup::fee_per_gas(), 125);
		propose(2);
		assert_eq!(block(2).unwrap().reward_per_gas, 187);
	});
}

#[test]
fn a_cheap_pool_lowers_the_fee_to_the_floor() {
	run_with(vec![(1, 100_000, 1, 10)], || {
		AverageLength::set(1);
		for expected in [75, 57, 43, 33, 25, 19, 15, 12, 10, 10] {
			let id = propose(1);
			assert_ok!(prove(1, id));
			settle_after(COOLDOWN);
			assert_eq!(Rollup::fee_per_gas(), expected);
		}
		// What provers are paid follows the floor, too.
		propose(1);
		assert_eq!(block(11).unwrap().reward_per_gas, 8);
	});
}

#[test]
fn the_window_is_twice_the_average_delay_between_its_bounds() {
	run(|| {
		AverageLength::set(1);
		propose(1);
		next_block(400);
		assert_ok!(prove(1, 1));
		settle_after(COOLDOWN);
		assert_eq!(Rollup::proof_window(), 800);
		propose(2);
		assert_eq!(block(2).unwrap().closes_at, now() + 800);
		assert_ok!(prove(1, 2));
		settle_after(COOLDOWN);
		assert_eq!(Rollup::proof_window(), WINDOW);
		propose(3);
		next_block(86_400);
		assert_ok!(prove(1, 3));
		settle_after(COOLDOWN);
		assert_eq!(Rollup::proof_window(), 9 * WINDOW);
	});
}

#[test]
fn an_overridden_block_teaches_nothing() {
	run(|| {
		AverageLength::set(1);
		propose(1);
		next_block(400);
		assert_ok!(prove(1, 1));
		assert_ok!(override_with(1, state(0), wrong(1)));
		let before = (progress().fee_per_gas, progress().proof_delay);
		settle_after(COOLDOWN);
		let after = progress();
		assert_eq!(after.settled, 1);
		assert_eq!((after.fee_per_gas, after.proof_delay), before);
	});
}

#[test]
fn a_proposal_costs_at_most_what_is_told() {
	for provers in [vec![], vec![(1, 100_000, u16::MAX, 10)], vec![(1, 100_000, 1, 10)]] {
		run_with(provers, || {
			let cost = Rollup::proposal_cost(GAS).unwrap();
			assert_eq!(cost, DEPOSIT * 3 / 2);
			propose(1);
			assert!(held(PROPOSER) <= cost);
		});
	}
	run(|| {
		assert_eq!(Rollup::proposal_cost(0), None);
		assert_eq!(Rollup::proposal_cost(30_000_001), None);
		assert!(Rollup::proposal_cost(30_000_000).is_some());
	});
}

#[test]
fn the_reward_shrinks_to_its_least_at_the_end_of_the_window() {
	for (delay, penalty) in [(0, 0), (300, 125), (600, 250), (601, 250), (6_000, 250)] {
		run_with(vec![], || {
			propose(1);
			Timestamp::set_timestamp((START + delay) * 1_000);
			let before = free(9);
			assert_ok!(prove(9, 1));
			settle_after(COOLDOWN);
			let gross = REWARD * 3 / 2;
			assert_eq!(free(9) - before, gross - gross * penalty / 10_000);
		});
	}
}
