// SPDX-License-Identifier: Apache-2.0

//! Benchmarks: each call and each step of the hooks in its worst case, without what the pool and
//! the verifier add to it, which they tell for themselves. The pool has nobody to draw or to slash
//! here.

use super::*;
use alloc::{vec, vec::Vec};
use codec::{Decode, Encode};
use core::hint::black_box;
use economy::{MovingAverage, BASIS_POINTS};
use frame_benchmarking::v2::*;
use frame_support::{
	assert_ok,
	dispatch::DispatchResult,
	storage::with_storage_layer,
	traits::{
		fungible::{hold::Mutate as _, Balanced as _, Inspect as _, InspectHold as _},
		tokens::Precision,
		EnsureOrigin, Get,
	},
	weights::WeightMeter,
	BoundedVec,
};
use prover_pool_primitives::{BenchmarkClock, BlockId, ProverPool};
use sp_core::H256;
use sp_runtime::{
	traits::{Bounded, Saturating, Zero},
	DispatchError, Perbill,
};

/// A time late enough for any window before it.
const START: u64 = 4_000_000_000;
/// Past what a clock that counts in slots rounds off.
const LATER: u64 = 60;

/// A state told apart by what it begins with and by a number.
fn state(first: u8, number: u64) -> H256 {
	let mut bytes = [first; 32];
	bytes[24..].copy_from_slice(&number.to_be_bytes());
	H256(bytes)
}

/// The rollup's state after a block.
fn state_after(block_id: BlockId) -> H256 {
	state(1, block_id)
}

/// A state that no block leads to.
fn other_state(number: u32) -> H256 {
	state(2, number.into())
}

/// An amount that every account can have.
fn some_tokens<T: Config>() -> BalanceOf<T> {
	T::Currency::minimum_balance().saturating_mul(10u32.into())
}

/// The deposit for a block that is proven to have used no gas: the base, and as much that the
/// proposer has back.
fn deposit<T: Config>() -> BalanceOf<T> {
	some_tokens::<T>().saturating_add(T::MaxGasLimit::get().into())
}

/// An account with enough for all that is put on hold here.
fn funded<T: Config>(name: &'static str, number: BlockId) -> T::AccountId {
	let who = account(name, number as u32, 0);
	let funds = deposit::<T>().saturating_mul(10u32.into());
	assert_ok!(T::Currency::deposit(&who, funds, Precision::Exact));
	who
}

/// As many transitions as there may be, as long as they may be: the one that is right for the block
/// comes last, and is not overridden, so that its prover is paid.
fn full_of_transitions<T: Config>(block_id: BlockId) -> Vec<ProvenTransition<T::AccountId>> {
	let prover: T::AccountId = account("rescuer", block_id as u32, 0);
	(1..T::MaxTransitions::get())
		.map(|number| (other_state(number), other_state(0), Some(other_state(1))))
		.chain([(state_after(block_id - 1), state_after(block_id), None)])
		.map(|(parent_state_root, state_root, overridden)| ProvenTransition {
			transition: Transition { parent_state_root, state_root, gas_used: 0 },
			prover: prover.clone(),
			proven_at: START,
			overridden,
		})
		.collect()
}

/// A block whose drawn prover did nothing.
fn assigned<T: Config>(block_id: BlockId) -> BlockStateOf<T> {
	BlockState::Assigned { prover: funded::<T>("late", block_id) }
}

/// A block whose drawn prover was slashed, with the bounty on hold.
fn missed<T: Config>(block_id: BlockId) -> BlockStateOf<T> {
	let prover = funded::<T>("late", block_id);
	let bounty = some_tokens::<T>();
	assert_ok!(T::Currency::hold(&HoldReason::Bounty.into(), &prover, bounty));
	BlockState::Missed { prover, bounty }
}

