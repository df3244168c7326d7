// SPDX-License-Identifier: Apache-2.0

//! Makes tables and a picture of what `frame-omni-bencher` measured on the comparison runtime.

use anyhow::{bail, Context, Result};
use plotters::{coord::Shift, prelude::*};
use serde::Deserialize;
use std::{fmt::Write, fs, path::Path};

/// How many places the pools have at each value of the component, as in the comparison runtime's
/// `growth::SIZES`.
const SIZES: [u32; 6] = [1, 8, 32, 128, 512, 1_024];
/// Which of them is the size of a real pool, by index.
const REAL: u32 = 2;
/// The pool and the baseline, by the names that the comparison runtime gives to their benchmarks.
const POOL: &str = "prover_pool";
const MAP: &str = "prover_map";
/// What an assignment computes, by the same.
const COMPUTATION: &str = "prover_computation";

/// What is measured of both.
const FUNCTIONS: [(&str, &str); 6] = [
	("enter", "takes the last empty place"),
	("stake", "replaces the smallest member; pays two exits"),
	("exit", "leaves; pays an exit"),
	("assign", "draws a prover"),
	("release", "gives the capacity of a block back"),
	("slash", "slashes and ejects; pays an exit"),
];

/// What stands beside a function of the pool: pallet and benchmark.
const BESIDE: [(&str, &str, &str); 4] = [
	(
		"enter",
		"pallet_collator_selection",
		"register_as_candidate",
	),
	("stake", "pallet_collator_selection", "take_candidate_slot"),
	("exit", "pallet_collator_selection", "leave_intent"),
	("assign", "pallet_balances", "transfer_allow_death"),
];

/// What the bencher writes by `--json-file`: one of these for each benchmark.
#[derive(Deserialize)]
struct Batch {
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

/// What a function costs: the median time in microseconds, storage accesses, and bytes of proof.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Cost {
	time: f64,
	reads: u32,
	writes: u32,
	proof: u32,
}

impl Cost {
	/// Cells of a table: the time, also as a ratio, and the rest.
	fn cells(self, to: Self) -> String {
		let times = ratio(self.time, to.time);
		let (reads, writes, proof) = (self.reads, self.writes, self.proof);
		format!("{:.1} | {times} | {reads} | {writes} | {proof}", self.time)
	}
}

/// The cost of a benchmark at `component`, or at its largest if that is `None`.
fn cost(batches: &[Batch], pallet: &str, name: &str, component: Option<u32>) -> Result<Cost> {
	let batch = batches
		.iter()
		.find(|batch| batch.pallet == pallet && batch.benchmark == name)
		.with_context(|| format!("{pallet}::{name} is not measured"))?;
	let component = component.or(batch.time_results.iter().map(Sample::component).max());
	let at = |sample: &&Sample| Some(sample.component()) == component;
	let mut times: Vec<_> = batch.time_results.iter().filter(at).collect();
	let counts: Vec<_> = batch.db_results.iter().filter(at).collect();
	if times.is_empty() || counts.is_empty() {
		bail!("{pallet}::{name} is not measured at {component:?}");
	}
	times.sort_by_key(|sample| sample.extrinsic_time);
	// The same one twice where their number is odd.
	let (low, high) = (times[(times.len() - 1) / 2], times[times.len() / 2]);
	let most = |value: fn(&Sample) -> u32| counts.iter().map(|sample| value(sample)).max();
	Ok(Cost {
		time: (low.extrinsic_time + high.extrinsic_time) as f64 / 2_000.0,
		reads: most(|sample| sample.reads).unwrap_or_default(),
		writes: most(|sample| sample.writes).unwrap_or_default(),
		proof: most(|sample| sample.proof_size).unwrap_or_default(),
	})
}

/// A ratio, as precise as it is read.
fn ratio(value: f64, to: f64) -> String {
	let decimals = if value < 10.0 * to { 2 } else { 0 };
	format!("{:.decimals$}", value / to)
}

