// SPDX-License-Identifier: Apache-2.0

//! How many rollup blocks the chain carries: what one of its blocks has room for by the declared
//! weights, and hours at a rate on the real runtime. `benchmarking/README.md` has the results and
//! the commands.

use super::chain::*;
use crate::{configs::RuntimeBlockWeights, genesis_presets::FEE_PER_GAS, *};
use codec::Encode;
use frame_support::dispatch::{DispatchClass, GetDispatchInfo};
use frame_support::weights::Weight;
use pallet_groth16_verifier::{groth16, simulator};
use pallet_rollup::{Config, Event, Transition, WeightInfo as _};
use prover_pool_primitives::{ProofVerifier as _, Statement};
use sp_core::{crypto::Pair as _, sr25519::Pair, H256};
use sp_keyring::Sr25519Keyring::Alice;
use std::collections::VecDeque;

type Curve = ark_bn254::Bn254;
type Weights = <Runtime as Config>::WeightInfo;

/// Seconds between two blocks of this chain.
const BLOCK_TIME: u64 = constants::SLOT_DURATION / 1_000;
/// How long a proof takes in what is measured here: what the original was sized for.
const PROOF_TIME: u64 = 60 * 60;
/// The provers among which so many blocks are in flight.
const PROVERS: u32 = 32;
/// A rollup block's payload: a hundred transactions of a hundred bytes.
const PAYLOAD_SIZE: usize = 10_000;
const GAS: u32 = 30_000_000;

/// What a signed transaction with this call weighs, with its bytes.
fn transaction(chain: &mut Chain, call: RuntimeCall) -> Weight {
	let weights = RuntimeBlockWeights::get();
	let base = weights.get(DispatchClass::Normal).base_extrinsic;
	let transaction = chain.look(|| signed(Alice, call));
	let weight = transaction.get_dispatch_info().total_weight();
	base + weight + Weight::from_parts(0, transaction.encoded_size() as u64)
}

fn propose_call(size: usize) -> RuntimeCall {
	pallet_rollup::Call::propose_block {
		payload: vec![7; size].try_into().expect("is below the bound"),
		gas_limit: GAS,
	}
	.into()
}

/// How many rollup blocks are proposed, proved and settled for ever in one block of this chain,
/// as its declared weights count, by time and by proof size.
#[test]
fn a_block_has_room_for_more_rollup_blocks_than_a_second_each() {
	let mut chain = Chain::new();
	// In time: the slash is given back.
	let slash = Weights::share_slash()
		+ <ProverPool as prover_pool_primitives::ProverPool<_>>::slash_weight();
	let settle = Weights::settle_blocks(1) - Weights::settle_blocks(0) + slash;
	let close = Weights::close_windows(1) - Weights::close_windows(0);
	let real = transaction(&mut chain, prove_without_proof()) - slash;
	let verifier = Groth16Verifier::weight();

	let limits = RuntimeBlockWeights::get();
	let normal = limits
		.get(DispatchClass::Normal)
		.max_total
		.expect("is limited");
	println!("verifier | payload | by time | by proof size | what limits first");
	for (verifier, prove) in [
		("real", real),
		("accepts all", real.saturating_sub(verifier)),
	] {
		for size in [0, 1_000, PAYLOAD_SIZE, 128 * 1024] {
			let transactions = transaction(&mut chain, propose_call(size)) + prove;
			// Transactions may fill three quarters of a block, settlement and windows the rest.
			let hooks = settle + close;
			let by = |limit: fn(Weight) -> u64| {
				let by_transactions = limit(normal) / limit(transactions);
				let by_all = limit(limits.max_block) / limit(transactions + hooks);
				by_transactions.min(by_all)
			};
			let (time, proof) = (
				by(|weight| weight.ref_time()),
				by(|weight| weight.proof_size()),
			);
			let first = if time < proof { "time" } else { "proof size" };
			println!("{verifier} | {size} | {time} | {proof} | {first}");
			assert!(size > PAYLOAD_SIZE || time.min(proof) >= BLOCK_TIME);
		}
	}
}

/// A rollup block that waits for its proof.
struct InFlight {
	block_id: u64,
	prover: usize,
	proposed_at: u64,
	payload_hash: H256,
}

/// A chain with a full pool whose provers prove, after an hour, by a key whose secret is known.
struct Rollups {
	chain: Chain,
	provers: Vec<Pair>,
	in_flight: VecDeque<InFlight>,
	now: u64,
}

/// What the blocks of this chain weighed.
#[derive(Default)]
struct Weighed {
	blocks: u64,
	sum: Weight,
	heaviest: Weight,
	settled: u64,
	most_in_flight: usize,
}

fn rollup_state(block_id: u64) -> H256 {
	H256::from_low_u64_be(block_id)
}

impl Rollups {
	fn new() -> Self {
		let provers: Vec<Pair> = (0..PROVERS)
			.map(|number| Pair::from_string(&format!("//Provers//{number}"), None).expect("a path"))
			.collect();
		let capacity = 2 * (PROOF_TIME as u32).div_ceil(PROVERS) as u16;
		let chain = Chain::with(|genesis| {
			genesis.prover_pool.provers.clear();
			for prover in &provers {
				let account = AccountId::from(prover.public());
				genesis
					.balances
					.balances
					.push((account.clone(), 10_000_000 * constants::UNIT));
				let stake = u32::from(capacity) * 10_000;
				genesis
					.prover_pool
					.provers
					.push((account, stake, FEE_PER_GAS, capacity));
			}
			genesis.rollup.state = rollup_state(0);
			genesis.rollup.proof_delay = PROOF_TIME as u32;
			genesis.groth_16_verifier.keys = vec![groth16::encode_key::<Curve>(&simulator::key())];
		});
		Self {
			chain,
			provers,
			in_flight: VecDeque::new(),
			now: 0,
		}
	}

