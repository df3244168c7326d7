// SPDX-License-Identifier: Apache-2.0

//! The rollup's states: the results of executing the proposed blocks.

use crate::rollup::{State, Transition};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use subxt::utils::H256;

/// Known states, by their roots.
///
/// The chain decides which root holds after a block. An unknown root comes from an override, or from
/// blocks that settled while the prover was away. Nothing can be proven on it until its state is
/// imported or the chain has a known root again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
	settled: u64,
	settled_root: H256,
	states: BTreeMap<H256, Known>,
	proposals: BTreeMap<u64, Proposal>,
	executed: BTreeMap<u64, Executed>,
}

/// A block as it was proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
	/// SHA-256 of its payload.
	pub payload_hash: H256,
	/// Size of its payload, in bytes.
	pub payload_size: u32,
	/// Maximum gas of its execution.
	pub gas_limit: u32,
	/// Chain block whose body has the payload.
	pub proposed_in: u64,
}

/// A known state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
	/// Last block after which it was found.
	after: u64,
	state: State,
}

/// Last execution of a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Executed {
	proposal: Proposal,
	parent_root: H256,
	root: H256,
	gas_used: u32,
}

impl Ledger {
	/// Returns the ledger before the first block.
	pub fn genesis() -> Self {
		let state = State::genesis();
		let root = state.root();
		Self {
			settled: 0,
			settled_root: root,
			states: BTreeMap::from([(root, Known { after: 0, state })]),
			proposals: BTreeMap::new(),
			executed: BTreeMap::new(),
		}
	}

	/// Returns the last block whose settlement is finalized, or 0 if there is none.
	pub fn settled(&self) -> u64 {
		self.settled
	}

	/// Returns the state root after [`Self::settled`].
	pub fn settled_root(&self) -> H256 {
		self.settled_root
	}

	/// Returns the state with this root.
	pub fn state(&self, root: H256) -> Option<&State> {
		self.states.get(&root).map(|known| &known.state)
	}

	/// Returns `true` if the state with this root is known.
	pub fn knows(&self, root: H256) -> bool {
		self.states.contains_key(&root)
	}

	/// Returns `true` if the block of this proposal was executed, on any state.
	pub fn has_executed(&self, block_id: u64, proposal: &Proposal) -> bool {
		self.executed
			.get(&block_id)
			.is_some_and(|executed| executed.proposal == *proposal)
	}

	/// Returns the transition of a block on a known state, and stores the state after it.
	///
	/// Calls `payload` unless the block was executed on this state before. Returns `None` if there
	/// is no payload or the state is unknown.
	pub fn execute(
		&mut self,
		block_id: u64,
		proposal: &Proposal,
		parent_root: H256,
		payload: impl FnOnce() -> Option<Vec<u8>>,
	) -> Option<Transition> {
		let before = self.executed.get(&block_id).filter(|executed| {
			executed.proposal == *proposal
				&& executed.parent_root == parent_root
				&& self.knows(executed.root)
		});
		let executed = match before {
			Some(executed) => executed.clone(),
			None => {
				let parent = self.state(parent_root)?;
				let (state, gas_used) = parent.execute(&payload()?, proposal.gas_limit);
				let root = state.root();
				self.states.entry(root).or_insert(Known { after: block_id, state });
				Executed { proposal: *proposal, parent_root, root, gas_used }
			},
		};
		// An earlier block may have led to the same state.
		if let Some(known) = self.states.get_mut(&executed.root) {
			known.after = known.after.max(block_id);
		}
		let transition = Transition {
			parent_state_root: parent_root.0,
			state_root: executed.root.0,
			gas_used: executed.gas_used,
		};
		self.executed.insert(block_id, executed);
		Some(transition)
	}

	/// Returns an unsettled block whose proposal is finalized.
	pub fn proposal(&self, block_id: u64) -> Option<&Proposal> {
		self.proposals.get(&block_id)
	}

	/// Records that the proposal of a block is finalized.
	pub fn propose(&mut self, block_id: u64, proposal: Proposal) {
		self.proposals.insert(block_id, proposal);
	}

