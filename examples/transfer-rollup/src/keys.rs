// SPDX-License-Identifier: Apache-2.0

//! Groth16 keys of the circuit.
//!
//! **Anyone can forge proofs with these keys, because their seed is published here.** They are for
//! development. Every machine generates the same keys, so that a chain's genesis can contain the
//! verifying key. A rollup with real value must take keys from a set-up ceremony; see [the
//! crate](crate).

use crate::{circuit::TransferCircuit, transfers::State};
use ark_bn254::Bn254;
use ark_groth16::{Groth16, ProvingKey};
use ark_relations::gr1cs::SynthesisError;
use ark_serialize::{CanonicalDeserialize, CanonicalSerialize};
use ark_snark::CircuitSpecificSetupSNARK;
use rand_chacha::{rand_core::SeedableRng, ChaCha20Rng};
use sha2::{Digest, Sha256};
use std::{
	fs::{self, File},
	io::{self, Write},
	path::Path,
};
use tempfile::NamedTempFile;

/// Seed of the keys. Public: see the [module](self).
pub const SEED: [u8; 32] = *b"prover-pool development set-up 1";

/// Verifying key in the encoding of `add_key` of pallet-groth16-verifier: arkworks' uncompressed
/// encoding. A test compares it with the generated key.
pub const VERIFYING_KEY: &[u8] = include_bytes!("../keys/verifying-key.bin");

/// Root of the genesis state. A test compares it with [`State::genesis`].
pub const GENESIS_STATE: &[u8; 32] = include_bytes!("../keys/genesis-state.bin");

/// Name of the verifying key's file, for [`Keys::write_to`].
pub const VERIFYING_KEY_FILE: &str = "verifying-key.bin";
/// Name of the genesis state's file, for [`Keys::write_to`].
pub const GENESIS_STATE_FILE: &str = "genesis-state.bin";
/// Name of the proving key's file, for [`Keys::write_to`].
pub const PROVING_KEY_FILE: &str = "proving-key.bin";

const DIGEST_SIZE: usize = 32;

/// Proving key, which contains the verifying key.
#[derive(PartialEq, Debug)]
pub struct Keys {
	pub(crate) proving_key: ProvingKey<Bn254>,
}

impl Keys {
	/// Generates the keys, which takes a while. The result is the same on every machine.
	pub fn generate() -> Result<Self, SynthesisError> {
		let mut rng = ChaCha20Rng::from_seed(SEED);
		let (proving_key, _) = Groth16::<Bn254>::setup(TransferCircuit::any(), &mut rng)?;
		Ok(Self { proving_key })
	}

	/// Returns the keys in the file at `path`. Generates and writes them first if there is no file.
	///
	/// Fails as [`Keys::load`] does. It never overwrites a file, which may be the result of a set-up
	/// ceremony.
	pub fn load_or_generate(path: &Path) -> io::Result<Self> {
		if let Some(keys) = Self::load(path)? {
			return Ok(keys);
		}
		let keys = Self::generate().map_err(io::Error::other)?;
		keys.store(path)?;
		Ok(keys)
	}

	/// Writes the keys to a file that does not exist yet.
	///
	/// Fails if it exists: it may be the result of a set-up ceremony.
	pub fn store(&self, path: &Path) -> io::Result<()> {
		let (file, folder) = written_file(path, &self.encode())?;
		file.persist_noclobber(path)?;
		File::open(folder)?.sync_all()
	}

	/// Returns the keys in a file, or `None` if there is no file.
	///
	/// Fails if the file is damaged or no proving key. Does not check the points, because the digest
	/// shows that they are unchanged.
	pub fn load(path: &Path) -> io::Result<Option<Self>> {
		let bytes = match fs::read(path) {
			Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
			bytes => bytes?,
		};
		let points = bytes
			.split_at_checked(DIGEST_SIZE)
			.filter(|(digest, points)| Sha256::digest(points).as_slice() == *digest)
			.map(|(_, points)| points);
		let proving_key = points
			.and_then(|points| ProvingKey::deserialize_uncompressed_unchecked(points).ok())
			.ok_or_else(|| {
				let message = "the file is damaged or no proving key: rename or remove it";
				io::Error::new(io::ErrorKind::InvalidData, message)
			})?;
		Ok(Some(Self { proving_key }))
	}

	/// Returns the verifying key in the encoding of `add_key` of pallet-groth16-verifier.
	pub fn verifying_key(&self) -> Vec<u8> {
		uncompressed(&self.proving_key.vk)
	}

	/// Writes the verifying key, the genesis state and the proving key into a folder, and replaces
	/// earlier files. Makes the folder if it does not exist.
	pub fn write_to(&self, folder: &Path) -> io::Result<()> {
		fs::create_dir_all(folder)?;
		write_atomically(&folder.join(VERIFYING_KEY_FILE), &self.verifying_key())?;
		write_atomically(&folder.join(GENESIS_STATE_FILE), &State::genesis().root())?;
		write_atomically(&folder.join(PROVING_KEY_FILE), &self.encode())
	}

	fn encode(&self) -> Vec<u8> {
		let points = uncompressed(&self.proving_key);
		[Sha256::digest(&points).as_slice(), &points].concat()
	}
}

/// Writes a file as a whole, so that no reader sees a part of it and it survives a power failure.
fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
	let (file, folder) = written_file(path, bytes)?;
	file.persist(path)?;
	File::open(folder)?.sync_all()
}

/// Returns a temporary file with this content in the folder of a path, and that folder.
fn written_file<'a>(path: &'a Path, bytes: &[u8]) -> io::Result<(NamedTempFile, &'a Path)> {
	let folder = match path.parent() {
		Some(folder) if folder != Path::new("") => folder,
		_ => Path::new("."),
	};
	let mut file = NamedTempFile::new_in(folder)?;
	file.write_all(bytes)?;
	file.as_file().sync_all()?;
	Ok((file, folder))
}

fn uncompressed(value: &impl CanonicalSerialize) -> Vec<u8> {
	let mut bytes = Vec::with_capacity(value.uncompressed_size());
	value
		.serialize_uncompressed(&mut bytes)
		.expect("a vector takes every byte; qed");
	bytes
}
