// SPDX-License-Identifier: Apache-2.0

use super::*;
use sp_core::H256;
use sp_runtime::TokenError;

#[test]
fn the_pool_draws_a_prover_and_the_proposer_holds_the_deposit() {
	run(|| {
		assert_eq!(propose(7), 1);
		let payload_hash = H256(sp_io::hashing::sha2_256(&[7]));
		let block = block(1).unwrap();
		assert_eq!(block.proposer, PROPOSER);
		assert_eq!(block.payload_hash, payload_hash);
		assert_eq!((block.payload_size, block.gas_limit), (1, GAS));
		assert_eq!((block.proposed_in, block.proposed_at), (1, START));
		assert_eq!(block.closes_at, START + WINDOW);
		assert_eq!((block.reward_per_gas, block.deposit), (FEE, DEPOSIT));
		assert_eq!(block.state, BlockState::Assigned { prover: 1 });
		assert!(block.outstanding && block.transitions.is_empty());
		assert_eq!(held(PROPOSER), DEPOSIT);
		assert_eq!(outstanding(1), 1);
		assert_eq!(
			events(),
			vec![Event::BlockProposed {
				block_id: 1,
				proposer: PROPOSER,
				payload_hash,
				payload_size: 1,
				gas_limit: GAS,
				assigned: Some(1),
				reward_per_gas: FEE,
				closes_at: START + WINDOW,
			}]
		);
	});
}

#[test]
fn a_block_is_open_at_a_higher_price_when_the_pool_is_empty() {
	run_with(vec![], || {
		propose(7);
		let block = block(1).unwrap();
		assert_eq!(block.state, BlockState::Open);
		assert!(!block.outstanding);
		assert_eq!(block.reward_per_gas, FEE * 3 / 2);
		assert_eq!(held(PROPOSER), DEPOSIT * 3 / 2);
		assert_eq!(progress().open, 1);
		assert_ok!(prove(9, 1));
	});
}

#[test]
fn a_block_is_open_when_no_capacity_is_left_and_when_the_stake_is_slashed_to_nothing() {
	run(|| {
		for byte in 0..10 {
			propose(byte);
		}
		assert_eq!(outstanding(1), 10);
		let id = propose(10);
		assert_eq!(block(id).unwrap().state, BlockState::Open);
		assert_eq!(outstanding(1), 10);
	});
	run_with(vec![(1, 50_000, FEE as u16, 5)], || {
		use prover_pool_primitives::ProverPool as _;
		drop(ProverPool::slash(&1, 1, 50_000 * TOKEN));
		propose(1);
		assert_eq!(block(1).unwrap().state, BlockState::Open);
	});
}

#[test]
fn open_blocks_are_bounded_until_they_are_settled() {
	run_with(vec![], || {
		MaxOpenBlocks::set(2);
		propose(1);
		propose(2);
		assert_noop!(try_propose(&[3], GAS), Error::<Test>::TooManyOpenBlocks);
		assert_ok!(prove(9, 1));
		assert_noop!(try_propose(&[3], GAS), Error::<Test>::TooManyOpenBlocks);
		settle_after(COOLDOWN);
		assert_eq!(progress().open, 1);
		assert_ok!(try_propose(&[3], GAS));
	});
}

#[test]
fn a_full_number_of_open_blocks_does_not_stop_a_draw() {
	run(|| {
		MaxOpenBlocks::set(0);
		for byte in 0..10 {
			propose(byte);
		}
		assert_noop!(try_propose(&[3], GAS), Error::<Test>::TooManyOpenBlocks);
		assert_ok!(prove(1, 1));
		assert_ok!(try_propose(&[3], GAS));
	});
}

#[test]
fn the_gas_limit_has_bounds() {
	run(|| {
		assert_noop!(try_propose(&[], 0), Error::<Test>::InvalidGasLimit);
		assert_noop!(try_propose(&[], 30_000_001), Error::<Test>::InvalidGasLimit);
		assert_ok!(try_propose(&[], 1));
		assert_ok!(try_propose(&[], 30_000_000));
		assert_noop!(try_propose(&[], u32::MAX), Error::<Test>::InvalidGasLimit);
	});
}

#[test]
fn unsettled_blocks_are_bounded() {
	run(|| {
		MaxUnsettledBlocks::set(2);
		propose(1);
		propose(2);
		let refused = Error::<Test>::TooManyUnsettledBlocks;
		assert_noop!(try_propose(&[3], GAS), refused);
		assert_ok!(prove(1, 1));
		// Proven is not settled yet.
		assert_noop!(try_propose(&[3], GAS), Error::<Test>::TooManyUnsettledBlocks);
		settle_after(COOLDOWN);
		assert_ok!(try_propose(&[3], GAS));
	});
}

#[test]
fn a_proposer_without_the_deposit_changes_nothing() {
	run(|| {
		// All but the existential deposit, and one unit less than the deposit.
		let spare = free(PROPOSER) - TOKEN / 100 - DEPOSIT + 1;
		assert_ok!(Balances::transfer_allow_death(RuntimeOrigin::signed(PROPOSER), 60, spare));
		assert_noop!(try_propose(&[1], GAS), TokenError::FundsUnavailable);
		assert_eq!(outstanding(1), 0);
		assert_ok!(Balances::transfer_allow_death(RuntimeOrigin::signed(60), PROPOSER, 1));
		assert_ok!(try_propose(&[1], GAS));
	});
}

#[test]
fn no_window_closes_before_that_of_an_earlier_block() {
	run(|| {
		propose(1);
		MinProofWindow::set(WINDOW / 2);
		propose(2);
		assert_eq!(block(2).unwrap().closes_at, START + WINDOW);
		next_block(WINDOW / 2 + 1);
		propose(3);
		assert_eq!(block(3).unwrap().closes_at, START + WINDOW + 1);
	});
}

#[test]
fn a_window_is_bounded_whatever_governance_says() {
	run(|| {
		for absurd in [9 * WINDOW + 1, u64::MAX] {
			MinProofWindow::set(absurd);
			let id = propose(1);
			assert_eq!(block(id).unwrap().closes_at, START + 9 * WINDOW);
		}
	});
}
