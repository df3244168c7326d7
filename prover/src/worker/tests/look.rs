// SPDX-License-Identifier: Apache-2.0

//! Reads of the best block.

use super::*;
use crate::chain::Version;
use crate::{
	schedule::{self, Action},
	worker::look::MAX_UNREAD,
};

#[tokio::test]
async fn a_fresh_program_starts_at_the_finalized_block() {
	let node = node_with_foreign_key();
	assign(&node);
	let mut setting = setting(node).await;
	assert_eq!(setting.worker.scanned(), 2);
	setting.worker.look(&setting.chain).await.unwrap();
	// There is no proving key in the folder.
	assert_eq!(setting.worker.trouble.current(), Some(&Trouble::NoKey { version: 1 }));
	let view = &setting.worker.view;
	assert_eq!((view.number, view.candidates.as_deref()), (2, Some(&[][..])));
}

/// Returns another state than that of genesis.
fn moved_state() -> State {
	let mut payload = [0; 48];
	(payload[1], payload[2]) = (1, 9);
	State::genesis().execute(&payload, 1_000_000).0
}

/// Returns the metadata of the version before an upgrade.
fn old_versions() -> Versions {
	let old = prover_pool_runtime::VERSION.spec_version;
	let mut versions = Versions::default();
	versions.add(Version::new(old, crate::chain::fake::metadata()).unwrap());
	versions
}

/// Offers a state and metadata as `import-state` does.
fn offer(chain: &Chain, base: &TempDir, state: State, versions: &Versions) {
	let file = StateFile::new(chain.genesis(), state, versions);
	Folder::at(base.path(), chain.genesis(), &eve()).offer(&file).unwrap();
}

#[tokio::test]
async fn an_override_to_an_unknown_state_ends_with_its_import() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	let moved = moved_state();
	override_state(&node, moved.root().0);
	setting.worker.look(&setting.chain).await.unwrap();
	let unknown = Trouble::UnknownState { block_id: 0, root: moved.root() };
	assert_eq!(setting.worker.trouble.current(), Some(&unknown));
	assert_eq!(setting.worker.view.candidates, None);

	// A state of another root is of no use, and is read once.
	let offer = |state| offer(&setting.chain, &setting.base, state, &Versions::default());
	offer(State::genesis());
	setting.worker.look(&setting.chain).await.unwrap();
	assert_eq!(setting.worker.trouble.current(), Some(&unknown));
	let path = setting.worker.folder.path().join("import.json");
	let modified = std::fs::metadata(&path).unwrap().modified().unwrap();
	let file = StateFile::new(setting.chain.genesis(), moved.clone(), &Versions::default());
	std::fs::write(&path, serde_json::to_vec(&file).unwrap()).unwrap();
	std::fs::File::options()
		.write(true)
		.open(&path)
		.unwrap()
		.set_modified(modified)
		.unwrap();
	setting.worker.look(&setting.chain).await.unwrap();
	assert_eq!(setting.worker.trouble.current(), Some(&unknown));
	offer(moved);
	setting.worker.look(&setting.chain).await.unwrap();
	assert!(setting.worker.view.candidates.is_some());
	assert!(setting.worker.folder.offered_file().is_none());
}

#[tokio::test]
async fn an_imported_state_stays_offered_until_the_checkpoint_has_it() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	let Setting { chain, worker, base } = &mut setting;
	let state = moved_state();
	override_state(&node, state.root().0);
	worker.look(chain).await.unwrap();
	// A folder in place of the file cannot be replaced.
	let path = worker.folder.path().join("checkpoint.json");
	let _ = std::fs::remove_file(&path);
	std::fs::create_dir_all(path.join("occupied")).unwrap();
	offer(chain, base, state, &Versions::default());
	worker.look(chain).await.unwrap();
	assert!(worker.view.candidates.is_some());
	assert!(worker.folder.offered_file().is_some());
}

#[tokio::test]
async fn an_override_that_is_undone_is_followed_at_once() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	override_state(&node, [7; 32]);
	setting.worker.look(&setting.chain).await.unwrap();
	assert!(setting.worker.trouble.current().is_some());
	override_state(&node, State::genesis().root().0);
	setting.worker.look(&setting.chain).await.unwrap();
	assert!(setting.worker.view.candidates.is_some());
}

/// Returns a node with a block that is assigned to Eve, and that was proposed before an upgrade.
fn upgraded_node() -> FakeNode {
	let node = node_with_foreign_key();
	assign(&node);
	node.add(vec![], vec![], || {});
	node.upgrade(99, crate::chain::tests::shifted_metadata());
	node
}

