// SPDX-License-Identifier: Apache-2.0

//! The worker on a node whose states the native runtime makes.

use super::*;
use crate::{
	chain::fake::FakeNode, rollup::State, schedule::Stage, state_file::StateFile, trouble::PATIENCE,
};
use codec::Encode;
use pallet_rollup::{BlockKey, Blocks, State as RollupState};
use prover_pool_runtime::{Runtime, RuntimeEvent};
use subxt_signer::sr25519::dev;
use tempfile::TempDir;

const PAYLOAD: &[u8] = b"payload";

/// Seconds for which a member keeps its place.
const MIN_CHANGE_DELAY: u64 = 3_600;

/// Prover Eve of the development chain, with the operator Dave.
struct Setting {
	chain: Chain,
	worker: Worker,
	base: TempDir,
}

fn eve() -> AccountId32 {
	dev::eve().public_key().to_account_id()
}

fn dave() -> AccountId32 {
	dev::dave().public_key().to_account_id()
}

fn native(account: AccountId32) -> sp_core::crypto::AccountId32 {
	account.0.into()
}

/// Returns a node on which Eve named Dave as its operator.
fn node() -> FakeNode {
	let node = FakeNode::development();
	node.add(vec![], vec![], || {
		pallet_prover_pool::Operators::<Runtime>::insert(native(eve()), native(dave()));
	});
	node
}

async fn setting(node: FakeNode) -> Setting {
	let chain = node.connect().await;
	let base = TempDir::new().unwrap();
	let worker = worker_on(&chain, &base).await;
	Setting { chain, worker, base }
}

async fn worker_on(chain: &Chain, base: &TempDir) -> Worker {
	let policy = Policy { signer: dev::dave(), account: eve(), rescue_tip: Some(10), exit: true };
	let folder = Folder::lock(base.path(), chain.genesis(), &eve()).unwrap();
	let checkpoint = match folder.checkpoint(chain.genesis(), &eve()).unwrap() {
		Some(checkpoint) => checkpoint,
		None => start(chain, eve()).await.unwrap(),
	};
	let keys = ProvingKeys::load(base.path()).unwrap();
	Worker::new(policy, keys, folder, Metrics::default(), checkpoint)
}

/// Adds a chain block whose only rollup block is reserved for Eve. Returns its number.
fn assign(node: &FakeNode) -> u64 {
	use pallet_rollup::{Assigned, Phase, RollupBlock};

	let call = prover_pool_runtime::RuntimeCall::Rollup(pallet_rollup::Call::propose_block {
		payload: PAYLOAD.to_vec().try_into().unwrap(),
		gas_limit: 200_000,
		max_fee_per_gas: 20_000,
	});
	let body = vec![[&[5][..], &call.encode()].concat().encode()];
	let number = node.content().blocks.len() as u64;
	node.add(body, vec![], || {
		let block_id = RollupState::<Runtime>::mutate(|state| {
			state.proposed += 1;
			state.drawn += 1;
			state.drawn
		});
		let assigned = Assigned {
			prover: native(eve()),
			drawn_at: 0,
			window: 600,
			deadline: 600,
			has_used_lane: false,
		};
		let block = RollupBlock {
			proposer: native(dave()),
			payload_hash: sp_io::hashing::sha2_256(PAYLOAD),
			payload_size: PAYLOAD.len() as u32,
			gas_limit: 200_000,
			proposed_in: number as u32,
			rules_version: 1,
			fee_per_gas: 10_000,
			reward_per_gas: 10_000,
			deposit: 1_000_000,
			phase: Phase::Assigned(assigned),
			is_outstanding: true,
			transition: None,
		};
		Blocks::<Runtime>::insert(BlockKey::from(block_id), block);
	});
	number
}

/// Settles a state that no payload leads to.
fn override_state(node: &FakeNode, root: [u8; 32]) {
	node.add(vec![], vec![], || {
		RollupState::<Runtime>::mutate(|state| {
			(state.settled_root, state.proven_root) = (root, root);
		});
	});
}

/// Advances the rollup's clock.
fn advance(node: &FakeNode, seconds: u64) {
	node.add(vec![], vec![], || {
		RollupState::<Runtime>::mutate(|state| state.clock.elapsed += seconds * 1_000);
	});
}

/// Returns the calls that were submitted.
fn submitted(node: &FakeNode) -> Vec<Vec<u8>> {
	node.content().submitted.clone()
}

fn contains(extrinsic: &[u8], call: &[u8]) -> bool {
	extrinsic.windows(call.len()).any(|window| window == call)
}

#[tokio::test]
async fn a_fresh_program_starts_at_the_finalized_block() {
	let node = node();
	assign(&node);
	let mut setting = setting(node).await;
	assert_eq!(setting.worker.scanned(), 2);
	setting.worker.look(&setting.chain).await.unwrap();
	// There is no proving key in the folder.
	assert_eq!(setting.worker.trouble, Some(Trouble::NoKey { version: 1 }));
	let view = &setting.worker.view;
	assert_eq!((view.number, view.candidates.as_deref()), (2, Some(&[][..])));
}

