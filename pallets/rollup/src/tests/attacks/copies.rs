// SPDX-License-Identifier: Apache-2.0

//! Attack 15: copied proofs, and proofs for others.

use super::*;
use frame_support::pallet_prelude::UnknownTransaction;

const REFUSED: TransactionValidityError =
	TransactionValidityError::Unknown(UnknownTransaction::CannotLookup);

#[test]
fn a_copied_proof_pays_its_prover_and_costs_it_nothing() {
	run_with(vec![(1, 60_000, FEE as u16, 5)], || {
		propose_and_draw(6);
		// Of reserved blocks as of an open one.
		for id in 1..=6 {
			let prover = assigned(id).unwrap_or(RESCUER);
			let call = proof_call(prover, id, transition(id), true);
			assert!(validate(prover, 0, &call).is_ok());
			assert_eq!(send(CARRIER, call.clone()), Ok(true));
			// Refused by the transaction pool and by authors: no fee.
			assert_eq!(validate(prover, 0, &call).unwrap_err(), REFUSED);
			assert_eq!(send(prover, call), Err(REFUSED));
		}
		let before = [1, RESCUER, CARRIER].map(free);
		settle();
		let after = [1, RESCUER, CARRIER].map(free);
		let gains = [0, 1, 2].map(|at| tokens(after[at] - before[at]));
		let all = settlements();
		println!(
			"attack 15: {} copied proofs without a fee: the two provers and the stranger gain \
			 {gains:?} tokens",
			all.len(),
		);
		assert!(all.iter().all(|settled| settled.prover != Some(CARRIER) && settled.reward > 0));
		let rewards = [5 * REWARD, Balance::from(MAX_PRICE) * USED, 0];
		assert_eq!(after, [0, 1, 2].map(|at| before[at] + rewards[at]));
	});
}

#[test]
fn a_copied_proof_with_another_name_is_no_proof() {
	run_open(|| {
		propose_and_draw(1);
		let proof = valid_proof(RESCUER, 1, transition(1));
		let names = [1, 2, CARRIER];
		for name in names {
			let proof = proof.clone();
			assert_noop!(
				prove_with(name, name, 1, transition(1), proof).map(drop),
				invalid_proof()
			);
		}
		println!(
			"attack 15: {} calls with a copied proof in another name for {:.2} tokens at the \
			 lowest fees: {} transitions stored",
			names.len(),
			tokens(names.len() as Balance * super::rewards_of_misses::fee_of_junk(10)),
			stored(1).iter().count(),
		);
		assert_ok!(prove_with(2, RESCUER, 1, transition(1), proof));
	});
}

/// Brings a stranger's proof on an invented parent for each block from the next one up to `last`.
/// Returns the number of calls, which are all refused.
fn prove_on_an_invented_parent(last: u64) -> Balance {
	let invented = on(wrong(7), wrong(8));
	let mut refused = 0;
	for id in state().next()..=last {
		let call = proof_call(1, id, invented, true);
		assert!(validate(CARRIER, u64::MAX, &call).is_err());
		if id > state().next() {
			assert_noop!(prove_as(CARRIER, 1, id, invented).map(drop), Error::NotSignedByProver);
		} else {
			assert!(prove_as(CARRIER, 1, id, invented).is_err());
		}
		refused += 1;
	}
	refused
}

/// An invented parent is as provable as the true one, so a stranger could get its victim slashed if
/// it could store the proof.
#[test]
fn a_stranger_cannot_store_a_proof_on_an_invented_parent_for_its_victim() {
	run(|| {
		propose_and_draw(4);
		// Before and after the prover stored its own.
		let mut refused = prove_on_an_invented_parent(4);
		for id in 3..=4 {
			assert_ok!(prove(1, id));
		}
		refused += prove_on_an_invented_parent(4);
		assert_eq!(stored(4).unwrap().transition, transition(4));
		assert_ok!(prove(1, 1));
		refused += prove_on_an_invented_parent(4);
		assert_ok!(prove(1, 2));
		next_block();
		assert_eq!((positions()[1], state().proven_root), (4, root(4)));
		finish();
		println!(
			"attack 15: {refused} proofs on an invented parent for a victim refused for at most \
			 {:.2} tokens at the lowest fees, {} slashed",
			tokens(refused * super::rewards_of_misses::fee_of_junk(10)),
			tokens(burned()),
		);
		assert_eq!(burned(), 0);
	});
}
