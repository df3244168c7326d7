// SPDX-License-Identifier: Apache-2.0

//! Benchmarks of each call and each trait function in its worst case.
//!
//! The component `n` is the number of members of a pool without an empty slot. The last of them is
//! drawn, released, slashed or leaves. `stake` has no component: the worst case replaces a member,
//! which takes a pool of `MaxProvers` members.

use super::*;
use crate::rules::{
	draw,
	membership::{self, Offer},
};
use frame_benchmarking::v2::*;
use frame_support::{
	assert_ok,
	traits::{
		fungible::{hold::Balanced as _, Balanced as _},
		tokens::Precision,
		Get, Imbalance as _,
	},
};
use frame_system::RawOrigin;
use prover_pool_primitives::{Assignment, BenchmarkClock, ProverPool};
use sp_runtime::traits::Bounded;

/// Time at which benchmarks begin. No period reaches back to time 0.
const START: u64 = 4_000_000_000;
/// Margin in seconds, above the rounding of a clock that counts in slots.
const MARGIN: u64 = 60;
/// The fee at which a draw takes longest: every weight needs divisions of the largest numbers,
/// beyond the 64 bits of WebAssembly.
const FEE: u32 = u32::MAX;

/// Returns the minimum offer of the parameters, with `extra` tokens on top.
fn offer<T: Config>(extra: u32) -> Offer {
	let max_capacity = T::MinCapacity::get().max(1);
	let min_stake = membership::min_stake(max_capacity, T::MinStakePerCapacity::get());
	let amount = u32::try_from(min_stake).expect("the parameters let provers in").max(1) + extra;
	Offer { amount, reward_per_gas: 10, max_capacity }
}

/// Creates an account with funds for two such offers.
fn operator<T: Config>(index: u32) -> T::AccountId {
	let who: T::AccountId = account("operator", index, 0);
	let tokens = offer::<T>(1_000).amount;
	let funds = T::OneToken::get() * tokens.into() + T::OneToken::get() * 4u32.into();
	assert_ok!(T::Currency::deposit(&who, funds + funds, Precision::Exact));
	who
}

fn enter<T: Config>(who: &T::AccountId, extra: u32) {
	let Offer { amount, reward_per_gas, max_capacity } = offer::<T>(extra);
	assert_ok!(Pallet::<T>::stake(
		RawOrigin::Signed(who.clone()).into(),
		amount,
		reward_per_gas,
		max_capacity
	));
}

/// Advances the clock by more than `seconds`.
fn pass<T: Config>(seconds: u64) {
	T::BenchmarkClock::set(Pallet::<T>::now() + seconds + MARGIN);
}

/// Sets the clock, and removes the genesis provers, so that every runtime has the same worst case.
fn begin<T: Config>() {
	T::BenchmarkClock::set(START);
	Provers::<T>::kill();
	let _ = ProverAccounts::<T>::clear(u32::MAX, None);
	let _ = Stakers::<T>::clear(u32::MAX, None);
}

/// Creates a member with the minimum stake, a mature exit, and a slot that it may change.
fn member_with_mature_exit<T: Config>(index: u32) -> T::AccountId {
	let who = operator::<T>(index);
	enter::<T>(&who, 100);
	pass::<T>(T::MinChangeDelay::get());
	enter::<T>(&who, 0);
	pass::<T>(T::ExitPeriod::get().max(T::MinChangeDelay::get()));
	who
}

/// Fills `n` slots, and makes the list of recent stakes as long as possible.
///
/// Returns the last member, a [`member_with_mature_exit`]. The others have larger stakes.
fn fill_pool<T: Config>(n: u32) -> T::AccountId {
	for index in 1..n {
		enter::<T>(&operator::<T>(index), 500);
	}
	let last = member_with_mature_exit::<T>(n);
	Provers::<T>::mutate(|pool| {
		assert_eq!(pool.slots.len() as u32, n);
		for index in 0..pool.slots.len() {
			let id = ProverId::from_index(index).expect("MaxProvers is bounded");
			if !pool.recent_stakes.ids.contains(&id) {
				assert_ok!(pool.recent_stakes.ids.try_push(id));
			}
		}
	});
	last
}

fn last_slot<T: Config>() -> Prover {
	*Provers::<T>::get().slots.last().expect("the pool is full")
}

fn change_last_slot<T: Config>(change: impl FnOnce(&mut Prover)) {
	Provers::<T>::mutate(|pool| change(pool.slots.last_mut().expect("the pool is full")));
}

#[benchmarks]
mod benchmarks {
	use super::*;

