// SPDX-License-Identifier: Apache-2.0

//! Rollup blocks at a rate, for hours: what the chain's blocks weigh, and what limits the rate.
//! `benchmarking/README.md` has the results and the command.
//!
//! Every transaction is signed, every proof verified, and every block's storage proof recorded, on a
//! state with a million other accounts. Only the circuit is left out: proofs are made by a key whose
//! secret is known.

use super::{
	chain::*,
	proofs::prove_with,
	throughput::{GAS, PAYLOAD_SIZE},
};
use crate::{configs::RuntimeBlockWeights, genesis_config_presets::FEE_PER_GAS, *};
use ark_bn254::Bn254;
use codec::Encode;
use frame_support::{traits::Get, weights::Weight};
use pallet_groth16_verifier::simulator;
use pallet_rollup::{Config, Event, RollupProgress, Transition};
use prover_pool_primitives::Statement;
use sp_core::{crypto::Pair as _, sr25519::Pair, H256};
use sp_io::hashing::blake2_256;
use sp_keyring::Sr25519Keyring::Alice;
use std::collections::VecDeque;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
/// As many as the pool has slots.
const PROVERS: u32 = 32;
/// Accounts that do nothing, which make proofs as long as on a busy chain.
const OTHERS: u32 = 1_000_000;

/// What is asked of the chain.
struct Demand {
	/// Rollup blocks proposed in each block of this chain.
	proposals: usize,
	/// How long a proof takes.
	proof_time: u64,
	/// How long it goes on after the first rollup blocks settled.
	seconds: u64,
}

/// What the original was sized for: 3,600 blocks under way among 32 provers.
const A_BLOCK_A_SECOND: Demand =
	Demand { proposals: BLOCK_TIME as usize, proof_time: HOUR, seconds: 24 * HOUR };
/// As many as `MaxUnsettledBlocks` lets wait for such proofs.
const MOST_WITH_LONG_PROOFS: Demand = Demand { proposals: 11, proof_time: HOUR, seconds: 2 * HOUR };
/// As many as `MaxSettledPerBlock` lets settle.
const MOST: Demand = Demand { proposals: 32, proof_time: 10 * MINUTE, seconds: HOUR };

/// What a block took.
#[derive(Clone, Copy, Default)]
struct Taken {
	/// What it counts as: what it declared, less what its transactions gave back.
	weight: Weight,
	/// Bytes of its storage proof, before it is compressed.
	proof: u64,
}

/// What the blocks of this chain took.
#[derive(Default)]
struct Weighed {
	blocks: u64,
	sum: Taken,
	/// The most of each.
	heaviest: Taken,
	settled: u64,
	most_in_flight: usize,
	most_unsettled: u64,
}

/// A rollup block that waits for its proof.
struct InFlight {
	block_id: u64,
	prover: usize,
	proposed_at: u64,
	payload_hash: H256,
}

/// A chain with a full pool whose provers take so long for a proof.
struct Rollups {
	chain: Chain,
	proposer: Pair,
	provers: Vec<Pair>,
	proof_time: u64,
	in_flight: VecDeque<InFlight>,
	/// Proposals that a block had no room for.
	postponed: usize,
	now: u64,
}

/// The state after a rollup block.
fn rollup_state(block_id: u64) -> H256 {
	H256(blake2_256(&block_id.encode()))
}

impl Rollups {
	fn new(demand: &Demand) -> Self {
		let provers: Vec<Pair> = (0..PROVERS)
			.map(|number| Pair::from_string(&format!("//Provers//{number}"), None).expect("a path"))
			.collect();
		let in_flight = demand.proposals as u64 * demand.proof_time / BLOCK_TIME;
		// Draws are random, and nobody is to be left without capacity.
		let capacity = 2 * in_flight.div_ceil(PROVERS.into()) as u16;
		let stake = u32::from(capacity) * 10_000;
		let chain = Chain::with(|genesis| {
			let others = (0..OTHERS).map(|number| AccountId::from(blake2_256(&number.encode())));
			let provers = provers.iter().map(|prover| prover.public().into());
			let balances = &mut genesis.balances.balances;
			balances.extend(others.map(|other| (other, constants::UNIT)));
			balances.extend(provers.clone().map(|prover| (prover, 10_000_000 * constants::UNIT)));
			genesis.prover_pool.provers =
				provers.map(|prover| (prover, stake, FEE_PER_GAS, capacity)).collect();
			genesis.rollup.state = rollup_state(0);
			genesis.rollup.proof_delay = demand.proof_time as u32;
			genesis.groth_16_verifier.keys = vec![simulator::encoded_key::<Bn254>()];
		});
		Self {
			chain,
			proposer: Alice.pair(),
			provers,
			proof_time: demand.proof_time,
			in_flight: VecDeque::new(),
			postponed: 0,
			now: 0,
		}
	}

