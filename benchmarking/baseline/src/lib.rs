// SPDX-License-Identifier: Apache-2.0

//! # Prover Map Pallet
//!
//! The prover pool as a contract is carried over line by line: an entry of storage for each prover.
//! **For comparison alone**, to show what one value for the whole pool gains: no chain should use
//! it.
//!
//! ## Overview
//!
//! It takes the parameters, the arithmetic and the hold reason of `pallet-prover-pool`, and follows
//! its rules wherever they cost something: offers, replacement of the smallest member, exits and
//! their payment, weights and the draw, slashes and ejection. It leaves out blocks that are
//! outstanding across stays (rule 25) and stakes of the same moment (rule 21), which would only
//! cost it more.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub use pallet::*;

#[cfg(test)]
mod tests;

#[frame_support::pallet]
pub mod pallet {
	use alloc::vec::Vec;
	use codec::Encode;
	use frame_support::{
		pallet_prelude::*,
		traits::{
			fungible::hold::{Balanced as _, Mutate as _},
			tokens::Precision,
			Imbalance, Randomness, UnixTime,
		},
	};
	use frame_system::pallet_prelude::*;
	use pallet_prover_pool::{
		draw, membership::Offer, slashing, BalanceOf, CreditOf, HoldReason, Prover,
	};
	use sp_runtime::traits::UniqueSaturatedInto;

	#[pallet::pallet]
	pub struct Pallet<T>(_);

	/// All parameters are the pool's.
	#[pallet::config]
	pub trait Config: frame_system::Config + pallet_prover_pool::Config {}

	/// What is known of an account that staked.
	#[derive(Encode, Decode, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Default, Debug)]
	pub struct Staker {
		/// When the exit was requested, in Unix seconds.
		pub exit_requested_at: u64,
		/// What is on its way out, in whole tokens.
		pub exit_amount: u32,
		/// The capacity that a member declared.
		pub max_capacity: u16,
		/// The member's id, counted from 1.
		pub prover_id: Option<u16>,
		/// When the member entered, in Unix seconds.
		pub staked_at: u64,
	}

	/// The members by their ids.
	#[pallet::storage]
	pub type Provers<T: Config> = StorageMap<_, Twox64Concat, u16, Prover>;

	/// The accounts of the members by their ids.
	#[pallet::storage]
	pub type ProverAccounts<T: Config> = StorageMap<_, Twox64Concat, u16, T::AccountId>;

	/// What is known of each account with a stake.
	#[pallet::storage]
	pub type Stakers<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Staker>;

