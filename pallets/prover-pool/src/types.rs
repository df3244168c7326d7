// SPDX-License-Identifier: Apache-2.0

//! The values that the pool keeps.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::num::NonZeroU16;
use frame_support::{
	traits::Get, BoundedVec, CloneNoBound, DebugNoBound, DefaultNoBound, EqNoBound,
	PartialEqNoBound,
};
use scale_info::TypeInfo;

/// Number of a slot of the pool, counted from 1.
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
	PartialOrd,
	Ord,
	Debug,
)]
pub struct ProverId(NonZeroU16);

impl ProverId {
	/// The id of the slot at `index` of the table; `None` past what an id can count.
	pub fn from_index(index: usize) -> Option<Self> {
		u16::try_from(index.checked_add(1)?).ok().and_then(NonZeroU16::new).map(Self)
	}

	/// Where the slot stands in the table.
	pub fn index(self) -> usize {
		// An id is at least 1.
		usize::from(self.0.get()) - 1
	}
}

/// A slot of the pool: one member's offer, or all zero when the slot is empty.
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
	Default,
	Debug,
)]
pub struct Prover {
	/// The stake in the pool, in whole tokens. A slash lowers it, down to 0.
	pub staked_amount: u32,
	/// The price for a unit of gas, in the smallest unit of the currency. At least 1 for a member.
	pub reward_per_gas: u16,
	/// How many more rollup blocks the member takes now.
	pub current_capacity: u16,
}

impl Prover {
	/// Whether nobody has this slot. Every offer names a price (rule 8), so a price of 0 tells.
	pub fn is_vacant(&self) -> bool {
		self.reward_per_gas == 0
	}
}

/// Who took a slot at the latest moment at which anybody did.
///
/// Nobody is drawn at that moment (rule 21). To keep it here, in a few bytes for all, spares every
/// slot a time of its own, which each draw would read.
#[derive(
	Encode,
	Decode,
	MaxEncodedLen,
	TypeInfo,
	CloneNoBound,
	PartialEqNoBound,
	EqNoBound,
	DefaultNoBound,
	DebugNoBound,
)]
#[codec(mel_bound())]
#[scale_info(skip_type_params(MaxProvers))]
pub struct Newcomers<MaxProvers: Get<u32>> {
	/// When that was, in Unix seconds.
	pub staked_at: u64,
	/// The slots that were taken then and that the same member still has, each once.
	pub ids: BoundedVec<ProverId, MaxProvers>,
}

/// The whole pool, in one value.
#[derive(
	Encode,
	Decode,
	MaxEncodedLen,
	TypeInfo,
	CloneNoBound,
	PartialEqNoBound,
	EqNoBound,
	DefaultNoBound,
	DebugNoBound,
)]
#[codec(mel_bound())]
#[scale_info(skip_type_params(MaxProvers))]
pub struct Pool<MaxProvers: Get<u32>> {
	/// The slots, the one of id 1 first.
	pub slots: BoundedVec<Prover, MaxProvers>,
	/// Who is too new to be drawn.
	pub newcomers: Newcomers<MaxProvers>,
}

/// What is known of an account that staked: its exit, and its place in the pool.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	PartialEq,
	Eq,
	Default,
	Debug,
)]
pub struct Staker {
	/// When the exit was requested, in Unix seconds; 0 while nothing is in exit.
	pub exit_requested_at: u64,
	/// What is on its way out, in whole tokens.
	pub exit_amount: u32,
	/// The capacity that a member declared; 0 outside of the pool.
	pub max_capacity: u16,
	/// The member's slot; `None` outside of the pool.
	pub prover_id: Option<ProverId>,
	/// When the member took its slot, in Unix seconds (rule 13); 0 outside of the pool.
	pub staked_at: u64,
	/// Blocks not yet released that `max_capacity - current_capacity` does not count: all of
	/// them outside of the pool, and in it those that an earlier stay left beyond `max_capacity`
	/// (rule 25).
	pub backlog: u16,
}

impl Staker {
	/// Whether nothing is worth keeping of the account (rule 16).
	pub fn is_empty(&self) -> bool {
		*self == Self::default()
	}
}
