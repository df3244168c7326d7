// SPDX-License-Identifier: Apache-2.0

//! Files of a prover, which survive a restart.

use crate::{
	chain::{Version, Versions},
	checkpoint::{self, Checkpoint},
	state_file::StateFile,
};
use anyhow::{bail, ensure, Context, Result};
use std::{
	fs::{self, DirEntry, File, TryLockError},
	io::{self, Write},
	os::unix::fs::MetadataExt,
	path::{Path, PathBuf},
	time::{Duration, SystemTime},
};
use subxt::utils::{AccountId32, H256};

const CHECKPOINT_FILE: &str = "checkpoint.json";
const IMPORT_FILE: &str = "import.json";
const LOCK_FILE: &str = "lock";
const METADATA_FOLDER: &str = "metadata";
const METADATA_EXTENSION: &str = "scale";

/// Start of the name of a file that is being written.
const PARTIAL: &str = ".partial-";

/// Time after which a file is not written any more.
const MAX_WRITE_TIME: Duration = Duration::from_secs(60 * 60);

/// Folder of one account on one chain.
#[derive(Debug)]
pub struct Folder {
	path: PathBuf,
	/// Held until the program ends.
	_lock: Option<File>,
}

impl Folder {
	/// Returns the folder for reading, below the folder of all provers of this machine.
	pub fn at(base: &Path, genesis: H256, account: &AccountId32) -> Self {
		let chain = hex::encode(&genesis.0[..8]);
		Self { path: base.join(format!("{chain}-{account}")), _lock: None }
	}

	/// Returns the folder for this program alone. Creates it if it does not exist.
	///
	/// Fails if another program uses it.
	pub fn lock(base: &Path, genesis: H256, account: &AccountId32) -> Result<Self> {
		let mut folder = Self::at(base, genesis, account);
		let shown = folder.path.display();
		fs::create_dir_all(folder.path.join(METADATA_FOLDER))
			.with_context(|| format!("cannot create the folder {shown}"))?;
		let path = folder.path.join(LOCK_FILE);
		// A disk that became read-only still has all that is needed to prove.
		let lock = File::create(&path)
			.or_else(|_| File::open(&path))
			.with_context(|| format!("cannot create the file {}", path.display()))?;
		folder.locked(lock.try_lock())?;
		folder._lock = Some(lock);
		folder.remove_partial_files();
		Ok(folder)
	}

	/// Returns `true` if another program uses the folder. Creates nothing.
	pub fn is_in_use(&self) -> Result<bool> {
		let path = self.path.join(LOCK_FILE);
		match File::open(&path) {
			Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
			lock => {
				let lock = lock.with_context(|| format!("cannot read {}", path.display()))?;
				match lock.try_lock_shared() {
					Err(TryLockError::WouldBlock) => Ok(true),
					other => self.locked(other).map(|()| false),
				}
			},
		}
	}

	/// Returns an error that says what to do if a lock failed.
	fn locked(&self, lock: Result<(), TryLockError>) -> Result<()> {
		let shown = self.path.display();
		match lock {
			Ok(()) => Ok(()),
			Err(TryLockError::WouldBlock) => {
				bail!("another prover uses {shown}: stop it, or use another --data folder")
			},
			Err(TryLockError::Error(error)) => {
				Err(error).with_context(|| format!("cannot lock {shown}"))
			},
		}
	}

	/// Removes files that an earlier run of the program could not complete. Another program may write
	/// a recent one.
	fn remove_partial_files(&self) {
		let is_old = |file: &DirEntry| {
			let modified = file.metadata().and_then(|metadata| metadata.modified());
			let age = modified.ok().and_then(|modified| modified.elapsed().ok());
			age.is_some_and(|age| age > MAX_WRITE_TIME)
		};
		for folder in [self.path.clone(), self.path.join(METADATA_FOLDER)] {
			for file in fs::read_dir(folder).into_iter().flatten().flatten() {
				if file.file_name().to_string_lossy().starts_with(PARTIAL) && is_old(&file) {
					// They do no harm if they stay.
					let _ = fs::remove_file(file.path());
				}
			}
		}
	}

	/// Returns the path of the folder.
	pub fn path(&self) -> &Path {
		&self.path
	}

