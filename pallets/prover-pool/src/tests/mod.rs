// SPDX-License-Identifier: Apache-2.0

//! One file a subject; each test names the rule that it holds.

mod capacity;
mod config;
mod drawing;
mod genesis;
mod invariants;
mod leaving;
mod model;
mod money;
mod parameters;
mod reads;
mod slashing;
mod staking;

use crate::mock::*;
use frame_support::assert_ok;

/// Enters `who` with the minimum stake, leaves as soon as possible, and waits for `seconds`.
fn leave_and_wait(who: AccountId, seconds: u64) {
	assert_ok!(stake(who, MIN_STAKE, 10, 128));
	pass(DELAY_SECONDS);
	assert_ok!(exit(who));
	pass(seconds);
}

/// Makes `who` a member with the minimum stake and 100 tokens in exit, and waits for `seconds`.
fn keep_minimum_and_wait(who: AccountId, seconds: u64) {
	assert_ok!(stake(who, MIN_STAKE + 100, 10, 128));
	pass(DELAY_SECONDS);
	assert_ok!(stake(who, MIN_STAKE, 10, 128));
	pass(seconds);
}

/// Fills the pool: account `n` in slot `n`, with [`MIN_STAKE`] plus `n` tokens.
fn fill_pool() {
	for who in 1..=u64::from(MaxProvers::get()) {
		assert_ok!(stake(who, MIN_STAKE + who as u32, 10, 128));
	}
	events();
}
