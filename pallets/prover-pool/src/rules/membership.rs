// SPDX-License-Identifier: Apache-2.0

//! Membership: offers, slots, entering, leaving, exits and outstanding blocks.
//! Rules 5 to 16 and 22 to 25.

use crate::types::{Prover, ProverId, Staker};
use frame_support::traits::DefensiveSaturating;

/// The terms on which a prover enters the pool.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Offer {
	/// Stake, in whole tokens.
	pub amount: u32,
	/// Price for a unit of gas.
	pub reward_per_gas: u16,
	/// Maximum number of rollup blocks that the prover takes at the same time.
	pub max_capacity: u16,
}

impl Offer {
	/// Returns `true` if this is a request to leave (rule 7).
	pub fn is_exit(&self) -> bool {
		self.amount == 0 && self.reward_per_gas == 0 && self.max_capacity == 0
	}

	/// Returns `true` if the pool accepts the offer (rules 7 and 8).
	pub fn is_valid(&self, min_capacity: u16, min_stake_per_capacity: u32) -> bool {
		self.amount > 0
			&& self.reward_per_gas > 0
			&& self.max_capacity > 0
			&& self.max_capacity >= min_capacity
			&& u64::from(self.amount) >= min_stake(self.max_capacity, min_stake_per_capacity)
	}
}

/// Minimum stake for a capacity (rule 8), in whole tokens. It can exceed every possible stake.
pub fn min_stake(max_capacity: u16, min_stake_per_capacity: u32) -> u64 {
	// Cannot overflow: 16 + 32 bits.
	u64::from(max_capacity) * u64::from(min_stake_per_capacity)
}

/// The slot that an entering prover gets, by its index.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Slot {
	/// An empty slot.
	Empty(usize),
	/// A slot that must be appended first.
	Append(usize),
	/// The slot of the member to be replaced.
	Occupied(usize),
}

impl Slot {
	/// Returns the index of the slot.
	pub fn index(self) -> usize {
		let (Self::Empty(index) | Self::Append(index) | Self::Occupied(index)) = self;
		index
	}
}

/// Returns the slot for a stake of `amount` (rule 10), or `None` if the stake is too small.
pub fn find_slot(provers: &[Prover], max_provers: usize, amount: u32) -> Option<Slot> {
	if let Some(index) = provers.iter().position(Prover::is_vacant) {
		return Some(Slot::Empty(index));
	}
	if provers.len() < max_provers {
		return Some(Slot::Append(provers.len()));
	}
	let (index, smallest) = smallest(provers)?;
	(amount > smallest.staked_amount).then_some(Slot::Occupied(index))
}

/// Returns the member with the smallest stake, the one with the lowest id among equals.
fn smallest(provers: &[Prover]) -> Option<(usize, &Prover)> {
	// `min_by_key` returns the first of equals.
	provers.iter().enumerate().min_by_key(|(_, prover)| prover.staked_amount)
}

/// Returns the smallest stake that enters now, in whole tokens, or `None` if no stake can.
pub fn entry_price(
	provers: &[Prover],
	max_provers: usize,
	min_capacity: u16,
	min_stake_per_capacity: u32,
) -> Option<u32> {
	// Capacity and stake of a valid offer are above 0 (rule 8).
	let min_stake = u32::try_from(min_stake(min_capacity.max(1), min_stake_per_capacity))
		.ok()?
		.max(1);
	let is_full = provers.len() >= max_provers && !provers.iter().any(Prover::is_vacant);
	if !is_full {
		return Some(min_stake);
	}
	let (_, smallest) = smallest(provers)?;
	Some(smallest.staked_amount.checked_add(1)?.max(min_stake))
}

/// Returns the seconds since `then`, or `None` if `then` is in the future.
fn seconds_since(then: u64, now: u64) -> Option<u64> {
	now.checked_sub(then)
}

impl Staker {
	/// Returns `true` if a member may change or leave its slot (rule 13).
	pub(crate) fn may_change(&self, now: u64, min_change_delay: u64) -> bool {
		seconds_since(self.staked_at, now).is_some_and(|passed| passed >= min_change_delay)
	}

