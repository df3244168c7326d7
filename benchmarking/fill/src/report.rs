// SPDX-License-Identifier: Apache-2.0

//! What the measured blocks held, against what a block may hold.

use crate::{chain::At, load::Happened};
use anyhow::Result;
use scale_decode::DecodeAsType;
use std::time::Duration;
use subxt::{client::Block, dynamic, SubstrateConfig};

/// What is used by so many percent on the average has no room for another rollup block most of the
/// time.
const FULL: f64 = 90.0;

/// How many figures of a block, the last ones, tell how much of a limit is used.
const LIMITS: usize = 4;

/// A measured block.
pub struct Measured {
	pub block: Block<SubstrateConfig>,
	/// How long after the block before it was told of.
	pub wall: Duration,
	pub happened: Happened,
}

#[derive(DecodeAsType)]
struct Weight {
	ref_time: u64,
	proof_size: u64,
}

#[derive(DecodeAsType)]
struct PerClass<T> {
	normal: T,
	operational: T,
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
	/// Reads what is in the block. Only after the measurement: it would slow the node down.
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
		let (normal, did) = (&used.normal, self.happened);
		let most = weights.per_class.normal.max_total.as_ref().unwrap_or(&all);
		let most_length = lengths.max.normal.into();
		Ok(vec![
			("rollup blocks proposed", did.proposed as f64),
			("rollup blocks proven", did.proven as f64),
			("rollup blocks settled", did.settled as f64),
			("transactions that failed", did.failed as f64),
			("proposals left in the pool", did.proposals_left as f64),
			("proofs left in the pool", did.proofs_left as f64),
			("milliseconds since the last", self.wall.as_millis() as f64),
			("time, normal, % of a block", time(normal)),
			("time, operational, % of a block", time(&used.operational)),
			("time, mandatory, % of a block", time(&used.mandatory)),
			("proof, normal, % of a block", proof(normal)),
			("proof, operational, % of a block", proof(&used.operational)),
			("proof, mandatory, % of a block", proof(&used.mandatory)),
			("time that normal calls may use, %", percent(normal.ref_time, most.ref_time)),
			("proof that normal calls may use, %", percent(normal.proof_size, most.proof_size)),
			("length normal calls may have, %", percent(length as u64, most_length)),
			("settlements a block may make, %", percent(did.settled, most_settled.into())),
		])
	}
}

/// Prints what the blocks held on the average and at most, and what limits, as tables in Markdown.
pub async fn print(blocks: &[Measured]) -> Result<()> {
	let count = blocks.len() as f64;
	let mut figures = Vec::new();
	for block in blocks {
		figures.push(block.figures().await?);
	}
	println!("\n| of a block | mean | most |\n|---|---:|---:|");
	let mut limits = Vec::new();
	for (index, (name, _)) in figures[0].iter().enumerate() {
		let values = figures.iter().map(|figures| figures[index].1);
		let mean = values.clone().sum::<f64>() / count;
		let most = values.fold(0.0, f64::max);
		println!("| {name} | {mean:.1} | {most:.1} |");
		if index + LIMITS >= figures[0].len() && mean >= FULL {
			limits.push(*name);
		}
	}
	if limits.is_empty() {
		let filled = blocks.iter().all(|block| block.happened.proposals_left > 0);
		limits.push(if filled {
			"the node's time to make a block"
		} else {
			"this program: the transaction pool ran empty"
		});
	}
	let settled: u64 = blocks.iter().map(|block| block.happened.settled).sum();
	let wall: f64 = blocks.iter().map(|block| block.wall.as_secs_f64()).sum();
	println!("\n| | |\n|---|---|");
	println!("| rollup blocks settled in a second | {:.2} |", settled as f64 / wall);
	println!("| what limits | {} |", limits.join(", "));
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
