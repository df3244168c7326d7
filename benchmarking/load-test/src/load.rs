// SPDX-License-Identifier: Apache-2.0

//! Accounts that propose and prove, and the events that they follow.

use crate::chain::{Account, At, Node};
use anyhow::{bail, ensure, Context, Result};
use ark_bn254::Bn254;
use codec::Encode;
use pallet_groth16_verifier::simulator;
use prover_pool_primitives::{public_input, Statement, Transition};
use prover_pool_prover::chain::{
	events::{BlockAssigned, BlockProposed},
	Positions,
};
use scale_decode::DecodeAsType;
use std::collections::BTreeMap;
use subxt::{
	dynamic::{self, Value},
	utils::H256,
};

/// Accounts outside the pool, whose tokens are free for deposits and fees.
const PROPOSERS: [&str; 3] = ["//Bob", "//Alice//stash", "//Bob//stash"];
/// Members of the pool at genesis.
const MEMBERS: [&str; 2] = ["//Eve", "//Ferdie"];
const STAKERS: [&str; 4] = ["//Charlie", "//Dave", "//Charlie//stash", "//Dave//stash"];
/// Capacity of a staker, for nine of its ten million tokens.
const CAPACITY: u16 = 900;
const STAKE: u32 = 10_000 * CAPACITY as u32;
/// Price of a staker: the rollup's initial fee.
const PRICE: u16 = 10_000;
/// Maximum gas of a rollup block, all of which is used.
const GAS: u32 = 30_000_000;

/// Size of a rollup block's payload, in bytes.
const PAYLOAD_SIZE: usize = 10_000;
/// Number of proposals to keep in the transaction pool.
const QUEUE: u64 = 300;

/// Counts of one block.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
	pub proposed: u64,
	pub proven: u64,
	pub settled: u64,
	pub failed: u64,
	/// Proposals in the transaction pool after the block.
	pub proposals_left: u64,
	/// Proofs in the transaction pool after the block.
	pub proofs_left: u64,
}

/// Load: the accounts that submit transactions, and the rollup's progress.
pub struct Load {
	node: Node,
	max_unsettled: u64,
	proposers: Vec<Account>,
	provers: Vec<Account>,
	/// Blocks without an assigned prover.
	undrawn: BTreeMap<u64, BlockProposed>,
	first_state: H256,
	unsettled: u64,
}

#[derive(DecodeAsType)]
struct KeyAdded {
	version: u32,
}

impl Load {
	/// Prepares a new node: sets the minimum cooldown, adds and activates the simulator's key, and
	/// stakes.
	pub async fn set_up(node: Node, max_unsettled: u64) -> Result<Self> {
		let address = dynamic::storage::<(), Positions>("Rollup", "State");
		let positions = node.start.storage().fetch(address, ()).await?.decode()?;
		ensure!(positions.proposed == 0, "the rollup has blocks: start a new node");

		let sudo = Account::new(&node, "//Alice").await?;
		let mut key_version = None;
		for call in [set_cooldown(), add_key()] {
			let events = node.call(&sudo, dynamic::tx("Sudo", "sudo", vec![call])).await?;
			for event in events.iter() {
				let event = event?;
				if event.event_name() == "KeyAdded" {
					let added: KeyAdded = event.decode_fields_unchecked_as()?;
					key_version = Some(added.version);
				}
			}
		}
		let version = key_version.context("the verifying key was not added")?;
		let activate = dynamic::tx("Sudo", "sudo", vec![activate_key(version)]);
		node.call(&sudo, activate).await?;
		for path in STAKERS {
			let stake = dynamic::tx("ProverPool", "stake", (STAKE, PRICE, CAPACITY));
			let staker = Account::new(&node, path).await?;
			node.call(&staker, stake).await?;
		}

		Ok(Self {
			proposers: accounts(&node, &PROPOSERS).await?,
			provers: accounts(&node, &[&STAKERS[..], &MEMBERS].concat()).await?,
			node,
			max_unsettled,
			undrawn: BTreeMap::new(),
			first_state: positions.proven_root,
			unsettled: 0,
		})
	}

