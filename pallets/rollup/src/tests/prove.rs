// SPDX-License-Identifier: Apache-2.0

//! Proofs: R4 and R19.

use super::{lane::proof_call, *};
use frame_support::{
	dispatch::{extract_actual_weight, GetDispatchInfo},
	weights::Weight,
};
use prover_pool_primitives::ProofVerifier as _;
use sp_runtime::{traits::Dispatchable, DispatchError};

/// A statement's mutation that must invalidate its proof.
type Change = fn(&mut prover_pool_primitives::Statement<AccountId>);

#[test]
fn r4_the_assigned_prover_proves_the_next_block() {
	run(|| {
		propose_and_draw(1);
		events();
		assert_eq!(prove_as(1, 1, 1, transition(1)), Ok(Pays::No));
		assert_eq!(positions(), [0, 1, 1, 1]);
		assert_eq!((state().proven_root, outstanding(1)), (root(1), 0));
		let proven = Event::BlockProven { block_id: 1, state_root: root(1), prover: Some(1) };
		assert_eq!(events(), [proven]);
	});
}

#[test]
fn r4_anyone_carries_a_proof_of_the_next_block_and_its_prover_is_paid() {
	run(|| {
		propose_and_draw(1);
		assert_eq!(prove_as(CARRIER, 1, 1, transition(1)), Ok(Pays::No));
		settle();
		assert!(free(1) > free(CARRIER) - ENDOWMENT);
		assert_eq!(free(CARRIER), ENDOWMENT);
		assert_eq!(settled(), [1]);
	});
}

#[test]
fn r4_a_proof_by_another_prover_does_not_count_before_the_deadline() {
	run(|| {
		propose_and_draw(1);
		assert_noop!(prove(2, 1), Error::NotAssigned);
		assert_noop!(prove_as(1, 2, 1, transition(1)).map(drop), Error::NotAssigned);
	});
}

#[test]
fn r4_a_proof_is_bound_to_all_of_its_statement() {
	let changes: [Change; 9] = [
		|statement| statement.chain = wrong(9),
		|statement| statement.block_id += 1,
		|statement| statement.payload_hash = wrong(9),
		|statement| statement.payload_size += 1,
		|statement| statement.gas_limit -= 1,
		|statement| statement.transition.parent_state_root = wrong(9),
		|statement| statement.transition.state_root = wrong(9),
		|statement| statement.transition.gas_used += 1,
		|statement| statement.prover = 2,
	];
	run(|| {
		propose_and_draw(1);
		let chain = System::block_hash(0).0;
		let good = block(1).unwrap().statement(chain, 1, transition(1), 1);
		for change in changes {
			let mut statement = good.clone();
			change(&mut statement);
			let proof = proof_of(1, &codec::Encode::encode(&statement));
			assert_noop!(prove_with(1, 1, 1, transition(1), proof).map(drop), invalid_proof());
		}
		let proof = proof_of(1, &codec::Encode::encode(&good));
		assert_ok!(prove_with(1, 1, 1, transition(1), proof));
	});
}

#[test]
fn r4_the_next_block_must_build_on_the_proven_root() {
	run(|| {
		propose_and_draw(1);
		let error = Error::WrongParentState;
		assert_noop!(prove_as(1, 1, 1, on(wrong(1), root(1))).map(drop), error);
		assert_ok!(prove(1, 1));
	});
}

#[test]
fn r4_a_transition_of_a_later_block_waits() {
	run(|| {
		propose_and_draw(2);
		events();
		assert_eq!(prove_as(1, 1, 2, transition(2)), Ok(Pays::No));
		assert_eq!((positions(), outstanding(1)), ([0, 0, 2, 2], 2));
		let stored = Event::TransitionStored { block_id: 2, prover: 1, transition: transition(2) };
		assert_eq!(events(), [stored]);
	});
}

#[test]
fn r4_only_the_prover_or_its_operator_stores_a_waiting_transition() {
	run(|| {
		propose_and_draw(2);
		let invented = on(wrong(1), wrong(2));
		assert_noop!(prove_as(CARRIER, 1, 2, invented).map(drop), Error::NotSignedByProver);
		assert_ok!(ProverPool::set_operator(RuntimeOrigin::signed(1), Some(CARRIER)));
		assert_eq!(prove_as(CARRIER, 1, 2, transition(2)), Ok(Pays::No));
		assert_ok!(ProverPool::set_operator(RuntimeOrigin::signed(1), None));
		assert_noop!(prove_as(CARRIER, 1, 2, invented).map(drop), Error::NotSignedByProver);
	});
}

#[test]
fn r4_a_waiting_transition_is_replaced_at_full_fee() {
	run(|| {
		propose_and_draw(2);
		assert_eq!(prove_as(1, 1, 2, on(wrong(1), wrong(2))), Ok(Pays::No));
		assert_eq!(prove_as(1, 1, 2, transition(2)), Ok(Pays::Yes));
		assert_ok!(prove(1, 1));
		next_block();
		assert_eq!(positions(), [0, 2, 2, 2]);
	});
}

#[test]
fn r4_the_deadline_is_the_last_second_of_the_assigned_prover() {
	run(|| {
		propose_and_draw(1);
		while now() + BLOCK <= deadline(1) {
			next_block();
		}
		assert_noop!(prove(2, 1), Error::NotAssigned);
		assert_ok!(prove(1, 1));
	});
}

