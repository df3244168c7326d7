// SPDX-License-Identifier: Apache-2.0

//! Export and import of the rollup's state.

use crate::{
	chain::Chain,
	folder::{write, Folder},
	queue::Queue,
	state_file::StateFile,
};
use anyhow::{ensure, Context, Result};
use std::{fs, path::Path};
use subxt::utils::AccountId32;

/// Writes the last proven state that a prover knows to a file, for another prover.
pub async fn export(chain: &Chain, account: AccountId32, base: &Path, file: &Path) -> Result<()> {
	ensure!(!file.exists(), "{} exists: name another file", file.display());
	let folder = Folder::at(base, chain.genesis(), &account);
	let checkpoint = folder
		.checkpoint(chain.genesis(), &account)?
		.with_context(|| format!("there is no prover in {}", folder.path().display()))?;
	let roots = proven(chain).await?.roots();
	let (block_id, state) = roots
		.iter()
		.rev()
		.find_map(|(block_id, root)| Some((block_id, checkpoint.ledger.state(*root)?)))
		.context("this prover knows no state that the chain has now")?;
	let state = StateFile::new(chain.genesis(), state.clone(), &folder.versions());
	write(file, &serde_json::to_vec(&state)?)?;
	println!("Exported the state {:?} after block {block_id}.", state.root());
	Ok(())
}

/// Checks a state against the chain, and hands it to the prover of an account.
pub async fn import(chain: &Chain, account: AccountId32, base: &Path, file: &Path) -> Result<()> {
	let text = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
	let state = StateFile::parse(&text).with_context(|| file.display().to_string())?;
	state.check_chain(chain.genesis())?;
	let block_id = state.find(&proven(chain).await?.roots())?;
	let folder = Folder::at(base, chain.genesis(), &account);
	folder.offer(&state)?;
	println!(
		"The chain has this state after block {block_id}. The prover in {} continues with it.",
		folder.path().display()
	);
	Ok(())
}

/// Returns the proven part of the queue at the best block.
async fn proven(chain: &Chain) -> Result<Queue> {
	let best = chain.best().await?;
	let positions = best.positions().await?;
	let blocks = chain
		.blocks(&best, positions.settled.saturating_add(1)..=positions.proven)
		.await?;
	Ok(Queue { positions, now: 0, blocks })
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{chain::fake::FakeNode, chain::Versions, checkpoint::Checkpoint, rollup::State};
	use tempfile::TempDir;

	const ACCOUNT: AccountId32 = AccountId32([2; 32]);

	#[tokio::test]
	async fn a_state_is_exported_and_imported() {
		let chain = FakeNode::development().connect().await;
		let base = TempDir::new().unwrap();
		let file = base.path().join("state.json");
		let missing = export(&chain, ACCOUNT, base.path(), &file).await.unwrap_err();
		assert!(missing.to_string().contains("there is no prover"), "{missing:#}");
		let folder = Folder::lock(base.path(), chain.genesis(), &ACCOUNT).unwrap();
		folder.save(&Checkpoint::new(chain.genesis(), ACCOUNT)).unwrap();
		export(&chain, ACCOUNT, base.path(), &file).await.unwrap();
		let again = export(&chain, ACCOUNT, base.path(), &file).await.unwrap_err();
		assert!(again.to_string().contains("name another file"), "{again:#}");

		let other = AccountId32([3; 32]);
		import(&chain, other, base.path(), &file).await.unwrap();
		let imported = Folder::at(base.path(), chain.genesis(), &other).offered().unwrap();
		assert_eq!(StateFile::parse(&imported).unwrap().state, State::genesis());
	}

	#[tokio::test]
	async fn a_state_that_the_chain_does_not_have_is_rejected() {
		let chain = FakeNode::development().connect().await;
		let base = TempDir::new().unwrap();
		let file = base.path().join("state.json");
		let mut payload = vec![0u8; 48];
		(payload[1], payload[2]) = (1, 9);
		let (state, _) = State::genesis().execute(&payload, 1_000_000);
		let state = StateFile::new(chain.genesis(), state, &Versions::default());
		write(&file, &serde_json::to_vec(&state).unwrap()).unwrap();
		let error = import(&chain, ACCOUNT, base.path(), &file).await.unwrap_err();
		assert!(error.to_string().contains("export a newer state"), "{error:#}");
	}
}