#[tokio::test]
async fn the_metadata_of_a_proposal_before_an_upgrade_is_read_from_its_state() {
	let mut first = setting(upgraded_node()).await;
	first.worker.look(&first.chain).await.unwrap();
	assert_eq!(first.worker.trouble.current(), Some(&Trouble::NoKey { version: 1 }));
	// A pruned node does not have it, but an earlier run of the program stored it.
	let node = upgraded_node();
	node.prune(1);
	let mut second = setting(node.clone()).await;
	second.worker.look(&second.chain).await.unwrap();
	let missing = Trouble::NoPayload { block_id: 1, chain_block: 2 };
	assert_eq!(second.worker.trouble.current(), Some(&missing));
	drop(first.worker);
	let mut restarted = worker_on(&second.chain, &first.base).await;
	restarted.look(&second.chain).await.unwrap();
	assert_eq!(restarted.trouble.current(), Some(&Trouble::NoKey { version: 1 }));
}

#[tokio::test]
async fn the_metadata_of_a_state_file_leads_to_a_payload_that_the_node_cannot_decode() {
	let node = upgraded_node();
	node.prune(1);
	let mut setting = setting(node).await;
	let Setting { chain, worker, base } = &mut setting;
	worker.look(chain).await.unwrap();
	let missing = Trouble::NoPayload { block_id: 1, chain_block: 2 };
	assert_eq!(worker.trouble.current(), Some(&missing));
	offer(chain, base, State::genesis(), &old_versions());
	worker.look(chain).await.unwrap();
	assert_eq!(worker.trouble.current(), Some(&Trouble::NoKey { version: 1 }));
}

#[tokio::test]
async fn the_metadata_of_a_state_file_is_of_use_without_its_state() {
	let node = upgraded_node();
	node.prune(1);
	let mut setting = setting(node).await;
	let Setting { chain, worker, base } = &mut setting;
	worker.look(chain).await.unwrap();
	// The queue does not have its root.
	offer(chain, base, moved_state(), &old_versions());
	worker.look(chain).await.unwrap();
	assert_eq!(worker.trouble.current(), Some(&Trouble::NoKey { version: 1 }));
}

/// Returns the bodies with the payload in these chain blocks, as [`Worker::fetch`] takes them.
fn wanted_in(numbers: &[u64]) -> BTreeMap<u64, BTreeMap<H256, u32>> {
	let hash = H256(sp_io::hashing::sha2_256(PAYLOAD));
	let payloads = BTreeMap::from([(hash, PAYLOAD.len() as u32)]);
	numbers.iter().map(|number| (*number, payloads.clone())).collect()
}

#[tokio::test]
async fn bodies_are_read_one_at_a_time_after_one_could_not_be_read() {
	let node = node();
	let numbers: Vec<u64> = (0..3).map(|_| assign(&node)).collect();
	let mut setting = setting(node.clone()).await;
	let Setting { chain, worker, .. } = &mut setting;
	worker.look(chain).await.unwrap();
	node.content().broken_bodies = vec![numbers[1]];
	let mut found = Payloads::new();
	let result = worker.fetch(chain, wanted_in(&numbers), &mut found).await;
	assert!(!found.is_empty(), "the one before is kept");
	assert!(result.is_err() && worker.parallel_bodies == 1);
	// Alone, the body is at fault, unless the node does not answer at all.
	node.content().broken_bodies = vec![numbers[0]];
	node.content().bodies_read = 0;
	found.clear();
	let refused = worker.fetch(chain, wanted_in(&numbers), &mut found).await.unwrap();
	assert_eq!((refused, found.len(), node.content().bodies_read), (Some(numbers[0]), 0, 1));
	node.content().is_gone = true;
	assert!(worker.fetch(chain, wanted_in(&numbers), &mut found).await.is_err());
}

#[tokio::test]
async fn bodies_that_the_node_does_not_give_keep_no_other_one_back_for_long() {
	let node = node();
	let numbers: Vec<u64> = (0..5).map(|index| assign_with(&node, &[index; 9])).collect();
	let mut setting = setting(node.clone()).await;
	let Setting { chain, worker, .. } = &mut setting;
	worker.look(chain).await.unwrap();
	assert_eq!(worker.view.candidates.as_ref().map(Vec::len), Some(5));
	// As after a start with these states.
	worker.payloads.clear();
	worker.parallel_bodies = 1;
	node.content().broken_bodies = numbers[..4].to_vec();
	for looks in 1..=5 {
		worker.look(chain).await.unwrap();
		let missing = Trouble::NoPayload { block_id: 1, chain_block: numbers[0] };
		assert_eq!(worker.trouble.current(), Some(&missing));
		assert_eq!(worker.lacking.len(), looks.min(4), "one is tried in each look");
		node.add(vec![], vec![], || {});
	}
	assert_eq!(worker.payloads.len(), 1);
	// The first one is read again in time.
	node.content().broken_bodies.clear();
	for _ in 0..4 {
		node.add(vec![], vec![], || {});
		worker.look(chain).await.unwrap();
	}
	assert_eq!((worker.payloads.len(), worker.lacking.len()), (5, 0));
	assert_eq!(worker.trouble.current(), None);
}