#[tokio::test]
async fn chain_blocks_without_states_are_skipped_and_counted() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	for _ in 0..5 {
		node.add(vec![], vec![], || {});
	}
	setting.worker.read_next(&setting.chain).await.unwrap();
	assert_eq!((setting.worker.scanned(), setting.worker.checkpoint.unread), (2, 0));
	node.prune(2);
	setting.worker.read_next(&setting.chain).await.unwrap();
	assert_eq!((setting.worker.scanned(), setting.worker.checkpoint.unread), (6, 4));
}

#[tokio::test]
async fn an_override_to_an_unknown_state_ends_with_its_import() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	let (state, _) = State::genesis().execute(&[0; 48], 1_000_000);
	let mut other = vec![0u8; 48];
	(other[1], other[2]) = (1, 9);
	let (moved, _) = state.execute(&other, 1_000_000);
	override_state(&node, moved.root().0);
	setting.worker.look(&setting.chain).await.unwrap();
	let unknown = Trouble::UnknownState { block_id: 0, root: moved.root() };
	assert_eq!(setting.worker.trouble, Some(unknown.clone()));
	assert_eq!(setting.worker.view.candidates, None);

	// A state of another root is of no use.
	let offer = |state| {
		let file = StateFile::new(setting.chain.genesis(), state, &Versions::default());
		Folder::at(setting.base.path(), setting.chain.genesis(), &eve())
			.offer(&file)
			.unwrap();
	};
	offer(State::genesis());
	setting.worker.look(&setting.chain).await.unwrap();
	assert_eq!(setting.worker.trouble, Some(unknown));
	offer(moved);
	setting.worker.look(&setting.chain).await.unwrap();
	assert!(setting.worker.view.candidates.is_some());
	assert!(setting.worker.folder.offered().unwrap().is_none());
}

#[tokio::test]
async fn an_override_that_is_undone_is_followed_at_once() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	override_state(&node, [7; 32]);
	setting.worker.look(&setting.chain).await.unwrap();
	assert!(setting.worker.trouble_since.is_some());
	override_state(&node, State::genesis().root().0);
	setting.worker.look(&setting.chain).await.unwrap();
	assert!(setting.worker.view.candidates.is_some());
}

#[tokio::test]
async fn a_member_that_cannot_prove_leaves_by_its_operator() {
	let node = node();
	advance(&node, MIN_CHANGE_DELAY);
	let mut setting = setting(node.clone()).await;
	setting.worker.look(&setting.chain).await.unwrap();
	setting.worker.act(&setting.chain).await.unwrap();
	advance(&node, PATIENCE);
	setting.worker.look(&setting.chain).await.unwrap();
	setting.worker.act(&setting.chain).await.unwrap();
	assert!(submitted(&node).is_empty(), "its patience is not over");
	advance(&node, 1);
	for _ in 0..2 {
		setting.worker.look(&setting.chain).await.unwrap();
		setting.worker.act(&setting.chain).await.unwrap();
	}
	let exit_for = pallet_prover_pool::Call::<Runtime>::exit_for { prover: native(eve()) };
	let [extrinsic] = &submitted(&node)[..] else { panic!("not one transaction") };
	assert!(contains(extrinsic, &exit_for.encode()));
}

#[tokio::test]
async fn an_exit_that_the_pool_refuses_is_not_sent() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	setting.worker.look(&setting.chain).await.unwrap();
	advance(&node, PATIENCE + 1);
	setting.worker.look(&setting.chain).await.unwrap();
	setting.worker.act(&setting.chain).await.unwrap();
	assert!(submitted(&node).is_empty(), "it took its place too recently");
	// Another key is no operator.
	advance(&node, MIN_CHANGE_DELAY);
	setting.worker.policy.signer = dev::ferdie();
	setting.worker.look(&setting.chain).await.unwrap();
	setting.worker.act(&setting.chain).await.unwrap();
	assert!(submitted(&node).is_empty());
	setting.worker.policy.signer = dev::dave();
	setting.worker.look(&setting.chain).await.unwrap();
	setting.worker.act(&setting.chain).await.unwrap();
	assert_eq!(submitted(&node).len(), 1);
}

#[tokio::test]
async fn the_metadata_of_a_proposal_before_an_upgrade_is_read_from_its_state() {
	let before_upgrade = || {
		let node = node();
		assign(&node);
		node.add(vec![], vec![], || {});
		node.upgrade(99, crate::chain::tests::shifted_metadata());
		node
	};
	let mut first = setting(before_upgrade()).await;
	first.worker.look(&first.chain).await.unwrap();
	assert_eq!(first.worker.trouble, Some(Trouble::NoKey { version: 1 }));
	// A pruned node does not have it, but an earlier run of the program stored it.
	let node = before_upgrade();
	node.prune(1);
	let mut second = setting(node.clone()).await;
	second.worker.look(&second.chain).await.unwrap();
	let missing = Trouble::NoPayload { block_id: 1, chain_block: 2 };
	assert_eq!(second.worker.trouble, Some(missing));
	drop(first.worker);
	let mut restarted = worker_on(&second.chain, &first.base).await;
	restarted.look(&second.chain).await.unwrap();
	assert_eq!(restarted.trouble, Some(Trouble::NoKey { version: 1 }));
}

