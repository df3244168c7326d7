// SPDX-License-Identifier: Apache-2.0

//! Averages and the penalty for a delay: R9.

use super::*;
use sp_runtime::FixedU128;

fn averages() -> (FixedU128, FixedU128) {
	(state().fee.value(), state().delay.value())
}

/// Returns the part of the way that one of the tests' blocks moves an average.
fn moved(from: FixedU128, to: FixedU128) -> FixedU128 {
	let part = FixedU128::from_rational(u128::from(GAS) / 2, AverageGas::get().into());
	if to >= from {
		from + (to - from) * part
	} else {
		from - (from - to) * part
	}
}

fn assert_near(left: FixedU128, right: FixedU128) {
	let difference = left.into_inner().abs_diff(right.into_inner());
	assert!(difference < 1_000_000, "{left:?} is not {right:?}");
}

#[test]
fn r9_a_timely_proof_is_a_sample_from_the_draw_to_the_storing() {
	run(|| {
		propose_and_draw(2);
		pass(120);
		// It waits for an hour, which is not its prover's.
		assert_ok!(prove(1, 2));
		let (fee, delay) = averages();
		let sample = FixedU128::from_rational(120, USED);
		pass(300);
		assert_ok!(prove(1, 1));
		let first = FixedU128::from_rational(420, USED);
		settle();
		assert_near(averages().1, moved(moved(delay, first), sample));
		assert_eq!(averages().0, fee);
	});
}

#[test]
fn r9_the_fee_follows_the_prices_of_timely_proofs() {
	run_with(vec![(1, 100_000, 80, 10)], || {
		propose_and_draw(1);
		assert_ok!(prove(1, 1));
		let (fee, _) = averages();
		settle();
		assert_near(averages().0, moved(fee, FixedU128::from_u32(80)));
	});
}

#[test]
fn r9_a_missed_block_is_a_sample_of_its_own_window() {
	run(|| {
		MinProofWindow::set(1_200);
		propose_and_draw(1);
		MinProofWindow::set(WINDOW);
		// The deadline of the second is that of the first.
		propose_and_draw(1);
		while now() <= deadline(1) {
			next_block();
		}
		assert_ok!(prove(2, 1));
		assert_ok!(prove(2, 2));
		let (fee, delay) = averages();
		settle();
		let windows = [1_200, 600].map(|window| FixedU128::from_rational(window, CHARGED));
		assert_near(averages().1, moved(moved(delay, windows[0]), windows[1]));
		assert_eq!(averages().0, fee);
	});
}

#[test]
fn r9_the_fee_rises_again_from_its_minimum() {
	MinFeePerGas::set(0);
	AverageGas::set(1_000_000);
	let genesis = crate::GenesisConfig { fee_per_gas: 1, ..rollup_genesis() };
	genesis_with(vec![(1, 100_000, u16::MAX, 10)], genesis).execute_with(|| {
		begin_block(START);
		let before = Rollup::fee_per_gas();
		for id in 1..=4 {
			propose_and_draw(1);
			assert_ok!(prove(1, id));
			settle();
		}
		assert!(Rollup::fee_per_gas() > before);
	});
}

#[test]
fn r9_open_blocks_are_no_samples() {
	run_open(|| {
		propose_and_draw(5);
		let before = averages();
		for id in 1..=5 {
			pass(100);
			assert_ok!(prove(2, id));
		}
		settle();
		assert_eq!(positions(), [5; 4]);
		assert_eq!(averages(), before);
	});
}

#[test]
fn r9_empty_blocks_move_neither_fee_nor_window() {
	run_with(vec![(1, 100_000, 75, 10)], || {
		let before = averages();
		for id in 1..=20 {
			propose_and_draw(1);
			let mut transition = transition(id);
			transition.gas_used = 0;
			assert_ok!(prove_as(1, 1, id, transition));
		}
		settle();
		assert_eq!(positions(), [20; 4]);
		assert_eq!(averages(), before);
	});
}

#[test]
fn r9_when_all_miss_the_window_grows() {
	run(|| {
		AverageGas::set(1_000_000);
		MinProofWindow::set(0);
		next_block();
		let window = || Rollup::proof_window(GAS, SIZE);
		let before = window();
		for id in 1..=5 {
			propose_and_draw(1);
			while now() <= deadline(id) {
				next_block();
			}
			assert_ok!(prove(2, id));
			settle();
		}
		assert!(window() > before, "{} is not above {before}", window());
	});
}

#[test]
fn r9_the_penalty_grows_to_the_deadline_of_the_assigned_prover() {
	run(|| {
		propose_and_draw(1);
		pass(300);
		assert_ok!(prove(1, 1));
		let before = free(1);
		settle();
		// Half of 2.5 %.
		assert_eq!(free(1) - before, REWARD - REWARD / 80);
	});
}

#[test]
fn r9_a_rescue_has_no_penalty() {
	run(|| {
		propose_and_draw(1);
		while now() <= deadline(1) {
			next_block();
		}
		BountyMultiplier::set(0);
		assert_ok!(prove(2, 1));
		settle();
		assert_eq!(free(2), ENDOWMENT + REWARD);
	});
}
