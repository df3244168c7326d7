// SPDX-License-Identifier: Apache-2.0

//! # Groth16 Verifier Pallet
//!
//! Checks Groth16 proofs of one public input, by verifying keys that an origin of the runtime's
//! choice keeps.
//!
//! ## Pallet API
//!
//! See the [`pallet`] module for the calls, storage items, events, errors and Config items. A
//! rollup reaches a verification through [`prover_pool_primitives::ProofVerifier`], which
//! [`Pallet`] implements; no extrinsic does.
//!
//! ## Overview
//!
//! - **Add a key**: a verifying key belongs to one circuit, that is to one version of the rollup's
//!   rules. It is checked once and gets a version, counted from 1; no version is used twice.
//! - **Verify**: a proof names the version of its key. Keys of several versions are good at the
//!   same time, so that provers can move from one circuit to the next.
//! - **Remove a key**: proofs by a key that was found to be broken are refused at once.
//!
//! ## Low level details
//!
//! A proof is a `u32` in little-endian, the version, and the three points of a Groth16 proof in
//! arkworks' compressed encoding: 132 bytes with BN254, 196 with BLS12-381. A key is arkworks'
//! uncompressed encoding of a verifying key: 584 and 872 bytes. [`groth16`] has both.
//!
//! Whoever sees a Groth16 proof can make other proofs of the same public input from it. They are of
//! no use: the public input names the block, which takes one proof, and the prover who is paid.
//!
//! A proof shows that the circuit was satisfied, if whoever set up its keys forgot the secret
//! numbers that they were made of. Take keys of a set-up ceremony of many, and verify how they came
//! about before adding one: nothing on chain can.
//!
//! Everything runs in the runtime, without host functions, so that every validator of a relay chain
//! can execute it. The weights are those of BN254; with another curve, benchmark.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub use pallet::*;
pub use weights::WeightInfo;

pub mod groth16;
pub mod weights;

mod impls;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
// For tests and benchmarks, also of whoever uses this pallet.
#[cfg(any(feature = "runtime-benchmarks", feature = "std"))]
pub mod simulator;

// Native builds have it for the tests of whoever uses this pallet.
#[cfg(any(feature = "try-runtime", feature = "std"))]
mod try_state;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

