// SPDX-License-Identifier: Apache-2.0

//! The keys are the published ones, and other key files are not read.

use super::*;
use crate::keys::*;
use ark_bn254::{Bn254, G1Affine};
use ark_ec::AffineRepr;
use pallet_groth16_verifier::groth16;
use std::fs;

#[test]
fn the_published_files_match_the_code() {
	let hint = "run `transfer-rollup keys`, and put its files into examples/transfer-rollup/keys";
	assert!(KEYS.verifying_key() == VERIFYING_KEY, "{hint}");
	assert_eq!(State::genesis().root(), *GENESIS_STATE, "{hint}");
}

#[test]
fn the_chain_accepts_the_verifying_key() {
	let key = groth16::decode_key::<Bn254>(VERIFYING_KEY).unwrap();
	assert_eq!(key, KEYS.proving_key.vk);
	assert_eq!(groth16::encode_key(&key), VERIFYING_KEY);
}

#[test]
fn written_files_are_read_again() {
	let folder = tempfile::tempdir().unwrap();
	let folder = folder.path().join("new/folder");
	KEYS.write_to(&folder).unwrap();
	assert_eq!(fs::read(folder.join(VERIFYING_KEY_FILE)).unwrap(), VERIFYING_KEY);
	assert_eq!(fs::read(folder.join(GENESIS_STATE_FILE)).unwrap(), GENESIS_STATE);
	// Nothing but the three files is left.
	assert_eq!(fs::read_dir(&folder).unwrap().count(), 3);

	let file = folder.join(PROVING_KEY_FILE);
	assert!(Keys::load_or_generate(&file).unwrap() == *KEYS);

	let good = fs::read(&file).unwrap();
	for size in [0, 31, 32, good.len() - 1] {
		fs::write(&file, &good[..size]).unwrap();
		assert!(Keys::load(&file).is_err(), "{size} bytes");
	}
	for byte in [0, 32, good.len() - 1] {
		let mut bad = good.clone();
		bad[byte] ^= 1;
		fs::write(&file, &bad).unwrap();
		assert!(Keys::load_or_generate(&file).is_err(), "byte {byte}");
		assert!(fs::read(&file).unwrap() == bad, "the file is not overwritten");
	}
}

#[test]
fn a_missing_file_is_not_an_error() {
	let folder = tempfile::tempdir().unwrap();
	assert!(Keys::load(&folder.path().join("none")).unwrap().is_none());
	// A folder is not a file.
	assert!(Keys::load(folder.path()).is_err());
}

#[test]
fn keys_of_a_set_up_ceremony_are_read_and_not_overwritten() {
	let folder = tempfile::tempdir().unwrap();
	let file = folder.path().join(PROVING_KEY_FILE);
	let mut proving_key = KEYS.proving_key.clone();
	proving_key.vk.alpha_g1 = G1Affine::generator();
	let keys = Keys { proving_key };
	keys.write_to(folder.path()).unwrap();
	assert!(Keys::load_or_generate(&file).unwrap() == keys);
	assert!(keys.verifying_key() != VERIFYING_KEY);
	assert!(KEYS.store(&file).is_err());
	assert!(Keys::load(&file).unwrap() == Some(keys));
}
