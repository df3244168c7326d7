// SPDX-License-Identifier: Apache-2.0

//! The extrinsics: each loads the state, applies the rules, moves holds, saves and emits events.

use crate::{
	pallet::*,
	rules::membership::{self, Offer, Slot},
	types::{Prover, ProverId, Staker},
};
use frame_support::{
	defensive, defensive_assert,
	pallet_prelude::*,
	traits::{
		fungible::hold::Mutate as _, tokens::Precision, DefensiveOption, DefensiveResult, UnixTime,
	},
};
use sp_runtime::traits::CheckedMul;

impl<T: Config> Pallet<T> {
	/// Enters the pool, or changes the caller's offer in it.
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
			Self::ensure_may_change(&staker, now)?;
			Self::leave(&mut pool, who, &mut staker, now);
		}

		let id = Self::claim_slot(&mut pool, offer.amount, now)?;
		let slot = pool.slots.get_mut(id.index()).defensive_ok_or(DispatchError::Corruption)?;
		let shortfall =
			membership::enter(slot, &mut pool.recent_stakes, id, &mut staker, offer, now);
		let current_capacity = slot.current_capacity;
		// A zero-amount hold would still emit `Held`.
		if shortfall > 0 {
			T::Currency::hold(&HoldReason::Stake.into(), who, Self::to_balance(shortfall)?)?;
		}

		Provers::<T>::put(pool);
		ProverAccounts::<T>::insert(id, who);
		Self::save(who, staker);
		let Offer { amount, reward_per_gas, .. } = offer;
		let who = who.clone();
		Self::deposit_event(Event::Staked { who, amount, reward_per_gas, current_capacity });
		Ok(())
	}

	/// Leaves the pool.
	pub(crate) fn do_exit(who: &T::AccountId) -> DispatchResult {
		let mut staker = Stakers::<T>::get(who).ok_or(Error::<T>::NotInPool)?;
		ensure!(staker.prover_id.is_some(), Error::<T>::NotInPool);
		let now = Self::now();
		Self::ensure_may_change(&staker, now)?;

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

	/// Ensures that a member may change or leave its slot (rule 13).
	fn ensure_may_change(staker: &Staker, now: u64) -> DispatchResult {
		let may_change = staker.may_change(now, T::MinChangeDelay::get());
		ensure!(may_change, Error::<T>::ChangeTooFrequent);
		Ok(())
	}

	/// Provides an empty slot for a stake of `amount` (rule 10). The member of an occupied one
	/// leaves (rule 11).
	fn claim_slot(pool: &mut PoolOf<T>, amount: u32, now: u64) -> Result<ProverId, DispatchError> {
		let slot = membership::find_slot(&pool.slots, Self::max_provers(), amount)
			.ok_or(Error::<T>::ProverNotGoodEnough)?;
		let id = ProverId::from_index(slot.index()).defensive_ok_or(DispatchError::Corruption)?;
		match slot {
			Slot::Empty(_) => (),
			// Cannot fail: `find_slot` appends only below the bound.
			Slot::Append(_) => pool
				.slots
				.try_push(Prover::default())
				.defensive_map_err(|_| DispatchError::Corruption)?,
			Slot::Occupied(_) => Self::replace(pool, id, now)?,
		}
		Ok(id)
	}

	/// Pays the mature exit of the member in slot `id` and makes it leave (rule 11).
	fn replace(pool: &mut PoolOf<T>, id: ProverId, now: u64) -> DispatchResult {
		let who = ProverAccounts::<T>::get(id).defensive_ok_or(DispatchError::Corruption)?;
		let mut staker = Stakers::<T>::get(&who).defensive_ok_or(DispatchError::Corruption)?;
		Self::pay_mature_exit(&who, &mut staker, now)?;
		Self::leave(pool, &who, &mut staker, now);
		Self::save(&who, staker);
		Ok(())
	}

	/// Empties the slot of a member (rule 14).
	///
	/// A mature exit must be paid before, because the exit period restarts for the whole exit.
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

	/// Releases a mature exit from the hold (rules 5, 11 and 15).
	///
	/// Returns the released amount in whole tokens, 0 if no exit is mature.
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

	/// Saves the entry of an account, or removes it if it is empty (rule 16).
	pub(crate) fn save(who: &T::AccountId, staker: Staker) {
		if staker.is_empty() {
			Stakers::<T>::remove(who);
		} else {
			Stakers::<T>::insert(who, staker);
		}
	}

	/// Returns the time of the chain's clock, in Unix seconds.
	pub(crate) fn now() -> u64 {
		T::Time::now().as_secs()
	}

	/// Returns the maximum number of slots.
	pub(crate) fn max_provers() -> usize {
		// Fits: a runtime's targets have 32 bits or more.
		T::MaxProvers::get() as usize
	}

	/// Converts whole tokens to the smallest unit of the currency.
	pub(crate) fn to_balance(tokens: u32) -> Result<BalanceOf<T>, DispatchError> {
		// Cannot overflow: `integrity_test` ensures that the product fits for every `u32`.
		T::OneToken::get()
			.checked_mul(&tokens.into())
			.defensive_ok_or(sp_runtime::ArithmeticError::Overflow.into())
	}
}
