// SPDX-License-Identifier: Apache-2.0

//! The rollup that is proven. No other module knows its circuit. To prove another rollup, replace
//! state, execution and proofs here.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
	collections::BTreeMap,
	fs,
	io::ErrorKind,
	path::{Path, PathBuf},
	sync::Arc,
	time::SystemTime,
};
use subxt::utils::H256;
use tracing::warn;
use transfer_rollup as circuit;

pub use prover_pool_statement::{public_input, Statement, Transition};
pub use transfer_rollup::Keys;

/// Folder of the proving keys, below that of all provers of this machine.
const KEY_FOLDER: &str = "proving-keys";

/// Size of a proof, in bytes.
pub const PROOF_SIZE: usize = 128;

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
	/// Files that were read, with time and size. A replaced file is read again.
	read: BTreeMap<PathBuf, (Option<SystemTime>, u64)>,
	by_verifying_key: BTreeMap<Vec<u8>, Arc<Keys>>,
}

impl ProvingKeys {
	/// Reads the keys. Creates the folder if it does not exist.
	pub fn load(base: &Path) -> Result<Self> {
		let folder = base.join(KEY_FOLDER);
		fs::create_dir_all(&folder)
			.with_context(|| format!("cannot create the folder {}", folder.display()))?;
		Ok(Self::at(base))
	}

	/// Reads the keys, and creates no folder.
	pub fn at(base: &Path) -> Self {
		let folder = base.join(KEY_FOLDER);
		let mut keys = Self { folder, read: BTreeMap::new(), by_verifying_key: BTreeMap::new() };
		keys.load_new();
		keys
	}

	/// Reads the keys whose files are new. Reports files that cannot be used.
	pub fn load_new(&mut self) {
		let files = match fs::read_dir(&self.folder) {
			Ok(files) => files,
			Err(error) if error.kind() == ErrorKind::NotFound => return,
			Err(error) => {
				warn!("Cannot read the folder {}: {error}.", self.folder.display());
				return;
			},
		};
		for file in files.flatten() {
			let path = file.path();
			let is_key = path.extension().is_some_and(|extension| extension == KEY_EXTENSION);
			let Some(stamp) = stamp(&path).filter(|_| is_key) else { continue };
			if self.read.get(&path) == Some(&stamp) {
				continue;
			}
			match Keys::load(&path) {
				Ok(keys) => keys.into_iter().for_each(|keys| self.add(Arc::new(keys))),
				Err(error) => warn!("Cannot use the proving key {}: {error}.", path.display()),
			}
			self.read.insert(path, stamp);
		}
	}

	/// Returns `true` if the key with this verifying key can be generated.
	pub fn can_generate(verifying_key: &[u8]) -> bool {
		verifying_key == circuit::keys::VERIFYING_KEY
	}

	/// Generates the key of the example rollup, which everyone can generate.
	pub fn generate() -> Result<Arc<Keys>> {
		Keys::generate().map(Arc::new).context("the proof system failed")
	}

	/// Adds a generated key, and stores it in a file of its own if the disk allows it.
	pub fn keep(&mut self, keys: Arc<Keys>) {
		let digest = hex::encode(Sha256::digest(keys.verifying_key()));
		let path = self.folder.join(format!("{}.{KEY_EXTENSION}", &digest[..16]));
		if let Err(error) = keys.store(&path) {
			warn!(
				"Cannot write the proving key {}: {error}. It is kept in memory only.",
				path.display()
			);
		}
		self.add(keys);
	}

	/// Returns the key with this verifying key.
	pub fn find(&self, verifying_key: &[u8]) -> Option<Arc<Keys>> {
		self.by_verifying_key.get(verifying_key).cloned()
	}

	/// Returns the folder of the keys.
	pub fn folder(&self) -> &Path {
		&self.folder
	}

	fn add(&mut self, keys: Arc<Keys>) {
		self.by_verifying_key.insert(keys.verifying_key(), keys);
	}
}

/// Returns the time of the last change of a file, and its size.
fn stamp(path: &Path) -> Option<(Option<SystemTime>, u64)> {
	let metadata = fs::metadata(path).ok()?;
	Some((metadata.modified().ok(), metadata.len()))
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::sync::LazyLock;

	/// Proving key of the example, which takes seconds to generate.
	static EXAMPLE: LazyLock<Arc<Keys>> = LazyLock::new(|| ProvingKeys::generate().unwrap());

	impl ProvingKeys {
		/// Returns the keys of a folder, and that of the example.
		pub fn with_example(base: &Path) -> Self {
			let mut keys = Self::at(base);
			keys.add(EXAMPLE.clone());
			keys
		}
	}

	#[test]
	fn a_folder_without_keys_is_created_and_foreign_files_are_passed_over() {
		let base = tempfile::TempDir::new().unwrap();
		let mut keys = ProvingKeys::load(base.path()).unwrap();
		fs::write(keys.folder().join("notes.txt"), "mine").unwrap();
		keys.load_new();
		assert!(keys.find(circuit::keys::VERIFYING_KEY).is_none());
		assert!(ProvingKeys::can_generate(circuit::keys::VERIFYING_KEY));
		assert!(!ProvingKeys::can_generate(b"another"));
	}

	#[test]
	fn a_damaged_file_hides_no_other_key_and_is_not_overwritten() {
		let base = tempfile::TempDir::new().unwrap();
		let folder = base.path().join(KEY_FOLDER);
		fs::create_dir(&folder).unwrap();
		let damaged = folder.join("a.bin");
		fs::write(&damaged, "damaged").unwrap();
		EXAMPLE.store(&folder.join("b.bin")).unwrap();
		let mut keys = ProvingKeys::load(base.path()).unwrap();
		assert!(keys.find(circuit::keys::VERIFYING_KEY).is_some());
		assert_eq!(fs::read_to_string(&damaged).unwrap(), "damaged");

		// A file that is replaced is read again.
		keys.by_verifying_key.clear();
		keys.load_new();
		assert!(keys.find(circuit::keys::VERIFYING_KEY).is_none());
		fs::copy(folder.join("b.bin"), &damaged).unwrap();
		keys.load_new();
		assert!(keys.find(circuit::keys::VERIFYING_KEY).is_some());
	}

	#[test]
	fn a_generated_key_is_of_use_if_it_cannot_be_written() {
		let base = tempfile::TempDir::new().unwrap();
		let mut keys = ProvingKeys::load(base.path()).unwrap();
		fs::remove_dir(keys.folder()).unwrap();
		keys.keep(EXAMPLE.clone());
		assert!(keys.find(circuit::keys::VERIFYING_KEY).is_some());
	}

	#[test]
	fn a_generated_key_has_a_file_of_its_own() {
		let base = tempfile::TempDir::new().unwrap();
		let mut keys = ProvingKeys::load(base.path()).unwrap();
		let foreign = keys.folder().join(circuit::keys::PROVING_KEY_FILE);
		fs::write(&foreign, "of a ceremony").unwrap();
		keys.keep(EXAMPLE.clone());
		assert_eq!(fs::read_to_string(foreign).unwrap(), "of a ceremony");
		let keys = ProvingKeys::load(base.path()).unwrap();
		assert!(keys.find(circuit::keys::VERIFYING_KEY).is_some());
	}
}
