// SPDX-License-Identifier: Apache-2.0

//! What the rollup's pallet calls: assign, release and slash.

use crate::{
	pallet::*,
	rules::{draw, membership, slashing},
	types::ProverId,
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
		// A weight above 0 takes a capacity above 0.
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
			// Only then does the pool itself change.
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
		let index = staker.prover_id.map(ProverId::index);
		// Only a member's slash needs the table.
		let mut pool = index.map(|_| Provers::<T>::get()).unwrap_or_default();
		let stake = index
			.and_then(|index| pool.slots.get(index))
			.map_or(0, |slot| slot.staked_amount);
		let immature_exit = staker.immature_exit(now, T::ExitPeriod::get());
		// Stake and exit of an account together fit a `u32`, see `membership::leave`.
		let slashable = stake.defensive_saturating_add(immature_exit);
		let amount = slashing::slash_amount(
			slashable,
			T::SlashPoints::get(),
			slashing::reward_in_tokens(proof_reward, T::SlashMultiplier::get(), T::OneToken::get()),
		);
		if amount == 0 {
			return CreditOf::<T>::zero();
		}

		let Ok(due) = Self::to_balance(amount) else {
			return CreditOf::<T>::zero();
		};
		let (credit, missing) = T::Currency::slash(&HoldReason::Stake.into(), prover, due);
		defensive_assert!(missing.is_zero(), "rule 2: what is slashable is on hold");
		// Booked and told is what was really taken, so that a hold that is short, against rule 2,
		// does not make the pool's books wrong as well.
		let taken = credit.peek().checked_div(&T::OneToken::get()).unwrap_or_default();
		let taken: u32 = taken.unique_saturated_into();
		let slot = index.and_then(|index| pool.slots.get_mut(index));
		slashing::deduct(slot, &mut staker, taken, immature_exit);
		Self::deposit_event(Event::Slashed { who: prover.clone(), amount: taken, block_id });

		if let Some(slot) = index.and_then(|index| pool.slots.get(index)) {
			let is_ejected = slashing::is_ejected(
				slot.staked_amount,
				staker.max_capacity,
				T::MinStakePerCapacity::get(),
				T::EjectionThreshold::get(),
			);
			if is_ejected {
				// Releasing what is on hold does not fail; if it did, the exit would stay.
				let _ = Self::pay_mature_exit(prover, &mut staker, now).defensive();
				Self::leave(&mut pool, prover, &mut staker, now);
			}
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
	/// The seed of one draw: the runtime's randomness, told apart by the block (rule 20).
	pub(crate) fn seed(block_id: BlockId) -> [u8; 32] {
		let (random, _) = T::Randomness::random(b"prover-pool");
		sp_io::hashing::blake2_256(&(random, block_id).encode())
	}
}