	/// The call by which the drawn prover proves a block.
	fn prove(&self, block: &InFlight, genesis: H256) -> RuntimeCall {
		let transition = Transition {
			parent_state_root: rollup_state(block.block_id - 1),
			state_root: rollup_state(block.block_id),
			gas_used: GAS,
		};
		let statement = Statement {
			chain: genesis,
			block_id: block.block_id,
			payload_hash: block.payload_hash,
			payload_size: PAYLOAD_SIZE as u32,
			gas_limit: GAS,
			transition,
			prover: AccountId::from(self.provers[block.prover].public()),
		};
		let proof = simulator::encoded_proof::<Bn254>(1, statement.public_input());
		prove_with(block.block_id, transition, proof)
	}

	/// The proofs that are ready, each signed by the drawn prover.
	fn ready(&mut self) -> Vec<(Pair, RuntimeCall)> {
		let genesis = self.chain.look(|| System::block_hash(0));
		let is_ready = |block: &InFlight| self.now - block.proposed_at >= self.proof_time;
		let count = self.in_flight.partition_point(is_ready);
		let blocks: Vec<_> = self.in_flight.drain(..count).collect();
		blocks
			.iter()
			.map(|block| (self.provers[block.prover].clone(), self.prove(block, genesis)))
			.collect()
	}

	/// Whether the next block changes the collators' session. Such a block is declared full, and
	/// what it has no room for is in the next one.
	fn is_next_full(&mut self) -> bool {
		use pallet_session::ShouldEndSession;
		let next = self.chain.look(System::block_number) + 1;
		<Runtime as pallet_session::Config>::ShouldEndSession::should_end_session(next)
	}

	/// Makes one block of this chain, with every proof that is ready and with `proposals`, all of
	/// which must succeed. Returns what it took, `None` where it is declared full, and how many
	/// rollup blocks it settled.
	fn step(&mut self, proposals: usize) -> (Option<Taken>, u64) {
		let is_full = self.is_next_full();
		let proposals = core::mem::take(&mut self.postponed) + proposals;
		let calls = if is_full {
			self.postponed = proposals;
			vec![]
		} else {
			let propose = propose_payload(&[7; PAYLOAD_SIZE], GAS);
			let mut calls = self.ready();
			calls.extend((0..proposals).map(|_| (self.proposer.clone(), propose.clone())));
			calls
		};
		let (outcomes, hooks) = self.chain.block_by(calls);
		for outcome in outcomes {
			assert_eq!(outcome.result, Ok(()));
			for event in outcome.events {
				if let RuntimeEvent::Rollup(Event::BlockProposed {
					block_id,
					payload_hash,
					assigned,
					..
				}) = event
				{
					self.wait_for_proof(block_id, payload_hash, assigned);
				}
			}
		}
		let mut settled = 0;
		for event in hooks {
			match event {
				RuntimeEvent::Rollup(Event::BlockSettled { .. }) => settled += 1,
				RuntimeEvent::Rollup(Event::WindowClosed { block_id, .. }) => {
					panic!("block {block_id} was missed")
				},
				_ => (),
			}
		}
		self.now += BLOCK_TIME;
		let taken = Taken {
			weight: self.chain.look(|| System::block_weight().total()),
			proof: self.chain.proof_size,
		};
		((!is_full).then_some(taken), settled)
	}

	fn wait_for_proof(&mut self, block_id: u64, payload_hash: H256, assigned: Option<AccountId>) {
		let drawn = assigned.expect("the pool has room");
		let is_drawn = |prover: &Pair| AccountId::from(prover.public()) == drawn;
		self.in_flight.push_back(InFlight {
			block_id,
			prover: self.provers.iter().position(is_drawn).expect("is in the pool"),
			proposed_at: self.now,
			payload_hash,
		});
	}

