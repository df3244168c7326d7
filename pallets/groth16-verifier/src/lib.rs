// SPDX-License-Identifier: Apache-2.0

#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub use pallet::*;
pub use weights::WeightInfo;

pub mod groth16;
pub mod weights;

mod impls;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
// For tests and benchmarks, including those of crates that use this pallet.
#[cfg(any(feature = "runtime-benchmarks", feature = "std"))]
pub mod simulator;

// Native builds have it for the tests of crates that use this pallet.
#[cfg(any(feature = "try-runtime", feature = "std"))]
mod try_state;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

/// Version of a verifying key, counted from 1.
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

	/// Version of the storage layout. A change of the layout needs a migration and the next number.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// Weights of the calls and of a verification.
		type WeightInfo: WeightInfo;

		/// Curve of the proofs, for example BN254 (`ark_bn254::Bn254`) or BLS12-381
		/// (`ark_bls12_381::Bls12_381`). Its scalar field must hold 253 bits.
		type Curve: Pairing;

		/// Origin that adds and removes keys. It decides which state transitions are valid.
		type KeyOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Maximum number of keys. Must not be 0.
		#[pallet::constant]
		type MaxKeys: Get<u32>;

		/// Maximum size of a key, in bytes. Must be at least 584 with BN254, 872 with BLS12-381.
		#[pallet::constant]
		type MaxKeySize: Get<u32>;
	}

	/// Valid verifying keys, by version. Bounded by `MaxKeys`.
	#[pallet::storage]
	pub type VerifyingKeys<T: Config> =
		CountedStorageMap<_, Twox64Concat, KeyVersion, BoundedVec<u8, T::MaxKeySize>>;

	/// Version of the latest key, including removed keys. 0 before the first key.
	#[pallet::storage]
	pub type LastVersion<T: Config> = StorageValue<_, KeyVersion, ValueQuery>;

	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// Verifying keys of the genesis block. The first gets version 1.
		pub keys: Vec<Vec<u8>>,
		#[serde(skip)]
		#[doc(hidden)]
		pub _config: PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		/// Adds the keys. Panics, and so rejects the genesis, on a key that `add_key` rejects.
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
		/// A verifying key was added. Proofs by it are valid from now on.
		KeyAdded {
			/// Version of the key.
			version: KeyVersion,
			/// Hash of the encoded key.
			hash: T::Hash,
		},
		/// A verifying key was removed. Proofs by it are rejected from now on.
		KeyRemoved {
			/// Version of the key.
			version: KeyVersion,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The bytes are not a verifying key of one public input. Use arkworks' uncompressed
		/// encoding and the curve of this runtime.
		InvalidKey,
		/// There are `MaxKeys` keys, or no version is left. Remove an unused key first.
		TooManyKeys,
		/// No key has this version. It was removed, or never added. `key_versions` returns the
		/// valid versions.
		UnknownKey,
		/// The bytes are not a version and the points of a proof. Use the encoding of
		/// `groth16::encode_proof`.
		MalformedProof,
		/// The proof does not verify with this public input and this key. Prove the statement of
		/// this block, prover and chain, with the key of the named version.
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
		/// The key gets the next version. Proofs that name this version are valid from now on.
		///
		/// ## Errors
		///
		/// - [`Error::TooManyKeys`]: there are `MaxKeys` keys, or no version is left.
		/// - [`Error::InvalidKey`]: the bytes are not a valid key.
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
		/// Proofs that name this version are rejected from now on. The version is not used again.
		/// Add the successor of the key first. Without a key no block can be proven, and provers
		/// are slashed for blocks that they cannot prove.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownKey`]: no key has this version.
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
		/// Returns the versions of all keys, in ascending order.
		pub fn key_versions() -> Vec<KeyVersion> {
			let mut versions: Vec<_> = VerifyingKeys::<T>::iter_keys().collect();
			versions.sort_unstable();
			versions
		}
	}
}
