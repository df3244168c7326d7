// SPDX-License-Identifier: Apache-2.0

//! Checks of the configuration and of a node, before a session.

use crate::{
	chain::{Chain, Snapshot},
	checkpoint::Scanned,
	folder::Folder,
	metrics::Metrics,
	rollup::ProvingKeys,
	worker::{self, misconfigured, Misconfigured, Policy, Worker},
};
use anyhow::{bail, ensure, Result};
use std::path::Path;
use subxt::utils::{AccountId32, H256};
use tracing::info;

/// Checks the configuration against the chain, and returns the worker.
pub async fn prepare(
	chain: &Chain,
	base: &Path,
	policy: Policy,
	metrics: Metrics,
) -> Result<Worker> {
	let best = chain.best().await?;
	check_pallets(&best)?;
	let account = policy.account;
	let folder = Folder::lock(base, chain.genesis(), &account).map_err(misconfigured)?;
	let found = folder.checkpoint(chain.genesis(), &account).map_err(misconfigured)?;
	let checkpoint = match found {
		Some(checkpoint) => checkpoint,
		None => worker::start(chain, account, policy.signer_account()).await?,
	};
	let keys = ProvingKeys::load(base).map_err(misconfigured)?;
	check_key(&best, &keys, &account).await?;
	info!("Proving for {account}. The last chain block read is {}.", checkpoint.scanned.number);
	metrics.label(chain.genesis());
	Ok(Worker::new(policy, keys, folder, metrics, checkpoint))
}

/// Fails if the chain is not one of a prover pool.
pub fn check_pallets(best: &Snapshot) -> Result<()> {
	match best.missing_pallet() {
		None => Ok(()),
		Some(pallet) => bail!(Misconfigured(format!(
			"the chain has no pallet {pallet}: use the URL of another one"
		))),
	}
}

/// Fails if there is no key for the active rules, and none can be generated.
///
/// A prover with a place in the pool or outstanding blocks continues nevertheless: it proves what it
/// can, and leaves the pool in time.
async fn check_key(best: &Snapshot, keys: &ProvingKeys, account: &AccountId32) -> Result<()> {
	let Some(version) = best.active_version().await? else {
		return Ok(());
	};
	let Some(key) = best.key(version).await? else {
		return Ok(());
	};
	if keys.find(&key).is_some() || ProvingKeys::can_generate(&key) {
		return Ok(());
	}
	let (staker, entry) = best.staker(account).await?;
	ensure!(
		staker.prover_id.is_some() || staker.outstanding(&entry) > 0,
		Misconfigured(format!(
			"no file in {} has the proving key for the chain's rules version {version}",
			keys.folder().display()
		))
	);
	Ok(())
}

