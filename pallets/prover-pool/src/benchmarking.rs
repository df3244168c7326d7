// SPDX-License-Identifier: Apache-2.0

//! Benchmarks of each call and each trait function in its worst case.
//!
//! The component `p` is the number of members of a pool without an empty slot. The last of them is
//! released, slashed or leaves. `stake` has no component: the worst case replaces a member, which
//! takes a pool of `MaxProvers` members. The component `n` is the number of drawn blocks.

use super::*;
use crate::rules::{
	draw,
	membership::{self, Offer},
};
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::{
	assert_ok,
	traits::{
		fungible::{hold::Balanced as _, Balanced as _},
		tokens::Precision,
		Get, Imbalance as _, Randomness as _,
	},
};
use frame_system::RawOrigin;
use prover_pool_primitives::{BenchmarkClock, BlockId, ProverPool};
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
	let max_capacity = Pallet::<T>::min_capacity();
	let min_stake = membership::min_stake(max_capacity, Pallet::<T>::min_stake_per_capacity());
	let amount = u32::try_from(min_stake).expect("the parameters let provers in") + extra;
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
	let _ = Operators::<T>::clear(u32::MAX, None);
}

/// Creates a member with the minimum stake, a mature exit, and a slot that it may change.
fn member_with_mature_exit<T: Config>(index: u32) -> T::AccountId {
	let who = operator::<T>(index);
	enter::<T>(&who, 100);
	pass::<T>(Pallet::<T>::min_change_delay());
	enter::<T>(&who, 0);
	pass::<T>(Pallet::<T>::exit_period().max(Pallet::<T>::min_change_delay()));
	who
}

/// Fills `p` slots.
///
/// Returns the last member, a [`member_with_mature_exit`]. The others have larger stakes.
fn fill_pool<T: Config>(p: u32) -> T::AccountId {
	for index in 1..p {
		enter::<T>(&operator::<T>(index), 500);
	}
	let last = member_with_mature_exit::<T>(p);
	assert_eq!(Provers::<T>::get().slots.len() as u32, p);
	last
}

/// Names the operator of `who`, and returns it. The entry goes with that of `who`.
fn name_operator<T: Config>(who: &T::AccountId) -> T::AccountId {
	let key: T::AccountId = account("key", 0, 0);
	assert_ok!(Pallet::<T>::set_operator(RawOrigin::Signed(who.clone()).into(), Some(key.clone())));
	key
}

/// Slashes all but `left` tokens of the stake of the last member.
fn slash_last<T: Config>(last: &T::AccountId, left: u32) {
	let lost = T::OneToken::get() * (last_slot::<T>().staked_amount - left).into();
	change_last_slot::<T>(|slot| slot.staked_amount = left);
	drop(T::Currency::slash(&HoldReason::Stake.into(), last, lost));
}

