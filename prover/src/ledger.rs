// SPDX-License-Identifier: Apache-2.0

//! The rollup's states: what executing the proposed blocks leads to.

use crate::{
	chain::events::{BlockProposed, BlockSettled, TransitionOverridden},
	rollup::{State, Transition},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use subxt::utils::H256;

/// The state after the latest settled block, and after each block that is not settled.
///
/// It follows the chain as long as the chain agrees. Once it does not, or a payload is missing,
/// nothing can be proven any more: a proof on another state than the chain's is never paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
	settled: u64,
	state: State,
	root: H256,
	blocks: BTreeMap<u64, Executed>,
	halted: Option<String>,
}

/// A block that was executed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Executed {
	/// SHA-256 of its payload.
	pub payload_hash: H256,
	/// Size of its payload, in bytes.
	pub payload_size: u32,
	/// The most gas that its execution may use.
	pub gas_limit: u32,
	/// The gas that it used.
	pub gas_used: u32,
	state: State,
	root: H256,
}

impl Ledger {
	/// The ledger before the first block.
	pub fn genesis() -> Self {
		let state = State::genesis();
		let root = state.root();
		Self { settled: 0, state, root, blocks: BTreeMap::new(), halted: None }
	}

	/// The latest settled block; 0 stands for none.
	pub fn settled(&self) -> u64 {
		self.settled
	}

	/// The root of the state that the settled blocks lead to.
	pub fn root(&self) -> H256 {
		self.root
	}

	/// Why nothing can be proven any more.
	pub fn halted(&self) -> Option<&str> {
		self.halted.as_deref()
	}

	/// Proves nothing any more, for this reason. The first reason stays.
	pub fn halt(&mut self, reason: String) {
		self.halted.get_or_insert(reason);
	}

