// SPDX-License-Identifier: Apache-2.0

//! Tables in Markdown.

use crate::{
	contenders::{self, Contender, COMPUTATION, FUNCTIONS, MAP, POOL, REAL, SIZES},
	cost::{cost, ratio, Batch, Cost},
};
use anyhow::Result;
use std::fmt::Write;

/// What each function costs in pools of each size.
pub fn growth(batches: &[Batch]) -> Result<String> {
	let mut text = String::from(
		"What each function costs in pools of n places: the pool, which is one value of \
		 storage, and the map, a port of it with an entry for each prover. Times are the \
		 least of all runs, × is to 32 places, proofs are of the state that the benchmark made.\n",
	);
	for (function, what) in FUNCTIONS {
		let columns = "µs | × | reads | writes | proof bytes |";
		let line = "---:|".repeat(11);
		writeln!(text, "\n## `{function}`: {what}\n")?;
		writeln!(text, "| n | pool {columns} map {columns}\n|{line}")?;
		for (index, size) in (0..).zip(SIZES) {
			write!(text, "| {size} |")?;
			for pallet in [POOL, MAP] {
				let cost_at = |index| cost(batches, pallet, function, Some(index));
				write!(text, " {} |", cost_at(index)?.cells(cost_at(REAL)?))?;
			}
			writeln!(text)?;
		}
	}
	text += "\n## What `assign` weighs, with the prices of RocksDB for its reads and writes\n\n\
		 | n | pool µs | × | map µs | × |\n|---:|---:|---:|---:|---:|\n";
	for (index, size) in (0..).zip(SIZES) {
		write!(text, "| {size} |")?;
		for pallet in [POOL, MAP] {
			let weight_at = |index| cost(batches, pallet, "assign", Some(index)).map(Cost::weight);
			let (weight, real) = (weight_at(index)?, weight_at(REAL)?);
			write!(text, " {weight:.1} | {} |", ratio(weight, real))?;
		}
		writeln!(text)?;
	}
	text += "\n## What `assign` computes, without storage\n\n\
		 | n | usual numbers µs | × | largest numbers µs | × |\n|---:|---:|---:|---:|---:|\n";
	for (index, size) in (0..).zip(SIZES) {
		write!(text, "| {size} |")?;
		for numbers in ["usual", "largest"] {
			let time_at =
				|index| cost(batches, COMPUTATION, numbers, Some(index)).map(|cost| cost.time);
			let (time, real) = (time_at(index)?, time_at(REAL)?);
			write!(text, " {time:.1} | {} |", ratio(time, real))?;
		}
		writeln!(text)?;
	}
	Ok(text)
}

/// What the pool's functions cost beside others.
pub fn side_by_side(batches: &[Batch]) -> Result<String> {
	let mut text = String::from(
		"A pool of 32 places beside a port of it with an entry for each prover (the map), \
		 collator selection with 32 candidates, and a transfer. Times are the least of all runs, × \
		 is to the pool. The account that signs is not counted, as FRAME's benchmarks have \
		 it. The recipient of the transfer is new, which in this small state needs no proof of its \
		 own.\n\n\
		 | | µs | × | reads | writes | proof bytes | × |\n|---|---:|---:|---:|---:|---:|---:|\n",
	);
	for Contender { name, what, cost, pool } in contenders::side_by_side(batches)? {
		let name = what.map_or(name.clone(), |what| format!("**{name}**: {what}"));
		let proofs = ratio(cost.proof.into(), pool.proof.into());
		writeln!(text, "| {name} | {} | {proofs} |", cost.cells(pool))?;
	}
	Ok(text)
}
