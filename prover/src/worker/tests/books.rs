// SPDX-License-Identifier: Apache-2.0

//! Reads of finalized blocks.

use super::*;
use crate::{
	chain::fake,
	worker::books::{with_common_version, Pace},
};
use std::time::Duration;

/// Reads the next finalized chain block.
async fn read_next(worker: &mut Worker, chain: &Chain) -> Result<()> {
	worker.read_next(chain, worker.scanned() + 1).await
}

#[tokio::test]
async fn chain_blocks_without_states_are_skipped_and_counted() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	for _ in 0..5 {
		node.add(vec![], vec![], || {});
	}
	read_next(&mut setting.worker, &setting.chain).await.unwrap();
	assert_eq!((setting.worker.scanned(), setting.worker.checkpoint.unread), (2, 0));
	node.prune(2);
	read_next(&mut setting.worker, &setting.chain).await.unwrap();
	// Blocks 5 and 6 are kept.
	assert_eq!((setting.worker.scanned(), setting.worker.checkpoint.unread), (5, 3));
	read_next(&mut setting.worker, &setting.chain).await.unwrap();
	assert_eq!((setting.worker.scanned(), setting.worker.checkpoint.unread), (6, 3));
}

#[tokio::test]
async fn an_absence_is_read_in_steps_and_in_order() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	for _ in 0..40 {
		node.add(vec![], vec![], || {});
	}
	let mut read = Vec::new();
	while setting.worker.scanned() < 41 {
		setting.worker.read_next(&setting.chain, 41).await.unwrap();
		read.push(setting.worker.scanned());
	}
	// The first step has 8 blocks, whatever the speed of the machine.
	assert_eq!((read[0], read.last()), (9, Some(&41)));
	assert!(read.is_sorted());
	let last = node.content().blocks.last().unwrap().hash;
	assert_eq!(setting.worker.checkpoint.scanned.hash, last);
}

#[test]
fn a_quick_connection_reads_more_blocks_at_a_time_and_a_slow_one_fewer() {
	let milliseconds = Duration::from_millis;
	let mut pace = Pace::default();
	for expected in [16, 32, 64, 128, 256, 512, 1_024, 1_024] {
		pace = pace.after(milliseconds(499), false);
		assert_eq!(pace, Pace(expected));
	}
	assert_eq!(pace.after(milliseconds(500), false), pace);
	assert_eq!(pace.after(milliseconds(2_000), false), Pace(512));
	assert_eq!(pace.after(milliseconds(1), true), Pace(512));
	assert_eq!(Pace(1).after(milliseconds(1), true), Pace(1));
}

#[tokio::test]
async fn a_failure_loses_nothing_that_was_read_before_it() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	for _ in 0..4 {
		node.add(vec![], vec![RuntimeEvent::from(pallet_rollup::Event::<Runtime>::Paused)], || {});
	}
	// The node has no block 6.
	assert!(setting.worker.read_next(&setting.chain, 7).await.is_err());
	assert_eq!(setting.worker.scanned(), 5);
	let saved = setting.worker.folder.checkpoint(setting.chain.genesis(), &eve()).unwrap();
	assert_eq!(saved.unwrap().scanned.number, 5);
}

#[tokio::test]
async fn a_state_discarded_during_the_reading_is_skipped() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	for _ in 0..10 {
		node.add(vec![], vec![], || {});
	}
	// Block 2 has a state, and the next ones have none.
	node.content().blocks[3..8].iter_mut().for_each(fake::Block::discard_state);
	setting.worker.read_next(&setting.chain, 11).await.unwrap();
	assert_eq!((setting.worker.scanned(), setting.worker.checkpoint.unread), (8, 6));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_stands_by_while_another_proves_with_its_key() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	let Setting { chain, worker, .. } = &mut setting;
	// Proofs from before its start may be those of its own earlier life.
	node.add(vec![b"other".to_vec()], proof_by(dave()), || {});
	worker.look(chain).await.unwrap();
	read_next(worker, chain).await.unwrap();
	assert!(worker.checkpoint.in_charge);
	node.add(vec![b"other".to_vec()], proof_by(dave()), || {});
	assign(&node);
	read_next(worker, chain).await.unwrap();
	assert!(!worker.checkpoint.in_charge);
	worker.look(chain).await.unwrap();
	worker.act(chain).await.unwrap();
	worker.job_done().await;
	worker.look(chain).await.unwrap();
	worker.act(chain).await.unwrap();
	assert!(submitted(&node).is_empty(), "half of the window has not passed");
	advance(&node, 300);
	worker.look(chain).await.unwrap();
	worker.act(chain).await.unwrap();
	assert_eq!(submitted(&node).len(), 1);
}

#[tokio::test]
async fn a_full_disk_does_not_end_the_work() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	// A folder in place of the file cannot be replaced, whatever the rights of the user are.
	let path = setting.worker.folder.path().join("checkpoint.json");
	std::fs::create_dir_all(path.join("occupied")).unwrap();
	setting.worker.save();
	assert!(setting.worker.is_disk_full);
	node.add(vec![], vec![RuntimeEvent::from(pallet_rollup::Event::<Runtime>::Paused)], || {});
	read_next(&mut setting.worker, &setting.chain).await.unwrap();
	assert_eq!(setting.worker.scanned(), 2);
	std::fs::remove_dir_all(&path).unwrap();
	setting.worker.save();
	assert!(!setting.worker.is_disk_full);
}

