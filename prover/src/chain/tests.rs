// SPDX-License-Identifier: Apache-2.0

//! The prover uses the names and types of the runtime.

use super::{
	events::{BlockSettled, Slashed},
	*,
};
use crate::rollup::Transition;
use codec::Encode;
use pallet_rollup::{
	BlockKey, Blocks, Event as RollupEvent, OpenReason, RollupState, StoredTransition as Stored,
};
use prover_pool_runtime::{Runtime, RuntimeCall, RuntimeEvent};
use scale_decode::DecodeAsType;
use subxt::{
	client::{ClientAtBlock, OfflineClientAtBlockImpl},
	Metadata, OfflineClient,
};

type Offline = ClientAtBlock<SubstrateConfig, OfflineClientAtBlockImpl<SubstrateConfig>>;
type Block = pallet_rollup::RollupBlockOf<Runtime>;

const VERSION: u32 = 1;
const PROVER: [u8; 32] = [7; 32];

fn metadata() -> Metadata {
	// Some constants are parameters, which the runtime reads from storage.
	let metadata = sp_io::TestExternalities::default()
		.execute_with(|| Runtime::metadata_at_version(15).unwrap());
	Metadata::decode_from(&metadata).unwrap()
}

fn offline() -> Offline {
	let config = SubstrateConfig::builder()
		.set_metadata_for_spec_versions([(VERSION, metadata().arc())])
		.set_spec_version_for_block_ranges([subxt::config::substrate::SpecVersionForRange {
			block_range: 0..u64::MAX,
			spec_version: VERSION,
			transaction_version: VERSION,
		}])
		.build();
	OfflineClient::new_with_config(config).at_block(0u64).unwrap()
}

/// Decodes a value of a pallet's storage.
fn stored<T: DecodeAsType>(pallet: &str, name: &str, value: impl Encode) -> T {
	let metadata = metadata();
	let entries = metadata.pallet_by_name(pallet).unwrap().storage().unwrap();
	let value_type = entries.entry_by_name(name).unwrap().value_ty();
	T::decode_as_type(&mut &value.encode()[..], value_type, metadata.types()).unwrap()
}

fn transition() -> Transition {
	Transition { parent_state_root: [1; 32], state_root: [2; 32], gas_used: 3 }
}

fn block(phase: pallet_rollup::Phase<sp_core::crypto::AccountId32>) -> Block {
	pallet_rollup::RollupBlock {
		proposer: [4; 32].into(),
		payload_hash: [5; 32],
		payload_size: 6,
		gas_limit: 8,
		proposed_in: 9,
		rules_version: 10,
		fee_per_gas: 11,
		reward_per_gas: 12,
		deposit: 13,
		phase,
		is_outstanding: true,
		transition: Some(Stored {
			transition: transition(),
			prover: Some(PROVER.into()),
			stored_at: 14,
			is_timely: true,
			proven_at: None,
			overridden: None,
			key_replacements: 15,
		}),
	}
}

/// Returns the events as the prover reads them.
fn decode(events: Vec<RuntimeEvent>) -> Vec<Event> {
	let records: Vec<_> = events
		.into_iter()
		.map(|event| frame_system::EventRecord {
			phase: frame_system::Phase::Initialization,
			event,
			topics: Vec::<sp_core::H256>::new(),
		})
		.collect();
	offline()
		.events()
		.from_bytes(records.encode())
		.iter()
		.filter_map(|event| Event::decode(&event.unwrap()).unwrap())
		.collect()
}

