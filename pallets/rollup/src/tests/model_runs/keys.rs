// SPDX-License-Identifier: Apache-2.0

//! Keys of the tests' verifier, by the rules of `pallet-groth16-verifier`.

use crate::mock::*;
use frame_support::{ensure, pallet_prelude::DispatchResult};
use prover_pool_primitives::KeyUser;
use sp_runtime::DispatchError;
use std::collections::BTreeSet;

pub const UNKNOWN_KEY: DispatchError = DispatchError::Other("unknown key");
pub const NOT_NEWER: DispatchError = DispatchError::Other("not newer");
pub const KEY_IS_ACTIVE: DispatchError = DispatchError::Other("key is active");
pub const KEY_IS_NEEDED: DispatchError = DispatchError::Other("key is needed");
pub const NOT_PAUSED: DispatchError = DispatchError::Other("not paused");

/// Versions that have a key.
pub struct Keys {
	versions: BTreeSet<u32>,
	last: u32,
}

impl Keys {
	/// Creates the keys of a genesis with version 1.
	pub fn new() -> Self {
		Self { versions: BTreeSet::from([1]), last: 1 }
	}

	/// Returns the version that is `back` before the next.
	pub fn version(&self, back: u32) -> u32 {
		(self.last + 1).saturating_sub(back)
	}

	pub fn add(&mut self) {
		self.last += 1;
		self.versions.insert(self.last);
	}

	pub fn activate(&self, version: u32) -> DispatchResult {
		ensure!(self.versions.contains(&version), UNKNOWN_KEY);
		ensure!(ActiveVersion::get() < Some(version), NOT_NEWER);
		ActiveVersion::set(Some(version));
		Ok(())
	}

	pub fn remove(&mut self, version: u32) -> DispatchResult {
		ensure!(self.versions.contains(&version), UNKNOWN_KEY);
		ensure!(ActiveVersion::get() != Some(version), KEY_IS_ACTIVE);
		ensure!(!<Rollup as KeyUser>::is_needed(version), KEY_IS_NEEDED);
		self.versions.remove(&version);
		<Rollup as KeyUser>::on_removed(version);
		Ok(())
	}

	pub fn replace(&self, version: u32) -> DispatchResult {
		ensure!(<Rollup as KeyUser>::is_paused(), NOT_PAUSED);
		ensure!(self.versions.contains(&version), UNKNOWN_KEY);
		let mut replacements = KeyReplacements::get();
		*replacements.entry(version).or_default() += 1;
		KeyReplacements::set(replacements);
		<Rollup as KeyUser>::on_replaced(version);
		Ok(())
	}
}
