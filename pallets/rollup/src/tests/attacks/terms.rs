// SPDX-License-Identifier: Apache-2.0

//! Attack 5: terms of a miss, drawn at random.

use super::{rewards_of_misses::PROVER, *};
use proptest::prelude::*;

/// Stake and price of the assigned prover, and values of the governed parameters. They are also outside
/// of their ranges.
#[derive(Clone, Debug)]
pub(super) struct Terms {
	stake: u32,
	pub(super) price: u16,
	share: u32,
	slash_points: u32,
	slash_multiplier: u32,
	ejection_threshold: u32,
	min_fee: u16,
	window: u64,
	cooldown: u64,
	/// Values of the pool that decide when and by how much a prover can stake less or leave.
	exit_period: u64,
	min_change_delay: u64,
	min_capacity: u16,
	min_stake_per_capacity: u32,
	pub(super) way_out: WayOut,
}

/// Attempt of the assigned prover to have less slashed.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum WayOut {
	None,
	/// It stakes the minimum and takes the difference out.
	SmallerStake,
	/// It leaves the pool.
	Exit,
}

/// Returns small values, which are effective, as often as any others.
fn value(max: u32) -> impl Strategy<Value = u32> {
	prop_oneof![0..=max, any::<u32>()]
}

/// Returns short times as often as any others.
fn period(max: u64) -> impl Strategy<Value = u64> {
	prop_oneof![0..=max, any::<u64>()]
}

pub(super) fn terms() -> impl Strategy<Value = Terms> {
	let stake = prop_oneof![500..=1_000u32, 500..=9_000_000u32];
	let slash = (value(1_000), value(100), value(10_000));
	let times = (period(6_000), period(3_000_000), period(6_000_000), period(100_000));
	let capacity = prop_oneof![0..=10u16, any::<u16>()];
	let way_out = prop_oneof![Just(WayOut::None), Just(WayOut::SmallerStake), Just(WayOut::Exit)];
	let pool = (capacity, value(10_000), way_out);
	(stake, 1..=u16::MAX, value(9_000), slash, any::<u16>(), times, pool).prop_map(
		|(stake, price, share, slash, min_fee, times, pool)| Terms {
			stake,
			price,
			share,
			slash_points: slash.0,
			slash_multiplier: slash.1,
			ejection_threshold: slash.2,
			min_fee,
			window: times.0,
			cooldown: times.1,
			exit_period: times.2,
			min_change_delay: times.3,
			min_capacity: pool.0,
			min_stake_per_capacity: pool.1,
			way_out: pool.2,
		},
	)
}

/// Runs `test` on these terms, with one prover in the pool. It entered by the lowest minimum stake, and
/// stayed until it may change.
pub(super) fn run_on(terms: &Terms, test: impl FnOnce()) {
	MinCapacity::set(1);
	MinStakePerCapacity::set(500);
	RescuerShare::set(terms.share);
	SlashPoints::set(terms.slash_points);
	SlashMultiplier::set(terms.slash_multiplier);
	EjectionThreshold::set(terms.ejection_threshold);
	MinFeePerGas::set(terms.min_fee);
	MinProofWindow::set(terms.window);
	CooldownSeconds::set(terms.cooldown);
	ExitPeriod::set(terms.exit_period);
	MinChangeDelay::set(terms.min_change_delay);
	run_with(vec![(PROVER, terms.stake, terms.price, 1)], || {
		MinCapacity::set(terms.min_capacity);
		MinStakePerCapacity::set(terms.min_stake_per_capacity);
		skip(ProverPool::parameters().min_change_delay);
		test();
	});
}

/// Lets the assigned prover take what it can out of its stake before the slash. Returns `true` if it
/// staked less or left.
pub(super) fn take(way_out: WayOut, price: u16) -> bool {
	let origin = || RuntimeOrigin::signed(PROVER);
	let result = match way_out {
		WayOut::None => Ok(()),
		WayOut::SmallerStake => stake_the_minimum(PROVER, price).1,
		WayOut::Exit => with_storage_layer(|| ProverPool::exit(origin())),
	};
	skip(ProverPool::parameters().exit_period + 1);
	let _ = with_storage_layer(|| ProverPool::withdraw(origin()));
	way_out != WayOut::None && result.is_ok()
}
