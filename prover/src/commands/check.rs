// SPDX-License-Identifier: Apache-2.0

//! Check of a configuration without proving: `run --dry-run`.

use crate::{
	chain::{Chain, Snapshot},
	checkpoint::Checkpoint,
	folder::Folder,
	ledger::Ledger,
	rollup::ProvingKeys,
	run::{check_chain, check_pallets},
	text::{host, tokens},
	worker::{fees, misconfigured, Misconfigured, Policy},
};
use anyhow::{bail, ensure, Context, Result};
use std::{io, path::Path};
use subxt::utils::{AccountId32, H256};

/// Connects to all nodes, and prints their blocks. Returns the first that answers. Fails if none does, or
/// if they have different chains.
pub async fn connect_all(urls: &[String]) -> Result<Chain> {
	let mut chains = Vec::new();
	let mut failure = None;
	for url in urls {
		match connect(url).await {
			Ok((chain, number)) => {
				println!("Node: {}, at chain block {number}.", host(url));
				chains.push((host(url), chain));
			},
			Err(error) => {
				println!("Node: {}, which does not answer: {error:#}.", host(url));
				failure = Some(error);
			},
		}
	}
	check_genesis(chains.iter().map(|(url, chain)| (url.as_str(), chain.genesis())))?;
	match chains.into_iter().next() {
		Some((_, chain)) => Ok(chain),
		None => Err(failure.context("no node is given")?),
	}
}

async fn connect(url: &str) -> Result<(Chain, u64)> {
	let chain = Chain::connect(url).await?;
	let number = chain.best().await?.number();
	Ok((chain, number))
}

/// Fails if nodes have different genesis blocks.
fn check_genesis<'a>(mut nodes: impl Iterator<Item = (&'a str, H256)>) -> Result<()> {
	let Some((first, genesis)) = nodes.next() else {
		return Ok(());
	};
	match nodes.find(|(_, other)| *other != genesis) {
		None => Ok(()),
		Some((other, _)) => {
			bail!(Misconfigured(format!("{first} and {other} are nodes of different chains")))
		},
	}
}

/// Prints what `run` would do. Fails if it could not prove.
///
/// `port` is the result of listening at the address of the metrics. A running prover of the account may
/// use it, because its restart is what is checked then.
pub async fn check(
	chain: &Chain,
	base: &Path,
	policy: &Policy,
	has_other_nodes: bool,
	port: Result<()>,
) -> Result<()> {
	let best = chain.best().await?;
	check_pallets(&best)?;
	let one_token = best.one_token()?;
	let (signer, account) = (policy.signer_account(), policy.account);
	let (staker, entry) = best.staker(&account).await?;
	println!("Account: {account}.");
	match staker.prover_id {
		Some(_) => println!(
			"Stake: {} tokens, at a price of {} and a capacity of {}.",
			entry.staked_amount, entry.reward_per_gas, staker.max_capacity
		),
		None => println!("Stake: none. Only open blocks can be proven. Enter with `stake`."),
	}
	let (_, balance) = best.nonce_and_balance(&signer).await?;
	println!("Signer: {signer}, with {} tokens for fees.", tokens(balance, one_token));
	let folder = Folder::at(base, chain.genesis(), &account);
	let is_running = show_folder(&folder)?;
	let checkpoint = check_folder(chain, &folder, &account, has_other_nodes).await?;
	check_port(is_running, port)?;
	let has_offer = folder.offered_file().is_some();
	show_state(&best, checkpoint, has_offer).await?;
	let mut faults = Vec::new();
	if signer != account && best.operator(&account).await? != Some(signer) {
		faults.push("the signer is not the operator of the account: use `set-operator`".to_owned());
	}
	let fees = fees(chain, policy).await?;
	if balance < fees {
		let fees = tokens(fees, one_token);
		faults.push(format!(
			"the signer cannot advance the fees of a proof and an exit, {fees} tokens: transfer \
			 tokens to it"
		));
	}
	faults.extend(key_fault(&best, base).await?);
	ensure!(faults.is_empty(), Misconfigured(faults.join(". ")));
	println!("The prover can start.");
	Ok(())
}

/// Prints if the rollup's state is known.
async fn show_state(
	best: &Snapshot,
	checkpoint: Option<Checkpoint>,
	has_offer: bool,
) -> Result<()> {
	let positions = best.positions().await?;
	let ledger = checkpoint.map_or_else(Ledger::genesis, |checkpoint| checkpoint.ledger);
	let is_known = ledger.knows(positions.proven_root) || ledger.knows(positions.settled_root);
	match (is_known, has_offer) {
		(true, _) => println!("State: known."),
		(false, true) => println!("State: imported. The program checks it at its start."),
		(false, false) => println!(
			"State: unknown after block {}. Import it with `import-state`, unless the program finds \
			 it in the blocks that it has not read.",
			positions.settled
		),
	}
	Ok(())
}

/// Prints the folder. Returns `true` if a running prover uses it.
fn show_folder(folder: &Folder) -> Result<bool> {
	println!("Folder: {}.", folder.path().display());
	let is_running = folder.is_in_use().map_err(misconfigured)?;
	if is_running {
		println!("A prover uses the folder. Stop it before another one starts.");
	}
	Ok(is_running)
}

