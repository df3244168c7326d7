// SPDX-License-Identifier: Apache-2.0

//! Settlement of a block: rules R6 to R9.

use crate::{
	block::{Phase, StoredTransition},
	pallet::*,
	rules::{bounty, economy},
	types::{BlockKey, RollupState},
	weights::WeightInfo as _,
};
use frame_support::{
	defensive,
	pallet_prelude::*,
	storage::with_storage_layer,
	traits::{
		fungible::{
			hold::{Balanced as _, Inspect as _, Mutate as _},
			Balanced as _,
		},
		tokens::{Fortitude, Precision, Restriction},
		Imbalance as _, OnUnbalanced,
	},
	weights::WeightMeter,
};
use prover_pool_primitives::{BlockId, ProverPool};
use sp_runtime::{
	traits::{Saturating, Zero},
	FixedU128,
};

impl<T: Config> Pallet<T> {
	/// Settles blocks in order while their cooldown has passed.
	pub(crate) fn settle_due(state: &mut RollupState, meter: &mut WeightMeter) {
		let max_weight = Self::settle_weight().saturating_add(Self::miss_weight());
		for _ in 0..T::MaxSettledPerBlock::get() {
			if state.settled >= state.proven || !meter.can_consume(max_weight) {
				break;
			}
			meter.consume(Self::settle_weight());
			let block_id = state.settled.saturating_add(1);
			let Some(mut block) = Blocks::<T>::get(BlockKey::from(block_id)) else {
				defensive!("an unsettled block is in storage");
				break;
			};
			let Some(stored) = block.transition.take() else {
				defensive!("a proven block has a transition");
				break;
			};
			if !Self::has_cooled_down(state, &stored) {
				break;
			}
			if matches!(block.phase, Phase::Missed(_)) {
				meter.consume(Self::miss_weight());
			}
			Self::settle(state, block_id, block, stored);
		}
	}

	/// Returns the weight to settle a block that was not missed.
	pub(crate) fn settle_weight() -> Weight {
		T::WeightInfo::settle(1)
	}

	/// Returns the weight that a miss adds to a settlement.
	pub(crate) fn miss_weight() -> Weight {
		T::ProverPool::slash_weight()
			.saturating_add(T::ProverPool::release_weight())
			.saturating_add(T::WeightInfo::pay_bounty())
	}

	/// Returns `true` if the cooldown of a proven transition has passed.
	fn has_cooled_down(state: &RollupState, stored: &StoredTransition<T::AccountId>) -> bool {
		let cooldown = state.parameters.cooldown;
		stored
			.proven_at
			.and_then(|proven_at| state.clock.now().checked_sub(proven_at))
			.is_some_and(|passed| passed >= cooldown)
	}

	/// Settles a block. Nothing that an account does or lacks can fail it (R8).
	fn settle(
		state: &mut RollupState,
		block_id: BlockId,
		mut block: RollupBlockOf<T>,
		stored: StoredTransition<T::AccountId>,
	) {
		let prover = stored.payee().cloned();
		let gross = Self::gross_reward(&block, &stored);
		let due = Self::reward(&block, &stored, gross);
		let reward = match &prover {
			Some(prover) => Self::pay_reward(&block.proposer, prover, due),
			None => Zero::zero(),
		};
		// Cannot underflow: the reward is a part of the deposit.
		let refund = Self::refund(&block.proposer, block.deposit.saturating_sub(reward));
		let (slashed, bounty) = match (&block.phase, &prover) {
			(Phase::Missed(assigned), Some(prover)) => {
				let missed_by = assigned.prover.clone();
				let slash = T::ProverPool::slash(&missed_by, block_id, gross);
				(slash.peek(), Self::pay_bounty(state, prover, slash, reward))
			},
			_ => Default::default(),
		};
		Self::release(&mut block);
		Self::learn(state, &block, &stored);

		let state_root = stored.transition.state_root;
		state.settled = block_id;
		state.settled_root = state_root;
		Blocks::<T>::remove(BlockKey::from(block_id));
		Self::deposit_event(Event::BlockSettled {
			block_id,
			state_root,
			prover,
			reward,
			refund,
			slashed,
			bounty,
		});
	}

	/// Returns the price of the gas charged.
	fn gross_reward(
		block: &RollupBlockOf<T>,
		stored: &StoredTransition<T::AccountId>,
	) -> BalanceOf<T> {
		// Cannot overflow: at most the deposit, because the gas is within the limit.
		Self::price_of(block.payload_size, stored.transition.gas_used, block.reward_per_gas)
			.unwrap_or(block.deposit)
			.min(block.deposit)
	}

