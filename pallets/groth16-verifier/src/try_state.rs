// SPDX-License-Identifier: Apache-2.0

//! Invariants of the storage.

use crate::{groth16, pallet::*};
use frame_support::{ensure, traits::Get};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks the invariants of the storage.
	///
	/// 1. Keys: at most `MaxKeys`, their counter is right, and all are valid.
	/// 2. Versions: from 1 to `LastVersion`.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		let last = LastVersion::<T>::get();
		let mut keys = 0u32;
		for (version, key) in VerifyingKeys::<T>::iter() {
			ensure!((1..=last).contains(&version), "2: a key has a version that was never given");
			ensure!(groth16::decode_key::<T::Curve>(&key).is_some(), "1: a key is invalid");
			keys = keys.saturating_add(1);
		}
		ensure!(keys <= T::MaxKeys::get(), "1: there are more keys than MaxKeys");
		ensure!(keys == VerifyingKeys::<T>::count(), "1: the number of keys is wrong");
		Ok(())
	}
}
