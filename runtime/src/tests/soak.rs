// SPDX-License-Identifier: Apache-2.0

//! Soak test: rollup blocks at a constant rate for hours, and the weight of the chain's blocks.
//! `benchmarking/README.md` has the command and the results.
//!
//! Every transaction is signed, every proof is verified, and every block's storage proof is
//! recorded. The state has a million other accounts. Only the circuit is simulated: the proofs come
//! from a key with a known secret.

use super::chain::*;
use crate::{configs::RuntimeBlockWeights, genesis_config_presets::FEE_PER_GAS, *};
use ark_bn254::Bn254;
use codec::Encode;
use frame_support::{
	dispatch::{DispatchClass, GetDispatchInfo},
	traits::Get,
	weights::Weight,
};
use pallet_groth16_verifier::simulator;
use pallet_rollup::{Config, Event, Transition, WeightInfo as _};
use pallet_session::ShouldEndSession;
use prover_pool_primitives::{public_input, Hash, ProverPool as _, Statement};
use sp_core::{crypto::Pair as _, sr25519::Pair};
use sp_io::hashing::{blake2_256, sha2_256};
use sp_keyring::Sr25519Keyring::Alice;
use std::collections::VecDeque;

/// Size of a rollup block's payload, in bytes: a hundred transactions of a hundred bytes.
const PAYLOAD_SIZE: usize = 10_000;
const GAS: u32 = 30_000_000;
const HOUR: u64 = 60 * 60;
/// Number of provers, which fill the pool.
const PROVERS: u32 = 32;
/// Number of idle accounts, which make storage proofs as large as on a busy chain.
const OTHERS: u32 = 1_000_000;

/// Shares of a block's time and proof size, in percent, and bytes of its storage proof before
/// compression.
type Used = [f64; 3];

/// A rollup block that waits for its proof.
struct InFlight {
	block_id: u64,
	prover: Pair,
	drawn_at: u64,
}

/// A chain with a full pool.
struct Rollups {
	chain: Chain,
	provers: Vec<Pair>,
	proof_time: u64,
	in_flight: VecDeque<InFlight>,
	/// Proposals for which a block had no room.
	postponed: usize,
	now: u64,
}

fn state_root(block_id: u64) -> Hash {
	blake2_256(&block_id.encode())
}

fn provers() -> Vec<Pair> {
	let prover = |number| Pair::from_string(&format!("//Provers//{number}"), None);
	(0..PROVERS).map(|number| prover(number).expect("the path is valid")).collect()
}

impl Rollups {
	fn new(proposals: usize, proof_time: u64) -> Self {
		let in_flight = proposals as u64 * proof_time / BLOCK_TIME;
		// Draws are random. Twice the mean leaves every prover free capacity.
		let capacity = 2 * in_flight.div_ceil(PROVERS.into()) as u16;
		let stake = u32::from(capacity) * 10_000;
		let accounts: Vec<AccountId> =
			provers().iter().map(|prover| prover.public().into()).collect();
		let chain = Chain::with(|genesis| {
			let others = (0..OTHERS).map(|number| AccountId::from(blake2_256(&number.encode())));
			let balances = &mut genesis.balances.balances;
			balances.extend(others.map(|other| (other, constants::UNIT)));
			balances.extend(accounts.iter().map(|who| (who.clone(), 10_000_000 * constants::UNIT)));
			genesis.prover_pool.provers =
				accounts.into_iter().map(|who| (who, stake, FEE_PER_GAS, capacity)).collect();
			genesis.rollup.state_root = state_root(0).into();
			genesis.rollup.delay_per_gas = (proof_time * 1_000_000_000 / u64::from(GAS)) as u32;
			genesis.groth_16_verifier.key = Some(simulator::encoded_key::<Bn254>());
		});
		let in_flight = VecDeque::new();
		Self { chain, provers: provers(), proof_time, in_flight, postponed: 0, now: 0 }
	}

	/// Returns the finished proofs, each with the assigned prover.
	fn ready(&mut self) -> Vec<(Pair, RuntimeCall)> {
		let chain = self.chain.look(|| System::block_hash(0).0);
		let is_ready = |block: &InFlight| self.now - block.drawn_at >= self.proof_time;
		let count = self.in_flight.partition_point(is_ready);
		self.in_flight.drain(..count).map(|block| block.prove(chain)).collect()
	}