/// Puts the next block in, with its deposit on hold, and the clock past its window and the cooldown.
fn insert_block<T: Config>(
	state: BlockStateOf<T>,
	transitions: Vec<ProvenTransition<T::AccountId>>,
) -> BlockId {
	let block_id = RollupProgress::<T>::get().proposed + 1;
	let proposer = funded::<T>("proposer", block_id);
	let deposit = deposit::<T>();
	assert_ok!(T::Currency::hold(&HoldReason::Deposit.into(), &proposer, deposit));
	let block = RollupBlock {
		proposer,
		payload_hash: H256::repeat_byte(4),
		payload_size: 1,
		proposed_in: frame_system::Pallet::<T>::block_number(),
		proposed_at: START,
		closes_at: START,
		gas_limit: T::MaxGasLimit::get(),
		reward_per_gas: 1,
		deposit,
		outstanding: transitions.is_empty() && state != BlockState::Open,
		state,
		transitions: BoundedVec::truncate_from(transitions),
	};
	Blocks::<T>::insert(block_id, block);
	RollupProgress::<T>::put(Progress {
		proposed: block_id,
		closes_at: START,
		state: state_after(0),
		fee_per_gas: MovingAverage::new(1),
		proof_delay: MovingAverage::new(1),
		..Default::default()
	});
	T::BenchmarkClock::set(START + LATER + T::Cooldown::get());
	block_id
}

/// Begins with no block, whatever the genesis.
fn empty_rollup<T: Config>() {
	RollupProgress::<T>::kill();
	T::BenchmarkClock::set(START);
}

/// Draws provers until there is nobody left to draw: what a draw costs the pool tells for itself.
fn exhaust_pool<T: Config>() {
	while T::ProverPool::assign(0, 1).is_some() {}
}

#[benchmarks]
mod benchmarks {
	use super::*;

	/// The proposer has everything on hold for the first time. There is nobody to draw, for which the
	/// pool is read twice.
	#[benchmark]
	fn propose_block(n: Linear<0, { T::MaxPayloadSize::get() }>) -> Result<(), BenchmarkError> {
		empty_rollup::<T>();
		exhaust_pool::<T>();
		let origin =
			T::ProposerOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		let proposer = T::ProposerOrigin::ensure_origin(origin.clone())
			.map_err(|_| BenchmarkError::Weightless)?;
		let funds = BalanceOf::<T>::max_value() / 4u32.into();
		assert_ok!(T::Currency::deposit(&proposer, funds, Precision::Exact));
		let payload = BoundedVec::truncate_from(vec![7; n as usize]);

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, payload, T::MaxGasLimit::get());