#[test]
fn positions_are_read() {
	let state = RollupState {
		proposed: 5,
		drawn: 4,
		proven: 3,
		settled: 2,
		settled_root: [6; 32],
		proven_root: [7; 32],
		opening: pallet_rollup::Opening { after: 8, to: 9, reason: OpenReason::Overridden },
		..Default::default()
	};
	let expected = super::Positions {
		proposed: 5,
		drawn: 4,
		proven: 3,
		settled: 2,
		settled_root: H256([6; 32]),
		proven_root: H256([7; 32]),
		opening: super::Opening { after: 8, to: 9 },
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
	let now = snapshot::ClockReading::decode_as_type(&mut &bytes[..], reading, metadata.types());
	assert_eq!(now.unwrap(), snapshot::ClockReading { now: 5 });
}

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

#[test]
fn the_constants_exist_that_the_prover_reads() {
	let metadata = metadata();
	for (pallet, name) in [
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

#[test]
fn the_events_are_read_from_their_place_in_storage() {
	assert_eq!(frame_support::storage::storage_prefix(b"System", b"Events"), EVENTS_KEY);
}

#[test]
fn events_are_read_by_name() {
	let (who, block_id) = (sp_core::crypto::AccountId32::from(PROVER), 5);
	let rollup = |event: RollupEvent<Runtime>| RuntimeEvent::from(event);
	let events = decode(vec![
		rollup(RollupEvent::BlockAssigned {
			block_id,
			prover: who.clone(),
			reward_per_gas: 1,
			deadline: 2,
		}),
		rollup(RollupEvent::BlockOpened {
			block_id,
			reason: OpenReason::Overridden,
			reward_per_gas: 1,
		}),
		rollup(RollupEvent::TransitionStored {
			block_id,
			prover: who.clone(),
			transition: transition(),
		}),
		rollup(RollupEvent::BlockProven {
			block_id,
			state_root: [3; 32],
			prover: Some(who.clone()),
		}),
		rollup(RollupEvent::TransitionDiscarded { block_id, prover: who.clone() }),
		rollup(RollupEvent::AssignmentMissed { block_id, prover: who.clone() }),
		rollup(RollupEvent::BlockOverridden { block_id, state_root: [3; 32] }),
		rollup(RollupEvent::Paused),
		rollup(RollupEvent::Resumed),
		rollup(RollupEvent::DrawsResumed),
	]);
	let names: Vec<_> = events.iter().map(|event| event.describe(1)).collect();
	assert_eq!(events.len(), 10, "{names:?}");
	assert!(names.iter().all(|text| text.ends_with('.')), "{names:?}");
	let me = AccountId32(PROVER);
	assert_eq!(events.iter().filter(|event| event.concerns(&me)).count(), 9);
	assert_eq!(events.iter().filter(|event| event.concerns(&AccountId32([9; 32]))).count(), 4);
}

#[test]
fn amounts_are_read() {
	let who = sp_core::crypto::AccountId32::from(PROVER);
	let settled = RollupEvent::<Runtime>::BlockSettled {
		block_id: 5,
		state_root: [3; 32],
		prover: Some(who.clone()),
		reward: 6,
		refund: 7,
		slashed: 8,
		bounty: 9,
	};
	let slashed = pallet_prover_pool::Event::<Runtime>::Slashed { who, amount: 10, block_id: 5 };
	let prover = AccountId32(PROVER);
	let expected = [
		Event::BlockSettled(BlockSettled {
			block_id: 5,
			state_root: H256([3; 32]),
			prover: Some(prover),
			reward: 6,
			bounty: 9,
		}),
		Event::Slashed(Slashed { who: prover, amount: 10, block_id: 5 }),
	];
	assert_eq!(decode(vec![settled.into(), slashed.into()]), expected);
}

/// Returns the metadata of a runtime whose rollup pallet has a new first event and call.
pub fn shifted_metadata() -> Vec<u8> {
	use frame_metadata::{RuntimeMetadata, RuntimeMetadataPrefixed};
	use scale_info::TypeDef;

	let decoded = RuntimeMetadataPrefixed::decode(&mut &fake::metadata()[..]).unwrap();
	let RuntimeMetadata::V15(mut metadata) = decoded.1 else { panic!() };
	for kind in ["Event", "Call"] {
		let path = ["pallet_rollup", "pallet", kind];
		let found = metadata.types.types.iter_mut().find(|ty| ty.ty.path.segments == path);
		let TypeDef::Variant(variants) = &mut found.unwrap().ty.type_def else { panic!() };
		variants.variants.iter_mut().for_each(|variant| variant.index += 1);
	}
	RuntimeMetadataPrefixed(decoded.0, RuntimeMetadata::V15(metadata)).encode()
}

fn settled() -> RuntimeEvent {
	RollupEvent::<Runtime>::BlockSettled {
		block_id: 5,
		state_root: [3; 32],
		prover: Some(PROVER.into()),
		reward: 6,
		refund: 7,
		slashed: 8,
		bounty: 9,
	}
	.into()
}

#[tokio::test]
async fn the_events_of_an_upgrade_are_decoded_by_the_version_before() {
	let node = fake::FakeNode::development();
	let block = node.add(vec![], vec![settled()], || {});
	node.upgrade(99, shifted_metadata());
	let chain = node.connect().await;
	let (events, one_token) = chain.events(block.hash).await.unwrap();
	assert!(
		matches!(&events[..], [Recorded { event: Event::BlockSettled(event), .. }] if event.bounty == 9),
		"{events:?}"
	);
	assert_eq!(one_token, prover_pool_runtime::constants::UNIT);
	// The version after it reads the same bytes as another event.
	let after = chain.best().await.unwrap();
	assert_eq!(after.spec_version(), 99);
	let bytes = chain
		.rpc
		.state_get_storage(&EVENTS_KEY, Some(block.hash))
		.await
		.unwrap()
		.unwrap();
	let wrong = after.client().events().from_bytes(bytes);
	let names: Vec<_> = wrong
		.iter()
		.map_while(|event| Some(event.ok()?.event_name().to_owned()))
		.collect();
	assert!(!names.contains(&"BlockSettled".to_owned()), "{names:?}");
}

#[tokio::test]
async fn payloads_are_found_by_the_version_that_encoded_the_body() {
	let call = RuntimeCall::Rollup(pallet_rollup::Call::propose_block {
		payload: b"payload".to_vec().try_into().unwrap(),
		gas_limit: 7,
		max_fee_per_gas: 8,
	});
	let body = [[&[5][..], &call.encode()].concat().encode()];
	let hash = H256(<sha2::Sha256 as sha2::Digest>::digest(b"payload").into());
	let wanted = std::collections::BTreeMap::from([(hash, 7)]);
	let mut versions = Versions::default();
	versions.add(Version::new(2, shifted_metadata()).unwrap());
	assert!(versions.find_payloads(&body, wanted.clone()).is_empty());
	versions.add(Version::new(1, fake::metadata()).unwrap());
	assert_eq!(versions.find_payloads(&body, wanted)[&hash], b"payload");
}

#[test]
fn the_newest_versions_are_kept() {
	let mut versions = Versions::default();
	for spec_version in 1..=10 {
		versions.add(Version::new(spec_version, fake::metadata()).unwrap());
	}
	assert!(!versions.contains(2));
	assert!(versions.contains(3) && versions.contains(10));
	assert!(Version::new(1, b"damaged".to_vec()).is_err());
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
