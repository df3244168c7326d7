// SPDX-License-Identifier: Apache-2.0

//! Settlement and money: R8 and R17.

use super::*;
use frame_support::traits::{
	fungible::{Mutate as _, MutateHold as _},
	tokens::{Fortitude, Precision},
};

#[test]
fn r8_a_block_settles_when_its_cooldown_has_passed() {
	run(|| {
		propose_and_draw(1);
		assert_ok!(prove(1, 1));
		let proven_at = now();
		events();
		while now() < proven_at + COOLDOWN {
			assert_eq!(positions(), [0, 1, 1, 1]);
			next_block();
		}
		assert_eq!(now(), proven_at + COOLDOWN);
		assert_eq!(positions(), [1, 1, 1, 1]);
		assert_eq!(state().settled_root, root(1));
		assert!(block(1).is_none());
		assert_eq!(settled(), [1]);
	});
}

#[test]
fn r8_the_prover_is_paid_out_of_the_deposit_and_the_rest_returns() {
	run(|| {
		propose_and_draw(1);
		assert_ok!(prove(1, 1));
		let before = free(1);
		settle();
		assert_eq!((free(1), held(PROPOSER)), (before + REWARD, 0));
		assert_eq!(free(PROPOSER), ENDOWMENT - REWARD);
		assert_eq!(burned(), 0);
	});
}

#[test]
fn r8_blocks_settle_in_order_and_in_bounded_steps() {
	run_open(|| {
		MaxSettledPerBlock::set(2);
		propose_and_draw(5);
		for id in 1..=5 {
			assert_ok!(prove(2, id));
		}
		pass(COOLDOWN);
		assert_eq!(settled(), [1, 2]);
		next_block();
		next_block();
		assert_eq!(settled(), [3, 4, 5]);
	});
}

#[test]
fn r8_where_a_hold_is_short_the_rest_of_it_is_paid() {
	run(|| {
		propose_and_draw(2);
		let reason = crate::HoldReason::Deposit.into();
		let left = REWARD / 2;
		assert_ok!(Balances::release(&reason, &PROPOSER, 2 * DEPOSIT - left, Precision::Exact));
		assert_ok!(prove(1, 1));
		assert_ok!(prove(1, 2));
		events();
		let before = free(1);
		settle();
		let paid = filter(|event| match event {
			Event::BlockSettled { reward, refund, .. } => Some((reward, refund)),
			_ => None,
		});
		assert_eq!(paid, [(left, 0), (0, 0)]);
		assert_eq!((free(1), held(PROPOSER)), (before + left, 0));
	});
}

#[test]
fn r8_where_balance_on_hold_was_unreserved_the_rest_of_it_is_paid() {
	run(|| {
		propose_and_draw(2);
		let left = DEPOSIT + REWARD / 2;
		assert_ok!(Balances::force_unreserve(RuntimeOrigin::root(), PROPOSER, 2 * DEPOSIT - left));
		assert_ok!(prove(1, 1));
		assert_ok!(prove(1, 2));
		events();
		settle();
		let paid = filter(|event| match event {
			Event::BlockSettled { reward, refund, .. } => Some((reward, refund)),
			_ => None,
		});
		assert_eq!(paid, [(REWARD, DEPOSIT - REWARD), (REWARD / 2, 0)]);
		assert_eq!(free(PROPOSER), ENDOWMENT - REWARD - REWARD / 2);
	});
}

#[test]
fn r8_a_reward_that_cannot_be_received_returns_to_the_proposer() {
	run_open(|| {
		propose_and_draw(1);
		// The reward is below the existential deposit.
		assert_ok!(prove_as(2, 777, 1, transition(1)));
		events();
		settle();
		assert_eq!((free(777), free(PROPOSER)), (0, ENDOWMENT));
		let paid = filter(|event| match event {
			Event::BlockSettled { reward, refund, .. } => Some((reward, refund)),
			_ => None,
		});
		assert_eq!(paid, [(0, DEPOSIT)]);
	});
}

#[test]
fn r8_frozen_accounts_do_not_stop_the_settlement() {
	run_open(|| {
		propose_and_draw(1);
		use frame_support::traits::{LockableCurrency, WithdrawReasons};
		for who in [PROPOSER, 2] {
			Balances::set_lock(*b"frozen  ", &who, ENDOWMENT, WithdrawReasons::all());
		}
		assert_ok!(prove(2, 1));
		settle();
		assert_eq!(settled(), [1]);
		assert_eq!(free(2), ENDOWMENT + MAX_PRICE as Balance * USED);
	});
}

#[test]
fn r8_a_dead_proposer_does_not_stop_the_settlement() {
	run_open(|| {
		propose_and_draw(1);
		Balances::set_balance(&PROPOSER, 0);
		assert_ok!(prove(2, 1));
		settle();
		assert_eq!(settled(), [1]);
		assert_eq!(held(PROPOSER), 0);
	});
}

#[test]
fn r8_one_account_is_proposer_prover_and_carrier() {
	run(|| {
		assert_ok!(propose_as(1, GAS, u32::MAX));
		next_block();
		let before = free(1);
		assert_ok!(prove(1, 1));
		settle();
		assert_eq!(free(1), before + DEPOSIT);
		assert_eq!(settled(), [1]);
	});
}

#[test]
fn r17_deposits_are_rewards_refunds_and_holds() {
	run(|| {
		propose_and_draw(10);
		for id in 1..=5 {
			assert_ok!(prove(1, id));
			next_block();
		}
		pass(COOLDOWN);
		let paid: Balance = filter(|event| match event {
			Event::BlockSettled { reward, refund, .. } => Some(reward + refund),
			_ => None,
		})
		.into_iter()
		.sum();
		assert_eq!(paid + held(PROPOSER), 10 * DEPOSIT);
		assert_eq!(held(PROPOSER), 5 * DEPOSIT);
	});
}

#[test]
fn r17_a_hold_of_another_account_is_not_touched() {
	run_open(|| {
		assert_ok!(propose_as(51, GAS, u32::MAX));
		propose_and_draw(1);
		assert_ok!(prove(2, 1));
		settle();
		assert_eq!((held(51), held(PROPOSER)), (0, DEPOSIT));
		assert_ok!(Balances::burn_from(
			&51,
			TOKEN,
			frame_support::traits::tokens::Preservation::Preserve,
			Precision::Exact,
			Fortitude::Polite
		));
	});
}