	/// Makes one block of this chain, with every finished proof and with `proposals`, all of which
	/// must succeed. Returns its usage, and the number of rollup blocks that it settled.
	///
	/// A block that changes the collators' session is declared full: it has no transactions, and
	/// counts as empty.
	fn step(&mut self, proposals: usize) -> (Used, u64) {
		let next = self.chain.look(System::block_number) + 1;
		let is_full =
			<Runtime as pallet_session::Config>::ShouldEndSession::should_end_session(next);
		self.postponed += proposals;
		let mut calls = vec![];
		if !is_full {
			calls = self.ready();
			let propose = (Alice.pair(), propose_payload(&[7; PAYLOAD_SIZE], GAS));
			calls.extend(vec![propose; core::mem::take(&mut self.postponed)]);
		}
		let (outcomes, hooks) = self.chain.block_by(calls);
		for outcome in outcomes {
			assert_eq!(outcome.result, Ok(()));
		}
		let mut settled = 0;
		for event in hooks {
			match event {
				RuntimeEvent::Rollup(Event::BlockSettled { .. }) => settled += 1,
				RuntimeEvent::Rollup(Event::BlockAssigned { block_id, prover, .. }) => {
					self.wait_for_proof(block_id, prover)
				},
				RuntimeEvent::Rollup(Event::BlockOpened { .. }) => panic!("the pool has room"),
				RuntimeEvent::Rollup(Event::AssignmentMissed { .. }) => {
					panic!("a block was missed")
				},
				_ => (),
			}
		}
		self.now += BLOCK_TIME;
		let weight = self.chain.look(|| System::block_weight().total());
		let limit = RuntimeBlockWeights::get().max_block;
		let share = |part: fn(&Weight) -> u64| part(&weight) as f64 * 100.0 / part(&limit) as f64;
		let bytes = self.chain.proof_size as f64;
		let used = [share(Weight::ref_time), share(Weight::proof_size), bytes];
		(if is_full { [0.0; 3] } else { used }, settled)
	}

	fn wait_for_proof(&mut self, block_id: u64, prover: AccountId) {
		let is_assigned = |pair: &&Pair| AccountId::from(pair.public()) == prover;
		let prover = self.provers.iter().find(is_assigned).expect("it is in the pool").clone();
		self.in_flight.push_back(InFlight { block_id, prover, drawn_at: self.now });
	}

	/// Makes blocks for `seconds`, with `proposals` in each. Returns the usage of each, the number
	/// of settlements, and the maximum number of unsettled rollup blocks.
	fn run(&mut self, seconds: u64, proposals: usize) -> (Vec<Used>, u64, u64) {
		let (mut blocks, mut settlements, mut most_unsettled) = (vec![], 0, 0);
		for _ in 0..seconds / BLOCK_TIME {
			let (used, settled) = self.step(proposals);
			let positions = self.chain.look(Rollup::positions);
			blocks.push(used);
			settlements += settled;
			most_unsettled = most_unsettled.max(positions.proposed - positions.settled);
		}
		self.chain.look(assert_invariants);
		(blocks, settlements, most_unsettled)
	}
}

impl InFlight {
	/// Returns the call by which the assigned prover proves the block.
	fn prove(self, chain: Hash) -> (Pair, RuntimeCall) {
		let transition = Transition {
			parent_state_root: state_root(self.block_id - 1),
			state_root: state_root(self.block_id),
			gas_used: GAS,
		};
		let statement = Statement {
			chain,
			block_id: self.block_id,
			payload_hash: sha2_256(&[7; PAYLOAD_SIZE]),
			payload_size: PAYLOAD_SIZE as u32,
			gas_limit: GAS,
			transition,
			prover: AccountId::from(self.prover.public()),
		};
		let proof = simulator::encoded_proof::<Bn254>(public_input(&statement.encode()));
		let call = pallet_rollup::Call::prove_block {
			block_id: self.block_id,
			prover: statement.prover,
			transition,
			proof: proof.try_into().expect("it is short"),
		};
		(self.prover, call.into())
	}
}

