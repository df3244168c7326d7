// SPDX-License-Identifier: Apache-2.0

use crate::{mock::*, BlockState, BlockStatus, Error, Event, HoldReason, ProvenTransition};
use frame_support::{assert_noop, assert_ok};

mod config;
mod economy;
mod miss;
mod overriding;
mod propose;
mod prove;
mod random_runs;
mod reads;
mod settle;
mod weighing;

/// What the tests' proposer has on hold for a block at the price `FEE`.
const DEPOSIT: Balance = FEE as Balance * (GAS + BASE_GAS) as Balance;
/// What the tests' transitions cost at that price, when they are proven at once.
const REWARD: Balance = FEE as Balance * (GAS / 2 + BASE_GAS) as Balance;
/// What the tests' prover loses for its first miss, and the rescuer's share of it.
const SLASH: Balance = 250 * TOKEN;
const BOUNTY: Balance = 100 * TOKEN;

/// Only the ids of the settled blocks among the events since the last look at them.
fn settled() -> Vec<u64> {
	events()
		.into_iter()
		.filter_map(|event| match event {
			Event::BlockSettled { block_id, .. } => Some(block_id),
			_ => None,
		})
		.collect()
}

/// Only the ids of the blocks that were missed.
fn missed() -> Vec<u64> {
	events()
		.into_iter()
		.filter_map(|event| match event {
			Event::WindowClosed { block_id, .. } => Some(block_id),
			_ => None,
		})
		.collect()
}
