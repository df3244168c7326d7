// SPDX-License-Identifier: Apache-2.0

//! The types in the pool's storage.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::num::NonZeroU16;
use frame_support::{
	traits::Get, BoundedVec, CloneNoBound, DebugNoBound, DefaultNoBound, EqNoBound,
	PartialEqNoBound,
};
use scale_info::TypeInfo;

/// Number of a slot, counted from 1.
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
	/// Returns the id of the slot at `index`, or `None` if it exceeds `u16::MAX`.
	pub fn from_index(index: usize) -> Option<Self> {
		u16::try_from(index.checked_add(1)?).ok().and_then(NonZeroU16::new).map(Self)
	}

	/// Returns the index of the slot.
	pub fn index(self) -> usize {
		// Cannot underflow: an id is at least 1.
		usize::from(self.0.get()) - 1
	}
}

/// A slot of the pool: the offer of its member, or all zero if the slot is empty.
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
	/// Stake in the pool, in whole tokens. A slash reduces it, down to 0.
	pub staked_amount: u32,
	/// Price for a unit of gas, in the smallest unit of the currency. Above 0 for a member.
	pub reward_per_gas: u16,
	/// Number of rollup blocks that the member still takes.
	pub current_capacity: u16,
}

impl Prover {
	/// Returns `true` if the slot is empty. Every member has a non-zero price (rule 8).
	pub fn is_vacant(&self) -> bool {
		self.reward_per_gas == 0
	}
}

/// The whole pool.
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
	/// Slots in the order of their ids.
	pub slots: BoundedVec<Prover, MaxProvers>,
}

/// The state of an account as a staker: its exit, its membership and its backlog.
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
	/// Time of the latest exit request, in seconds of the rollup's clock. 0 if nothing is in exit.
	pub exit_requested_at: u64,
	/// Amount in exit, in whole tokens.
	pub exit_amount: u32,
	/// Declared capacity of a member. 0 outside of the pool.
	pub max_capacity: u16,
	/// Slot of a member. `None` outside of the pool.
	pub prover_id: Option<ProverId>,
	/// Time at which a member took its slot, in seconds of the rollup's clock (rule 13). 0 outside of
	/// the pool.
	pub staked_at: u64,
	/// Number of outstanding blocks that `max_capacity - current_capacity` does not count
	/// (rule 25). Outside of the pool these are all; of a member, those beyond the capacity that
	/// it entered with.
	pub backlog: u16,
}

impl Staker {
	/// Returns `true` if the account needs no entry (rule 16).
	pub fn is_empty(&self) -> bool {
		*self == Self::default()
	}

	/// Returns `true` if the account has a slot or an exit. The stake in the slot can be 0.
	pub(crate) fn has_hold(&self) -> bool {
		self.prover_id.is_some() || self.exit_amount > 0
	}
}
