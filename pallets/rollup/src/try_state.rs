// SPDX-License-Identifier: Apache-2.0

//! Invariants of the state.

use crate::{
	block::Phase,
	pallet::*,
	types::{BlockKey, RollupState},
};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::{
	ensure,
	traits::{fungible::hold::Inspect as _, Get},
};
use prover_pool_primitives::{BlockId, Hash, ProverPool};
use sp_runtime::{
	traits::{CheckedAdd, Zero},
	TryRuntimeError,
};

type CheckResult = Result<(), TryRuntimeError>;

/// Amount of each account.
type Sums<T> = BTreeMap<<T as frame_system::Config>::AccountId, BalanceOf<T>>;
/// Number of outstanding blocks of each account.
type Counts<T> = BTreeMap<<T as frame_system::Config>::AccountId, u32>;

/// Results of the walk over the queue.
struct Walk<T: Config> {
	root: Hash,
	deadline: u64,
	version: u32,
	proposed_in: frame_system::pallet_prelude::BlockNumberFor<T>,
	deposits: Sums<T>,
	outstanding: Counts<T>,
}

impl<T: Config> Pallet<T> {
	/// Checks every rule that the state alone can show.
	///
	/// 1. Positions: `settled ≤ proven ≤ drawn ≤ proposed`. Sweep and opening are not ahead of
	///    `drawn`. Exactly the blocks after `settled` have entries, at most `MaxUnsettledBlocks`.
	/// 2. Order: chain blocks and rules versions do not fall from block to block, nor do deadlines.
	/// 3. Roots: the transitions from `settled` to `proven` build on each other.
	/// 4. Phases: exactly the blocks after `drawn` are undrawn. A block that the sweep has passed is not
	///    assigned without a transition, and one that was opened at once is neither assigned nor missed.
	/// 5. Transitions: within the gas limit, not in the future, and on an unproven open block only
	///    if it was opened with it. No key replacement is beyond their number.
	/// 6. Money: each account has on hold no more than the deposits of its unsettled blocks (R17),
	///    and a deposit covers the price of the limit. An account can have less on hold, because
	///    root can shorten any hold by `force_unreserve`.
	/// 7. Pool: each account has as many blocks outstanding as are assigned and not released (R18).
	///    A prover that can still be slashed for a block is not released, and that of an opened
	///    block is.
	pub fn do_try_state() -> CheckResult {
		let state = State::<T>::get();
		Self::check_positions(&state)?;
		ensure!(
			ReplacedKeys::<T>::iter_values().all(|last| last <= state.key_replacements),
			"5: a key was replaced after the last key replacement"
		);
		let mut walk = Walk::<T> {
			root: state.settled_root,
			deadline: 0,
			version: 0,
			proposed_in: Zero::zero(),
			deposits: Default::default(),
			outstanding: Default::default(),
		};
		for block_id in state.settled.saturating_add(1)..=state.proposed {
			let block = Blocks::<T>::get(BlockKey::from(block_id))
				.ok_or("1: an unsettled block has no entry")?;
			walk.check_order(&block)?;
			if block_id <= state.proven {
				walk.check_root(&block)?;
			}
			Self::check_phase(&state, block_id, &block)?;
			Self::check_transition(&state, block_id, &block)?;
			Self::check_deposit(&block)?;
			walk.sum(block)?;
		}
		ensure!(walk.root == state.proven_root, "3: the proven root is not that of the blocks");
		ensure!(walk.deadline <= state.last_deadline, "2: a deadline is after the last one");
		Self::check_accounts(&walk)
	}

	fn check_positions(state: &RollupState) -> CheckResult {
		ensure!(
			state.settled <= state.proven
				&& state.proven <= state.drawn
				&& state.drawn <= state.proposed,
			"1: the positions are out of order"
		);
		ensure!(state.swept <= state.drawn, "1: a block was swept before the draw");
		ensure!(state.opening.to <= state.drawn, "1: a block was opened before the draw");
		ensure!(
			state.unsettled() <= T::MaxUnsettledBlocks::get().into(),
			"1: there are too many unsettled blocks"
		);
		ensure!(
			Blocks::<T>::iter_keys().count() as u64 == state.unsettled(),
			"1: a block has an entry that is settled or not proposed"
		);
		Ok(())
	}

