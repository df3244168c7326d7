// SPDX-License-Identifier: Apache-2.0

//! Exits from the pool.

use super::*;

/// Lets time pass in steps, in which the worker reads the best block.
async fn pass(node: &FakeNode, worker: &mut Worker, chain: &Chain, seconds: u64) {
	for passed in (0..seconds).step_by(60) {
		advance(node, 60.min(seconds - passed));
		worker.look(chain).await.unwrap();
	}
}

#[tokio::test]
async fn a_member_that_cannot_prove_leaves_by_its_operator() {
	let node = node_with_foreign_key();
	advance(&node, MIN_CHANGE_DELAY);
	let mut setting = setting(node.clone()).await;
	setting.worker.look(&setting.chain).await.unwrap();
	setting.worker.act(&setting.chain).await.unwrap();
	pass(&node, &mut setting.worker, &setting.chain, PATIENCE).await;
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
async fn a_new_program_that_cannot_prove_takes_no_prover_out_that_can() {
	let node = node_with_foreign_key();
	node.add(vec![], vec![], || {
		frame_system::Account::<Runtime>::mutate(native(dave()), |account| account.nonce = 1);
	});
	advance(&node, MIN_CHANGE_DELAY);
	let mut setting = setting(node.clone()).await;
	assert!(setting.worker.checkpoint.may_share_key, "the key has sent transactions");
	setting.worker.look(&setting.chain).await.unwrap();
	pass(&node, &mut setting.worker, &setting.chain, 10 * PATIENCE).await;
	setting.worker.act(&setting.chain).await.unwrap();
	assert!(submitted(&node).is_empty(), "no block was missed");
	setting.worker.checkpoint.totals.missed += 1;
	setting.worker.act(&setting.chain).await.unwrap();
	assert_eq!(submitted(&node).len(), 1);
}

#[tokio::test]
async fn an_exit_that_the_pool_refuses_is_not_sent() {
	let node = node_with_foreign_key();
	let mut setting = setting(node.clone()).await;
	setting.worker.look(&setting.chain).await.unwrap();
	pass(&node, &mut setting.worker, &setting.chain, PATIENCE + 1).await;
	setting.worker.act(&setting.chain).await.unwrap();
	assert!(submitted(&node).is_empty(), "it took its place too recently");
	// Another key is no operator.
	pass(&node, &mut setting.worker, &setting.chain, MIN_CHANGE_DELAY).await;
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
async fn a_program_that_must_stay_does_not_leave() {
	let node = node_with_foreign_key();
	advance(&node, MIN_CHANGE_DELAY);
	let mut setting = setting(node.clone()).await;
	setting.worker.policy.exit = false;
	setting.worker.look(&setting.chain).await.unwrap();
	pass(&node, &mut setting.worker, &setting.chain, 10 * PATIENCE).await;
	setting.worker.act(&setting.chain).await.unwrap();
	assert!(submitted(&node).is_empty());
}

#[tokio::test]
async fn a_member_without_funds_for_proofs_leaves_while_it_can_pay_the_exit() {
	let node = node();
	advance(&node, MIN_CHANGE_DELAY);
	let mut setting = setting(node.clone()).await;
	let Setting { chain, worker, .. } = &mut setting;
	worker.look(chain).await.unwrap();
	let balance = worker.fee - 1;
	node.add(vec![], vec![], || {
		frame_system::Account::<Runtime>::mutate(native(dave()), |account| {
			account.data.free = balance + prover_pool_runtime::constants::EXISTENTIAL_DEPOSIT;
		});
	});
	worker.look(chain).await.unwrap();
	assert_eq!(worker.trouble.current(), Some(&Trouble::NoFunds { signer: dave() }));
	pass(&node, worker, chain, PATIENCE + 1).await;
	worker.act(chain).await.unwrap();
	assert_eq!(submitted(&node).len(), 1);
	let call = crate::chain::Call::exit(&dave(), eve());
	assert!(balance > chain.fee(&call, &dev::dave()).await.unwrap());
}