	/// Returns the reward: `gross` less the penalty for the delay of the assigned prover (R9).
	fn reward(
		block: &RollupBlockOf<T>,
		stored: &StoredTransition<T::AccountId>,
		gross: BalanceOf<T>,
	) -> BalanceOf<T> {
		match block.assignment() {
			Some(assigned) if stored.is_timely => economy::reward_after_delay(
				gross,
				stored.stored_at.saturating_sub(assigned.drawn_at),
				assigned.deadline.saturating_sub(assigned.drawn_at),
				T::RewardMaxDelayPenalty::get(),
			),
			_ => gross,
		}
	}

	/// Pays a reward out of the proposer's hold, as far as it suffices. Returns the amount paid: 0
	/// if the prover's account cannot receive it.
	fn pay_reward(
		proposer: &T::AccountId,
		prover: &T::AccountId,
		due: BalanceOf<T>,
	) -> BalanceOf<T> {
		if due.is_zero() {
			return due;
		}
		let reason = HoldReason::Deposit.into();
		// A failed transfer may have changed the storage.
		with_storage_layer(|| {
			T::Currency::transfer_on_hold(
				&reason,
				proposer,
				prover,
				due,
				Precision::BestEffort,
				Restriction::Free,
				Fortitude::Force,
			)
		})
		.unwrap_or_default()
	}

	/// Releases the rest of a deposit, as far as it is on hold. Returns the amount released.
	///
	/// The record of a hold exceeds the balance on hold after `force_unreserve`.
	/// A rest that the proposer's account cannot receive is slashed, so that no hold is left behind.
	fn refund(proposer: &T::AccountId, rest: BalanceOf<T>) -> BalanceOf<T> {
		let reason = HoldReason::Deposit.into();
		let rest = rest
			.min(T::Currency::balance_on_hold(&reason, proposer))
			.min(T::Currency::total_balance_on_hold(proposer));
		if rest.is_zero() {
			return rest;
		}
		let released = with_storage_layer(|| {
			T::Currency::release(&reason, proposer, rest, Precision::BestEffort)
		});
		released.unwrap_or_else(|_| {
			let (credit, _) = T::Currency::slash(&reason, proposer, rest);
			T::OnSlash::on_unbalanced(credit);
			Zero::zero()
		})
	}

	/// Pays the bounty out of a slash and passes on the rest. Returns the bounty paid (R7).
	pub(crate) fn pay_bounty(
		state: &RollupState,
		prover: &T::AccountId,
		slash: CreditOf<T>,
		paid: BalanceOf<T>,
	) -> BalanceOf<T> {
		let share = state.parameters.rescuer_share;
		let bounty = bounty::bounty(slash.peek(), share, paid, T::BountyMultiplier::get());
		let (credit, rest) = slash.split(bounty);
		if !rest.peek().is_zero() {
			T::OnSlash::on_unbalanced(rest);
		}
		if bounty.is_zero() {
			return bounty;
		}
		match T::Currency::resolve(prover, credit) {
			Ok(()) => bounty,
			Err(credit) => {
				T::OnSlash::on_unbalanced(credit);
				Zero::zero()
			},
		}
	}

	/// Moves the averages, by the gas that the block used (R9).
	///
	/// A timely proof is a sample of fee and delay. A missed block is a sample of the delay: its own
	/// window for the gas charged at the limit. Other blocks are no samples.
	fn learn(
		state: &mut RollupState,
		block: &RollupBlockOf<T>,
		stored: &StoredTransition<T::AccountId>,
	) {
		let Some(assigned) = block.assignment().filter(|_| stored.payee().is_some()) else {
			return;
		};
		let (gas_used, length) = (stored.transition.gas_used, T::AverageGas::get());
		let (seconds, gas) = if stored.is_timely {
			let price = FixedU128::from_u32(block.reward_per_gas);
			state.fee.update(price, gas_used, length);
			(stored.stored_at.saturating_sub(assigned.drawn_at), gas_used)
		} else if matches!(block.phase, Phase::Missed(_)) {
			(assigned.window, block.gas_limit)
		} else {
			return;
		};
		let charged = Self::gas_charged(block.payload_size, gas);
		state.delay.update(economy::delay_per_gas(seconds, charged), gas_used, length);
	}
}
