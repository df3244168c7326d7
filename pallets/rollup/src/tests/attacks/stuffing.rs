// SPDX-License-Identifier: Apache-2.0

//! Attack 5, way 3: an attacker fills the lane by proofs of its own blocks, and rescues what others miss.
//!
//! Two proofs of an own block can wait with priority: that of its prover and that of its operators. Both
//! can be junk, or one of them true.
//!
//! With equal windows this keeps no proof out, if there is room for twice the draws. It does where an own
//! block of a long window brings deadlines together, because no deadline is before that of an earlier
//! block. The model below compares the cost of that with the bounties, in the numbers of the runtime.

use super::{
	rewards_of_misses::{fee_of_junk, BOUNTY_MULTIPLIER, MAX_CHARGED_WITHOUT_GAS},
	*,
};
use crate::lane::{Lane, MAX_OTHER_PRIORITY};
use proptest::prelude::*;
use std::{cell::Cell, collections::BTreeSet};

/// Operator of prover 1.
const OPERATOR: AccountId = CARRIER;

fn name_operator(operator: AccountId) {
	assert_ok!(ProverPool::set_operator(RuntimeOrigin::signed(1), Some(operator)));
}

fn has_priority(signer: AccountId, call: &RuntimeCall) -> bool {
	validate(signer, 0, call).is_ok_and(|validity| validity.priority > MAX_OTHER_PRIORITY)
}

/// Returns the number of proofs with priority that can wait at the same time, because their tags differ.
fn places(waiting: &[(AccountId, RuntimeCall)]) -> usize {
	let tags = waiting.iter().filter(|(signer, call)| has_priority(*signer, call)).map(tag);
	tags.collect::<BTreeSet<_>>().len()
}

fn tag((signer, call): &(AccountId, RuntimeCall)) -> Vec<Vec<u8>> {
	validate(*signer, 0, call).unwrap().provides
}

#[test]
fn an_own_block_has_two_places_and_one_of_them_can_be_that_of_its_true_proof() {
	run(|| {
		propose_and_draw(5);
		name_operator(OPERATOR);
		let junk = |id| proof_call(1, id, transition(id), false);
		let both_junk = [(OPERATOR, junk(2)), (1, junk(2))];
		let one_true = [(OPERATOR, junk(3)), (1, proof_call(1, 3, transition(3), true))];
		// A batch stores it without its use of the lane.
		assert_ok!(prove(1, 4));
		let replacement = [(OPERATOR, junk(4)), (1, junk(4))];
		let all = [&both_junk, &one_true, &replacement].map(|waiting| places(waiting));
		let results = [both_junk, one_true, replacement]
			.map(|waiting| waiting.map(|(signer, call)| send(signer, call).ok()));
		println!(
			"attack 5: {all:?} places of blocks with two junk proofs, with a true one, and with one \
			 that a batch stored; a junk proof costs {} tokens at the lowest fees, a true one nothing",
			tokens(fee_of_junk(10)),
		);
		assert_eq!(all, [2, 2, 1]);
		// The author refuses the operator's replacement, without a fee.
		let (failed, done) = (Some(false), Some(true));
		assert_eq!(results, [[failed, failed], [failed, done], [None, failed]]);
		assert_eq!([3, 4].map(|id| stored(id).unwrap().transition), [3, 4].map(transition));
	});
}

/// The prover names operators, and each sends junk.
#[test]
fn all_operators_that_a_prover_names_have_one_place_of_a_block() {
	const OPERATORS: core::ops::Range<AccountId> = 100..120;
	run(|| {
		propose_and_draw(2);
		let junk = proof_call(1, 2, transition(2), false);
		let proof = proof_call(1, 2, transition(2), true);
		let tags = OPERATORS.map(|operator| {
			name_operator(operator);
			assert!(has_priority(operator, &junk));
			tag(&(operator, junk.clone()))
		});
		let tags: BTreeSet<_> = tags.collect();
		println!(
			"attack 5: of junk proofs by {} operators named one after another, {} waits with priority",
			OPERATORS.count(),
			tags.len(),
		);
		assert!(tags.len() == 1 && !tags.contains(&tag(&(1, proof.clone()))));
		assert!(has_priority(1, &proof));
		assert_eq!(send(1, proof), Ok(true));
	});
}

