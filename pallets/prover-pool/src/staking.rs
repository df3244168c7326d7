// SPDX-License-Identifier: Apache-2.0

//! The extrinsics and the reads: load, apply the rules, move holds, save, tell.

use crate::{
	pallet::*,
	rules::{
		draw,
		membership::{self, Offer, Slot},
	},
	types::{Prover, ProverId, Staker},
};
use alloc::vec::Vec;
use frame_support::{
	defensive, defensive_assert,
	pallet_prelude::*,
	traits::{
		fungible::hold::Mutate as _, tokens::Precision, DefensiveOption, DefensiveResult, UnixTime,
	},
};
use sp_runtime::traits::CheckedMul;

impl<T: Config> Pallet<T> {
	/// Enters the pool or takes a new place in it.
	pub(crate) fn do_stake(who: &T::AccountId, offer: Offer) -> DispatchResult {
		ensure!(
			offer.is_valid(T::MinCapacity::get(), T::MinStakePerCapacity::get()),
			Error::<T>::InvalidParams
		);
		let now = Self::now();
		let mut pool = Provers::<T>::get();
		let mut staker = Stakers::<T>::get(who).unwrap_or_default();

		Self::pay_mature_exit(who, &mut staker, now)?;
		if staker.prover_id.is_some() {
			ensure!(
				staker.may_change(now, T::MinChangeDelay::get()),
				Error::<T>::ChangeTooFrequent
			);
			Self::leave(&mut pool, who, &mut staker, now);
		}

		let slot = membership::find_slot(&pool.slots, Self::max_provers(), offer.amount)
			.ok_or(Error::<T>::ProverNotGoodEnough)?;
		let id = Self::claim_slot(&mut pool, slot, now)?;
		let slot = pool.slots.get_mut(id.index()).defensive_ok_or(DispatchError::Corruption)?;
		let shortfall =
			membership::enter(slot, &mut pool.recent_stakes, id, &mut staker, offer, now);
		let current_capacity = slot.current_capacity;
		// A hold of nothing would tell the world of one.
		if shortfall > 0 {
			T::Currency::hold(&HoldReason::Stake.into(), who, Self::to_balance(shortfall)?)?;
		}

		Provers::<T>::put(pool);
		ProverAccounts::<T>::insert(id, who);
		Self::save(who, staker);
		Self::deposit_event(Event::Staked {
			who: who.clone(),
			amount: offer.amount,
			reward_per_gas: offer.reward_per_gas,
			current_capacity,
		});
		Ok(())
	}

	/// Leaves the pool.
	pub(crate) fn do_exit(who: &T::AccountId) -> DispatchResult {
		let mut staker = Stakers::<T>::get(who).ok_or(Error::<T>::NotInPool)?;
		ensure!(staker.prover_id.is_some(), Error::<T>::NotInPool);
		let now = Self::now();
		ensure!(staker.may_change(now, T::MinChangeDelay::get()), Error::<T>::ChangeTooFrequent);

		let mut pool = Provers::<T>::get();
		Self::pay_mature_exit(who, &mut staker, now)?;
		Self::leave(&mut pool, who, &mut staker, now);

		Provers::<T>::put(pool);
		Self::save(who, staker);
		Ok(())
	}

	/// Pays out a mature exit.
	pub(crate) fn do_withdraw(who: &T::AccountId) -> DispatchResult {
		let mut staker = Stakers::<T>::get(who).ok_or(Error::<T>::NoMatureExit)?;
		let paid = Self::pay_mature_exit(who, &mut staker, Self::now())?;
		ensure!(paid > 0, Error::<T>::NoMatureExit);
		Self::save(who, staker);
		Ok(())
	}

	/// Makes an empty slot at `place`, whose member, if there is one, leaves (rule 11).
	fn claim_slot(pool: &mut PoolOf<T>, slot: Slot, now: u64) -> Result<ProverId, DispatchError> {
		let id = ProverId::from_index(slot.index()).defensive_ok_or(DispatchError::Corruption)?;
		match slot {
			Slot::Empty(_) => (),
			// `find_slot` grows the table only below its bound.
			Slot::Append(_) => pool
				.slots
				.try_push(Prover::default())
				.defensive_map_err(|_| DispatchError::Corruption)?,
			Slot::Occupied(_) => {
				let replaced =
					ProverAccounts::<T>::get(id).defensive_ok_or(DispatchError::Corruption)?;
				let mut staker =
					Stakers::<T>::get(&replaced).defensive_ok_or(DispatchError::Corruption)?;
				Self::pay_mature_exit(&replaced, &mut staker, now)?;
				Self::leave(pool, &replaced, &mut staker, now);
				Self::save(&replaced, staker);
			},
		}
		Ok(id)
	}

