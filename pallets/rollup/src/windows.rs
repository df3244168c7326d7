// SPDX-License-Identifier: Apache-2.0

//! How windows close, and what a miss costs.

use crate::{
	economy::{BASIS_POINTS, MAX_RESCUER_SHARE},
	pallet::*,
	types::*,
	weights::WeightInfo as _,
};
use frame_support::{
	defensive,
	pallet_prelude::*,
	traits::{
		fungible::{hold::Mutate as _, Balanced as _},
		tokens::{Fortitude, Precision, Preservation},
		Imbalance as _, OnUnbalanced,
	},
};
use prover_pool_primitives::{BlockId, ProverPool};
use sp_runtime::{traits::Zero, Perbill};

impl<T: Config> Pallet<T> {
	/// Closes the windows that are over, in the order of the blocks and as many as a chain block
	/// may. Returns what it weighed.
	pub(crate) fn close_windows() -> Weight {
		let mut progress = RollupProgress::<T>::get();
		let before = progress.closed;
		// What is settled has no window, whether it was looked at or not.
		progress.closed = before.max(progress.settled);
		let (looked_at, missed) = Self::close_windows_after(&mut progress);
		if progress.closed != before {
			RollupProgress::<T>::put(progress);
		}
		T::WeightInfo::close_windows(looked_at)
			.saturating_add(Self::slash_weight().saturating_mul(missed.into()))
	}

	/// Closes windows of blocks after `closed`. Returns how many blocks it looked at, and how many
	/// of them were missed.
	fn close_windows_after(progress: &mut Progress) -> (u32, u32) {
		let now = Self::now();
		let (mut looked_at, mut missed) = (0u32, 0u32);
		while looked_at < T::MaxClosedPerBlock::get() && progress.closed < progress.proposed {
			// Neither exceeds the bound, nor the id `proposed`.
			looked_at = looked_at.saturating_add(1);
			let block_id = progress.closed.saturating_add(1);
			let Some(mut block) = Blocks::<T>::get(block_id) else {
				defensive!("a block that is not settled is in storage");
				break;
			};
			if now <= block.closes_at {
				// Windows close in the order of the blocks: none after this one is over.
				break;
			}
			if Self::close_window(progress, block_id, &mut block, now) {
				missed = missed.saturating_add(1);
				Blocks::<T>::insert(block_id, block);
			}
			progress.closed = block_id;
		}
		(looked_at, missed)
	}

	/// What noticing a miss adds to any step that may.
	pub(crate) fn slash_weight() -> Weight {
		T::ProverPool::slash_weight().saturating_add(T::WeightInfo::share_slash())
	}

	/// If the drawn prover has missed its window, slashes it and opens the block; tells whether so.
	pub(crate) fn close_window(
		progress: &Progress,
		block_id: BlockId,
		block: &mut RollupBlockOf<T>,
		now: u64,
	) -> bool {
		let is_spared = block_id <= progress.spared;
		let Some(prover) = block.missed_by(now, is_spared).cloned() else {
			return false;
		};
		let slash = T::ProverPool::slash(&prover, block_id, block.deposit);
		let bounty = Self::share(&prover, slash);
		block.state = BlockState::Missed { prover: prover.clone(), bounty };
		Self::deposit_event(Event::WindowClosed { block_id, missed_by: prover, bounty });
		true
	}

	/// Sets the rescuer's share of a slash aside and hands on the rest. Returns the share.
	pub(crate) fn share(prover: &T::AccountId, slash: CreditOf<T>) -> BalanceOf<T> {
		let share = T::RescuerShare::get().min(MAX_RESCUER_SHARE);
		let share = Perbill::from_rational(share, BASIS_POINTS).mul_floor(slash.peek());
		let (bounty, rest) = slash.split(share);
		T::OnSlash::on_unbalanced(rest);
		Self::hold_bounty(prover, bounty)
	}

	/// Puts what a rescuer will get on hold on the account of the prover that was slashed. Returns
	/// how much that is: nothing, if the account cannot hold it.
	fn hold_bounty(prover: &T::AccountId, bounty: CreditOf<T>) -> BalanceOf<T> {
		let amount = bounty.peek();
		if amount.is_zero() {
			return amount;
		}
		if let Err(bounty) = T::Currency::resolve(prover, bounty) {
			T::OnSlash::on_unbalanced(bounty);
			return Zero::zero();
		}
		if T::Currency::hold(&HoldReason::Bounty.into(), prover, amount).is_ok() {
			return amount;
		}
		// It may not stay with the prover.
		let taken = T::Currency::withdraw(
			prover,
			amount,
			Precision::BestEffort,
			Preservation::Expendable,
			Fortitude::Force,
		);
		T::OnSlash::on_unbalanced(taken.unwrap_or_default());
		Zero::zero()
	}
}