/// Checks that the node has the last finalized block that was read, by the files in `folder`. Returns
/// `false` if it has no block of this number, because it synced to a recent state.
///
/// A node with another block may be on a wrong fork. It is a fault of the configuration only if no
/// other node can be used.
pub async fn check_chain(
	chain: &Chain,
	(genesis, scanned): (H256, Scanned),
	folder: &Path,
	has_other_nodes: bool,
) -> Result<bool> {
	ensure!(chain.genesis() == genesis, "it is a node of another chain");
	let finalized = chain.finalized().await?.number();
	ensure!(
		finalized >= scanned.number,
		"it has finalized block {finalized} only, and block {} was read before: it has not synced, or \
		 its chain was restarted from genesis",
		scanned.number
	);
	match chain.hash_of(scanned.number).await? {
		Some(hash) if hash == scanned.hash => Ok(true),
		None => Ok(false),
		Some(_) if has_other_nodes => {
			bail!("it has another chain block {} than the one that was read", scanned.number)
		},
		Some(_) => bail!(Misconfigured(format!(
			"the node has another chain block {} than the one that was read. If the chain was \
			 restarted from genesis, remove {}",
			scanned.number,
			folder.display()
		))),
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::chain::fake::{set_foreign_key, FakeNode};
	use subxt_signer::sr25519::{dev, Keypair};
	use tempfile::TempDir;

	/// Returns the result of preparing a prover on a chain with a key that cannot be generated.
	async fn prepare_on_foreign_key(account: Keypair, base: &Path) -> Result<Worker> {
		let node = FakeNode::development();
		node.add(vec![], vec![], set_foreign_key);
		prepare(&node.connect().await, base, Policy::without_operator(account), Metrics::default())
			.await
	}

	#[tokio::test]
	async fn a_chain_without_the_own_key_is_a_configuration_error_before_a_stake() {
		let base = TempDir::new().unwrap();
		let error = prepare_on_foreign_key(dev::dave(), base.path()).await.err().unwrap();
		assert!(error.is::<Misconfigured>(), "{error:#}");
		assert!(error.to_string().contains("rules version 1"), "{error:#}");
		// A member continues, so that it leaves the pool in time.
		assert!(prepare_on_foreign_key(dev::eve(), base.path()).await.is_ok());
	}

	#[tokio::test]
	async fn a_chain_without_the_pallets_is_a_configuration_error() {
		use codec::{Decode, Encode};
		use frame_metadata::{RuntimeMetadata, RuntimeMetadataPrefixed};

		let bytes = crate::chain::fake::metadata();
		let decoded = RuntimeMetadataPrefixed::decode(&mut &bytes[..]).unwrap();
		let RuntimeMetadata::V15(mut metadata) = decoded.1 else { panic!("another version") };
		metadata.pallets.retain(|pallet| pallet.name != "Rollup");
		let metadata = RuntimeMetadataPrefixed(decoded.0, RuntimeMetadata::V15(metadata)).encode();
		let node = FakeNode::development();
		node.upgrade(99, metadata);
		let base = TempDir::new().unwrap();
		let chain = node.connect().await;
		let prepared =
			prepare(&chain, base.path(), Policy::without_operator(dev::eve()), Metrics::default())
				.await;
		let error = prepared.err().unwrap();
		assert!(error.is::<Misconfigured>(), "{error:#}");
		assert!(error.to_string().contains("no pallet Rollup"), "{error:#}");
	}

	#[tokio::test]
	async fn a_folder_in_use_is_a_configuration_error() {
		let base = TempDir::new().unwrap();
		let _first = prepare_on_foreign_key(dev::eve(), base.path()).await.unwrap();
		let error = prepare_on_foreign_key(dev::eve(), base.path()).await.err().unwrap();
		assert!(error.is::<Misconfigured>(), "{error:#}");
	}

	#[tokio::test]
	async fn a_node_that_is_behind_or_on_another_chain_is_not_used() {
		let base = TempDir::new().unwrap();
		let node = FakeNode::development();
		let block = node.add(vec![], vec![], || {});
		let chain = node.connect().await;
		let worker =
			prepare(&chain, base.path(), Policy::without_operator(dev::eve()), Metrics::default())
				.await
				.unwrap();
		let check = |chain: Chain, has_other_nodes| {
			let (origin, path) = (worker.origin(), worker.path().to_owned());
			async move { check_chain(&chain, origin, &path, has_other_nodes).await }
		};
		assert!(check(chain.clone(), false).await.unwrap());
		let shorter = FakeNode::development().connect().await;
		let behind = check(shorter, false).await.unwrap_err();
		assert!(behind.to_string().contains("has not synced"), "{behind:#}");
		assert!(!behind.is::<Misconfigured>());
		// A node that synced to a recent state does not have old blocks.
		node.content().first_kept = 2;
		assert!(!check(chain.clone(), false).await.unwrap());
		node.content().first_kept = 0;
		node.content().blocks[block.number as usize].hash = subxt::utils::H256::repeat_byte(9);
		let other = check(chain.clone(), true).await.unwrap_err();
		assert!(!other.is::<Misconfigured>(), "{other:#}");
		let other = check(chain, false).await.unwrap_err();
		assert!(other.is::<Misconfigured>(), "{other:#}");
	}
}
