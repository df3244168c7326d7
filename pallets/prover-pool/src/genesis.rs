// SPDX-License-Identifier: Apache-2.0

//! Provers that are in the pool from block 0.

use crate::{
	pallet::*,
	rules::membership::{self, Offer, Slot},
	types::{Prover, ProverId, Staker},
};
use frame_support::traits::{fungible::hold::Mutate as _, Get};

/// Time at which the provers enter: before every reading of the clock, which starts at 1.
const GENESIS_TIME: u64 = 0;

impl<T: Config> GenesisConfig<T> {
	/// Fills the pool in the order of the list.
	///
	/// Panics, and so refuses the genesis, if `stake` would not accept a prover of the list.
	pub(crate) fn build_pool(&self) {
		let mut pool = PoolOf::<T>::default();
		for (who, amount, reward_per_gas, max_capacity) in &self.provers {
			let offer = Offer {
				amount: *amount,
				reward_per_gas: *reward_per_gas,
				max_capacity: *max_capacity,
			};
			Self::enter(&mut pool, who, offer);
		}
		Provers::<T>::put(pool);
	}

	/// Appends one prover to the pool, and holds its stake.
	fn enter(pool: &mut PoolOf<T>, who: &T::AccountId, offer: Offer) {
		assert!(
			offer.is_valid(Pallet::<T>::min_capacity(), Pallet::<T>::min_stake_per_capacity()),
			"genesis prover {who:?}: the offer breaks a bound (rule 8)"
		);
		assert!(!Stakers::<T>::contains_key(who), "genesis prover {who:?} is listed twice");
		let slot = membership::find_slot(&pool.slots, Pallet::<T>::max_provers(), offer.amount);
		let Some(Slot::Append(index)) = slot else {
			panic!("genesis prover {who:?}: there are only {} slots", T::MaxProvers::get())
		};
		let id = ProverId::from_index(index).expect("`integrity_test` bounds MaxProvers; qed");

		let mut prover = Prover::default();
		let mut staker = Staker::default();
		let shortfall = membership::enter(&mut prover, id, &mut staker, offer, GENESIS_TIME);
		Pallet::<T>::to_balance(shortfall)
			.and_then(|stake| T::Currency::hold(&HoldReason::Stake.into(), who, stake))
			.unwrap_or_else(|error| panic!("genesis prover {who:?} cannot stake: {error:?}"));
		pool.slots.try_push(prover).expect("an appended slot is within the bound; qed");
		ProverAccounts::<T>::insert(id, who);
		Stakers::<T>::insert(who, staker);
	}
}
