// SPDX-License-Identifier: Apache-2.0

//! Key storage, and the implementation of `ProofVerifier`.

use crate::{groth16, pallet::*, KeyVersion, WeightInfo};
use frame_support::{
	ensure,
	pallet_prelude::{DispatchError, DispatchResult, Weight},
	traits::Get,
	BoundedVec,
};
use prover_pool_primitives::ProofVerifier;
use sp_core::H256;

impl<T: Config> Pallet<T> {
	/// Validates a key and stores it under the next version.
	pub(crate) fn insert_key(
		key: BoundedVec<u8, T::MaxKeySize>,
	) -> Result<KeyVersion, DispatchError> {
		ensure!(VerifyingKeys::<T>::count() < T::MaxKeys::get(), Error::<T>::TooManyKeys);
		ensure!(groth16::decode_key::<T::Curve>(&key).is_some(), Error::<T>::InvalidKey);
		let version = LastVersion::<T>::get().checked_add(1).ok_or(Error::<T>::TooManyKeys)?;
		LastVersion::<T>::put(version);
		VerifyingKeys::<T>::insert(version, key);
		Ok(version)
	}
}

impl<T: Config> ProofVerifier for Pallet<T> {
	fn verify(public_input: H256, proof: &[u8]) -> DispatchResult {
		let (version, points) = groth16::split_proof(proof).ok_or(Error::<T>::MalformedProof)?;
		let key = VerifyingKeys::<T>::get(version).ok_or(Error::<T>::UnknownKey)?;
		// Stored keys are valid, so this does not fail.
		let key = groth16::decode_stored_key::<T::Curve>(&key).ok_or(Error::<T>::InvalidKey)?;
		let proof = groth16::decode_points::<T::Curve>(points).ok_or(Error::<T>::MalformedProof)?;
		let input = groth16::decode_input(public_input).ok_or(Error::<T>::InvalidProof)?;
		ensure!(groth16::verify(&key, input, &proof), Error::<T>::InvalidProof);
		Ok(())
	}

	fn weight() -> Weight {
		T::WeightInfo::verify_proof()
	}
}