fn growth(batches: &[Batch]) -> Result<String> {
	let mut text = String::from(
		"What each function costs in pools of n places: the pool, which is one value of \
		 storage, and the map, a port of it with an entry for each prover. Times are medians, × \
		 is to 32 places, proofs are of the state that the benchmark made.\n",
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

fn side_by_side(batches: &[Batch]) -> Result<String> {
	let mut text = String::from(
		"A pool of 32 places beside a port of it with an entry for each prover (the map), \
		 collator selection with 32 candidates, and a transfer. Times are medians, × is to the \
		 pool. The account that signs is not counted, as FRAME's benchmarks have it.\n\n\
		 | | µs | × | reads | writes | proof bytes | × |\n|---|---:|---:|---:|---:|---:|---:|\n",
	);
	for (function, what) in FUNCTIONS {
		let pool = cost(batches, POOL, function, Some(REAL))?;
		let mut row = |name: String, cost: Cost| {
			let proofs = ratio(cost.proof.into(), pool.proof.into());
			writeln!(text, "| {name} | {} | {proofs} |", cost.cells(pool))
		};
		row(format!("**pool** `{function}`: {what}"), pool)?;
		let map = cost(batches, MAP, function, Some(REAL))?;
		row(format!("map `{function}`"), map)?;
		for (_, pallet, name) in BESIDE.iter().filter(|beside| beside.0 == function) {
			row(
				format!("`{pallet}` `{name}`"),
				cost(batches, pallet, name, None)?,
			)?;
		}
	}
	Ok(text)
}

/// Time and proof over the number of places.
fn picture(batches: &[Batch], path: &Path) -> Result<()> {
	let area = SVGBackend::new(path, (1_400, 600)).into_drawing_area();
	area.fill(&WHITE)?;
	let (times, proofs) = area.split_horizontally(700);
	panel(batches, &times, "median time, µs", |cost| cost.time)?;
	panel(batches, &proofs, "proof, bytes", |cost| cost.proof.into())?;
	Ok(area.present()?)
}

fn panel(
	batches: &[Batch],
	area: &DrawingArea<SVGBackend, Shift>,
	title: &str,
	value: fn(Cost) -> f64,
) -> Result<()> {
	let line = |pallet: &str, function: &str| -> Result<Vec<(f64, f64)>> {
		let point = |(index, size): (u32, u32)| {
			// Nothing has no place on a logarithmic axis.
			let value = value(cost(batches, pallet, function, Some(index))?).max(0.1);
			Ok((size.into(), value))
		};
		(0..).zip(SIZES).map(point).collect()
	};
	let (mut least, mut most) = (f64::MAX, 0.0_f64);
	for (function, _) in FUNCTIONS {
		for (_, value) in [line(POOL, function)?, line(MAP, function)?].concat() {
			(least, most) = (least.min(value), most.max(value));
		}
	}
	let mut chart = ChartBuilder::on(area)
		.caption(
			format!("{title}: pool solid, map dashed"),
			("sans-serif", 20),
		)
		.margin(20)
		.x_label_area_size(40)
		.y_label_area_size(80)
		.build_cartesian_2d(
			(1.0..1_024.0).log_scale(),
			(least / 1.5..most * 1.5).log_scale(),
		)?;
	let whole = |value: &f64| format!("{value:.0}");
	let mut mesh = chart.configure_mesh();
	mesh.x_label_formatter(&whole).y_label_formatter(&whole);
	mesh.x_desc("places").draw()?;
	for (index, (function, _)) in FUNCTIONS.iter().enumerate() {
		let color = Palette99::pick(index).to_rgba();
		let solid = LineSeries::new(line(POOL, function)?, color.stroke_width(2));
		chart
			.draw_series(solid)?
			.label(*function)
			.legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], color));
		let dashed = DashedLineSeries::new(line(MAP, function)?, 6, 4, color.stroke_width(1));
		chart.draw_series(dashed)?;
	}
	let mut labels = chart.configure_series_labels();
	labels.position(SeriesLabelPosition::UpperLeft);
	labels.border_style(BLACK).background_style(WHITE).draw()?;
	Ok(())
}

/// The processor that this runs on, and how many cores of it.
fn machine() -> String {
	let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
	let mut lines = info.lines().filter_map(|line| line.split_once("\t: "));
	let model = lines.find(|(key, _)| *key == "model name");
	let model = model.map_or("an unknown processor", |(_, model)| model);
	let cores = std::thread::available_parallelism().map_or(1, usize::from);
	format!("{model}, {cores} cores")
}

fn main() -> Result<()> {
	let arguments: Vec<String> = std::env::args().skip(1).collect();
	let [report, json, folder, command] = &arguments[..] else {
		bail!("use: report growth|side-by-side RESULTS.json FOLDER COMMAND");
	};
	let batches: Vec<Batch> = serde_json::from_str(&fs::read_to_string(json)?)?;
	let folder = Path::new(folder);
	fs::create_dir_all(folder)?;
	let text = match &report[..] {
		"growth" => {
			picture(&batches, &folder.join("growth.svg"))?;
			growth(&batches)?
		}
		"side-by-side" => side_by_side(&batches)?,
		_ => bail!("there is no report {report:?}"),
	};
	let text = format!("Made by `{command}` on {}.\n\n{text}", machine());
	fs::write(folder.join(format!("{report}.md")), text)?;
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn medians_of_times_and_the_most_of_the_rest_are_taken() {
		let sample = |component: u32, time: u32, reads: u32| {
			format!(
				r#"{{"components": [["i", {component}]], "extrinsic_time": {time},
				"storage_root_time": 9, "reads": {reads}, "repeat_reads": 8, "writes": 1,
				"repeat_writes": 7, "proof_size": 700}}"#
			)
		};
		let times = [(0, 9_000), (0, 1_000), (0, 3_000), (5, 5_000), (5, 4_000)];
		let times = times
			.map(|(component, time)| sample(component, time, 0))
			.join(",");
		let counts = [(0, 4), (0, 3), (5, 6)];
		let counts = counts
			.map(|(component, reads)| sample(component, 0, reads))
			.join(",");
		let json = format!(
			r#"[{{"pallet": "prover_pool", "instance": "PoolGrowth", "benchmark": "assign",
			"time_results": [{times}], "db_results": [{counts}]}}]"#
		);
		let batches: Vec<Batch> = serde_json::from_str(&json).unwrap();
		let assign = |component| cost(&batches, POOL, "assign", component).ok();
		let expected = |time, reads| {
			Some(Cost {
				time,
				reads,
				writes: 1,
				proof: 700,
			})
		};
		assert_eq!(assign(Some(0)), expected(3.0, 4));
		assert_eq!(assign(None), expected(4.5, 6));
		assert_eq!(assign(Some(1)), None);
		assert!(cost(&batches, MAP, "assign", None).is_err());
	}
}
