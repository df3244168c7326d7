// SPDX-License-Identifier: Apache-2.0

//! Proof lane: R11.

use super::*;
use crate::{
	lane::{Lane, MAX_LANE_USES, MAX_OTHER_PRIORITY},
	LaneUses, Transition,
};
use codec::{Decode, Encode};
use frame_support::{
	dispatch::GetDispatchInfo,
	pallet_prelude::{
		InvalidTransaction, TransactionSource, TransactionValidityError, UnknownTransaction,
		ValidTransaction,
	},
};
use scale_info::TypeInfo;
use sp_runtime::traits::{DispatchTransaction, TransactionExtension};

pub(super) type Validity = Result<ValidTransaction, TransactionValidityError>;

/// Returns a proof as a call, valid or not.
pub(super) fn proof_call(
	prover: AccountId,
	block_id: u64,
	transition: Transition,
	valid: bool,
) -> RuntimeCall {
	let proof =
		if valid { valid_proof(prover, block_id, transition) } else { proof_of(1, b"another") };
	let proof = proof.try_into().unwrap();
	crate::Call::prove_block { block_id, prover, transition, proof }.into()
}

/// Validates a call as the transaction pool does.
pub(super) fn validate(signer: AccountId, tip: u64, call: &RuntimeCall) -> Validity {
	let info = call.get_dispatch_info();
	TestLane::new(Tip(tip))
		.validate_only(
			RuntimeOrigin::signed(signer),
			call,
			&info,
			0,
			TransactionSource::External,
			0,
		)
		.map(|(validity, ..)| validity)
}

fn validate_proof(signer: AccountId, prover: AccountId, block_id: u64) -> Validity {
	validate(signer, 0, &proof_call(prover, block_id, transition(block_id), true))
}

fn priority(signer: AccountId, prover: AccountId, block_id: u64) -> u64 {
	validate_proof(signer, prover, block_id).unwrap().priority
}

/// Executes a call as a transaction, and returns its result.
pub(super) fn execute(signer: AccountId, call: RuntimeCall) -> bool {
	let info = call.get_dispatch_info();
	TestLane::new(Tip(0))
		.dispatch_transaction(RuntimeOrigin::signed(signer), call, &info, 0, 0)
		.expect("the transaction is valid")
		.is_ok()
}

const UNKNOWN: TransactionValidityError =
	TransactionValidityError::Unknown(UnknownTransaction::CannotLookup);
const STALE: TransactionValidityError =
	TransactionValidityError::Invalid(InvalidTransaction::Stale);
const HOPELESS: TransactionValidityError =
	TransactionValidityError::Invalid(InvalidTransaction::Call);

#[test]
fn r11_every_other_priority_is_capped_at_half() {
	run(|| {
		let remark: RuntimeCall = frame_system::Call::remark { remark: vec![] }.into();
		for tip in [0, 7, MAX_OTHER_PRIORITY, MAX_OTHER_PRIORITY + 1, u64::MAX] {
			let validity = validate(2, tip, &remark).unwrap();
			assert_eq!(validity.priority, tip.min(MAX_OTHER_PRIORITY));
			assert!(validity.provides.is_empty());
		}
		propose_and_draw(1);
		// Also of a proof that another account carries.
		let call = proof_call(1, 1, transition(1), true);
		assert_eq!(validate(CARRIER, u64::MAX, &call).unwrap().priority, MAX_OTHER_PRIORITY);
	});
}

#[test]
fn r11_the_order_is_override_then_deadlines_then_rescues() {
	run_with(vec![(1, 60_000, FEE as u16, 5)], || {
		propose_and_draw(1);
		pass(60);
		propose_and_draw(1);
		let remark: RuntimeCall = frame_system::Call::remark { remark: vec![] }.into();
		let overriding = validate(GOVERNOR, 0, &remark).unwrap().priority;
		let (first, second) = (priority(1, 1, 1), priority(1, 1, 2));
		assert!(deadline(1) < deadline(2));
		while now() <= deadline(1) {
			next_block();
		}
		let rescue = priority(1, 1, 1);
		assert!(overriding > first && first > second && second > rescue);
		assert!(rescue > MAX_OTHER_PRIORITY);
	});
}

