// SPDX-License-Identifier: Apache-2.0

use super::*;
use frame_support::{traits::Hooks, weights::Weight};

#[test]
fn blocks_settle_in_order_after_the_cooldown_and_pay_their_provers() {
	run(|| {
		let before = (free(1), free(PROPOSER));
		propose(1);
		propose(2);
		assert_ok!(prove(1, 2));
		settle_after(COOLDOWN);
		assert_eq!(progress().settled, 0);
		assert_eq!(free(1), before.0);

		// A tenth of the window has passed, and the penalty is a tenth of 2.5 %.
		assert_eq!(now(), START + 66);
		let reward = REWARD - REWARD * 11 / 100 * 250 / 10_000;
		assert_ok!(prove(1, 1));
		next_block(COOLDOWN);
		events();
		// The second was proven at once.
		next_block(BLOCK);
		let settled = |block_id, reward| Event::BlockSettled {
			block_id,
			new_state: state(block_id),
			prover: Some(1),
			reward,
			bounty: 0,
			refund: DEPOSIT - reward,
		};
		assert_eq!(events(), vec![settled(1, reward), settled(2, REWARD)]);
		assert_eq!(free(1), before.0 + reward + REWARD);
		assert_eq!(free(PROPOSER), before.1 - reward - REWARD);
		assert_eq!(held(PROPOSER), 0);
		assert_eq!(progress().state, state(2));
		assert_eq!(block(1), None);
	});
}

#[test]
fn a_transition_settles_at_the_end_of_its_cooldown_and_not_a_second_before() {
	run(|| {
		propose(1);
		assert_ok!(prove(1, 1));
		settle_after(COOLDOWN - 1);
		assert_eq!((progress().settled, now()), (0, START + COOLDOWN + 5));
		settle_after(BLOCK);
		assert_eq!(progress().settled, 1);
	});
	run(|| {
		propose(1);
		assert_ok!(prove(1, 1));
		next_block(COOLDOWN - 1);
		assert_noop!(
			Rollup::settle_blocks(RuntimeOrigin::signed(9), 1),
			Error::<Test>::NothingToSettle
		);
		Timestamp::set_timestamp((now() + 1) * 1_000);
		assert_ok!(Rollup::settle_blocks(RuntimeOrigin::signed(9), 1));
	});
}

#[test]
fn only_the_transition_on_the_settled_state_counts() {
	run_with(vec![], || {
		propose(1);
		propose(2);
		let before = (free(8), free(9));
		assert_ok!(prove_transition(8, 2, on(wrong(1), wrong(2))));
		assert_ok!(prove(9, 2));
		assert_ok!(prove(9, 1));
		settle_after(COOLDOWN);
		assert_eq!(progress().state, state(2));
		assert_eq!(free(8), before.0);
		assert_eq!(free(9), before.1 + 2 * REWARD * 3 / 2);
	});
}

#[test]
fn more_than_the_bound_wait_for_the_next_block() {
	run(|| {
		MaxSettledPerBlock::set(2);
		for byte in 0..3 {
			let id = propose(byte);
			assert_ok!(prove(1, id));
		}
		next_block(COOLDOWN);
		next_block(BLOCK);
		assert_eq!(progress().settled, 2);
		next_block(BLOCK);
		assert_eq!(progress().settled, 3);
	});
}

#[test]
fn the_chain_settles_with_left_over_weight_only() {
	run(|| {
		use crate::weights::WeightInfo as _;
		for byte in 0..3 {
			let id = propose(byte);
			assert_ok!(prove(1, id));
		}
		Timestamp::set_timestamp((now() + COOLDOWN) * 1_000);
		let base = <Test as crate::Config>::WeightInfo::settle_blocks(0);
		// A slash must fit, though nobody missed anything.
		let most = Rollup::settle_weight();
		let each = Rollup::settle_weight_in_time();
		assert_eq!(Rollup::on_idle(1, Weight::zero()), Weight::zero());
		assert_eq!(Rollup::on_idle(1, base), base);
		let too_little = base + most - Weight::from_parts(1, 0);
		assert_eq!(Rollup::on_idle(1, too_little), base);
		assert_eq!(progress().settled, 0);
		assert_eq!(Rollup::on_idle(1, base + each + most), base + each * 2);
		assert_eq!(progress().settled, 2);
		assert_eq!(Rollup::on_idle(1, Weight::MAX), base + each);
		assert_eq!(progress().settled, 3);
		assert_eq!(Rollup::on_idle(1, Weight::MAX), base);
	});
}

#[test]
fn anyone_may_have_blocks_settled_and_pays_for_what_was_done() {
	run(|| {
		use crate::weights::WeightInfo as _;
		for byte in 0..3 {
			let id = propose(byte);
			assert_ok!(prove(1, id));
		}
		Timestamp::set_timestamp((now() + COOLDOWN) * 1_000);
		let base = <Test as crate::Config>::WeightInfo::settle_blocks(0);
		let each = Rollup::settle_weight_in_time();
		let settle = |max| Rollup::settle_blocks(RuntimeOrigin::signed(9), max);
		assert_noop!(settle(0), Error::<Test>::NothingToSettle);
		assert_eq!(settle(2).unwrap().actual_weight, Some(base + each * 2));
		assert_eq!(settle(u32::MAX).unwrap().actual_weight, Some(base + each));
		assert_noop!(settle(1), Error::<Test>::NothingToSettle);
	});
}

