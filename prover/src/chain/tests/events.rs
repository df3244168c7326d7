// SPDX-License-Identifier: Apache-2.0

//! Events of a chain block.

use super::*;

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
	assert_eq!(decode(vec![settled(), slashed.into()]), expected);
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
