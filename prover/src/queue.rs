// SPDX-License-Identifier: Apache-2.0

//! The rollup's queue at one chain block, and the rights of an account to prove its blocks.

use crate::{
	chain::{Assigned, Payloads, Phase, Positions, RollupBlock},
	ledger::Ledger,
	rollup::Transition,
};
use std::{
	cell::Cell,
	collections::{btree_map, BTreeMap},
};
use subxt::utils::{AccountId32, H256};

/// Queue at one chain block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queue {
	/// Positions of the queue.
	pub positions: Positions,
	/// Reading of the rollup's clock by which the next chain block is judged.
	pub now: u64,
	/// Drawn blocks: those after *proven*, and those before whose states are unknown.
	pub blocks: BTreeMap<u64, RollupBlock>,
}

/// Right of an account to prove a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
	/// The block is reserved for the account until the deadline.
	Reserved {
		/// Last second, by the rollup's clock.
		deadline: u64,
		/// `true` until a proof of the block has used its priority.
		has_lane: bool,
	},
	/// Anyone may prove the block.
	Open,
}

/// States after the blocks of a queue, as far as they are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Course {
	/// The state at *proven* is known. Has the transitions of the blocks after it, up to the first
	/// block without a payload.
	Known(BTreeMap<u64, Transition>),
	/// No known payload leads to the chain's state root after this block.
	Unknown {
		/// The block.
		block_id: u64,
		/// State root after it.
		root: H256,
	},
}

impl Queue {
	/// Returns the right of `account` to prove a block now.
	///
	/// Between the deadline and the sweep no account has a right. An open block accepts a proof
	/// only as the next after *proven*. The next block may count as open before its entry shows it.
	pub fn right(&self, block_id: u64, account: &AccountId32) -> Option<Right> {
		let is_next = self.positions.proven.checked_add(1) == Some(block_id);
		let is_overdue = self.is_opening(block_id) || (is_next && self.is_missed(block_id));
		match &self.blocks.get(&block_id)?.phase {
			Phase::Undrawn => None,
			Phase::Assigned(assigned) if !is_overdue => {
				self.is_reserved(assigned, account).then_some(Right::Reserved {
					deadline: assigned.deadline,
					has_lane: !assigned.has_used_lane,
				})
			},
			_ => is_next.then_some(Right::Open),
		}
	}

	fn is_reserved(&self, assigned: &Assigned, account: &AccountId32) -> bool {
		assigned.prover == *account && self.now <= assigned.deadline
	}

	/// Returns `true` if the block has no transition on this state root.
	pub fn needs(&self, block_id: u64, parent_root: H256) -> bool {
		self.blocks.get(&block_id).is_some_and(|block| {
			block
				.transition
				.as_ref()
				.is_none_or(|stored| stored.transition.parent_state_root != parent_root)
		})
	}

	/// Returns `true` if the block counts as open, although its entry does not show it yet.
	fn is_opening(&self, block_id: u64) -> bool {
		let Positions { proven, swept, opening, .. } = &self.positions;
		block_id > *swept.max(proven) && block_id <= opening.to
	}

	/// Returns `true` if the transition that the next block had at its deadline does not fit.
	fn is_missed(&self, block_id: u64) -> bool {
		let Positions { swept, proven_root, .. } = &self.positions;
		block_id <= *swept && self.needs(block_id, *proven_root)
	}

