// SPDX-License-Identifier: Apache-2.0

//! One queue with four positions: its state.

use super::{Account, BlockId, Moment, Root};
use std::collections::BTreeMap;

/// Parts of a unit in which both averages are kept.
pub const AVERAGE_PARTS: u128 = 1_000_000_000_000_000_000;

/// Transition as a proof states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
	pub parent: Root,
	pub root: Root,
	pub gas_used: u64,
}

/// Proof of a stored transition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
	pub prover: Account,
	/// Root that it proves.
	pub root: Root,
	pub gas_used: u64,
	pub stored_at: Moment,
	/// `true` if the assigned prover brought it in its time.
	pub is_timely: bool,
	/// Number of replacements of the key at the time.
	pub key: u32,
}

/// Transition as an entry holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
	pub parent: Root,
	/// Root in force. It differs from that of the proof under an override.
	pub root: Root,
	pub proof: Option<Proof>,
	/// Time of the first move of *proven* over it, or of the override.
	pub proven_at: Option<Moment>,
}

impl Stored {
	/// Returns the proof of the root in force. An override pays none.
	pub fn paid_proof(&self) -> Option<&Proof> {
		self.proof.as_ref().filter(|proof| proof.root == self.root)
	}
}

/// State of a block as far as its draw is concerned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
	/// Not drawn.
	#[default]
	Proposed,
	/// A prover was drawn for it.
	Assigned,
	/// Open, because no prover was drawn.
	Open,
	/// Open, because its deadline passed.
	Missed,
	/// Open after its draw, by an override or a replaced key.
	Opened,
}

/// Cause of an opening.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OpenReason {
	#[default]
	NotDrawable,
	DrawsStopped,
	ByOrigin,
	Overridden,
	KeyReplaced,
}

/// One block after *settled*.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
	pub proposer: Account,
	pub gas_limit: u64,
	/// Gas charged besides gas used.
	pub fixed_gas: u64,
	pub fee: u64,
	pub price: u64,
	pub deposit: u128,
	pub version: u32,
	/// Chain block that carries the payload.
	pub proposed_in: u64,
	pub status: Status,
	pub prover: Option<Account>,
	pub drawn_at: Moment,
	/// Window before the bound of an earlier block's deadline.
	pub window: u64,
	pub deadline: Moment,
	/// `true` while capacity of the assigned prover is in use (R5).
	pub outstanding: bool,
	pub stored: Option<Stored>,
	/// `true` after a lane proof of the assigned prover (R11).
	pub lane_used: bool,
}

/// State of the rollup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queue {
	pub settled: BlockId,
	pub proven: BlockId,
	pub drawn: BlockId,
	pub proposed: BlockId,
	pub settled_root: Root,
	pub proven_root: Root,
	/// One entry for each block after *settled*.
	pub entries: BTreeMap<BlockId, Entry>,
	/// Last block that the sweep is done with.
	pub swept: BlockId,
	/// Last block that an override or a replaced key opened, and the cause.
	pub opened_through: BlockId,
	pub opened_by: OpenReason,
	/// Latest deadline so far (R3).
	pub last_deadline: Moment,
	/// Averages in parts of a unit, for each unit of gas (R9).
	pub average_fee: u128,
	pub average_delay: u128,
	pub paused: bool,
	pub draws_stopped: bool,
	/// Versions that have a key, and how often it was replaced (R14).
	pub keys: BTreeMap<u32, u32>,
	pub active: u32,
	pub last_version: u32,
}

impl Queue {
	/// Returns the queue at genesis. The delay is in nanoseconds.
	pub fn new(root: Root, fee: u128, delay: u128) -> Self {
		Self {
			settled_root: root,
			proven_root: root,
			average_fee: fee * AVERAGE_PARTS,
			average_delay: delay * (AVERAGE_PARTS / 1_000_000_000),
			keys: BTreeMap::from([(1, 0)]),
			active: 1,
			last_version: 1,
			..Default::default()
		}
	}

	/// Returns the last block that the sweep need not visit any more.
	pub fn opened_done(&self) -> BlockId {
		self.swept.max(self.proven)
	}

	/// Returns `true` if a block counts as open by its position.
	pub fn is_opening(&self, block: BlockId) -> bool {
		block > self.opened_done() && block <= self.opened_through
	}

	/// Returns the status of a block, with what the sweep has yet to write (R12).
	pub fn status(&self, block: BlockId) -> Status {
		match self.entries[&block].status {
			Status::Assigned | Status::Missed if self.is_opening(block) => Status::Opened,
			// The sweep passes over an assigned block after its deadline only.
			Status::Assigned if self.is_misfit(block) && block <= self.swept => Status::Missed,
			status => status,
		}
	}

	/// Returns `true` if the next block is assigned, and its transition is on another root (R5).
	fn is_misfit(&self, block: BlockId) -> bool {
		let entry = &self.entries[&block];
		let is_next = block == self.proven + 1;
		let on_another = |stored: &Stored| stored.parent != self.proven_root;
		let is_assigned = entry.status == Status::Assigned && !self.is_opening(block);
		is_next && is_assigned && entry.stored.as_ref().is_some_and(on_another)
	}

	/// Returns the stored transition as far as it counts: not the part that an unproven block owes
	/// to a replaced key (R14), and on the next block none that does not fit (R5).
	pub fn counting(&self, block: BlockId) -> Option<Stored> {
		if self.is_misfit(block) {
			return None;
		}
		let entry = &self.entries[&block];
		let mut stored = entry.stored.clone()?;
		let Some(proof) = &stored.proof else { return Some(stored) };
		let is_void = block > self.proven && self.keys.get(&entry.version) != Some(&proof.key);
		if is_void && proof.root == stored.root {
			return None;
		}
		if is_void {
			stored.proof = None;
		}
		Some(stored)
	}

	/// Returns `true` if a block has a transition that counts on the proven state root (R5).
	pub fn fits(&self, block: BlockId) -> bool {
		self.counting(block).is_some_and(|stored| stored.parent == self.proven_root)
	}

	/// Returns the drawn blocks without a transition that counts, as far as the roots before them are
	/// known: after the first of them only a transition that waits counts.
	pub fn unproven(&self) -> Vec<BlockId> {
		let mut root = Some(self.proven_root);
		let mut found = Vec::new();
		for block in self.proven + 1..=self.drawn {
			let is_assigned = self.status(block) == Status::Assigned;
			let counts = |stored: &Stored| match root {
				Some(root) => stored.parent == root,
				None => is_assigned,
			};
			let next = self.counting(block).filter(counts).map(|stored| stored.root);
			if next.is_none() {
				found.push(block);
			}
			root = root.and(next);
		}
		found
	}

	/// Returns the state root after a block between *settled* and *proven*.
	pub fn root_after(&self, block: BlockId) -> Root {
		if block == self.settled {
			return self.settled_root;
		}
		self.entries[&block].stored.as_ref().expect("proven").root
	}

	/// Opens all drawn unproven blocks by position (R12, R14).
	pub fn open_unproven(&mut self, reason: OpenReason) {
		self.swept = self.proven;
		self.opened_through = self.drawn;
		self.opened_by = reason;
	}
}
