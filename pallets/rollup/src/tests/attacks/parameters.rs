// SPDX-License-Identifier: Apache-2.0

//! Attack 11: governed values at their extremes, alone and in pairs.

use super::*;
use crate::rules::{
	economy::MovingAverage,
	parameters::{MAX_COOLDOWN, MAX_RESCUER_SHARE, MIN_FEE_PER_GAS},
};
use pallet_prover_pool::parameters::{
	EJECTION_THRESHOLD, EXIT_PERIOD, MIN_CAPACITY, MIN_CHANGE_DELAY, MIN_STAKE_PER_CAPACITY,
	SLASH_MULTIPLIER, SLASH_POINTS,
};
use sp_runtime::FixedU128;

/// Governed value: its name, and a function that sets it to one of its extremes.
pub(super) type Parameter = (&'static str, fn(usize));

/// Number of extremes: 0, 1, the bound of what is effective, and the maximum of the type. The bound is
/// the upper one, or the lower one where the maximum of the type is effective.
const EXTREMES: usize = 4;

/// One day, in seconds.
pub(super) const DAY: u64 = 24 * 60 * 60;
/// Stake of the tests' prover.
pub(super) const STAKE: Balance = 100_000 * TOKEN;

const ROLLUP: [Parameter; 4] = [
	("MinFeePerGas", |at| MinFeePerGas::set([0, 1, MIN_FEE_PER_GAS, u16::MAX][at])),
	("MinProofWindow", |at| MinProofWindow::set([0, 1, MaxProofWindow::get(), u64::MAX][at])),
	("Cooldown", |at| CooldownSeconds::set([0, 1, MAX_COOLDOWN, u64::MAX][at])),
	("RescuerShare", |at| RescuerShare::set([0, 1, MAX_RESCUER_SHARE, u32::MAX][at])),
];

pub(super) const POOL: [Parameter; 7] = [
	("ExitPeriod", |at| ExitPeriod::set([0, 1, *EXIT_PERIOD.end(), u64::MAX][at])),
	("MinChangeDelay", |at| MinChangeDelay::set([0, 1, *MIN_CHANGE_DELAY.end(), u64::MAX][at])),
	("MinCapacity", |at| MinCapacity::set([0, 1, *MIN_CAPACITY.end(), u16::MAX][at])),
	("MinStakePerCapacity", |at| {
		MinStakePerCapacity::set([0, 1, *MIN_STAKE_PER_CAPACITY.end(), u32::MAX][at])
	}),
	("SlashPoints", |at| SlashPoints::set([0, 1, *SLASH_POINTS.end(), u32::MAX][at])),
	("SlashMultiplier", |at| SlashMultiplier::set([0, 1, *SLASH_MULTIPLIER.end(), u32::MAX][at])),
	("EjectionThreshold", |at| {
		EjectionThreshold::set([0, 1, *EJECTION_THRESHOLD.end(), u32::MAX][at])
	}),
];

/// Returns the governed values of the rollup and of the pool.
pub(super) fn all_parameters() -> Vec<Parameter> {
	[&ROLLUP[..], &POOL[..]].concat()
}

/// Sets all governed values to those of the tests.
fn reset() {
	MinFeePerGas::set(10);
	MinProofWindow::set(WINDOW);
	CooldownSeconds::set(COOLDOWN);
	RescuerShare::set(4_000);
	ExitPeriod::set(7 * DAY);
	MinChangeDelay::set(60);
	MinCapacity::set(5);
	MinStakePerCapacity::set(10_000);
	SlashPoints::set(25);
	SlashMultiplier::set(4);
	EjectionThreshold::set(5_000);
}

/// Runs `test` with each parameter at each extreme, and with each pair of them. Returns the number
/// of runs.
pub(super) fn at_all_extremes(parameters: &[Parameter], mut test: impl FnMut(&str)) -> usize {
	let settings: Vec<_> = (0..parameters.len())
		.flat_map(|index| (0..EXTREMES).map(move |at| (index, at)))
		.collect();
	let mut runs = 0;
	for (position, (first, first_at)) in settings.iter().enumerate() {
		for (second, second_at) in &settings[position..] {
			let is_single = (first, first_at) == (second, second_at);
			if first == second && !is_single {
				continue;
			}
			let name = format!(
				"{} {first_at}, {} {second_at}",
				parameters[*first].0, parameters[*second].0
			);
			runs += 1;
			reset();
			run_with(vec![(1, 100_000, FEE as u16, 10)], || {
				pass(60);
				parameters[*first].1(*first_at);
				parameters[*second].1(*second_at);
				next_block();
				test(&name);
			});
		}
	}
	reset();
	runs
}

/// Proves block 1 some chain blocks after its draw, and lets prover 1 miss block 2. Returns the
/// settlements.
fn live_through_a_miss(name: &str) -> Vec<Settlement> {
	let draw = |id| {
		propose();
		next_block();
		assert!(is_assigned(id), "{name}");
	};
	draw(1);
	for _ in 0..8 {
		next_block();
		assert!(is_assigned(1), "{name}: a certain slash");
	}
	assert_ok!(prove(1, 1));
	let proven_at = now();
	while now() < proven_at + 54 {
		assert_eq!(positions()[0], 0, "{name}: no time for an override");
		next_block();
	}
	draw(2);
	skip(9 * WINDOW + 1);
	assert!(is_missed(2), "{name}");
	assert_ok!(prove(RESCUER, 2));
	skip(MAX_COOLDOWN + 1);
	assert_eq!(positions(), [2; 4], "{name}: a stop");
	settlements()
}

/// Settlements in all settings of a test.
#[derive(Default)]
struct Lives {
	settled: usize,
	/// Slashes for the proven block.
	certain: usize,
	/// Slashes for the missed block.
	deserved: usize,
	slashed_at_most: Balance,
}

impl Lives {
	fn add(&mut self, settlements: &[Settlement]) {
		for settled in settlements {
			self.settled += 1;
			self.certain += usize::from(settled.block_id == 1 && settled.slashed > 0);
			self.deserved += usize::from(settled.block_id == 2 && settled.slashed > 0);
			self.slashed_at_most = self.slashed_at_most.max(settled.slashed);
		}
	}

	/// Checks that in each of `runs` settings both blocks were settled, and the missed one alone
	/// was slashed for.
	fn assert_harmless(&self, runs: usize, values: &str) {
		println!(
			"attack 11: {runs} settings of {values}: {} slashes for {runs} proven blocks, {} for \
			 {runs} missed ones of at most {} tokens, {} of {} blocks not settled",
			self.certain,
			self.deserved,
			tokens(self.slashed_at_most),
			2 * runs - self.settled,
			2 * runs,
		);
		assert_eq!((self.settled, self.certain, self.deserved), (2 * runs, 0, runs));
	}
}

#[test]
fn governed_values_of_the_rollup_at_their_extremes_neither_stop_nor_slash() {
	let mut lives = Lives::default();
	let runs = at_all_extremes(&ROLLUP, |name| {
		let all = live_through_a_miss(name);
		let slashed: Balance = all.iter().map(|settled| settled.slashed).sum();
		assert_eq!(slashed, 250 * TOKEN, "{name}");
		lives.add(&all);
	});
	lives.assert_harmless(runs, "the rollup's governed values");
}

#[test]
fn governed_values_of_all_at_their_extremes_neither_stop_nor_slash_what_is_proven() {
	let mut lives = Lives::default();
	let runs = at_all_extremes(&all_parameters(), |name| lives.add(&live_through_a_miss(name)));
	lives.assert_harmless(runs, "all governed values");
}

#[test]
fn no_miss_takes_a_whole_stake_at_any_extreme() {
	let mut whole = vec![];
	let runs = at_all_extremes(&POOL, |name| {
		let before = held_stake(1);
		propose();
		next_block();
		skip(9 * WINDOW + 1);
		finish();
		let left = held_stake(1);
		if left * 2 < before {
			whole.push(format!("{name}: {} of {} left", tokens(left), tokens(before)));
		}
	});
	println!(
		"attack 11: {runs} settings of the pool's governed values: {} take most of a stake by one \
		 miss",
		whole.len()
	);
	assert!(whole.is_empty(), "{whole:#?}");
}

/// The price, the gas and `SlashMultiplier` are the highest, and the stake is the lowest.
#[test]
fn no_miss_takes_half_of_the_smallest_stake() {
	const GAS_LIMIT: u32 = 30_000_000;
	reset();
	MinCapacity::set(0);
	MinStakePerCapacity::set(0);
	SlashMultiplier::set(u32::MAX);
	let stake = *MIN_STAKE_PER_CAPACITY.start();
	run_with(vec![(1, stake, u16::MAX, 1)], || {
		crate::State::<Test>::mutate(|state| {
			state.fee = MovingAverage::new(FixedU128::from_u32(u16::MAX.into()));
		});
		assert_ok!(propose_as(PROPOSER, GAS_LIMIT, u32::MAX));
		next_block();
		skip(9 * WINDOW + 1);
		let transition = Transition { gas_used: GAS_LIMIT, ..next_transition() };
		assert_ok!(prove_as(RESCUER, RESCUER, 1, transition));
		skip(MAX_COOLDOWN + 1);
		let settled = settlements().remove(0);
		assert_eq!(settled.slashed, (settled.reward * 100).div_ceil(TOKEN) * TOKEN);
		println!(
			"attack 11: the most expensive miss takes {} of {stake} tokens",
			tokens(settled.slashed)
		);
		assert!(settled.slashed * 2 < Balance::from(stake) * TOKEN);
	});
	reset();
}

/// The average fee is rounded to 0. At the minimum fee the tolerance is not rounded to nothing, so
/// that prices of provers can raise the fee again.
#[test]
fn an_average_fee_below_one_stops_no_draw_and_no_reward_at_any_extreme() {
	let mut least = Balance::MAX;
	let runs = at_all_extremes(&ROLLUP, |name| {
		crate::State::<Test>::mutate(|state| {
			state.fee = MovingAverage::new(FixedU128::from_rational(4, 10));
		});
		propose_and_draw(1);
		assert_eq!(assigned(1), Some(1), "{name}");
		let drawn = block(1).unwrap();
		assert!(drawn.reward_per_gas > drawn.fee_per_gas || drawn.fee_per_gas > FEE, "{name}");
		assert_ok!(prove(1, 1));
		skip(MAX_COOLDOWN + 1);
		let settled = settlements().remove(0);
		assert!(settled.prover == Some(1) && settled.reward > 0, "{name}");
		least = least.min(settled.reward);
	});
	println!(
		"attack 11: {runs} settings of the rollup's governed values at an average fee of 0.4: each \
		 block assigned, its prover paid at least {least} units"
	);
}

/// The block is so expensive that the share alone bounds the bounty.
#[test]
fn no_bounty_is_the_whole_slash_at_any_extreme() {
	let mut most = 0;
	let runs = at_all_extremes(&[ROLLUP[3], POOL[4], POOL[5]], |name| {
		assert_ok!(propose_as(PROPOSER, 30_000_000, u32::MAX));
		next_block();
		skip(9 * WINDOW + 1);
		let transition = Transition { gas_used: 30_000_000, ..next_transition() };
		assert_ok!(prove_as(RESCUER, RESCUER, 1, transition));
		skip(COOLDOWN);
		let settled = settlements().remove(0);
		assert!(settled.bounty < settled.slashed, "{name}");
		most = most.max(settled.bounty * 10_000 / settled.slashed);
	});
	println!(
		"attack 11: {runs} settings of RescuerShare, SlashPoints and SlashMultiplier: a bounty is at \
		 most {} % of the slash",
		most as f64 / 100.0
	);
	assert_eq!(most, MAX_RESCUER_SHARE.into());
}
