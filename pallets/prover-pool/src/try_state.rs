// SPDX-License-Identifier: Apache-2.0

//! The invariants, by number: rule 31.

use crate::{
	pallet::*,
	types::{Prover, ProverId, Staker},
};
use frame_support::{ensure, traits::Get};
use sp_runtime::{
	traits::{CheckedMul, Zero},
	TryRuntimeError,
};

type CheckResult = Result<(), TryRuntimeError>;

impl<T: Config> Pallet<T> {
	/// Checks every rule that state alone can show (rule 31).
	///
	/// The number in an error is that of the invariant.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		let pool = Self::check_slots()?;
		Self::check_ids(&pool.slots)?;
		Self::check_holds()?;
		Self::check_operators()?;
		let now = Self::now();
		for (who, staker) in Stakers::<T>::iter() {
			let slot = staker.prover_id.and_then(|id| pool.slots.get(id.index()));
			Self::check_money(&who, &staker, slot)?;
			check_exit(&staker)?;
			check_capacity(&staker, slot)?;
			check_entry(&staker)?;
			check_times(&staker, now)?;
		}
		Ok(())
	}

	/// Invariant 1: the pool has at most `MaxProvers` slots, because a longer one cannot be read.
	/// An empty slot is all zero (rule 30).
	fn check_slots() -> Result<PoolOf<T>, TryRuntimeError> {
		ensure!(
			!Provers::<T>::exists() || Provers::<T>::try_get().is_ok(),
			"1: the pool cannot be read, like one of more slots than MaxProvers"
		);
		let pool = Provers::<T>::get();
		for slot in pool.slots.iter().filter(|slot| slot.is_vacant()) {
			ensure!(*slot == Prover::default(), "1: an empty slot is not all zero");
		}
		Ok(pool)
	}

	/// Invariant 2: `ProverAccounts`, `Provers` and `Stakers` agree, and ids and accounts of
	/// members match one to one (rule 30).
	fn check_ids(slots: &[Prover]) -> CheckResult {
		for (index, slot) in slots.iter().enumerate() {
			let id = ProverId::from_index(index).ok_or("2: a slot has no id")?;
			let account = ProverAccounts::<T>::get(id);
			if slot.is_vacant() {
				ensure!(account.is_none(), "2: an empty slot has an account");
				continue;
			}
			let account = account.ok_or("2: a slot has no account")?;
			let staker = Stakers::<T>::get(&account).ok_or("2: a member is no staker")?;
			ensure!(staker.prover_id == Some(id), "2: a member's id is not that of its slot");
		}
		let members = slots.iter().filter(|slot| !slot.is_vacant()).count();
		ensure!(ProverAccounts::<T>::iter().count() == members, "2: an id has no slot");
		let with_id = Stakers::<T>::iter_values().filter(|staker| staker.prover_id.is_some());
		ensure!(with_id.count() == members, "2: a staker has an id but no slot");
		Ok(())
	}

	/// Invariant 3, first part: an account without an entry has nothing on hold (rule 2).
	fn check_holds() -> CheckResult {
		for who in frame_system::Account::<T>::iter_keys() {
			ensure!(
				Stakers::<T>::contains_key(&who) || Self::on_hold(&who).is_zero(),
				"3: a hold without an entry"
			);
		}
		Ok(())
	}

	/// Invariant 3, second part: an account's hold is its stake and its exit together, and the sum
	/// of the two in whole tokens fits a `u32` (rule 2).
	fn check_money(who: &T::AccountId, staker: &Staker, slot: Option<&Prover>) -> CheckResult {
		let stake = slot.map_or(0, |slot| slot.staked_amount);
		let tokens = stake
			.checked_add(staker.exit_amount)
			.ok_or("3: stake and exit do not fit a u32")?;
		let due = T::OneToken::get()
			.checked_mul(&tokens.into())
			.ok_or("3: a stake does not fit the currency")?;
		ensure!(Self::on_hold(who) == due, "3: the hold is not stake plus exit");
		Ok(())
	}

	/// Invariant 8: the operator of an account goes with its entry, and with its last hold (rule 33).
	fn check_operators() -> CheckResult {
		for who in Operators::<T>::iter_keys() {
			let staker = Stakers::<T>::get(&who).ok_or("8: an operator without an entry")?;
			ensure!(staker.has_hold(), "8: an operator without a hold");
		}
		Ok(())
	}
}

/// Invariant 4: the clock of an exit runs if and only if something is in exit (rule 9).
fn check_exit(staker: &Staker) -> CheckResult {
	ensure!(
		(staker.exit_amount > 0) == (staker.exit_requested_at > 0),
		"4: an exit without its clock, or a clock without an exit"
	);
	Ok(())
}

/// Invariant 5: a member declared a capacity and has at most that (rule 8). A member with a
/// backlog has no capacity, and the number of outstanding blocks fits a `u16` (rules 24 and 25).
fn check_capacity(staker: &Staker, slot: Option<&Prover>) -> CheckResult {
	let mut in_flight = 0;
	if let Some(slot) = slot {
		ensure!(staker.max_capacity > 0, "5: a member without a declared capacity");
		in_flight = staker
			.max_capacity
			.checked_sub(slot.current_capacity)
			.ok_or("5: more capacity than was declared")?;
		ensure!(
			staker.backlog == 0 || slot.current_capacity == 0,
			"5: a member with backlog and capacity"
		);
	}
	let outstanding = staker.backlog.checked_add(in_flight);
	ensure!(outstanding.is_some(), "5: the outstanding blocks do not fit a u16");
	Ok(())
}

/// Invariant 6: an entry has a slot, an exit or an outstanding block (rule 16). Without a slot it
/// has no declared capacity.
fn check_entry(staker: &Staker) -> CheckResult {
	ensure!(!staker.is_empty(), "6: an empty entry");
	if staker.prover_id.is_none() {
		ensure!(staker.max_capacity == 0, "6: a declared capacity outside of the pool");
	}
	Ok(())
}

/// Invariant 7: no time is in the future. An account without a slot has no time of a stake.
fn check_times(staker: &Staker, now: u64) -> CheckResult {
	ensure!(staker.exit_requested_at <= now, "7: an exit requested in the future");
	ensure!(staker.staked_at <= now, "7: a slot was taken in the future");
	ensure!(
		staker.prover_id.is_some() || staker.staked_at == 0,
		"7: the time of a stake outside of the pool"
	);
	Ok(())
}
