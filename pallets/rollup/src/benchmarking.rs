// SPDX-License-Identifier: Apache-2.0

//! Benchmarks: each call and each step of the hooks in its worst case, without what the pool and
//! the verifier add to it. The pool's slash takes nothing here, because nobody is staked: what a
//! bounty costs is measured where there is one.

use super::*;
use alloc::vec;
use economy::MovingAverage;
use frame_benchmarking::v2::*;
use frame_support::{
	assert_ok,
	traits::{
		fungible::{hold::Mutate as _, Balanced as _, Inspect, InspectHold as _},
		tokens::{Fortitude, Precision, Preservation},
		EnsureOrigin, Get,
	},
	weights::WeightMeter,
	BoundedVec,
};
use frame_system::RawOrigin;
use prover_pool_primitives::{BenchmarkClock, BenchmarkProver, BlockId, Statement};
use sp_core::H256;
use sp_runtime::{
	traits::{Bounded, Saturating},
	SaturatedConversion,
};

/// A time late enough for any window before it.
const START: u64 = 4_000_000_000;
/// Past what a clock that counts in slots rounds off.
const LATER: u64 = 60;
/// The state that the blocks before are settled in.
const SETTLED: H256 = H256::repeat_byte(1);
/// The state after the benchmarked block.
const NEW: H256 = H256::repeat_byte(2);

/// An account with a quarter of all that there can be.
fn funded<T: Config>(name: &'static str) -> T::AccountId {
	let who = account(name, 0, 0);
	let funds = BalanceOf::<T>::max_value() / 4u32.into();
	assert_ok!(T::Currency::deposit(&who, funds, Precision::Exact));
	who
}

/// A transition on this parent.
fn proven_on<T: Config>(parent_state: H256) -> ProvenTransition<T::AccountId> {
	ProvenTransition {
		transition: Transition {
			parent_state,
			new_state: NEW,
			gas_used: 0,
		},
		prover: account("prover", 0, 0),
		proven_at: START,
		overridden: None,
	}
}

/// Puts the oldest unsettled block in, with everything on hold that belongs to it, and the clock past
/// its window.
fn insert_block<T: Config>(
	state: BlockStateOf<T>,
	transitions: vec::Vec<ProvenTransition<T::AccountId>>,
) -> BlockId {
	let proposer = funded::<T>("proposer");
	let deposit = T::Currency::minimum_balance().saturating_mul(10u32.into());
	let reason = HoldReason::Deposit.into();
	assert_ok!(T::Currency::hold(&reason, &proposer, deposit));
	if let BlockState::Missed { prover, bounty } = &state {
		let reason = HoldReason::Bounty.into();
		assert_ok!(T::Currency::hold(&reason, prover, *bounty));
	}
	let block = RollupBlock {
		proposer,
		payload_hash: H256::repeat_byte(4),
		payload_size: 1,
		proposed_in: frame_system::Pallet::<T>::block_number(),
		proposed_at: START,
		closes_at: START,
		gas_limit: T::MaxGasLimit::get(),
		reward_per_gas: 0,
		deposit,
		outstanding: transitions.is_empty() && state != BlockState::Open,
		state,
		transitions: BoundedVec::truncate_from(transitions),
	};
	Blocks::<T>::insert(1, block);
	RollupProgress::<T>::put(Progress {
		proposed: 1,
		closes_at: START,
		state: SETTLED,
		fee_per_gas: MovingAverage::new(1),
		proof_delay: MovingAverage::new(1),
		..Default::default()
	});
	T::BenchmarkClock::set(START + LATER + T::Cooldown::get());
	1
}

/// A block whose drawn prover did nothing.
fn assigned<T: Config>() -> BlockStateOf<T> {
	BlockState::Assigned {
		prover: funded::<T>("late"),
	}
}

/// A block whose drawn prover was slashed.
fn missed<T: Config>() -> BlockStateOf<T> {
	BlockState::Missed {
		prover: funded::<T>("late"),
		bounty: T::Currency::minimum_balance().saturating_mul(10u32.into()),
	}
}

/// As many transitions as there may be, with the one on `parent_state` last.
fn full_of_transitions<T: Config>(parent_state: H256) -> vec::Vec<ProvenTransition<T::AccountId>> {
	(1..T::MaxTransitions::get())
		.map(|number| H256(sp_io::hashing::blake2_256(&number.to_le_bytes())))
		.chain([parent_state])
		.map(proven_on::<T>)
		.collect()
}

#[benchmarks]
mod benchmarks {
	use super::*;