	/// The pool is full. The caller and the member that it replaces have a mature exit.
	#[benchmark]
	fn stake() {
		begin::<T>();
		let caller = operator::<T>(0);
		enter::<T>(&caller, 0);
		pass::<T>(T::MinChangeDelay::get());
		assert_ok!(Pallet::<T>::exit(RawOrigin::Signed(caller.clone()).into()));
		let replaced = fill_pool::<T>(T::MaxProvers::get());
		// The others staked just now, so they remain in the list of recent stakes.
		Provers::<T>::mutate(|pool| pool.recent_stakes.staked_at = Pallet::<T>::now());
		let Offer { amount, reward_per_gas, max_capacity } = offer::<T>(50);
		let id = Stakers::<T>::get(&replaced).unwrap().prover_id;

		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), amount, reward_per_gas, max_capacity);

		// Both mature exits are paid.
		let left = Stakers::<T>::get(&replaced).unwrap();
		assert_eq!((left.prover_id, left.exit_amount), (None, offer::<T>(0).amount));
		let entered = Stakers::<T>::get(&caller).unwrap();
		assert_eq!((entered.prover_id, entered.exit_amount), (id, 0));
		let pool = Provers::<T>::get();
		assert_eq!(pool.recent_stakes.ids.len(), pool.slots.len());
		assert_eq!(last_slot::<T>().staked_amount, amount);
	}

	/// The caller has nothing else on hold, so its entry is removed.
	#[benchmark]
	fn withdraw() {
		begin::<T>();
		let caller = operator::<T>(0);
		enter::<T>(&caller, 0);
		pass::<T>(T::MinChangeDelay::get());
		assert_ok!(Pallet::<T>::exit(RawOrigin::Signed(caller.clone()).into()));
		pass::<T>(T::ExitPeriod::get());

		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()));

		assert!(!Stakers::<T>::contains_key(&caller));
	}

	/// The last of `n` members leaves. It has a mature exit.
	#[benchmark]
	fn exit(n: Linear<1, { T::MaxProvers::get() }>) {
		begin::<T>();
		let caller = fill_pool::<T>(n);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()));

		// The mature exit is paid, and the stake is the new one.
		let left = Stakers::<T>::get(&caller).unwrap();
		assert_eq!((left.prover_id, left.exit_amount), (None, offer::<T>(0).amount));
		assert!(last_slot::<T>().is_vacant());
	}

	/// The last of `n` members is drawn. All are weighed with the largest numbers, although the
	/// others are recent stakes and cannot be drawn.
	#[benchmark]
	fn assign(n: Linear<1, { T::MaxProvers::get() }>) {
		begin::<T>();
		let last = fill_pool::<T>(n);
		Provers::<T>::mutate(|pool| {
			for slot in pool.slots.iter_mut() {
				(slot.staked_amount, slot.current_capacity) = (u32::MAX, u16::MAX);
			}
			pool.recent_stakes.staked_at = Pallet::<T>::now();
			pool.recent_stakes.ids.retain(|id| id.index() + 1 < n as usize);
		});
		let (weights, total) = Pallet::<T>::get_weights(FEE);
		let block_id = (0..)
			.find(|block_id| {
				let seed = Pallet::<T>::seed(*block_id);
				draw::choose(&weights, total, seed) == Some(n as usize - 1)
			})
			.expect("each member is drawn for some block");
		let assignment;

		#[block]
		{
			assignment = <Pallet<T> as ProverPool<_>>::assign(block_id, FEE);
		}

		assert_eq!(
			assignment,
			Some(Assignment {
				prover: last,
				reward_per_gas: draw::effective_reward(10, FEE, T::RewardTolerance::get()),
			})
		);
		assert_eq!(last_slot::<T>().current_capacity, u16::MAX - 1);
	}

	/// The last of `n` members has an outstanding block.
	#[benchmark]
	fn release(n: Linear<1, { T::MaxProvers::get() }>) {
		begin::<T>();
		let last = fill_pool::<T>(n);
		let capacity = last_slot::<T>().current_capacity;
		change_last_slot::<T>(|slot| slot.current_capacity -= 1);

		#[block]
		{
			<Pallet<T> as ProverPool<_>>::release(&last);
		}

		assert_eq!(last_slot::<T>().current_capacity, capacity);
	}

	/// The last of `n` members has a mature exit. It loses the rest of its stake and is ejected,
	/// unless the parameters disable ejection.
	#[benchmark]
	fn slash(n: Linear<1, { T::MaxProvers::get() }>) {
		begin::<T>();
		let last = fill_pool::<T>(n);
		// All but one token are slashed before, so any parameters slash the whole rest.
		let lost = T::OneToken::get() * (last_slot::<T>().staked_amount - 1).into();
		change_last_slot::<T>(|slot| slot.staked_amount = 1);
		drop(T::Currency::slash(&HoldReason::Stake.into(), &last, lost));
		// The largest reward that is not capped early.
		let reward = BalanceOf::<T>::max_value() / T::SlashMultiplier::get().max(1).into();
		let credit;

		#[block]
		{
			credit = <Pallet<T> as ProverPool<_>>::slash(&last, 1, reward);
		}

		assert_eq!(credit.peek(), T::OneToken::get());
		// Its mature exit is paid, so its entry is removed.
		let is_ejected = last_slot::<T>().is_vacant() && !Stakers::<T>::contains_key(&last);
		assert_eq!(is_ejected, T::EjectionThreshold::get() > 0);
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::genesis_for_benchmarks(), crate::mock::Test);
}
