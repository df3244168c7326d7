// SPDX-License-Identifier: Apache-2.0

//! Files that survive a restart: the state of the prover, and the payloads of unsettled rollup
//! blocks.

use crate::{
	chain::Event,
	ledger::{Ledger, Proposal},
	schedule::Work,
	totals::Totals,
};
use anyhow::{bail, ensure, Context, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
	collections::BTreeMap,
	fs::{self, File},
	io::{self, Write},
	path::{Path, PathBuf},
};
use subxt::utils::{AccountId32, H256};

/// Version of the file's layout. Files with another version are rejected.
const FORMAT: u32 = 2;

const CHECKPOINT_FILE: &str = "checkpoint.json";
const PAYLOAD_FOLDER: &str = "payloads";

/// The state of a prover after a finalized block of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
	format: u32,
	/// Hash of the chain's genesis block.
	pub genesis: H256,
	/// Account that is assigned and paid.
	pub account: AccountId32,
	/// Last finalized block that was read.
	pub scanned: Scanned,
	/// States of the rollup.
	pub ledger: Ledger,
	/// Reason for which proving is halted.
	pub waiting: Option<String>,
	/// Earnings and losses of the account.
	pub totals: Totals,
	/// Work that is under way, by rollup block.
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
	/// Returns the state before the first block of the chain.
	pub fn new(genesis: H256, account: AccountId32) -> Self {
		Self {
			format: FORMAT,
			genesis,
			account,
			scanned: Scanned { number: 0, hash: genesis },
			ledger: Ledger::genesis(),
			waiting: None,
			totals: Totals::default(),
			work: BTreeMap::new(),
		}
	}

	/// Records a finalized event. `payloads` has the payloads of blocks that settle in an unknown
	/// state.
	pub fn note(&mut self, event: &Event, payloads: &BTreeMap<u64, Vec<u8>>) {
		let Self { ledger, totals, account, .. } = self;
		match event {
			Event::BlockProposed(event) => ledger.propose(event.block_id, event.proposal()),
			Event::BlockSettled(event) => {
				let payload = || payloads.get(&event.block_id).cloned();
				ledger.settle(event.block_id, event.state_root, payload);
				totals.settled(event, account);
			},
			Event::BlockProven(event) => totals.proven(event, account),
			Event::AssignmentMissed(event) => totals.missed(event, account),
			Event::Slashed(event) => totals.slashed(event, account),
			_ => {},
		}
	}
}

/// Folder with the files that survive a restart.
#[derive(Clone, Debug)]
pub struct DataDir {
	path: PathBuf,
}

impl DataDir {
	/// Opens this folder. Creates it if it does not exist.
	pub fn create(path: &Path) -> Result<Self> {
		let folder = Self::at(path);
		fs::create_dir_all(path.join(PAYLOAD_FOLDER))
			.with_context(|| format!("cannot create the folder {}", path.display()))?;
		Ok(folder)
	}

	/// Opens this folder for reading only.
	pub fn at(path: &Path) -> Self {
		Self { path: path.to_path_buf() }
	}

	/// Returns the path of the folder.
	pub fn path(&self) -> &Path {
		&self.path
	}

