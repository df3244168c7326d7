// SPDX-License-Identifier: Apache-2.0

//! Implementation of `ProofVerifier`.

use crate::{groth16, pallet::*, WeightInfo};
use frame_support::{
	ensure,
	pallet_prelude::{DispatchResult, Weight},
};
use prover_pool_primitives::{public_input, ProofVerifier};

impl<T: Config> ProofVerifier for Pallet<T> {
	fn active_version() -> Option<u32> {
		ActiveVersion::<T>::get()
	}

	fn verify(version: u32, statement: &[u8], proof: &[u8]) -> DispatchResult {
		let key = Keys::<T>::get(version).ok_or(Error::<T>::UnknownKey)?;
		// A stored key is valid.
		let key = groth16::decode_stored_key::<T::Curve>(&key).ok_or(Error::<T>::InvalidKey)?;
		let proof = groth16::decode_points::<T::Curve>(proof).ok_or(Error::<T>::MalformedProof)?;
		// `public_input` clears the bits that would not fit.
		let input =
			groth16::decode_input(public_input(statement)).ok_or(Error::<T>::InvalidProof)?;
		ensure!(groth16::verify(&key, input, &proof), Error::<T>::InvalidProof);
		Ok(())
	}

	fn weight() -> Weight {
		T::WeightInfo::verify_proof()
	}
}
