// SPDX-License-Identifier: Apache-2.0

//! Chain blocks of a multi-block migration.

use crate::mock::{self, IsMigrating, Rollup, Test, Timestamp, BLOCK};
use frame_support::{storage::unhashed, traits::Hooks};

/// Ends a chain block in the middle of a migration.
pub fn end_migrating_block() {
	IsMigrating::set(true);
	Rollup::on_finalize(mock::System::block_number());
	IsMigrating::set(false);
}

/// Begins a chain block without `on_poll` and transactions.
pub fn begin_migrating_block() {
	mock::System::set_block_number(mock::System::block_number() + 1);
	Timestamp::set_timestamp((mock::time() + BLOCK) * 1_000);
}

/// Ends the chain block, and makes those of a migration. The last of them ends like any other.
///
/// Until then the state of the rollup has another layout, and the clock must not touch it.
pub fn migrate(chain_blocks: u64) {
	mock::end_block();
	let key = crate::State::<Test>::hashed_key();
	let state = unhashed::get_raw(&key).expect("the rollup has a state");
	let other_layout = [&[7], &state[..]].concat();
	unhashed::put_raw(&key, &other_layout);
	begin_migrating_block();
	for _ in 1..chain_blocks {
		end_migrating_block();
		let found = unhashed::get_raw(&key);
		assert_eq!(found.as_ref(), Some(&other_layout), "the clock wrote in a migration");
		begin_migrating_block();
	}
	unhashed::put_raw(&key, &state);
}
