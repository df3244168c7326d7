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
		assert!(stolen.is_err());
		assert_eq!(prove_as(THIEF, 1, 1, transition(1)), Ok(Pays::No));
		assert!(ProverPool::withdraw(RuntimeOrigin::signed(THIEF)).is_err());
		assert!(ProverPool::exit(RuntimeOrigin::signed(THIEF)).is_err());
		for id in 2..=5 {
			assert_ok!(prove(1, id));
		}
		finish();
		assert_eq!((free(THIEF), burned()), (before, 0));
		assert!(settlements().iter().all(|settled| settled.prover == Some(1)));
	});
}