		let block = Blocks::<T>::get(1).expect("it was proposed");
		assert_eq!(block.payload_size, n);
		assert!(block.state == BlockState::Open);
		assert!(!block.deposit.is_zero());
		let held = T::Currency::balance_on_hold(&HoldReason::Deposit.into(), &proposer);
		assert_eq!(held, block.deposit);
		Ok(())
	}

	/// The block's window has just closed and the hook has not seen it. The block before is not
	/// settled and is full of transitions, none of which leads to where this one begins. The call
	/// brings the largest proof; to check it is the verifier's to tell.
	#[benchmark]
	fn prove_block() {
		empty_rollup::<T>();
		let before = full_of_transitions::<T>(1);
		insert_block::<T>(BlockState::Open, before);
		let mut transitions = full_of_transitions::<T>(2);
		transitions.pop();
		let block_id = insert_block::<T>(assigned::<T>(2), transitions);
		let prover = funded::<T>("prover", block_id);
		let transition = Transition {
			parent_state_root: H256::repeat_byte(5),
			state_root: H256::repeat_byte(6),
			gas_used: 0,
		};
		// As many as there may be, and none of the prover's own to make room.
		let count = T::MaxTransitions::get() as usize;
		let proof = BoundedVec::truncate_from(vec![7; T::MaxProofSize::get() as usize]);
		let call = Call::<T>::prove_block { block_id, transition, proof }.encode();

		#[block]
		{
			// What a dispatch does apart from the check of the proof.
			let result = with_storage_layer(|| -> DispatchResult {
				let call = Call::<T>::decode(&mut &call[..]);
				black_box(call).map_err(|_| DispatchError::Corruption)?;
				let candidate = Pallet::<T>::admit(prover.clone(), block_id, transition)?;
				Pallet::<T>::accept(candidate);
				Ok(())
			});
			assert_ok!(result);
		}

		let block = Blocks::<T>::get(block_id).expect("not settled yet");
		assert!(matches!(block.state, BlockState::Missed { .. }));
		assert_eq!(block.transitions.len(), count);
		assert_eq!(block.transitions[count - 1].prover, prover);
	}

	/// The block's window has just closed and the hook has not seen it. The block before is not
	/// settled, so that all transitions stay.
	#[benchmark]
	fn override_transition() -> Result<(), BenchmarkError> {
		empty_rollup::<T>();
		insert_block::<T>(BlockState::Open, full_of_transitions::<T>(1));
		let block_id = insert_block::<T>(assigned::<T>(2), full_of_transitions::<T>(2));
		let origin =
			T::OverrideOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		let parent_state = state_after(1);

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, block_id, parent_state, other_state(0));

		let block = Blocks::<T>::get(block_id).expect("not settled yet");
		assert!(matches!(block.state, BlockState::Missed { .. }));
		assert_eq!(block.transitions.len(), T::MaxTransitions::get() as usize);
		let proven = block.transition_on(parent_state).expect("it is kept");
		assert_eq!(proven.transition.state_root, other_state(0));
		assert_eq!(proven.overridden, Some(state_after(2)));
		Ok(())
	}

	/// Blocks that were missed and rescued, each of another proposer and another rescuer: its
	/// rescuer is paid twice, and its proposer has the rest back.
	#[benchmark]
	fn settle_blocks(n: Linear<0, { T::MaxSettledPerBlock::get() }>) {
		empty_rollup::<T>();
		for block_id in 1..=u64::from(n) {
			insert_block::<T>(missed::<T>(block_id), full_of_transitions::<T>(block_id));
		}

		#[block]
		{
			// As in a call.
			assert_ok!(with_storage_layer(|| Pallet::<T>::settle(
				T::MaxSettledPerBlock::get(),
				&mut WeightMeter::new()
			)));
		}

		assert_eq!(RollupProgress::<T>::get().settled, u64::from(n));
		let reward = some_tokens::<T>();
		let funds = deposit::<T>().saturating_mul(10u32.into());
		for block_id in 1..=n {
			let rescuer = account("rescuer", block_id, 0);
			let twice = reward.saturating_mul(2u32.into());
			assert_eq!(T::Currency::total_balance(&rescuer), twice);
			let proposer = account("proposer", block_id, 0);
			assert_eq!(T::Currency::balance(&proposer), funds.saturating_sub(reward));
		}
	}

	/// Blocks whose provers did nothing.
	#[benchmark]
	fn close_windows(n: Linear<0, { T::MaxClosedPerBlock::get() }>) {
		empty_rollup::<T>();
		for block_id in 1..=u64::from(n) {
			insert_block::<T>(assigned::<T>(block_id), vec![]);
		}

		#[block]
		{
			Pallet::<T>::close_windows();
		}

		assert_eq!(RollupProgress::<T>::get().closed, u64::from(n));
		for (_, block) in Blocks::<T>::iter() {
			assert!(matches!(block.state, BlockState::Missed { .. }));
		}
	}

	/// What a slash adds: setting the rescuer's share of the largest amount aside, and the rest to
	/// where slashes go.
	#[benchmark]
	fn share_slash() {
		let prover = funded::<T>("late", 1);
		let amount = BalanceOf::<T>::max_value() / 4u32.into();
		let slash = T::Currency::issue(amount);

		#[block]
		{
			Pallet::<T>::share(&prover, slash);
		}

		let share = Perbill::from_rational(T::RescuerShare::get(), BASIS_POINTS);
		let held = T::Currency::balance_on_hold(&HoldReason::Bounty.into(), &prover);
		assert_eq!(held, share.mul_floor(amount));
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::genesis(vec![]), crate::mock::Test);
}