/// The version of a verifying key, counted from 1.
pub type KeyVersion = u32;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use ark_ec::pairing::Pairing;
	use ark_ff::PrimeField;
	use frame_support::pallet_prelude::*;
	use frame_system::pallet_prelude::*;
	use sp_runtime::traits::Hash;

	/// The layout of the storage. A change of it comes with a migration and the next number.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// The weights of the calls and of a verification.
		type WeightInfo: WeightInfo;

		/// The curve, for example BN254 (`ark_bn254::Bn254`) or BLS12-381
		/// (`ark_bls12_381::Bls12_381`). Its scalar field must hold 253 bits.
		type Curve: Pairing;

		/// Who adds and removes keys. Who does decides what the rollup may do.
		type KeyOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// How many keys there may be at the same time.
		#[pallet::constant]
		type MaxKeys: Get<u32>;

		/// The largest key, in bytes: 584 with BN254, 872 with BLS12-381.
		#[pallet::constant]
		type MaxKeySize: Get<u32>;
	}

	/// The verifying keys, by version. Every one of them is valid. Bounded by `MaxKeys`.
	#[pallet::storage]
	pub type VerifyingKeys<T: Config> =
		CountedStorageMap<_, Twox64Concat, KeyVersion, BoundedVec<u8, T::MaxKeySize>>;

	/// The last version that was given to a key, which may be removed. 0 before the first.
	#[pallet::storage]
	pub type LastVersion<T: Config> = StorageValue<_, KeyVersion, ValueQuery>;

	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// The keys that the chain starts with; the first has version 1.
		pub keys: Vec<Vec<u8>>,
		#[serde(skip)]
		#[doc(hidden)]
		pub _config: PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		/// Panics, and so refuses the genesis, on a key that `add_key` would not let in.
		fn build(&self) {
			for (index, key) in self.keys.iter().enumerate() {
				let key = key.clone().try_into().unwrap_or_else(|key: Vec<u8>| {
					panic!("genesis key {index}: {} bytes are above MaxKeySize", key.len())
				});
				Pallet::<T>::insert_key(key)
					.unwrap_or_else(|error| panic!("genesis key {index}: {error:?}"));
			}
		}
	}

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A key was added: proofs by it are good from now on.
		KeyAdded {
			/// The version that it was given.
			version: KeyVersion,
			/// Hash of its bytes.
			hash: T::Hash,
		},
		/// A key was removed: proofs by it are refused from now on.
		KeyRemoved {
			/// The version that it had.
			version: KeyVersion,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The bytes are not a verifying key of one public input. Write it with arkworks'
		/// uncompressed encoding, for the curve of this runtime.
		InvalidKey,
		/// There are `MaxKeys` keys, or no version is left. Remove a key that nobody uses.
		TooManyKeys,
		/// There is no key of this version: it was removed, or never added.
		UnknownKey,
		/// The bytes are not a version and the points of a proof.
		MalformedProof,
		/// The proof is not good for this public input and this key.
		InvalidProof,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			assert!(T::MaxKeys::get() > 0, "MaxKeys is 0: no proof could be verified");
			assert!(
				T::MaxKeySize::get() as usize >= groth16::key_size::<T::Curve>(),
				"MaxKeySize is below the size of a key"
			);
			assert!(
				<T::Curve as Pairing>::ScalarField::MODULUS_BIT_SIZE > groth16::INPUT_BITS,
				"Curve has a scalar field that does not hold every public input"
			);
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Add a verifying key.
		///
		/// ## Dispatch origin
		///
		/// `KeyOrigin`.
		///
		/// ## Details
		///
		/// `key` is arkworks' uncompressed encoding of a Groth16 verifying key of one public input.
		/// It gets the next version, and proofs that name it are good from now on.
		///
		/// ## Errors
		///
		/// - [`Error::TooManyKeys`]: there are `MaxKeys` keys, or no version is left.
		/// - [`Error::InvalidKey`]: the bytes are not such a key.
		///
		/// ## Events
		///
		/// - [`Event::KeyAdded`].
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::add_key())]
		pub fn add_key(origin: OriginFor<T>, key: BoundedVec<u8, T::MaxKeySize>) -> DispatchResult {
			T::KeyOrigin::ensure_origin(origin)?;
			let hash = T::Hashing::hash(&key);
			let version = Self::insert_key(key)?;
			Self::deposit_event(Event::KeyAdded { version, hash });
			Ok(())
		}

		/// Remove a verifying key.
		///
		/// ## Dispatch origin
		///
		/// `KeyOrigin`.
		///
		/// ## Details
		///
		/// Proofs that name it are refused from now on, and its version is not used again. Add its
		/// successor first: without a key no proof is good, and provers are slashed for the blocks
		/// that they cannot prove.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownKey`]: there is no key of this version.
		///
		/// ## Events
		///
		/// - [`Event::KeyRemoved`].
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::remove_key())]
		pub fn remove_key(origin: OriginFor<T>, version: KeyVersion) -> DispatchResult {
			T::KeyOrigin::ensure_origin(origin)?;
			VerifyingKeys::<T>::take(version).ok_or(Error::<T>::UnknownKey)?;
			Self::deposit_event(Event::KeyRemoved { version });
			Ok(())
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// The versions of the keys that there are, in order.
		pub fn key_versions() -> Vec<KeyVersion> {
			let mut versions: Vec<_> = VerifyingKeys::<T>::iter_keys().collect();
			versions.sort_unstable();
			versions
		}
	}
}
