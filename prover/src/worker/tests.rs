// SPDX-License-Identifier: Apache-2.0

//! The worker on a node whose states the native runtime makes.

use super::*;
use crate::{
	chain::fake::{set_foreign_key, FakeNode},
	rollup::State,
	state_file::StateFile,
	trouble::PATIENCE,
	work::{Proof, Stage, Work},
};
use codec::Encode;
use pallet_rollup::{BlockKey, Blocks, State as RollupState};
use prover_pool_runtime::{Runtime, RuntimeEvent};
use subxt_signer::sr25519::dev;
use tempfile::TempDir;

mod books;
mod deliver;
mod leave;
mod look;

const PAYLOAD: &[u8] = b"payload";

/// Seconds for which a member keeps its place.
const MIN_CHANGE_DELAY: u64 = 3_600;

/// Prover Eve of the development chain, with the operator Dave.
struct Setting {
	chain: Chain,
	worker: Worker,
	base: TempDir,
}

impl Policy {
	/// Returns the policy of a prover without an operator, which proves only its own blocks.
	pub fn without_operator(signer: Keypair) -> Self {
		let account = signer.public_key().to_account_id();
		Self { signer, account, rescues: false, max_tip: 0, exit: true }
	}
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
	node.add(vec![], vec![], set_operator);
	node
}

/// Returns the same with a verifying key for which no proving key can be generated.
fn node_with_foreign_key() -> FakeNode {
	let node = FakeNode::development();
	node.add(vec![], vec![], || {
		set_operator();
		set_foreign_key();
	});
	node
}

fn set_operator() {
	pallet_prover_pool::Operators::<Runtime>::insert(native(eve()), native(dave()));
}

/// Returns a prover with the proving key of the development chain.
async fn setting(node: FakeNode) -> Setting {
	let chain = node.connect().await;
	let base = TempDir::new().unwrap();
	let worker = worker_on(&chain, &base).await;
	Setting { chain, worker, base }
}

/// Returns the same without the key, which it can generate.
async fn setting_without_key() -> Setting {
	let mut setting = setting(node()).await;
	setting.worker.keys = ProvingKeys::at(setting.base.path());
	setting
}

async fn worker_on(chain: &Chain, base: &TempDir) -> Worker {
	let policy =
		Policy { signer: dev::dave(), account: eve(), rescues: true, max_tip: 10, exit: true };
	let folder = Folder::lock(base.path(), chain.genesis(), &eve()).unwrap();
	let checkpoint = match folder.checkpoint(chain.genesis(), &eve()).unwrap() {
		Some(checkpoint) => checkpoint,
		None => start(chain, eve(), dave()).await.unwrap(),
	};
	let keys = ProvingKeys::with_example(base.path());
	Worker::new(policy, keys, folder, Metrics::default(), checkpoint)
}

/// Gives the worker a proof of block 1, which is a candidate.
fn keep_proof(worker: &mut Worker, proof: Proof) {
	let task = worker.view.candidate(1).unwrap().task;
	worker.checkpoint.work.insert(1, Work { task, stage: Stage::Proved(proof) });
}

/// Adds a chain block whose only rollup block is reserved for Eve. Returns its number.
fn assign(node: &FakeNode) -> u64 {
	assign_with(node, PAYLOAD)
}

/// Does [`assign`] with this payload.
fn assign_with(node: &FakeNode, payload: &[u8]) -> u64 {
	use pallet_rollup::{Assigned, Phase, RollupBlock};

	let call = prover_pool_runtime::RuntimeCall::Rollup(pallet_rollup::Call::propose_block {
		payload: payload.to_vec().try_into().unwrap(),
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
			payload_hash: sp_io::hashing::sha2_256(payload),
			payload_size: payload.len() as u32,
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

#[test]
fn only_a_wrong_configuration_has_an_exit_code_of_its_own() {
	let error = anyhow::Error::from(Misconfigured("wrong".into()));
	assert_eq!(exit_code(&error.context("the folder cannot be used")), 78);
	assert_eq!(exit_code(&anyhow::anyhow!("the node does not respond")), 1);
	let of_files = |kind: std::io::ErrorKind| {
		let error = anyhow::Error::from(std::io::Error::from(kind));
		exit_code(&misconfigured(error.context("cannot create the folder")))
	};
	assert_eq!(of_files(std::io::ErrorKind::PermissionDenied), 78);
	assert_eq!(of_files(std::io::ErrorKind::AddrInUse), 78);
	assert_eq!(of_files(std::io::ErrorKind::StorageFull), 1, "it can be freed");
	assert_eq!(of_files(std::io::ErrorKind::AddrNotAvailable), 1, "a network starts late");
	let files = anyhow::Error::from(std::io::Error::from_raw_os_error(libc::EMFILE));
	assert_eq!(exit_code(&misconfigured(files)), 1, "files can be closed");
}
