// SPDX-License-Identifier: Apache-2.0

//! Who is in the pool: offers, places, entering, leaving, newcomers, exits and outstanding blocks.
//! Rules 5 to 16 and 21 to 25, as functions over plain values.

use crate::types::{Newcomers, Prover, ProverId, Staker};
use frame_support::traits::{Defensive, DefensiveSaturating, Get};

/// What a prover offers to the pool.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Offer {
	/// Its stake, in whole tokens.
	pub amount: u32,
	/// Its price for a unit of gas.
	pub reward_per_gas: u16,
	/// How many rollup blocks it takes at the same time.
	pub max_capacity: u16,
}

impl Offer {
	/// Whether this is the request to leave (rule 7).
	pub fn is_exit(&self) -> bool {
		self.amount == 0 && self.reward_per_gas == 0 && self.max_capacity == 0
	}

	/// Whether the pool takes such an offer (rules 7 and 8).
	pub fn is_valid(&self, min_capacity: u16, min_stake_per_capacity: u32) -> bool {
		self.amount > 0
			&& self.reward_per_gas > 0
			&& self.max_capacity > 0
			&& self.max_capacity >= min_capacity
			&& u64::from(self.amount) >= min_stake(self.max_capacity, min_stake_per_capacity)
	}
}

/// The least stake for a capacity (rule 8), in whole tokens. May be more than a stake can be.
pub fn min_stake(max_capacity: u16, min_stake_per_capacity: u32) -> u64 {
	// Cannot overflow: 16 + 32 bits.
	u64::from(max_capacity) * u64::from(min_stake_per_capacity)
}

/// Where in the table a newcomer goes, by index.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
	/// An empty slot of the table.
	Vacant(usize),
	/// One past the table's end, which may still grow.
	New(usize),
	/// The slot of the member that the newcomer replaces.
	Of(usize),
}

impl Place {
	/// The index of the slot.
	pub fn index(self) -> usize {
		let (Self::Vacant(index) | Self::New(index) | Self::Of(index)) = self;
		index
	}
}

/// The place that a stake of `amount` gets (rule 10), `None` when it is not good enough.
pub fn find_place(provers: &[Prover], max_provers: usize, amount: u32) -> Option<Place> {
	if let Some(index) = provers.iter().position(Prover::is_vacant) {
		return Some(Place::Vacant(index));
	}
	if provers.len() < max_provers {
		return Some(Place::New(provers.len()));
	}
	let (index, smallest) = smallest(provers)?;
	(amount > smallest.staked_amount).then_some(Place::Of(index))
}

/// The member with the smallest stake, the lowest id among equals.
fn smallest(provers: &[Prover]) -> Option<(usize, &Prover)> {
	// `min_by_key` returns the first of equals.
	provers.iter().enumerate().min_by_key(|(_, prover)| prover.staked_amount)
}

/// The smallest stake that gets in now, in whole tokens; `None` when none can.
pub fn entry_price(
	provers: &[Prover],
	max_provers: usize,
	min_capacity: u16,
	min_stake_per_capacity: u32,
) -> Option<u32> {
	// No offer is for nothing: neither no capacity nor no stake (rule 8).
	let least = u32::try_from(min_stake(min_capacity.max(1), min_stake_per_capacity))
		.ok()?
		.max(1);
	let is_full = provers.len() >= max_provers && !provers.iter().any(Prover::is_vacant);
	if !is_full {
		return Some(least);
	}
	let (_, smallest) = smallest(provers)?;
	Some(smallest.staked_amount.checked_add(1)?.max(least))
}

/// Seconds since `then`; `None` for a time that has not come.
fn has_passed(then: u64, now: u64) -> Option<u64> {
	now.checked_sub(then)
}

impl<MaxProvers: Get<u32>> Newcomers<MaxProvers> {
	/// Who took its slot at `now`, and so is not drawn (rule 21).
	pub fn at(&self, now: u64) -> &[ProverId] {
		if self.staked_at == now {
			&self.ids
		} else {
			&[]
		}
	}

	/// Notes who takes an empty slot.
	fn add(&mut self, id: ProverId, now: u64) {
		if self.staked_at != now {
			self.staked_at = now;
			self.ids = Default::default();
		}
		// There is room: each slot is noted once, and there are no more slots than the bound.
		let _ = self.ids.try_push(id).defensive();
	}

	/// Forgets who leaves its slot.
	fn remove(&mut self, id: ProverId) {
		self.ids.retain(|newcomer| *newcomer != id);
	}
}

