// SPDX-License-Identifier: Apache-2.0

//! Benchmarks of each call, of each step of `on_poll` and of the transaction extension in its worst
//! case. The pool and the verifier measure their own work. The pool is empty here, so that releases,
//! slashes and draws find nothing to do.

use super::*;
use crate::lane::Lane;
use alloc::{vec, vec::Vec};
use codec::{Decode, Encode};
use core::hint::black_box;
use frame_benchmarking::v2::*;
use frame_support::{
	assert_ok,
	traits::{
		fungible::{hold::Mutate as _, Balanced as _, Inspect as _},
		tokens::Precision,
		EnsureOrigin, Get,
	},
	weights::WeightMeter,
	BoundedVec,
};
use prover_pool_primitives::{BlockId, Hash, KeyUser, ProofVerifier, ProverPool};
use sp_runtime::traits::{Bounded, Saturating, UniqueSaturatedInto, Zero};

/// Time at which benchmarks begin. No period reaches back to time 0.
const START: u64 = 4_000_000_000;

/// Returns the state root after a block.
fn root(block_id: BlockId) -> Hash {
	let mut bytes = [1; 32];
	bytes[24..].copy_from_slice(&block_id.to_be_bytes());
	bytes
}

/// Returns the transition of a block. It uses no gas.
fn transition(block_id: BlockId) -> Transition {
	Transition { parent_state_root: root(block_id - 1), state_root: root(block_id), gas_used: 0 }
}

/// Returns an account with enough for all that is held here.
fn funded<T: Config>(name: &'static str, block_id: BlockId) -> T::AccountId {
	let who = account(name, block_id as u32, 0);
	assert_ok!(T::Currency::deposit(&who, deposit::<T>() * 10u32.into(), Precision::Exact));
	who
}

/// Returns the deposit of a block at the price of one existential deposit, so that every account can
/// receive its reward.
fn deposit<T: Config>() -> BalanceOf<T> {
	T::Currency::minimum_balance()
		.saturating_mul(20u32.into())
		.saturating_add(T::MaxGasLimit::get().into())
		.saturating_add(Pallet::<T>::gas_charged(T::MaxPayloadSize::get(), 0).into())
}

/// Returns a price by which the reward of a block creates an account.
fn price<T: Config>() -> u32 {
	let gas = Pallet::<T>::gas_charged(T::MaxPayloadSize::get(), 0);
	let price = T::Currency::minimum_balance() / gas.max(1).into();
	price.saturating_add(1u32.into()).unique_saturated_into()
}

/// Phase of the blocks of a benchmark.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
	Undrawn,
	Assigned,
	Missed,
}

fn phase<T: Config>(kind: Kind, block_id: BlockId) -> Phase<T::AccountId> {
	let assigned = Assigned {
		prover: account("assigned", block_id as u32, 0),
		drawn_at: START,
		window: 1,
		deadline: START + 1,
		has_used_lane: false,
	};
	match kind {
		Kind::Undrawn => Phase::Undrawn,
		Kind::Assigned => Phase::Assigned(assigned),
		Kind::Missed => Phase::Missed(assigned),
	}
}

/// Returns a transition that its assigned prover stored.
fn stored<T: Config>(block_id: BlockId, is_proven: bool) -> StoredTransition<T::AccountId> {
	StoredTransition {
		transition: transition(block_id),
		prover: Some(account("prover", block_id as u32, 0)),
		stored_at: START,
		is_timely: true,
		proven_at: is_proven.then_some(START),
		overridden: None,
		key_replacements: 0,
	}
}

/// Returns a block whose deposit is on hold.
fn block<T: Config>(kind: Kind, block_id: BlockId, has_transition: bool) -> RollupBlockOf<T> {
	let proposer = funded::<T>("proposer", block_id);
	assert_ok!(T::Currency::hold(&HoldReason::Deposit.into(), &proposer, deposit::<T>()));
	RollupBlock {
		proposer,
		payload_hash: [4; 32],
		payload_size: T::MaxPayloadSize::get(),
		gas_limit: T::MaxGasLimit::get(),
		proposed_in: Zero::zero(),
		rules_version: 1,
		fee_per_gas: 1,
		reward_per_gas: price::<T>(),
		deposit: deposit::<T>(),
		phase: phase::<T>(kind, block_id),
		is_outstanding: matches!(kind, Kind::Assigned | Kind::Missed),
		transition: has_transition.then(|| stored::<T>(block_id, false)),
	}
}