	/// Returns the blocks after *proven*. Others are in the queue while the state after it is unknown.
	pub fn unproven(&self) -> btree_map::Range<'_, u64, RollupBlock> {
		self.blocks.range(self.positions.proven.saturating_add(1)..)
	}

	/// Returns the first block whose entry is needed to follow the queue.
	///
	/// The blocks up to *proven* are executed only if the state after it is unknown.
	pub fn first_needed(positions: &Positions, ledger: &Ledger) -> u64 {
		let after = match ledger.knows(positions.proven_root) {
			true => positions.proven,
			false => positions.settled,
		};
		after.saturating_add(1)
	}

	/// Executes the blocks like [`Self::follow`], with these payloads. Returns also the first block
	/// whose payload is missing.
	pub fn follow_with(&self, ledger: &mut Ledger, payloads: &Payloads) -> (Course, Option<u64>) {
		let missing = Cell::new(None);
		let course = self.follow(ledger, |block_id, block| {
			let payload = payloads.get(&block.payload_hash).cloned();
			if payload.is_none() && missing.get().is_none() {
				missing.set(Some(block_id));
			}
			payload
		});
		(course, missing.get())
	}

	/// Returns the state roots of the settled and the proven blocks in the queue, in order.
	pub fn roots(&self) -> Vec<(u64, H256)> {
		let Positions { settled, settled_root, proven, proven_root, .. } = self.positions;
		let mut roots = vec![(settled, settled_root)];
		for (&block_id, block) in &self.blocks {
			if let Some(stored) = block.transition.as_ref().filter(|_| block_id < proven) {
				roots.push((block_id, stored.transition.state_root));
			}
		}
		roots.push((proven, proven_root));
		roots
	}

	/// Executes the blocks in order, from the last state that is known up to *proven*.
	///
	/// `payload` returns the payload of a block.
	pub fn follow(
		&self,
		ledger: &mut Ledger,
		payload: impl Fn(u64, &RollupBlock) -> Option<Vec<u8>>,
	) -> Course {
		if let Some((block_id, root)) = self.find_proven(ledger, &payload) {
			return Course::Unknown { block_id, root };
		}
		let mut root = self.positions.proven_root;
		let mut transitions = BTreeMap::new();
		for (&block_id, block) in self.unproven() {
			let proposal = block.proposal();
			let Some(transition) =
				ledger.execute(block_id, &proposal, root, || payload(block_id, block))
			else {
				break;
			};
			root = transition.state_root.into();
			transitions.insert(block_id, transition);
		}
		Course::Known(transitions)
	}

	/// Finds the state at *proven*. Returns the first state root that remains unknown.
	fn find_proven(
		&self,
		ledger: &mut Ledger,
		payload: impl Fn(u64, &RollupBlock) -> Option<Vec<u8>>,
	) -> Option<(u64, H256)> {
		let Positions { settled, settled_root, proven, proven_root, .. } = self.positions;
		if ledger.knows(proven_root) {
			return None;
		}
		let mut parent = settled_root;
		let mut unknown = (!ledger.knows(parent)).then_some((settled, parent));
		for (&block_id, block) in self.blocks.range(settled.saturating_add(1)..) {
			if block_id > proven {
				break;
			}
			let Some(stored) = &block.transition else {
				break;
			};
			let root = stored.transition.state_root;
			if !ledger.knows(root) {
				ledger.execute(block_id, &block.proposal(), parent, || payload(block_id, block));
			}
			match ledger.knows(root) {
				true => unknown = None,
				false => unknown = unknown.or(Some((block_id, root))),
			}
			parent = root;
		}
		match ledger.knows(proven_root) {
			true => None,
			false => unknown.or(Some((proven, proven_root))),
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{
		chain::{Opening, Roots, StoredTransition},
		rollup::State,
	};
	use transfer_rollup::transfers::PAYLOAD_SIZE;

	const ME: AccountId32 = AccountId32([1; 32]);
	const OTHER: AccountId32 = AccountId32([2; 32]);
	const DEADLINE: u64 = 600;

	fn assigned(prover: AccountId32) -> Assigned {
		Assigned { prover, drawn_at: 0, deadline: DEADLINE, has_used_lane: false }
	}

	/// Returns a payload that moves the block's number from the first account to the second.
	fn payload(block_id: u64, _: &RollupBlock) -> Option<Vec<u8>> {
		let mut payload = vec![0; PAYLOAD_SIZE];
		payload[1] = 1;
		payload[2] = block_id as u8;
		Some(payload)
	}

	fn unneeded(block_id: u64, _: &RollupBlock) -> Option<Vec<u8>> {
		panic!("the payload of block {block_id} is not needed")
	}

	fn block(block_id: u64, phase: Phase) -> RollupBlock {
		RollupBlock {
			payload_hash: H256::from_low_u64_be(block_id),
			payload_size: PAYLOAD_SIZE as u32,
			gas_limit: 1_000_000,
			proposed_in: block_id,
			rules_version: 1,
			reward_per_gas: 10,
			phase,
			transition: None,
		}
	}

	/// Returns a queue with blocks of these phases after `proven`, whose state is that of genesis.
	fn queue(proven: u64, phases: Vec<Phase>) -> Queue {
		let root = State::genesis().root();
		let blocks: BTreeMap<u64, RollupBlock> = (proven + 1..)
			.zip(phases)
			.map(|(block_id, phase)| (block_id, block(block_id, phase)))
			.collect();
		let drawn = proven + blocks.len() as u64;
		let positions = Positions {
			proposed: drawn,
			drawn,
			proven,
			settled: proven,
			settled_root: root,
			proven_root: root,
			swept: proven,
			opening: Opening::default(),
		};
		Queue { positions, now: DEADLINE, blocks }
	}

	fn store(queue: &mut Queue, block_id: u64, parent_state_root: H256, state_root: H256) {
		let transition = Roots { parent_state_root, state_root };
		let block = queue.blocks.get_mut(&block_id).unwrap();
		block.transition = Some(StoredTransition { transition });
	}

	/// Proves blocks 1 to 3 with these state roots.
	fn proven(roots: [H256; 3]) -> Queue {
		let mut queue = queue(0, vec![Phase::Open; 5]);
		let mut parent = queue.positions.proven_root;
		for (block_id, root) in (1..).zip(roots) {
			store(&mut queue, block_id, parent, root);
			parent = root;
		}
		queue.positions.proven = 3;
		queue.positions.proven_root = parent;
		queue
	}

	/// Returns the state roots after the payloads of blocks 1 to 5.
	fn roots() -> Vec<H256> {
		let queue = queue(0, vec![Phase::Open; 5]);
		let Course::Known(course) = queue.follow(&mut Ledger::genesis(), payload) else {
			panic!("the genesis state is known");
		};
		course.values().map(|transition| transition.state_root.into()).collect()
	}

	#[test]
	fn own_blocks_may_be_proven_until_the_deadline_at_any_position() {
		let mut queue = queue(0, vec![Phase::Open, Phase::Assigned(assigned(ME))]);
		let right = Some(Right::Reserved { deadline: DEADLINE, has_lane: true });
		assert_eq!(queue.right(2, &ME), right);
		assert_eq!(queue.right(2, &OTHER), None);
		queue.now = DEADLINE + 1;
		assert_eq!(queue.right(2, &ME), None);
		// Not as the next block either, until the sweep opens it.
		queue.positions.proven = 1;
		assert_eq!(queue.right(2, &ME), None);
	}

	#[test]
	fn open_blocks_may_be_proven_only_as_the_next() {
		for phase in [Phase::Open, Phase::Missed(assigned(OTHER)), Phase::Opened(assigned(ME))] {
			let queue = queue(3, vec![phase.clone(), phase]);
			assert_eq!(queue.right(4, &ME), Some(Right::Open));
			assert_eq!(queue.right(5, &ME), None);
			assert_eq!(queue.right(3, &ME), None);
		}
		assert_eq!(queue(3, vec![Phase::Undrawn]).right(4, &ME), None);
	}

	#[test]
	fn blocks_that_an_override_opened_are_open_before_the_sweep() {
		let phases = vec![Phase::Assigned(assigned(ME)); 4];
		let mut queue = queue(3, phases);
		queue.positions.opening = Opening { to: 5 };
		assert_eq!(queue.right(4, &OTHER), Some(Right::Open));
		assert_eq!(queue.right(5, &ME), None);
		// Drawn after the override.
		assert_eq!(
			queue.right(6, &ME),
			Some(Right::Reserved { deadline: DEADLINE, has_lane: true })
		);
		// The sweep has passed, so the entry counts.
		queue.positions.swept = 4;
		let root = queue.positions.proven_root;
		store(&mut queue, 4, root, root);
		assert_eq!(queue.right(4, &OTHER), None);
	}

	#[test]
	fn the_next_block_is_open_at_once_if_its_late_transition_does_not_fit() {
		let mut queue = queue(3, vec![Phase::Assigned(assigned(OTHER))]);
		let (root, other) = (queue.positions.proven_root, H256::repeat_byte(1));
		queue.now = DEADLINE + 1;
		store(&mut queue, 4, other, other);
		assert_eq!(queue.right(4, &ME), None);
		queue.positions.swept = 4;
		assert_eq!(queue.right(4, &ME), Some(Right::Open));
		store(&mut queue, 4, root, other);
		assert_eq!(queue.right(4, &ME), None);
	}

	#[test]
	fn a_transition_counts_only_on_its_parent() {
		let (parent, other) = (H256::repeat_byte(1), H256::repeat_byte(2));
		let mut queue = queue(0, vec![Phase::Open]);
		assert!(queue.needs(1, parent));
		store(&mut queue, 1, parent, other);
		assert!(!queue.needs(1, parent));
		assert!(queue.needs(1, other));
		assert!(!queue.needs(2, parent));
	}

	#[test]
	fn blocks_after_proven_are_executed_in_order() {
		let queue = queue(0, vec![Phase::Open, Phase::Assigned(assigned(ME)), Phase::Open]);
		let mut ledger = Ledger::genesis();
		let Course::Known(course) = queue.follow(&mut ledger, payload) else { panic!() };
		assert_eq!(course.keys().copied().collect::<Vec<_>>(), [1, 2, 3]);
		let mut parent = queue.positions.proven_root;
		for transition in course.values() {
			assert_eq!(H256(transition.parent_state_root), parent);
			parent = transition.state_root.into();
		}
		// The second time nothing is executed.
		assert_eq!(queue.follow(&mut ledger, unneeded), Course::Known(course));
	}

	#[test]
	fn nothing_is_known_after_a_missing_payload() {
		let queue = queue(0, vec![Phase::Open; 3]);
		let missing =
			|block_id, block: &RollupBlock| payload(block_id, block).filter(|_| block_id != 2);
		let course = queue.follow(&mut Ledger::genesis(), missing);
		let Course::Known(course) = course else { panic!() };
		assert_eq!(course.keys().copied().collect::<Vec<_>>(), [1]);
	}

	#[test]
	fn proven_blocks_are_read_only_if_their_state_is_unknown() {
		let roots = roots();
		let mut queue = proven([roots[0], roots[1], roots[2]]);
		let mut ledger = Ledger::genesis();
		assert_eq!(Queue::first_needed(&queue.positions, &ledger), 1);
		let Course::Known(course) = queue.follow(&mut ledger, payload) else { panic!() };
		assert_eq!(course[&5].state_root, roots[4].0);
		assert_eq!(Queue::first_needed(&queue.positions, &ledger), 4);
		queue.blocks.retain(|block_id, _| *block_id > 3);
		assert_eq!(queue.follow(&mut ledger, unneeded), Course::Known(course));
	}

	#[test]
	fn an_override_to_an_unknown_state_halts_proving_until_it_is_undone() {
		let roots = roots();
		let overridden = H256::repeat_byte(7);
		let mut ledger = Ledger::genesis();
		let honest = proven([roots[0], roots[1], roots[2]]);
		let before = honest.follow(&mut ledger, payload);
		let lost = proven([roots[0], roots[1], overridden]);
		let unknown = Course::Unknown { block_id: 3, root: overridden };
		assert_eq!(lost.follow(&mut ledger, payload), unknown);
		// The same after a restart in between, with the genesis state alone.
		assert_eq!(honest.follow(&mut ledger, payload), before);
		let mut ledger = Ledger::genesis();
		assert_eq!(lost.follow(&mut ledger, payload), unknown);
		assert_eq!(honest.follow(&mut ledger, payload), before);
	}

	#[test]
	fn an_override_to_a_known_state_is_followed_at_once() {
		let roots = roots();
		let mut ledger = Ledger::genesis();
		proven([roots[0], roots[1], roots[2]]).follow(&mut ledger, payload);
		// The override makes block 3 a no-op.
		let queue = proven([roots[0], roots[1], roots[1]]);
		let Course::Known(course) = queue.follow(&mut ledger, payload) else { panic!() };
		assert_eq!(course[&4].parent_state_root, roots[1].0);
		assert_ne!(course[&4].state_root, roots[3].0);
	}

	#[test]
	fn the_first_state_after_the_last_known_one_is_reported() {
		let roots = roots();
		let [first, second, third] = [7, 8, 9].map(H256::repeat_byte);
		let mut ledger = Ledger::genesis();
		let unknown = |block_id, root| Course::Unknown { block_id, root };
		assert_eq!(proven([first, second, third]).follow(&mut ledger, payload), unknown(1, first));
		proven([roots[0], roots[1], roots[2]]).follow(&mut ledger, payload);
		let queue = proven([first, roots[1], third]);
		assert_eq!(queue.follow(&mut ledger, payload), unknown(3, third));
		let mut queue = proven([first, second, third]);
		queue.positions.settled = 3;
		queue.positions.settled_root = third;
		assert_eq!(queue.follow(&mut ledger, payload), unknown(3, third));
	}
}
