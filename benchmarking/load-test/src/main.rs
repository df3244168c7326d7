// SPDX-License-Identifier: Apache-2.0

//! Load test: fills a development node with rollup blocks and their proofs, and measures its
//! blocks. `scripts/test-long/load.sh` starts the node.
//!
//! Only the rollup is simulated. Signatures, the transaction pool, fees, draws, deposits and the
//! verification of proofs are real. A key with a known secret generates proofs in a millisecond, so
//! that provers are no bottleneck. The cooldown is its minimum.
//!
//! The program keeps the transaction pool full of proposals, and the assigned provers prove each
//! drawn block. Weights are those that the chain counts: without reclaimed weight of transactions,
//! and with the declared weight of hooks.
//!
//! The node's log has the time of making each block, and the limit of its size:
//! `HitBlockWeightLimit`, `HitBlockSizeLimit`, `HitDeadline` or `NoMoreTransactions`. With the
//! default transaction pool and blocks without a pause, the last may also mean that the node lost
//! accepted transactions.

mod chain;
mod load;
mod report;

use anyhow::{ensure, Context, Result};
use chain::Node;
use clap::Parser;
use load::Load;
use report::Measured;

/// Blocks in a row with proposals, proofs and settlements before the measurement starts.
const WARM_UP: u32 = 5;
/// Maximum number of blocks before the measurement starts.
const PATIENCE: u64 = 200;

/// Fills a development node with rollup blocks and their proofs, and measures its blocks
#[derive(Parser)]
struct Args {
	/// URL of a new node
	#[arg(default_value = "ws://127.0.0.1:9944")]
	url: String,

	/// Number of measured blocks
	#[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(2..))]
	blocks: u64,

	/// Maximum number of unsettled rollup blocks
	#[arg(long, default_value_t = 4_000)]
	unsettled: u64,
}

#[tokio::main]
async fn main() -> Result<()> {
	let args = Args::parse();
	let node = Node::connect(&args.url).await?;
	let mut heads = node.heads().await?;
	let mut load = Load::set_up(node, args.unsettled).await?;

	let (mut flowing, mut measured) = (0, Vec::new());
	let (mut before, first) = heads.recv().await.context("the block subscription ended")?;
	load.follow(&first.at().await?).await?;
	for number in first.number() + 1.. {
		let (seen_at, block) = heads.recv().await.context("the block subscription ended")?;
		ensure!(block.number() == number, "block {number} was replaced or skipped");
		let counts = load.follow(&block.at().await?).await?;
		let wall = seen_at - before;
		before = seen_at;
		println!("{number} after {} ms: {counts:?}", wall.as_millis());

		if flowing < WARM_UP {
			let flows = counts.proposed.min(counts.proven).min(counts.settled) > 0;
			flowing = if flows { flowing + 1 } else { 0 };
			let patient = number < first.number() + PATIENCE;
			ensure!(patient, "no block has proposals, proofs and settlements");
			continue;
		}
		measured.push(Measured { block, wall, counts });
		if measured.len() as u64 == args.blocks {
			break;
		}
	}
	report::print(&measured).await
}