#[tokio::test]
async fn a_program_that_must_stay_does_not_leave() {
	let node = node();
	advance(&node, MIN_CHANGE_DELAY);
	let mut setting = setting(node.clone()).await;
	setting.worker.policy.exit = false;
	setting.worker.look(&setting.chain).await.unwrap();
	advance(&node, 10 * PATIENCE);
	setting.worker.look(&setting.chain).await.unwrap();
	setting.worker.act(&setting.chain).await.unwrap();
	assert!(submitted(&node).is_empty());
}

/// The whole life of a proof: made, sent, lost, signed again, accepted by another program.
#[tokio::test(flavor = "multi_thread")]
async fn an_assigned_block_is_proven_and_sent_until_it_arrives() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	setting.worker.keys.generate().unwrap();
	assign(&node);
	let Setting { chain, worker, .. } = &mut setting;
	worker.look(chain).await.unwrap();
	assert_eq!(worker.trouble, None);
	worker.act(chain).await.unwrap();
	assert!(worker.checkpoint.work[&1].stage.is_proving());
	worker.job_done().await;
	assert!(matches!(worker.checkpoint.work[&1].stage, Stage::Proved(_)));

	node.content().nonce = 5;
	worker.look(chain).await.unwrap();
	worker.act(chain).await.unwrap();
	let first = submitted(&node);
	assert_eq!(first.len(), 1);
	assert_eq!(worker.checkpoint.sent, [1].into());
	assert!(contains(&first[0], &[eve().0.as_slice(), &[0; 0]].concat()));

	// The pool forgets it: the nonce is free again in the next chain block.
	node.add(vec![], vec![], || {});
	worker.look(chain).await.unwrap();
	worker.act(chain).await.unwrap();
	assert!(matches!(worker.checkpoint.work[&1].stage, Stage::Proved(_)));
	node.add(vec![], vec![], || {});
	worker.look(chain).await.unwrap();
	worker.act(chain).await.unwrap();
	assert_eq!(submitted(&node).len(), 2);

	// A restart continues with the same transaction, which expires long before the deadline.
	let restarted = worker.folder.checkpoint(chain.genesis(), &eve()).unwrap().unwrap();
	let Stage::Sent { extrinsic, nonce: 5, expires: 20, submitted_at: None, .. } =
		&restarted.work[&1].stage
	else {
		panic!("{:?}", restarted.work)
	};
	assert_eq!(submitted(&node).last(), Some(extrinsic));

	// The operator is replaced, and restored.
	worker.policy.signer = dev::ferdie();
	worker.look(chain).await.unwrap();
	let signer = dev::ferdie().public_key().to_account_id();
	assert_eq!(worker.trouble, Some(Trouble::NotOperator { signer }));
	worker.policy.signer = dev::dave();

	// The signer cannot advance the fee.
	node.content().refusal =
		Some((1010, "Inability to pay some fees (e.g. account balance too low)".into()));
	worker.reconnected();
	worker.look(chain).await.unwrap();
	worker.act(chain).await.unwrap();
	worker.look(chain).await.unwrap();
	assert_eq!(worker.trouble, Some(Trouble::NoFunds { signer: dave() }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_stands_by_while_another_proves_with_its_key() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	setting.worker.keys.generate().unwrap();
	let Setting { chain, worker, .. } = &mut setting;
	let stored = pallet_rollup::Event::<Runtime>::BlockProven {
		block_id: 9,
		state_root: [3; 32],
		prover: Some(native(eve())),
	};
	// Proofs from before its start may be those of its own earlier life.
	node.add(vec![], vec![stored.clone().into()], || {});
	worker.look(chain).await.unwrap();
	worker.read_next(chain).await.unwrap();
	assert!(worker.checkpoint.in_charge);
	node.add(vec![], vec![stored.into()], || {});
	assign(&node);
	worker.read_next(chain).await.unwrap();
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
	setting.worker.read_next(&setting.chain).await.unwrap();
	assert_eq!(setting.worker.scanned(), 2);
	std::fs::remove_dir_all(&path).unwrap();
	setting.worker.save();
	assert!(!setting.worker.is_disk_full);
}

#[test]
fn only_a_wrong_configuration_has_an_exit_code_of_its_own() {
	let error = anyhow::Error::from(Misconfigured("wrong".into()));
	assert_eq!(exit_code(&error.context("the folder cannot be used")), 78);
	assert_eq!(exit_code(&anyhow::anyhow!("the node does not respond")), 1);
}
