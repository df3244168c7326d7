// SPDX-License-Identifier: Apache-2.0

//! Unsettled block, its assignment and its transition.

use codec::{Decode, Encode, MaxEncodedLen};
use prover_pool_primitives::{BlockId, Hash, Statement, Transition};
use scale_info::TypeInfo;

/// Unsettled rollup block.
#[derive(Encode, Decode, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct RollupBlock<AccountId, Balance, BlockNumber> {
	/// Account that proposed the block, and that has its deposit on hold.
	pub proposer: AccountId,
	/// SHA-256 of the payload.
	pub payload_hash: Hash,
	/// Size of the payload, in bytes.
	pub payload_size: u32,
	/// Maximum gas of the execution.
	pub gas_limit: u32,
	/// Chain block whose body has the payload.
	pub proposed_in: BlockNumber,
	/// Rules version that the block is proven by.
	pub rules_version: u32,
	/// Fee for a unit of gas at the proposal.
	pub fee_per_gas: u32,
	/// Price of a unit of gas: the maximum at the proposal, that of the assigned prover after it.
	pub reward_per_gas: u32,
	/// Amount on hold: the maximum price of all gas that can be charged.
	pub deposit: Balance,
	/// Phase of the block.
	pub phase: Phase<AccountId>,
	/// `true` while the pool counts the block as outstanding for its assigned prover.
	pub is_outstanding: bool,
	/// Transition of the block, waiting or proven.
	pub transition: Option<StoredTransition<AccountId>>,
}

/// Phase of an unsettled block.
#[derive(Encode, Decode, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub enum Phase<AccountId> {
	/// The draw is still to come.
	Undrawn,
	/// Open to anyone, because no prover was drawn.
	Open,
	/// Reserved for its assigned prover until the deadline.
	Assigned(Assigned<AccountId>),
	/// Open to anyone after the deadline. The assigned prover is slashed when the block settles.
	Missed(Assigned<AccountId>),
	/// Open to anyone by an override or a key replacement. No prover is slashed.
	Opened(Assigned<AccountId>),
}

/// Assignment of a block to the prover that was drawn for it.
#[derive(Encode, Decode, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct Assigned<AccountId> {
	/// Assigned prover.
	pub prover: AccountId,
	/// Time of the draw, in seconds of the clock.
	pub drawn_at: u64,
	/// Proof window, in seconds, before the bound of an earlier block's deadline.
	pub window: u64,
	/// Last second of the assignment.
	pub deadline: u64,
	/// `true` after a proof with priority was executed for the block.
	pub has_used_lane: bool,
}

/// Transition of a block.
#[derive(Encode, Decode, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct StoredTransition<AccountId> {
	/// Transition in force.
	pub transition: Transition,
	/// Account that the proof names. `None` if an override made the transition without a proof.
	pub prover: Option<AccountId>,
	/// Time of the storing, in seconds of the clock.
	pub stored_at: u64,
	/// `true` if the assigned prover brought it while the block was reserved for it.
	pub is_timely: bool,
	/// Time at which the block became proven. `None` while the transition waits for the first time.
	pub proven_at: Option<u64>,
	/// Proven state root, while an override replaces it.
	pub overridden: Option<Hash>,
	/// Number of key replacements before the proof.
	pub key_replacements: u32,
}

impl<AccountId> StoredTransition<AccountId> {
	/// Returns the account to be paid. An override pays none.
	pub fn payee(&self) -> Option<&AccountId> {
		self.prover.as_ref().filter(|_| self.overridden.is_none())
	}

	/// Returns `true` if the transition builds on `state_root`.
	pub fn builds_on(&self, state_root: &Hash) -> bool {
		self.transition.parent_state_root == *state_root
	}
}

impl<AccountId: Clone, Balance, BlockNumber> RollupBlock<AccountId, Balance, BlockNumber> {
	/// Returns the assignment, also of a missed or opened block.
	pub fn assignment(&self) -> Option<&Assigned<AccountId>> {
		match &self.phase {
			Phase::Assigned(assigned) | Phase::Missed(assigned) | Phase::Opened(assigned) => {
				Some(assigned)
			},
			Phase::Undrawn | Phase::Open => None,
		}
	}

