// SPDX-License-Identifier: Apache-2.0

//! Check of a configuration without proving: `run --dry-run`.

use crate::{
	chain::{Chain, Snapshot},
	folder::Folder,
	rollup::ProvingKeys,
	run::check_chain,
	text::tokens,
	worker::{Misconfigured, Policy},
};
use anyhow::{ensure, Result};
use std::path::Path;
use subxt::utils::AccountId32;

/// Prints what `run` would do. Fails if it could not prove.
pub async fn check(chain: &Chain, url: &str, base: &Path, policy: &Policy) -> Result<()> {
	let best = chain.best().await?;
	let one_token = best.one_token()?;
	let (signer, account) = (policy.signer.public_key().to_account_id(), policy.account);
	let (staker, entry) = best.staker(&account).await?;
	println!("Node: {url}, at chain block {}.", best.number());
	println!("Account: {account}.");
	match staker.prover_id {
		Some(_) => println!(
			"Stake: {} tokens, at a price of {} and a capacity of {}.",
			entry.staked_amount, entry.reward_per_gas, staker.max_capacity
		),
		None => println!("Stake: none. Only open blocks can be proven. Enter with `stake`."),
	}
	let balance = best.free_balance(&signer).await?;
	println!("Signer: {signer}, with {} tokens for fees.", tokens(balance, one_token));
	check_folder(chain, base, &account).await?;
	let mut faults = Vec::new();
	if signer != account && best.operator(&account).await? != Some(signer) {
		faults.push("the signer is not the operator of the account: use `set-operator`".to_owned());
	}
	if balance == 0 {
		faults.push("the signer cannot advance a fee: transfer tokens to it".to_owned());
	}
	faults.extend(key_fault(&best, base).await?);
	ensure!(faults.is_empty(), Misconfigured(faults.join(". ")));
	println!("The prover can start.");
	Ok(())
}

/// Checks that the files of the account are free, and belong to the node's chain.
async fn check_folder(chain: &Chain, base: &Path, account: &AccountId32) -> Result<()> {
	let misconfigured = |error: anyhow::Error| Misconfigured(format!("{error:#}"));
	let genesis = chain.genesis();
	let folder = Folder::at(base, genesis, account);
	println!("Folder: {}.", folder.path().display());
	if !folder.path().exists() {
		return Ok(());
	}
	let folder = Folder::lock(base, genesis, account).map_err(misconfigured)?;
	match folder.checkpoint(genesis, account).map_err(misconfigured)? {
		Some(checkpoint) => {
			check_chain(chain, (genesis, checkpoint.scanned), folder.path(), false).await
		},
		None => Ok(()),
	}
}

/// Returns the reason for which blocks of the active rules cannot be proven.
async fn key_fault(best: &Snapshot, base: &Path) -> Result<Option<String>> {
	let Some(version) = best.active_version().await? else {
		println!("Rules: none are active, so no block can be proposed.");
		return Ok(None);
	};
	let key = best.key(version).await?.unwrap_or_default();
	let keys = ProvingKeys::load(base).map_err(|error| Misconfigured(format!("{error:#}")))?;
	if keys.find(&key).is_some() {
		println!("Rules: version {version}, with an installed proving key.");
	} else if ProvingKeys::can_generate(&key) {
		println!("Rules: version {version}, whose proving key is generated at the first start.");
	} else {
		let folder = keys.folder().display();
		let fault = format!("no file in {folder} has the proving key for rules version {version}");
		return Ok(Some(fault));
	}
	Ok(None)
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{chain::fake::FakeNode, checkpoint::Checkpoint};
	use subxt::utils::H256;
	use subxt_signer::sr25519::{dev, Keypair};
	use tempfile::TempDir;

	async fn checked(signer: Keypair, account: Keypair) -> Result<()> {
		let base = TempDir::new().unwrap();
		let node = FakeNode::development();
		node.add(vec![], vec![], || {});
		let account = account.public_key().to_account_id();
		let policy = Policy { signer, account, rescues: false, max_tip: 0, exit: true };
		check(&node.connect().await, "ws://node", base.path(), &policy).await
	}

	#[tokio::test]
	async fn a_good_configuration_passes() {
		assert!(checked(dev::eve(), dev::eve()).await.is_ok());
	}

	#[tokio::test]
	async fn a_signer_that_is_not_the_operator_is_misconfigured() {
		let error = checked(dev::dave(), dev::eve()).await.unwrap_err();
		assert!(error.is::<Misconfigured>() && error.to_string().contains("set-operator"));
	}

	#[tokio::test]
	async fn a_signer_without_funds_is_misconfigured() {
		let poor = Keypair::from_uri(&"//Poor".parse().unwrap()).unwrap();
		let error = checked(poor.clone(), poor).await.unwrap_err();
		assert!(error.to_string().contains("transfer tokens"), "{error:#}");
	}

	#[tokio::test]
	async fn files_in_use_or_of_another_chain_are_misconfigured() {
		let base = TempDir::new().unwrap();
		let chain = FakeNode::development().connect().await;
		let account = dev::eve().public_key().to_account_id();
		let folder = Folder::at(base.path(), chain.genesis(), &account);
		check_folder(&chain, base.path(), &account).await.unwrap();
		assert!(!folder.path().exists(), "a check of a new account creates nothing");

		let folder = Folder::lock(base.path(), chain.genesis(), &account).unwrap();
		let error = check_folder(&chain, base.path(), &account).await.unwrap_err();
		assert!(error.is::<Misconfigured>() && error.to_string().contains("another prover uses"));

		let mut checkpoint = Checkpoint::new(chain.genesis(), account);
		checkpoint.scanned.hash = chain.genesis();
		folder.save(&checkpoint).unwrap();
		drop(folder);
		check_folder(&chain, base.path(), &account).await.unwrap();
		checkpoint.scanned.hash = H256::repeat_byte(9);
		let folder = Folder::lock(base.path(), chain.genesis(), &account).unwrap();
		folder.save(&checkpoint).unwrap();
		drop(folder);
		let error = check_folder(&chain, base.path(), &account).await.unwrap_err();
		assert!(
			error.is::<Misconfigured>() && error.to_string().contains("restarted from genesis")
		);
	}
}
