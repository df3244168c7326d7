// SPDX-License-Identifier: Apache-2.0

//! How blocks are settled, and who is paid what.

use crate::{economy, pallet::*, prove::Refreshed, types::*, weights::WeightInfo as _};
use frame_support::{
	pallet_prelude::*,
	storage::with_storage_layer,
	traits::{
		fungible::{
			hold::{Balanced as _, Mutate as _},
			Inspect as _,
		},
		tokens::{DepositConsequence, Fortitude, Precision, Provenance, Restriction},
		OnUnbalanced,
	},
	weights::WeightMeter,
};
use sp_runtime::traits::{Saturating, UniqueSaturatedInto, Zero};

/// What came of the attempt to settle a block.
#[derive(Default)]
struct Step {
	/// Whether it is settled.
	has_settled: bool,
	/// Whether its prover was slashed, because the window had closed and nobody had noticed yet.
	has_missed: bool,
}

impl<T: Config> Pallet<T> {
	/// Settles blocks in order, as long as `meter` has weight and not more than `max`. Returns how
	/// many it settled. If one cannot be settled, nothing of it is done and the error is told; those
	/// before it stay settled.
	pub(crate) fn settle(max: u32, meter: &mut WeightMeter) -> Result<u32, DispatchError> {
		let mut settled = 0u32;
		while settled < max
			&& RollupProgress::<T>::get().unsettled() > 0
			&& meter.can_consume(Self::settle_weight())
		{
			// A hook has no transaction of its own.
			let step = with_storage_layer(Self::settle_next);
			meter.consume(Self::settle_weight_in_time());
			// What failed may have slashed before it was undone.
			if step.as_ref().map_or(true, |step| step.has_missed) {
				meter.consume(Self::slash_weight());
			}
			let step = step?;
			if !step.has_settled {
				break;
			}
			// At most `max`.
			settled = settled.saturating_add(1);
		}
		Ok(settled)
	}

	/// What `settle_blocks` weighs at most.
	pub(crate) fn settle_blocks_weight(max_blocks: u32) -> Weight {
		let blocks = max_blocks.min(T::MaxSettledPerBlock::get());
		T::WeightInfo::settle_blocks(0)
			.saturating_add(Self::settle_weight().saturating_mul(blocks.into()))
	}

	/// What settling one block weighs at most: its window may close first.
	pub(crate) fn settle_weight() -> Weight {
		Self::settle_weight_in_time().saturating_add(Self::slash_weight())
	}

	/// What it weighs where nobody is slashed.
	pub(crate) fn settle_weight_in_time() -> Weight {
		T::WeightInfo::settle_blocks(1).saturating_sub(T::WeightInfo::settle_blocks(0))
	}

	/// Settles the oldest block, if it is proven on the settled state and its cooldown is over.
	fn settle_next() -> Result<Step, DispatchError> {
		let now = Self::now();
		let mut progress = RollupProgress::<T>::get();
		let block_id = progress.next();
		let Some(mut block) = Blocks::<T>::get(block_id) else {
			return Ok(Step::default());
		};
		let Refreshed { has_changed, has_missed } =
			Self::refresh(&progress, block_id, &mut block, now);
		let proven = block
			.transition_on(progress.state)
			.filter(|proven| now.saturating_sub(proven.proven_at) >= T::Cooldown::get())
			.cloned();
		let Some(proven) = proven else {
			if has_changed {
				Blocks::<T>::insert(block_id, block);
			}
			return Ok(Step { has_settled: false, has_missed });
		};

		// Nobody proved what an override settles.
		let prover = proven.overridden.is_none().then_some(&proven.prover);
		let bounty = Self::pay_bounty(&block, prover)?;
		let reward = Self::pay_reward(&block, &proven, prover)?;
		// At most the deposit.
		let refund = Self::refund(&block.proposer, block.deposit.saturating_sub(reward))?;

		progress.settled = block_id;
		progress.state = proven.transition.state_root;
		if block.state == BlockState::Open {
			// Counted when it was proposed.
			progress.open = progress.open.saturating_sub(1);
		}
		if prover.is_some() {
			Self::learn(&mut progress, &block, &proven);
		}
		let new_state = progress.state;
		RollupProgress::<T>::put(progress);
		Blocks::<T>::remove(block_id);
		Self::deposit_event(Event::BlockSettled {
			block_id,
			new_state,
			prover: prover.cloned(),
			reward,
			bounty,
			refund,
		});
		Ok(Step { has_settled: true, has_missed })
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
		let delay =
			proven.proven_at.saturating_sub(block.proposed_at).min(T::MaxProofWindow::get());
		progress.proof_delay.update(delay.unique_saturated_into(), length);
	}

	/// Pays the prover of a block out of the proposer's deposit. Returns what was paid.
	fn pay_reward(
		block: &RollupBlockOf<T>,
		proven: &ProvenTransition<T::AccountId>,
		prover: Option<&T::AccountId>,
	) -> Result<BalanceOf<T>, DispatchError> {
		let reward = Self::reward(block, proven);
		match prover.filter(|prover| Self::can_be_paid(prover, reward)) {
			Some(prover) => Self::transfer(HoldReason::Deposit, &block.proposer, prover, reward),
			None => Ok(Zero::zero()),
		}
	}

	/// Gives the proposer the rest of its deposit back. Returns what it has back: nothing, if its
	/// account cannot take it, which then goes where slashes go.
	fn refund(proposer: &T::AccountId, rest: BalanceOf<T>) -> Result<BalanceOf<T>, DispatchError> {
		let reason = HoldReason::Deposit.into();
		if Self::can_be_paid(proposer, rest) {
			return T::Currency::release(&reason, proposer, rest, Precision::Exact);
		}
		let (slash, _) = T::Currency::slash(&reason, proposer, rest);
		T::OnSlash::on_unbalanced(slash);
		Ok(Zero::zero())
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
	fn pay_bounty(
		block: &RollupBlockOf<T>,
		rescuer: Option<&T::AccountId>,
	) -> Result<BalanceOf<T>, DispatchError> {
		let BlockState::Missed { prover, bounty } = &block.state else {
			return Ok(Zero::zero());
		};
		let rescuer =
			rescuer.filter(|rescuer| *rescuer != prover && Self::can_be_paid(rescuer, *bounty));
		if let Some(rescuer) = rescuer {
			return Self::transfer(HoldReason::Bounty, prover, rescuer, *bounty);
		}
		let (slash, _) = T::Currency::slash(&HoldReason::Bounty.into(), prover, *bounty);
		T::OnSlash::on_unbalanced(slash);
		Ok(Zero::zero())
	}

	/// Whether an account can be paid so much: one that does not exist cannot take less than the
	/// existential deposit. Nobody's account stops the settlement.
	fn can_be_paid(who: &T::AccountId, amount: BalanceOf<T>) -> bool {
		T::Currency::can_deposit(who, amount, Provenance::Extant) == DepositConsequence::Success
	}

	/// Pays what is on hold to somebody else, all or nothing, also when the balance is frozen for
	/// another reason.
	fn transfer(
		reason: HoldReason,
		from: &T::AccountId,
		to: &T::AccountId,
		amount: BalanceOf<T>,
	) -> Result<BalanceOf<T>, DispatchError> {
		if amount.is_zero() {
			return Ok(amount);
		}
		T::Currency::transfer_on_hold(
			&reason.into(),
			from,
			to,
			amount,
			Precision::Exact,
			Restriction::Free,
			Fortitude::Force,
		)
	}
}
