// SPDX-License-Identifier: Apache-2.0

//! Benchmarks: each call and each step of the hook in its worst case, without what the pool and the
//! verifier add to it.

use super::*;
use alloc::vec;
use frame_benchmarking::v2::*;
use frame_support::{
	assert_ok,
	traits::{
		fungible::{hold::Mutate as _, Balanced as _, Inspect},
		tokens::Precision,
		Get,
	},
	BoundedVec,
};
use frame_system::RawOrigin;
use prover_pool_primitives::{BenchmarkClock, BlockId};
use sp_core::H256;
use sp_runtime::traits::Bounded;

/// A time late enough for any window before it.
const START: u64 = 4_000_000_000;

/// An account with a quarter of all that there can be.
fn funded<T: Config>(name: &'static str) -> T::AccountId {
	let who = account(name, 0, 0);
	let funds = BalanceOf::<T>::max_value() / 4u32.into();
	assert_ok!(T::Currency::deposit(&who, funds, Precision::Exact));
	who
}

/// Puts one block in this state in, with its reward on hold.
fn insert_block<T: Config>(state: BlockState<T::AccountId>) -> BlockId {
	T::BenchmarkClock::set(START);
	let proposer = funded::<T>("proposer");
	let reward = T::Currency::minimum_balance();
	assert_ok!(T::Currency::hold(
		&HoldReason::Reward.into(),
		&proposer,
		reward
	));
	let proposed_in = frame_system::Pallet::<T>::block_number();
	let payload_hash = H256::repeat_byte(1);
	Blocks::<T>::insert(
		1,
		RollupBlock {
			proposer,
			payload_hash,
			proposed_in,
			reward,
			state,
		},
	);
	RollupProgress::<T>::put(Progress {
		proposed: 1,
		closed: 0,
		settled: 0,
		closes_at: START,
	});
	1
}

/// A block whose window has just closed.
fn insert_missed<T: Config>() -> BlockId {
	let block_id = insert_block::<T>(BlockState::Assigned {
		prover: funded::<T>("late"),
		closes_at: START,
	});
	// Past what a clock that counts in slots rounds off.
	T::BenchmarkClock::set(START + 60);
	block_id
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn propose_block(n: Linear<0, { T::MaxPayloadSize::get() }>) {
		T::BenchmarkClock::set(START);
		let proposer = funded::<T>("proposer");
		let payload = BoundedVec::truncate_from(vec![7; n as usize]);

		#[extrinsic_call]
		_(RawOrigin::Signed(proposer), payload, T::MaxGasLimit::get());

		assert!(Blocks::<T>::contains_key(1));
	}

	/// The window has just closed and the hook has not seen it.
	#[benchmark]
	fn prove_block() {
		let block_id = insert_missed::<T>();
		let prover = funded::<T>("rescuer");
		let payload_hash = H256::repeat_byte(1);
		let statement = Statement {
			block_id,
			payload_hash,
			prover: prover.clone(),
		};
		let proof = BoundedVec::truncate_from(T::BenchmarkProver::prove(&statement));

		#[extrinsic_call]
		_(RawOrigin::Signed(prover.clone()), block_id, proof);

		let block = Blocks::<T>::get(block_id).expect("not settled yet");
		assert_eq!(block.state, BlockState::Proven { prover });
	}

	/// Nothing to do.
	#[benchmark]
	fn advance() {
		T::BenchmarkClock::set(START);

		#[block]
		{
			Pallet::<T>::advance();
		}

		assert_eq!(RollupProgress::<T>::get(), Progress::default());
	}

	#[benchmark]
	fn close_window() {
		let block_id = insert_missed::<T>();

		#[block]
		{
			Pallet::<T>::advance();
		}

		assert!(matches!(
			Blocks::<T>::get(block_id).map(|block| block.state),
			Some(BlockState::Open { missed_by: Some(_) })
		));
	}

	#[benchmark]
	fn settle_block() {
		let prover: T::AccountId = account("prover", 0, 0);
		let block_id = insert_block::<T>(BlockState::Proven {
			prover: prover.clone(),
		});
		RollupProgress::<T>::mutate(|progress| progress.closed = block_id);

		#[block]
		{
			Pallet::<T>::advance();
		}

		assert!(!Blocks::<T>::contains_key(block_id));
		assert_eq!(
			T::Currency::balance(&prover),
			T::Currency::minimum_balance()
		);
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::genesis(vec![]), crate::mock::Test);
}
