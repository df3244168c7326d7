// SPDX-License-Identifier: Apache-2.0

//! Benchmarks: each call, and the verification of a valid proof, which is the worst case.

use super::*;
use frame_benchmarking::v2::*;
use frame_support::{assert_ok, traits::EnsureOrigin, BoundedVec};
use prover_pool_primitives::ProofVerifier;
use sp_runtime::traits::One;

/// Returns the simulator's key in the encoding of `add_key`.
fn key<T: Config>() -> BoundedVec<u8, T::MaxKeySize> {
	BoundedVec::truncate_from(simulator::encoded_key::<T::Curve>())
}

/// Installs the simulator's key as version 1.
fn install_key<T: Config>() -> KeyVersion {
	let version = KeyVersion::one();
	VerifyingKeys::<T>::insert(version, key::<T>());
	LastVersion::<T>::mutate(|last| *last = version.max(*last));
	version
}

fn key_origin<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
	T::KeyOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

#[benchmarks]
mod benchmarks {
	use super::*;

	/// Valid proof for an input with every bit set.
	#[benchmark]
	fn verify_proof() {
		let mut input = [0xff; 32];
		input[0] = 0x1f;
		let version = install_key::<T>();
		let proof = simulator::encoded_proof::<T::Curve>(version, input.into());

		#[block]
		{
			assert_ok!(<Pallet<T> as ProofVerifier>::verify(input.into(), &proof));
		}
	}

	#[benchmark]
	fn add_key() -> Result<(), BenchmarkError> {
		let _ = VerifyingKeys::<T>::clear(u32::MAX, None);
		let last = LastVersion::<T>::get();

		#[extrinsic_call]
		_(key_origin::<T>()? as T::RuntimeOrigin, key::<T>());

		assert_eq!(Pallet::<T>::key_versions(), [last + 1]);
		Ok(())
	}

	#[benchmark]
	fn remove_key() -> Result<(), BenchmarkError> {
		let version = install_key::<T>();

		#[extrinsic_call]
		_(key_origin::<T>()? as T::RuntimeOrigin, version);

		assert!(!VerifyingKeys::<T>::contains_key(version));
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::genesis(vec![]), crate::mock::Test);
}
