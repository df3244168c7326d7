// SPDX-License-Identifier: Apache-2.0

//! Seeds in storage, and the rule of what is a fresh one.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::H256;

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
	/// VRF output of the relay block's author.
	#[codec(index = 0)]
	CurrentBlockVrf,
	/// Seed of the relay chain's next epoch and the relay block's number, for development only.
	#[codec(index = 1)]
	OneEpochAgo,
	/// Storage root of the relay block and its number, for development only.
	#[codec(index = 2)]
	RelayStateRoot,
}

/// Seed of one relay block.
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
pub struct Seed<BlockNumber> {
	/// Value of the seed.
	pub value: H256,
	/// First block of this chain that carried the seed. Values that were fixed in an earlier block
	/// are independent of it, within the limits that the crate's documentation lists.
	pub known_since: BlockNumber,
}

/// Last two fresh seeds, both of the same source.
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
pub struct RecentSeeds<BlockNumber> {
	/// Source of both seeds. Once it is `CurrentBlockVrf`, it never changes.
	pub source: Source,
	/// Number of the relay block that brought the newest seed.
	pub relay_block: u32,
	/// Newest seed.
	pub newest: Seed<BlockNumber>,
	/// Seed before the newest. `None` after the first seed of a source.
	pub older: Option<Seed<BlockNumber>>,
}

impl<BlockNumber> RecentSeeds<BlockNumber> {
	/// Returns `true` if `value`, which `source` gives in `relay_block`, is a fresh seed.
	///
	/// A value that the relay chain repeats is known already. Once a VRF output was seen, no other
	/// source brings a seed.
	pub(crate) fn is_fresh(&self, relay_block: u32, source: Source, value: H256) -> bool {
		let has_vrf = self.source == Source::CurrentBlockVrf;
		relay_block > self.relay_block
			&& value != self.newest.value
			&& (source == Source::CurrentBlockVrf || !has_vrf)
	}

	/// Returns the two seeds after `newest`, a fresh one.
	///
	/// A seed of another source is dropped, so that no VRF output is mixed with a weaker seed.
	pub(crate) fn after(
		last: Option<Self>,
		relay_block: u32,
		source: Source,
		newest: Seed<BlockNumber>,
	) -> Self {
		let older = last.filter(|last| last.source == source).map(|last| last.newest);
		Self { source, relay_block, newest, older }
	}
}