#[tokio::test]
async fn a_payload_that_the_node_does_not_give_is_trouble() {
	let node = node();
	let number = assign(&node);
	let mut setting = setting(node.clone()).await;
	let Setting { chain, worker, .. } = &mut setting;
	node.content().broken_bodies = vec![number];
	assert!(worker.look(chain).await.is_err());
	worker.look(chain).await.unwrap();
	let missing = Trouble::NoPayload { block_id: 1, chain_block: number };
	assert_eq!(worker.trouble.current(), Some(&missing));
}

#[tokio::test]
async fn an_override_of_a_block_that_is_proven_and_final_is_followed_before_it_is_final() {
	let node = node();
	assign(&node);
	let set_proven = |proven| {
		node.add(vec![], vec![], move || {
			RollupState::<Runtime>::mutate(|state| state.proven = proven);
		});
	};
	set_proven(1);
	let mut setting = setting(node.clone()).await;
	let Setting { chain, worker, .. } = &mut setting;
	worker.look(chain).await.unwrap();
	assert_eq!(worker.view.finalized, 1);
	set_proven(0);
	// The override is in the best block only.
	node.content().finalized -= 1;
	worker.look(chain).await.unwrap();
	assert_eq!(worker.view.finalized, 0);
	assert_eq!(schedule::next(&worker.view, &worker.checkpoint.work), Some(Action::Prove(1)));
}

#[tokio::test]
async fn false_metadata_of_a_state_file_is_replaced_by_that_of_the_node() {
	let node = upgraded_node();
	let mut setting = setting(node).await;
	let Setting { chain, worker, .. } = &mut setting;
	let version = |number, bytes| Version::new(number, bytes).unwrap();
	let old = prover_pool_runtime::VERSION.spec_version;
	worker.keep_version(version(99, crate::chain::tests::shifted_metadata()));
	worker.keep_older(vec![version(old, crate::chain::tests::shifted_metadata())]);
	assert!(worker.versions.contains(old));
	worker.look(chain).await.unwrap();
	assert_eq!(worker.trouble.current(), Some(&Trouble::NoKey { version: 1 }));
	// A file does not replace what is known.
	worker.keep_older(vec![version(old, crate::chain::tests::shifted_metadata())]);
	assert_eq!(worker.versions.get(old).unwrap().bytes, crate::chain::fake::metadata());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_of_the_example_is_generated_while_the_program_follows_the_chain() {
	let mut setting = setting_without_key().await;
	let Setting { chain, worker, .. } = &mut setting;
	worker.look(chain).await.unwrap();
	worker.look(chain).await.unwrap();
	assert_eq!((worker.trouble.current(), worker.jobs.len()), (None, 1));
	assert!(worker.metrics.not_ready().is_some_and(|reason| reason.contains("generated")));
	worker.job_done().await;
	worker.look(chain).await.unwrap();
	assert!(worker.chain_keys[&1].keys.is_some());
	assert!(worker.jobs.is_empty());
}

#[tokio::test]
async fn a_balance_below_the_fee_of_a_proof_is_trouble_before_a_proof_is_sent() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	let Setting { chain, worker, .. } = &mut setting;
	worker.look(chain).await.unwrap();
	assert_eq!(worker.trouble.current(), None);
	let fee = worker.fee;
	assert!(fee > 0);
	for (balance, trouble) in [(fee, None), (fee - 1, Some(Trouble::NoFunds { signer: dave() }))] {
		node.add(vec![], vec![], || {
			frame_system::Account::<Runtime>::mutate(native(dave()), |account| {
				// The existential deposit cannot pay fees.
				account.data.free = balance + prover_pool_runtime::constants::EXISTENTIAL_DEPOSIT;
			});
		});
		worker.look(chain).await.unwrap();
		assert_eq!(worker.trouble.current(), trouble.as_ref());
	}
}

#[tokio::test]
async fn an_unknown_state_is_no_trouble_while_the_books_catch_up() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	let Setting { chain, worker, .. } = &mut setting;
	override_state(&node, [7; 32]);
	for _ in 0..MAX_UNREAD {
		node.add(vec![], vec![], || {});
	}
	worker.look(chain).await.unwrap();
	assert_eq!((worker.trouble.current(), &worker.view.candidates), (None, &None));
	assert!(worker.metrics.not_ready().is_some_and(|reason| reason.contains("searched")));
	worker.read_next(chain, worker.scanned() + 1).await.unwrap();
	worker.look(chain).await.unwrap();
	assert!(matches!(worker.trouble.current(), Some(Trouble::UnknownState { .. })));
}

