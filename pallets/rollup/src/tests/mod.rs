// SPDX-License-Identifier: Apache-2.0

use crate::{mock::*, BlockStatus, OpenReason, Phase};
use frame_support::{assert_noop, assert_ok, pallet_prelude::Pays};

mod attacks;
mod averages;
mod clock;
mod config;
mod draw;
mod invariants;
mod keys;
mod lane;
mod migrating;
mod miss;
mod model;
mod model_runs;
mod overrides;
mod pause;
mod propose;
mod prove;
mod proven;
mod rules;
mod settle;
mod views;

/// Returns the blocks of the settlements among the events since the last call.
fn settled() -> Vec<u64> {
	filter(|event| match event {
		Event::BlockSettled { block_id, .. } => Some(block_id),
		_ => None,
	})
}

/// Returns the blocks of the misses among the events since the last call.
fn missed() -> Vec<u64> {
	filter(|event| match event {
		Event::AssignmentMissed { block_id, .. } => Some(block_id),
		_ => None,
	})
}

/// Returns the blocks that were proven among the events since the last call.
fn proven() -> Vec<u64> {
	filter(|event| match event {
		Event::BlockProven { block_id, .. } => Some(block_id),
		_ => None,
	})
}

/// Returns the blocks that were opened, with the cause, among the events since the last call.
fn opened() -> Vec<(u64, OpenReason)> {
	filter(|event| match event {
		Event::BlockOpened { block_id, reason, .. } => Some((block_id, reason)),
		_ => None,
	})
}

fn filter<Item>(select: impl Fn(Event) -> Option<Item>) -> Vec<Item> {
	events().into_iter().filter_map(select).collect()
}