	/// Takes a member out of its slot (rule 14). Its mature exit, if there is one, must have been
	/// paid: the clock restarts for all that is in exit.
	pub(crate) fn leave(pool: &mut PoolOf<T>, who: &T::AccountId, staker: &mut Staker, now: u64) {
		let Some(id) = staker.prover_id else {
			defensive!("only members leave");
			return;
		};
		let Some(slot) = pool.slots.get_mut(id.index()) else {
			defensive!("a member's id is that of a slot");
			return;
		};
		let amount = membership::leave(slot, &mut pool.recent_stakes, staker, now);
		ProverAccounts::<T>::remove(id);
		Self::deposit_event(Event::Exited { who: who.clone(), amount });
	}

	/// Releases an exit that is mature from the hold and returns how much, in whole tokens (rules
	/// 5, 11 and 15).
	pub(crate) fn pay_mature_exit(
		who: &T::AccountId,
		staker: &mut Staker,
		now: u64,
	) -> Result<u32, DispatchError> {
		let amount = staker.mature_exit(now, T::ExitPeriod::get());
		if amount == 0 {
			return Ok(0);
		}
		let due = Self::to_balance(amount)?;
		let released =
			T::Currency::release(&HoldReason::Stake.into(), who, due, Precision::BestEffort)?;
		defensive_assert!(released == due, "rule 2: what is in exit is on hold");
		staker.reduce_exit(amount);
		Self::deposit_event(Event::Withdrawn { who: who.clone(), amount });
		Ok(amount)
	}

	/// Saves what is known of an account, or forgets it when there is nothing left (rule 16).
	pub(crate) fn save(who: &T::AccountId, staker: Staker) {
		if staker.is_empty() {
			Stakers::<T>::remove(who);
		} else {
			Stakers::<T>::insert(who, staker);
		}
	}

	/// The chain's clock, in Unix seconds.
	pub(crate) fn now() -> u64 {
		T::Time::now().as_secs()
	}

	/// How many slots there are.
	pub(crate) fn max_provers() -> usize {
		// A `u32` fits: the targets that a runtime compiles for have 32 bits or more.
		T::MaxProvers::get() as usize
	}

	/// Whole tokens in the smallest unit of the currency.
	pub(crate) fn to_balance(tokens: u32) -> Result<BalanceOf<T>, DispatchError> {
		// `integrity_test` shows that the product fits for every `u32`.
		T::OneToken::get()
			.checked_mul(&tokens.into())
			.defensive_ok_or(sp_runtime::ArithmeticError::Overflow.into())
	}
}

/// Reads, for the view functions, the runtime API and other pallets.
impl<T: Config> Pallet<T> {
	pub(crate) fn staker_and_prover(who: &T::AccountId) -> (Staker, Prover) {
		let staker = Stakers::<T>::get(who).unwrap_or_default();
		let prover = staker
			.prover_id
			.and_then(|id| Provers::<T>::get().slots.get(id.index()).copied())
			.unwrap_or_default();
		(staker, prover)
	}

	pub(crate) fn total_capacity() -> u32 {
		// Cannot overflow: fewer than 2^16 slots of 16 bits each.
		Provers::<T>::get()
			.slots
			.iter()
			.map(|prover| u32::from(prover.current_capacity))
			.sum()
	}

	pub(crate) fn weights(fee_per_gas: u32) -> (Vec<u128>, u128) {
		let pool = Provers::<T>::get();
		draw::weights(
			&pool.slots,
			pool.recent_stakes.at(Self::now()),
			fee_per_gas,
			T::RewardTolerance::get(),
		)
	}

	pub(crate) fn members() -> Vec<(ProverId, T::AccountId, Prover)> {
		Provers::<T>::get()
			.slots
			.into_iter()
			.enumerate()
			.filter_map(|(index, prover)| {
				let id = ProverId::from_index(index)?;
				Some((id, ProverAccounts::<T>::get(id)?, prover))
			})
			.collect()
	}

	pub(crate) fn smallest_stake_that_enters() -> Option<u32> {
		membership::entry_price(
			&Provers::<T>::get().slots,
			Self::max_provers(),
			T::MinCapacity::get(),
			T::MinStakePerCapacity::get(),
		)
	}
}