/// Draws of the property test in a chain block.
const DRAWS: u64 = 8;

/// With equal windows, the attacker has all other blocks, and two junk proofs for each of them wait before
/// the victim's proof comes. Times are in chain blocks.
#[test]
fn junk_keeps_no_proof_out_where_there_is_room_for_twice_the_draws() {
	let [cases, kept_out] = [Cell::new(0), Cell::new(0)];
	let longest = Cell::new(0);
	proptest!(|(
		window in 10..60u64,
		draws in prop::collection::vec(0..=DRAWS as usize, 60..120),
		victim: prop::sample::Index,
		late in 0..60u64,
	)| {
		let deadlines: Vec<_> = (0..)
			.zip(&draws)
			.flat_map(|(drawn_at, blocks)| vec![drawn_at + window; *blocks])
			.collect();
		prop_assume!(!deadlines.is_empty());
		let victim = victim.index(deadlines.len());
		let deadline = deadlines[victim];
		let sent_at = deadline - window + late.min(window);
		let priority = |deadline| {
			Lane { block_id: 0, prover: 1u64, by_prover: true, deadline: Some(deadline) }.priority()
		};
		// Of what is drawn by then and not overdue. Equal priority is enough for an earlier proof.
		let others = deadlines.iter().filter(|other| (sent_at..=sent_at + window).contains(other));
		let ahead = others.filter(|other| priority(**other) >= priority(deadline)).count() as u64 - 1;
		let waits = |room: u64| 2 * ahead / room;
		prop_assert!(sent_at + waits(2 * DRAWS) <= deadline);
		longest.set(longest.get().max(waits(2 * DRAWS)));
		cases.set(cases.get() + 1);
		kept_out.set(kept_out.get() + u64::from(sent_at + waits(DRAWS) > deadline));
	});
	println!(
		"attack 5: equal windows and two junk proofs for each other block, in {} runs: a proof \
		 waits for at most {} chain blocks and is never late with room for twice the draws; with \
		 room for the draws alone it is late in {} runs",
		cases.get(),
		longest.get(),
		kept_out.get(),
	);
	assert!(kept_out.get() > 0);
}

/// Unsettled blocks of the runtime.
const MAX_UNSETTLED: u64 = 8_192;
/// Chain blocks in windows: from those of the shortest one that can be governed to those of the runtime's
/// longest, by the step.
const WINDOWS: (u64, u64, usize) = (10, 900, 10);
/// Places for proofs in a chain block of the runtime, whose tests put 900 proofs into 5, and its draws.
const ROOM_AND_DRAWS_OF_THE_RUNTIME: (u64, u64) = (180, 16);
/// Fees for a unit of gas: the lowest of the runtime, that of its genesis, and the highest.
const FEES: [Balance; 3] = [1_000, 10_000, 65_535];
/// Parts of their window, in percent, after which others deliver.
const PARTS: [u64; 5] = [50, 75, 90, 95, 100];
/// Sixteenths of the draws that are the attacker's.
const SHARES: [u64; 6] = [1, 2, 4, 8, 12, 15];

/// Proofs that fill the lane.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Filler {
	/// Two junk proofs for each own block.
	Junk,
	/// True proofs, held back. They cost the penalty for the delay.
	HeldBack,
	/// The same, and only the blocks of others use gas.
	HeldBackWithoutGas,
}

impl Filler {
	fn name(self) -> &'static str {
		match self {
			Self::Junk => "two junk proofs for each own block",
			Self::HeldBack => "true proofs held back",
			Self::HeldBackWithoutGas => "true proofs of blocks without gas held back",
		}
	}
}

