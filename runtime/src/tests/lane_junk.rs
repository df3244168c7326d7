// SPDX-License-Identifier: Apache-2.0

//! Junk proofs of the prover of many blocks and of its operator (R11), with tips of 50,000 tokens.
//!
//! Two of them for each own block have priority. The others fill what is left of the chain blocks.

use super::{chain::*, due_proofs::assign, room::*, transactions::Transactions};
use crate::{constants::UNIT, *};
use pallet_rollup::{BlockKey, Blocks, Event, Phase};
use prover_pool_primitives::Clock;
use sp_keyring::Sr25519Keyring::{self, Dave, Eve, Ferdie};
use std::collections::BTreeMap;

/// The prover and its operator.
const ATTACKERS: [Sr25519Keyring; 2] = [Eve, Dave];
/// Balance of each of them at genesis.
const FUNDS: Balance = 1_000_000_000 * UNIT;
/// Drawn blocks. Their draws take eight chain blocks.
const COUNT: usize = 128;
/// Junk that waits for the next chain block at least, and does not fit into it.
const MIN_WAITING: usize = 240;
/// Accounts whose batches of a junk proof, without a tip, enter where there is room for a proof.
const WITNESSES: usize = 16;

/// Rollup block, its prover and its deadline.
type Assigned = (u64, AccountId, u64);

/// Prover that fills the chain blocks.
struct Attack {
	chain: Chain,
	pool: Transactions,
	assigned: Vec<Assigned>,
	/// Number of junk proofs with priority.
	places: usize,
	/// Chain blocks since the last draw.
	chain_blocks: u64,
	/// Chain block in which the proof of another prover entered, by its block.
	entered: BTreeMap<u64, u64>,
	/// Blocks of the attacker that were missed.
	missed: usize,
}

impl Attack {
	/// Returns the attack after the last draw, in the shortest windows.
	fn new() -> Self {
		let mut chain = chain_with(|genesis| {
			let provers = [(Eve, 9_000_000, 10_000, 300), (Ferdie, 5_000_000, 10_000, 60)];
			genesis.prover_pool.provers = provers
				.map(|(who, stake, price, capacity)| (who.to_account_id(), stake, price, capacity))
				.into();
			ATTACKERS.into_iter().for_each(|who| set_funds(genesis, who, FUNDS));
		});
		shorten_windows(&mut chain);
		let operator = Some(ATTACKERS[1].to_account_id());
		chain.do_submit(ATTACKERS[0], pallet_prover_pool::Call::set_operator { operator });
		let assigned = assign(&mut chain, COUNT);
		let mut attack = Self {
			chain,
			pool: Default::default(),
			assigned,
			places: 0,
			chain_blocks: 0,
			entered: BTreeMap::new(),
			missed: 0,
		};
		attack.take_places();
		attack
	}

	/// Returns the blocks of the attacker, or those of others.
	fn blocks(&self, of_attacker: bool) -> Vec<Assigned> {
		let attacker = ATTACKERS[0].to_account_id();
		let is_wanted = |(_, prover, _): &&Assigned| (*prover == attacker) == of_attacker;
		self.assigned.iter().filter(is_wanted).cloned().collect()
	}

	fn now(&mut self) -> u64 {
		self.chain.look(<Rollup as Clock>::now)
	}

	/// Sends a junk proof of the prover and one of its operator for each own block, and the batches of
	/// the witnesses.
	fn take_places(&mut self) {
		for (id, ..) in self.blocks(true) {
			for who in ATTACKERS {
				let priority = self.send(&who.pair(), junk(id, ATTACKERS[0]), TIP);
				assert!(priority > u64::MAX / 2);
				self.places += 1;
			}
		}
		let witness = batch(vec![junk(1, ATTACKERS[0])]);
		for number in 0..WITNESSES {
			self.send(&attacker(number), witness.clone(), 0);
		}
	}

	fn send(&mut self, who: &sp_core::sr25519::Pair, call: RuntimeCall, tip: Balance) -> u64 {
		self.pool.add(&mut self.chain, who, call, tip).expect("it may be valid")
	}

	/// Sends junk for the last own block whose lane is used, until more waits than a chain block holds.
	fn refill(&mut self) {
		let has_used_lane = |id| match Blocks::<Runtime>::get(BlockKey::from(id)).map(|b| b.phase) {
			Some(Phase::Assigned(assigned)) => assigned.has_used_lane,
			phase => panic!("block {id} is not reserved: {phase:?}"),
		};
		let ids: Vec<_> = self.blocks(true).into_iter().map(|(id, ..)| id).rev().collect();
		let used = self.chain.look(|| ids.into_iter().find(|id| has_used_lane(*id)));
		let call = junk(used.expect("the first chain block had junk"), ATTACKERS[0]);
		let waiting = self.pool.len() - WITNESSES;
		for index in waiting..MIN_WAITING {
			let priority = self.send(&ATTACKERS[index % 2].pair(), call.clone(), TIP);
			assert!(priority <= u64::MAX / 2);
		}
	}

