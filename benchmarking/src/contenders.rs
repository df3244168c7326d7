// SPDX-License-Identifier: Apache-2.0

//! What is measured, by the names that the comparison runtime gives to it.

use crate::cost::{cost, Batch, Cost};
use anyhow::Result;

/// How many places the pools have at each value of the component. A copy of
/// `prover_pool_computation::SIZES`, on which this would have to compile the SDK.
pub const SIZES: [u32; 6] = [1, 8, 32, 128, 512, 1_024];
/// Which of them is the size of a real pool, by index.
pub const REAL: u32 = 2;
/// The pool and the baseline, by the names that the comparison runtime gives to their benchmarks.
pub const POOL: &str = "prover_pool";
pub const MAP: &str = "prover_map";
/// What an assignment computes, by the same.
pub const COMPUTATION: &str = "prover_computation";

/// What is measured of both.
pub const FUNCTIONS: [(&str, &str); 6] = [
	("enter", "takes the last empty place"),
	("stake", "replaces the smallest member; pays two exits"),
	("exit", "leaves; pays an exit"),
	("assign", "draws a prover"),
	("release", "gives the capacity of a block back"),
	("slash", "slashes and ejects; pays an exit"),
];

/// What stands beside a function of the pool: pallet and benchmark.
const BESIDE: [(&str, &str, &str); 4] = [
	("enter", "pallet_collator_selection", "register_as_candidate"),
	("stake", "pallet_collator_selection", "take_candidate_slot"),
	("exit", "pallet_collator_selection", "leave_intent"),
	("assign", "pallet_balances", "transfer_allow_death"),
];

/// A function of the pool in its real size, or what stands beside it.
pub struct Contender {
	/// Where it is from, and its name there.
	pub name: String,
	/// What it does, if it is the pool's.
	pub what: Option<&'static str>,
	pub cost: Cost,
	/// What the pool's function costs.
	pub pool: Cost,
}

/// Each function of the pool, and after it what stands beside it.
pub fn side_by_side(batches: &[Batch]) -> Result<Vec<Contender>> {
	let mut contenders = Vec::new();
	for (function, what) in FUNCTIONS {
		let pool = cost(batches, POOL, function, Some(REAL))?;
		let mut add = |name, what, cost| contenders.push(Contender { name, what, cost, pool });
		add(format!("pool {function}"), Some(what), pool);
		let map = cost(batches, MAP, function, Some(REAL))?;
		add(format!("map {function}"), None, map);
		for (_, pallet, name) in BESIDE.iter().filter(|beside| beside.0 == function) {
			let cost = cost(batches, pallet, name, None)?;
			add(format!("{pallet} {name}"), None, cost);
		}
	}
	Ok(contenders)
}