/// Attacker that holds its first block back until its deadline, which is that of the next ones. Then it fills
/// the lane up to the deadline. Times are in chain blocks from the first draw.
#[derive(Clone, Copy, Debug)]
struct Plan {
	filler: Filler,
	/// Places for proofs in a chain block.
	room: u64,
	/// Draws in a chain block.
	draws: u64,
	/// Sixteenths of the draws that are the attacker's.
	share: u64,
	/// Window of the attacker's first block.
	long: u64,
	/// Window of the other blocks.
	window: u64,
	/// Part of the window, in percent, after which others deliver.
	part: u64,
	/// Fee for a unit of gas.
	fee: Balance,
}

impl Plan {
	/// Returns the number of chain blocks whose draws are due at the same deadline. The queue bounds it.
	fn drawing(&self) -> u64 {
		(self.long - self.window + 1).min(MAX_UNSETTLED / self.draws)
	}

	/// Returns the number of own blocks that are due at that deadline.
	fn own(&self) -> u64 {
		self.drawing() * self.draws * self.share / 16
	}

	/// Returns the number of chain blocks from the draw to the proof of another prover.
	fn delay(&self) -> u64 {
		(self.window * self.part).div_ceil(100)
	}

	/// Returns the first of the chain blocks whose lane is full. The last is that of the deadline.
	fn from(&self) -> u64 {
		let full = match self.filler {
			Filler::Junk => 2 * self.own() / self.room,
			Filler::HeldBack | Filler::HeldBackWithoutGas => self.own() / self.room,
		};
		// There is nothing to keep out before the first proof of another.
		(self.long + 1).saturating_sub(full).max(self.delay())
	}

	/// Returns the number of places that the attacker takes.
	fn places(&self) -> u64 {
		(self.long + 1 - self.from()) * self.room
	}

	/// Returns the highest number of blocks of others whose proofs come while the lane is full: the attacker's
	/// draws may all be before these.
	fn misses(&self) -> u64 {
		let late = self.drawing().saturating_sub(self.from() - self.delay());
		late * self.draws
	}

	/// Returns the most gas that a block of this window is charged. Windows grow with that of the limit.
	fn gas(&self) -> Balance {
		let largest = Balance::from(MAX_CHARGED_WITHOUT_GAS + 30_000_000);
		largest * Balance::from(self.window) / Balance::from(self.long)
	}

	/// Returns the highest bounties of the misses: what is paid for the blocks at the highest price, which
	/// fits 16 bits.
	fn bounties(&self) -> Balance {
		let price = (self.fee * 5 / 4).min(u16::MAX.into());
		Balance::from(self.misses()) * price * self.gas() * Balance::from(BOUNTY_MULTIPLIER)
			/ 10_000
	}

	/// Returns the least cost of the places, if the attacker still delivers its own blocks.
	fn cost(&self) -> Balance {
		match self.filler {
			Filler::Junk => Balance::from(self.places()) * fee_of_junk(10),
			Filler::HeldBack => self.penalties(self.gas()),
			Filler::HeldBackWithoutGas => self.penalties(1_000_000),
		}
	}

	/// Returns the cost if it misses the own blocks that it sends junk for. Each slash is at least a token,
	/// and at least a tenth of it is lost.
	fn cost_with_own_misses(&self) -> Balance {
		self.cost() + Balance::from(self.places().div_ceil(2)) * TOKEN / 10
	}

	/// Returns the least penalties for the delay of own proofs: of those drawn last, as if all came in the
	/// first full chain block, at the lowest price.
	fn penalties(&self, gas: Balance) -> Balance {
		let highest = self.fee * 3 / 4 * gas * 25 / 1_000;
		let each = (self.draws * self.share).div_ceil(16);
		let mut left = self.places();
		let parts = (0..self.drawing()).rev().map(|drawn_at| {
			let blocks = left.min(each);
			left -= blocks;
			let (delay, window) = (self.from().saturating_sub(drawn_at), self.long - drawn_at);
			Balance::from(blocks) * highest * Balance::from(delay) / Balance::from(window)
		});
		parts.sum()
	}

	/// Returns the bounties for each token of cost.
	fn yield_of_cost(&self) -> f64 {
		tokens(self.bounties()) / tokens(self.cost()).max(1e-9)
	}
}