	/// Reads a block, proves its proposals and refills the transaction pool.
	pub async fn follow(&mut self, at: &At) -> Result<Counts> {
		let mut counts = Counts::default();
		let mut assigned: Vec<BlockAssigned> = Vec::new();
		for event in at.events().fetch().await?.iter() {
			let event = event?;
			match (event.pallet_name(), event.event_name()) {
				("Rollup", "BlockProposed") => {
					let block: BlockProposed = event.decode_fields_unchecked_as()?;
					self.undrawn.insert(block.block_id, block);
					counts.proposed += 1;
				},
				("Rollup", "BlockAssigned") => assigned.push(event.decode_fields_unchecked_as()?),
				("Rollup", "BlockOpened") => bail!("no prover was drawn: the pool is too small"),
				("Rollup", "BlockProven") => counts.proven += 1,
				("Rollup", "BlockSettled") => counts.settled += 1,
				("System", "ExtrinsicFailed") => counts.failed += 1,
				_ => {},
			}
		}
		counts.proposals_left = left(&self.proposers, at).await?;
		counts.proofs_left = left(&self.provers, at).await?;
		self.unsettled = self.unsettled + counts.proposed - counts.settled;

		for block in assigned {
			self.prove(block).await?;
		}
		self.propose(counts.proposals_left).await?;
		self.node.flush().await?;
		Ok(counts)
	}

	/// Refills the transaction pool, which has `waiting` proposals.
	async fn propose(&mut self, waiting: u64) -> Result<()> {
		let room = self.max_unsettled.saturating_sub(self.unsettled);
		let fields = (vec![7u8; PAYLOAD_SIZE], GAS, u32::MAX);
		let propose = dynamic::tx("Rollup", "propose_block", fields);
		for number in waiting..QUEUE.min(room) {
			let proposer = &mut self.proposers[number as usize % PROPOSERS.len()];
			self.node.send(proposer, &propose).await?;
		}
		Ok(())
	}

	/// Submits the proof of a rollup block, by its assigned prover.
	async fn prove(&mut self, assigned: BlockAssigned) -> Result<()> {
		let block = self.undrawn.remove(&assigned.block_id);
		let block = block.context("an unknown block was assigned")?;
		let is_assigned = |prover: &&mut Account| prover.id == assigned.prover;
		let prover = self
			.provers
			.iter_mut()
			.find(is_assigned)
			.context("a block was assigned to an unknown prover")?;
		let state_after = |block_id| match block_id {
			0 => self.first_state,
			_ => H256::from_low_u64_be(block_id),
		};
		let transition = Transition {
			parent_state_root: state_after(block.block_id - 1).0,
			state_root: state_after(block.block_id).0,
			gas_used: GAS,
		};
		let statement = Statement {
			chain: self.node.client.genesis_hash().0,
			block_id: block.block_id,
			payload_hash: block.payload_hash.0,
			payload_size: block.payload_size,
			gas_limit: block.gas_limit,
			transition,
			prover: prover.id.0,
		};
		let proof = simulator::encoded_proof::<Bn254>(public_input(&statement.encode()));
		let transition = (transition.parent_state_root, transition.state_root, GAS);
		let fields = (block.block_id, prover.id, transition, proof);
		let prove = dynamic::tx("Rollup", "prove_block", fields);
		self.node.send(prover, &prove).await
	}
}

async fn accounts(node: &Node, paths: &[&str]) -> Result<Vec<Account>> {
	let mut accounts = Vec::new();
	for path in paths {
		accounts.push(Account::new(node, path).await?);
	}
	Ok(accounts)
}

/// Returns the number of the accounts' transactions that are not in the chain after this block.
async fn left(accounts: &[Account], at: &At) -> Result<u64> {
	let mut left = 0;
	for account in accounts {
		left += account.next_nonce - at.tx().account_nonce(&account.id).await?;
	}
	Ok(left)
}

/// Returns the call that adds the simulator's verifying key.
fn add_key() -> Value {
	let key = simulator::encoded_key::<Bn254>();
	let call = Value::named_variant("add_key", [("key", Value::from_bytes(key))]);
	Value::unnamed_variant("Groth16Verifier", [call])
}

/// Returns the call that activates a verifying key.
fn activate_key(version: u32) -> Value {
	let version = [("version", Value::u128(version.into()))];
	Value::unnamed_variant("Groth16Verifier", [Value::named_variant("activate_key", version)])
}

/// Returns the call that sets the rollup's parameter `Cooldown` to 0, so that its minimum applies.
fn set_cooldown() -> Value {
	let zero = Value::unnamed_variant("Some", [Value::u128(0)]);
	let cooldown = Value::unnamed_variant("Cooldown", [Value::unnamed_composite([]), zero]);
	let key_value = Value::unnamed_variant("Rollup", [cooldown]);
	let call = Value::named_variant("set_parameter", [("key_value", key_value)]);
	Value::unnamed_variant("Parameters", [call])
}
