// SPDX-License-Identifier: Apache-2.0

//! What survives a restart: one file with the state of the prover, and the payloads of the rollup
//! blocks that are not settled.

use crate::{ledger::Ledger, schedule::Work, totals::Totals};
use anyhow::{bail, Context, Result};
use serde::{Deserialize, Serialize};
use std::{
	collections::BTreeMap,
	fs::{self, File},
	io::{self, Write},
	path::{Path, PathBuf},
};
use subxt::utils::{AccountId32, H256};

/// The layout of the file. Another one is refused.
const FORMAT: u32 = 1;

const CHECKPOINT_FILE: &str = "checkpoint.json";
const PAYLOAD_FOLDER: &str = "payloads";

/// The state of a prover after a finalized block of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
	format: u32,
	/// The chain: the hash of its genesis block.
	pub genesis: H256,
	/// The account that proves.
	pub account: AccountId32,
	/// The latest finalized block that was looked at.
	pub scanned: Scanned,
	/// The rollup's states.
	pub ledger: Ledger,
	/// What the account earned and lost.
	pub totals: Totals,
	/// What is under way, by rollup block.
	pub work: BTreeMap<u64, Work>,
}

/// A block of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scanned {
	/// Its number.
	pub number: u64,
	/// Its hash.
	pub hash: H256,
}

impl Checkpoint {
	/// The state before the first block of the chain.
	pub fn new(genesis: H256, account: AccountId32) -> Self {
		Self {
			format: FORMAT,
			genesis,
			account,
			scanned: Scanned { number: 0, hash: genesis },
			ledger: Ledger::genesis(),
			totals: Totals::default(),
			work: BTreeMap::new(),
		}
	}
}

/// The folder in which a prover keeps what survives a restart.
#[derive(Clone, Debug)]
pub struct DataDir {
	path: PathBuf,
}

impl DataDir {
	/// Uses this folder, and makes it if there is none.
	pub fn create(path: &Path) -> Result<Self> {
		let folder = Self::at(path);
		fs::create_dir_all(path.join(PAYLOAD_FOLDER))
			.with_context(|| format!("cannot make the folder {}", path.display()))?;
		Ok(folder)
	}

	/// Uses this folder, to read only.
	pub fn at(path: &Path) -> Self {
		Self { path: path.to_path_buf() }
	}

	/// The folder.
	pub fn path(&self) -> &Path {
		&self.path
	}

	/// The checkpoint, if there is one.
	///
	/// Fails if it is damaged, or belongs to another chain or account: the states and sums in it
	/// would be false.
	pub fn load(&self, genesis: H256, account: &AccountId32) -> Result<Option<Checkpoint>> {
		let path = self.path.join(CHECKPOINT_FILE);
		let text = match fs::read(&path) {
			Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
			text => text.with_context(|| format!("cannot read {}", path.display()))?,
		};

		#[derive(Deserialize)]
		struct Version {
			format: u32,
		}
		let parsed = serde_json::from_slice(&text).and_then(|Version { format }| {
			// Another format is told as such, and not as a field that is missing.
			(format == FORMAT).then(|| serde_json::from_slice(&text)).transpose()
		});
		let path = path.display();
		let checkpoint: Checkpoint = match parsed {
			Ok(Some(checkpoint)) => checkpoint,
			Ok(None) => bail!("{path} was written by another version of this program: remove it"),
			Err(error) => bail!("{path} is damaged ({error}): remove it to start from genesis"),
		};
		if checkpoint.genesis != genesis {
			bail!(
				"{path} belongs to the chain with the genesis {:?}, the node has {genesis:?}: name \
				 another folder with --data",
				checkpoint.genesis
			);
		}
		if checkpoint.account != *account {
			bail!(
				"{path} belongs to the account {}, the key is that of {account}: name another \
				 folder with --data",
				checkpoint.account
			);
		}
		Ok(Some(checkpoint))
	}

	/// Writes the checkpoint: after a power cut there is the old one or the new one.
	pub fn save(&self, checkpoint: &Checkpoint) -> Result<()> {
		let text = serde_json::to_vec(checkpoint)?;
		self.write(&self.path.join(CHECKPOINT_FILE), &text)
	}

	/// Keeps the payload of a rollup block: the chain's state at the block that had it may be gone
	/// when it is needed.
	pub fn keep_payload(&self, block_id: u64, payload: &[u8]) -> Result<()> {
		self.write(&self.payload_path(block_id), payload)
	}

	/// The payload of a rollup block.
	pub fn payload(&self, block_id: u64) -> Result<Vec<u8>> {
		let path = self.payload_path(block_id);
		fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
	}

	/// Removes the payloads of all rollup blocks but these.
	pub fn retain_payloads(&self, wanted: impl Fn(u64) -> bool) -> Result<()> {
		let folder = self.path.join(PAYLOAD_FOLDER);
		let context = || format!("cannot clear {}", folder.display());
		for entry in fs::read_dir(&folder).with_context(context)? {
			let entry = entry.with_context(context)?;
			let id = entry.file_name().to_str().and_then(|name| name.parse().ok());
			if !id.is_some_and(&wanted) {
				fs::remove_file(entry.path()).with_context(context)?;
			}
		}
		Ok(())
	}

	fn payload_path(&self, block_id: u64) -> PathBuf {
		self.path.join(PAYLOAD_FOLDER).join(block_id.to_string())
	}

