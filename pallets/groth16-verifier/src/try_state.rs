// SPDX-License-Identifier: Apache-2.0

//! Invariants of the storage.

use crate::{groth16, pallet::*};
use frame_support::{ensure, traits::Get};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks the invariants of the storage.
	///
	/// 1. Keys: at most `MaxKeys`, their counter is right, and all pass the checks of `add_key`.
	/// 2. Versions: from 1 to `LastVersion`.
	/// 3. The active version has a key.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		let last = LastVersion::<T>::get();
		let mut keys = 0u32;
		for (version, key) in Keys::<T>::iter() {
			ensure!((1..=last).contains(&version), "2: a key has a version that was never given");
			ensure!(groth16::decode_key::<T::Curve>(&key).is_ok(), "1: a key is refused");
			keys = keys.saturating_add(1);
		}
		ensure!(keys <= T::MaxKeys::get(), "1: there are more keys than MaxKeys");
		ensure!(keys == Keys::<T>::count(), "1: the number of keys is wrong");
		let has_key = ActiveVersion::<T>::get().is_none_or(Keys::<T>::contains_key);
		ensure!(has_key, "3: the active version has no key");
		Ok(())
	}
}
