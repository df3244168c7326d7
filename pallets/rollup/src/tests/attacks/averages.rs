// SPDX-License-Identifier: Apache-2.0

//! Attack 14: own blocks that move fee and window.

use super::{rewards_of_misses::fee_of_proposal, *};
use crate::rules::economy::MovingAverage;
use proptest::prelude::*;
use sp_runtime::FixedU128;
use std::cell::Cell;

/// Cost of blocks to their proposer.
struct Cost {
	/// Fees of the proposals at the lowest multiplier.
	fees: Balance,
	/// Most that was on hold at a time.
	on_hold: Balance,
	/// Rewards.
	rewards: Balance,
}

/// Proposes, draws, proves and settles blocks up to `blocks` that use `gas_used`, by their assigned
/// provers or by the rescuer.
fn settle_blocks(blocks: u64, gas_limit: u32, gas_used: u32) -> Cost {
	let (before, first, mut on_hold) = (free(PROPOSER), state().proposed, 0);
	while state().proposed < blocks {
		for _ in 0..MaxDrawnPerBlock::get() {
			assert_ok!(propose_as(PROPOSER, gas_limit, u32::MAX));
		}
		on_hold = held(PROPOSER).max(on_hold);
		next_block();
		while can_prove_next() {
			let id = state().next();
			let prover = assigned(id).unwrap_or(RESCUER);
			let transition = Transition { gas_used, ..next_transition() };
			assert_ok!(prove_as(prover, prover, id, transition));
		}
	}
	finish();
	events();
	let fees = Balance::from(state().proposed - first) * fee_of_proposal(10);
	Cost { fees, on_hold, rewards: before - free(PROPOSER) }
}

fn many_blocks_in_a_chain_block() {
	MaxUnsettledBlocks::set(4_096);
	MaxDrawnPerBlock::set(256);
	MaxProvenPerBlock::set(1_024);
	MaxSettledPerBlock::set(256);
	MinProofWindow::set(0);
	AverageGas::set(10_000_000);
}

/// The fastest and cheapest provers that there can be.
#[test]
fn ten_thousand_empty_blocks_move_neither_fee_nor_window() {
	many_blocks_in_a_chain_block();
	run_with(vec![(1, 2_560_000, 75, 256)], || {
		let exact = |state: crate::RollupState| (state.fee, state.delay);
		let before = exact(state());
		let cost = settle_blocks(10_240, 30_000_000, 0);
		let after = exact(state());
		println!(
			"attack 14: {} empty blocks at 75 % of the fee: {:.1} tokens of fees at the lowest, up to \
			 {:.2} tokens on hold, {:.2} tokens of rewards; fee and window moved: {}",
			state().settled,
			tokens(cost.fees),
			tokens(cost.on_hold),
			tokens(cost.rewards),
			after != before,
		);
		assert_eq!(after, before);
		// A block that is not empty does move them.
		settle_blocks(10_240 + 256, 30_000_000, 30_000);
		assert_ne!(exact(state()), before);
	});
}

#[test]
fn a_thousand_open_blocks_do_not_lift_the_fee() {
	many_blocks_in_a_chain_block();
	run_open(|| {
		let before = state();
		let cost = settle_blocks(1_024, GAS, GAS);
		println!(
			"attack 14: {} open blocks at 125 % of the fee: {:.1} tokens of fees at the lowest, {:.2} \
			 tokens of rewards; fee {}, window {} s",
			state().settled,
			tokens(cost.fees),
			tokens(cost.rewards),
			Rollup::fee_per_gas(),
			Rollup::proof_window(30_000_000, SIZE),
		);
		assert_eq!((state().fee, state().delay), (before.fee, before.delay));
	});
}

#[test]
fn the_window_grows_to_its_maximum_while_all_miss() {
	AverageGas::set(10_000_000);
	MinProofWindow::set(0);
	run(|| {
		let window = || Rollup::proof_window(GAS, SIZE);
		next_block();
		let mut windows = vec![window()];
		for id in 1..=60 {
			propose_and_draw(1);
			pass_deadline(id);
			// It used all of its gas.
			let transition = Transition { gas_used: GAS, ..next_transition() };
			assert_ok!(prove_as(RESCUER, RESCUER, id, transition));
			settle();
			windows.push(window());
		}
		println!(
			"attack 14: window after each of 60 misses: {windows:?} s, {} tokens of stake lost",
			tokens(burned()),
		);
		assert!(windows.windows(2).all(|pair| pair[0] <= pair[1]));
		let shortest = crate::rules::parameters::min_period(MaxTick::get());
		assert_eq!((windows[0], *windows.last().unwrap()), (shortest, MaxProofWindow::get()));
	});
}

/// Attack 5, as well: a window below the delay of the others would make them miss.
///
/// An attacker with a part of the gas proves its blocks at once, and others take `delay` for
/// each unit of gas. Blocks come as the draw spreads them. The window is twice the average.
#[test]
fn with_less_than_half_of_the_gas_the_window_stays_above_the_delay_of_others() {
	let (least, blocks) = (Cell::new(u128::MAX), Cell::new(0));
	proptest!(|(
		delay in 1..1_000u32, part in 0..=45u64, gas in 1..=30_000_000u32, scale in 40..1_000u64,
	)| {
		let honest = FixedU128::from_u32(delay);
		let mut average = MovingAverage::new(honest);
		let length = u64::from(gas) * scale;
		let mut turn = 0;
		for _ in 0..8 * scale {
			turn += part;
			let sample = if turn >= 100 { FixedU128::from_u32(0) } else { honest };
			turn %= 100;
			average.update(sample, gas, length);
			let window = average.value() + average.value();
			prop_assert!(window >= honest, "{:?}", average.value());
			least.set(least.get().min(window.into_inner() * 100 / honest.into_inner()));
		}
		blocks.set(blocks.get() + 8 * scale);
	});
	println!(
		"attack 5: {} blocks, up to 45 % of their gas proven at once: the window is at least {} % of \
		 the delay",
		blocks.get(),
		least.get(),
	);
}

#[test]
fn the_part_of_the_gas_that_halves_the_window_is_a_half() {
	for part in [25, 45, 50, 55, 75] {
		let honest = FixedU128::from_u32(1_000);
		let mut average = MovingAverage::new(honest);
		let mut turn = 0;
		for _ in 0..10_000 {
			turn += part;
			let sample = if turn >= 100 { FixedU128::from_u32(0) } else { honest };
			turn %= 100;
			average.update(sample, 1, 1_000);
		}
		let window = (average.value() + average.value()).into_inner() * 100 / honest.into_inner();
		println!(
			"attack 5: with {part} % of the gas proven at once the window is {window} % of the \
			 delay"
		);
		assert_eq!(window > 100, part < 50);
	}
}
