// SPDX-License-Identifier: Apache-2.0

//! Attacks and outages. Each test prints its cost to the attacker and its damage.

use super::{
	lane::{execute, proof_call, validate},
	*,
};
use crate::Transition;
use frame_support::{
	dispatch::GetDispatchInfo,
	pallet_prelude::{DispatchResult, TransactionValidityError},
	storage::with_storage_layer,
	weights::Weight,
};
use sp_runtime::traits::DispatchTransaction;
use std::collections::BTreeMap;

mod accounts;
mod all_roles;
mod averages;
mod batches;
mod cooldowns;
mod copies;
mod discarded_proofs;
mod draws;
mod exits;
mod forged_proofs;
mod halts;
mod invented_states;
mod keys;
mod membership;
mod operators;
mod outages;
mod parameters;
mod pauses;
mod priorities;
mod rescues;
mod rewards_of_misses;
mod stuck_heads;
mod stuffing;
mod terms;

/// Account that proves open blocks and is not in the pool.
const RESCUER: AccountId = 9;

/// Settlement of a block, and the clock at which it happened.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Settlement {
	at: u64,
	block_id: u64,
	prover: Option<AccountId>,
	reward: Balance,
	refund: Balance,
	slashed: Balance,
	bounty: Balance,
}

/// Returns the settlements among the events since the last call.
fn settlements() -> Vec<Settlement> {
	let at = now();
	filter(|event| match event {
		Event::BlockSettled { block_id, prover, reward, refund, slashed, bounty, .. } => {
			Some(Settlement { at, block_id, prover, reward, refund, slashed, bounty })
		},
		_ => None,
	})
}

/// Returns an amount in whole tokens, to be printed.
fn tokens(amount: Balance) -> f64 {
	amount as f64 / TOKEN as f64
}

/// Returns the prover that a block was drawn for.
fn assigned(block_id: u64) -> Option<AccountId> {
	block(block_id)?.assignment().map(|assigned| assigned.prover)
}

/// Returns the stake of a prover that is on hold.
fn held_stake(who: AccountId) -> Balance {
	use frame_support::traits::fungible::InspectHold as _;
	Balances::balance_on_hold(&pallet_prover_pool::HoldReason::Stake.into(), &who)
}

/// Replaces the stake of a prover by the effective minimum. Returns this, in tokens, and the result.
fn stake_the_minimum(who: AccountId, price: u16) -> (u32, DispatchResult) {
	let effective = ProverPool::parameters();
	let capacity = effective.min_capacity;
	let stake = effective.min_stake_per_capacity * u32::from(capacity);
	let origin = RuntimeOrigin::signed(who);
	let result = with_storage_layer(|| ProverPool::stake(origin, stake, price, capacity));
	(stake, result)
}

/// Lets time pass without chain blocks.
fn skip(seconds: u64) {
	crate::State::<Test>::mutate(|state| state.clock.elapsed += seconds * 1_000);
	next_block();
}

/// Makes chain blocks until the deadline of a block has passed.
fn pass_deadline(block_id: u64) {
	while now() <= deadline(block_id) {
		next_block();
	}
}

/// Sends a call as a transaction. Returns the result of the call, unless the transaction is
/// refused, which costs nothing.
fn send(signer: AccountId, call: RuntimeCall) -> Result<bool, TransactionValidityError> {
	let info = call.get_dispatch_info();
	TestLane::new(Tip(0))
		.dispatch_transaction(RuntimeOrigin::signed(signer), call, &info, 0, 0)
		.map(|result| result.is_ok())
}

/// Proves a transition by a call. Returns the weight that a refused one pays for.
fn try_to_prove(
	signer: AccountId,
	prover: AccountId,
	block_id: u64,
	transition: Transition,
) -> Result<(), Weight> {
	let proof = valid_proof(prover, block_id, transition);
	submit_proof(signer, prover, block_id, transition, proof)
		.map(drop)
		.map_err(|error| error.post_info.actual_weight.unwrap_or_else(Rollup::prove_weight))
}

/// Returns the transition of the next block that ends in its true state root.
fn next_transition() -> Transition {
	on(state().proven_root, root(state().next()))
}

/// Returns `true` if the next block can be proven now.
fn can_prove_next() -> bool {
	let state = state();
	let is_free = |block: crate::RollupBlockOf<Test>| {
		(block.is_open() || block.reservation(now()).is_some())
			&& !block.has_transition_on(&state.proven_root)
	};
	state.next() <= state.drawn && block(state.next()).is_some_and(is_free)
}

/// Proves the next block: by its assigned prover before the deadline, by the rescuer after it.
fn prove_next() {
	let id = state().next();
	let reserved = block(id).unwrap().reservation(now()).map(|assigned| assigned.prover);
	let prover = reserved.unwrap_or(RESCUER);
	assert_ok!(prove_as(prover, prover, id, next_transition()));
}

/// Proves what can be proven and makes chain blocks until all blocks are settled. Returns the
/// number of chain blocks.
fn finish() -> u64 {
	let first = System::block_number();
	while state().settled < state().proposed {
		while can_prove_next() {
			prove_next();
		}
		next_block();
		assert!(
			System::block_number() < first + 5_000,
			"the rollup stands still: {:?}",
			positions()
		);
	}
	System::block_number() - first
}
