// SPDX-License-Identifier: Apache-2.0

//! Attack 11: governed values at their extremes, alone and in pairs.

use super::*;
use crate::rules::parameters::{MAX_COOLDOWN, MAX_RESCUER_SHARE, MIN_FEE_PER_GAS};
use frame_support::storage::with_storage_layer;
use pallet_prover_pool::parameters::{
	EJECTION_THRESHOLD, EXIT_PERIOD, MIN_CAPACITY, MIN_CHANGE_DELAY, MIN_STAKE_PER_CAPACITY,
	SLASH_MULTIPLIER, SLASH_POINTS,
};

/// Governed value: its name, and a function that sets it to one of its extremes.
type Parameter = (&'static str, fn(usize));

/// Number of extremes: 0, 1, the bound of what is effective, and the maximum of the type. The bound is
/// the upper one, or the lower one where the maximum of the type is effective.
const EXTREMES: usize = 4;

/// One day, in seconds.
const DAY: u64 = 24 * 60 * 60;
/// Stake of the tests' prover.
const STAKE: Balance = 100_000 * TOKEN;

const ROLLUP: [Parameter; 4] = [
	("MinFeePerGas", |at| MinFeePerGas::set([0, 1, MIN_FEE_PER_GAS, u16::MAX][at])),
	("MinProofWindow", |at| MinProofWindow::set([0, 1, MaxProofWindow::get(), u64::MAX][at])),
	("Cooldown", |at| CooldownSeconds::set([0, 1, MAX_COOLDOWN, u64::MAX][at])),
	("RescuerShare", |at| RescuerShare::set([0, 1, MAX_RESCUER_SHARE, u32::MAX][at])),
];

const POOL: [Parameter; 7] = [
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
fn all_parameters() -> Vec<Parameter> {
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
fn at_all_extremes(parameters: &[Parameter], mut test: impl FnMut(&str)) -> usize {
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

/// Lets time pass without chain blocks.
fn skip(seconds: u64) {
	crate::State::<Test>::mutate(|state| state.clock.elapsed += seconds * 1_000);
	next_block();
}

/// Proves block 1 in the chain block after its draw, and lets prover 1 miss block 2.
fn live_through_a_miss(name: &str) {
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
}

#[test]
fn governed_values_of_the_rollup_at_their_extremes_neither_stop_nor_slash() {
	let runs = at_all_extremes(&ROLLUP, |name| {
		live_through_a_miss(name);
		let slashed: Balance = settlements().iter().map(|settled| settled.slashed).sum();
		assert_eq!(slashed, 250 * TOKEN, "{name}");
	});
	println!(
		"attack 11: {runs} settings of the rollup's governed values: 0 certain slashes, 0 stops"
	);
}

#[test]
fn governed_values_of_all_at_their_extremes_neither_stop_nor_slash_what_is_proven() {
	let runs = at_all_extremes(&all_parameters(), live_through_a_miss);
	println!("attack 11: {runs} settings of all governed values: 0 certain slashes, 0 stops");
}

/// A prover with an unproven block tries to get its stake out before the slash is decided, by all
/// calls that the pool has for it.
fn try_to_leave(who: AccountId) {
	let origin = || RuntimeOrigin::signed(who);
	let _ = with_storage_layer(|| {
		let effective = ProverPool::parameters();
		let capacity = effective.min_capacity;
		let stake = effective.min_stake_per_capacity.saturating_mul(capacity.into());
		ProverPool::stake(origin(), stake, FEE as u16, capacity)
	});
	for _ in 0..3 {
		next_block();
		let _ = with_storage_layer(|| ProverPool::withdraw(origin()));
	}
	let _ = with_storage_layer(|| ProverPool::exit(origin()));
	for _ in 0..3 {
		next_block();
		let _ = with_storage_layer(|| ProverPool::withdraw(origin()));
	}
}

#[test]
fn no_stake_leaves_before_the_slash_at_any_extreme() {
	let mut early = vec![];
	let runs = at_all_extremes(&all_parameters(), |name| {
		propose();
		next_block();
		try_to_leave(1);
		let left = held_stake(1);
		if left < 99_000 * TOKEN {
			early.push(format!("{name}: {} tokens are left", tokens(left)));
		}
		skip(9 * WINDOW + 1);
		assert_ok!(prove(RESCUER, 1));
		skip(MAX_COOLDOWN + 1);
		assert_eq!(positions(), [1; 4], "{name}: a stop");
	});
	println!(
		"attack 11: {runs} settings of all governed values: {} stakes leave early",
		early.len()
	);
	assert!(early.is_empty(), "{early:#?}");
}

/// The exit waits for the window, for a rescue beyond the longest exit period, and for the cooldown.
#[test]
fn no_exit_is_paid_before_the_slash_at_any_extreme() {
	let withdraw = || with_storage_layer(|| ProverPool::withdraw(RuntimeOrigin::signed(1)));
	let runs = at_all_extremes(&all_parameters(), |name| {
		skip(DAY);
		propose();
		next_block();
		assert_ok!(ProverPool::exit(RuntimeOrigin::signed(1)));
		for seconds in [9 * WINDOW + 1, *EXIT_PERIOD.end() + 1] {
			assert!(withdraw().is_err(), "{name}");
			skip(seconds);
		}
		assert!(is_missed(1) && withdraw().is_err(), "{name}");
		assert_ok!(prove(RESCUER, 1));
		let proven_at = now();
		while now() < proven_at + 54 {
			next_block();
			assert!(withdraw().is_err(), "{name}");
		}
		assert_eq!(held_stake(1), STAKE, "{name}");
		events();
		skip(MAX_COOLDOWN + 1);
		let slashed: Balance = settlements().iter().map(|settled| settled.slashed).sum();
		assert!(slashed >= TOKEN, "{name}");
		assert_eq!(held_stake(1), STAKE - slashed, "{name}");
		assert_ok!(withdraw());
		assert_eq!(held_stake(1), 0, "{name}");
	});
	println!("attack 11: {runs} settings of all governed values: 0 exits are paid early");
}

#[test]
fn every_stake_can_leave_within_sixty_one_days_at_any_extreme() {
	let mut locked = vec![];
	let runs = at_all_extremes(&POOL, |name| {
		skip(DAY);
		let _ = with_storage_layer(|| ProverPool::exit(RuntimeOrigin::signed(1)));
		skip(60 * DAY + 1);
		if with_storage_layer(|| ProverPool::withdraw(RuntimeOrigin::signed(1))).is_err() {
			locked.push(name.to_string());
		}
	});
	println!(
		"attack 11: {runs} settings of the pool's governed values: {} lock a stake for ever",
		locked.len()
	);
	assert!(locked.is_empty(), "{locked:#?}");
}

fn held_stake(who: AccountId) -> Balance {
	use frame_support::traits::fungible::InspectHold as _;
	Balances::balance_on_hold(&pallet_prover_pool::HoldReason::Stake.into(), &who)
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
			state.fee = crate::rules::economy::MovingAverage::new(sp_runtime::FixedU128::from_u32(
				u16::MAX.into(),
			));
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
