// SPDX-License-Identifier: Apache-2.0

//! `try_state`: R17 and R18. Each of its checks finds a state that was corrupted for it.

use super::*;
use crate::{Assigned, BlockKey, Blocks, ReplacedKeys, RollupBlockOf, RollupState};
use frame_support::traits::fungible::MutateHold as _;
use sp_runtime::TryRuntimeError;

/// Change of a valid state, and the error by which `try_state` finds it.
type Corruption = (fn(), &'static str);

/// Returns the result of `try_state` after `change`.
///
/// Before it, block 1 is proven, blocks 2 and 4 have no transition, that of block 3 waits, and block
/// 5 is undrawn.
fn result_after(change: impl FnOnce()) -> Result<(), TryRuntimeError> {
	genesis(vec![(1, 100_000, FEE as u16, 10)]).execute_with(|| {
		begin_block(START);
		propose_and_draw(4);
		assert_ok!(prove(1, 1));
		assert_ok!(prove(1, 3));
		propose();
		check();
		change();
		Rollup::do_try_state()
	})
}

fn assert_found(corruptions: &[Corruption]) {
	for (corrupt, expected) in corruptions {
		assert_eq!(result_after(corrupt), Err(TryRuntimeError::Other(expected)));
	}
}

fn change_state(change: impl FnOnce(&mut RollupState)) {
	crate::State::<Test>::mutate(change)
}

fn change_block(block_id: u64, change: impl FnOnce(&mut RollupBlockOf<Test>)) {
	Blocks::<Test>::mutate_extant(BlockKey::from(block_id), change)
}

fn change_assignment(block_id: u64, change: impl FnOnce(&mut Assigned<AccountId>)) {
	change_block(block_id, |block| match &mut block.phase {
		Phase::Assigned(assigned) => change(assigned),
		phase => panic!("{phase:?}"),
	});
}

fn change_transition(block_id: u64, change: impl FnOnce(&mut crate::StoredTransition<AccountId>)) {
	change_block(block_id, |block| change(block.transition.as_mut().unwrap()));
}

/// Gives an assigned block another phase with the same assignment.
fn change_phase(block_id: u64, phase: fn(Assigned<AccountId>) -> Phase<AccountId>) {
	change_block(block_id, |block| block.phase = phase(block.assignment().unwrap().clone()));
}

#[test]
fn positions_out_of_order_are_found() {
	const ORDER: &str = "1: the positions are out of order";
	const OPENED: &str = "1: a block was opened before the draw";
	assert_found(&[
		(|| change_state(|state| state.settled = 2), ORDER),
		(|| change_state(|state| state.drawn = 0), ORDER),
		(|| change_state(|state| state.drawn = 6), ORDER),
		(|| change_state(|state| state.swept = 5), "1: a block was swept before the draw"),
		(|| change_state(|state| state.opening.to = 5), OPENED),
	]);
}

#[test]
fn missing_and_needless_entries_are_found() {
	assert_found(&[
		(
			|| change_state(|state| state.proposed = u64::from(MaxUnsettledBlocks::get()) + 1),
			"1: there are too many unsettled blocks",
		),
		(
			|| Blocks::<Test>::remove(BlockKey::from(2)),
			"1: a block has an entry that is settled or not proposed",
		),
		(
			|| {
				let block = block(2).unwrap();
				Blocks::<Test>::remove(BlockKey::from(2));
				Blocks::<Test>::insert(BlockKey::from(9), block);
			},
			"1: an unsettled block has no entry",
		),
	]);
}

#[test]
fn blocks_out_of_order_are_found() {
	assert_found(&[
		(|| change_block(5, |block| block.proposed_in = 0), "2: chain blocks are out of order"),
		(|| change_block(5, |block| block.rules_version = 0), "2: rules versions are out of order"),
		(
			|| change_assignment(2, |assigned| assigned.deadline += 1),
			"2: deadlines are out of order",
		),
		(
			|| change_assignment(1, |assigned| assigned.drawn_at = assigned.deadline + 1),
			"2: a deadline is before its draw",
		),
		(|| change_state(|state| state.last_deadline -= 1), "2: a deadline is after the last one"),
	]);
}

#[test]
fn wrong_roots_are_found() {
	assert_found(&[
		(
			|| change_block(1, |block| block.transition = None),
			"3: a proven block has no transition",
		),
		(
			|| change_transition(1, |stored| stored.transition.parent_state_root = wrong(1)),
			"3: a proven transition is on another root",
		),
		(
			|| change_transition(1, |stored| stored.proven_at = None),
			"3: a proven block has no time of its proof",
		),
		(
			|| change_state(|state| state.proven_root = wrong(1)),
			"3: the proven root is not that of the blocks",
		),
	]);
}

#[test]
fn wrong_phases_are_found() {
	const TURN: &str = "4: a block is drawn before or after its turn";
	const OPENED: &str = "4: the sweep passed over a block to open";
	assert_found(&[
		(|| change_block(4, |block| block.phase = Phase::Undrawn), TURN),
		(|| change_block(5, |block| block.phase = Phase::Open), TURN),
		(|| change_state(|state| state.swept = 2), "4: the sweep passed over a miss"),
		(
			|| {
				change_state(|state| (state.swept, state.opening.to) = (2, 2));
				let waiting = stored(3);
				change_block(2, |block| block.transition = waiting);
			},
			OPENED,
		),
		(
			|| {
				change_state(|state| (state.swept, state.opening.to) = (2, 2));
				change_phase(2, Phase::Missed);
			},
			OPENED,
		),
	]);
}

#[test]
fn wrong_transitions_are_found() {
	assert_found(&[
		(
			|| change_transition(3, |stored| stored.transition.gas_used = GAS + 1),
			"5: more gas is used than the limit",
		),
		(
			|| change_transition(3, |stored| stored.stored_at = now() + 1),
			"5: a transition is from the future",
		),
		(
			|| change_transition(1, |stored| stored.proven_at = Some(now() + 1)),
			"5: a proof is from the future",
		),
		(
			|| change_block(5, |block| block.transition = stored(3)),
			"5: an undrawn block has a transition",
		),
		(
			|| change_phase(3, Phase::Missed),
			"5: a missed block has a transition that does not count",
		),
	]);
}

#[test]
fn key_replacements_beyond_their_number_are_found() {
	assert_found(&[
		(
			|| change_transition(3, |stored| stored.key_replacements = 1),
			"5: a transition is from after the last key replacement",
		),
		(
			|| ReplacedKeys::<Test>::insert(1, 1),
			"5: a key was replaced after the last key replacement",
		),
	]);
}

#[test]
fn r17_holds_and_deposits_that_do_not_agree_are_found() {
	fn hold(who: AccountId) {
		assert_ok!(Balances::hold(&crate::HoldReason::Deposit.into(), &who, 1));
	}
	assert_found(&[
		(|| change_block(2, |block| block.deposit = 1), "6: a deposit does not cover the price"),
		(
			|| change_block(1, |block| block.deposit = Balance::MAX),
			"6: deposits do not fit the currency",
		),
		(|| hold(PROPOSER), "6: a hold is left behind"),
		(|| hold(3), "6: a hold is left behind"),
	]);
}

#[test]
fn r17_a_hold_that_root_shortened_is_no_error() {
	let shorten = || {
		assert_ok!(Balances::force_unreserve(RuntimeOrigin::root(), PROPOSER, DEPOSIT));
		assert_eq!(held(PROPOSER), 4 * DEPOSIT);
	};
	assert_eq!(result_after(shorten), Ok(()));
}

#[test]
fn r18_a_disagreement_with_the_pool_is_found() {
	const OUTSTANDING: &str = "7: a block is outstanding out of turn";
	assert_found(&[
		(
			|| <ProverPool as prover_pool_primitives::ProverPool<_>>::release(&1),
			"7: the pool counts other outstanding blocks than are assigned",
		),
		(|| change_block(2, |block| block.is_outstanding = false), OUTSTANDING),
		(
			|| {
				change_phase(2, Phase::Missed);
				change_block(2, |block| block.is_outstanding = false);
			},
			OUTSTANDING,
		),
		(|| change_block(1, |block| block.is_outstanding = true), OUTSTANDING),
		(|| change_phase(2, Phase::Opened), OUTSTANDING),
		(|| change_block(4, |block| block.phase = Phase::Open), OUTSTANDING),
		(|| change_block(5, |block| block.is_outstanding = true), OUTSTANDING),
	]);
}