	/// Returns the checkpoint, if there is one.
	///
	/// Fails if it is damaged, or belongs to another chain or account.
	pub fn checkpoint(&self, genesis: H256, account: &AccountId32) -> Result<Option<Checkpoint>> {
		let path = self.path.join(CHECKPOINT_FILE);
		let Some(text) = read(&path)? else {
			return Ok(None);
		};
		let shown = path.display();
		let checkpoint = checkpoint::parse(&text).with_context(|| {
			format!("{shown} cannot be used. Remove it to start without states and books")
		})?;
		ensure!(
			(checkpoint.genesis, checkpoint.account) == (genesis, *account),
			"{shown} belongs to another chain or account: remove it, or use another --data folder"
		);
		Ok(Some(checkpoint))
	}

	/// Writes the checkpoint. After a power failure the file is the old or the new one.
	pub fn save(&self, checkpoint: &Checkpoint) -> Result<()> {
		write(&self.path.join(CHECKPOINT_FILE), &serde_json::to_vec(checkpoint)?)
	}

	/// Returns the runtime versions whose metadata is stored. Damaged files are passed over.
	pub fn versions(&self) -> Versions {
		let mut versions = Versions::default();
		let files = fs::read_dir(self.path.join(METADATA_FOLDER)).into_iter().flatten().flatten();
		for file in files {
			let path = file.path();
			if path.extension().is_none_or(|extension| extension != METADATA_EXTENSION) {
				continue;
			}
			let number = path
				.file_stem()
				.and_then(|name| name.to_str())
				.and_then(|name| name.parse().ok());
			let version = number
				.and_then(|number| fs::read(&path).ok().map(|bytes| (number, bytes)))
				.and_then(|(number, bytes)| Version::new(number, bytes).ok());
			version.into_iter().for_each(|version| versions.add(version));
		}
		versions
	}

	/// Stores the metadata of a runtime version.
	pub fn keep_version(&self, version: &Version) -> Result<()> {
		let name = format!("{}.{METADATA_EXTENSION}", version.spec_version);
		write(&self.path.join(METADATA_FOLDER).join(name), &version.bytes)
	}

	/// Stores a state for the next program that needs it.
	pub fn offer(&self, state: &StateFile) -> Result<()> {
		fs::create_dir_all(&self.path)
			.with_context(|| format!("cannot create the folder {}", self.path.display()))?;
		write(&self.path.join(IMPORT_FILE), &serde_json::to_vec(state)?)
	}

	/// Returns the identity of the file with the state that was offered last, if there is one.
	pub fn offered_file(&self) -> Option<FileId> {
		let metadata = fs::metadata(self.path.join(IMPORT_FILE)).ok()?;
		Some(FileId { inode: metadata.ino(), modified: metadata.modified().ok()? })
	}

	/// Returns the content of that file.
	pub fn offered(&self) -> Result<Vec<u8>> {
		let path = self.path.join(IMPORT_FILE);
		fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
	}

	/// Removes a state that was offered, unless another one was offered afterwards.
	pub fn remove_offered(&self, file: FileId) -> Result<()> {
		let path = self.path.join(IMPORT_FILE);
		if self.offered_file() != Some(file) {
			return Ok(());
		}
		fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))
	}
}

/// Identity of a file that is written once as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileId {
	inode: u64,
	modified: SystemTime,
}

/// Returns the content of a file, or `None` if it does not exist.
fn read(path: &Path) -> Result<Option<Vec<u8>>> {
	match fs::read(path) {
		Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
		content => Ok(Some(content.with_context(|| format!("cannot read {}", path.display()))?)),
	}
}

