// SPDX-License-Identifier: Apache-2.0

use super::*;
use frame_support::traits::fungible::Inspect;

#[test]
fn the_chain_slashes_and_opens_the_block_by_itself() {
	run(|| {
		propose(1);
		next_block(WINDOW);
		next_block(1);
		assert_eq!(now(), START + WINDOW + 1);
		assert_eq!(burnt(), 0);
		events();
		next_block(BLOCK);
		assert_eq!(
			events(),
			vec![Event::WindowClosed { block_id: 1, missed_by: 1, bounty: BOUNTY }]
		);
		assert_eq!(block(1).unwrap().state, BlockState::Missed { prover: 1, bounty: BOUNTY });
		assert_eq!(burnt(), SLASH - BOUNTY);
		assert_eq!(bounty_of(1), BOUNTY);
		// The capacity comes back with the proof, not before.
		assert_eq!(outstanding(1), 1);
		assert_ok!(prove(2, 1));
		assert_eq!(outstanding(1), 0);
	});
}

#[test]
fn more_than_the_bound_wait_for_the_next_block_in_order() {
	run(|| {
		MaxClosedPerBlock::set(2);
		for byte in 0..5 {
			propose(byte);
		}
		next_block(WINDOW + 1);
		for expected in [vec![1, 2], vec![3, 4], vec![5], vec![]] {
			events();
			next_block(BLOCK);
			assert_eq!(missed(), expected);
		}
	});
}

#[test]
fn proven_settled_and_open_blocks_are_passed_over() {
	run(|| {
		for byte in 0..11 {
			propose(byte);
		}
		// 1 and 2 settled, 4 proven, 11 open from the start.
		for id in [1, 2, 4] {
			assert_ok!(prove(1, id));
		}
		settle_after(COOLDOWN);
		assert_eq!(progress().settled, 2);
		next_block(WINDOW + 1);
		events();
		next_block(BLOCK);
		next_block(BLOCK);
		assert_eq!(missed(), vec![3, 5, 6, 7, 8, 9, 10]);
		assert_eq!(progress().closed, 11);
	});
}

#[test]
fn a_slash_may_eject_the_prover_and_its_blocks_stay_its_own() {
	run_with(vec![(1, 50_000, FEE as u16, 5)], || {
		for _ in 0..5 {
			assert_ok!(try_propose(&[0], 30_000_000));
		}
		// 2 % of the stake is left, and a miss takes a token at least: 0.25 % of it.
		use prover_pool_primitives::ProverPool as _;
		drop(ProverPool::slash(&1, 9, 12_250 * TOKEN));
		let (staker, _) = ProverPool::get_staker(1);
		assert_eq!((staker.prover_id, staker.exit_amount), (None, 1_000));
		next_block(WINDOW + 1);
		next_block(BLOCK);
		let (staker, _) = ProverPool::get_staker(1);
		assert_eq!((staker.exit_amount, staker.backlog), (990, 5));
		for id in 1..=5 {
			assert_ok!(prove(2, id));
		}
		assert_eq!(outstanding(1), 0);
	});
}

#[test]
fn nothing_to_slash_leaves_no_bounty() {
	run_with(vec![(1, 50_000, FEE as u16, 5)], || {
		use prover_pool_primitives::ProverPool as _;
		propose(1);
		drop(ProverPool::slash(&1, 9, 50_000 * TOKEN));
		next_block(WINDOW + 1);
		next_block(BLOCK);
		let state = block(1).unwrap().state;
		assert_eq!(state, BlockState::Missed { prover: 1, bounty: 0 });
	});
}

#[test]
fn a_bounty_that_the_account_cannot_hold_goes_where_slashes_go() {
	run(|| {
		propose(1);
		// Not even the existential deposit is free, which no extrinsic brings about.
		frame_system::Account::<Test>::mutate(1, |account| {
			account.data.free = 0;
			account.providers = 0;
		});
		next_block(WINDOW + 1);
		next_block(BLOCK);
		assert_eq!(burnt(), SLASH);
		assert_eq!(bounty_of(1), 0);
	});
}