#[tokio::test]
async fn a_proven_block_needs_no_key_while_the_state_after_it_is_unknown() {
	let node = node();
	assign(&node);
	let mut setting = setting(node.clone()).await;
	let Setting { chain, worker, .. } = &mut setting;
	override_state(&node, [7; 32]);
	for _ in 0..MAX_UNREAD {
		node.add(vec![], vec![], || {
			RollupState::<Runtime>::mutate(|state| state.proven = 1);
			Blocks::<Runtime>::mutate(BlockKey::from(1), |block| {
				block.as_mut().unwrap().rules_version = 2;
			});
		});
	}
	worker.look(chain).await.unwrap();
	assert_eq!(worker.trouble.current(), None);
}

#[tokio::test]
async fn a_body_without_its_payload_is_not_read_in_each_chain_block() {
	let node = node_with_foreign_key();
	assign(&node);
	let mut setting = setting(node.clone()).await;
	let Setting { chain, worker, .. } = &mut setting;
	node.content().blocks[2].clear_body();
	let mut reads = Vec::new();
	for _ in 0..6 {
		worker.look(chain).await.unwrap();
		let missing = Trouble::NoPayload { block_id: 1, chain_block: 2 };
		assert_eq!(worker.trouble.current(), Some(&missing));
		assert!(worker.needs_other_node());
		reads.push(node.content().bodies_read);
		node.add(vec![], vec![], || {});
	}
	assert_eq!(reads, [1, 1, 1, 2, 2, 2]);
	worker.reconnected("ws://node".into());
	worker.look(chain).await.unwrap();
	assert_eq!(node.content().bodies_read, 3, "another node may have it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reserved_proof_that_no_chain_block_takes_is_trouble() {
	let node = node();
	assign(&node);
	let mut setting = setting(node).await;
	let Setting { chain, worker, .. } = &mut setting;
	worker.look(chain).await.unwrap();
	for (attempts, trouble) in [(3, None), (4, Some(Trouble::NotAccepted { block_id: 1 }))] {
		keep_proof(worker, Proof { attempts, ..Proof::new(vec![1]) });
		worker.look(chain).await.unwrap();
		assert_eq!(worker.trouble.current(), trouble.as_ref());
	}
}

#[tokio::test]
async fn a_key_that_cannot_be_generated_is_trouble() {
	let mut setting = setting_without_key().await;
	let Setting { chain, worker, .. } = &mut setting;
	let job = worker.jobs.spawn(async { panic!("of the generation") });
	worker.generating = Some(job.id());
	worker.look(chain).await.unwrap();
	assert_eq!(worker.trouble.current(), None);
	worker.job_done().await;
	worker.look(chain).await.unwrap();
	assert_eq!(worker.trouble.current(), Some(&Trouble::NoKey { version: 1 }));
}

#[tokio::test]
async fn a_signer_that_is_not_the_operator_is_trouble() {
	let mut setting = setting(node()).await;
	let Setting { chain, worker, .. } = &mut setting;
	worker.policy.signer = dev::ferdie();
	worker.look(chain).await.unwrap();
	let signer = dev::ferdie().public_key().to_account_id();
	assert_eq!(worker.trouble.current(), Some(&Trouble::NotOperator { signer }));
	worker.policy.signer = dev::dave();
	worker.look(chain).await.unwrap();
	assert_eq!(worker.trouble.current(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draw_may_change_after_a_fork() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	let Setting { chain, worker, .. } = &mut setting;
	let replace_last = |hash: u8, add: &dyn Fn()| {
		node.content().blocks.truncate(2);
		add();
		let mut content = node.content();
		content.blocks[2].hash = H256::repeat_byte(hash);
		content.finalized = 1;
	};
	let draw = || {
		assign(&node);
	};
	replace_last(2, &draw);
	worker.look(chain).await.unwrap();
	keep_proof(worker, Proof::new(vec![1]));
	// Another chain block with this number has no draw. The proof is kept.
	replace_last(3, &|| {
		node.add(vec![], vec![], || {});
	});
	worker.look(chain).await.unwrap();
	worker.act(chain).await.unwrap();
	assert!(worker.view.candidate(1).is_none() && submitted(&node).is_empty());
	// The first fork is the best one again.
	replace_last(4, &draw);
	worker.look(chain).await.unwrap();
	worker.act(chain).await.unwrap();
	assert_eq!(submitted(&node).len(), 1);
}
