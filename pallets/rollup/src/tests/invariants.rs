// SPDX-License-Identifier: Apache-2.0

//! `try_state`: R17 and R18.

use super::*;
use crate::{BlockKey, Blocks, RollupBlockOf, RollupState};
use frame_support::traits::fungible::MutateHold as _;

/// Returns the error of `try_state` after `corrupt`, with blocks in every position.
fn error_after(corrupt: impl FnOnce()) -> &'static str {
	let mut error = "";
	genesis(vec![(1, 100_000, FEE as u16, 10)]).execute_with(|| {
		begin_block(START);
		propose_and_draw(4);
		assert_ok!(prove(1, 1));
		assert_ok!(prove(1, 3));
		propose();
		check();
		corrupt();
		error = match Rollup::do_try_state().expect_err("the state is corrupt") {
			sp_runtime::DispatchError::Other(error) => error,
			error => panic!("{error:?}"),
		};
	});
	error
}

fn corrupt_state(corrupt: impl FnOnce(&mut RollupState)) -> &'static str {
	error_after(|| crate::State::<Test>::mutate(corrupt))
}

fn corrupt_block(block_id: u64, corrupt: impl FnOnce(&mut RollupBlockOf<Test>)) -> &'static str {
	error_after(|| Blocks::<Test>::mutate_extant(BlockKey::from(block_id), corrupt))
}

#[test]
fn positions_out_of_order_are_found() {
	assert_eq!(corrupt_state(|state| state.drawn = 0), "1: the positions are out of order");
	assert_eq!(corrupt_state(|state| state.swept = 5), "1: a deadline was swept before the draw");
	assert_eq!(
		corrupt_state(|state| state.opening.to = 5),
		"1: a block was opened before the draw"
	);
}

#[test]
fn missing_and_needless_entries_are_found() {
	assert_eq!(
		error_after(|| Blocks::<Test>::remove(BlockKey::from(2))),
		"1: a block has an entry that is settled or not proposed"
	);
	assert_eq!(
		error_after(|| {
			let block = block(2).unwrap();
			Blocks::<Test>::remove(BlockKey::from(2));
			Blocks::<Test>::insert(BlockKey::from(9), block);
		}),
		"1: an unsettled block has no entry"
	);
}

#[test]
fn wrong_roots_and_phases_are_found() {
	assert_eq!(
		corrupt_state(|state| state.proven_root = wrong(1)),
		"3: the proven root is not that of the blocks"
	);
	assert_eq!(
		corrupt_block(1, |block| block.transition = None),
		"3: a proven block has no transition"
	);
	assert_eq!(
		corrupt_block(5, |block| block.phase = Phase::Open),
		"4: a block is drawn before or after its turn"
	);
	assert_eq!(corrupt_state(|state| state.swept = 2), "4: the sweep passed over a miss");
}

#[test]
fn r17_a_hold_that_is_left_behind_is_found() {
	for who in [PROPOSER, 3] {
		let error = error_after(|| {
			assert_ok!(Balances::hold(&crate::HoldReason::Deposit.into(), &who, TOKEN));
		});
		assert_eq!(error, "6: a hold is left behind");
	}
}

#[test]
fn r18_a_disagreement_with_the_pool_is_found() {
	assert_eq!(
		corrupt_block(2, |block| block.is_outstanding = false),
		"7: an accountable prover was released"
	);
	assert_eq!(
		error_after(|| {
			<ProverPool as prover_pool_primitives::ProverPool<_>>::release(&1);
		}),
		"7: the pool counts other outstanding blocks than are assigned"
	);
}
