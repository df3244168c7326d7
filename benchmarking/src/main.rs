// SPDX-License-Identifier: Apache-2.0

//! Makes tables and pictures of what `frame-omni-bencher` measured on the comparison runtime.

mod contenders;
mod cost;
mod pictures;
mod tables;

use anyhow::{bail, Result};
use cost::Batch;
use std::{fs, path::Path};

fn main() -> Result<()> {
	let arguments: Vec<String> = std::env::args().skip(1).collect();
	let [folder, rounds @ ..] = &arguments[..] else {
		bail!("use: prover-pool-benchmarking FOLDER RESULTS.json...");
	};
	let mut batches: Vec<Batch> = Vec::new();
	for json in rounds {
		batches.append(&mut serde_json::from_str(&fs::read_to_string(json)?)?);
	}
	let folder = Path::new(folder);
	fs::create_dir_all(folder)?;
	pictures::growth(&batches, &folder.join("growth.svg"))?;
	pictures::side_by_side(&batches, &folder.join("side-by-side.svg"))?;
	for (name, table) in [
		("growth.md", tables::growth(&batches)?),
		("side-by-side.md", tables::side_by_side(&batches)?),
	] {
		let text = format!("Made by `make compare` on {}.\n\n{table}", machine());
		fs::write(folder.join(name), text)?;
	}
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
