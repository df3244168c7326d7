// SPDX-License-Identifier: Apache-2.0

//! What always holds, whatever was called.

use crate::{pallet::*, types::*};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::{
	ensure,
	traits::{fungible::hold::Inspect as _, Get},
};
use prover_pool_primitives::BlockId;
use sp_runtime::{
	traits::{CheckedAdd, Zero},
	TryRuntimeError,
};

impl<T: Config> Pallet<T> {
	/// Checks every rule that state alone can show.
	///
	/// 1. Blocks: exactly those after the settled ones up to the last that was proposed, and no
	///    more than `MaxUnsettledBlocks`; so many of them open as are counted.
	/// 2. Windows: they close in the order of the blocks; one up to `closed` that is still a
	///    prover's is one in which it proved something in time.
	/// 3. Transitions: on different parent states, within the gas limit; a block that has one is
	///    not outstanding, and an open block never was.
	/// 4. Money: what an account has on hold is the sum of the deposits of the unsettled blocks that
	///    it proposed, and of the bounties of those that it missed. Accounts without either are not
	///    looked at: holds cannot be listed.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		let progress = RollupProgress::<T>::get();
		ensure!(
			progress.settled <= progress.proposed
				&& progress.closed <= progress.proposed
				&& progress.spared <= progress.proposed,
			"1: settled, closed or spared before it was proposed"
		);
		ensure!(
			progress.unsettled() <= T::MaxUnsettledBlocks::get().into(),
			"1: too many unsettled blocks"
		);
		ensure!(
			Blocks::<T>::iter_keys().count() as u64 == progress.unsettled(),
			"1: a block is kept that was settled or never proposed"
		);

		let mut deposits = Sums::<T>::new();
		let mut bounties = Sums::<T>::new();
		let mut open = 0;
		let mut latest = 0;
		for block_id in progress.next()..=progress.proposed {
			let block = Blocks::<T>::get(block_id).ok_or("1: an unsettled block is missing")?;
			Self::check_window(&progress, block_id, &block, latest)?;
			Self::check_transitions(&block)?;
			latest = block.closes_at;
			match block.state {
				BlockState::Open => open += 1,
				BlockState::Missed { prover, bounty } => add::<T>(&mut bounties, prover, bounty)?,
				BlockState::Assigned { .. } => (),
			}
			add::<T>(&mut deposits, block.proposer, block.deposit)?;
		}
		ensure!(open == progress.open, "1: open blocks are miscounted");
		ensure!(latest <= progress.closes_at, "2: a window closes after the latest one");
		Self::check_holds(HoldReason::Deposit, deposits)?;
		Self::check_holds(HoldReason::Bounty, bounties)
	}

	fn check_window(
		progress: &Progress,
		block_id: BlockId,
		block: &RollupBlockOf<T>,
		latest: u64,
	) -> Result<(), TryRuntimeError> {
		ensure!(latest <= block.closes_at, "2: windows do not close in the order of the blocks");
		ensure!(
			block_id > progress.closed
				|| block.missed_by(u64::MAX, block_id <= progress.spared).is_none(),
			"2: a missed window was passed over"
		);
		Ok(())
	}

	fn check_transitions(block: &RollupBlockOf<T>) -> Result<(), TryRuntimeError> {
		let parents: BTreeSet<_> = block
			.transitions
			.iter()
			.map(|proven| proven.transition.parent_state_root)
			.collect();
		ensure!(parents.len() == block.transitions.len(), "3: two transitions on one parent state");
		ensure!(
			block
				.transitions
				.iter()
				.all(|proven| proven.transition.gas_used <= block.gas_limit),
			"3: more gas than the limit"
		);
		ensure!(
			!block.outstanding || (block.transitions.is_empty() && block.drawn().is_some()),
			"3: outstanding though proven, or drawn for nobody"
		);
		Ok(())
	}

	fn check_holds(reason: HoldReason, sums: Sums<T>) -> Result<(), TryRuntimeError> {
		let reason = reason.into();
		for (who, sum) in sums {
			ensure!(
				T::Currency::balance_on_hold(&reason, &who) == sum,
				"4: the hold is not what the blocks say"
			);
		}
		Ok(())
	}
}

/// What each account should have on hold.
type Sums<T> = BTreeMap<<T as frame_system::Config>::AccountId, BalanceOf<T>>;

fn add<T: Config>(
	sums: &mut Sums<T>,
	who: T::AccountId,
	amount: BalanceOf<T>,
) -> Result<(), TryRuntimeError> {
	let sum = sums.entry(who).or_insert_with(Zero::zero);
	*sum = sum.checked_add(&amount).ok_or("4: sums do not fit the currency")?;
	Ok(())
}
