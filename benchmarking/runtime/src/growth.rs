// SPDX-License-Identifier: Apache-2.0

//! # Growth
//!
//! What each function of a pool costs, in pools of [`SIZES`](prover_pool_computation::SIZES) places.
//! The benchmarks' component is the index, so that the six steps of `--steps 6` are these. A pallet
//! without storage or calls, one instance for each pool, so that both are measured by the same code.

pub use pallet::*;

#[frame_support::pallet]
pub mod pallet {
	use crate::contenders::Contender;

	#[pallet::pallet]
	pub struct Pallet<T, I = ()>(_);

	#[pallet::config]
	pub trait Config<I: 'static = ()>: frame_system::Config {
		/// The pool that this instance measures.
		type Contender: Contender;
	}
}

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking {
	use super::*;
	use crate::{
		configs::{
			Clock, MaxProvers, Seed, EXIT_PERIOD, MIN_CAPACITY, MIN_CHANGE_DELAY,
			MIN_STAKE_PER_CAPACITY, UNIT,
		},
		contenders::Contender,
		AccountId, Balance, Balances, Runtime,
	};
	use frame_benchmarking::{benchmarking::add_to_whitelist, v2::*};
	use frame_support::{assert_ok, traits::fungible::Mutate as _};
	use prover_pool_computation::SIZES;
	use prover_pool_primitives::BenchmarkClock as _;

	/// When the first stakes are made, in Unix seconds.
	const START: u64 = 4_000_000_000;
	/// When a member may change its first place.
	const CHANGE: u64 = START + MIN_CHANGE_DELAY;
	/// When all members have their places.
	const FULL: u64 = CHANGE + MIN_CHANGE_DELAY;
	/// When every exit is mature and every member may leave.
	const NOW: u64 = FULL + EXIT_PERIOD + 1;

	/// The least stake, in whole tokens.
	const LEAST: u32 = MIN_CAPACITY as u32 * MIN_STAKE_PER_CAPACITY;
	/// The price of everybody, and the fee.
	const PRICE: u16 = 10;

	/// An account that can put up any stake.
	fn operator(index: u32) -> AccountId {
		let who = account("operator", index, 0);
		assert_ok!(Balances::mint_into(&who, (Balance::from(u32::MAX) + 1) * UNIT));
		who
	}

	/// The same, of a signer: reading and writing the account itself is part of what any
	/// transaction costs, and not counted.
	fn signer(index: u32) -> AccountId {
		let who = operator(index);
		add_to_whitelist(frame_system::Account::<Runtime>::hashed_key_for(&who).into());
		who
	}

	fn stake<C: Contender>(who: &AccountId, amount: u32) {
		assert_ok!(C::stake(who.clone(), amount, PRICE, MIN_CAPACITY));
	}

	/// A pool of the `index`th size, without members.
	fn empty_pool(index: u32) -> u32 {
		let places = SIZES[index as usize];
		MaxProvers::set(places);
		// A seed that is not in storage would be cheaper to prove.
		Seed::set(&Seed::get());
		Clock::set(START);
		places
	}

	/// Fills `places` and lets all exits mature.
	fn fill<C: Contender>(places: u32) {
		Clock::set(FULL);
		for index in 0..places {
			stake::<C>(&operator(1_000 + index), LEAST + 500);
		}
		Clock::set(NOW);
	}

	/// Makes `who` the smallest member, with an exit beside its stake. The clock is at [`FULL`] then.
	fn enter_with_exit<C: Contender>(who: &AccountId) {
		stake::<C>(who, LEAST + 100);
		Clock::set(FULL);
		stake::<C>(who, LEAST);
	}

	#[instance_benchmarks]
	mod benchmarks {
		use super::*;

		/// An account without an exit takes the last empty place.
		#[benchmark]
		fn enter(i: Linear<0, 5>) {
			let places = empty_pool(i);
			let caller = signer(0);
			fill::<T::Contender>(places - 1);

			#[block]
			{
				super::stake::<T::Contender>(&caller, LEAST);
			}

			assert_eq!(T::Contender::capacity(&caller), Some(MIN_CAPACITY));
		}

		/// An account replaces the smallest member, in a full pool. Both have a mature exit.
		#[benchmark]
		fn stake(i: Linear<0, 5>) {
			let places = empty_pool(i);
			let caller = signer(0);
			super::stake::<T::Contender>(&caller, LEAST);
			Clock::set(CHANGE);
			assert_ok!(T::Contender::exit(caller.clone()));
			let replaced = operator(1);
			enter_with_exit::<T::Contender>(&replaced);
			fill::<T::Contender>(places - 1);

			#[block]
			{
				super::stake::<T::Contender>(&caller, LEAST + 50);
			}

			assert_eq!(T::Contender::capacity(&caller), Some(MIN_CAPACITY));
			assert_eq!(T::Contender::capacity(&replaced), None);
		}

		/// A member with a mature exit leaves a full pool.
		#[benchmark]
		fn exit(i: Linear<0, 5>) {
			let places = empty_pool(i);
			let caller = signer(0);
			Clock::set(CHANGE);
			enter_with_exit::<T::Contender>(&caller);
			fill::<T::Contender>(places - 1);

			#[block]
			{
				assert_ok!(T::Contender::exit(caller.clone()));
			}

			assert_eq!(T::Contender::capacity(&caller), None);
		}

		/// A draw in a full pool in which everybody weighs, and nearly all the weight is the last
		/// one's.
		#[benchmark]
		fn assign(i: Linear<0, 5>) {
			let places = empty_pool(i);
			fill::<T::Contender>(places - 1);
			Clock::set(FULL);
			assert_ok!(T::Contender::stake(operator(0), u32::MAX, PRICE, u16::MAX));
			Clock::set(NOW);
			let drawn;

			#[block]
			{
				drawn = T::Contender::assign(PRICE.into());
			}

			assert!(drawn.is_some());
		}

		/// A member of a full pool gets the capacity of a block back.
		#[benchmark]
		fn release(i: Linear<0, 5>) {
			fill::<T::Contender>(empty_pool(i));
			let drawn = T::Contender::assign(PRICE.into()).expect("everybody weighs");
			assert_eq!(T::Contender::capacity(&drawn), Some(MIN_CAPACITY - 1));

			#[block]
			{
				T::Contender::release(&drawn);
			}

			assert_eq!(T::Contender::capacity(&drawn), Some(MIN_CAPACITY));
		}

		/// A member of a full pool, with a mature exit, loses all of its stake and its place.
		#[benchmark]
		fn slash(i: Linear<0, 5>) {
			let places = empty_pool(i);
			let who = operator(0);
			Clock::set(CHANGE);
			enter_with_exit::<T::Contender>(&who);
			fill::<T::Contender>(places - 1);
			let credit;

			#[block]
			{
				credit = T::Contender::slash(&who, Balance::from(LEAST) * UNIT);
			}

			// What becomes of it is the caller's business.
			drop(credit);
			assert_eq!(T::Contender::capacity(&who), None);
		}

		/// One test for all: the number of places is shared by all threads.
		#[cfg(test)]
		#[test]
		fn every_function_is_measured_at_every_size() {
			use crate::{MapGrowth, PoolGrowth};
			use frame_benchmarking::Benchmarking;

			for benchmark in PoolGrowth::benchmarks(false) {
				let name = core::str::from_utf8(&benchmark.name).unwrap();
				crate::tests::new_test_ext().execute_with(|| {
					assert_ok!(PoolGrowth::test_bench_by_name(name.as_bytes()));
				});
				crate::tests::new_test_ext().execute_with(|| {
					assert_ok!(MapGrowth::test_bench_by_name(name.as_bytes()));
				});
			}
			MaxProvers::set(32);
		}
	}
}
