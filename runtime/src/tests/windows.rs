// SPDX-License-Identifier: Apache-2.0

//! Proof windows in which every block is full (R11), from the draw to the deadline.

use super::{chain::*, room::*, transactions::Transactions};
use crate::{constants::UNIT, *};
use pallet_rollup::Event;
use prover_pool_primitives::Clock;
use sp_keyring::Sr25519Keyring::{Alice, Charlie, Dave};

/// Rounds of [`flood`] for a whole proof window. After it at least `MAX_SKIPPED` accounts have
/// transactions left.
const ROUNDS: usize = 12;
/// Rounds for the shortest window by [`JUNK`], of which four batches fill a block.
const ROUNDS_OF_JUNK: usize = 3;

/// Full blocks by transactions of one kind.
struct Siege {
	chain: Chain,
	pool: Transactions,
	kind: &'static str,
	/// Block that is open and next from the start. [`JUNK`] is for it.
	open: Option<(u64, AccountId, u64)>,
}

impl Siege {
	/// Returns the siege with `rounds` of transactions of this kind, and four proposals.
	fn new(mut chain: Chain, kind: usize, rounds: usize) -> Self {
		let mut pool = Transactions::default();
		let (kind, call) = fillers(1, Dave).swap_remove(kind);
		// The last of four is missed.
		chain.block_by(vec![(Charlie.pair(), propose(1_000)); 4]);
		for _ in 0..rounds {
			flood(&mut pool, &mut chain, &call);
		}
		// This ordinary transaction shows that the blocks have no room for others.
		let ordinary = transfer(Charlie, UNIT);
		pool.add(&mut chain, &Dave.pair(), ordinary, 0).expect("it is valid");
		Self { chain, pool, kind, open: None }
	}

	fn full_block(&mut self) -> Vec<RuntimeEvent> {
		full_block(&mut self.pool, &mut self.chain, self.kind)
	}

	fn last_block(&mut self) -> Vec<RuntimeEvent> {
		last_block(&mut self.pool, &mut self.chain, self.kind)
	}

	fn now(&mut self) -> u64 {
		self.chain.look(<Rollup as Clock>::now)
	}

	/// Returns the number of ordinary transactions that found room.
	fn ordinary(&mut self) -> Nonce {
		self.chain.look(|| System::account_nonce(Dave.to_account_id()))
	}

	/// Makes full blocks until four blocks are assigned. Returns these as [`assignment`] does.
	fn assign(&mut self) -> Vec<(u64, AccountId, u64)> {
		let mut assigned = vec![];
		while assigned.len() < 4 {
			assigned.extend(self.full_block().iter().filter_map(assignment));
		}
		assigned
	}

	/// Returns `true` if the proof of a block is in. Behind an open block it waits.
	fn is_in(&self, events: &[RuntimeEvent], id: u64) -> bool {
		match self.open {
			None => is_proven(events, id),
			Some(_) => events.iter().any(|event| is_stored(event, id)),
		}
	}

	/// Fills every block from the draw of four rollup blocks to their deadline. Three of them are
	/// proven, by proofs sent before the first, the middle and the last of these blocks. Then the last
	/// one or the open one is rescued and overridden.
	fn run(mut self, window: u64) {
		let assigned = self.assign();
		let deadline = assigned[0].2;
		assert!(assigned.iter().all(|assigned| assigned.2 == deadline));
		let cost_until_draw = cost_of_attack(&mut self.chain);
		let last = (deadline - self.now()) / BLOCK_TIME;
		// The assignment was in the block before.
		assert_eq!(last, window / BLOCK_TIME - 1);
		let moments = [0, last / 2, last];
		for index in 0..=last {
			assert!(self.now() <= deadline);
			let sent = moments.iter().position(|moment| *moment == index);
			let sent = sent.map(|position| assigned[position].clone());
			self.make_block_with(index, sent);
		}
		assert!(self.now() > deadline);
		let cost = cost_of_attack(&mut self.chain) - cost_until_draw;
		println!(
			"{}: {cost} tokens for {} blocks after the draw, no proof kept out",
			self.kind,
			last + 1
		);
		assert_eq!(self.ordinary(), 0);
		let missed = self.open.clone().unwrap_or(assigned[3].clone());
		self.rescue_and_override(&missed);
		// After the rescue, junk for the open block leaves room.
		assert_eq!(self.ordinary(), u32::from(self.open.is_some()));
		self.chain.look(assert_invariants);
	}