/// Fails if the address of the metrics cannot be used. A running prover may use it.
fn check_port(is_running: bool, port: Result<()>) -> Result<()> {
	let Err(error) = port else {
		return Ok(());
	};
	let is_used = error
		.chain()
		.filter_map(|cause| cause.downcast_ref::<io::Error>())
		.any(|cause| cause.kind() == io::ErrorKind::AddrInUse);
	if !is_used || !is_running {
		return Err(misconfigured(error));
	}
	println!("Metrics: the address is in use, and must be that of the running prover.");
	Ok(())
}

/// Checks that the files of the account belong to the node's chain. Returns the checkpoint.
async fn check_folder(
	chain: &Chain,
	folder: &Folder,
	account: &AccountId32,
	has_other_nodes: bool,
) -> Result<Option<Checkpoint>> {
	let genesis = chain.genesis();
	let checkpoint = folder.checkpoint(genesis, account).map_err(misconfigured)?;
	if let Some(checkpoint) = &checkpoint {
		let origin = (genesis, checkpoint.scanned);
		check_chain(chain, origin, folder.path(), has_other_nodes).await?;
	}
	Ok(checkpoint)
}

/// Returns the reason for which blocks of the active rules cannot be proven.
async fn key_fault(best: &Snapshot, base: &Path) -> Result<Option<String>> {
	let Some(version) = best.active_version().await? else {
		println!("Rules: none are active, so no block can be proposed.");
		return Ok(None);
	};
	let key = best.key(version).await?.unwrap_or_default();
	let keys = ProvingKeys::at(base);
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
		let policy = Policy { account, ..Policy::without_operator(signer) };
		let result = check(&node.connect().await, base.path(), &policy, false, Ok(())).await;
		assert_eq!(base.path().read_dir().unwrap().count(), 0, "a check creates nothing");
		result
	}

	#[test]
	fn nodes_of_different_chains_are_misconfigured() {
		let check = |roots: &[u8]| {
			check_genesis(roots.iter().map(|byte| ("ws://node", H256::repeat_byte(*byte))))
		};
		assert!(check(&[]).is_ok() && check(&[1]).is_ok() && check(&[1, 1]).is_ok());
		let error = check(&[1, 1, 2]).unwrap_err();
		assert!(error.is::<Misconfigured>() && error.to_string().contains("different chains"));
	}

	#[tokio::test]
	async fn a_check_without_a_node_fails() {
		let urls = ["ws://127.0.0.1:1", "ws://127.0.0.1:2"].map(String::from);
		let error = connect_all(&urls).await.err().unwrap();
		assert!(error.to_string().contains("127.0.0.1:2"), "{error:#}");
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
		let text = format!("{error:#}");
		assert!(text.contains("advance the fees") && !text.contains(" 0 tokens"), "{text}");
	}

	#[tokio::test]
	async fn files_of_another_chain_are_misconfigured() {
		let base = TempDir::new().unwrap();
		let chain = FakeNode::development().connect().await;
		let account = dev::eve().public_key().to_account_id();
		let at = || Folder::at(base.path(), chain.genesis(), &account);
		check_folder(&chain, &at(), &account, false).await.unwrap();
		assert!(!at().path().exists(), "a check of a new account creates nothing");
		std::fs::create_dir(at().path()).unwrap();
		check_folder(&chain, &at(), &account, false).await.unwrap();
		assert_eq!(at().path().read_dir().unwrap().count(), 0, "a check creates nothing");

		let folder = Folder::lock(base.path(), chain.genesis(), &account).unwrap();
		let mut checkpoint = Checkpoint::new(chain.genesis(), account);
		checkpoint.scanned.hash = chain.genesis();
		folder.save(&checkpoint).unwrap();
		drop(folder);
		check_folder(&chain, &at(), &account, false).await.unwrap();
		checkpoint.scanned.hash = H256::repeat_byte(9);
		let folder = Folder::lock(base.path(), chain.genesis(), &account).unwrap();
		folder.save(&checkpoint).unwrap();
		drop(folder);
		let error = check_folder(&chain, &at(), &account, false).await.unwrap_err();
		assert!(
			error.is::<Misconfigured>() && error.to_string().contains("restarted from genesis")
		);
	}

	#[tokio::test]
	async fn a_running_prover_may_use_folder_and_port() {
		let base = TempDir::new().unwrap();
		let chain = FakeNode::development().connect().await;
		let policy = Policy::without_operator(dev::eve());
		let check = |kind: io::ErrorKind| {
			let port = Err(anyhow::Error::from(io::Error::from(kind)).context("no metrics"));
			check(&chain, base.path(), &policy, false, port)
		};
		assert!(check(io::ErrorKind::AddrInUse).await.is_err());
		let _running = Folder::lock(base.path(), chain.genesis(), &policy.account).unwrap();
		check(io::ErrorKind::AddrInUse).await.unwrap();
		assert!(check(io::ErrorKind::PermissionDenied).await.is_err());
	}
}
