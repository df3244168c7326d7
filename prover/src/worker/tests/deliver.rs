// SPDX-License-Identifier: Apache-2.0

//! Proofs and their transactions.

use super::*;

/// Returns a program that has proven the block that is assigned to Eve.
async fn proven(node: &FakeNode) -> Setting {
	let mut setting = setting(node.clone()).await;
	assign(node);
	let Setting { chain, worker, .. } = &mut setting;
	worker.look(chain).await.unwrap();
	assert_eq!(worker.trouble.current(), None);
	worker.act(chain).await.unwrap();
	assert!(worker.checkpoint.work[&1].stage.is_proving());
	worker.job_done().await;
	assert!(matches!(worker.checkpoint.work[&1].stage, Stage::Proved(_)));
	setting
}

/// The whole life of a proof: made, sent, lost, signed again, accepted by another program.
#[tokio::test(flavor = "multi_thread")]
async fn an_assigned_block_is_proven_and_sent_until_it_arrives() {
	let node = node();
	let mut setting = proven(&node).await;
	let Setting { chain, worker, .. } = &mut setting;
	node.content().nonce = 5;
	worker.look(chain).await.unwrap();
	worker.act(chain).await.unwrap();
	let first = submitted(&node);
	assert_eq!(first.len(), 1);
	assert_eq!(worker.checkpoint.sent.len(), 1);
	assert_eq!(node.content().bodies_read, 1, "the body with the payload is read once");
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
	let Stage::Sent { extrinsic, nonce: 5, expires: 19, submitted_at: None, .. } =
		&restarted.work[&1].stage
	else {
		panic!("{:?}", restarted.work)
	};
	assert_eq!(submitted(&node).last(), Some(extrinsic));

	// The signer cannot advance the fee.
	node.content().refusal =
		Some((1010, "Inability to pay some fees (e.g. account balance too low)".into()));
	worker.reconnected("ws://node".into());
	worker.look(chain).await.unwrap();
	worker.act(chain).await.unwrap();
	worker.look(chain).await.unwrap();
	assert_eq!(worker.trouble.current(), Some(&Trouble::NoFunds { signer: dave() }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_takes_no_transaction_ends_the_session() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	assign(&node);
	let Setting { chain, worker, .. } = &mut setting;
	worker.look(chain).await.unwrap();
	let stage = Stage::Sent {
		proof: Proof::new(vec![1]),
		extrinsic: vec![2],
		nonce: 0,
		expires: 100,
		submitted_at: None,
		unanswered: 0,
	};
	let task = worker.view.candidate(1).unwrap().task;
	worker.checkpoint.work.insert(1, Work { task, stage });
	node.content().is_silent = true;
	assert!(worker.act(chain).await.is_err());
	let Stage::Sent { submitted_at, .. } = &worker.checkpoint.work[&1].stage else { panic!() };
	assert!(submitted_at.is_some(), "it is not repeated in this session");
	assert_eq!(worker.checkpoint.work[&1].stage.unanswered(), 1);
	worker.reconnected("ws://node".into());
	node.content().is_silent = false;
	// So does one whose pool cannot be reached.
	node.content().refusal = Some((-32_601, "Method not found".into()));
	worker.look(chain).await.unwrap();
	assert!(worker.act(chain).await.is_err());
	node.content().submitted.clear();
	node.content().refusal = None;
	worker.reconnected("ws://node".into());
	worker.look(chain).await.unwrap();
	worker.act(chain).await.unwrap();
	assert_eq!(submitted(&node), [vec![2]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_panics_lets_the_proof_be_made_again() {
	let mut setting = setting(node()).await;
	let worker = &mut setting.worker;
	let stage = Stage::Proving { attempts: 0 };
	worker.checkpoint.work.insert(7, Work { task: H256::zero(), stage });
	worker.jobs.spawn(async { panic!("of a watch") });
	worker.job_done().await;
	assert!(worker.checkpoint.work[&7].stage.is_proving(), "the proof is still in progress");
	let job = worker.jobs.spawn(async { panic!("of the proof system") });
	worker.proving = Some(job.id());
	worker.job_done().await;
	assert!(matches!(worker.checkpoint.work[&7].stage, Stage::Failed { attempts: 1, .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_proof_of_a_reserved_block_takes_the_nonce_of_a_pending_exit() {
	let node = node();
	let mut setting = proven(&node).await;
	let Setting { chain, worker, .. } = &mut setting;
	node.content().nonce = 5;
	worker.leave.nonce = Some(4);
	worker.look(chain).await.unwrap();
	worker.act(chain).await.unwrap();
	assert!(matches!(worker.checkpoint.work[&1].stage, Stage::Sent { nonce: 4, .. }));
	assert_eq!(worker.leave.nonce, None, "no other proof takes it");
}

/// Makes the block that is assigned to Eve an open one, whose miss was another prover's.
fn open(node: &FakeNode) {
	node.add(vec![], vec![], || {
		pallet_rollup::Blocks::<Runtime>::mutate(pallet_rollup::BlockKey::from(1), |block| {
			block.as_mut().unwrap().phase = pallet_rollup::Phase::Open;
		});
	});
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_block_that_was_proven_in_the_meantime_costs_no_transaction() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	let Setting { chain, worker, .. } = &mut setting;
	assign(&node);
	open(&node);
	worker.look(chain).await.unwrap();
	keep_proof(worker, Proof::new(vec![1]));
	advance(&node, crate::terms::MAX_RESCUE_DELAY);
	worker.look(chain).await.unwrap();
	// Another prover is faster than the next look.
	node.add(vec![], vec![], || RollupState::<Runtime>::mutate(|state| state.proven = 1));
	worker.act(chain).await.unwrap();
	assert!(submitted(&node).is_empty());
	node.add(vec![], vec![], || RollupState::<Runtime>::mutate(|state| state.proven = 0));
	worker.look(chain).await.unwrap();
	worker.act(chain).await.unwrap();
	assert_eq!(submitted(&node).len(), 1);
}

#[tokio::test]
async fn an_open_block_is_proven_only_if_that_pays_and_is_wanted() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	let Setting { chain, worker, .. } = &mut setting;
	assign(&node);
	open(&node);
	let count = |worker: &Worker| worker.view.candidates.as_ref().map(Vec::len);
	worker.look(chain).await.unwrap();
	assert_eq!(count(worker), Some(1));
	worker.policy.rescues = false;
	worker.look(chain).await.unwrap();
	assert_eq!(count(worker), Some(0));
	worker.policy.rescues = true;
	worker.look(chain).await.unwrap();
	let send_at = |worker: &Worker| worker.view.candidate(1).unwrap().send_at;
	let in_charge = send_at(worker);
	worker.checkpoint.in_charge = false;
	worker.look(chain).await.unwrap();
	assert!(send_at(worker) > in_charge + crate::terms::MAX_RESCUE_DELAY, "the other is first");
	(worker.checkpoint.in_charge, worker.checkpoint.may_share_key) = (true, true);
	worker.look(chain).await.unwrap();
	assert!(send_at(worker) > in_charge + crate::terms::MAX_RESCUE_DELAY, "another may be first");
	worker.checkpoint.may_share_key = false;
	node.add(vec![], vec![], || {
		Blocks::<Runtime>::mutate(BlockKey::from(1), |block| {
			block.as_mut().unwrap().reward_per_gas = 0;
		});
	});
	worker.look(chain).await.unwrap();
	assert_eq!(count(worker), Some(0));
}

#[tokio::test]
async fn a_call_that_the_chain_does_not_have_becomes_trouble_and_the_session_goes_on() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	let Setting { chain, worker, .. } = &mut setting;
	assign(&node);
	node.add(vec![], vec![], || {});
	node.upgrade(99, crate::chain::tests::metadata_without_proofs());
	worker.look(chain).await.unwrap();
	keep_proof(worker, Proof::new(vec![1]));
	for attempts in 1..=4 {
		worker.act(chain).await.unwrap();
		let Stage::Proved(proof) = &worker.checkpoint.work[&1].stage else { panic!() };
		assert_eq!(proof.attempts, attempts);
		for _ in 0..4 {
			let runtime = node.content().blocks.last().unwrap().clone();
			node.add(vec![], vec![], || {});
			node.content().blocks.last_mut().unwrap().copy_runtime(&runtime);
		}
		worker.look(chain).await.unwrap();
	}
	assert_eq!(worker.trouble.current(), Some(&Trouble::NotAccepted { block_id: 1 }));
	assert!(submitted(&node).is_empty());
}

#[tokio::test]
async fn a_transaction_that_the_node_has_already_is_no_failure() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	let Setting { chain, worker, .. } = &mut setting;
	assign(&node);
	worker.look(chain).await.unwrap();
	keep_proof(worker, Proof::new(vec![1]));
	node.content().refusal = Some((1013, String::new()));
	worker.act(chain).await.unwrap();
	assert!(matches!(worker.checkpoint.work[&1].stage, Stage::Sent { unanswered: 0, .. }));
	assert_eq!(worker.checkpoint.totals.failures, 0);
}

#[tokio::test]
async fn another_node_gets_a_proof_at_once_that_the_last_one_did_not_take() {
	let node = node();
	let mut setting = setting(node.clone()).await;
	let Setting { chain, worker, .. } = &mut setting;
	assign(&node);
	worker.look(chain).await.unwrap();
	for (attempts, sent) in [(1, 0), (4, 1)] {
		keep_proof(worker, Proof { attempts, not_before: 99, ..Proof::new(vec![1]) });
		worker.look(chain).await.unwrap();
		worker.reconnected("ws://another".into());
		worker.act(chain).await.unwrap();
		assert_eq!(submitted(&node).len(), sent, "{attempts} attempts");
	}
}
