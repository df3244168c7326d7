// SPDX-License-Identifier: Apache-2.0

//! Attack 15: a stolen operator key. It carries proofs, and moves no money out of the account.

use super::*;

/// Operator of prover 1, and the account of the thief.
const THIEF: AccountId = 7;

/// Has five blocks drawn for prover 1. Its operator's key is stolen.
fn with_a_thief(test: impl FnOnce()) {
	MinProofWindow::set(60);
	run_with(vec![(1, 60_000, FEE as u16, 5)], || {
		propose_and_draw(5);
		assert_ok!(ProverPool::set_operator(RuntimeOrigin::signed(1), Some(THIEF)));
		test();
	});
}

/// The prover stores its transitions early. In the last chain block before the deadline the thief
/// tries to replace them by proofs on invented parents.
#[test]
fn a_stolen_operator_key_costs_its_prover_no_stake() {
	with_a_thief(|| {
		for id in 2..=5 {
			assert_ok!(prove(1, id));
		}
		while now() + BLOCK <= deadline(5) {
			next_block();
		}
		assert_ok!(prove(1, 1));
		for id in 3..=5 {
			assert!(prove_as(THIEF, 1, id, on(wrong(id), wrong(id))).is_err());
		}
		next_block();
		finish();
		let all = settlements();
		let slashed: Balance = all.iter().map(|settled| settled.slashed).sum();
		let bounties: Balance = all.iter().map(|settled| settled.bounty).sum();
		println!(
			"attack 15: a stolen operator key and three waiting transitions: {} tokens slashed, \
			 {} of them bounties",
			tokens(slashed),
			tokens(bounties),
		);
		assert_eq!(slashed, 0);
	});
}

#[test]
fn a_stolen_operator_key_takes_no_reward_and_no_stake_out() {
	with_a_thief(|| {
		let before = free(THIEF);
		let stolen = prove_with(THIEF, THIEF, 1, transition(1), valid_proof(1, 1, transition(1)));
		assert_eq!(prove_as(THIEF, 1, 1, transition(1)), Ok(Pays::No));
		let withdrawn = ProverPool::withdraw(RuntimeOrigin::signed(THIEF));
		let exited = ProverPool::exit(RuntimeOrigin::signed(THIEF));
		let results = [stolen.is_ok(), withdrawn.is_ok(), exited.is_ok()];
		assert_eq!(results, [false; 3]);
		for id in 2..=5 {
			assert_ok!(prove(1, id));
		}
		finish();
		println!(
			"attack 15: {} calls by a stolen operator key refused: the thief gains {} tokens, {} \
			 slashed",
			results.len(),
			tokens(free(THIEF) - before),
			tokens(burned()),
		);
		assert_eq!((free(THIEF), burned()), (before, 0));
		assert!(settlements().iter().all(|settled| settled.prover == Some(1)));
	});
}
