// SPDX-License-Identifier: Apache-2.0

#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

pub use pallet::*;
pub use seeds::{RecentSeeds, Seed, Source};
pub use weights::WeightInfo;

pub mod weights;

mod seeds;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

use core::fmt::Debug;
use frame_support::{pallet_prelude::*, traits::Randomness};
use frame_system::pallet_prelude::BlockNumberFor;
use hex_literal::hex;
use sp_core::H256;
use sp_runtime::traits::{BlakeTwo256, Hash};

/// Storage key of `Babe::AuthorVrfRandomness` on the relay chain.
pub const CURRENT_BLOCK_RANDOMNESS: [u8; 32] =
	hex!("1cb6f36e027abb2091cfb5110ab5087fd077dfdb8adb10f78f10a5df8742c545");

/// Storage key of `Babe::NextRandomness` on the relay chain.
pub const ONE_EPOCH_AGO_RANDOMNESS: [u8; 32] =
	hex!("1cb6f36e027abb2091cfb5110ab5087f7ce678799d3eff024253b90e84927cc6");

/// State of the relay block that a block is built on, as its collator proves it.
///
/// The runtime implements it over the proof that the parachain system pallet verifies.
pub trait RelayState {
	/// Error of a value that the proof is silent about, or that does not decode.
	type Error: Debug;

	/// Returns the value of `key`, or `None` if the proof shows that there is none.
	fn read<Value: Decode>(&self, key: &[u8]) -> Result<Option<Value>, Self::Error>;

	/// Returns the number of the relay block.
	fn number(&self) -> u32;

	/// Returns the storage root of the relay block.
	fn storage_root(&self) -> H256;
}

/// The pallet that keeps the seeds.
#[frame_support::pallet]
pub mod pallet {
	use super::*;

	#[pallet::pallet]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// Weight information of this pallet.
		type WeightInfo: WeightInfo;

		/// Distance of a block's relay parent from the relay chain's tip, in relay blocks. Must be
		/// 0, and the same as in the parachain system pallet.
		///
		/// With an offset, seeds are public before the block of this chain that first carries them.
		type RelayParentOffset: Get<u32>;
	}

	/// Last two fresh seeds of the relay chain. Empty before the first block.
	///
	/// They are one value, because they are read and written together.
	#[pallet::storage]
	pub type Seeds<T: Config> = StorageValue<_, RecentSeeds<BlockNumberFor<T>>>;

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			assert_eq!(
				T::RelayParentOffset::get(),
				0,
				"RelayParentOffset must be 0, because older relay blocks have public seeds",
			);
		}
	}
}

impl<T: Config> Pallet<T> {
	/// Takes the seed of the relay parent, if it brings a fresh one, and returns the weight of it.
	/// The runtime must call it in the `OnSystemEvent` of the parachain system pallet.
	///
	/// # Panics
	///
	/// Panics if the proof is silent about a source, or if its value does not decode. A panic makes
	/// the block of an inherent invalid. Only the block's author can cause it, because no
	/// transaction reaches this function.
	pub fn take_seed(state: &impl RelayState) -> Weight {
		let (value, source) = Self::strongest(state)
			.expect("the relay state proof must show the relay chain's randomness, or its absence");
		let relay_block = state.number();
		let last = Seeds::<T>::get();
		if last.is_none_or(|last| last.is_fresh(relay_block, source, value)) {
			let known_since = frame_system::Pallet::<T>::block_number();
			let newest = Seed { value, known_since };
			Seeds::<T>::put(RecentSeeds::after(last, relay_block, source, newest));
		}
		T::WeightInfo::on_relay_state_proof()
	}

	/// Returns the strongest randomness in the relay chain's state, and its source.
	///
	/// Fails if the proof does not show whether a stronger source exists.
	fn strongest<State: RelayState>(state: &State) -> Result<(H256, Source), State::Error> {
		// The value is itself an option: the relay chain writes `None` for a block whose author
		// gave no VRF output.
		let current: Option<Option<H256>> = state.read(&CURRENT_BLOCK_RANDOMNESS)?;
		if let Some(Some(value)) = current {
			return Ok((value, Source::CurrentBlockVrf));
		}
		// Both may stay the same for many relay blocks. With the number, each block brings a seed.
		let numbered = |value: H256| BlakeTwo256::hash_of(&(value, state.number()));
		if let Some(value) = state.read(&ONE_EPOCH_AGO_RANDOMNESS)? {
			return Ok((numbered(value), Source::OneEpochAgo));
		}
		Ok((numbered(state.storage_root()), Source::RelayStateRoot))
	}
}

impl<T: Config> Randomness<T::Hash, BlockNumberFor<T>> for Pallet<T> {
	/// Returns a mix of the last two seeds and `subject`, and the first block of this chain that
	/// carried the older of the two.
	///
	/// A seed that did not come out yet counts as zero, known since genesis.
	fn random(subject: &[u8]) -> (T::Hash, BlockNumberFor<T>) {
		let seeds = Seeds::<T>::get();
		let newest = seeds.map(|seeds| seeds.newest.value).unwrap_or_default();
		let (older, known_since) = seeds
			.and_then(|seeds| seeds.older)
			.map(|older| (older.value, older.known_since))
			.unwrap_or_default();
		(T::Hashing::hash_of(&(newest, older, subject)), known_since)
	}
}

impl<T: Config> prover_pool_primitives::Seeds<BlockNumberFor<T>> for Pallet<T> {
	fn drawable_before() -> Option<BlockNumberFor<T>> {
		let RecentSeeds { newest, older, .. } = Seeds::<T>::get()?;
		let is_new = newest.known_since == frame_system::Pallet::<T>::block_number();
		older.filter(|_| is_new).map(|older| older.known_since)
	}
}
