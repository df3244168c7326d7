// SPDX-License-Identifier: Apache-2.0

//! The rollup that is proven. No other module knows its circuit. To prove another rollup, replace
//! state, execution and proofs here.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::{
	collections::BTreeMap,
	fs,
	path::{Path, PathBuf},
	sync::Arc,
};
use subxt::utils::H256;
use transfer_rollup as circuit;

pub use prover_pool_statement::{public_input, Statement, Transition};
pub use transfer_rollup::Keys;

/// Folder of the proving keys, below that of all provers of this machine.
const KEY_FOLDER: &str = "proving-keys";

/// Extension of a file with a proving key.
const KEY_EXTENSION: &str = "bin";

/// State of the rollup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct State([u64; circuit::transfers::ACCOUNTS]);

impl State {
	/// Returns the state before the first block.
	pub fn genesis() -> Self {
		Self(circuit::State::genesis().balances)
	}

	/// Returns the state root, as the chain defines it.
	pub fn root(&self) -> H256 {
		self.inner().root().into()
	}

	/// Returns the state after a block with this payload, and the gas used.
	pub fn execute(&self, payload: &[u8], gas_limit: u32) -> (Self, u32) {
		let (state, gas_used) = self.inner().execute(payload, gas_limit);
		(Self(state.balances), gas_used)
	}

	/// Proves that executing `payload` on this state makes `statement` true. Takes seconds or more,
	/// on all processors.
	pub fn prove(
		&self,
		keys: &Keys,
		statement: &Statement<[u8; 32]>,
		payload: &[u8],
	) -> Result<Vec<u8>> {
		Ok(circuit::prove(keys, statement, &self.inner(), payload)?)
	}

	fn inner(&self) -> circuit::State {
		circuit::State { balances: self.0 }
	}
}

/// Proving keys of this machine, from all files with the extension `bin` in a folder.
///
/// The key of the next rules can be installed before the chain has it.
pub struct ProvingKeys {
	folder: PathBuf,
	by_file: BTreeMap<PathBuf, ProvingKey>,
}

struct ProvingKey {
	verifying_key: Vec<u8>,
	keys: Arc<Keys>,
}

impl ProvingKeys {
	/// Reads the keys.
	///
	/// Fails if a file is damaged or no proving key.
	pub fn load(base: &Path) -> Result<Self> {
		let mut keys = Self { folder: base.join(KEY_FOLDER), by_file: BTreeMap::new() };
		fs::create_dir_all(&keys.folder)
			.with_context(|| format!("cannot create the folder {}", keys.folder.display()))?;
		keys.load_new()?;
		Ok(keys)
	}

	/// Reads the keys whose files are new.
	pub fn load_new(&mut self) -> Result<()> {
		let shown = self.folder.display();
		let files = fs::read_dir(&self.folder)
			.with_context(|| format!("cannot read the folder {shown}"))?;
		for file in files {
			let path = file?.path();
			let is_key = path.extension().is_some_and(|extension| extension == KEY_EXTENSION);
			if !is_key || self.by_file.contains_key(&path) {
				continue;
			}
			let keys = Keys::load(&path)
				.with_context(|| format!("cannot use the proving key {}", path.display()))?;
			keys.into_iter().for_each(|keys| self.add(path.clone(), keys));
		}
		Ok(())
	}

	/// Generates the key of the example rollup, which everyone can generate, and stores it.
	pub fn generate(&mut self) -> Result<()> {
		let path = self.folder.join(circuit::keys::PROVING_KEY_FILE);
		let keys = Keys::load_or_generate(&path)
			.with_context(|| format!("cannot generate the proving key {}", path.display()))?;
		self.add(path, keys);
		Ok(())
	}

	/// Returns `true` if the key with this verifying key can be generated.
	pub fn can_generate(verifying_key: &[u8]) -> bool {
		verifying_key == circuit::keys::VERIFYING_KEY
	}

	/// Returns the key with this verifying key.
	pub fn find(&self, verifying_key: &[u8]) -> Option<Arc<Keys>> {
		self.by_file
			.values()
			.find(|key| key.verifying_key == verifying_key)
			.map(|key| key.keys.clone())
	}

	/// Returns the folder of the keys.
	pub fn folder(&self) -> &Path {
		&self.folder
	}

	fn add(&mut self, path: PathBuf, keys: Keys) {
		let verifying_key = keys.verifying_key();
		self.by_file.insert(path, ProvingKey { verifying_key, keys: Arc::new(keys) });
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_folder_without_keys_is_created_and_foreign_files_are_passed_over() {
		let base = tempfile::TempDir::new().unwrap();
		let mut keys = ProvingKeys::load(base.path()).unwrap();
		fs::write(keys.folder().join("notes.txt"), "mine").unwrap();
		keys.load_new().unwrap();
		assert!(keys.find(circuit::keys::VERIFYING_KEY).is_none());
		assert!(ProvingKeys::can_generate(circuit::keys::VERIFYING_KEY));
		assert!(!ProvingKeys::can_generate(b"another"));
	}

	#[test]
	fn a_damaged_key_is_reported_and_not_overwritten() {
		let base = tempfile::TempDir::new().unwrap();
		let folder = base.path().join(KEY_FOLDER);
		fs::create_dir(&folder).unwrap();
		let path = folder.join(circuit::keys::PROVING_KEY_FILE);
		fs::write(&path, "damaged").unwrap();
		let error = ProvingKeys::load(base.path()).err().unwrap();
		assert!(format!("{error:#}").contains("rename or remove it"), "{error:#}");
		assert_eq!(fs::read_to_string(path).unwrap(), "damaged");
	}
}