	/// Continues after finalized chain blocks that were not read, with this settled block.
	pub fn resume(&mut self, settled: u64, root: H256) {
		self.settled = settled;
		self.settled_root = root;
		self.proposals.clear();
		self.prune();
	}

	/// Adds the state after a block, which another prover exported.
	pub fn import(&mut self, block_id: u64, state: State) {
		let known = self.states.entry(state.root()).or_insert(Known { after: block_id, state });
		known.after = known.after.max(block_id);
	}

	/// Records that the settlement of a block is finalized, and drops data that only this block
	/// needed.
	///
	/// Executes the block if the root is unknown. So the states of a chain are found from its first
	/// block on.
	pub fn settle(&mut self, block_id: u64, root: H256, payload: impl FnOnce() -> Option<Vec<u8>>) {
		if !self.knows(root) {
			if let Some(proposal) = self.proposals.get(&block_id).copied() {
				self.execute(block_id, &proposal, self.settled_root, payload);
			}
		}
		self.settled = block_id;
		self.settled_root = root;
		self.prune();
	}

	/// Drops data of settled blocks.
	fn prune(&mut self) {
		let Self { settled, settled_root, .. } = *self;
		self.states
			.retain(|root, known| known.after >= settled || *root == settled_root);
		self.proposals.retain(|proposed, _| *proposed > settled);
		self.executed.retain(|executed, _| *executed > settled);
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use transfer_rollup::transfers::{PAYLOAD_SIZE, TRANSFER_GAS};

	/// Returns a payload that moves an amount from the first account to the second.
	fn payload(amount: u32) -> Vec<u8> {
		let mut payload = vec![0; PAYLOAD_SIZE];
		payload[1] = 1;
		payload[2..6].copy_from_slice(&amount.to_le_bytes());
		payload
	}

	fn proposal(amount: u32) -> Proposal {
		Proposal {
			payload_hash: H256::from_low_u64_be(amount.into()),
			payload_size: PAYLOAD_SIZE as u32,
			gas_limit: 1_000_000,
			proposed_in: 7,
		}
	}

	/// Executes a block that moves this amount. Returns the root after it.
	fn execute(ledger: &mut Ledger, block_id: u64, parent: H256, amount: u32) -> H256 {
		let transition =
			ledger.execute(block_id, &proposal(amount), parent, || Some(payload(amount)));
		let transition = transition.unwrap();
		assert_eq!(H256(transition.parent_state_root), parent);
		assert_eq!(transition.gas_used, TRANSFER_GAS);
		transition.state_root.into()
	}

	/// Returns a ledger with this number of unsettled blocks, and the roots from genesis on.
	fn with_blocks(count: u64) -> (Ledger, Vec<H256>) {
		let mut ledger = Ledger::genesis();
		let mut roots = vec![ledger.settled_root()];
		for block_id in 1..=count {
			let amount = block_id as u32;
			ledger.propose(block_id, proposal(amount));
			let root = execute(&mut ledger, block_id, roots[roots.len() - 1], amount);
			roots.push(root);
		}
		(ledger, roots)
	}

	fn unneeded() -> Option<Vec<u8>> {
		panic!("the payload is not needed")
	}

	#[test]
	fn each_block_starts_where_the_one_before_ended() {
		let (ledger, roots) = with_blocks(3);
		for (index, root) in roots.iter().enumerate() {
			assert_eq!(ledger.state(*root).unwrap().root(), *root);
			assert!(!roots[..index].contains(root));
		}
	}

	#[test]
	fn a_block_is_executed_once_on_each_state() {
		let (mut ledger, roots) = with_blocks(2);
		let before = ledger.clone();
		assert!(ledger.has_executed(2, &proposal(2)));
		assert!(ledger.execute(2, &proposal(2), roots[1], unneeded).is_some());
		assert_eq!(ledger, before);
		// On another state, and as it was proposed on another fork.
		assert_ne!(execute(&mut ledger, 2, roots[0], 2), roots[2]);
		assert_ne!(execute(&mut ledger, 2, roots[1], 7), roots[2]);
		assert!(!ledger.has_executed(2, &proposal(2)));
	}

	#[test]
	fn nothing_is_executed_on_an_unknown_state_or_without_a_payload() {
		let (mut ledger, roots) = with_blocks(1);
		let before = ledger.clone();
		assert_eq!(ledger.execute(2, &proposal(2), H256::repeat_byte(7), unneeded), None);
		assert_eq!(ledger.execute(2, &proposal(2), roots[1], || None), None);
		assert_eq!(ledger, before);
	}

	#[test]
	fn states_of_another_branch_stay_known_until_they_settle() {
		let (mut ledger, roots) = with_blocks(3);
		// An override reverts block 1, and is undone.
		execute(&mut ledger, 2, roots[0], 2);
		execute(&mut ledger, 2, roots[1], 2);
		assert!(roots.iter().all(|root| ledger.knows(*root)));
	}

	#[test]
	fn a_settled_block_is_dropped_and_its_state_stays() {
		let (mut ledger, roots) = with_blocks(3);
		ledger.settle(1, roots[1], unneeded);
		assert_eq!((ledger.settled(), ledger.settled_root()), (1, roots[1]));
		assert!(!ledger.knows(roots[0]));
		assert!(roots[1..].iter().all(|root| ledger.knows(*root)));
		assert!(!ledger.has_executed(1, &proposal(1)));
		assert!(ledger.execute(2, &proposal(2), roots[1], unneeded).is_some());
		ledger.settle(2, roots[2], unneeded);
		ledger.settle(3, roots[3], unneeded);
		assert_eq!(ledger.states.len(), 1);
		assert!(ledger.proposals.is_empty());
	}

	#[test]
	fn a_state_that_comes_back_is_kept_for_its_last_block() {
		let (mut ledger, roots) = with_blocks(1);
		// A block that does nothing.
		let idle = ledger.execute(2, &proposal(2), roots[1], || Some(vec![])).unwrap();
		assert_eq!(H256(idle.state_root), roots[1]);
		ledger.settle(1, roots[1], unneeded);
		ledger.settle(2, roots[1], unneeded);
		assert!(ledger.knows(roots[1]));
	}

	#[test]
	fn a_history_is_executed_as_it_settles() {
		let (_, roots) = with_blocks(3);
		let mut ledger = Ledger::genesis();
		for block_id in 1..=3 {
			let amount = block_id as u32;
			ledger.propose(block_id, proposal(amount));
			ledger.settle(block_id, roots[block_id as usize], || Some(payload(amount)));
		}
		assert!(ledger.knows(roots[3]));
	}

	#[test]
	fn a_settled_override_is_unknown_until_the_chain_has_a_known_root() {
		let (mut ledger, roots) = with_blocks(3);
		let overridden = H256::repeat_byte(7);
		ledger.settle(1, overridden, || Some(payload(1)));
		assert_eq!((ledger.settled(), ledger.settled_root()), (1, overridden));
		assert!(!ledger.knows(overridden));
		// The next override has a known root.
		ledger.settle(2, roots[2], unneeded);
		assert!(ledger.knows(roots[2]));
		assert!(ledger.execute(3, &proposal(3), roots[2], unneeded).is_some());
	}

	#[test]
	fn an_imported_state_continues_after_an_absence() {
		let (away, roots) = with_blocks(3);
		let mut ledger = Ledger::genesis();
		ledger.resume(2, roots[2]);
		assert!(!ledger.knows(roots[2]));
		assert_eq!(ledger.execute(3, &proposal(3), roots[2], || Some(payload(3))), None);
		ledger.import(2, away.state(roots[2]).unwrap().clone());
		assert_eq!(execute(&mut ledger, 3, roots[2], 3), roots[3]);
		ledger.settle(3, roots[3], unneeded);
		assert!(!ledger.knows(roots[2]));
		assert!(ledger.knows(roots[3]));
	}

	#[test]
	fn a_ledger_survives_being_written() {
		let (ledger, _) = with_blocks(3);
		let text = serde_json::to_string(&ledger).unwrap();
		assert_eq!(serde_json::from_str::<Ledger>(&text).unwrap(), ledger);
	}
}
