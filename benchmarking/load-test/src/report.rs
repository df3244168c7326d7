// SPDX-License-Identifier: Apache-2.0

//! Report of the measured blocks, relative to the limits of a block.

use crate::{chain::At, load::Counts};
use anyhow::Result;
use scale_decode::DecodeAsType;
use std::time::Duration;
use subxt::{client::Block, dynamic, SubstrateConfig};

/// Measured block.
pub struct Measured {
	pub block: Block<SubstrateConfig>,
	/// Time since the previous block.
	pub wall: Duration,
	pub counts: Counts,
}

#[derive(DecodeAsType)]
struct Weight {
	ref_time: u64,
	proof_size: u64,
}

#[derive(DecodeAsType)]
struct PerClass<T> {
	normal: T,
	mandatory: T,
}

#[derive(DecodeAsType)]
struct ClassLimits {
	max_total: Option<Weight>,
}

#[derive(DecodeAsType)]
struct BlockWeights {
	max_block: Weight,
	per_class: PerClass<ClassLimits>,
}

#[derive(DecodeAsType)]
struct BlockLength {
	max: PerClass<u32>,
}

impl Measured {
	/// Reads the block. Call it only after the measurement, because it slows down the node.
	async fn figures(&self) -> Result<Vec<(&'static str, f64)>> {
		let at = self.block.at().await?;
		let used: PerClass<Weight> = value(&at, "System", "BlockWeight").await?;
		let weights: BlockWeights = constant(&at, "System", "BlockWeights")?;
		let lengths: BlockLength = constant(&at, "System", "BlockLength")?;
		let most_settled: u32 = constant(&at, "Rollup", "MaxSettledPerBlock")?;
		let mut length = 0;
		for extrinsic in at.extrinsics().fetch().await?.iter() {
			length += extrinsic?.bytes().len();
		}
		let all = weights.max_block;
		let time = |used: &Weight| percent(used.ref_time, all.ref_time);
		let proof = |used: &Weight| percent(used.proof_size, all.proof_size);
		let (normal, counts) = (&used.normal, self.counts);
		let most = weights.per_class.normal.max_total.as_ref().unwrap_or(&all);
		let most_length = lengths.max.normal.into();
		Ok(vec![
			("rollup blocks proposed", counts.proposed as f64),
			("rollup blocks proven", counts.proven as f64),
			("rollup blocks settled", counts.settled as f64),
			("transactions that failed", counts.failed as f64),
			("proposals left in the pool", counts.proposals_left as f64),
			("proofs left in the pool", counts.proofs_left as f64),
			("milliseconds since the previous block", self.wall.as_millis() as f64),
			("time, normal, % of a block", time(normal)),
			("time, mandatory, % of a block", time(&used.mandatory)),
			("proof, normal, % of a block", proof(normal)),
			("proof, mandatory, % of a block", proof(&used.mandatory)),
			("time that normal calls may use, %", percent(normal.ref_time, most.ref_time)),
			("proof that normal calls may use, %", percent(normal.proof_size, most.proof_size)),
			("length that normal calls may have, %", percent(length as u64, most_length)),
			("maximum settlements of a block, %", percent(counts.settled, most_settled.into())),
		])
	}
}

/// Prints the mean and the maximum of each figure as a table in Markdown, and the rate of
/// settlements.
pub async fn print(blocks: &[Measured]) -> Result<()> {
	let mut figures = Vec::new();
	for block in blocks {
		figures.push(block.figures().await?);
	}
	println!("\n| of a block | mean | maximum |\n|---|---:|---:|");
	for (index, (name, _)) in figures[0].iter().enumerate() {
		let values = figures.iter().map(|figures| figures[index].1);
		let mean = values.clone().sum::<f64>() / blocks.len() as f64;
		println!("| {name} | {mean:.1} | {:.1} |", values.fold(0.0, f64::max));
	}
	let settled: u64 = blocks.iter().map(|block| block.counts.settled).sum();
	let wall: f64 = blocks.iter().map(|block| block.wall.as_secs_f64()).sum();
	println!("\n{:.2} rollup blocks settle per second.", settled as f64 / wall);
	Ok(())
}

fn percent(part: u64, all: u64) -> f64 {
	part as f64 * 100.0 / all as f64
}

fn constant<T: DecodeAsType>(at: &At, pallet: &str, name: &str) -> Result<T> {
	Ok(at.constants().entry(dynamic::constant::<T>(pallet, name))?)
}

async fn value<T: DecodeAsType>(at: &At, pallet: &str, name: &str) -> Result<T> {
	let address = dynamic::storage::<(), T>(pallet, name);
	Ok(at.storage().fetch(address, ()).await?.decode()?)
}
