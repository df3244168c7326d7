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
	let [made_by, folder, rounds @ ..] = &arguments[..] else {
		bail!("use: prover-pool-benchmarking FIRST-LINE FOLDER RESULTS.json...");
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
		fs::write(folder.join(name), format!("{made_by}\n\n{table}"))?;
	}
	Ok(())
}