#[test]
fn r11_the_operator_has_the_lane_of_its_prover() {
	run(|| {
		propose_and_draw(1);
		assert_eq!(priority(CARRIER, 1, 1), 0);
		assert_ok!(ProverPool::set_operator(RuntimeOrigin::signed(1), Some(CARRIER)));
		assert_eq!(priority(CARRIER, 1, 1), priority(1, 1, 1));
	});
}

#[test]
fn r11_a_block_has_the_lane_until_its_first_lane_proof_whatever_the_result() {
	run(|| {
		propose_and_draw(3);
		let lane = priority(1, 1, 2);
		assert!(lane > MAX_OTHER_PRIORITY);
		// A proof of a stranger does not use it.
		assert!(!execute(CARRIER, proof_call(1, 1, transition(1), false)));
		assert_eq!(priority(1, 1, 2), lane);
		assert!(!execute(1, proof_call(1, 2, transition(2), false)));
		assert_eq!(priority(1, 1, 2), 0);
		assert!(execute(1, proof_call(1, 3, transition(3), true)));
		// A replacement has no lane.
		assert_eq!(priority(1, 1, 3), 0);
		next_block();
		assert_eq!((priority(1, 1, 2), priority(1, 1, 3)), (0, 0));
	});
}

#[test]
fn r11_a_prover_and_its_operators_have_one_lane_proof_each_in_the_transaction_pool() {
	run(|| {
		propose_and_draw(2);
		assert_ok!(ProverPool::set_operator(RuntimeOrigin::signed(1), Some(CARRIER)));
		let tag = |signer, id| validate_proof(signer, 1, id).unwrap().provides;
		assert_eq!((tag(1, 1).len(), tag(1, 1)), (1, tag(1, 1)));
		assert!(tag(1, 1) != tag(1, 2));
		// A stolen operator key does not keep the prover's own proof out.
		let by_operator = tag(CARRIER, 1);
		assert!(tag(1, 1) != by_operator);
		// Another operator has no other place.
		assert_ok!(ProverPool::set_operator(RuntimeOrigin::signed(1), Some(PROPOSER)));
		assert_eq!(tag(PROPOSER, 1), by_operator);
	});
}

#[test]
fn r11_each_member_of_the_pool_has_the_lane_once_for_the_next_open_block() {
	run_with(vec![(1, 60_000, 100, 5), (2, 60_000, 100, 5)], || {
		propose_and_draw(8);
		propose_and_draw(3);
		// All capacity is in use; let the first ten be proven.
		for id in 1..=10 {
			let prover = block(id).unwrap().assignment().unwrap().prover;
			assert_ok!(prove(prover, id));
		}
		assert_eq!(block(11).unwrap().phase, Phase::Open);
		assert_eq!(priority(5, 5, 11), 0);
		assert_eq!(priority(5, 1, 11), 0);
		for member in [1, 2] {
			assert_eq!(priority(member, member, 11), MAX_OTHER_PRIORITY + 1);
		}
		assert!(!execute(1, proof_call(1, 11, transition(11), false)));
		// One of each member.
		for _ in 0..2 {
			assert_eq!((priority(1, 1, 11), priority(2, 2, 11)), (0, MAX_OTHER_PRIORITY + 1));
			next_block();
		}
		assert!(execute(2, proof_call(2, 11, transition(11), true)));
	});
}

#[test]
fn r11_the_use_of_the_lane_starts_again_with_the_next_open_block() {
	run_with(vec![(1, 60_000, 100, 5)], || {
		propose_and_draw(7);
		for id in 1..=5 {
			assert_ok!(prove(1, id));
		}
		assert!(!execute(1, proof_call(1, 6, transition(6), false)));
		assert_ok!(prove(2, 6));
		next_block();
		assert_eq!(priority(1, 1, 7), MAX_OTHER_PRIORITY + 1);
	});
}

#[test]
fn r11_a_block_that_an_override_opens_again_has_the_lane_again() {
	run_with(vec![(1, 60_000, 100, 5)], || {
		propose_and_draw(7);
		for id in 1..=5 {
			assert_ok!(prove(1, id));
		}
		assert!(execute(1, proof_call(1, 6, transition(6), true)));
		assert_ok!(override_root(5, wrong(5)));
		let again = proof_call(1, 6, on(wrong(5), root(6)), true);
		assert_eq!(validate(1, 0, &again).unwrap().priority, MAX_OTHER_PRIORITY + 1);
	});
}

