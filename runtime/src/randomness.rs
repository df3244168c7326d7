// SPDX-License-Identifier: Apache-2.0

//! # Relay Randomness Pallet
//!
//! One random seed for each block, taken from the relay chain.
//!
//! ## Overview
//!
//! Each block of a parachain brings a proof of some of the relay chain's state. This pallet takes
//! the best randomness that the proof holds and keeps it for the rest of the block, in which
//! [`Randomness::random`] derives values from it. There is nothing to call.
//!
//! ### Sources, and what each can still be attacked with
//!
//! The pallet takes the first of these that exists on the relay chain:
//!
//! 1. [`Source::CurrentBlockVrf`]: the VRF output of the author of the relay block that this block
//!    is built on. Nobody can choose it, since the author's key and the slot determine it. The
//!    relay author knows it when its slot approaches, minutes ahead, and can withhold its block at
//!    the price of that block's reward: one bit of bias for each slot it owns. A collator sees it
//!    with the relay block, and can decline to build on that block, at the price of its own slot.
//! 2. [`Source::OneEpochAgo`]: the seed of the relay chain's next epoch, from all VRF outputs of
//!    the epoch before. It stays the same, and public, for a whole epoch (hours): within it,
//!    everybody can compute the outcome of every later draw and place a stake to suit. Taken only
//!    when the relay block has no VRF output of its own, which Polkadot, Kusama and their test
//!    networks never do; development nodes without a relay chain do always.
//! 3. [`Source::RelayStateRoot`]: the relay block's storage root. Its author picks transactions
//!    until it likes the root, at almost no cost. Taken only where the other two do not exist,
//!    which is so on tools that mock a relay chain down to the few values that a parachain cannot
//!    start without. **No real relay chain is such a place.**
//!
//! ### Nobody can force a weaker source
//!
//! A collator puts the proof together. It could leave values out of it, so that a runtime that
//! takes what is there falls back to what the collator can predict. Here a value only counts as
//! absent when the proof shows that the relay chain's state has none; where the proof is silent,
//! or the value does not decode, the block is invalid. A proof of absence cannot be forged: it
//! ends in the relay parent's storage root, which the validators check.
//!
//! ### What no source prevents
//!
//! - Who sends a transaction can undo it when it does not like the draw: a batch that proposes a
//!   rollup block and then does something that only succeeds with a certain prover costs its fee
//!   and can be tried again with the next seed. A chain whose proposers must not choose has a
//!   sequencer that it trusts to propose, or refuses proposals in batches.
//! - A collator may finish its block after the next relay block is out, and put a stake of its own
//!   into it. By the clock that stake is older than the seed that it has just seen.
//!
//! ### What a user of the seed must still see to
//!
//! The seed is public from the relay block on. Whatever is to be drawn must be settled before:
//! [`Randomness::random`] tells the first block of this chain that carried the seed, and only what
//! was fixed in a block before that one is independent of it. Blocks built on the same relay block
//! share one seed; [`SlotClock`](crate::SlotClock) makes them one instant.

pub use pallet::*;

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

/// Where a seed comes from, the strongest source first.
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
	/// The storage root of the relay block: development only.
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
	/// Where it comes from.
	pub source: Source,
	/// The first block of this chain that carried it. What was fixed before that block did not
	/// know the seed.
	pub known_since: BlockNumber,
}

/// What the pallet's steps weigh.
pub trait WeightInfo {
	/// To find the strongest source in the relay chain's state, and to store its value.
	fn on_relay_state_proof() -> Weight;
}

/// The pallet that keeps the seed.
#[frame_support::pallet]
pub mod pallet {
	use super::*;

	#[pallet::pallet]
	pub struct Pallet<T>(_);

	/// The pallet takes the relay chain's state from the parachain system pallet, whose
	/// `OnSystemEvent` it has to be.
	#[pallet::config]
	pub trait Config: frame_system::Config + cumulus_pallet_parachain_system::Config {
		/// What it weighs to take a seed.
		type WeightInfo: WeightInfo;
	}

	/// The seed of this block. Empty before the first block.
	#[pallet::storage]
	pub type Seed<T: Config> = StorageValue<_, SeedInfo<BlockNumberFor<T>>>;
}

impl<T: Config> Pallet<T> {
	/// The strongest randomness that exists in the relay chain's state, and where it was found.
	///
	/// Fails when the proof does not tell whether a stronger source exists.
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
	/// When the proof is silent about a source. Panicking is how an inherent tells that its block
	/// is invalid, and only the block's author can bring it about: no transaction gets here.
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
	/// A value for `subject`, and the first block that could know it.
	///
	/// In genesis there is no seed; the value is then the same on every chain.
	fn random(subject: &[u8]) -> (T::Hash, BlockNumberFor<T>) {
		let (value, known_since) =
			Seed::<T>::get().map(|seed| (seed.value, seed.known_since)).unwrap_or_default();
		(T::Hashing::hash_of(&(value, subject)), known_since)
	}
}

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod tests;