	/// The unsettled blocks that were executed, in order.
	pub fn blocks(&self) -> impl Iterator<Item = u64> + '_ {
		self.blocks.keys().copied()
	}

	/// An unsettled block with the state before it.
	pub fn block(&self, block_id: u64) -> Option<(&State, &Executed)> {
		let executed = self.blocks.get(&block_id)?;
		Some((self.before(block_id)?.0, executed))
	}

	/// What executing an unsettled block does.
	pub fn transition(&self, block_id: u64) -> Option<Transition> {
		let executed = self.blocks.get(&block_id)?;
		Some(Transition {
			parent_state_root: self.before(block_id)?.1,
			state_root: executed.root,
			gas_used: executed.gas_used,
		})
	}

	/// Executes a block that was proposed.
	pub fn propose(&mut self, event: &BlockProposed, payload: &[u8]) {
		if self.halted.is_some() {
			return;
		}
		let Some((parent, _)) = self
			.before(event.block_id)
			.filter(|_| !self.blocks.contains_key(&event.block_id))
		else {
			self.halt(format!("block {} does not follow the blocks before it", event.block_id));
			return;
		};
		let (state, gas_used) = parent.execute(payload, event.gas_limit);
		let root = state.root();
		self.blocks.insert(
			event.block_id,
			Executed {
				payload_hash: event.payload_hash,
				payload_size: event.payload_size,
				gas_limit: event.gas_limit,
				gas_used,
				state,
				root,
			},
		);
	}

	/// Takes note that a block was settled.
	pub fn settle(&mut self, event: &BlockSettled) {
		if self.halted.is_some() {
			return;
		}
		let block_id = event.block_id;
		match self.blocks.get(&block_id) {
			Some(executed)
				if executed.root == event.new_state
					&& self.settled.checked_add(1) == Some(block_id) =>
			{
				self.settled = block_id;
				self.state = executed.state.clone();
				self.root = executed.root;
				self.blocks.remove(&block_id);
			},
			Some(executed) => self.halt(format!(
				"block {block_id} was settled with the state {:?}, but executing it leads to {:?}",
				event.new_state, executed.root
			)),
			None => self.halt(format!("block {block_id} was settled, but never proposed")),
		}
	}

	/// Takes note that what was proven of a block was replaced.
	pub fn override_transition(&mut self, event: &TransitionOverridden) {
		let Some(own) = self.transition(event.block_id) else {
			return;
		};
		if own.parent_state_root == event.parent_state && own.state_root != event.new_state {
			self.halt(format!(
				"block {} was overridden to lead to the state {:?}, but executing it leads to {:?}",
				event.block_id, event.new_state, own.state_root
			));
		}
	}

	/// The state before a block, and its root.
	fn before(&self, block_id: u64) -> Option<(&State, H256)> {
		match block_id.checked_sub(1)? {
			parent if parent == self.settled => Some((&self.state, self.root)),
			parent => self.blocks.get(&parent).map(|executed| (&executed.state, executed.root)),
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use transfer_rollup::transfers::{PAYLOAD_SIZE, TRANSFER_GAS};

	/// A payload that moves an amount from the first account to the second.
	fn payload(amount: u32) -> Vec<u8> {
		let mut payload = vec![0; PAYLOAD_SIZE];
		payload[1] = 1;
		payload[2..6].copy_from_slice(&amount.to_le_bytes());
		payload
	}

	fn proposed(block_id: u64) -> BlockProposed {
		BlockProposed {
			block_id,
			payload_hash: H256::repeat_byte(1),
			payload_size: PAYLOAD_SIZE as u32,
			gas_limit: 1_000_000,
			assigned: None,
			closes_at: 0,
		}
	}

	fn settled(block_id: u64, new_state: H256) -> BlockSettled {
		BlockSettled { block_id, new_state, prover: None, reward: 0, bounty: 0 }
	}

	/// A ledger with this many blocks that wait.
	fn with_blocks(count: u64) -> Ledger {
		let mut ledger = Ledger::genesis();
		for block_id in 1..=count {
			ledger.propose(&proposed(block_id), &payload(block_id as u32));
		}
		ledger
	}

	#[test]
	fn each_block_starts_where_the_one_before_ended() {
		let ledger = with_blocks(3);
		let transitions: Vec<_> = (1..=3).map(|id| ledger.transition(id).unwrap()).collect();
		assert_eq!(transitions[0].parent_state_root, State::genesis().root());
		for pair in transitions.windows(2) {
			assert_eq!(pair[0].state_root, pair[1].parent_state_root);
			assert_ne!(pair[1].state_root, pair[1].parent_state_root);
		}
		assert!(transitions.iter().all(|transition| transition.gas_used == TRANSFER_GAS));
		assert_eq!(ledger.transition(0), None);
		assert_eq!(ledger.transition(4), None);
		assert_eq!(ledger.block(2).unwrap().0.root(), transitions[1].parent_state_root);
	}

	#[test]
	fn a_settled_block_is_dropped_and_the_others_stay_as_they_were() {
		let mut ledger = with_blocks(3);
		let before: Vec<_> = (1..=3).map(|id| ledger.transition(id).unwrap()).collect();
		ledger.settle(&settled(1, before[0].state_root));
		assert_eq!((ledger.settled(), ledger.root()), (1, before[0].state_root));
		assert_eq!(ledger.transition(1), None);
		assert_eq!(ledger.transition(2), Some(before[1]));
		assert_eq!(ledger.transition(3), Some(before[2]));
		ledger.settle(&settled(2, before[1].state_root));
		ledger.settle(&settled(3, before[2].state_root));
		assert_eq!(ledger.blocks().count(), 0);
		assert_eq!(ledger.halted(), None);
		// The next block follows the settled state.
		ledger.propose(&proposed(4), &payload(4));
		assert_eq!(ledger.transition(4).unwrap().parent_state_root, before[2].state_root);
	}

	#[test]
	fn a_block_that_settles_in_another_state_halts() {
		let mut ledger = with_blocks(2);
		ledger.settle(&settled(1, H256::repeat_byte(7)));
		assert!(ledger.halted().unwrap().contains("block 1 was settled"));
		// Nothing is believed any more, and the first reason stays.
		let before = ledger.clone();
		ledger.propose(&proposed(3), &payload(3));
		ledger.settle(&settled(2, H256::zero()));
		ledger.halt("another reason".into());
		assert_eq!(ledger, before);
	}

	#[test]
	fn a_block_that_settles_out_of_order_halts() {
		let mut ledger = with_blocks(2);
		let second = ledger.transition(2).unwrap();
		ledger.settle(&settled(2, second.state_root));
		assert!(ledger.halted().is_some());
		let mut ledger = with_blocks(2);
		ledger.settle(&settled(3, second.state_root));
		assert!(ledger.halted().unwrap().contains("never proposed"));
	}

	#[test]
	fn a_block_that_leaves_a_gap_or_comes_twice_halts() {
		for block_id in [0, 1, 2, 4, u64::MAX] {
			let mut ledger = with_blocks(2);
			ledger.propose(&proposed(block_id), &payload(1));
			assert!(ledger.halted().is_some(), "block {block_id}");
		}
	}

	#[test]
	fn an_override_halts_only_if_it_disagrees_about_a_state_that_holds() {
		let mut ledger = with_blocks(2);
		let own = ledger.transition(2).unwrap();
		let other = H256::repeat_byte(7);
		let mut override_with = |parent_state, new_state| {
			ledger.override_transition(&TransitionOverridden {
				block_id: 2,
				parent_state,
				new_state,
			});
			ledger.halted().is_some()
		};
		assert!(!override_with(other, other));
		assert!(!override_with(own.parent_state_root, own.state_root));
		assert!(override_with(own.parent_state_root, other));
	}

	#[test]
	fn a_ledger_survives_being_written() {
		let ledger = with_blocks(3);
		let text = serde_json::to_string(&ledger).unwrap();
		assert_eq!(serde_json::from_str::<Ledger>(&text).unwrap(), ledger);
	}
}
