// SPDX-License-Identifier: Apache-2.0

//! Life of a key: rule R14.

use crate::{
	groth16::{self, KeyError},
	pallet::*,
	KeyVersion,
};
use frame_support::{
	ensure,
	pallet_prelude::{DispatchError, DispatchResult},
	traits::Get,
	BoundedVec,
};
use prover_pool_primitives::KeyUser;

impl<T: Config> Pallet<T> {
	/// Checks a key and stores it under the next version.
	pub(crate) fn insert_key(
		key: BoundedVec<u8, T::MaxKeySize>,
	) -> Result<KeyVersion, DispatchError> {
		ensure!(Keys::<T>::count() < T::MaxKeys::get(), Error::<T>::TooManyKeys);
		let version = LastVersion::<T>::get().checked_add(1).ok_or(Error::<T>::TooManyKeys)?;
		Self::check_key(&key)?;
		LastVersion::<T>::put(version);
		Keys::<T>::insert(version, key);
		Ok(version)
	}

	/// Makes a version that of the blocks proposed from now on.
	pub(crate) fn set_active(version: KeyVersion) -> DispatchResult {
		ensure!(Keys::<T>::contains_key(version), Error::<T>::UnknownKey);
		// `None` is less than every version.
		ensure!(ActiveVersion::<T>::get() < Some(version), Error::<T>::NotNewer);
		ActiveVersion::<T>::put(version);
		Ok(())
	}

	/// Removes a key that no block needs, and that is not active.
	pub(crate) fn delete_key(version: KeyVersion) -> DispatchResult {
		ensure!(Keys::<T>::contains_key(version), Error::<T>::UnknownKey);
		ensure!(ActiveVersion::<T>::get() != Some(version), Error::<T>::KeyIsActive);
		ensure!(!T::Rollup::is_needed(version), Error::<T>::KeyIsNeeded);
		Keys::<T>::remove(version);
		T::Rollup::on_removed(version);
		Ok(())
	}

	/// Checks a key and stores it under a version that has one. The rollup must be paused.
	pub(crate) fn overwrite_key(
		version: KeyVersion,
		key: BoundedVec<u8, T::MaxKeySize>,
	) -> DispatchResult {
		ensure!(Keys::<T>::contains_key(version), Error::<T>::UnknownKey);
		Self::check_key(&key)?;
		Keys::<T>::insert(version, key);
		T::Rollup::on_replaced(version);
		Ok(())
	}

	fn check_key(key: &[u8]) -> DispatchResult {
		match groth16::decode_key::<T::Curve>(key) {
			Ok(_) => Ok(()),
			Err(KeyError::Malformed) => Err(Error::<T>::InvalidKey.into()),
			Err(KeyError::AllowsForgery) => Err(Error::<T>::ForgeableKey.into()),
		}
	}
}