/// Writes a file as a whole, so that it survives a power failure.
pub fn write(path: &Path, content: &[u8]) -> Result<()> {
	let folder = match path.parent() {
		Some(folder) if folder != Path::new("") => folder,
		_ => Path::new("."),
	};
	let write = || -> io::Result<()> {
		let mut file = tempfile::Builder::new().prefix(PARTIAL).tempfile_in(folder)?;
		file.write_all(content)?;
		file.as_file().sync_all()?;
		file.persist(path)?;
		File::open(folder)?.sync_all()
	};
	write().with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
	use super::*;
	use tempfile::TempDir;

	const GENESIS: H256 = H256::repeat_byte(1);
	const ACCOUNT: AccountId32 = AccountId32([2; 32]);

	fn locked(base: &TempDir) -> Folder {
		Folder::lock(base.path(), GENESIS, &ACCOUNT).unwrap()
	}

	#[test]
	fn a_checkpoint_survives_and_replaces_the_one_before() {
		let base = TempDir::new().unwrap();
		let folder = locked(&base);
		assert!(folder.checkpoint(GENESIS, &ACCOUNT).unwrap().is_none());
		let mut checkpoint = Checkpoint::new(GENESIS, ACCOUNT);
		folder.save(&checkpoint).unwrap();
		checkpoint.scanned.number = 7;
		folder.save(&checkpoint).unwrap();
		assert_eq!(folder.checkpoint(GENESIS, &ACCOUNT).unwrap(), Some(checkpoint));
		let names: Vec<_> = fs::read_dir(folder.path())
			.unwrap()
			.map(|file| file.unwrap().file_name())
			.collect();
		assert_eq!(names.len(), 3, "no temporary file is left: {names:?}");
	}

	#[test]
	fn chains_and_accounts_have_folders_of_their_own() {
		let base = TempDir::new().unwrap();
		let folders = [
			Folder::lock(base.path(), GENESIS, &ACCOUNT).unwrap(),
			Folder::lock(base.path(), H256::repeat_byte(3), &ACCOUNT).unwrap(),
			Folder::lock(base.path(), GENESIS, &AccountId32([4; 32])).unwrap(),
		];
		assert_ne!(folders[0].path(), folders[1].path());
		assert_ne!(folders[0].path(), folders[2].path());
	}

	#[test]
	fn a_second_program_on_the_same_folder_is_refused() {
		let base = TempDir::new().unwrap();
		let first = locked(&base);
		let error = Folder::lock(base.path(), GENESIS, &ACCOUNT).unwrap_err();
		assert!(error.to_string().contains("another prover uses"), "{error}");
		drop(first);
		locked(&base);
	}

	#[test]
	fn a_damaged_checkpoint_is_reported_and_kept() {
		let base = TempDir::new().unwrap();
		let folder = locked(&base);
		let path = folder.path().join(CHECKPOINT_FILE);
		for text in ["", "{", "{\"format\":1}", "{\"format\":4}"] {
			fs::write(&path, text).unwrap();
			let error = folder.checkpoint(GENESIS, &ACCOUNT).unwrap_err();
			assert!(error.to_string().contains("Remove it"), "{error:#}");
			assert_eq!(fs::read_to_string(&path).unwrap(), text);
		}
	}

	#[test]
	fn a_checkpoint_of_another_chain_or_account_is_rejected() {
		let base = TempDir::new().unwrap();
		let folder = locked(&base);
		folder.save(&Checkpoint::new(GENESIS, ACCOUNT)).unwrap();
		for (genesis, account) in [(H256::zero(), ACCOUNT), (GENESIS, AccountId32([9; 32]))] {
			let error = folder.checkpoint(genesis, &account).unwrap_err();
			assert!(error.to_string().contains("another chain or account"), "{error:#}");
		}
	}

	#[test]
	fn a_failed_write_keeps_the_old_file() {
		let base = TempDir::new().unwrap();
		let folder = locked(&base);
		let checkpoint = Checkpoint::new(GENESIS, ACCOUNT);
		folder.save(&checkpoint).unwrap();
		// A folder in place of the file cannot be replaced, whatever the rights of the user are.
		let path = folder.path().join(IMPORT_FILE);
		fs::create_dir_all(path.join("occupied")).unwrap();
		assert!(write(&path, b"new").is_err());
		assert_eq!(folder.checkpoint(GENESIS, &ACCOUNT).unwrap(), Some(checkpoint));
	}

	#[test]
	fn files_of_an_interrupted_write_are_removed() {
		let base = TempDir::new().unwrap();
		let path = locked(&base).path().to_owned();
		let partial = path.join(format!("{PARTIAL}1"));
		fs::write(&partial, "half").unwrap();
		drop(locked(&base));
		assert!(partial.exists(), "another program may write it");
		let before = SystemTime::now() - 2 * MAX_WRITE_TIME;
		File::open(&partial).unwrap().set_modified(before).unwrap();
		let folder = locked(&base);
		assert!(!partial.exists());
		folder.save(&Checkpoint::new(GENESIS, ACCOUNT)).unwrap();
	}

	#[test]
	fn foreign_files_are_left_alone() {
		let base = TempDir::new().unwrap();
		let folder = locked(&base);
		let foreign = folder.path().join(METADATA_FOLDER).join("notes.txt");
		fs::write(&foreign, "mine").unwrap();
		fs::write(folder.path().join(METADATA_FOLDER).join("7.scale"), "damaged").unwrap();
		assert_eq!(folder.versions().iter().count(), 0);
		folder.save(&Checkpoint::new(GENESIS, ACCOUNT)).unwrap();
		assert_eq!(fs::read_to_string(foreign).unwrap(), "mine");
	}
}