/// Checks that the chain sustains `proposals` in each of its blocks for `seconds`, if a proof takes
/// `proof_time`. Prints the usage of its blocks. Returns the shares of a mean block above an empty
/// one.
fn carry(proposals: usize, proof_time: u64, seconds: u64) -> [f64; 2] {
	let mut rollups = Rollups::new(proposals, proof_time);
	let (empty, _) = rollups.step(0);
	// Warm-up, until rollup blocks settle as fast as they are proposed.
	rollups.run(proof_time + COOLDOWN + 5 * BLOCK_TIME, proposals);
	let (blocks, settlements, most_unsettled) = rollups.run(seconds, proposals);
	let count = blocks.len();
	assert_eq!(settlements, (proposals * count) as u64, "settlement is slower than proposals");
	let each = |part: fn(&[Used], usize) -> f64| [0, 1, 2].map(|index| part(&blocks, index));
	let sum = each(|blocks, index| blocks.iter().map(|used| used[index]).sum());
	let mean = sum.map(|sum| sum / count as f64);
	let heaviest = each(|blocks, index| blocks.iter().map(|used| used[index]).fold(0.0, f64::max));
	let rate = proposals as f64 / BLOCK_TIME as f64;
	println!(
		"\n## {rate:.2} rollup blocks a second for {seconds} s, each proven after {proof_time} s"
	);
	println!("\n| of a block's limit | time | proof size | bytes of proof |\n|---|---:|---:|---:|");
	for (name, used) in [("empty block", empty), ("mean", mean), ("heaviest", heaviest)] {
		let [time, proof_size, bytes] = used;
		println!("| {name} | {time:.2} % | {proof_size:.2} % | {bytes:.0} |");
	}
	println!("\nAt most {most_unsettled} rollup blocks are unsettled.");
	[0, 1].map(|index| mean[index] - empty[index])
}

/// The design load of the pool: 3,600 rollup blocks in flight among 32 provers.
#[test]
#[ignore = "takes minutes: `make test-long SUITE=soak`"]
fn a_day_of_a_rollup_block_a_second_takes_less_than_a_twentieth_of_the_chain() {
	let [time, proof_size] = carry(BLOCK_TIME as usize, HOUR, 24 * HOUR);
	assert!(time < 5.0 && proof_size < 5.0);
}

#[test]
#[ignore = "takes minutes: `make test-long SUITE=soak`"]
fn the_highest_rate_of_long_proofs_is_set_by_the_unsettled_blocks_and_not_by_weight() {
	let most_unsettled: u32 = <Runtime as Config>::MaxUnsettledBlocks::get();
	let proposals = u64::from(most_unsettled) * BLOCK_TIME / (HOUR + COOLDOWN);
	carry(proposals as usize, HOUR, 2 * HOUR);
}

/// A chain block that changes the collators' session draws nothing. One draw of each other chain block
/// makes up for it.
#[test]
#[ignore = "takes minutes: `make test-long SUITE=soak`"]
fn the_highest_rate_of_short_proofs_is_set_by_the_draws_and_not_by_weight() {
	let most_drawn: u32 = <Runtime as Config>::MaxDrawnPerBlock::get();
	carry(most_drawn as usize - 1, HOUR / 6, HOUR);
}

/// Uses declared weights. Transactions may fill the normal part of a block, hooks the rest.
#[test]
fn a_block_has_room_for_more_rollup_blocks_than_a_second_each() {
	type Weights = <Runtime as Config>::WeightInfo;
	let limits = RuntimeBlockWeights::get();
	let normal = limits.get(DispatchClass::Normal);
	let transaction = |call: RuntimeCall| {
		let transaction = Chain::new().look(|| signed(Alice, call));
		let weight = normal.base_extrinsic + transaction.get_dispatch_info().total_weight();
		weight.saturating_add(Weight::from_parts(0, transaction.encoded_size() as u64))
	};
	let hooks = Weights::settle(1)
		+ Weights::advance_proven(1)
		+ Weights::sweep(1)
		+ Weights::draw(1)
		+ ProverPool::release_weight()
		+ ProverPool::assign_weight();
	let prove = transaction(prove_without_proof());
	for size in [0, 1_000, PAYLOAD_SIZE] {
		let transactions = transaction(propose_payload(&vec![7; size], GAS)) + prove;
		let all = transactions + hooks;
		for limit in [Weight::ref_time, Weight::proof_size] {
			let by_normal = limit(&normal.max_total.expect("it is limited")) / limit(&transactions);
			let room = by_normal.min(limit(&limits.max_block) / limit(&all));
			assert!(room >= BLOCK_TIME, "{size} bytes: {room}");
		}
	}
}
