// SPDX-License-Identifier: Apache-2.0

//! Benchmarks: each call, and the verification of a valid proof, which is the worst case.

use super::*;
use frame_benchmarking::v2::*;
use frame_support::{assert_ok, traits::EnsureOrigin, BoundedVec};
use prover_pool_primitives::{public_input, KeyUser, ProofVerifier};
use sp_runtime::traits::Hash;

/// Returns the simulator's key in the encoding of `add_key`.
fn key<T: Config>() -> BoundedVec<u8, T::MaxKeySize> {
	BoundedVec::truncate_from(simulator::encoded_key::<T::Curve>())
}

/// Adds the simulator's key under the next version, as the only key.
fn install_key<T: Config>() -> KeyVersion {
	clear_keys::<T>();
	let version = LastVersion::<T>::get().saturating_add(1);
	LastVersion::<T>::put(version);
	Keys::<T>::insert(version, key::<T>());
	version
}

/// Makes room for a key.
fn clear_keys<T: Config>() {
	let _ = Keys::<T>::clear(u32::MAX, None);
	ActiveVersion::<T>::kill();
}

fn key_origin<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
	T::KeyOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

#[benchmarks]
mod benchmarks {
	use super::*;

	/// Valid proof of a statement longer than that of an account of 32 bytes.
	#[benchmark]
	fn verify_proof() {
		let version = install_key::<T>();
		let statement = [0xff; 256];
		let proof = simulator::encoded_proof::<T::Curve>(public_input(&statement));

		#[block]
		{
			assert_ok!(<Pallet<T> as ProofVerifier>::verify(version, &statement, &proof));
		}
	}

	#[benchmark]
	fn add_key() -> Result<(), BenchmarkError> {
		clear_keys::<T>();
		let last = LastVersion::<T>::get();

		#[extrinsic_call]
		_(key_origin::<T>()? as T::RuntimeOrigin, key::<T>());

		assert_eq!(Pallet::<T>::key_versions(), [last + 1]);
		Ok(())
	}

	/// Activation of the successor of an active version.
	#[benchmark]
	fn activate_key() -> Result<(), BenchmarkError> {
		let version = install_key::<T>();
		ActiveVersion::<T>::put(version - 1);

		#[extrinsic_call]
		_(key_origin::<T>()? as T::RuntimeOrigin, version);

		assert_eq!(ActiveVersion::<T>::get(), Some(version));
		Ok(())
	}

	#[benchmark]
	fn remove_key() -> Result<(), BenchmarkError> {
		let version = install_key::<T>();
		ActiveVersion::<T>::put(version - 1);

		#[extrinsic_call]
		_(key_origin::<T>()? as T::RuntimeOrigin, version);

		assert!(!Keys::<T>::contains_key(version));
		Ok(())
	}

	/// The steps of the call behind the checks of origin and pause: a benchmark cannot pause the
	/// rollup.
	#[benchmark]
	fn replace_key() {
		let version = install_key::<T>();
		let key = key::<T>();

		#[block]
		{
			let _ = T::Rollup::is_paused();
			let hash = T::Hashing::hash(&key);
			assert_ok!(Pallet::<T>::overwrite_key(version, key));
			Pallet::<T>::deposit_event(Event::KeyReplaced { version, hash });
		}
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::genesis(None), crate::mock::Test);
}
