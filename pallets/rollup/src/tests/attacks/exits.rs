// SPDX-License-Identifier: Apache-2.0

//! Attack 11: stakes that leave before the slash, with governed values at their extremes.

use super::{
	parameters::{all_parameters, at_all_extremes, DAY, POOL, STAKE},
	*,
};
use crate::rules::parameters::MAX_COOLDOWN;
use pallet_prover_pool::parameters::EXIT_PERIOD;

/// Takes what can leave by now out of the stake of prover 1, and returns it.
fn withdraw() -> Balance {
	let before = held_stake(1);
	let _ = with_storage_layer(|| ProverPool::withdraw(RuntimeOrigin::signed(1)));
	before - held_stake(1)
}

/// Makes a chain block at this time of the clock.
fn skip_to(time: u64) {
	skip(time - now() - BLOCK);
	assert_eq!(now(), time);
}

/// Tries to take stake out until the exit period has passed. Returns what leaves before that, and what
/// leaves then.
fn withdraw_around_the_exit_period() -> (Balance, Balance) {
	let mature_at = now() + ProverPool::parameters().exit_period;
	let mut early = 0;
	for _ in 0..3 {
		early += withdraw();
		next_block();
	}
	skip_to(mature_at);
	early += withdraw();
	next_block();
	assert!(now() > mature_at);
	(early, withdraw())
}

/// Lets prover 1 replace its stake by the minimum while blocks are outstanding, and withdraw.
/// Returns what left before and after the exit period, and the difference of the stakes.
///
/// The difference leaves unless more blocks are outstanding than the new capacity (rule 15).
fn leave_by_a_smaller_stake(name: &str) -> (Balance, Balance, Balance) {
	let capacity = ProverPool::parameters().min_capacity;
	let (stake, has_staked) = stake_the_minimum(1, FEE as u16);
	let minimum = Balance::from(stake) * TOKEN;
	let difference = match has_staked {
		Ok(()) => STAKE.saturating_sub(minimum),
		Err(error) => {
			// The minimum is all of the balance or more.
			assert!(minimum >= ENDOWMENT, "{name}: {error:?}");
			0
		},
	};
	let (early, left) = withdraw_around_the_exit_period();
	let may_leave = outstanding(1) <= capacity.into();
	assert_eq!(left, if may_leave { difference } else { 0 }, "{name}");
	assert!(held_stake(1) >= STAKE.min(minimum), "{name}");
	(early, left, difference)
}

/// Lets prover 1 leave the pool while blocks are outstanding. Nothing of its stake leaves.
fn leave_the_pool(name: &str) {
	let exit = || with_storage_layer(|| ProverPool::exit(RuntimeOrigin::signed(1)));
	if exit().is_err() {
		skip(DAY);
		assert_ok!(exit());
	}
	assert_eq!(withdraw_around_the_exit_period(), (0, 0), "{name}: with a block outstanding");
}

/// Settles the next block, which prover 1 missed, after its exit period. Returns the slash.
///
/// It is all that rule 27 gives, of the stake and of an exit that waits for outstanding blocks.
fn settle_a_miss(name: &str) -> Balance {
	let id = state().next();
	assert!(is_missed(id), "{name}");
	let (staker, slot) = ProverPool::get_staker(1);
	let exit = if staker.backlog > 0 { staker.exit_amount } else { 0 };
	let slashable = u128::from(slot.staked_amount + exit);
	events();
	assert_ok!(prove(RESCUER, id));
	skip(MAX_COOLDOWN + 1);
	assert_eq!(positions()[0], id, "{name}: a stop");
	let settled = settlements().pop().unwrap();
	let effective = ProverPool::parameters();
	let share = slashable * u128::from(effective.slash_points) / 10_000;
	let multiple = (settled.reward * u128::from(effective.slash_multiplier)).div_ceil(TOKEN);
	assert_eq!(settled.slashed, share.max(multiple).clamp(1, slashable) * TOKEN, "{name}");
	settled.slashed
}

/// Stakes that left before the slash, and slashes, in all settings of a test.
struct Leavers {
	early: Balance,
	/// Settings in which the difference to the smaller stake has to wait for the slash.
	held_back: usize,
	left_at_most: Balance,
	least_slash: Balance,
	largest_slash: Balance,
}

