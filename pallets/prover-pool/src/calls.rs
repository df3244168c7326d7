// SPDX-License-Identifier: Apache-2.0

//! The extrinsics: each loads the state, applies the rules, moves holds, saves and emits events.

use crate::{
	pallet::*,
	rules::membership::{self, Offer, Slot},
	types::{Prover, ProverId, Staker},
};
use frame_support::{
	defensive,
	pallet_prelude::*,
	traits::{
		fungible::hold::{Inspect as _, Mutate as _},
		tokens::Precision,
		DefensiveOption, DefensiveResult,
	},
};
use prover_pool_primitives::{Clock, ProverPool};
use sp_runtime::traits::{CheckedDiv, CheckedMul, UniqueSaturatedInto};

impl<T: Config> Pallet<T> {
	/// Enters the pool, or changes the caller's offer in it.
	pub(crate) fn do_stake(who: &T::AccountId, offer: Offer) -> DispatchResult {
		ensure!(
			offer.is_valid(Self::min_capacity(), Self::min_stake_per_capacity()),
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
		let shortfall = membership::enter(slot, id, &mut staker, offer, now);
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

	/// Names, changes or removes the operator of a prover (rule 33).
	pub(crate) fn do_set_operator(
		prover: T::AccountId,
		operator: Option<T::AccountId>,
	) -> DispatchResult {
		let has_hold = Stakers::<T>::get(&prover).is_some_and(|staker| staker.has_hold());
		ensure!(has_hold, Error::<T>::NotInPool);
		Operators::<T>::set(&prover, operator.clone());
		Self::deposit_event(Event::OperatorSet { who: prover, operator });
		Ok(())
	}

	/// Leaves the pool for a prover that named the signer its operator (rule 33).
	pub(crate) fn do_exit_for(signer: &T::AccountId, prover: &T::AccountId) -> DispatchResult {
		ensure!(Self::acts_for(signer, prover), Error::<T>::NotOperator);
		Self::do_exit(prover)
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
		let may_change = staker.may_change(now, Self::min_change_delay());
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
		let amount = membership::leave(slot, staker, now);
		ProverAccounts::<T>::remove(id);
		Self::deposit_event(Event::Exited { who: who.clone(), amount });
	}

	/// Releases a mature exit from the hold (rules 5, 11 and 15).
	///
	/// Returns the amount that leaves the exit, in whole tokens. It is 0 if no exit is mature.
	pub(crate) fn pay_mature_exit(
		who: &T::AccountId,
		staker: &mut Staker,
		now: u64,
	) -> Result<u32, DispatchError> {
		let amount = staker.mature_exit(now, Self::exit_period());
		if amount == 0 {
			return Ok(0);
		}
		// A hold that is short must not keep a larger stake out of the slot of this member.
		let due = Self::to_balance(amount)?.min(Self::on_hold(who));
		let released =
			T::Currency::release(&HoldReason::Stake.into(), who, due, Precision::BestEffort)?;
		staker.reduce_exit(amount);
		let paid = Self::to_tokens(released);
		Self::deposit_event(Event::Withdrawn { who: who.clone(), amount: paid });
		Ok(amount)
	}

	/// Saves the entry of an account. Removes its operator with the last hold (rule 33).
	pub(crate) fn save(who: &T::AccountId, staker: Staker) {
		if !staker.has_hold() {
			Operators::<T>::remove(who);
		}
		Self::save_entry(who, staker);
	}

	/// Saves the entry of an account, or removes it if it is empty (rule 16).
	pub(crate) fn save_entry(who: &T::AccountId, staker: Staker) {
		if staker.is_empty() {
			Stakers::<T>::remove(who);
		} else {
			Stakers::<T>::insert(who, staker);
		}
	}

	/// Returns the time of the rollup's clock, in seconds.
	pub(crate) fn now() -> u64 {
		T::Time::now()
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

	/// Converts a balance to whole tokens, rounded down.
	pub(crate) fn to_tokens(balance: BalanceOf<T>) -> u32 {
		let tokens = balance.checked_div(&T::OneToken::get()).unwrap_or_default();
		// A balance beyond `u32::MAX` tokens is never this pallet's.
		tokens.unique_saturated_into()
	}

	/// Returns the balance that this pallet can take from the hold of an account.
	///
	/// Rule 2 gives the same amount, unless root changed the balance. `force_unreserve` of
	/// `pallet-balances` reduces the total on hold and leaves the hold of this reason as it was.
	pub(crate) fn on_hold(who: &T::AccountId) -> BalanceOf<T> {
		T::Currency::balance_on_hold(&HoldReason::Stake.into(), who)
			.min(T::Currency::total_balance_on_hold(who))
	}
}