#[test]
fn r11_the_memory_of_members_is_bounded() {
	run_open(|| {
		for prover in 0..u64::from(MAX_LANE_USES) + 1 {
			Rollup::mark_lane(Lane { block_id: 1, prover, by_prover: true, deadline: None });
		}
		let uses = LaneUses::<Test>::get();
		assert_eq!(uses.len() as u32, MAX_LANE_USES);
		assert_eq!((uses[0], uses.last()), ((1, 64), Some(&(1, 1))));
	});
}

#[test]
fn r11_the_override_account_comes_first() {
	run(|| {
		let remark: RuntimeCall = frame_system::Call::remark { remark: vec![] }.into();
		let priority = || validate(GOVERNOR, 0, &remark).unwrap().priority;
		assert_eq!(priority(), u64::MAX);
		assert!(execute(GOVERNOR, remark.clone()));
		assert_eq!(priority(), u64::MAX);
	});
}

#[test]
fn r11_a_proof_in_another_call_has_no_lane() {
	run(|| {
		propose_and_draw(1);
		let call = proof_call(1, 1, transition(1), true);
		assert!(validate(1, 0, &call).unwrap().priority > MAX_OTHER_PRIORITY);
		let wrapped: RuntimeCall = frame_system::Call::remark { remark: call.encode() }.into();
		assert_eq!(validate(1, 0, &wrapped).unwrap().priority, 0);
	});
}

#[test]
fn r11_the_transaction_pool_refuses_proofs_that_cannot_succeed() {
	run(|| {
		propose_and_draw(3);
		let mut too_much = transition(1);
		too_much.gas_used = GAS + 1;
		assert_eq!(validate(1, 0, &proof_call(1, 1, too_much, true)), Err(HOPELESS));
		assert_ok!(prove(1, 1));
		settle();
		assert_eq!(validate_proof(1, 1, 1), Err(STALE));
	});
}

#[test]
fn r11_proofs_that_may_become_valid_are_unknown() {
	run(|| {
		assert_eq!(validate_proof(1, 1, 1), Err(UNKNOWN));
		propose();
		assert_eq!(validate_proof(1, 1, 1), Err(UNKNOWN));
		propose_and_draw(1);
		assert_eq!(validate_proof(2, 2, 1), Err(UNKNOWN));
		assert_eq!(validate_proof(CARRIER, 1, 2), Err(UNKNOWN));
		assert!(validate_proof(1, 1, 2).is_ok());
		// An override could make both count.
		let astray = on(wrong(1), root(1));
		assert_eq!(validate(1, 0, &proof_call(1, 1, astray, true)), Err(UNKNOWN));
		assert_ok!(prove(1, 1));
		assert_eq!(validate_proof(1, 1, 1), Err(UNKNOWN));
	});
	run_open(|| {
		propose_and_draw(2);
		assert_eq!(validate_proof(2, 2, 2), Err(UNKNOWN));
		assert!(validate_proof(2, 2, 1).is_ok());
	});
}

#[test]
fn r11_a_copied_proof_makes_its_own_transaction_refused_and_free() {
	run(|| {
		propose_and_draw(1);
		let call = proof_call(1, 1, transition(1), true);
		assert!(execute(CARRIER, call.clone()));
		assert_eq!(validate(1, 0, &call), Err(UNKNOWN));
	});
}

#[test]
fn r11_the_wrapper_encodes_as_the_inner_extension() {
	let (inner, lane) = (Tip(77), TestLane::new(Tip(77)));
	assert_eq!(lane.encode(), inner.encode());
	assert_eq!(TestLane::decode(&mut &inner.encode()[..]), Ok(lane));
	assert_eq!(TestLane::type_info(), Tip::type_info());
	let identifiers = |metadata: Vec<sp_runtime::traits::TransactionExtensionMetadata>| {
		metadata.into_iter().map(|extension| extension.identifier).collect::<Vec<_>>()
	};
	let inner = <Tip as TransactionExtension<RuntimeCall>>::metadata();
	assert_eq!(identifiers(TestLane::metadata()), identifiers(inner));
}