/// Begins with `blocks` blocks of one kind and nothing else, whatever the genesis.
fn begin<T: Config>(kind: Kind, blocks: u32, has_transitions: bool) -> RollupState {
	let _ = Blocks::<T>::clear(u32::MAX, None);
	let blocks = BlockId::from(blocks);
	let mut state = RollupState {
		proposed: blocks,
		drawn: if kind == Kind::Undrawn { 0 } else { blocks },
		settled_root: root(0),
		proven_root: root(0),
		last_deadline: START + 1,
		fee: rules::economy::MovingAverage::new(1.into()),
		delay: rules::economy::MovingAverage::new(1.into()),
		is_running: true,
		parameters: Pallet::<T>::effective_parameters(),
		..Default::default()
	};
	state.clock.elapsed = (START - 1) * 1_000;
	for block_id in 1..=blocks {
		Blocks::<T>::insert(BlockKey::from(block_id), block::<T>(kind, block_id, has_transitions));
	}
	if has_transitions {
		// A replacement before the proofs: it is read, and voids none.
		state.key_replacements = 1;
		ReplacedKeys::<T>::insert(1, 0);
	}
	State::<T>::put(&state);
	state
}

/// Opens all blocks by position. The proofs of their transitions are void.
fn open_by_replaced_key<T: Config>(mut state: RollupState) {
	state.open_unproven(OpenReason::KeyReplaced);
	State::<T>::put(state);
	ReplacedKeys::<T>::insert(1, 1);
}

/// Marks all blocks as proven.
fn prove_all<T: Config>(state: &mut RollupState) {
	state.proven = state.drawn;
	state.proven_root = root(state.drawn);
	for block_id in 1..=state.drawn {
		Blocks::<T>::mutate_extant(BlockKey::from(block_id), |block| {
			block.transition = Some(stored::<T>(block_id, true));
		});
	}
	State::<T>::put(&*state);
}

fn entry<T: Config>(block_id: BlockId) -> RollupBlockOf<T> {
	Blocks::<T>::get(BlockKey::from(block_id)).expect("the block is not settled")
}

fn override_origin<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
	T::OverrideOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

/// Returns the encoded proof call of the longest proof.
fn proof_call<T: Config>(prover: T::AccountId, block_id: BlockId) -> Vec<u8> {
	let proof = BoundedVec::truncate_from(vec![7; T::MaxProofSize::get() as usize]);
	Call::<T>::prove_block { block_id, prover, transition: transition(block_id), proof }.encode()
}

#[benchmarks]
mod benchmarks {
	use super::*;

	/// The proposer has its first hold. The version of the rules is read from the verifier.
	#[benchmark]
	fn propose_block(n: Linear<0, { T::MaxPayloadSize::get() }>) -> Result<(), BenchmarkError> {
		begin::<T>(Kind::Undrawn, 0, false);
		if T::ProofVerifier::active_version().is_none() {
			return Err(BenchmarkError::Stop("genesis needs an active key"));
		}
		let origin =
			T::ProposerOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		let proposer = T::ProposerOrigin::ensure_origin(origin.clone())
			.map_err(|_| BenchmarkError::Weightless)?;
		let funds = BalanceOf::<T>::max_value() / 4u32.into();
		assert_ok!(T::Currency::deposit(&proposer, funds, Precision::Exact));
		let payload = BoundedVec::truncate_from(vec![7; n as usize]);

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, payload, T::MaxGasLimit::get(), u32::MAX);

