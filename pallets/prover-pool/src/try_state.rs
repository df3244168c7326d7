// SPDX-License-Identifier: Apache-2.0

//! What always holds, whatever was called: rule 31.

use crate::{
	pallet::*,
	types::{Pool, Prover, ProverId},
};
use alloc::collections::BTreeSet;
use frame_support::{
	ensure,
	traits::{fungible::hold::Inspect as _, Get},
};
use sp_runtime::{
	traits::{CheckedMul, Zero},
	TryRuntimeError,
};

impl<T: Config> Pallet<T> {
	/// Checks every rule that state alone can show.
	///
	/// 1. Slots: an empty one is all zero (rule 30), and there are no more than `MaxProvers`: a pool
	///    that is longer cannot be read.
	/// 2. Ids: each member's slot has one account, which has that slot, and so no other;
	///    `ProverAccounts`, `Provers` and `Stakers` agree (rule 30).
	/// 3. Money: what each account has on hold is its stake and its exit together, and the sum
	///    of the two in whole tokens fits a `u32` (rule 2).
	/// 4. Exits: the clock runs while something is in exit, and only then (rule 9).
	/// 5. Capacity: every member declared one (rule 8), and has no more than that; a backlog in the
	///    pool means that there was no capacity to begin with; what is outstanding fits a `u16`
	///    (rules 24 and 25).
	/// 6. Entries: none without a slot, an exit or an outstanding block (rule 16), and no declared
	///    capacity outside of the pool.
	/// 7. Times: none in the future, and no place taken after that of the newcomers.
	/// 8. RecentStakes: exactly the members whose place is as old as theirs, each once; and outside of
	///    the pool nobody has the time of a place (rule 21).
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		ensure!(
			!Provers::<T>::exists() || Provers::<T>::try_get().is_ok(),
			"1: the pool cannot be read, like one of more slots than MaxProvers"
		);
		let Pool { slots, recent_stakes } = Provers::<T>::get();
		let mut members = 0usize;
		let mut latest = BTreeSet::new();
		for (index, prover) in slots.iter().enumerate() {
			let id = ProverId::from_index(index).ok_or("2: a slot has no id")?;
			let account = ProverAccounts::<T>::get(id);
			if prover.is_vacant() {
				ensure!(*prover == Prover::default(), "1: an empty slot is not all zero");
				ensure!(account.is_none(), "2: an empty slot has an account");
				continue;
			}
			let account = account.ok_or("2: a slot has no account")?;
			let staker = Stakers::<T>::get(&account).ok_or("2: a member is no staker")?;
			ensure!(staker.prover_id == Some(id), "2: a member's id is not that of its slot");
			ensure!(
				staker.staked_at <= recent_stakes.staked_at,
				"7: a slot was taken after the latest stake"
			);
			if staker.staked_at == recent_stakes.staked_at {
				latest.insert(id);
			}
			// As many as there are slots at most.
			members = members.saturating_add(1);
		}
		let ids: BTreeSet<_> = recent_stakes.ids.iter().copied().collect();
		ensure!(ids.len() == recent_stakes.ids.len(), "8: a recent stake is listed twice");
		ensure!(ids == latest, "8: the recent stakes are not the latest");
		ensure!(ProverAccounts::<T>::iter().count() == members, "2: an id has no slot");
		ensure!(
			Stakers::<T>::iter().filter(|(_, staker)| staker.prover_id.is_some()).count()
				== members,
			"2: a staker has an id but no slot"
		);

		let now = Self::now();
		ensure!(recent_stakes.staked_at <= now, "7: a place taken in the future");
		for who in frame_system::Account::<T>::iter_keys() {
			ensure!(
				Stakers::<T>::contains_key(&who) || Self::on_hold(&who).is_zero(),
				"3: a hold that nothing tells of"
			);
		}
		for (who, staker) in Stakers::<T>::iter() {
			let slot = staker.prover_id.and_then(|id| slots.get(id.index()));
			let stake = slot.map_or(0, |slot| slot.staked_amount);
			let tokens = stake
				.checked_add(staker.exit_amount)
				.ok_or("3: stake and exit do not fit a u32")?;
			let due = T::OneToken::get()
				.checked_mul(&tokens.into())
				.ok_or("3: a stake does not fit the currency")?;
			ensure!(Self::on_hold(&who) == due, "3: the hold is not stake plus exit");

			ensure!(
				(staker.exit_amount > 0) == (staker.exit_requested_at > 0),
				"4: an exit without its clock, or a clock without an exit"
			);

			if let Some(slot) = slot {
				ensure!(staker.max_capacity > 0, "5: a member without a declared capacity");
				ensure!(
					slot.current_capacity <= staker.max_capacity,
					"5: more capacity than was declared"
				);
				ensure!(
					staker.backlog == 0 || slot.current_capacity == 0,
					"5: a backlog beside capacity"
				);
			} else {
				ensure!(staker.max_capacity == 0, "6: a declared capacity outside of the pool");
				ensure!(staker.staked_at == 0, "8: the time of a place outside of the pool");
			}
			let in_flight =
				slot.map_or(0, |slot| staker.max_capacity.saturating_sub(slot.current_capacity));
			ensure!(
				staker.backlog.checked_add(in_flight).is_some(),
				"5: what is outstanding does not fit a u16"
			);
			ensure!(!staker.is_empty(), "6: an entry without a reason");
			ensure!(staker.exit_requested_at <= now, "7: an exit requested in the future");
		}
		Ok(())
	}

	fn on_hold(who: &T::AccountId) -> BalanceOf<T> {
		T::Currency::balance_on_hold(&HoldReason::Stake.into(), who)
	}
}
