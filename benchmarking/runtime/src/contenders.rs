// SPDX-License-Identifier: Apache-2.0

//! Both pools, as the measurements see them.

use crate::{AccountId, Balance, ProverMap, ProverPool, Runtime, RuntimeOrigin};
use frame_support::{dispatch::DispatchResult, traits::UnfilteredDispatchable};
use prover_pool_primitives::ProverPool as _;

/// A pool of provers.
pub trait Contender {
	/// What a slash took.
	type Credit;

	/// Dispatches the call that enters the pool.
	fn stake(who: AccountId, amount: u32, reward_per_gas: u16, max_capacity: u16)
		-> DispatchResult;
	/// Dispatches the call that leaves the pool.
	fn exit(who: AccountId) -> DispatchResult;
	/// Draws a prover.
	fn assign(fee_per_gas: u32) -> Option<AccountId>;
	/// Gives the capacity of a block back.
	fn release(who: &AccountId);
	/// Slashes for a block that was worth `proof_reward`.
	fn slash(who: &AccountId, proof_reward: Balance) -> Self::Credit;
	/// Free capacity of a member, `None` for others.
	fn capacity(who: &AccountId) -> Option<u16>;
}

/// The rollup block of every assignment and slash.
const BLOCK: u64 = 1;

fn dispatch(
	call: impl UnfilteredDispatchable<RuntimeOrigin = RuntimeOrigin>,
	who: AccountId,
) -> DispatchResult {
	let result = call.dispatch_bypass_filter(RuntimeOrigin::signed(who));
	result.map(drop).map_err(|error| error.error)
}

/// `pallet-prover-pool`.
pub struct Pool;

impl Contender for Pool {
	type Credit = pallet_prover_pool::CreditOf<Runtime>;

	fn stake(
		who: AccountId,
		amount: u32,
		reward_per_gas: u16,
		max_capacity: u16,
	) -> DispatchResult {
		let call =
			pallet_prover_pool::Call::<Runtime>::stake { amount, reward_per_gas, max_capacity };
		dispatch(call, who)
	}

	fn exit(who: AccountId) -> DispatchResult {
		dispatch(pallet_prover_pool::Call::<Runtime>::exit {}, who)
	}

	fn assign(fee_per_gas: u32) -> Option<AccountId> {
		ProverPool::assign(BLOCK, fee_per_gas).map(|assignment| assignment.prover)
	}

	fn release(who: &AccountId) {
		ProverPool::release(who)
	}

	fn slash(who: &AccountId, proof_reward: Balance) -> Self::Credit {
		ProverPool::slash(who, BLOCK, proof_reward)
	}

	fn capacity(who: &AccountId) -> Option<u16> {
		let (staker, prover) = ProverPool::get_staker(who.clone());
		staker.prover_id.map(|_| prover.current_capacity)
	}
}

/// `pallet-prover-map`.
pub struct Map;

impl Contender for Map {
	type Credit = pallet_prover_pool::CreditOf<Runtime>;

	fn stake(
		who: AccountId,
		amount: u32,
		reward_per_gas: u16,
		max_capacity: u16,
	) -> DispatchResult {
		let call =
			pallet_prover_map::Call::<Runtime>::stake { amount, reward_per_gas, max_capacity };
		dispatch(call, who)
	}

	fn exit(who: AccountId) -> DispatchResult {
		dispatch(pallet_prover_map::Call::<Runtime>::exit {}, who)
	}

	fn assign(fee_per_gas: u32) -> Option<AccountId> {
		ProverMap::assign(BLOCK, fee_per_gas).map(|(prover, _)| prover)
	}

	fn release(who: &AccountId) {
		ProverMap::release(who)
	}

	fn slash(who: &AccountId, proof_reward: Balance) -> Self::Credit {
		ProverMap::slash(who, BLOCK, proof_reward)
	}

	fn capacity(who: &AccountId) -> Option<u16> {
		ProverMap::member(who).map(|(_, _, prover)| prover.current_capacity)
	}
}