impl Staker {
	/// Whether a member may give up or change its place by itself (rule 13).
	pub fn may_change(&self, now: u64, min_change_delay: u64) -> bool {
		has_passed(self.staked_at, now).is_some_and(|passed| passed >= min_change_delay)
	}

	/// What `withdraw` pays at `now`, in whole tokens (rule 15); 0 while the exit is not mature.
	pub fn mature_exit(&self, now: u64, exit_period: u64) -> u32 {
		let is_mature =
			has_passed(self.exit_requested_at, now).is_some_and(|passed| passed > exit_period);
		if is_mature {
			self.exit_amount
		} else {
			0
		}
	}

	/// What is still slashable of the exit, in whole tokens (rule 26).
	pub fn immature_exit(&self, now: u64, exit_period: u64) -> u32 {
		if self.mature_exit(now, exit_period) == 0 {
			self.exit_amount
		} else {
			0
		}
	}

	/// Replaces the exit by one of `amount`, requested at `now`.
	pub fn restart_exit(&mut self, amount: u32, now: u64) {
		self.exit_amount = amount;
		self.exit_requested_at = if amount == 0 { 0 } else { now };
	}

	/// Takes `amount` from the exit without touching its clock, unless nothing remains.
	pub fn reduce_exit(&mut self, amount: u32) {
		self.exit_amount = self.exit_amount.defensive_saturating_sub(amount);
		if self.exit_amount == 0 {
			self.exit_requested_at = 0;
		}
	}
}

/// Puts a valid offer into an empty slot (rules 9 and 12) and returns the shortfall: the whole
/// tokens that the exit did not cover and that must be held anew.
pub fn enter<MaxProvers: Get<u32>>(
	slot: &mut Prover,
	newcomers: &mut Newcomers<MaxProvers>,
	id: ProverId,
	staker: &mut Staker,
	offer: Offer,
	now: u64,
) -> u32 {
	let from_exit = offer.amount.min(staker.exit_amount);
	staker.restart_exit(staker.exit_amount - from_exit, now);

	let outstanding = staker.backlog;
	staker.backlog = outstanding.saturating_sub(offer.max_capacity);
	staker.max_capacity = offer.max_capacity;
	staker.prover_id = Some(id);
	staker.staked_at = now;
	newcomers.add(id, now);
	*slot = Prover {
		staked_amount: offer.amount,
		reward_per_gas: offer.reward_per_gas,
		// What is outstanding beyond the capacity stays in the backlog.
		current_capacity: offer.max_capacity.saturating_sub(outstanding),
	};
	offer.amount - from_exit
}

/// Empties a member's slot (rule 14) and returns the stake that went into exit, in whole tokens.
pub fn leave<MaxProvers: Get<u32>>(
	slot: &mut Prover,
	newcomers: &mut Newcomers<MaxProvers>,
	staker: &mut Staker,
	now: u64,
) -> u32 {
	staker.backlog = outstanding(slot, staker);
	// An account's stake and exit together never exceed its largest stake: `enter` takes from the
	// exit before anything new is held, so a `u32` carries their sum.
	let amount = staker.exit_amount.defensive_saturating_add(slot.staked_amount);
	staker.restart_exit(amount, now);
	staker.max_capacity = 0;
	staker.staked_at = 0;
	if let Some(id) = staker.prover_id.take() {
		newcomers.remove(id);
	}
	core::mem::take(slot).staked_amount
}

/// How many of a member's blocks are not yet released (rule 25).
fn outstanding(slot: &Prover, staker: &Staker) -> u16 {
	let in_flight = staker.max_capacity.defensive_saturating_sub(slot.current_capacity);
	// A backlog beside a slot means that its capacity was 0 on entry and still is, so whatever is
	// outstanding was counted on entry: the sum never grows beyond what it was then.
	staker.backlog.defensive_saturating_add(in_flight)
}

/// Gives back one outstanding block (rules 24 and 25); `false` when nothing is outstanding.
///
/// The backlog goes first: while there is one, the member has no capacity to give.
pub fn release(slot: Option<&mut Prover>, staker: &mut Staker) -> bool {
	if let Some(backlog) = staker.backlog.checked_sub(1) {
		staker.backlog = backlog;
		return true;
	}
	match slot {
		Some(slot) if slot.current_capacity < staker.max_capacity => {
			// Below a `u16`.
			slot.current_capacity += 1;
			true
		},
		_ => false,
	}
}