/// Lets prover 1 take out as much as it can, with as many blocks outstanding, at all extremes.
fn leave_at_all_extremes(blocks: u64, by_exit: bool) -> (usize, Leavers) {
	let mut all = Leavers {
		early: 0,
		held_back: 0,
		left_at_most: 0,
		least_slash: Balance::MAX,
		largest_slash: 0,
	};
	let runs = at_all_extremes(&all_parameters(), |name| {
		skip(DAY);
		propose_and_draw(blocks);
		assert_eq!(u64::from(outstanding(1)), blocks, "{name}");
		let (early, mut left, difference) = leave_by_a_smaller_stake(name);
		let on_hold = held_stake(1) + left;
		all.early += early;
		all.left_at_most = all.left_at_most.max(left);
		all.held_back += usize::from(left < difference);
		if by_exit {
			leave_the_pool(name);
		}
		skip(9 * WINDOW + 1);
		let mut slashed = 0;
		for _ in 0..blocks {
			assert_eq!(withdraw(), 0, "{name}");
			let slash = settle_a_miss(name);
			all.least_slash = all.least_slash.min(slash);
			all.largest_slash = all.largest_slash.max(slash);
			slashed += slash;
			if !by_exit && state().settled < blocks {
				// The new capacity can be that of the blocks that are left.
				left += withdraw();
				assert!(left <= difference, "{name}");
			}
		}
		assert_eq!(positions(), [blocks; 4], "{name}: a stop");
		assert_eq!(held_stake(1) + left + slashed, on_hold, "{name}");
	});
	(runs, all)
}

/// Prints what left in all settings, and checks that nothing left before the exit period.
fn report(runs: usize, all: &Leavers, case: &str) {
	println!(
		"attack 11: {runs} settings of all governed values, {case}: {} of {} tokens leave before the \
		 exit period, at most {} after it, and in {} settings none before the slash; slashed by all \
		 that the rule gives, {} to {} tokens a block",
		tokens(all.early),
		tokens(STAKE),
		tokens(all.left_at_most),
		all.held_back,
		tokens(all.least_slash),
		tokens(all.largest_slash),
	);
	assert_eq!(all.early, 0);
}

/// A prover stakes the minimum, takes the difference out, and leaves the pool.
#[test]
fn no_stake_leaves_before_the_slash_at_any_extreme() {
	let (runs, all) = leave_at_all_extremes(1, true);
	report(runs, &all, "a block of a member that stakes less and then exits");
	assert_eq!((all.left_at_most, all.held_back), (STAKE - 500 * TOKEN, 0));
}

/// Rule 15: the stake of a member stands for the blocks within its capacity.
#[test]
fn a_member_takes_out_no_more_than_it_stakes_less_at_any_extreme() {
	let (runs, all) = leave_at_all_extremes(1, false);
	report(runs, &all, "a block of a member that stakes less");
	assert_eq!((all.left_at_most, all.held_back), (STAKE - 500 * TOKEN, 0));
}

/// With a capacity of 1 nothing leaves, with a larger one the difference.
#[test]
fn a_member_with_more_blocks_than_its_capacity_takes_nothing_out_at_any_extreme() {
	let (runs, all) = leave_at_all_extremes(2, false);
	report(runs, &all, "two blocks of a member that stakes less");
	assert!(0 < all.held_back && all.left_at_most < STAKE - 500 * TOKEN);
}

/// The exit waits for the window, for a rescue beyond the longest exit period, and for the cooldown.
#[test]
fn no_exit_is_paid_before_the_slash_at_any_extreme() {
	let mut early = 0;
	let runs = at_all_extremes(&all_parameters(), |name| {
		let mut wait = |seconds| {
			early += withdraw();
			skip(seconds);
		};
		skip(DAY);
		propose_and_draw(1);
		assert_ok!(ProverPool::exit(RuntimeOrigin::signed(1)));
		wait(9 * WINDOW + 1);
		wait(*EXIT_PERIOD.end() + 1);
		assert!(is_missed(1), "{name}");
		wait(0);
		assert_ok!(prove(RESCUER, 1));
		let proven_at = now();
		while now() < proven_at + 54 {
			wait(0);
		}
		early += withdraw();
		assert_eq!(held_stake(1), STAKE, "{name}");
		events();
		skip(MAX_COOLDOWN + 1);
		let slashed: Balance = settlements().iter().map(|settled| settled.slashed).sum();
		assert!(slashed >= TOKEN, "{name}");
		assert_eq!(held_stake(1), STAKE - slashed, "{name}");
		assert_eq!(withdraw(), STAKE - slashed, "{name}");
	});
	println!(
		"attack 11: {runs} settings of all governed values: {} tokens of exits are paid early",
		tokens(early)
	);
	assert_eq!(early, 0);
}

#[test]
fn every_stake_can_leave_within_sixty_one_days_at_any_extreme() {
	let mut locked = vec![];
	let runs = at_all_extremes(&POOL, |name| {
		skip(DAY);
		let _ = with_storage_layer(|| ProverPool::exit(RuntimeOrigin::signed(1)));
		skip(60 * DAY + 1);
		if withdraw() != STAKE {
			locked.push(name.to_string());
		}
	});
	println!(
		"attack 11: {runs} settings of the pool's governed values: {} lock a stake for ever",
		locked.len()
	);
	assert!(locked.is_empty(), "{locked:#?}");
}