/// Returns `n` blocks for which the members are drawn in turn.
fn blocks_in_turn<T: Config>(n: u32) -> Vec<(BlockId, u32)> {
	let (random, _) = T::Randomness::random(b"prover-pool");
	let mut slots = Provers::<T>::get().slots.into_inner();
	let mut block_ids = 0..;
	let mut next = |index: usize| {
		let (weights, total) = draw::weights(&slots, FEE, T::RewardTolerance::get());
		let block_id = block_ids
			.find(|block_id| {
				let seed = Pallet::<T>::seed(&random, *block_id);
				draw::choose(&weights, total, seed) == Some(index % slots.len())
			})
			.expect("each member is drawn for some block");
		let drawn = index % slots.len();
		slots[drawn].current_capacity -= 1;
		(block_id, FEE)
	};
	(0..n as usize).map(&mut next).collect()
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

	/// The pool is full. The caller and the member that it replaces have a mature exit. The replaced
	/// member has nothing else on hold, so its entry and its operator are removed.
	#[benchmark]
	fn stake() {
		begin::<T>();
		let caller = operator::<T>(0);
		enter::<T>(&caller, 0);
		pass::<T>(Pallet::<T>::min_change_delay());
		assert_ok!(Pallet::<T>::exit(RawOrigin::Signed(caller.clone()).into()));
		let replaced = fill_pool::<T>(T::MaxProvers::get());
		name_operator::<T>(&replaced);
		slash_last::<T>(&replaced, 0);
		let Offer { amount, reward_per_gas, max_capacity } = offer::<T>(50);
		let id = Stakers::<T>::get(&replaced).unwrap().prover_id;

		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), amount, reward_per_gas, max_capacity);

		// Both mature exits are paid.
		assert!(!Stakers::<T>::contains_key(&replaced) && !Operators::<T>::contains_key(&replaced));
		let entered = Stakers::<T>::get(&caller).unwrap();
		assert_eq!((entered.prover_id, entered.exit_amount), (id, 0));
		assert_eq!(last_slot::<T>().staked_amount, amount);
	}

	/// The caller has nothing else on hold, so its entry and its operator are removed.
	#[benchmark]
	fn withdraw() {
		begin::<T>();
		let caller = operator::<T>(0);
		enter::<T>(&caller, 0);
		pass::<T>(Pallet::<T>::min_change_delay());
		assert_ok!(Pallet::<T>::exit(RawOrigin::Signed(caller.clone()).into()));
		pass::<T>(Pallet::<T>::exit_period());
		name_operator::<T>(&caller);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()));

		assert!(!Stakers::<T>::contains_key(&caller) && !Operators::<T>::contains_key(&caller));
	}

	/// The last of `p` members leaves. It has a mature exit and no stake, so its entry and its
	/// operator are removed.
	#[benchmark]
	fn exit(p: Linear<1, { T::MaxProvers::get() }>) {
		begin::<T>();
		let caller = fill_pool::<T>(p);
		name_operator::<T>(&caller);
		slash_last::<T>(&caller, 0);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()));

		assert!(!Stakers::<T>::contains_key(&caller) && !Operators::<T>::contains_key(&caller));
		assert!(last_slot::<T>().is_vacant());
	}

	/// The caller replaces its operator.
	#[benchmark]
	fn set_operator() {
		begin::<T>();
		let caller = operator::<T>(0);
		enter::<T>(&caller, 0);
		name_operator::<T>(&caller);
		let key: T::AccountId = account("key", 1, 0);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), Some(key.clone()));

		assert_eq!(Operators::<T>::get(&caller), Some(key));
	}

	/// As `exit`, by the operator.
	#[benchmark]
	fn exit_for(p: Linear<1, { T::MaxProvers::get() }>) {
		begin::<T>();
		let prover = fill_pool::<T>(p);
		let key = name_operator::<T>(&prover);
		slash_last::<T>(&prover, 0);

		#[extrinsic_call]
		_(RawOrigin::Signed(key), prover.clone());

		assert!(!Stakers::<T>::contains_key(&prover) && !Operators::<T>::contains_key(&prover));
		assert!(last_slot::<T>().is_vacant());
	}

	/// `n` blocks are drawn over a full pool, each member in its turn. All are weighed with the largest
	/// numbers.
	#[benchmark]
	fn assign_many(n: Linear<1, { T::MaxProvers::get() }>) {
		begin::<T>();
		fill_pool::<T>(T::MaxProvers::get());
		Provers::<T>::mutate(|pool| {
			for slot in pool.slots.iter_mut() {
				(slot.staked_amount, slot.current_capacity) = (u32::MAX, u16::MAX);
			}
		});
		let blocks = blocks_in_turn::<T>(n);
		let before = Pallet::<T>::get_capacity();
		let assignments;

		#[block]
		{
			assignments = <Pallet<T> as ProverPool<_>>::assign_many(&blocks);
		}

		assert!(assignments.iter().all(Option::is_some));
		assert_eq!((assignments.len() as u32, before - Pallet::<T>::get_capacity()), (n, n));
	}

	/// The last of `p` members has an outstanding block.
	#[benchmark]
	fn release(p: Linear<1, { T::MaxProvers::get() }>) {
		begin::<T>();
		let last = fill_pool::<T>(p);
		let capacity = last_slot::<T>().current_capacity;
		change_last_slot::<T>(|slot| slot.current_capacity -= 1);

		#[block]
		{
			<Pallet<T> as ProverPool<_>>::release(&last);
		}

		assert_eq!(last_slot::<T>().current_capacity, capacity);
	}

	/// The last of `p` members has a mature exit. It loses the rest of its stake and is ejected,
	/// unless the parameters disable ejection.
	#[benchmark]
	fn slash(p: Linear<1, { T::MaxProvers::get() }>) {
		begin::<T>();
		let last = fill_pool::<T>(p);
		name_operator::<T>(&last);
		// All but one token are slashed before, so any parameters slash the whole rest.
		slash_last::<T>(&last, 1);
		// The largest reward that is not capped early.
		let reward = BalanceOf::<T>::max_value() / Pallet::<T>::slash_multiplier().into();
		let credit;

		#[block]
		{
			credit = <Pallet<T> as ProverPool<_>>::slash(&last, 1, reward);
		}

		assert_eq!(credit.peek(), T::OneToken::get());
		// Its mature exit is paid, so its entry and its operator are removed.
		let is_ejected = last_slot::<T>().is_vacant() && !Stakers::<T>::contains_key(&last);
		assert_eq!(is_ejected, Pallet::<T>::ejection_threshold() > 0);
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::genesis_for_benchmarks(), crate::mock::Test);
}
