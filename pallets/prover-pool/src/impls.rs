// SPDX-License-Identifier: Apache-2.0

//! The interface to the rollup: assign, release and slash.

use crate::{
	pallet::*,
	rules::{draw, membership, slashing},
	types::{Prover, ProverId, Staker},
	weights::WeightInfo as _,
};
use alloc::vec::Vec;
use codec::Encode;
use frame_support::{
	traits::{
		fungible::hold::Balanced as _, Defensive, DefensiveSaturating, Get, Imbalance, Randomness,
	},
	weights::Weight,
};
use prover_pool_primitives::{Assignment, BlockId, ProverPool};

impl<T: Config> ProverPool<T::AccountId> for Pallet<T> {
	type Balance = BalanceOf<T>;
	type Credit = CreditOf<T>;

	fn assign_many(blocks: &[(BlockId, u32)]) -> Vec<Option<Assignment<T::AccountId>>> {
		let mut pool = Provers::<T>::get();
		let (random, _) = T::Randomness::random(b"prover-pool");
		let assignments: Vec<_> = blocks
			.iter()
			.map(|(block_id, fee_per_gas)| {
				Self::draw(&mut pool, *fee_per_gas, Self::seed(&random, *block_id))
			})
			.collect();
		if assignments.iter().any(Option::is_some) {
			Provers::<T>::put(pool);
		}
		assignments
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
				// No hold changes, so the operator remains as it is.
				if membership::release(None, &mut staker) {
					Self::save_entry(prover, staker);
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
		let immature_exit = staker.immature_exit(now, Self::exit_period());
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

	fn is_member(who: &T::AccountId) -> bool {
		Stakers::<T>::get(who).is_some_and(|staker| staker.prover_id.is_some())
	}

	fn acts_for(signer: &T::AccountId, prover: &T::AccountId) -> bool {
		signer == prover || Operators::<T>::get(prover).as_ref() == Some(signer)
	}

	fn outstanding(who: &T::AccountId) -> u32 {
		let (staker, slot) = Self::get_staker(who.clone());
		membership::outstanding(&slot, &staker).into()
	}

	fn assign_many_weight(blocks: u32) -> Weight {
		T::WeightInfo::assign_many(blocks)
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
	pub(crate) fn seed(random: &T::Hash, block_id: BlockId) -> [u8; 32] {
		sp_io::hashing::blake2_256(&(random, block_id).encode())
	}

	/// Draws a prover by `seed` and takes one unit of its capacity (rules 18 to 22).
	fn draw(
		pool: &mut PoolOf<T>,
		fee_per_gas: u32,
		seed: [u8; 32],
	) -> Option<Assignment<T::AccountId>> {
		let tolerance = T::RewardTolerance::get();
		let (weights, total) = draw::weights(&pool.slots, fee_per_gas, tolerance);
		let index = draw::choose(&weights, total, seed)?;

		let slot = pool.slots.get_mut(index)?;
		let prover = ProverAccounts::<T>::get(ProverId::from_index(index)?).defensive()?;
		// Cannot underflow: a slot with a weight has a capacity above 0.
		slot.current_capacity = slot.current_capacity.checked_sub(1).defensive()?;
		let reward_per_gas = draw::effective_reward(slot.reward_per_gas, fee_per_gas, tolerance);
		Some(Assignment { prover, reward_per_gas })
	}

	/// Returns the amount to slash, in whole tokens (rules 26 and 27).
	fn slash_amount(slot: Option<&Prover>, immature_exit: u32, proof_reward: BalanceOf<T>) -> u32 {
		let stake = slot.map_or(0, |slot| slot.staked_amount);
		// Cannot overflow: stake and exit of an account fit a `u32`, see `membership::leave`.
		let slashable = stake.defensive_saturating_add(immature_exit);
		let multiplier = Self::slash_multiplier();
		let reward = slashing::reward_in_tokens(proof_reward, multiplier, T::OneToken::get());
		slashing::slash_amount(slashable, Self::slash_points(), reward)
	}

	/// Slashes at most `amount` whole tokens of the hold (rule 3), or returns `None` if there are
	/// none.
	///
	/// Returns the credit, and the amount that was actually slashed. Events and accounting must use
	/// that amount: if root made the hold short, the accounting must not drift further.
	fn slash_hold(who: &T::AccountId, amount: u32) -> Option<(CreditOf<T>, u32)> {
		let amount = amount.min(Self::to_tokens(Self::on_hold(who)));
		if amount == 0 {
			return None;
		}
		let due = Self::to_balance(amount).ok()?;
		let (credit, _) = T::Currency::slash(&HoldReason::Stake.into(), who, due);
		let slashed = Self::to_tokens(credit.peek());
		Some((credit, slashed))
	}

	/// Ejects a slashed member if its stake is below the threshold (rule 28).
	fn eject_if_low(pool: &mut PoolOf<T>, who: &T::AccountId, staker: &mut Staker, now: u64) {
		let Some(slot) = staker.prover_id.and_then(|id| pool.slots.get(id.index())) else {
			return;
		};
		let is_ejected = slashing::is_ejected(
			slot.staked_amount,
			staker.max_capacity,
			Self::min_stake_per_capacity(),
			Self::ejection_threshold(),
		);
		if is_ejected {
			// Cannot fail: it releases what is on hold. If it failed, the exit would remain.
			let _ = Self::pay_mature_exit(who, staker, now).defensive();
			Self::leave(pool, who, staker, now);
		}
	}
}