	/// Returns the amount that `withdraw` releases at `now`, in whole tokens (rule 15). It is 0
	/// until the exit is mature.
	pub(crate) fn mature_exit(&self, now: u64, exit_period: u64) -> u32 {
		let has_passed =
			seconds_since(self.exit_requested_at, now).is_some_and(|passed| passed > exit_period);
		// A stake for outstanding blocks stays slashable until every slash is decided. The
		// stake of a member stands for those within its capacity.
		if has_passed && self.backlog == 0 {
			self.exit_amount
		} else {
			0
		}
	}

	/// Returns the slashable part of the exit, in whole tokens (rule 26).
	pub(crate) fn immature_exit(&self, now: u64, exit_period: u64) -> u32 {
		if self.mature_exit(now, exit_period) == 0 {
			self.exit_amount
		} else {
			0
		}
	}

	/// Replaces the exit by one of `amount`, requested at `now`.
	fn restart_exit(&mut self, amount: u32, now: u64) {
		self.exit_amount = amount;
		self.exit_requested_at = if amount == 0 { 0 } else { now };
	}

	/// Reduces the exit by `amount`. The clock is cleared only if nothing remains.
	pub(crate) fn reduce_exit(&mut self, amount: u32) {
		self.exit_amount = self.exit_amount.defensive_saturating_sub(amount);
		if self.exit_amount == 0 {
			self.exit_requested_at = 0;
		}
	}
}

/// Puts a valid offer into an empty slot (rules 9 and 12).
///
/// Returns the shortfall: the whole tokens that the exit does not cover and that must be held.
pub fn enter(slot: &mut Prover, id: ProverId, staker: &mut Staker, offer: Offer, now: u64) -> u32 {
	let from_exit = offer.amount.min(staker.exit_amount);
	staker.restart_exit(staker.exit_amount - from_exit, now);

	let outstanding = staker.backlog;
	staker.backlog = outstanding.saturating_sub(offer.max_capacity);
	staker.max_capacity = offer.max_capacity;
	staker.prover_id = Some(id);
	staker.staked_at = now;
	*slot = Prover {
		staked_amount: offer.amount,
		reward_per_gas: offer.reward_per_gas,
		// Outstanding blocks beyond the capacity stay in the backlog.
		current_capacity: offer.max_capacity.saturating_sub(outstanding),
	};
	offer.amount - from_exit
}

/// Empties the slot of a member (rule 14).
///
/// Returns the stake that moves into exit, in whole tokens.
pub fn leave(slot: &mut Prover, staker: &mut Staker, now: u64) -> u32 {
	staker.backlog = outstanding(slot, staker);
	// A `u32` carries the sum of stake and exit, which never exceeds the account's largest stake:
	// `enter` uses the exit before anything else is held.
	let amount = staker.exit_amount.defensive_saturating_add(slot.staked_amount);
	staker.restart_exit(amount, now);
	staker.max_capacity = 0;
	staker.staked_at = 0;
	staker.prover_id = None;
	core::mem::take(slot).staked_amount
}

/// Returns the number of a member's blocks that are not released yet (rule 25).
pub(crate) fn outstanding(slot: &Prover, staker: &Staker) -> u16 {
	let in_flight = staker.max_capacity.defensive_saturating_sub(slot.current_capacity);
	// A member has a backlog only while its capacity is 0, as it was on entry. All of its
	// outstanding blocks were counted then, so the sum does not exceed that count.
	staker.backlog.defensive_saturating_add(in_flight)
}

/// Releases one outstanding block (rules 24 and 25). Returns `false` if none is outstanding.
///
/// The backlog goes first: a member with a backlog has no capacity to restore.
pub fn release(slot: Option<&mut Prover>, staker: &mut Staker) -> bool {
	if let Some(backlog) = staker.backlog.checked_sub(1) {
		staker.backlog = backlog;
		return true;
	}
	match slot {
		Some(slot) if slot.current_capacity < staker.max_capacity => {
			// Cannot overflow: below `max_capacity`.
			slot.current_capacity += 1;
			true
		},
		_ => false,
	}
}
