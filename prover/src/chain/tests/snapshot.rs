// SPDX-License-Identifier: Apache-2.0

//! State of the chain at a block.

use super::*;

#[test]
fn positions_are_read() {
	let state = RollupState {
		proposed: 5,
		drawn: 4,
		proven: 3,
		settled: 2,
		settled_root: [6; 32],
		proven_root: [7; 32],
		swept: 8,
		opening: pallet_rollup::Opening { to: 9, reason: OpenReason::Overridden },
		..Default::default()
	};
	let expected = super::Positions {
		proposed: 5,
		drawn: 4,
		proven: 3,
		settled: 2,
		settled_root: H256([6; 32]),
		proven_root: H256([7; 32]),
		swept: 8,
		opening: super::Opening { to: 9 },
	};
	assert_eq!(stored::<super::Positions>("Rollup", "State", state), expected);
}

#[test]
fn blocks_are_read_in_each_phase() {
	use pallet_rollup::Phase as In;
	let assigned = pallet_rollup::Assigned {
		prover: PROVER.into(),
		drawn_at: 16,
		window: 17,
		deadline: 18,
		has_used_lane: false,
	};
	let expected = super::Assigned {
		prover: AccountId32(PROVER),
		drawn_at: 16,
		deadline: 18,
		has_used_lane: false,
	};
	for (phase, expected) in [
		(In::Undrawn, Phase::Undrawn),
		(In::Open, Phase::Open),
		(In::Assigned(assigned.clone()), Phase::Assigned(expected.clone())),
		(In::Missed(assigned.clone()), Phase::Missed(expected.clone())),
		(In::Opened(assigned), Phase::Opened(expected)),
	] {
		let block: super::RollupBlock = stored("Rollup", "Blocks", block(phase));
		assert_eq!((block.phase, block.proposed_in, block.rules_version), (expected, 9, 10));
		assert_eq!(block.reward_per_gas, 12);
		let roots = Roots { parent_state_root: H256([1; 32]), state_root: H256([2; 32]) };
		assert_eq!(block.transition.unwrap().transition, roots);
		assert_eq!(block.payload_hash, H256([5; 32]));
	}
}

#[test]
fn the_key_of_a_block_is_its_number_in_big_endian() {
	let address = subxt::dynamic::storage::<([u8; 8],), super::RollupBlock>("Rollup", "Blocks");
	let offline = offline();
	let key = offline
		.storage()
		.entry(address)
		.unwrap()
		.fetch_key((258u64.to_be_bytes(),))
		.unwrap();
	assert_eq!(key, Blocks::<Runtime>::hashed_key_for(BlockKey::from(258)));
}

#[test]
fn the_verifying_key_is_read() {
	let key =
		frame_support::BoundedVec::<u8, frame_support::traits::ConstU32<9>>::truncate_from(vec![
			1, 2, 3,
		]);
	assert_eq!(stored::<Vec<u8>>("Groth16Verifier", "Keys", key), [1, 2, 3]);
}

#[test]
fn the_runtime_apis_have_the_methods_that_the_prover_calls() {
	let metadata = metadata();
	for (api, method) in [
		("RollupApi", "clock"),
		("RollupApi", "fee_per_gas"),
		("ProverPoolApi", "get_staker"),
		("ProverPoolApi", "parameters"),
		("ProverPoolApi", "entry_price"),
		("ProverPoolApi", "provers"),
	] {
		let api = metadata.runtime_api_trait_by_name(api).unwrap();
		assert!(api.method_by_name(method).is_some(), "{method}");
	}
	let clock = metadata.runtime_api_trait_by_name("RollupApi").unwrap();
	let reading = clock.method_by_name("clock").unwrap().output_ty();
	let bytes = pallet_rollup::ClockReading { now: 5, lost: 6 }.encode();
	let now = crate::chain::snapshot::ClockReading::decode_as_type(
		&mut &bytes[..],
		reading,
		metadata.types(),
	);
	assert_eq!(now.unwrap(), crate::chain::snapshot::ClockReading { now: 5 });
}

#[test]
fn the_constants_exist_that_the_prover_reads() {
	let metadata = metadata();
	for (pallet, name) in [
		("Balances", "ExistentialDeposit"),
		("Rollup", "BaseGas"),
		("Rollup", "GasPerByte"),
		("Rollup", "MaxTick"),
		("ProverPool", "OneToken"),
		("ProverPool", "RewardTolerance"),
	] {
		let pallet = metadata.pallet_by_name(pallet).unwrap();
		assert!(pallet.constant_by_name(name).is_some(), "{name}");
	}
}

#[tokio::test]
async fn a_discarded_state_is_recognised() {
	let node = fake::FakeNode::development();
	let old = node.add(vec![], vec![], || {});
	let new = node.add(vec![], vec![], || {});
	node.add(vec![], vec![], || {});
	node.prune(2);
	let chain = node.connect().await;
	assert!(is_discarded(&chain.events(old.hash).await.unwrap_err()));
	// The state of its parent is gone, too.
	assert!(is_discarded(&chain.events(new.hash).await.unwrap_err()));
	let unknown = chain.events(H256::repeat_byte(1)).await.unwrap_err();
	assert!(!is_discarded(&unknown), "{unknown:#}");
}