	/// The proposer has everything on hold for the first time.
	#[benchmark]
	fn propose_block(n: Linear<0, { T::MaxPayloadSize::get() }>) -> Result<(), BenchmarkError> {
		T::BenchmarkClock::set(START);
		let origin =
			T::ProposerOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		let proposer = T::ProposerOrigin::ensure_origin(origin.clone())
			.map_err(|_| BenchmarkError::Weightless)?;
		let funds = BalanceOf::<T>::max_value() / 4u32.into();
		assert_ok!(T::Currency::deposit(&proposer, funds, Precision::Exact));
		let payload = BoundedVec::truncate_from(vec![7; n as usize]);

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, payload, T::MaxGasLimit::get());

		assert!(Blocks::<T>::contains_key(1));
		Ok(())
	}

	/// The window has just closed and the hook has not seen it, and the block before has just been
	/// settled in a state that nobody built on.
	#[benchmark]
	fn prove_block() {
		let mut transitions = full_of_transitions::<T>(H256::repeat_byte(5));
		transitions.pop();
		let block_id = insert_block::<T>(assigned::<T>(), transitions);
		let prover = funded::<T>("rescuer");
		let transition = Transition {
			parent_state: SETTLED,
			new_state: NEW,
			gas_used: 0,
		};
		let block = Blocks::<T>::get(block_id).expect("it was put there");
		let statement = Statement {
			chain: Pallet::<T>::chain(),
			block_id,
			payload_hash: block.payload_hash,
			payload_size: block.payload_size,
			gas_limit: block.gas_limit,
			parent_state: transition.parent_state,
			new_state: transition.new_state,
			gas_used: transition.gas_used,
			prover: prover.clone(),
		};
		let proof = T::BenchmarkProver::prove(statement.public_input());
		let proof = BoundedVec::truncate_from(proof);

		#[extrinsic_call]
		_(
			RawOrigin::Signed(prover.clone()),
			block_id,
			transition,
			proof,
		);

		let block = Blocks::<T>::get(block_id).expect("not settled yet");
		assert_eq!(block.transitions.len(), 1);
		assert_eq!(block.transitions[0].prover, prover);
	}

	#[benchmark]
	fn override_transition() -> Result<(), BenchmarkError> {
		let block_id = insert_block::<T>(assigned::<T>(), full_of_transitions::<T>(SETTLED));
		let origin =
			T::OverrideOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		let new_state = H256::repeat_byte(6);

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, block_id, SETTLED, new_state);

		let block = Blocks::<T>::get(block_id).expect("not settled yet");
		let proven = block.transition_on(SETTLED).expect("it is kept");
		assert_eq!(proven.transition.new_state, new_state);
		assert_eq!(proven.overridden, Some(NEW));
		Ok(())
	}

	/// Without a block to settle.
	#[benchmark]
	fn settle_blocks() {
		T::BenchmarkClock::set(START);

		#[block]
		{
			assert_ok!(Pallet::<T>::settle(1, &mut WeightMeter::new()));
		}

		assert_eq!(RollupProgress::<T>::get().settled, 0);
	}

	/// A block that was missed and rescued: its prover is paid twice.
	#[benchmark]
	fn settle_block() {
		let transitions = full_of_transitions::<T>(SETTLED);
		let block_id = insert_block::<T>(missed::<T>(), transitions);

		#[block]
		{
			assert_ok!(Pallet::<T>::settle(1, &mut WeightMeter::new()));
		}

		assert!(!Blocks::<T>::contains_key(block_id));
		let prover = account("prover", 0, 0);
		assert_eq!(
			T::Currency::balance(&prover),
			T::Currency::minimum_balance().saturating_mul(20u32.into())
		);
	}

	/// Nothing to do.
	#[benchmark]
	fn close_windows() {
		T::BenchmarkClock::set(START);

		#[block]
		{
			Pallet::<T>::close_windows();
		}

		assert_eq!(RollupProgress::<T>::get().closed, 0);
	}

	#[benchmark]
	fn close_window() {
		let block_id = insert_block::<T>(assigned::<T>(), vec![]);

		#[block]
		{
			Pallet::<T>::close_windows();
		}

		let state = Blocks::<T>::get(block_id).map(|block| block.state);
		assert!(matches!(state, Some(BlockState::Missed { .. })));
	}

	/// What a slash adds: setting the rescuer's share aside, and the rest to where slashes go.
	#[benchmark]
	fn share_slash() -> Result<(), BenchmarkError> {
		let prover = funded::<T>("late");
		let amount = T::Currency::minimum_balance().saturating_mul(100u32.into());
		let slash = T::Currency::withdraw(
			&prover,
			amount,
			Precision::Exact,
			Preservation::Preserve,
			Fortitude::Polite,
		)?;

		#[block]
		{
			Pallet::<T>::share(&prover, slash);
		}

		let share = u128::from(T::RescuerShare::get()) * amount.saturated_into::<u128>() / 10_000;
		let held = T::Currency::balance_on_hold(&HoldReason::Bounty.into(), &prover);
		assert_eq!(held.saturated_into::<u128>(), share);
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::genesis(vec![]), crate::mock::Test);
}