/// Returns the events of a transaction by `signer` that proves a block for Eve.
fn proof_by(signer: AccountId32) -> Vec<RuntimeEvent> {
	let proven = pallet_rollup::Event::<Runtime>::BlockProven {
		block_id: 9,
		state_root: [3; 32],
		prover: Some(native(eve())),
	};
	let paid = pallet_transaction_payment::Event::<Runtime>::TransactionFeePaid {
		who: native(signer),
		actual_fee: 0,
		tip: 0,
	};
	vec![proven.into(), paid.into()]
}

#[tokio::test]
async fn of_two_programs_that_send_proofs_of_a_block_the_accepted_one_is_in_charge() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	let Setting { chain, worker, .. } = &mut setting;
	worker.look(chain).await.unwrap();
	worker.checkpoint.note_sent(9, b"own");
	node.add(vec![b"other".to_vec()], proof_by(dave()), || {});
	node.add(vec![b"own".to_vec()], proof_by(dave()), || {});
	read_next(worker, chain).await.unwrap();
	assert!(!worker.checkpoint.in_charge);
	read_next(worker, chain).await.unwrap();
	assert!(worker.checkpoint.in_charge);
}

#[tokio::test]
async fn a_stranger_that_proves_a_block_for_the_account_changes_nothing() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	let Setting { chain, worker, .. } = &mut setting;
	worker.look(chain).await.unwrap();
	let ferdie = dev::ferdie().public_key().to_account_id();
	node.add(vec![b"other".to_vec()], proof_by(ferdie), || {});
	read_next(worker, chain).await.unwrap();
	assert!(worker.checkpoint.in_charge);
}

#[tokio::test]
async fn no_body_is_read_for_a_block_that_settles_after_an_unknown_state() {
	let proposed = pallet_rollup::Event::<Runtime>::BlockProposed {
		block_id: 1,
		proposer: native(dave()),
		payload_hash: sp_io::hashing::sha2_256(PAYLOAD),
		payload_size: PAYLOAD.len() as u32,
		gas_limit: 200_000,
		fee_per_gas: 1,
		rules_version: 1,
		deposit: 1,
	};
	let settled = pallet_rollup::Event::<Runtime>::BlockSettled {
		block_id: 1,
		state_root: [9; 32],
		prover: None,
		reward: 0,
		refund: 0,
		slashed: 0,
		bounty: 0,
	};
	for (is_known, bodies_read) in [(true, 1), (false, 0)] {
		let node = node();
		let mut setting = setting(node.clone()).await;
		let Setting { chain, worker, .. } = &mut setting;
		worker.look(chain).await.unwrap();
		node.add(vec![], vec![proposed.clone().into()], || {});
		node.add(vec![], vec![settled.clone().into()], || {});
		if !is_known {
			worker.checkpoint.ledger.resume(0, H256::repeat_byte(8));
		}
		worker.read_next(chain, 3).await.unwrap();
		assert_eq!((worker.scanned(), worker.checkpoint.ledger.settled()), (3, 1));
		assert_eq!(node.content().bodies_read, bodies_read, "known: {is_known}");
	}
}

#[tokio::test]
async fn blocks_around_an_upgrade_are_decoded_each_by_its_own_version() {
	let node = node();
	for _ in 2..=3 {
		node.add(vec![], vec![], || {});
	}
	// Block 3 changes the version of block 4.
	node.upgrade(99, crate::chain::tests::shifted_metadata());
	for _ in 4..=5 {
		node.add(vec![], vec![], || {});
	}
	let chain = node.connect().await;
	for (first, last, version) in
		[(2, 3, Some(prover_pool_runtime::VERSION.spec_version)), (2, 4, None), (4, 5, Some(99))]
	{
		let before = with_common_version(&chain, first, last).await;
		let found = before.map(|before| (before.number(), before.spec_version()));
		assert_eq!(found, version.map(|version| (first - 1, version)));
	}
	assert!(with_common_version(&chain, 5, 5).await.is_none(), "one read is enough");
}

#[tokio::test]
async fn chain_blocks_that_a_node_does_not_have_are_skipped() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	for _ in 0..10 {
		node.add(vec![], vec![], || {});
	}
	node.content().first_kept = 6;
	setting.worker.read_next(&setting.chain, 11).await.unwrap();
	assert_eq!((setting.worker.scanned(), setting.worker.checkpoint.unread), (6, 5));
	setting.worker.read_next(&setting.chain, 11).await.unwrap();
	assert_eq!(setting.worker.scanned(), 11);
}

#[tokio::test]
async fn a_fresh_program_is_not_the_first_if_another_may_prove_with_its_key() {
	let sends_first = async |nonce: u32, seconds: u64| {
		let node = node();
		node.add(vec![], vec![], || {
			frame_system::Account::<Runtime>::mutate(native(dave()), |signer| signer.nonce = nonce);
		});
		advance(&node, seconds);
		setting(node).await.worker.checkpoint.sends_first()
	};
	assert!(sends_first(0, PATIENCE + 60).await, "the key has sent nothing");
	assert!(sends_first(1, 0).await, "the account entered the pool just now");
	assert!(!sends_first(1, PATIENCE + 60).await);
}
