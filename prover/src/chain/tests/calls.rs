// SPDX-License-Identifier: Apache-2.0

//! Calls and their outcomes.

use super::*;

#[test]
fn a_proof_is_encoded_as_the_call_of_the_runtime() {
	let call = Call::Prove {
		block_id: 5,
		prover: AccountId32(PROVER),
		transition: transition(),
		proof: vec![6; 128],
	};
	let expected = RuntimeCall::Rollup(pallet_rollup::Call::prove_block {
		block_id: 5,
		prover: PROVER.into(),
		transition: transition(),
		proof: vec![6; 128].try_into().unwrap(),
	});
	assert_eq!(offline().tx().call_data(&call.payload()).unwrap(), expected.encode());
}

#[test]
fn an_exit_and_an_operator_are_encoded_as_the_call_of_the_runtime() {
	let pool = |call: pallet_prover_pool::Call<Runtime>| RuntimeCall::from(call).encode();
	let encode = |call: Call| offline().tx().call_data(&call.payload()).unwrap();
	for operator in [None, Some(AccountId32(PROVER))] {
		let native = operator.map(|operator| operator.0.into());
		let expected = pallet_prover_pool::Call::set_operator { operator: native };
		assert_eq!(encode(Call::SetOperator { operator }), pool(expected));
	}
	let exit_for = pallet_prover_pool::Call::exit_for { prover: PROVER.into() };
	assert_eq!(encode(Call::ExitFor { prover: AccountId32(PROVER) }), pool(exit_for));
	assert_eq!(encode(Call::Exit), pool(pallet_prover_pool::Call::exit {}));
}

#[tokio::test]
async fn the_outcome_of_a_transaction_is_read_from_its_block() {
	let failed = |dispatch_error| {
		let dispatch_info = frame_system::DispatchEventInfo {
			weight: Default::default(),
			class: Default::default(),
			pays_fee: Default::default(),
		};
		RuntimeEvent::System(frame_system::Event::ExtrinsicFailed { dispatch_error, dispatch_info })
	};
	let node = fake::FakeNode::development();
	let transaction = b"transaction".to_vec();
	let good = node.add(vec![transaction.clone()], vec![settled()], || {});
	let invalid = pallet_groth16_verifier::Error::<Runtime>::InvalidProof.into();
	let bad = node.add(vec![transaction.clone()], vec![failed(invalid)], || {});
	let chain = node.connect().await;
	let outcome = chain.outcome_in(good.hash, &transaction).await.unwrap();
	assert!(matches!(outcome, Some(Outcome::Done { events, .. }) if events.len() == 1));
	match chain.outcome_in(bad.hash, &transaction).await.unwrap() {
		Some(Outcome::Failed { error, is_verdict, .. }) => {
			assert!(error.starts_with("Groth16Verifier.InvalidProof: "), "{error}");
			assert!(is_verdict);
		},
		other => panic!("{other:?}"),
	}
	assert!(chain.outcome_in(bad.hash, b"another").await.unwrap().is_none());
}