	#[pallet::event]
	#[pallet::generate_deposit(fn deposit_event)]
	pub enum Event<T: Config> {
		/// A prover entered.
		Staked {
			/// The prover.
			who: T::AccountId,
			/// Its stake, in whole tokens.
			amount: u32,
			/// Its price for a unit of gas.
			reward_per_gas: u16,
			/// The capacity that it starts with.
			current_capacity: u16,
		},
		/// A prover left.
		Exited {
			/// The prover.
			who: T::AccountId,
			/// What went into exit, in whole tokens.
			amount: u32,
		},
		/// A mature exit was paid out.
		Withdrawn {
			/// The staker.
			who: T::AccountId,
			/// What was released, in whole tokens.
			amount: u32,
		},
		/// A prover was slashed.
		Slashed {
			/// The prover.
			who: T::AccountId,
			/// What was taken, in whole tokens.
			amount: u32,
			/// The rollup block.
			block_id: u64,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The offer breaks a bound.
		InvalidParams,
		/// The pool is full and the stake is not above the smallest in it.
		ProverNotGoodEnough,
		/// The member has its place for less than `MinChangeDelay`.
		ChangeTooFrequent,
		/// The account is not in the pool.
		NotInPool,
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Enter the pool, or change one's place in it.
		#[pallet::call_index(0)]
		#[pallet::weight(Weight::zero())]
		pub fn stake(
			origin: OriginFor<T>,
			amount: u32,
			reward_per_gas: u16,
			max_capacity: u16,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			let offer = Offer { amount, reward_per_gas, max_capacity };
			ensure!(
				offer.is_valid(T::MinCapacity::get(), T::MinStakePerCapacity::get()),
				Error::<T>::InvalidParams
			);
			let now = T::Time::now().as_secs();
			let mut staker = Stakers::<T>::get(&who).unwrap_or_default();
			Self::pay_mature_exit(&who, &mut staker, now)?;
			if staker.prover_id.is_some() {
				Self::ensure_may_change(&staker, now)?;
				Self::leave(&who, &mut staker, now);
			}

			let id = Self::find_place(amount)?;
			if let Some(replaced) = ProverAccounts::<T>::get(id) {
				let mut staker = Stakers::<T>::get(&replaced).unwrap_or_default();
				Self::pay_mature_exit(&replaced, &mut staker, now)?;
				Self::leave(&replaced, &mut staker, now);
				Stakers::<T>::insert(&replaced, staker);
			}
			let from_exit = amount.min(staker.exit_amount);
			T::Currency::hold(
				&HoldReason::Stake.into(),
				&who,
				Self::in_currency(amount - from_exit),
			)?;
			staker = Staker {
				exit_requested_at: now,
				exit_amount: staker.exit_amount - from_exit,
				max_capacity,
				prover_id: Some(id),
				staked_at: now,
			};
			let prover =
				Prover { staked_amount: amount, reward_per_gas, current_capacity: max_capacity };
			Provers::<T>::insert(id, prover);
			ProverAccounts::<T>::insert(id, &who);
			Stakers::<T>::insert(&who, staker);
			Self::deposit_event(Event::Staked {
				who,
				amount,
				reward_per_gas,
				current_capacity: max_capacity,
			});
			Ok(())
		}

		/// Leave the pool.
		#[pallet::call_index(1)]
		#[pallet::weight(Weight::zero())]
		pub fn exit(origin: OriginFor<T>) -> DispatchResult {
			let who = ensure_signed(origin)?;
			let mut staker = Stakers::<T>::get(&who)
				.filter(|staker| staker.prover_id.is_some())
				.ok_or(Error::<T>::NotInPool)?;
			let now = T::Time::now().as_secs();
			Self::ensure_may_change(&staker, now)?;
			Self::pay_mature_exit(&who, &mut staker, now)?;
			Self::leave(&who, &mut staker, now);
			Stakers::<T>::insert(who, staker);
			Ok(())
		}
	}

	impl<T: Config> Pallet<T> {
		/// Draws a prover by weight, takes one unit of its capacity, and tells its price.
		pub fn assign(block_id: u64, fee_per_gas: u32) -> Option<(T::AccountId, u32)> {
			let tolerance = T::RewardTolerance::get();
			let provers: Vec<Option<Prover>> = Self::ids().map(Provers::<T>::get).collect();
			let weight = |prover: &Prover| draw::weight(prover, fee_per_gas, tolerance);
			let weights: Vec<u128> =
				provers.iter().map(|prover| prover.as_ref().map_or(0, weight)).collect();
			let (random, _) = T::Randomness::random(b"prover-pool");
			let seed = sp_io::hashing::blake2_256(&(random, block_id).encode());
			let index = draw::choose(&weights, weights.iter().sum(), seed)?;

			let mut prover = provers.into_iter().nth(index)??;
			let id = Self::ids().nth(index)?;
			prover.current_capacity = prover.current_capacity.checked_sub(1)?;
			let reward_per_gas =
				draw::effective_reward(prover.reward_per_gas, fee_per_gas, tolerance);
			Provers::<T>::insert(id, prover);
			Some((ProverAccounts::<T>::get(id)?, reward_per_gas))
		}

		/// Gives a member one unit of its capacity back.
		pub fn release(who: &T::AccountId) {
			let Some((staker, id, mut prover)) = Self::member(who) else {
				return;
			};
			if prover.current_capacity < staker.max_capacity {
				// Below a `u16`.
				prover.current_capacity += 1;
				Provers::<T>::insert(id, prover);
			}
		}

