// SPDX-License-Identifier: Apache-2.0

//! Benchmarks: each call and each function of the trait in its worst case.

use super::*;
use crate::membership::Offer;
use frame_benchmarking::v2::*;
use frame_support::{
	assert_ok,
	traits::{fungible::Balanced as _, tokens::Precision, Get},
};
use frame_system::RawOrigin;
use prover_pool_primitives::{BenchmarkClock, ProverPool as _};
use sp_runtime::traits::Zero;

/// A time late enough for any period before it.
const START: u64 = 4_000_000_000;
/// More than a clock that counts in slots rounds off, in seconds.
const MARGIN: u64 = 60;

/// The least offer that the parameters take, and `extra` tokens.
fn offer<T: Config>(extra: u32) -> Offer {
	let max_capacity = T::MinCapacity::get().max(1);
	let least = membership::min_stake(max_capacity, T::MinStakePerCapacity::get());
	let amount = u32::try_from(least)
		.expect("the parameters let provers in")
		.max(1)
		+ extra;
	Offer {
		amount,
		reward_per_gas: 10,
		max_capacity,
	}
}

/// An account with funds for two such offers.
fn operator<T: Config>(index: u32) -> T::AccountId {
	let who: T::AccountId = account("operator", index, 0);
	let tokens = offer::<T>(1_000).amount;
	let funds = T::OneToken::get() * tokens.into() + T::OneToken::get() * 4u32.into();
	assert_ok!(T::Currency::deposit(&who, funds + funds, Precision::Exact));
	who
}

fn enter<T: Config>(who: &T::AccountId, extra: u32) {
	let Offer {
		amount,
		reward_per_gas,
		max_capacity,
	} = offer::<T>(extra);
	assert_ok!(Pallet::<T>::stake(
		RawOrigin::Signed(who.clone()).into(),
		amount,
		reward_per_gas,
		max_capacity
	));
}

/// Takes out who is in the pool from genesis, so that the worst case is the same everywhere.
fn empty_pool<T: Config>() {
	Provers::<T>::kill();
	let _ = ProverAccounts::<T>::clear(u32::MAX, None);
	let _ = Stakers::<T>::clear(u32::MAX, None);
}

/// A member with a mature exit beside its stake.
fn member_with_mature_exit<T: Config>(index: u32) -> T::AccountId {
	T::BenchmarkClock::set(START);
	let who = operator::<T>(index);
	enter::<T>(&who, 100);
	T::BenchmarkClock::set(START + T::MinChangeDelay::get() + MARGIN);
	enter::<T>(&who, 0);
	T::BenchmarkClock::set(later::<T>());
	who
}

/// When the exit of [`member_with_mature_exit`] is mature and its place may be changed.
fn later<T: Config>() -> u64 {
	START + 2 * T::MinChangeDelay::get() + T::ExitPeriod::get() + 3 * MARGIN
}

/// Fills the rest of the pool with stakes above the least, made before [`later`].
fn fill_pool<T: Config>() {
	T::BenchmarkClock::set(START);
	for index in Provers::<T>::get().len() as u32..T::MaxProvers::get() {
		enter::<T>(&operator::<T>(1_000 + index), 500);
	}
	T::BenchmarkClock::set(later::<T>());
}

#[benchmarks]
mod benchmarks {
	use super::*;

	/// A full pool; the caller has a mature exit, and so has the member that it replaces.
	#[benchmark]
	fn stake() {
		empty_pool::<T>();
		let caller = member_with_mature_exit::<T>(0);
		assert_ok!(Pallet::<T>::exit(RawOrigin::Signed(caller.clone()).into()));
		let replaced = member_with_mature_exit::<T>(1);
		fill_pool::<T>();
		// Both exits are mature now.
		T::BenchmarkClock::set(later::<T>() + T::ExitPeriod::get() + MARGIN);
		let Offer {
			amount,
			reward_per_gas,
			max_capacity,
		} = offer::<T>(50);

		#[extrinsic_call]
		_(
			RawOrigin::Signed(caller.clone()),
			amount,
			reward_per_gas,
			max_capacity,
		);

		assert_eq!(Stakers::<T>::get(&replaced).unwrap().prover_id, None);
		assert_eq!(Stakers::<T>::get(&caller).unwrap().exit_amount, 0);
		assert!(Stakers::<T>::get(&caller).unwrap().prover_id.is_some());
	}

	#[benchmark]
	fn withdraw() {
		let caller = member_with_mature_exit::<T>(0);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()));

		assert_eq!(Stakers::<T>::get(&caller).unwrap().exit_amount, 0);
	}

	/// A full pool; the member has a mature exit.
	#[benchmark]
	fn exit() {
		empty_pool::<T>();
		let caller = member_with_mature_exit::<T>(0);
		fill_pool::<T>();

		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()));

		assert_eq!(Stakers::<T>::get(&caller).unwrap().prover_id, None);
	}

	/// A full pool in which everybody weighs, and nearly all the weight is the last one's.
	#[benchmark]
	fn assign() {
		empty_pool::<T>();
		fill_pool::<T>();
		Provers::<T>::mutate(|provers| {
			for slot in provers.iter_mut() {
				slot.staked_amount = 1;
				slot.current_capacity = 1;
			}
			let last = provers.iter_mut().last().expect("the pool is full");
			(last.staked_amount, last.current_capacity) = (u32::MAX, u16::MAX);
		});
		let assignment;

		#[block]
		{
			assignment = Pallet::<T>::assign(1, 10);
		}

		assert!(assignment.is_some());
	}

	/// A full pool, and a member with capacity outstanding.
	#[benchmark]
	fn release() {
		empty_pool::<T>();
		fill_pool::<T>();
		let Some(assignment) = Pallet::<T>::assign(1, 10) else {
			panic!("nobody is drawn")
		};
		let capacity = Pallet::<T>::total_capacity();

		#[block]
		{
			<Pallet<T> as prover_pool_primitives::ProverPool<_>>::release(&assignment.prover);
		}

		assert_eq!(Pallet::<T>::total_capacity(), capacity + 1);
	}

	/// A full pool; a member with a mature exit loses all of its stake and is ejected.
	#[benchmark]
	fn slash() {
		empty_pool::<T>();
		let who = member_with_mature_exit::<T>(0);
		fill_pool::<T>();
		let staked = Pallet::<T>::staker_and_prover(&who).1.staked_amount;
		let reward = T::OneToken::get() * staked.into();
		let credit;

		#[block]
		{
			credit = <Pallet<T> as prover_pool_primitives::ProverPool<_>>::slash(&who, 1, reward);
		}

		assert!(frame_support::traits::Imbalance::peek(&credit) > Zero::zero());
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::genesis(vec![]), crate::mock::Test);
}