	fn check_phase(state: &RollupState, id: BlockId, block: &RollupBlockOf<T>) -> CheckResult {
		ensure!(
			(id > state.drawn) == matches!(block.phase, Phase::Undrawn),
			"4: a block is drawn before or after its turn"
		);
		let is_missed = matches!(block.phase, Phase::Assigned(_)) && block.transition.is_none();
		let is_passed = id <= state.swept && !state.is_opening(id);
		ensure!(!(is_missed && is_passed), "4: the sweep passed over a miss");
		let is_to_open = matches!(block.phase, Phase::Assigned(_) | Phase::Missed(_));
		let is_swept = id <= state.opening.to && !state.is_opening(id);
		ensure!(
			id <= state.proven || !(is_to_open && is_swept),
			"4: the sweep passed over a block to open"
		);
		let is_outstanding = match &block.phase {
			Phase::Undrawn | Phase::Open | Phase::Opened(_) => false,
			// The block was released if it was proven before it was opened by its position.
			Phase::Assigned(_) if state.is_opening(id) => block.is_outstanding,
			Phase::Assigned(_) => id > state.proven,
			Phase::Missed(_) => true,
		};
		ensure!(block.is_outstanding == is_outstanding, "7: a block is outstanding out of turn");
		Ok(())
	}

	fn check_transition(state: &RollupState, id: BlockId, block: &RollupBlockOf<T>) -> CheckResult {
		let Some(stored) = &block.transition else {
			return Ok(());
		};
		let now = state.clock.now();
		ensure!(
			stored.transition.gas_used <= block.gas_limit,
			"5: more gas is used than the limit"
		);
		ensure!(stored.stored_at <= now, "5: a transition is from the future");
		ensure!(
			stored.key_replacements <= state.key_replacements,
			"5: a transition is from after the last key replacement"
		);
		ensure!(stored.proven_at.is_none_or(|at| at <= now), "5: a proof is from the future");
		ensure!(!matches!(block.phase, Phase::Undrawn), "5: an undrawn block has a transition");
		let is_missed = matches!(block.phase, Phase::Missed(_));
		ensure!(
			id <= state.proven || !is_missed || state.is_opening(id),
			"5: a missed block has a transition that does not count"
		);
		Ok(())
	}

	fn check_deposit(block: &RollupBlockOf<T>) -> CheckResult {
		let price = Self::price_of(block.payload_size, block.gas_limit, block.reward_per_gas)
			.map_err(|_| "6: the price of a block does not fit the currency")?;
		ensure!(price <= block.deposit, "6: a deposit does not cover the price");
		Ok(())
	}

	/// Checks the holds and the outstanding blocks of every account.
	fn check_accounts(walk: &Walk<T>) -> CheckResult {
		let reason = HoldReason::Deposit.into();
		let accounts: BTreeSet<_> = frame_system::Account::<T>::iter_keys()
			.chain(walk.outstanding.keys().cloned())
			.collect();
		for who in accounts {
			// The record of a hold exceeds the balance on hold after `force_unreserve`, which can
			// also leave less on hold than the deposits.
			let held = T::Currency::balance_on_hold(&reason, &who)
				.min(T::Currency::total_balance_on_hold(&who));
			let owed = walk.deposits.get(&who).copied().unwrap_or_default();
			ensure!(held <= owed, "6: a hold is left behind");
			let outstanding = walk.outstanding.get(&who).copied().unwrap_or_default();
			ensure!(
				T::ProverPool::outstanding(&who) == outstanding,
				"7: the pool counts other outstanding blocks than are assigned"
			);
		}
		Ok(())
	}
}

impl<T: Config> Walk<T> {
	fn check_order(&mut self, block: &RollupBlockOf<T>) -> CheckResult {
		ensure!(self.proposed_in <= block.proposed_in, "2: chain blocks are out of order");
		ensure!(self.version <= block.rules_version, "2: rules versions are out of order");
		self.proposed_in = block.proposed_in;
		self.version = block.rules_version;
		if let Some(assigned) = block.assignment() {
			ensure!(self.deadline <= assigned.deadline, "2: deadlines are out of order");
			ensure!(assigned.drawn_at <= assigned.deadline, "2: a deadline is before its draw");
			self.deadline = assigned.deadline;
		}
		Ok(())
	}

	/// Checks the transition of a proven block.
	fn check_root(&mut self, block: &RollupBlockOf<T>) -> CheckResult {
		let stored = block.transition.as_ref().ok_or("3: a proven block has no transition")?;
		ensure!(stored.builds_on(&self.root), "3: a proven transition is on another root");
		ensure!(stored.proven_at.is_some(), "3: a proven block has no time of its proof");
		self.root = stored.transition.state_root;
		Ok(())
	}

	/// Adds a block to the sums of its accounts.
	fn sum(&mut self, block: RollupBlockOf<T>) -> CheckResult {
		if let Some(assigned) = block.assignment().filter(|_| block.is_outstanding) {
			// Cannot overflow: at most `MaxUnsettledBlocks`.
			*self.outstanding.entry(assigned.prover.clone()).or_default() += 1;
		}
		let sum = self.deposits.entry(block.proposer).or_insert_with(Zero::zero);
		*sum = sum.checked_add(&block.deposit).ok_or("6: deposits do not fit the currency")?;
		Ok(())
	}
}
