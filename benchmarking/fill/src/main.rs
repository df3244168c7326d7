// SPDX-License-Identifier: Apache-2.0

//! Fills a development node with rollup blocks and their proofs, and measures how many it carries.
//!
//! `make fill` starts a node for it.
//!
//! Nothing but the rollup is made up: signatures, the transaction pool, fees, draws, deposits and
//! the verification of proofs are what they are on any chain. Proofs are made by a key whose secret
//! is known, in a millisecond, so that provers never limit. The cooldown is set to 0.
//!
//! The program keeps proposals waiting, and has the drawn prover prove each block as soon as it is
//! proposed. Without `--unsettled` more is proposed than is ever settled. Weights are those that
//! the chain counted. Transactions have given back what they did not use, of proof size too, as the
//! node records each block's proof; settlement and closing windows, which are mandatory as inherents
//! are, count as declared. The node's log tells the size that the proof really has.
//! The length is that of all transactions, against what normal ones may have.
//!
//! The time since the block before is longer than `--dev-block-time` if the node needs longer to
//! make, execute and import a block. The node's log tells what making it took, "Prepared block for
//! proposing at 9 (1746 ms)", and why it was not made larger: `HitBlockWeightLimit`,
//! `HitBlockSizeLimit`, `HitDeadline` or `NoMoreTransactions`. The last may also mean that the node
//! lost transactions that it had taken: with its default kind of pool, and blocks that follow each
//! other without a pause, it does after a few full ones, and then nothing more is proven.

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
/// When the measurement has not started after so many blocks, it never will.
const PATIENCE: u64 = 200;

/// Fills a development node with rollup blocks and their proofs, and measures how many it carries
#[derive(Parser)]
struct Args {
	/// The node: one that was started for this measurement
	#[arg(default_value = "ws://127.0.0.1:9944")]
	url: String,

	/// How many blocks of the chain to measure
	#[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(2..))]
	blocks: u64,

	/// Size of a rollup block's payload, in bytes
	#[arg(long, default_value_t = 10_000)]
	payload_size: usize,

	/// How many proposals to keep in the node's transaction pool
	#[arg(long, default_value_t = 300)]
	queue: u64,

	/// How many rollup blocks may be under way before proposals are held back
	#[arg(long, default_value_t = 4_000)]
	unsettled: u64,
}

#[tokio::main]
async fn main() -> Result<()> {
	let args = Args::parse();
	let node = Node::connect(&args.url).await?;
	let blocks = args.blocks;
	let mut heads = node.heads().await?;
	let mut load = Load::set_up(node, args).await?;

	let (mut flowing, mut measured) = (0, Vec::new());
	let (mut before, first) = heads.recv().await.context("the node makes no blocks")?;
	load.follow(&first.at().await?).await?;
	for number in first.number() + 1.. {
		let (told_at, block) = heads.recv().await.context("the node is gone")?;
		ensure!(block.number() == number, "block {number} was replaced or left out");
		let happened = load.follow(&block.at().await?).await?;
		let wall = told_at - before;
		before = told_at;
		println!("{number} after {} ms: {happened:?}", wall.as_millis());

		if flowing < WARM_UP {
			let flows = happened.proposed.min(happened.proven).min(happened.settled) > 0;
			flowing = if flows { flowing + 1 } else { 0 };
			let patient = number < first.number() + PATIENCE;
			ensure!(patient, "there is no block with proposals, proofs and settlements");
			continue;
		}
		measured.push(Measured { block, wall, happened });
		if measured.len() as u64 == blocks {
			break;
		}
	}
	report::print(&measured).await
}
