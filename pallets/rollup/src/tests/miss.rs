// SPDX-License-Identifier: Apache-2.0

//! Misses and bounties: R6 and R7.

use super::*;
use pallet_prover_pool::Error as PoolError;

/// Slash of the tests' prover for its first miss: 0.25 % of its stake.
const SLASH: Balance = 250 * TOKEN;

/// Makes chain blocks until the deadline of `block_id` has passed.
fn pass_deadline(block_id: u64) {
	while now() <= deadline(block_id) {
		next_block();
	}
}

#[test]
fn r6_a_miss_opens_the_block_and_slashes_no_prover_yet() {
	run(|| {
		propose_and_draw(1);
		pass_deadline(1);
		assert!(is_missed(1));
		assert_eq!((burned(), outstanding(1)), (0, 1));
		assert_eq!(missed(), [1]);
		// The price stays.
		assert_eq!(block(1).unwrap().reward_per_gas, FEE);
	});
}

#[test]
fn r6_the_slash_and_the_bounty_come_with_the_settlement() {
	run(|| {
		// 1 % of the slash, which is below the bound by the reward.
		RescuerShare::set(100);
		propose_and_draw(1);
		pass_deadline(1);
		assert_ok!(prove(2, 1));
		assert_eq!((burned(), outstanding(1)), (0, 1));
		events();
		settle();
		let bounty = SLASH / 100;
		assert_eq!(
			events(),
			[Event::BlockSettled {
				block_id: 1,
				state_root: root(1),
				prover: Some(2),
				reward: REWARD,
				refund: DEPOSIT - REWARD,
				slashed: SLASH,
				bounty,
			}]
		);
		assert_eq!(free(2), ENDOWMENT + REWARD + bounty);
		assert_eq!((burned(), outstanding(1)), (SLASH - bounty, 0));
	});
}

#[test]
fn r6_the_sweep_is_bounded_and_resumes() {
	run(|| {
		MaxSweptPerBlock::set(2);
		propose_and_draw(5);
		pass_deadline(5);
		assert_eq!(missed(), [1, 2]);
		next_block();
		next_block();
		assert_eq!(missed(), [3, 4, 5]);
	});
}

#[test]
fn r6_a_waiting_transition_is_no_miss() {
	run(|| {
		propose_and_draw(2);
		assert_ok!(prove(1, 2));
		pass_deadline(2);
		assert_eq!(missed(), [1]);
		assert!(is_assigned(2));
	});
}

#[test]
fn r6_a_prover_cannot_withdraw_its_last_stake_before_its_misses_are_decided() {
	run(|| {
		pass(60);
		propose_and_draw(1);
		assert_ok!(ProverPool::exit(RuntimeOrigin::signed(1)));
		pass_deadline(1);
		// Two weeks, by the clock.
		crate::State::<Test>::mutate(|state| state.clock.elapsed += 14 * 24 * 60 * 60 * 1_000);
		let withdraw = || ProverPool::withdraw(RuntimeOrigin::signed(1));
		assert_noop!(withdraw(), PoolError::<Test>::NoMatureExit);
		assert_ok!(prove(2, 1));
		settle();
		assert!(burned() > 0);
		assert_ok!(withdraw());
	});
}

#[test]
fn r7_the_bounty_is_bounded_by_what_the_proposer_pays() {
	run(|| {
		BountyMultiplier::set(30_000);
		propose_and_draw(1);
		pass_deadline(1);
		assert_ok!(prove(2, 1));
		settle();
		assert_eq!(free(2), ENDOWMENT + 4 * REWARD);
		assert_eq!(burned(), SLASH - 3 * REWARD);
	});
}

#[test]
fn r7_a_bounty_that_cannot_be_received_goes_where_slashes_go() {
	run(|| {
		RescuerShare::set(0);
		BountyMultiplier::set(500);
		propose_and_draw(1);
		pass_deadline(1);
		// Below the existential deposit: reward and bounty.
		assert_ok!(prove_as(2, 777, 1, transition(1)));
		settle();
		assert_eq!((free(777), burned()), (0, SLASH));
		assert_eq!(free(PROPOSER), ENDOWMENT);
	});
}