#[test]
fn a_rescuer_is_paid_the_reward_and_its_share_of_the_slash() {
	run(|| {
		propose(1);
		next_block(WINDOW + 1);
		next_block(BLOCK);
		let (late, rescuer) = (free(1), free(2));
		assert_ok!(prove(2, 1));
		events();
		settle_after(COOLDOWN);
		// Rescuers come after the window, so the whole penalty counts.
		let reward = REWARD - REWARD * 250 / 10_000;
		assert_eq!(
			events(),
			vec![Event::BlockSettled {
				block_id: 1,
				new_state: state(1),
				prover: Some(2),
				reward,
				bounty: BOUNTY,
				refund: DEPOSIT - reward,
			}]
		);
		assert_eq!(free(1), late);
		assert_eq!(free(2), rescuer + reward + BOUNTY);
		assert_eq!(bounty_of(1), 0);
		assert_eq!(burnt(), SLASH - BOUNTY);
	});
}

#[test]
fn the_late_prover_does_not_get_its_slash_back() {
	run(|| {
		propose(1);
		next_block(WINDOW + 1);
		let before = free(1);
		assert_ok!(prove(1, 1));
		settle_after(COOLDOWN);
		assert_eq!(free(1), before + REWARD - REWARD * 250 / 10_000);
		assert_eq!(bounty_of(1), 0);
		assert_eq!(burnt(), SLASH);
	});
}

#[test]
fn a_prover_that_cannot_be_paid_does_not_stop_the_settlement() {
	run_with(vec![], || {
		propose(1);
		let nobody = 1_000;
		// Its account does not exist, and the reward is below the existential deposit.
		assert_ok!(prove(nobody, 1));
		let before = free(PROPOSER);
		events();
		settle_after(COOLDOWN);
		assert_eq!(
			events(),
			vec![Event::BlockSettled {
				block_id: 1,
				new_state: state(1),
				prover: Some(nobody),
				reward: 0,
				bounty: 0,
				refund: DEPOSIT * 3 / 2,
			}]
		);
		assert_eq!(free(PROPOSER), before + DEPOSIT * 3 / 2);
		assert_eq!(held(PROPOSER), 0);
	});
}

#[test]
fn a_bounty_makes_the_account_that_the_reward_is_too_small_for() {
	run(|| {
		propose(1);
		next_block(WINDOW + 1);
		next_block(BLOCK);
		let nobody = 1_000;
		assert_ok!(prove(nobody, 1));
		settle_after(COOLDOWN);
		assert_eq!(free(nobody), BOUNTY + REWARD - REWARD * 250 / 10_000);
	});
}

#[test]
fn a_payment_that_cannot_be_made_now_settles_nothing() {
	/// Calls `settle_blocks` inside so many transactions, as nested batches do.
	fn nested(depth: u32) -> frame_support::pallet_prelude::DispatchResult {
		frame_support::storage::with_storage_layer(|| match depth {
			0 => Rollup::settle_blocks(RuntimeOrigin::signed(9), 1)
				.map(|_| ())
				.map_err(|error| error.error),
			_ => nested(depth - 1),
		})
	}
	run(|| {
		let earned = free(1);
		propose(1);
		assert_ok!(prove(1, 1));
		next_block(BLOCK);
		Timestamp::set_timestamp((now() + COOLDOWN) * 1_000);
		// The payment wants more layers than there are.
		for depth in 250..=254 {
			if nested(depth).is_ok() {
				break;
			}
			assert_eq!((progress().settled, held(PROPOSER)), (0, DEPOSIT));
		}
		assert!(nested(254).is_err());
		settle_after(BLOCK);
		assert_eq!(progress().settled, 1);
		assert_eq!(free(1), earned + REWARD);
	});
}

#[test]
fn a_proposer_that_cannot_take_its_rest_back_does_not_stop_the_settlement() {
	run(|| {
		propose(1);
		// Something else keeps the account alive, without the existential deposit.
		frame_system::Account::<Test>::mutate(PROPOSER, |account| {
			account.providers = 2;
			account.data.free = 0;
		});
		let issuance = Balances::total_issuance();
		assert_ok!(prove(1, 1));
		settle_after(COOLDOWN);
		assert_eq!((progress().settled, held(PROPOSER)), (1, 0));
		assert_eq!(Balances::total_issuance(), issuance - (DEPOSIT - REWARD));
	});
}

#[test]
fn a_frozen_proposer_pays_all_the_same() {
	use frame_support::traits::{LockableCurrency, WithdrawReasons};
	run(|| {
		let all = free(PROPOSER);
		Balances::set_lock(*b"vesting ", &PROPOSER, all, WithdrawReasons::all());
		propose(1);
		assert_ok!(prove(1, 1));
		let before = free(1);
		settle_after(COOLDOWN);
		assert_eq!(free(1), before + REWARD);
		assert_eq!(held(PROPOSER), 0);
	});
}

#[test]
fn nothing_is_minted() {
	run(|| {
		let issuance = Balances::total_issuance();
		for byte in 0..3 {
			let id = propose(byte);
			assert_ok!(prove(1, id));
		}
		settle_after(COOLDOWN);
		assert_eq!(settled(), vec![1, 2, 3]);
		assert_eq!(Balances::total_issuance(), issuance);
	});
}