	/// Sends the proof of another prover's block.
	fn prove(&mut self, (id, prover, _): &Assigned) {
		let proof = prove(&mut self.chain, *id, prover.clone());
		self.send(&keyring(prover).pair(), proof, 0);
	}

	/// Makes a full chain block. Returns the number of proofs and junk proofs in it.
	fn make_block(&mut self) -> usize {
		let (outcomes, hooks) = self.chain.make_block(|| self.pool.apply());
		self.chain_blocks += 1;
		assert!(self.pool.is_block_full, "{} proofs do not fill a chain block", outcomes.len());
		for outcome in &outcomes {
			assert!(outcome.result == Ok(()) || outcome.result == Err(malformed()));
		}
		let chain_block = self.chain_blocks;
		let events = outcomes.iter().flat_map(|outcome| &outcome.events).chain(&hooks);
		for event in events {
			match event {
				RuntimeEvent::Rollup(
					Event::TransitionStored { block_id, .. } | Event::BlockProven { block_id, .. },
				) => {
					self.entered.entry(*block_id).or_insert(chain_block);
				},
				RuntimeEvent::Rollup(Event::AssignmentMissed { prover, .. }) => {
					assert_eq!(*prover, ATTACKERS[0].to_account_id(), "another prover misses");
					self.missed += 1;
				},
				_ => (),
			}
		}
		outcomes.len()
	}

	/// Returns the paid fees and tips of prover and operator, in tokens.
	fn cost(&mut self) -> Balance {
		let left: Balance = ATTACKERS
			.into_iter()
			.map(|who| self.chain.balance(who))
			.map(|(free, held)| free + held)
			.sum();
		(2 * FUNDS - left) / UNIT
	}

	/// Asserts when the proofs of others entered, and prints it. `first` was sent with the junk and has
	/// an earlier deadline, and `last` has the latest.
	fn report(&mut self, before: Balance, room: usize, first: u64, last: u64) {
		let others = self.blocks(false);
		let cost = self.cost() - before;
		let [early, late] = [first, last].map(|id| self.entered[&id]);
		println!(
			"{} chain blocks from the last draw to its deadline full of junk proofs by the prover of {} \
			 blocks and its operator, for {cost} tokens: {} junk proofs have priority, {room} proofs fill a \
			 chain block; the proof with the earliest deadline of others enters chain block {early}, \
			 that with the latest {late}; {} of {} other proofs enter, {} of them in the next chain \
			 block; the attacker misses {} blocks",
			self.chain_blocks,
			self.blocks(true).len(),
			self.places,
			self.entered.len(),
			others.len(),
			others.len() - 1,
			self.missed,
		);
		assert_eq!(self.places, 2 * self.blocks(true).len());
		// The first proof of others is before the last one as well.
		assert_eq!((early, late), (1, ((self.places + 1) / room) as u64 + 1));
		assert_eq!(self.entered.len(), others.len());
		for (id, _, deadline) in &others[1..others.len() - 1] {
			let chain_blocks_left = (self.assigned[COUNT - 1].2 - deadline) / BLOCK_TIME;
			let due = self.chain_blocks - chain_blocks_left;
			assert_eq!(self.entered[id], due, "block {id}");
		}
		self.chain.look(assert_invariants);
	}
}

#[test]
fn junk_proofs_of_an_assigned_prover_keep_others_out_no_longer_than_its_places_last() {
	let mut attack = Attack::new();
	let before = attack.cost();
	let others = attack.blocks(false);
	let [first, .., last] = &others[..] else { panic!("another prover has two blocks at least") };
	// The latest deadline is that of the last draws, which were in the chain block before.
	let deadline = attack.assigned.last().expect("they are drawn").2;
	assert_eq!(deadline, last.2);
	assert_eq!(deadline - attack.now(), SHORTEST_WINDOW - BLOCK_TIME);
	attack.prove(first);
	attack.prove(last);
	let room = attack.make_block();
	assert!(attack.places > room, "{} places", attack.places);
	while attack.now() <= deadline {
		attack.refill();
		let now = attack.now();
		// The others send in the last moment.
		for block in &others[1..others.len() - 1] {
			if (now..now + BLOCK_TIME).contains(&block.2) {
				attack.prove(block);
			}
		}
		attack.make_block();
	}
	assert_eq!(attack.chain_blocks, SHORTEST_WINDOW / BLOCK_TIME);
	attack.chain.make_block(Vec::new);
	attack.report(before, room, first.0, last.0);
}
