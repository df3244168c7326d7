// SPDX-License-Identifier: Apache-2.0

//! How blocks are settled, and who is paid what.

use crate::{economy, pallet::*, types::*, weights::WeightInfo as _};
use frame_support::{
	defensive,
	pallet_prelude::*,
	storage::with_storage_layer,
	traits::{
		fungible::hold::{Balanced as _, Mutate as _},
		tokens::{Fortitude, Precision, Restriction},
		Defensive, OnUnbalanced,
	},
	weights::WeightMeter,
};
use sp_runtime::traits::{Saturating, UniqueSaturatedInto, Zero};

/// Who is paid what for a block.
struct Payment<Balance> {
	/// From the proposer to the prover.
	reward: Balance,
	/// From the prover that missed the block to the one that rescued it.
	bounty: Balance,
	/// Back to the proposer.
	refund: Balance,
}

impl<T: Config> Pallet<T> {
	/// Settles blocks in order, as long as `meter` has weight and not more than `max`. Returns how
	/// many it settled.
	pub(crate) fn settle(max: u32, meter: &mut WeightMeter) -> u32 {
		let mut progress = RollupProgress::<T>::get();
		let mut settled = 0;
		while settled < max
			&& progress.unsettled() > 0
			&& meter.try_consume(Self::settle_weight()).is_ok()
			&& Self::settle_next(&mut progress)
		{
			// At most `max`.
			settled = settled.saturating_add(1);
		}
		if settled > 0 {
			RollupProgress::<T>::put(progress);
		}
		settled
	}

	/// What `settle_blocks` weighs at most.
	pub(crate) fn settle_blocks_weight(max_blocks: u32) -> Weight {
		let blocks = max_blocks.min(T::MaxSettledPerBlock::get());
		T::WeightInfo::settle_blocks()
			.saturating_add(Self::settle_weight().saturating_mul(blocks.into()))
	}

	/// What settling one block weighs at most: its window may close first.
	pub(crate) fn settle_weight() -> Weight {
		T::WeightInfo::settle_block().saturating_add(Self::slash_weight())
	}

	/// Settles the oldest block, if it is proven on the settled state and its cooldown is over;
	/// tells whether so.
	fn settle_next(progress: &mut Progress) -> bool {
		let now = Self::now();
		let block_id = progress.next();
		let Some(mut block) = Blocks::<T>::get(block_id) else {
			defensive!("a block that is not settled is in storage");
			return false;
		};
		let has_changed = Self::refresh(progress, block_id, &mut block, now);
		let proven = block
			.transition_on(progress.state)
			.filter(|proven| now.saturating_sub(proven.proven_at) >= T::Cooldown::get())
			.cloned();
		let Some(proven) = proven else {
			if has_changed {
				Blocks::<T>::insert(block_id, block);
			}
			return false;
		};

		let Payment {
			reward,
			bounty,
			refund,
		} = Self::pay(&block, &proven);
		progress.overridden = proven.overridden.or_else(|| {
			let parent_state = progress.overridden?;
			let proven = block.transition_on(parent_state)?;
			Some(proven.overridden.unwrap_or(proven.transition.new_state))
		});
		progress.settled = block_id;
		progress.state = proven.transition.new_state;
		if block.state == BlockState::Open {
			// Counted when it was proposed.
			progress.open = progress.open.saturating_sub(1);
		}
		let is_paid = proven.overridden.is_none();
		if is_paid {
			Self::learn(progress, &block, &proven);
		}
		Blocks::<T>::remove(block_id);
		Self::deposit_event(Event::BlockSettled {
			block_id,
			new_state: progress.state,
			prover: is_paid.then_some(proven.prover),
			reward,
			bounty,
			refund,
		});
		true
	}

	/// Moves the averages towards what this block cost and how long its proof took.
	fn learn(
		progress: &mut Progress,
		block: &RollupBlockOf<T>,
		proven: &ProvenTransition<T::AccountId>,
	) {
		let length = T::AverageLength::get();
		progress.fee_per_gas.update(block.reward_per_gas, length);
		// Time does not run back, and what is longer than any window counts as the longest.
		let delay = proven
			.proven_at
			.saturating_sub(block.proposed_at)
			.min(T::MaxProofWindow::get());
		progress
			.proof_delay
			.update(delay.unique_saturated_into(), length);
	}

	/// Pays the prover of a block and gives the proposer the rest back.
	fn pay(
		block: &RollupBlockOf<T>,
		proven: &ProvenTransition<T::AccountId>,
	) -> Payment<BalanceOf<T>> {
		// Nobody proved what an override settles.
		let prover = proven.overridden.is_none().then_some(&proven.prover);
		let reward = Self::reward(block, proven);
		let is_paid = prover.is_some_and(|prover| {
			Self::transfer(HoldReason::Deposit, &block.proposer, prover, reward)
		});
		let reward = if is_paid { reward } else { Zero::zero() };
		// At most the deposit.
		let refund = block.deposit.saturating_sub(reward);
		// Releasing what is on hold does not fail.
		let _ = T::Currency::release(
			&HoldReason::Deposit.into(),
			&block.proposer,
			refund,
			Precision::BestEffort,
		)
		.defensive();
		Payment {
			reward,
			bounty: Self::pay_bounty(block, prover),
			refund,
		}
	}

	/// What the prover is paid: its price for the gas that was used and for the base, less the
	/// penalty for the delay.
	fn reward(block: &RollupBlockOf<T>, proven: &ProvenTransition<T::AccountId>) -> BalanceOf<T> {
		// Neither falls below 0: `do_prove` bounds the gas by the limit, and the deposit covers the
		// limit. Time does not run back.
		let unused_gas = block.gas_limit.saturating_sub(proven.transition.gas_used);
		let unused = BalanceOf::<T>::from(unused_gas).saturating_mul(block.reward_per_gas.into());
		economy::reward_after_delay(
			block.deposit.saturating_sub(unused),
			proven.proven_at.saturating_sub(block.proposed_at),
			block.closes_at.saturating_sub(block.proposed_at),
			T::RewardMaxDelayPenalty::get(),
		)
	}

	/// Pays the bounty of a missed block to the prover that rescued it; without one, and if it is
	/// the prover that missed it, the bounty goes where slashes go. Returns what was paid.
	fn pay_bounty(block: &RollupBlockOf<T>, rescuer: Option<&T::AccountId>) -> BalanceOf<T> {
		let BlockState::Missed { prover, bounty } = &block.state else {
			return Zero::zero();
		};
		let is_paid = rescuer.is_some_and(|rescuer| {
			rescuer != prover && Self::transfer(HoldReason::Bounty, prover, rescuer, *bounty)
		});
		if is_paid {
			return *bounty;
		}
		let (slash, _) = T::Currency::slash(&HoldReason::Bounty.into(), prover, *bounty);
		T::OnSlash::on_unbalanced(slash);
		Zero::zero()
	}

	/// Pays what is on hold to somebody else, all or nothing; tells whether so.
	///
	/// A balance that is frozen for another reason is paid all the same. An account that does not
	/// exist cannot be paid less than the existential deposit; nothing may stop the settlement.
	fn transfer(
		reason: HoldReason,
		from: &T::AccountId,
		to: &T::AccountId,
		amount: BalanceOf<T>,
	) -> bool {
		// A hook has no transaction of its own, and a transfer that fails may have begun.
		with_storage_layer(|| {
			T::Currency::transfer_on_hold(
				&reason.into(),
				from,
				to,
				amount,
				Precision::Exact,
				Restriction::Free,
				Fortitude::Force,
			)
		})
		.is_ok()
	}
}