	fn write(&self, path: &Path, bytes: &[u8]) -> Result<()> {
		let temporary = path.with_extension("new");
		let write = || -> io::Result<()> {
			let mut file = File::create(&temporary)?;
			file.write_all(bytes)?;
			file.sync_all()?;
			fs::rename(&temporary, path)
		};
		write().with_context(|| format!("cannot write {}", path.display()))
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{chain::events::BlockProposed, schedule::Proof};
	use tempfile::TempDir;

	const GENESIS: H256 = H256::repeat_byte(1);
	const ACCOUNT: AccountId32 = AccountId32([2; 32]);

	fn folder() -> (TempDir, DataDir) {
		let temporary = TempDir::new().unwrap();
		let data = DataDir::create(&temporary.path().join("data")).unwrap();
		(temporary, data)
	}

	/// A checkpoint with something in each field.
	fn checkpoint() -> Checkpoint {
		let mut checkpoint = Checkpoint::new(GENESIS, ACCOUNT);
		checkpoint.scanned = Scanned { number: 7, hash: H256::repeat_byte(3) };
		let event = BlockProposed {
			block_id: 1,
			payload_hash: H256::repeat_byte(4),
			payload_size: 3,
			gas_limit: 5,
			assigned: None,
			closes_at: 9,
		};
		checkpoint.ledger.propose(&event, b"abc");
		checkpoint.totals = Totals { earned: u128::MAX, slashed: u64::MAX, proven: 1, failures: 2 };
		let proof = Proof { bytes: vec![1, 2], attempts: 3, not_before: 4 };
		checkpoint.work.insert(1, Work::Proved(proof.clone()));
		let sent = Work::Sent { proof, extrinsic: vec![5; 200], expires: 6, submitted: false };
		checkpoint.work.insert(2, sent);
		checkpoint
	}

	fn refusal(data: &DataDir) -> String {
		data.load(GENESIS, &ACCOUNT).unwrap_err().to_string()
	}

	#[test]
	fn a_checkpoint_survives_being_written() {
		let (_temporary, data) = folder();
		assert_eq!(data.load(GENESIS, &ACCOUNT).unwrap(), None);
		data.save(&Checkpoint::new(GENESIS, ACCOUNT)).unwrap();
		data.save(&checkpoint()).unwrap();
		assert_eq!(data.load(GENESIS, &ACCOUNT).unwrap(), Some(checkpoint()));
		let files = fs::read_dir(data.path()).unwrap().count();
		assert_eq!(files, 2, "the checkpoint and the folder of payloads, and nothing else");
	}

	#[test]
	fn whether_the_node_was_given_a_transaction_does_not_survive() {
		let (_temporary, data) = folder();
		let mut checkpoint = checkpoint();
		let before = checkpoint.clone();
		for work in checkpoint.work.values_mut() {
			if let Work::Sent { submitted, .. } = work {
				*submitted = true;
			}
		}
		data.save(&checkpoint).unwrap();
		assert_eq!(data.load(GENESIS, &ACCOUNT).unwrap(), Some(before));
	}

	#[test]
	fn a_checkpoint_of_another_chain_or_account_is_refused() {
		let (_temporary, data) = folder();
		data.save(&checkpoint()).unwrap();
		let error = data.load(H256::repeat_byte(9), &ACCOUNT).unwrap_err().to_string();
		assert!(error.contains("belongs to the chain with the genesis 0x0101"), "{error}");
		let error = data.load(GENESIS, &AccountId32([9; 32])).unwrap_err().to_string();
		assert!(error.contains("belongs to the account"), "{error}");
	}

	#[test]
	fn a_damaged_checkpoint_is_refused() {
		let (_temporary, data) = folder();
		data.save(&checkpoint()).unwrap();
		let path = data.path().join(CHECKPOINT_FILE);
		let text = fs::read(&path).unwrap();
		for damaged in [&text[..text.len() / 2], b"", b"{\"format\":1}"] {
			fs::write(&path, damaged).unwrap();
			assert!(refusal(&data).contains("is damaged"));
		}
	}

	#[test]
	fn a_checkpoint_of_another_format_is_refused_as_such() {
		let (_temporary, data) = folder();
		fs::write(data.path().join(CHECKPOINT_FILE), b"{\"format\":2,\"other\":[]}").unwrap();
		assert!(refusal(&data).contains("another version"));
	}

	#[test]
	fn a_checkpoint_that_was_not_finished_does_no_harm() {
		let (_temporary, data) = folder();
		data.save(&checkpoint()).unwrap();
		fs::write(data.path().join("checkpoint.new"), b"{").unwrap();
		assert_eq!(data.load(GENESIS, &ACCOUNT).unwrap(), Some(checkpoint()));
		data.save(&checkpoint()).unwrap();
		assert_eq!(data.load(GENESIS, &ACCOUNT).unwrap(), Some(checkpoint()));
	}

	#[test]
	fn payloads_are_kept_as_long_as_they_are_wanted() {
		let (_temporary, data) = folder();
		data.keep_payload(1, b"one").unwrap();
		data.keep_payload(2, b"").unwrap();
		data.keep_payload(2, b"two").unwrap();
		fs::write(data.path().join(PAYLOAD_FOLDER).join("3.new"), b"half").unwrap();
		data.retain_payloads(|block_id| block_id == 2).unwrap();
		assert!(data.payload(1).is_err());
		assert_eq!(data.payload(2).unwrap(), b"two");
		assert_eq!(fs::read_dir(data.path().join(PAYLOAD_FOLDER)).unwrap().count(), 1);
	}
}
