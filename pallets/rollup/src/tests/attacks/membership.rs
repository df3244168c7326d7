// SPDX-License-Identifier: Apache-2.0

//! Attack 11: members that enter and that are ejected, with governed values at their extremes.

use super::{
	parameters::{at_all_extremes, POOL, STAKE},
	*,
};
use frame_support::traits::fungible::Mutate as _;
use pallet_prover_pool::Error as PoolError;
use prover_pool_primitives::ProverPool as _;

#[test]
fn a_new_account_can_stake_the_minimum_at_every_extreme() {
	const NEWCOMER: AccountId = 100;
	let (mut least, mut most) = (u32::MAX, 0);
	let runs = at_all_extremes(&POOL, |name| {
		let effective = ProverPool::parameters();
		let capacity = effective.min_capacity;
		let stake = effective.min_stake_per_capacity.checked_mul(capacity.into()).unwrap();
		let balance = Balance::from(stake) * TOKEN + ExistentialDeposit::get();
		assert_ok!(Balances::mint_into(&NEWCOMER, balance));
		let enter = |stake, capacity| {
			ProverPool::stake(RuntimeOrigin::signed(NEWCOMER), stake, FEE as u16, capacity)
		};
		assert_noop!(enter(stake - 1, capacity), PoolError::<Test>::InvalidParams);
		assert_noop!(enter(stake, capacity - 1), PoolError::<Test>::InvalidParams);
		assert_ok!(enter(stake, capacity));
		assert!(ProverPool::is_member(&NEWCOMER), "{name}");
		(least, most) = (least.min(stake), most.max(stake));
	});
	println!(
		"attack 11: {runs} settings of the pool's governed values: a new account enters with the \
		 minimum stake, from {least} to {most} tokens"
	);
}

/// The threshold is a part of the minimum stake for the capacity of 10, and at most all of it.
#[test]
fn a_miss_ejects_a_member_below_the_threshold_alone_at_any_extreme() {
	let mut ejected = 0;
	let runs = at_all_extremes(&POOL[2..], |name| {
		propose_and_draw(1);
		skip(9 * WINDOW + 1);
		assert_ok!(prove(RESCUER, 1));
		skip(COOLDOWN);
		let settled = settlements().remove(0);
		let min_stake = 10 * u128::from(MinStakePerCapacity::get().clamp(500, 1_000_000)) * TOKEN;
		let threshold = min_stake * u128::from(EjectionThreshold::get().min(10_000)) / 10_000;
		let stays = STAKE - settled.slashed >= threshold;
		assert_eq!(ProverPool::is_member(&1), stays, "{name}");
		assert_eq!(held_stake(1), STAKE - settled.slashed, "{name}");
		ejected += usize::from(!stays);
	});
	println!(
		"attack 11: {runs} settings of five of the pool's governed values: a miss ejects the member \
		 in {ejected} of them, in each by its stake below the threshold"
	);
	assert!(0 < ejected && ejected < runs);
}