	/// The call that proves a block, by its drawn prover.
	fn prove(&mut self, block: &InFlight) -> RuntimeCall {
		let transition = Transition {
			parent_state: rollup_state(block.block_id - 1),
			new_state: rollup_state(block.block_id),
			gas_used: GAS,
		};
		let statement = Statement {
			chain: self.chain.look(|| System::block_hash(0)),
			block_id: block.block_id,
			payload_hash: block.payload_hash,
			payload_size: PAYLOAD_SIZE as u32,
			gas_limit: GAS,
			parent_state: transition.parent_state,
			new_state: transition.new_state,
			gas_used: transition.gas_used,
			prover: AccountId::from(self.provers[block.prover].public()),
		};
		let input = groth16::decode_input(statement.public_input()).expect("has 253 bits");
		let proof = groth16::encode_proof::<Curve>(1, &simulator::prove(input, 17, 19));
		pallet_rollup::Call::prove_block {
			block_id: block.block_id,
			transition,
			proof: proof.try_into().expect("is short"),
		}
		.into()
	}

	/// Makes one block of this chain, with `proposals` and with every proof that is ready. Returns
	/// its weight and how many rollup blocks it settled.
	fn step(&mut self, proposals: usize) -> (Weight, u64) {
		let mut calls = Vec::new();
		while let Some(block) = self.in_flight.pop_front() {
			if self.now - block.proposed_at < PROOF_TIME {
				self.in_flight.push_front(block);
				break;
			}
			let call = self.prove(&block);
			calls.push((self.provers[block.prover].clone(), call));
		}
		let call = propose_call(PAYLOAD_SIZE);
		calls.extend((0..proposals).map(|_| (Alice.pair(), call.clone())));

		let (outcomes, hooks) = self.chain.block_by(calls);
		for outcome in outcomes {
			assert_eq!(outcome.result, Ok(()));
			for event in outcome.events {
				let RuntimeEvent::Rollup(Event::BlockProposed {
					block_id,
					payload_hash,
					assigned,
					..
				}) = event
				else {
					continue;
				};
				let drawn = assigned.expect("the pool has room");
				let prover = self
					.provers
					.iter()
					.position(|prover| AccountId::from(prover.public()) == drawn)
					.expect("is of the pool");
				let proposed_at = self.now;
				self.in_flight.push_back(InFlight {
					block_id,
					prover,
					proposed_at,
					payload_hash,
				});
			}
		}
		let settled = hooks
			.iter()
			.filter(|event| matches!(event, RuntimeEvent::Rollup(Event::BlockSettled { .. })))
			.count();
		let missed = hooks
			.iter()
			.filter(|event| matches!(event, RuntimeEvent::Rollup(Event::WindowClosed { .. })))
			.count();
		assert_eq!(missed, 0);
		self.now += BLOCK_TIME;
		(
			self.chain.look(|| System::block_weight().total()),
			settled as u64,
		)
	}

	/// Lets so many seconds pass at so many rollup blocks in each block of this chain.
	fn run(&mut self, seconds: u64, proposals: usize) -> Weighed {
		let mut weighed = Weighed::default();
		for _ in 0..seconds / BLOCK_TIME {
			let (weight, settled) = self.step(proposals);
			weighed.blocks += 1;
			weighed.sum += weight;
			weighed.heaviest = weighed.heaviest.max(weight);
			weighed.settled += settled;
			weighed.most_in_flight = weighed.most_in_flight.max(self.in_flight.len());
		}
		self.chain.look(assert_invariants);
		weighed
	}
}

/// Parts of a block, of its time and of its proof size, in hundredths of a percent.
fn share(weight: Weight) -> (u64, u64) {
	let all = RuntimeBlockWeights::get().max_block;
	(
		weight.ref_time() * 10_000 / all.ref_time(),
		weight.proof_size() * 10_000 / all.proof_size(),
	)
}

/// A rollup block a second with an hour of proof time, for `hours` with everything in flight.
fn at_a_block_a_second(hours: u64) {
	let mut rollups = Rollups::new();
	let (empty, _) = rollups.step(0);
	let proposals = BLOCK_TIME as usize;
	// Until the first is proven and its cooldown over.
	rollups.run(PROOF_TIME + COOLDOWN + 2 * BLOCK_TIME, proposals);
	let seconds = hours * 60 * 60;
	let weighed = rollups.run(seconds, proposals);
	let mean = weighed.sum / weighed.blocks;
	println!("rollup blocks in flight: {}", weighed.most_in_flight);
	println!(
		"blocks: {}, settled rollup blocks: {}",
		weighed.blocks, weighed.settled
	);
	println!("parts of a block in hundredths of a percent (time, proof size):");
	println!("empty block {:?}", share(empty));
	println!(
		"mean {:?}, heaviest {:?}",
		share(mean),
		share(weighed.heaviest)
	);
	let (time, proof) = share(weighed.heaviest - empty);
	println!("the rollup's in the heaviest: {:?}", (time, proof));
	assert!(weighed.most_in_flight >= 3_600);
	assert_eq!(weighed.settled, seconds);
	assert!(time < 500 && proof < 500, "less than 5 % of a block");
}

#[test]
#[ignore = "takes minutes: `make day`"]
fn a_day_of_a_rollup_block_a_second_takes_less_than_a_twentieth_of_the_chain() {
	at_a_block_a_second(24);
}