	/// Returns the checkpoint, if there is one.
	///
	/// Fails if the checkpoint is damaged, or belongs to another chain or account. Its states and
	/// sums would be wrong.
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
			// An older format must not be reported as a missing field.
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
				"{path} belongs to the chain with the genesis {:?}, the node has {genesis:?}: use a \
				 different --data folder",
				checkpoint.genesis
			);
		}
		if checkpoint.account != *account {
			bail!(
				"{path} belongs to the account {}, the prover is {account}: use a different --data \
				 folder",
				checkpoint.account
			);
		}
		Ok(Some(checkpoint))
	}

	/// Writes the checkpoint atomically. After a power failure the file is the old or the new one.
	pub fn save(&self, checkpoint: &Checkpoint) -> Result<()> {
		let text = serde_json::to_vec(checkpoint)?;
		self.write(&self.path.join(CHECKPOINT_FILE), &text)
	}

	/// Stores the payload of a rollup block. The node may prune the state of its chain block before
	/// the payload is needed.
	pub fn keep_payload(&self, block_id: u64, payload: &[u8]) -> Result<()> {
		self.write(&self.payload_path(block_id), payload)
	}

	/// Returns the payload of a rollup block. Fails if there is none, or if it belongs to another
	/// proposal.
	pub fn payload(&self, block_id: u64, proposal: &Proposal) -> Result<Vec<u8>> {
		let path = self.payload_path(block_id);
		let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
		ensure!(
			Sha256::digest(&bytes).as_slice() == proposal.payload_hash.as_bytes(),
			"{} is not the payload of block {block_id}",
			path.display()
		);
		Ok(bytes)
	}

	/// Removes all payloads except those of the wanted rollup blocks.
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
	use crate::{
		chain::events::{
			AssignmentMissed, BlockOverridden, BlockProposed, BlockProven, BlockSettled,
			TransitionDiscarded,
		},
		schedule::{Proof, Stage},
	};
	use tempfile::TempDir;

	const GENESIS: H256 = H256::repeat_byte(1);
	const ACCOUNT: AccountId32 = AccountId32([2; 32]);

	fn folder() -> (TempDir, DataDir) {
		let temporary = TempDir::new().unwrap();
		let data = DataDir::create(&temporary.path().join("data")).unwrap();
		(temporary, data)
	}

	fn proposal(payload: &[u8]) -> Proposal {
		Proposal {
			payload_hash: H256(Sha256::digest(payload).into()),
			payload_size: payload.len() as u32,
			gas_limit: 5,
		}
	}

	/// Returns a checkpoint with a value in each field.
	fn checkpoint() -> Checkpoint {
		let mut checkpoint = Checkpoint::new(GENESIS, ACCOUNT);
		checkpoint.scanned = Scanned { number: 7, hash: H256::repeat_byte(3) };
		let root = checkpoint.ledger.settled_root();
		checkpoint.ledger.propose(1, proposal(b"abc"));
		checkpoint.ledger.execute(1, &proposal(b"abc"), root, || Some(b"abc".into()));
		checkpoint.waiting = Some("a reason".into());
		checkpoint.totals =
			Totals { earned: u128::MAX, slashed: u64::MAX, proven: 1, missed: 3, failures: 2 };
		let proof = Proof { bytes: vec![1, 2], attempts: 3, not_before: 4 };
		let sent = Stage::Sent {
			proof: proof.clone(),
			extrinsic: vec![5; 200],
			expires: 6,
			submitted: false,
		};
		for (block_id, stage) in [(1, Stage::Proved(proof)), (2, sent)] {
			checkpoint.work.insert(block_id, Work { input: H256::repeat_byte(8), stage });
		}
		checkpoint
	}

	fn refusal(data: &DataDir) -> String {
		data.load(GENESIS, &ACCOUNT).unwrap_err().to_string()
	}

	#[test]
	fn finalized_events_update_the_totals_and_the_states() {
		let mut checkpoint = Checkpoint::new(GENESIS, ACCOUNT);
		let genesis = checkpoint.ledger.settled_root();
		let Proposal { payload_hash, payload_size, gas_limit } = proposal(b"abc");
		let proposed = BlockProposed { block_id: 1, payload_hash, payload_size, gas_limit };
		let settled = BlockSettled {
			block_id: 1,
			state_root: genesis,
			prover: Some(ACCOUNT),
			reward: 5,
			bounty: 2,
		};
		for event in [
			Event::BlockProposed(proposed),
			Event::AssignmentMissed(AssignmentMissed { block_id: 1, prover: ACCOUNT }),
			Event::BlockProven(BlockProven { block_id: 1, prover: Some(ACCOUNT) }),
			// These events change nothing in the checkpoint.
			Event::BlockOverridden(BlockOverridden { block_id: 1, state_root: GENESIS }),
			Event::TransitionDiscarded(TransitionDiscarded { block_id: 1, prover: ACCOUNT }),
			Event::BlockSettled(settled),
		] {
			checkpoint.note(&event, &BTreeMap::from([(1, b"abc".into())]));
		}
		let expected = Totals { earned: 7, proven: 1, missed: 1, ..Totals::default() };
		assert_eq!(checkpoint.totals, expected);
		assert_eq!(checkpoint.ledger.settled(), 1);
		assert!(checkpoint.ledger.knows(genesis));
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
	fn the_submission_of_a_transaction_to_the_node_does_not_survive() {
		let (_temporary, data) = folder();
		let mut checkpoint = checkpoint();
		let before = checkpoint.clone();
		for work in checkpoint.work.values_mut() {
			if let Stage::Sent { submitted, .. } = &mut work.stage {
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
		for damaged in [&text[..text.len() / 2], b"", b"{\"format\":2}"] {
			fs::write(&path, damaged).unwrap();
			assert!(refusal(&data).contains("is damaged"));
		}
	}

	#[test]
	fn a_checkpoint_of_another_format_is_refused_as_such() {
		let (_temporary, data) = folder();
		fs::write(data.path().join(CHECKPOINT_FILE), b"{\"format\":1,\"other\":[]}").unwrap();
		assert!(refusal(&data).contains("another version"));
	}

	#[test]
	fn a_partially_written_checkpoint_does_no_harm() {
		let (_temporary, data) = folder();
		data.save(&checkpoint()).unwrap();
		fs::write(data.path().join("checkpoint.new"), b"{").unwrap();
		assert_eq!(data.load(GENESIS, &ACCOUNT).unwrap(), Some(checkpoint()));
		data.save(&checkpoint()).unwrap();
		assert_eq!(data.load(GENESIS, &ACCOUNT).unwrap(), Some(checkpoint()));
	}

	#[test]
	fn the_payload_of_another_fork_is_refused() {
		let (_temporary, data) = folder();
		data.keep_payload(1, b"one").unwrap();
		let error = data.payload(1, &proposal(b"another")).unwrap_err().to_string();
		assert!(error.contains("is not the payload of block 1"), "{error}");
	}

	#[test]
	fn payloads_are_kept_until_they_are_not_wanted() {
		let (_temporary, data) = folder();
		data.keep_payload(1, b"one").unwrap();
		data.keep_payload(2, b"").unwrap();
		data.keep_payload(2, b"two").unwrap();
		fs::write(data.path().join(PAYLOAD_FOLDER).join("3.new"), b"half").unwrap();
		data.retain_payloads(|block_id| block_id == 2).unwrap();
		assert!(data.payload(1, &proposal(b"one")).is_err());
		assert_eq!(data.payload(2, &proposal(b"two")).unwrap(), b"two");
		assert_eq!(fs::read_dir(data.path().join(PAYLOAD_FOLDER)).unwrap().count(), 1);
	}
}
