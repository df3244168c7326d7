// SPDX-License-Identifier: Apache-2.0

//! What always holds, whatever was called.

use crate::{groth16, pallet::*};
use frame_support::{ensure, traits::Get};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks every rule that state alone can show.
	///
	/// 1. Keys: no more than `MaxKeys`, as many as are counted, and each of them valid.
	/// 2. Versions: from 1 to the last that was given.
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
