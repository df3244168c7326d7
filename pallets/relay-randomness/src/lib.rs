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

use cumulus_pallet_parachain_system::{
	relay_state_snapshot::Error, OnSystemEvent, RelayChainStateProof, RelaychainDataProvider,
	RelaychainStateProvider,
};
use cumulus_primitives_core::{
	relay_chain::well_known_keys::{CURRENT_BLOCK_RANDOMNESS, ONE_EPOCH_AGO_RANDOMNESS},
	PersistedValidationData,
};
use frame_support::{pallet_prelude::*, traits::Randomness};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_core::H256;
use sp_runtime::traits::Hash;

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

	/// The pallet takes the relay chain's state from the parachain system pallet. It must be the
	/// `OnSystemEvent` of that pallet.
	#[pallet::config]
	pub trait Config: frame_system::Config + cumulus_pallet_parachain_system::Config {
		/// Weight information of this pallet.
		type WeightInfo: WeightInfo;
	}

	/// The seed of this block. Empty before the first block.
	#[pallet::storage]
	pub type Seed<T: Config> = StorageValue<_, SeedInfo<BlockNumberFor<T>>>;
}

impl<T: Config> Pallet<T> {
	/// Returns the strongest randomness in the relay chain's state, and its source.
	///
	/// Fails if the proof does not show whether a stronger source exists.
	fn strongest(proof: &RelayChainStateProof) -> Result<(H256, Source), Error> {
		// The value is itself an option: the relay chain writes `None` for a block whose author
		// gave no VRF output.
		let current: Option<Option<H256>> = proof.read_optional_entry(CURRENT_BLOCK_RANDOMNESS)?;
		if let Some(Some(value)) = current {
			return Ok((value, Source::CurrentBlockVrf));
		}
		if let Some(value) = proof.read_optional_entry(ONE_EPOCH_AGO_RANDOMNESS)? {
			return Ok((value, Source::OneEpochAgo));
		}
		let relay_block = RelaychainDataProvider::<T>::current_relay_chain_state();
		Ok((relay_block.state_root, Source::RelayStateRoot))
	}
}

impl<T: Config> OnSystemEvent for Pallet<T> {
	fn on_validation_data(_: &PersistedValidationData) {}

	fn on_validation_code_applied() {}

	/// Stores the seed of this block.
	///
	/// # Panics
	///
	/// Panics if the proof is silent about a source. A panic makes the block of an inherent invalid.
	/// Only the block's author can cause it, because no transaction reaches this function.
	fn on_relay_state_proof(proof: &RelayChainStateProof) -> Weight {
		let (value, source) = Self::strongest(proof)
			.expect("the relay state proof must show the relay chain's randomness, or its absence");
		Seed::<T>::mutate(|seed| {
			let known_since = match seed {
				Some(known) if known.value == value => known.known_since,
				_ => frame_system::Pallet::<T>::block_number(),
			};
			*seed = Some(SeedInfo { value, source, known_since });
		});
		<T as Config>::WeightInfo::on_relay_state_proof()
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
