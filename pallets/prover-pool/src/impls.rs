// SPDX-License-Identifier: Apache-2.0

//! The interface to the rollup: assign, release and slash.

use crate::{
	pallet::*,
	rules::{draw, membership, slashing},
	types::{Prover, ProverId, Staker},
	weights::WeightInfo as _,
};
use codec::Encode;
use frame_support::{
	defensive_assert,
	traits::{
		fungible::hold::Balanced as _, Defensive, DefensiveSaturating, Get, Imbalance, Randomness,
	},
	weights::Weight,
};
use prover_pool_primitives::{Assignment, BlockId, ProverPool};
use sp_runtime::traits::{CheckedDiv, UniqueSaturatedInto, Zero};

impl<T: Config> ProverPool<T::AccountId> for Pallet<T> {
	type Balance = BalanceOf<T>;
	type Credit = CreditOf<T>;

	fn assign(block_id: BlockId, fee_per_gas: u32) -> Option<Assignment<T::AccountId>> {
		let mut pool = Provers::<T>::get();
		let tolerance = T::RewardTolerance::get();
		let recent = pool.recent_stakes.at(Self::now());
		let (weights, total) = draw::weights(&pool.slots, recent, fee_per_gas, tolerance);
		let index = draw::choose(&weights, total, Self::seed(block_id))?;

		let slot = pool.slots.get_mut(index)?;
		let prover = ProverAccounts::<T>::get(ProverId::from_index(index)?).defensive()?;
		// Cannot underflow: a slot with a weight has a capacity above 0.
		slot.current_capacity = slot.current_capacity.checked_sub(1).defensive()?;
		let reward_per_gas = draw::effective_reward(slot.reward_per_gas, fee_per_gas, tolerance);
		Provers::<T>::put(pool);
		Some(Assignment { prover, reward_per_gas })
	}

	fn max_reward_per_gas(fee_per_gas: u32) -> u32 {
		draw::effective_reward(u16::MAX, fee_per_gas, T::RewardTolerance::get())
	}

	fn release(prover: &T::AccountId) {
		let Some(mut staker) = Stakers::<T>::get(prover) else {
			return;
		};
		match staker.prover_id {
			// Only the release of a member without a backlog changes the pool.
			Some(id) if staker.backlog == 0 => {
				let mut pool = Provers::<T>::get();
				if membership::release(pool.slots.get_mut(id.index()), &mut staker) {
					Provers::<T>::put(pool);
				}
			},
			_ => {
				if membership::release(None, &mut staker) {
					Self::save(prover, staker);
				}
			},
		}
	}

	fn slash(prover: &T::AccountId, block_id: BlockId, proof_reward: BalanceOf<T>) -> CreditOf<T> {
		let Some(mut staker) = Stakers::<T>::get(prover) else {
			return CreditOf::<T>::zero();
		};
		let now = Self::now();
		// Only the slash of a member reads the pool.
		let mut pool = staker.prover_id.map(|_| Provers::<T>::get()).unwrap_or_default();
		let slot = staker.prover_id.and_then(|id| pool.slots.get_mut(id.index()));
		let is_member = slot.is_some();
		let immature_exit = staker.immature_exit(now, T::ExitPeriod::get());
		let amount = Self::slash_amount(slot.as_deref(), immature_exit, proof_reward);
		let Some((credit, amount)) = Self::slash_hold(prover, amount) else {
			return CreditOf::<T>::zero();
		};
		slashing::deduct(slot, &mut staker, amount, immature_exit);
		Self::deposit_event(Event::Slashed { who: prover.clone(), amount, block_id });
		if is_member {
			Self::eject_if_low(&mut pool, prover, &mut staker, now);
			Provers::<T>::put(pool);
		}
		Self::save(prover, staker);
		credit
	}

	fn assign_weight() -> Weight {
		T::WeightInfo::assign(T::MaxProvers::get())
	}

	fn release_weight() -> Weight {
		T::WeightInfo::release(T::MaxProvers::get())
	}

	fn slash_weight() -> Weight {
		T::WeightInfo::slash(T::MaxProvers::get())
	}
}

impl<T: Config> Pallet<T> {
	/// Returns the seed of one draw: the runtime's randomness, mixed with the block id (rule 20).
	pub(crate) fn seed(block_id: BlockId) -> [u8; 32] {
		let (random, _) = T::Randomness::random(b"prover-pool");
		sp_io::hashing::blake2_256(&(random, block_id).encode())
	}

	/// Returns the amount to slash, in whole tokens (rules 26 and 27).
	fn slash_amount(slot: Option<&Prover>, immature_exit: u32, proof_reward: BalanceOf<T>) -> u32 {
		let stake = slot.map_or(0, |slot| slot.staked_amount);
		// Cannot overflow: stake and exit of an account fit a `u32`, see `membership::leave`.
		let slashable = stake.defensive_saturating_add(immature_exit);
		let reward =
			slashing::reward_in_tokens(proof_reward, T::SlashMultiplier::get(), T::OneToken::get());
		slashing::slash_amount(slashable, T::SlashPoints::get(), reward)
	}

	/// Slashes `amount` whole tokens of the hold (rule 3), or returns `None` if it is 0.
	///
	/// Returns the credit, and the amount that was actually slashed. Events and accounting must use
	/// that amount: if the hold is short, which violates rule 2, the accounting must not drift
	/// further.
	fn slash_hold(who: &T::AccountId, amount: u32) -> Option<(CreditOf<T>, u32)> {
		if amount == 0 {
			return None;
		}
		let due = Self::to_balance(amount).ok()?;
		let (credit, missing) = T::Currency::slash(&HoldReason::Stake.into(), who, due);
		defensive_assert!(missing.is_zero(), "rule 2: what is slashable is on hold");
		let slashed = credit.peek().checked_div(&T::OneToken::get()).unwrap_or_default();
		Some((credit, slashed.unique_saturated_into()))
	}

	/// Ejects a slashed member if its stake is below the threshold (rule 28).
	fn eject_if_low(pool: &mut PoolOf<T>, who: &T::AccountId, staker: &mut Staker, now: u64) {
		let Some(slot) = staker.prover_id.and_then(|id| pool.slots.get(id.index())) else {
			return;
		};
		let is_ejected = slashing::is_ejected(
			slot.staked_amount,
			staker.max_capacity,
			T::MinStakePerCapacity::get(),
			T::EjectionThreshold::get(),
		);
		if is_ejected {
			// Cannot fail: the exit is on hold. If it failed, the exit would remain.
			let _ = Self::pay_mature_exit(who, staker, now).defensive();
			Self::leave(pool, who, staker, now);
		}
	}
}
