// SPDX-License-Identifier: Apache-2.0

//! What always holds, whatever was called.

use crate::{pallet::*, types::BlockState};
use alloc::collections::BTreeMap;
use frame_support::{
	ensure,
	traits::{fungible::hold::Inspect as _, Get},
};
use sp_runtime::{
	traits::{CheckedAdd, Zero},
	TryRuntimeError,
};

impl<T: Config> Pallet<T> {
	/// Checks every rule that state alone can show.
	///
	/// 1. Blocks: exactly those after the settled ones up to the last that was proposed, and no
	///    more than `MaxUnsettledBlocks`.
	/// 2. Windows: none at or before `closed`, and they close in the order of the blocks.
	/// 3. Money: what a proposer has on hold is the sum of its unsettled blocks' rewards. Accounts
	///    without an unsettled block are not looked at: holds cannot be listed.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		let progress = RollupProgress::<T>::get();
		ensure!(
			progress.settled <= progress.proposed,
			"1: settled before it was proposed"
		);
		ensure!(
			progress.closed <= progress.proposed,
			"2: closed before it was proposed"
		);
		let unsettled = progress.proposed - progress.settled;
		ensure!(
			unsettled <= T::MaxUnsettledBlocks::get().into(),
			"1: too many unsettled blocks"
		);
		ensure!(
			Blocks::<T>::iter_keys().count() as u64 == unsettled,
			"1: a block is kept that was settled or never proposed"
		);

		let mut held = BTreeMap::<T::AccountId, BalanceOf<T>>::new();
		let mut latest = 0;
		for block_id in progress.settled + 1..=progress.proposed {
			let block = Blocks::<T>::get(block_id).ok_or("1: an unsettled block is missing")?;
			if let BlockState::Assigned { closes_at, .. } = block.state {
				ensure!(
					block_id > progress.closed,
					"2: a window is open that was closed"
				);
				ensure!(
					closes_at >= latest,
					"2: windows do not close in the order of the blocks"
				);
				latest = closes_at;
			}
			let sum = held.entry(block.proposer).or_insert_with(Zero::zero);
			*sum = sum
				.checked_add(&block.reward)
				.ok_or("3: rewards do not fit the currency")?;
		}
		ensure!(
			latest <= progress.closes_at,
			"2: a window closes after the latest one"
		);
		for (proposer, rewards) in held {
			ensure!(
				T::Currency::balance_on_hold(&HoldReason::Reward.into(), &proposer) == rewards,
				"3: the hold is not the sum of the rewards"
			);
		}
		Ok(())
	}
}