#[test]
fn a_transition_that_cannot_settle_is_a_miss_when_the_window_is_over() {
	run(|| {
		propose(1);
		propose(2);
		assert_ok!(prove(1, 1));
		assert_ok!(prove_transition(1, 2, on(wrong(1), wrong(2))));
		assert_eq!(outstanding(1), 0);
		settle_after(COOLDOWN);
		assert_eq!(progress().settled, 1);
		// The window is open still: the prover may prove it again, on the settled state.
		assert_eq!(burnt(), 0);
		next_block(WINDOW - COOLDOWN - BLOCK);
		assert_noop!(prove(2, 2), Error::<Test>::NotAssigned);
		next_block(1);
		next_block(BLOCK);
		assert_eq!(burnt(), SLASH - BOUNTY);
		assert_ok!(prove(2, 2));
		settle_after(COOLDOWN);
		assert_eq!(progress().state, state(2));
	});
}

#[test]
fn a_miss_is_noticed_when_the_block_before_settles_after_the_window() {
	run(|| {
		propose(1);
		propose(2);
		assert_ok!(prove_transition(1, 2, on(wrong(1), wrong(2))));
		next_block(WINDOW + 1);
		next_block(BLOCK);
		// The first is missed; of the second nobody knows yet.
		assert_eq!(burnt(), SLASH - BOUNTY);
		assert_eq!(progress().closed, 2);
		// Another parent than the drawn prover's is anyone's now.
		assert_ok!(prove(3, 2));
		assert_ok!(prove(2, 1));
		events();
		settle_after(COOLDOWN);
		assert_eq!(missed(), vec![2]);
		assert_eq!(progress().settled, 2);
	});
}

#[test]
fn a_transition_in_time_on_a_false_state_does_not_excuse_a_late_proof() {
	run(|| {
		propose(1);
		propose(2);
		assert_ok!(prove_transition(1, 2, on(wrong(1), wrong(2))));
		next_block(WINDOW + 1);
		let late = free(1);
		assert_ok!(prove(1, 2));
		assert_ok!(prove(2, 1));
		settle_after(COOLDOWN);
		assert_eq!(progress().settled, 2);
		// Both are slashed, and the second share goes where slashes go.
		assert_eq!(burnt(), (SLASH - BOUNTY) + 249 * TOKEN);
		assert_eq!(free(1), late + REWARD - REWARD * 250 / 10_000);
		assert_eq!(bounty_of(1), 0);
	});
}

#[test]
fn a_transition_in_the_last_second_is_in_time() {
	for (delay, slashed) in [(WINDOW, 0), (WINDOW + 1, SLASH - BOUNTY)] {
		run(|| {
			propose(1);
			propose(2);
			assert_ok!(prove(1, 1));
			Timestamp::set_timestamp((START + delay) * 1_000);
			assert_ok!(prove(1, 2));
			assert_eq!(burnt(), slashed);
			settle_after(COOLDOWN);
			settle_after(BLOCK);
			assert_eq!(progress().settled, 2);
		});
	}
}

#[test]
fn a_rescuer_never_gets_the_whole_slash() {
	run(|| {
		RescuerShare::set(u32::MAX);
		propose(1);
		next_block(WINDOW + 1);
		next_block(BLOCK);
		assert_eq!(bounty_of(1), SLASH * 9 / 10);
		assert_eq!(burnt(), SLASH / 10);
	});
}

#[test]
fn a_prover_that_proposes_for_itself_and_misses_is_slashed_all_the_same() {
	run(|| {
		assert_ok!(Rollup::propose_block(
			RuntimeOrigin::signed(1),
			vec![1].try_into().unwrap(),
			GAS
		));
		let all = Balances::total_balance(&1);
		next_block(WINDOW + 1);
		assert_ok!(prove(1, 1));
		settle_after(COOLDOWN);
		assert_eq!(Balances::total_balance(&1), all - SLASH);
		assert_eq!((held(1), bounty_of(1)), (0, 0));
	});
}
