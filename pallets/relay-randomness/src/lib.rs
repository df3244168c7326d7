// SPDX-License-Identifier: Apache-2.0

#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

pub use pallet::*;
pub use slot_clock::SlotClock;
pub use weights::WeightInfo;

pub mod weights;

mod slot_clock;

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
use sp_runtime::traits::Hash;

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

	/// Returns the storage root of the relay block.
	fn storage_root(&self) -> H256;
}

/// Source of a seed, the strongest first.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
)]
pub enum Source {
	/// The VRF output of the relay block's author.
	#[codec(index = 0)]
	CurrentBlockVrf,
	/// The seed of the relay chain's next epoch.
	#[codec(index = 1)]
	OneEpochAgo,
	/// The storage root of the relay block, for development only.
	#[codec(index = 2)]
	RelayStateRoot,
}

/// The seed of the current block.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
)]
pub struct SeedInfo<BlockNumber> {
	/// The seed itself.
	pub value: H256,
	/// The source of the seed.
	pub source: Source,
	/// The first block of this chain that carried the seed. Values that were fixed in an earlier
	/// block are independent of it.
	pub known_since: BlockNumber,
}

/// The pallet that keeps the seed.
#[frame_support::pallet]
pub mod pallet {
	use super::*;

	#[pallet::pallet]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// Weight information of this pallet.
		type WeightInfo: WeightInfo;
	}

	/// The seed of this block. Empty before the first block.
	#[pallet::storage]
	pub type Seed<T: Config> = StorageValue<_, SeedInfo<BlockNumberFor<T>>>;
}

impl<T: Config> Pallet<T> {
	/// Stores the seed of this block, and returns the weight of it. The runtime must call it in the
	/// `OnSystemEvent` of the parachain system pallet.
	///
	/// # Panics
	///
	/// Panics if the proof is silent about a source. A panic makes the block of an inherent invalid.
	/// Only the block's author can cause it, because no transaction reaches this function.
	pub fn take_seed(state: &impl RelayState) -> Weight {
		let (value, source) = Self::strongest(state)
			.expect("the relay state proof must show the relay chain's randomness, or its absence");
		Seed::<T>::mutate(|seed| {
			let known_since = match seed {
				Some(known) if known.value == value => known.known_since,
				_ => frame_system::Pallet::<T>::block_number(),
			};
			*seed = Some(SeedInfo { value, source, known_since });
		});
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
		if let Some(value) = state.read(&ONE_EPOCH_AGO_RANDOMNESS)? {
			return Ok((value, Source::OneEpochAgo));
		}
		Ok((state.storage_root(), Source::RelayStateRoot))
	}
}

impl<T: Config> Randomness<T::Hash, BlockNumberFor<T>> for Pallet<T> {
	/// Returns a value for `subject`, and the first block of this chain that carried its seed.
	///
	/// There is no seed in genesis. The value is then the same on every chain.
	fn random(subject: &[u8]) -> (T::Hash, BlockNumberFor<T>) {
		let (value, known_since) =
			Seed::<T>::get().map(|seed| (seed.value, seed.known_since)).unwrap_or_default();
		(T::Hashing::hash_of(&(value, subject)), known_since)
	}
}