impl core::fmt::Display for Plan {
	fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
		write!(
			f,
			"{}, at a fee of {}: with {} of 16 draws, {} a chain block, windows of {} and {}, others that \
			 deliver after {} %: {} places cause {} misses for {:.2} tokens, bounties at most {:.2}, \
			 which is {:.2} of the cost",
			self.filler.name(),
			self.fee,
			self.share,
			self.draws,
			self.long,
			self.window,
			self.part,
			self.places(),
			self.misses(),
			tokens(self.cost()),
			tokens(self.bounties()),
			self.yield_of_cost(),
		)
	}
}

/// Returns the plan that earns the most for its cost, over all shares and windows, and over draws up to
/// `max_draws`.
fn worst_plan(filler: Filler, room: u64, max_draws: u64, fee: Balance, part: u64) -> Plan {
	let draws = [max_draws, max_draws / 2, max_draws / 4].into_iter().filter(|draws| *draws > 0);
	let (shortest, longest, step) = WINDOWS;
	let plans = (shortest..=longest).step_by(step).flat_map(|long| {
		let draws = draws.clone();
		(shortest..=long).step_by(step).flat_map(move |window| {
			draws.clone().flat_map(move |draws| {
				SHARES.map(|share| Plan { filler, room, draws, share, long, window, part, fee })
			})
		})
	});
	plans
		.map(|plan| (plan.yield_of_cost(), plan))
		.max_by(|one, other| one.0.total_cmp(&other.0))
		.unwrap()
		.1
}

/// Returns the worst plan for each part of the window after which others deliver.
fn worst_plans(filler: Filler, room: u64, max_draws: u64, fee: Balance) -> [Plan; PARTS.len()] {
	PARTS.map(|part| worst_plan(filler, room, max_draws, fee, part))
}

/// Returns the worst plan of all for the runtime, and prints it.
fn worst_for_the_runtime(filler: Filler, fee: Balance) -> Plan {
	let (room, draws) = ROOM_AND_DRAWS_OF_THE_RUNTIME;
	let plans = worst_plans(filler, room, draws, fee);
	let yields = plans.map(|plan| plan.yield_of_cost());
	let worst = plans[yields.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap().0];
	println!("attack 5: {worst}; {yields:.2?} of it if others deliver after {PARTS:?} %");
	worst
}

#[test]
fn two_junk_proofs_for_each_own_block_earn_less_than_they_cost() {
	let [lowest, genesis, highest] = FEES.map(|fee| worst_for_the_runtime(Filler::Junk, fee));
	println!(
		"attack 5: the same with {} own blocks missed: {:.2} tokens",
		genesis.places().div_ceil(2),
		tokens(genesis.cost_with_own_misses()),
	);
	assert!(lowest.misses() > 0 && lowest.yield_of_cost() < 0.001);
	assert!(genesis.yield_of_cost() < 0.01);
	assert!(highest.yield_of_cost() < 0.05);
	assert!(highest.cost_with_own_misses() > highest.bounties());
}

/// They cost nothing but the penalty for the delay. So `BountyMultiplier` must be far below 10,000.
#[test]
fn true_proofs_held_back_earn_less_than_they_cost() {
	for filler in [Filler::HeldBack, Filler::HeldBackWithoutGas] {
		for plan in FEES.map(|fee| worst_for_the_runtime(filler, fee)) {
			assert!(plan.yield_of_cost() < 1.0, "{plan}");
		}
	}
}

/// The pallet itself ensures room for twice as many proofs as draws. The runtime has room for eleven times as many.
#[test]
fn the_less_room_there_is_for_each_draw_the_more_junk_earns_for_its_cost() {
	let yields = [(8, 8), (16, 8), (40, 8), (40, 2)].map(|(room, draws)| {
		let worst = worst_plan(Filler::Junk, room, draws, FEES[1], 100);
		println!("attack 5: room for {room} proofs: {worst}");
		worst.yield_of_cost()
	});
	assert!(yields.windows(2).all(|pair| pair[0] > pair[1]));
}