#[test]
fn r4_after_the_deadline_a_block_is_closed_until_the_sweep() {
	run(|| {
		MaxSweptPerBlock::set(1);
		propose_and_draw(3);
		while now() <= deadline(1) {
			next_block();
		}
		// The sweep has passed the first of them.
		assert!(is_missed(1) && is_assigned(2));
		for prover in [1, 2] {
			assert_noop!(prove(prover, 2), Error::DeadlinePassed);
		}
		assert_ok!(prove(2, 1));
		next_block();
		assert_ok!(prove(2, 2));
	});
}

#[test]
fn r4_an_open_block_takes_only_the_next_proof_on_the_proven_root() {
	run_open(|| {
		propose_and_draw(3);
		assert_noop!(prove(2, 2), Error::NotNext);
		let error = Error::WrongParentState;
		assert_noop!(prove_as(2, 2, 1, on(wrong(1), root(1))).map(drop), error);
		assert_eq!(prove_as(CARRIER, 2, 1, transition(1)), Ok(Pays::No));
		assert_noop!(prove(3, 1), Error::AlreadyProven);
		assert_eq!(prove_as(2, 2, 2, transition(2)), Ok(Pays::No));
		assert_eq!(positions(), [0, 2, 3, 3]);
	});
}

#[test]
fn r4_strangers_with_invented_states_store_nothing() {
	run_open(|| {
		propose_and_draw(8);
		for stranger in [2, 3, 4, 5] {
			for id in 1..=8 {
				let invented = on(wrong(stranger), wrong(stranger));
				assert!(prove_as(stranger, stranger, id, invented).is_err());
			}
		}
		for id in 1..=8 {
			assert_ok!(prove(9, id));
		}
		settle();
		assert_eq!(settled(), [1, 2, 3, 4, 5, 6, 7, 8]);
	});
}

#[test]
fn r4_a_proven_block_takes_no_other_proof() {
	run(|| {
		propose_and_draw(2);
		assert_ok!(prove(1, 2));
		assert_ok!(prove(1, 1));
		assert_noop!(prove(1, 1), Error::AlreadyProven);
		// It fits and is about to become proven.
		assert_noop!(prove(1, 2), Error::AlreadyProven);
		next_block();
		assert_noop!(prove(1, 2), Error::AlreadyProven);
	});
}

#[test]
fn r4_a_transition_within_the_gas_limit_only() {
	run(|| {
		propose_and_draw(1);
		let mut transition = transition(1);
		transition.gas_used = GAS + 1;
		assert_noop!(prove_as(1, 1, 1, transition).map(drop), Error::TooMuchGas);
		transition.gas_used = GAS;
		assert_ok!(prove_as(1, 1, 1, transition));
	});
}

#[test]
fn r4_unknown_and_settled_blocks_take_no_proof() {
	run(|| {
		assert_noop!(prove(1, 0), Error::UnknownBlock);
		assert_noop!(prove(1, 1), Error::UnknownBlock);
		propose_and_draw(1);
		assert_ok!(prove(1, 1));
		settle();
		assert_noop!(prove(1, 1), Error::UnknownBlock);
	});
}

#[test]
fn r4_a_copied_proof_pays_its_prover() {
	run(|| {
		propose_and_draw(1);
		let proof = valid_proof(1, 1, transition(1));
		assert_ok!(prove_with(CARRIER, 1, 1, transition(1), proof.clone()));
		let error = Error::AlreadyProven;
		assert_noop!(prove_with(1, 1, 1, transition(1), proof).map(drop), error);
		settle();
		assert_eq!(free(CARRIER), ENDOWMENT);
	});
}

/// Returns the declared weight, the actual weight and the error of a proof that must fail.
fn failure(call: RuntimeCall) -> (Weight, Weight, DispatchError) {
	let info = call.get_dispatch_info();
	let result = call.dispatch(RuntimeOrigin::signed(1));
	let actual = extract_actual_weight(&result, &info);
	(info.total_weight(), actual, result.expect_err("the proof fails").error)
}

#[test]
fn r19_a_refusal_before_the_verification_does_not_pay_for_it() {
	run(|| {
		propose_and_draw(2);
		propose();
		let (declared, verified, error) = failure(proof_call(1, 1, transition(1), false));
		assert_eq!((verified, error), (declared, invalid_proof()));

		let mut costly = transition(1);
		costly.gas_used = GAS + 1;
		let refusals = [
			(proof_call(1, 9, transition(9), true), Error::UnknownBlock),
			(proof_call(1, 3, transition(3), true), Error::NotDrawn),
			(proof_call(2, 1, transition(1), true), Error::NotAssigned),
			(proof_call(1, 1, on(wrong(1), root(1)), true), Error::WrongParentState),
			(proof_call(1, 1, costly, true), Error::TooMuchGas),
		];
		for (call, expected) in refusals {
			let (declared, refused, error) = failure(call);
			assert_eq!(error, expected.into());
			let with_verification = refused.saturating_add(Verifier::weight());
			for full in [declared, verified] {
				assert!(refused.ref_time() < full.ref_time(), "{error:?}: {refused} of {full}");
				assert!(with_verification.all_lte(full), "{error:?}: {refused} of {full}");
			}
		}
	});
}