		assert_eq!(entry::<T>(1).payload_size, n);
		assert_eq!(State::<T>::get().proposed, 1);
		Ok(())
	}

	/// The longest proof of the next block, which is assigned and was opened by position. The key
	/// that proved its waiting transition was replaced. A waiting transition that does not fit is
	/// discarded with the same event, and never in addition. The verification is the verifier's.
	#[benchmark]
	fn prove_block() {
		open_by_replaced_key::<T>(begin::<T>(Kind::Assigned, 1, true));
		let prover: T::AccountId = account("prover", 1, 0);
		let call = proof_call::<T>(prover.clone(), 1);

		#[block]
		{
			let call = Call::<T>::decode(&mut &call[..]);
			assert!(black_box(call).is_ok());
			let mut state = State::<T>::get();
			let (mut block, overdue) = Pallet::<T>::load(&state, 1).expect("the block exists");
			let acts_for = T::ProverPool::acts_for(&whitelisted_caller(), &prover);
			let admission = rules::admission::admit::<T>(
				&state,
				1,
				&block,
				&prover,
				&transition(1),
				true,
				acts_for,
			);
			assert!(admission.is_ok());
			let statement = block.statement(Pallet::<T>::chain(), 1, transition(1), prover.clone());
			black_box(statement.encode());
			overdue.into_iter().for_each(Pallet::<T>::deposit_event);
			block.transition = Some(stored::<T>(1, false));
			Pallet::<T>::prove(&mut state, 1, block);
			State::<T>::put(state);
		}

		assert_eq!(State::<T>::get().proven, 1);
		assert!(!entry::<T>(1).is_outstanding);
	}

	/// The block is assigned and was opened by position. The key that proved its waiting transition was
	/// replaced.
	#[benchmark]
	fn override_block() -> Result<(), BenchmarkError> {
		open_by_replaced_key::<T>(begin::<T>(Kind::Assigned, 2, true));

		#[extrinsic_call]
		_(override_origin::<T>()? as T::RuntimeOrigin, 1, root(9));

		assert_eq!(State::<T>::get().proven_root, root(9));
		assert!(matches!(entry::<T>(1).phase, Phase::Opened(_)));
		// The void proof was discarded, so that an undone override does not restore it.
		assert_eq!(entry::<T>(1).transition.and_then(|stored| stored.prover), None);
		Ok(())
	}

	#[benchmark]
	fn pause() -> Result<(), BenchmarkError> {
		begin::<T>(Kind::Undrawn, 0, false);

		#[extrinsic_call]
		_(override_origin::<T>()? as T::RuntimeOrigin);

		assert!(!State::<T>::get().is_running);
		Ok(())
	}

	#[benchmark]
	fn resume() -> Result<(), BenchmarkError> {
		let mut state = begin::<T>(Kind::Undrawn, 0, false);
		state.is_running = false;
		State::<T>::put(state);

		#[extrinsic_call]
		_(override_origin::<T>()? as T::RuntimeOrigin);

		assert!(State::<T>::get().is_running);
		Ok(())
	}

	#[benchmark]
	fn resume_draws() -> Result<(), BenchmarkError> {
		let mut state = begin::<T>(Kind::Undrawn, 0, false);
		state.draws_stopped = true;
		State::<T>::put(state);

		#[extrinsic_call]
		_(override_origin::<T>()? as T::RuntimeOrigin);

		assert!(!State::<T>::get().draws_stopped);
		Ok(())
	}

	#[benchmark]
	fn open_undrawn(n: Linear<1, { T::MaxDrawnPerBlock::get() }>) -> Result<(), BenchmarkError> {
		begin::<T>(Kind::Undrawn, n, false);

		#[extrinsic_call]
		_(override_origin::<T>()? as T::RuntimeOrigin, n.into());

		assert_eq!(State::<T>::get().drawn, BlockId::from(n));
		Ok(())
	}

	/// Each block has another proposer and another prover, which has no account yet.
	#[benchmark]
	fn settle(n: Linear<1, { T::MaxSettledPerBlock::get() }>) {
		let mut state = begin::<T>(Kind::Assigned, n, true);
		prove_all::<T>(&mut state);
		state.clock.elapsed += state.parameters.cooldown * 1_000;

		#[block]
		{
			Pallet::<T>::settle_due(&mut state, &mut WeightMeter::new());
		}

		assert_eq!(state.settled, BlockId::from(n));
		for block_id in 1..=n {
			let prover: T::AccountId = account("prover", block_id, 0);
			assert!(!T::Currency::total_balance(&prover).is_zero());
		}
	}

	/// The prover has no account yet, and the slash is the largest.
	#[benchmark]
	fn pay_bounty() {
		let state = begin::<T>(Kind::Missed, 1, false);
		let prover: T::AccountId = account("prover", 1, 0);
		let slash = T::Currency::issue(BalanceOf::<T>::max_value() / 4u32.into());
		let paid = BalanceOf::<T>::max_value();
		let bounty;

		#[block]
		{
			bounty = Pallet::<T>::pay_bounty(&state, &prover, slash, paid);
		}

		assert_eq!(T::Currency::total_balance(&prover), bounty);
	}

	/// Each block waits and is outstanding, and was opened by position.
	#[benchmark]
	fn advance_proven(n: Linear<1, { T::MaxProvenPerBlock::get() }>) {
		let mut state = begin::<T>(Kind::Assigned, n, true);
		state.open_unproven(OpenReason::Overridden);

		#[block]
		{
			Pallet::<T>::advance_proven(&mut state, &mut WeightMeter::new());
		}

		assert_eq!(state.proven, BlockId::from(n));
	}

	/// Each block is assigned and was opened by position, and its transition was proven by a replaced key.
	/// A miss does less.
	#[benchmark]
	fn sweep(n: Linear<1, { T::MaxSweptPerBlock::get() }>) {
		let mut state = begin::<T>(Kind::Assigned, n, true);
		state.open_unproven(OpenReason::KeyReplaced);
		ReplacedKeys::<T>::insert(1, 1);

		#[block]
		{
			Pallet::<T>::sweep(&mut state, &mut WeightMeter::new());
		}

		assert_eq!(state.swept, BlockId::from(n));
		let block = entry::<T>(n.into());
		assert!(matches!(block.phase, Phase::Opened(_)) && block.transition.is_none());
	}

	/// Each block is assigned to another prover. The draw itself is the pool's.
	#[benchmark]
	fn draw(n: Linear<1, { T::MaxDrawnPerBlock::get() }>) {
		let mut state = begin::<T>(Kind::Undrawn, n, false);

		#[block]
		{
			for block_id in 1..=BlockId::from(n) {
				let assignment = prover_pool_primitives::Assignment {
					prover: account("assigned", block_id as u32, 0),
					reward_per_gas: 1,
				};
				let block = entry::<T>(block_id);
				Pallet::<T>::assign(&mut state, block_id, block, assignment);
			}
		}

		assert_eq!(state.drawn, BlockId::from(n));
		assert!(matches!(entry::<T>(n.into()).phase, Phase::Assigned(_)));
	}

	/// Nothing to do but the end of the chain block, and the read of the override account that every
	/// transaction of it shares.
	#[benchmark]
	fn poll() {
		begin::<T>(Kind::Undrawn, 0, false);

		#[block]
		{
			Pallet::<T>::poll(&mut WeightMeter::new());
			black_box(T::OverrideAccount::get());
			Pallet::<T>::tick();
		}

		assert!(!State::<T>::get().has_polled);
	}

	/// The queue is full, and the version is newer than those of all blocks.
	#[benchmark]
	fn is_needed() {
		let blocks = T::MaxUnsettledBlocks::get();
		begin::<T>(Kind::Undrawn, 1, false);
		let block = entry::<T>(1);
		for block_id in 2..=BlockId::from(blocks) {
			Blocks::<T>::insert(BlockKey::from(block_id), &block);
		}
		State::<T>::mutate(|state| state.proposed = blocks.into());
		let is_found;

		#[block]
		{
			is_found = <Pallet<T> as KeyUser>::is_needed(2);
		}

		assert!(!is_found);
	}

	/// Proof of the next block by its prover, with the most that can be remembered. The block is open
	/// by position, and the key that proved its waiting transition was replaced.
	#[benchmark]
	fn extension() {
		open_by_replaced_key::<T>(begin::<T>(Kind::Assigned, 1, true));
		let prover: T::AccountId = account("prover", 1, 0);
		let lane_of = |prover| Lane { block_id: 1, prover, by_prover: true, deadline: None };
		for index in 0..lane::MAX_LANE_USES {
			Pallet::<T>::mark_lane(lane_of(account("member", index, 0)));
		}
		#[block]
		{
			// A proof of the operator reads its entry as well.
			black_box(T::ProverPool::acts_for(&whitelisted_caller(), &prover));
			let lane = Pallet::<T>::inspect_proof(&prover, 1, &prover, &transition(1));
			assert!(black_box(lane).is_ok());
			Pallet::<T>::mark_lane(lane_of(prover.clone()));
		}

		assert_eq!(LaneUses::<T>::get().first(), Some(&(1, prover)));
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::genesis(vec![]), crate::mock::Test);
}
