// SPDX-License-Identifier: Apache-2.0

//! What a benchmark costs, out of what `frame-omni-bencher` measured.

use anyhow::{Context, Result};
use serde::Deserialize;

/// What the bencher writes by `--json-file`: one of these for each benchmark.
#[derive(Deserialize)]
pub struct Batch {
	pallet: String,
	benchmark: String,
	/// Measured without tracking of the storage.
	time_results: Vec<Sample>,
	/// Measured with it.
	db_results: Vec<Sample>,
}

#[derive(Deserialize)]
struct Sample {
	components: Vec<(String, u32)>,
	extrinsic_time: u64,
	reads: u32,
	writes: u32,
	proof_size: u32,
}

impl Sample {
	/// The only component, 0 where there is none.
	fn component(&self) -> u32 {
		self.components.first().map_or(0, |(_, value)| *value)
	}
}

/// What a function costs: the least time in microseconds, since what disturbs a run only adds to it;
/// storage accesses, and bytes of proof.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Cost {
	pub time: f64,
	pub reads: u32,
	pub writes: u32,
	pub proof: u32,
}

/// Microseconds for which FRAME's `RocksDbWeight` counts a read and a write.
const READ: f64 = 25.0;
const WRITE: f64 = 100.0;

impl Cost {
	/// What all of it weighs in time, in microseconds: the prices of the database come to the time
	/// that was measured, in which the state was in memory.
	pub fn weight(self) -> f64 {
		self.time + READ * f64::from(self.reads) + WRITE * f64::from(self.writes)
	}

	/// Cells of a table: the time, also as a ratio, and the rest.
	pub fn cells(self, to: Self) -> String {
		let times = ratio(self.time, to.time);
		let (reads, writes, proof) = (self.reads, self.writes, self.proof);
		format!("{:.1} | {times} | {reads} | {writes} | {proof}", self.time)
	}
}

/// The cost of a benchmark at `component`, or at its largest if that is `None`, in all rounds.
pub fn cost(batches: &[Batch], pallet: &str, name: &str, component: Option<u32>) -> Result<Cost> {
	let rounds: Vec<_> = batches
		.iter()
		.filter(|batch| batch.pallet == pallet && batch.benchmark == name)
		.collect();
	let times = || rounds.iter().flat_map(|batch| &batch.time_results);
	let counts = || rounds.iter().flat_map(|batch| &batch.db_results);
	let component = component.or(times().map(Sample::component).max());
	let at = |sample: &&Sample| Some(sample.component()) == component;
	let most = |value: fn(&Sample) -> u32| counts().filter(at).map(value).max();
	let measured = || {
		Some(Cost {
			time: times().filter(at).map(|sample| sample.extrinsic_time).min()? as f64 / 1_000.0,
			reads: most(|sample| sample.reads)?,
			writes: most(|sample| sample.writes)?,
			proof: most(|sample| sample.proof_size)?,
		})
	};
	measured().with_context(|| format!("{pallet}::{name} is not measured at {component:?}"))
}

/// A ratio, as precise as it is read.
pub fn ratio(value: f64, to: f64) -> String {
	let decimals = if value < 10.0 * to { 2 } else { 0 };
	format!("{:.decimals$}", value / to)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_least_time_and_the_most_of_the_rest_are_taken_of_all_rounds() {
		let sample = |component: u32, time: u32, reads: u32| {
			format!(
				r#"{{"components": [["i", {component}]], "extrinsic_time": {time},
				"storage_root_time": 9, "reads": {reads}, "repeat_reads": 8, "writes": 1,
				"repeat_writes": 7, "proof_size": 700}}"#
			)
		};
		let times = [(0, 9_000), (0, 1_000), (0, 3_000), (5, 5_000)];
		let times = times.map(|(component, time)| sample(component, time, 0)).join(",");
		let counts = [(0, 4), (0, 3), (5, 6)];
		let counts = counts.map(|(component, reads)| sample(component, 0, reads)).join(",");
		let round = |times: &str, counts: &str| {
			format!(
				r#"{{"pallet": "prover_pool", "instance": "PoolGrowth", "benchmark": "assign",
				"time_results": [{times}], "db_results": [{counts}]}}"#
			)
		};
		let (first, second) = (round(&times, &counts), round(&sample(5, 4_500, 0), ""));
		let json = format!("[{first}, {second}]");
		let batches: Vec<Batch> = serde_json::from_str(&json).unwrap();
		let assign = |component| cost(&batches, "prover_pool", "assign", component).ok();
		let expected = |time, reads| Some(Cost { time, reads, writes: 1, proof: 700 });
		assert_eq!(assign(Some(0)), expected(1.0, 4));
		assert_eq!(expected(1.0, 4).map(Cost::weight), Some(201.0));
		assert_eq!(assign(None), expected(4.5, 6));
		assert_eq!(assign(Some(1)), None);
		assert!(cost(&batches, "prover_map", "assign", None).is_err());
	}
}