		/// Slashes a member for missing a block, from its exit first, and ejects it when too little
		/// is left.
		pub fn slash(who: &T::AccountId, block_id: u64, proof_reward: BalanceOf<T>) -> CreditOf<T> {
			let Some((mut staker, id, mut prover)) = Self::member(who) else {
				return CreditOf::<T>::zero();
			};
			let now = T::Time::now().as_secs();
			let immature_exit = if Self::is_mature(&staker, now) { 0 } else { staker.exit_amount };
			let amount = slashing::slash_amount(
				prover.staked_amount.saturating_add(immature_exit),
				T::SlashPoints::get(),
				slashing::reward_in_tokens(
					proof_reward,
					T::SlashMultiplier::get(),
					T::OneToken::get(),
				),
			);
			let due = Self::in_currency(amount);
			let (credit, _) = T::Currency::slash(&HoldReason::Stake.into(), who, due);
			let taken: u32 = (credit.peek() / T::OneToken::get()).unique_saturated_into();
			let from_exit = taken.min(immature_exit);
			staker.exit_amount -= from_exit;
			prover.staked_amount = prover.staked_amount.saturating_sub(taken - from_exit);
			Self::deposit_event(Event::Slashed { who: who.clone(), amount: taken, block_id });

			let is_ejected = slashing::is_ejected(
				prover.staked_amount,
				staker.max_capacity,
				T::MinStakePerCapacity::get(),
				T::EjectionThreshold::get(),
			);
			Provers::<T>::insert(id, prover);
			if is_ejected {
				// What is in exit is on hold, so releasing it does not fail.
				let _ = Self::pay_mature_exit(who, &mut staker, now);
				Self::leave(who, &mut staker, now);
			}
			Stakers::<T>::insert(who, staker);
			credit
		}

		/// What is known of a member.
		pub fn member(who: &T::AccountId) -> Option<(Staker, u16, Prover)> {
			let staker = Stakers::<T>::get(who)?;
			let id = staker.prover_id?;
			Some((staker, id, Provers::<T>::get(id)?))
		}

		fn ids() -> impl Iterator<Item = u16> {
			// The pool's `integrity_test` refuses more than fit.
			1..=T::MaxProvers::get().unique_saturated_into()
		}

		/// The first free id, or that of the smallest member if `amount` is larger.
		fn find_place(amount: u32) -> Result<u16, DispatchError> {
			let mut smallest: Option<(u32, u16)> = None;
			for id in Self::ids() {
				let Some(prover) = Provers::<T>::get(id) else {
					return Ok(id);
				};
				if smallest.is_none_or(|(stake, _)| prover.staked_amount < stake) {
					smallest = Some((prover.staked_amount, id));
				}
			}
			smallest
				.filter(|(stake, _)| amount > *stake)
				.map(|(_, id)| id)
				.ok_or(Error::<T>::ProverNotGoodEnough.into())
		}

		fn ensure_may_change(staker: &Staker, now: u64) -> DispatchResult {
			let passed = now.saturating_sub(staker.staked_at);
			ensure!(passed >= T::MinChangeDelay::get(), Error::<T>::ChangeTooFrequent);
			Ok(())
		}

		fn leave(who: &T::AccountId, staker: &mut Staker, now: u64) {
			let Some(id) = staker.prover_id else { return };
			let amount = Provers::<T>::take(id).map_or(0, |prover| prover.staked_amount);
			ProverAccounts::<T>::remove(id);
			*staker = Staker {
				exit_requested_at: now,
				exit_amount: staker.exit_amount.saturating_add(amount),
				..Default::default()
			};
			Self::deposit_event(Event::Exited { who: who.clone(), amount });
		}

		fn is_mature(staker: &Staker, now: u64) -> bool {
			now.saturating_sub(staker.exit_requested_at) > T::ExitPeriod::get()
		}

		fn pay_mature_exit(
			who: &T::AccountId,
			staker: &mut Staker,
			now: u64,
		) -> Result<(), DispatchError> {
			if staker.exit_amount == 0 || !Self::is_mature(staker, now) {
				return Ok(());
			}
			let amount = core::mem::take(&mut staker.exit_amount);
			let due = Self::in_currency(amount);
			T::Currency::release(&HoldReason::Stake.into(), who, due, Precision::BestEffort)?;
			Self::deposit_event(Event::Withdrawn { who: who.clone(), amount });
			Ok(())
		}

		fn in_currency(tokens: u32) -> BalanceOf<T> {
			// The pool's `integrity_test` shows that the product fits for every `u32`.
			T::OneToken::get() * tokens.into()
		}
	}
}