	/// Lets so many seconds pass at so many proposals in each block of this chain.
	fn run(&mut self, seconds: u64, proposals: usize) -> Weighed {
		let mut weighed = Weighed::default();
		for _ in 0..seconds / BLOCK_TIME {
			let (taken, settled) = self.step(proposals);
			let Taken { weight, proof } = taken.unwrap_or_default();
			let progress = self.chain.look(RollupProgress::<Runtime>::get);
			let unsettled = progress.proposed - progress.settled;
			weighed.blocks += 1;
			weighed.sum.weight += weight;
			weighed.sum.proof += proof;
			weighed.heaviest.weight = weighed.heaviest.weight.max(weight);
			weighed.heaviest.proof = weighed.heaviest.proof.max(proof);
			weighed.settled += settled;
			weighed.most_in_flight = weighed.most_in_flight.max(self.in_flight.len());
			weighed.most_unsettled = weighed.most_unsettled.max(unsettled);
		}
		self.chain.look(assert_invariants);
		weighed
	}
}

/// A block's parts of the most that a block may have, in percent: of time, and of proof size.
fn shares(weight: Weight) -> (f64, f64) {
	let all = RuntimeBlockWeights::get().max_block;
	let share = |part: u64, all: u64| part as f64 * 100.0 / all as f64;
	(share(weight.ref_time(), all.ref_time()), share(weight.proof_size(), all.proof_size()))
}

/// Checks that the chain carries what is asked of it, and prints what it weighs. Returns the rollup's
/// parts of a block: what blocks weigh on average above an empty one.
fn carry(demand: Demand) -> (f64, f64) {
	let mut rollups = Rollups::new(&demand);
	let (empty, _) = rollups.step(0);
	let empty = empty.expect("is not the session's last");
	// Until rollup blocks settle as fast as they are proposed.
	rollups.run(demand.proof_time + COOLDOWN + 2 * BLOCK_TIME, demand.proposals);
	let weighed = rollups.run(demand.seconds, demand.proposals);
	let proposed = demand.proposals as u64 * weighed.blocks;
	assert_eq!(weighed.settled, proposed, "all settle as fast");
	let mean = Taken {
		weight: weighed.sum.weight / weighed.blocks,
		proof: weighed.sum.proof / weighed.blocks,
	};
	let per_second = demand.proposals as f64 / BLOCK_TIME as f64;
	let Demand { proof_time, seconds, .. } = demand;
	println!(
		"\n## {per_second:.2} rollup blocks a second for {seconds} s, each proven after {proof_time} s\n"
	);
	println!(
		"| of the most that a block may have | time | proof size | bytes that the proof has |"
	);
	println!("|---|---:|---:|---:|");
	for (name, taken) in
		[("an empty block", empty), ("the mean", mean), ("the heaviest", weighed.heaviest)]
	{
		let (time, proof_size) = shares(taken.weight);
		println!("| {name} | {time:.2} % | {proof_size:.2} % | {} |", taken.proof);
	}
	println!("\n| waiting at most | |\n|---|---:|");
	println!("| for proofs | {} |", weighed.most_in_flight);
	println!("| for settlement | {} |", weighed.most_unsettled);
	shares(mean.weight - empty.weight)
}

#[test]
#[ignore = "takes minutes: `make sustain`"]
fn a_day_of_a_rollup_block_a_second_takes_less_than_a_twentieth_of_the_chain() {
	let (time, proof_size) = carry(A_BLOCK_A_SECOND);
	assert!(time < 5.0 && proof_size < 5.0);
}

#[test]
#[ignore = "takes minutes: `make sustain`"]
fn the_highest_rates_are_set_by_the_bounds_and_not_by_weight() {
	let most_unsettled: u32 = <Runtime as Config>::MaxUnsettledBlocks::get();
	let wait = HOUR + COOLDOWN;
	let one_more = (MOST_WITH_LONG_PROOFS.proposals as u64 + 1) * wait / BLOCK_TIME;
	assert!(one_more > most_unsettled.into());
	carry(MOST_WITH_LONG_PROOFS);

	let most_settled: u32 = <Runtime as Config>::MaxSettledPerBlock::get();
	assert_eq!(MOST.proposals, most_settled as usize);
	carry(MOST);
}