	/// Makes a full block after a proof was sent. The proof must be in it.
	fn make_block_with(&mut self, index: u64, sent: Option<(u64, AccountId, u64)>) {
		if let Some((id, prover, _)) = &sent {
			let proof = prove(&mut self.chain, *id, prover.clone());
			let pair = keyring(prover).pair();
			self.pool.add(&mut self.chain, &pair, proof, 0).expect("it is assigned");
		}
		let events = self.full_block();
		let is_in_time = sent.is_none_or(|(id, ..)| self.is_in(&events, id));
		let kind = self.kind;
		assert!(is_in_time, "{kind} keep the proof out of block {index} after the draw");
	}

	/// Makes the full block whose sweep opens the missed block. Then a member rescues it, and it is
	/// overridden.
	fn rescue_and_override(&mut self, (id, missed, _): &(u64, AccountId, u64)) {
		self.full_block();
		let rescuer = other_prover(keyring(missed));
		let proof = prove(&mut self.chain, *id, rescuer.to_account_id());
		self.pool
			.add(&mut self.chain, &rescuer.pair(), proof, 0)
			.expect("the block is open");
		let events = self.last_block();
		assert!(is_proven(&events, *id), "{} keep the rescue out", self.kind);
		let call = override_by_sudo(*id);
		self.pool.add(&mut self.chain, &Alice.pair(), call, 0).expect("it is valid");
		self.last_block();
		let root = self.chain.look(|| Rollup::positions().proven_root);
		assert_eq!(root, OVERRIDE, "{} keep the override out", self.kind);
	}
}

fn is_stored(event: &RuntimeEvent, id: u64) -> bool {
	match event {
		RuntimeEvent::Rollup(Event::TransitionStored { block_id, .. }) => *block_id == id,
		_ => false,
	}
}

#[test]
fn full_blocks_from_the_draw_to_the_deadline_keep_no_proof_out_whenever_it_is_sent() {
	Siege::new(chain(), CHEAPEST, ROUNDS).run(PROOF_WINDOW);
}

/// Without [`JUNK`], which fills no block while its rollup block is not the next.
#[test]
fn full_blocks_of_every_kind_keep_no_proof_out_in_the_shortest_window() {
	let kinds = fillers(1, Dave);
	for kind in (0..KINDS).filter(|kind| kinds[*kind].0 != JUNK) {
		let mut chain = chain();
		shorten_windows(&mut chain);
		Siege::new(chain, kind, ROUNDS).run(SHORTEST_WINDOW);
	}
}

/// Junk for an open block costs the whole verification as long as the block is the next.
#[test]
fn full_blocks_of_junk_for_the_open_next_block_keep_no_proof_of_later_ones_out() {
	let mut chain = chain();
	shorten_windows(&mut chain);
	let (id, missed) = propose_and_draw(&mut chain);
	chain.wait(SHORTEST_WINDOW);
	chain.block(vec![]);
	assert_eq!((id, chain.look(Rollup::open_blocks)), (1, vec![1]));
	let junk = fillers(1, Dave).iter().position(|kind| kind.0 == JUNK);
	let mut siege = Siege::new(chain, junk.expect("it is a kind"), ROUNDS_OF_JUNK);
	siege.open = Some((id, missed.to_account_id(), 0));
	siege.run(SHORTEST_WINDOW);
}
