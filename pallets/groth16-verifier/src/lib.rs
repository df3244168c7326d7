// SPDX-License-Identifier: Apache-2.0

#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub use pallet::*;
pub use weights::WeightInfo;

pub mod groth16;
pub mod weights;

mod impls;
mod keys;

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

/// Rules version, and so version of its verifying key. Counted from 1.
pub type KeyVersion = u32;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use ark_ec::pairing::Pairing;
	use ark_ff::PrimeField;
	use frame_support::pallet_prelude::*;
	use frame_system::pallet_prelude::*;
	use prover_pool_primitives::KeyUser;
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

		/// Origin that manages the keys. It decides which state transitions are valid.
		type KeyOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Rollup whose blocks are proven by the keys.
		type Rollup: KeyUser;

		/// Maximum number of keys. Must be at least 2, because the active key stays while its
		/// successor is added.
		#[pallet::constant]
		type MaxKeys: Get<u32>;

		/// Maximum size of a key, in bytes. Must be at least 584 with BN254, 872 with BLS12-381.
		#[pallet::constant]
		type MaxKeySize: Get<u32>;
	}

	/// Verifying keys, by version. Bounded by `MaxKeys`.
	#[pallet::storage]
	pub type Keys<T: Config> =
		CountedStorageMap<_, Twox64Concat, KeyVersion, BoundedVec<u8, T::MaxKeySize>>;

	/// Rules version of blocks that are proposed now. Without one, no block can be proposed.
	#[pallet::storage]
	pub type ActiveVersion<T: Config> = StorageValue<_, KeyVersion>;

	/// Version of the latest key, including removed keys. 0 before the first key.
	#[pallet::storage]
	pub type LastVersion<T: Config> = StorageValue<_, KeyVersion, ValueQuery>;

	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// Verifying key of version 1, which is active from the start. Without it, no block can be
		/// proposed before a key is activated.
		pub key: Option<Vec<u8>>,
		#[serde(skip)]
		#[doc(hidden)]
		pub _config: PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		/// Adds and activates the key. Panics, and so rejects the genesis, on a key that `add_key`
		/// rejects.
		fn build(&self) {
			let Some(key) = self.key.clone() else { return };
			let key = key.try_into().unwrap_or_else(|key: Vec<u8>| {
				panic!("genesis key: {} bytes are above MaxKeySize", key.len())
			});
			Pallet::<T>::insert_key(key)
				.and_then(Pallet::<T>::set_active)
				.unwrap_or_else(|error| panic!("genesis key: {error:?}"));
		}
	}

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A verifying key was added.
		KeyAdded {
			/// Version of the key.
			version: KeyVersion,
			/// Hash of the encoded key.
			hash: T::Hash,
		},
		/// A version was activated: blocks proposed from now on are proven by its key.
		KeyActivated {
			/// Version of the key.
			version: KeyVersion,
		},
		/// A verifying key was removed.
		KeyRemoved {
			/// Version of the key.
			version: KeyVersion,
		},
		/// The verifying key of a version was replaced. Drawn unproven blocks are open from now on,
		/// and waiting proofs by the old key do not count.
		KeyReplaced {
			/// Version of the key.
			version: KeyVersion,
			/// Hash of the new encoded key.
			hash: T::Hash,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The bytes are not a verifying key of one public input. Use arkworks' uncompressed
		/// encoding and the curve of this runtime.
		InvalidKey,
		/// Proofs can be forged by this key: a point is at infinity, or two points of one group are
		/// equal up to sign. Repeat the key set-up with participants in both phases.
		ForgeableKey,
		/// There are `MaxKeys` keys, or no version is left. Remove an unused key first.
		TooManyKeys,
		/// No key has this version. It was removed, or never added. `key_versions` returns the
		/// versions that have a key.
		UnknownKey,
		/// The active version is this one or a newer one. Versions only grow: add the key again to
		/// give it a newer version.
		NotNewer,
		/// The key is active. Activate a newer version first.
		KeyIsActive,
		/// An unsettled block of this version exists. Wait until it is settled.
		KeyIsNeeded,
		/// The rollup is not paused. Pause it before a key is replaced.
		NotPaused,
		/// The bytes are not the points of a proof. Use the encoding of `groth16::encode_proof`.
		MalformedProof,
		/// The proof does not verify with this statement and the key of this version. Prove the
		/// statement of this block, prover and chain, by the block's rules version.
		InvalidProof,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			assert!(T::MaxKeys::get() >= 2, "MaxKeys is below 2: no key could have a successor");
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
		/// The key gets the next version. No block uses it before [`Pallet::activate_key`].
		///
		/// ## Errors
		///
		/// - [`Error::TooManyKeys`]: there are `MaxKeys` keys, or no version is left.
		/// - [`Error::InvalidKey`]: the bytes are not a valid key.
		/// - [`Error::ForgeableKey`]: proofs can be forged by this key.
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

		/// Activate a version newer than the active one.
		///
		/// ## Dispatch origin
		///
		/// `KeyOrigin`.
		///
		/// ## Details
		///
		/// Blocks proposed from now on have this rules version. Blocks proposed before keep theirs.
		/// A skipped version cannot be activated later. Give provers time to install the new
		/// circuit between [`Pallet::add_key`] and this call.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownKey`]: no key has this version.
		/// - [`Error::NotNewer`]: the active version is this one or a newer one.
		///
		/// ## Events
		///
		/// - [`Event::KeyActivated`].
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::activate_key())]
		pub fn activate_key(origin: OriginFor<T>, version: KeyVersion) -> DispatchResult {
			T::KeyOrigin::ensure_origin(origin)?;
			Self::set_active(version)?;
			Self::deposit_event(Event::KeyActivated { version });
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
		/// The version is not used again.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownKey`]: no key has this version.
		/// - [`Error::KeyIsActive`]: the version is active.
		/// - [`Error::KeyIsNeeded`]: an unsettled block has this rules version.
		///
		/// ## Events
		///
		/// - [`Event::KeyRemoved`].
		#[pallet::call_index(2)]
		#[pallet::weight(
			T::WeightInfo::remove_key().saturating_add(T::Rollup::is_needed_weight())
		)]
		pub fn remove_key(origin: OriginFor<T>, version: KeyVersion) -> DispatchResult {
			T::KeyOrigin::ensure_origin(origin)?;
			Self::delete_key(version)?;
			Self::deposit_event(Event::KeyRemoved { version });
			Ok(())
		}

		/// Replace the verifying key of a version by that of a mended circuit.
		///
		/// ## Dispatch origin
		///
		/// `KeyOrigin`.
		///
		/// ## Details
		///
		/// The rollup must be paused. All its drawn unproven blocks become open, those of other
		/// versions included. Waiting proofs by the old key no longer count. Use it only if the
		/// circuit of the version has a defect: new rules get a new version.
		///
		/// ## Errors
		///
		/// - [`Error::NotPaused`]: the rollup is not paused.
		/// - [`Error::UnknownKey`]: no key has this version.
		/// - [`Error::InvalidKey`]: the bytes are not a valid key.
		/// - [`Error::ForgeableKey`]: proofs can be forged by this key.
		///
		/// ## Events
		///
		/// - [`Event::KeyReplaced`].
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::replace_key())]
		pub fn replace_key(
			origin: OriginFor<T>,
			version: KeyVersion,
			key: BoundedVec<u8, T::MaxKeySize>,
		) -> DispatchResult {
			T::KeyOrigin::ensure_origin(origin)?;
			ensure!(T::Rollup::is_paused(), Error::<T>::NotPaused);
			let hash = T::Hashing::hash(&key);
			Self::overwrite_key(version, key)?;
			Self::deposit_event(Event::KeyReplaced { version, hash });
			Ok(())
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// Returns the versions that have a key, in ascending order.
		pub fn key_versions() -> Vec<KeyVersion> {
			let mut versions: Vec<_> = Keys::<T>::iter_keys().collect();
			versions.sort_unstable();
			versions
		}
	}
}
