// SPDX-License-Identifier: Apache-2.0

//! Attack 11: governed values at their extremes, alone and in pairs.

use super::*;
use crate::rules::parameters::{MAX_COOLDOWN, MAX_RESCUER_SHARE};
use frame_support::storage::with_storage_layer;

/// Governed value: its name, and a function that sets it to one of its extremes.
type Parameter = (&'static str, fn(usize));

/// Number of extremes: 0, 1, the bound of what is effective, and the maximum of the type.
const EXTREMES: usize = 4;

const ROLLUP: [Parameter; 4] = [
	("MinFeePerGas", |at| MinFeePerGas::set([0, 1, 40_000, u16::MAX][at])),
	("MinProofWindow", |at| MinProofWindow::set([0, 1, 9 * WINDOW, u64::MAX][at])),
	("Cooldown", |at| CooldownSeconds::set([0, 1, MAX_COOLDOWN, u64::MAX][at])),
	("RescuerShare", |at| RescuerShare::set([0, 1, MAX_RESCUER_SHARE, u32::MAX][at])),
];

const POOL: [Parameter; 7] = [
	("ExitPeriod", |at| ExitPeriod::set([0, 1, 7 * 24 * 60 * 60, u64::MAX][at])),
	("MinChangeDelay", |at| MinChangeDelay::set([0, 1, 60 * 60, u64::MAX][at])),
	("MinCapacity", |at| MinCapacity::set([0, 1, 5, u16::MAX][at])),
	("MinStakePerCapacity", |at| MinStakePerCapacity::set([0, 1, 10_000, u32::MAX][at])),
	("SlashPoints", |at| SlashPoints::set([0, 1, 10_000, u32::MAX][at])),
	("SlashMultiplier", |at| SlashMultiplier::set([0, 1, 100, u32::MAX][at])),
	("EjectionThreshold", |at| EjectionThreshold::set([0, 1, 10_000, u32::MAX][at])),
];

/// Sets all governed values to those of the tests.
fn reset() {
	MinFeePerGas::set(10);
	MinProofWindow::set(WINDOW);
	CooldownSeconds::set(COOLDOWN);
	RescuerShare::set(4_000);
	ExitPeriod::set(7 * 24 * 60 * 60);
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
	let all = [&ROLLUP[..], &POOL[..]].concat();
	let runs = at_all_extremes(&all, live_through_a_miss);
	println!("attack 11: {runs} settings of all governed values: 0 certain slashes, 0 stops");
}

/// A prover with a miss tries to get its stake out before the slash is decided, by all calls that
/// the pool has for it.
fn try_to_leave(who: AccountId) {
	let origin = || RuntimeOrigin::signed(who);
	let _ = with_storage_layer(|| {
		let capacity = MinCapacity::get().max(1);
		let stake = MinStakePerCapacity::get().saturating_mul(capacity.into()).max(1);
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
	let runs = at_all_extremes(&POOL, |name| {
		propose();
		next_block();
		try_to_leave(1);
		let left = held_stake(1);
		if left < 99_000 * TOKEN {
			early.push(format!("{name}: {} tokens are left", tokens(left)));
		}
		skip(9 * WINDOW + 1);
		finish();
	});
	println!(
		"attack 11: {runs} settings of the pool's governed values: {} stakes leave early",
		early.len()
	);
	assert!(early.is_empty(), "{early:#?}");
}

#[test]
fn every_stake_can_leave_within_sixty_one_days_at_any_extreme() {
	let mut locked = vec![];
	let days = |days: u64| days * 24 * 60 * 60;
	let runs = at_all_extremes(&POOL, |name| {
		skip(days(1));
		let _ = with_storage_layer(|| ProverPool::exit(RuntimeOrigin::signed(1)));
		skip(days(60) + 1);
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