	/// Returns the assignment while the block is reserved for its prover at `now`.
	pub fn reservation(&self, now: u64) -> Option<&Assigned<AccountId>> {
		match &self.phase {
			Phase::Assigned(assigned) if now <= assigned.deadline => Some(assigned),
			_ => None,
		}
	}

	/// Returns `true` if anyone may prove the block once it is next.
	pub fn is_open(&self) -> bool {
		matches!(self.phase, Phase::Open | Phase::Missed(_) | Phase::Opened(_))
	}

	/// Opens an assigned block after its deadline (R6). Returns its prover, and `None` for any other.
	pub fn miss(&mut self) -> Option<AccountId> {
		let Phase::Assigned(assigned) = &self.phase else {
			return None;
		};
		let prover = assigned.prover.clone();
		self.phase = Phase::Missed(assigned.clone());
		Some(prover)
	}

	/// Opens an assigned or missed block without a slash. Returns `false` for any other.
	pub fn open(&mut self) -> bool {
		let (Phase::Assigned(assigned) | Phase::Missed(assigned)) = &self.phase else {
			return false;
		};
		self.phase = Phase::Opened(assigned.clone());
		true
	}

	/// Returns `true` if the transition builds on `state_root`.
	pub fn has_transition_on(&self, state_root: &Hash) -> bool {
		self.transition.as_ref().is_some_and(|stored| stored.builds_on(state_root))
	}

	/// Returns `true` if the block is assigned, and its transition does not build on `state_root`.
	///
	/// An opened block keeps such a transition, because an override can be undone (R12).
	pub fn is_misfit(&self, state_root: &Hash) -> bool {
		matches!(self.phase, Phase::Assigned(_))
			&& self.transition.as_ref().is_some_and(|stored| !stored.builds_on(state_root))
	}

	/// Drops a proof that does not count, and returns its prover.
	///
	/// The state root of an override stays, because no key has proven it.
	pub fn drop_proof(&mut self) -> Option<AccountId> {
		let stored = self.transition.as_mut()?;
		let prover = stored.prover.take()?;
		if stored.overridden.take().is_none() {
			self.transition = None;
		}
		Some(prover)
	}

	/// Replaces the state root after the block (R12).
	///
	/// `parent_state_root` is that before the block. A proof on it stays known, so that an override
	/// by the proven root restores it. Returns the prover of any other proof, which is discarded.
	pub fn override_root(
		&mut self,
		parent_state_root: Hash,
		state_root: Hash,
		now: u64,
	) -> Option<AccountId> {
		let is_kept = |stored: &StoredTransition<_>| {
			stored.prover.is_some() && stored.builds_on(&parent_state_root)
		};
		let discarded = self.transition.take_if(|stored| !is_kept(stored));
		let stored = self.transition.get_or_insert(StoredTransition {
			transition: Transition { parent_state_root, state_root, gas_used: 0 },
			prover: None,
			stored_at: now,
			is_timely: false,
			proven_at: None,
			overridden: None,
			key_replacements: 0,
		});
		let proven_root = stored.overridden.unwrap_or(stored.transition.state_root);
		stored.overridden = (proven_root != state_root).then_some(proven_root);
		stored.transition.state_root = state_root;
		stored.proven_at = Some(now);
		discarded.and_then(|stored| stored.prover)
	}

	/// Returns the statement that a proof of `transition` by `prover` must show.
	pub fn statement(
		&self,
		chain: Hash,
		block_id: BlockId,
		transition: Transition,
		prover: AccountId,
	) -> Statement<AccountId> {
		Statement {
			chain,
			block_id,
			payload_hash: self.payload_hash,
			payload_size: self.payload_size,
			gas_limit: self.gas_limit,
			transition,
			prover,
		}
	}
}

/// Block, as a client reads it.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub enum BlockStatus<Block> {
	/// The block is not settled.
	Unsettled(Block),
	/// The block is settled and its entry removed. The event `BlockSettled` names its prover.
	Settled,
}
