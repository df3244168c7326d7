// SPDX-License-Identifier: Apache-2.0

//! Prover pool: rules 1 to 33.

use super::params::effective_reward;
use super::{Account, BlockId, Error, Event, Model, Moment, Outcome};
use std::collections::BTreeMap;

/// One slot; all zero when empty (rule 30).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prover {
	pub stake: u32,
	pub price: u16,
	pub capacity: u16,
}

/// One account with a slot, an exit or outstanding blocks (rule 16).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Staker {
	pub exit_requested_at: Moment,
	pub exit_amount: u32,
	pub max_capacity: u16,
	pub id: Option<u16>,
	pub staked_at: Moment,
	pub backlog: u16,
}

impl Staker {
	/// Returns `true` with a slot or an exit.
	pub fn has_hold(&self) -> bool {
		self.id.is_some() || self.exit_amount > 0
	}
}

/// State of the pool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pool {
	/// Slots; that of id `n` is at `n - 1`.
	pub slots: Vec<Prover>,
	pub accounts: BTreeMap<u16, Account>,
	pub stakers: BTreeMap<Account, Staker>,
	/// Operator keys by the account of their prover (rule 33).
	pub operators: BTreeMap<Account, Account>,
}

impl Pool {
	/// Creates an empty pool.
	pub fn new(slots: u16) -> Self {
		Self { slots: vec![Prover::default(); slots.into()], ..Default::default() }
	}

	/// Returns the id of a member.
	pub fn id_of(&self, who: Account) -> Option<u16> {
		self.stakers.get(&who)?.id
	}

	/// Returns the slot of an id.
	pub fn slot(&self, id: u16) -> &Prover {
		&self.slots[usize::from(id) - 1]
	}

	/// Returns the number of blocks of an account that are not released (rule 25).
	pub fn outstanding(&self, who: Account) -> u32 {
		let Some(staker) = self.stakers.get(&who) else { return 0 };
		let in_use = staker.id.map_or(0, |id| staker.max_capacity - self.slot(id).capacity);
		u32::from(in_use) + u32::from(staker.backlog)
	}

	/// Returns `true` if the signer is the prover or its operator (rule 33).
	pub fn acts_for(&self, signer: Account, prover: Account) -> bool {
		signer == prover || self.operators.get(&prover) == Some(&signer)
	}

	/// Returns the smallest member, the lowest id among equals (rule 10).
	fn smallest(&self) -> Option<(u16, Account)> {
		let (id, who) = self.accounts.iter().min_by_key(|(id, _)| (self.slot(**id).stake, **id))?;
		Some((*id, *who))
	}

	/// Removes the entries that accounts no longer need (rules 16 and 33).
	pub fn tidy(&mut self) {
		self.stakers.retain(|_, s| s.id.is_some() || s.exit_amount > 0 || s.backlog > 0);
		let stakers = &self.stakers;
		self.operators.retain(|who, _| stakers.get(who).is_some_and(Staker::has_hold));
	}

	/// Gives back one outstanding block (rules 24, 25, 29).
	pub fn release(&mut self, who: Account) {
		let Some(staker) = self.stakers.get_mut(&who) else { return };
		if staker.backlog > 0 {
			staker.backlog -= 1;
		} else if let Some(id) = staker.id {
			let slot = &mut self.slots[usize::from(id) - 1];
			slot.capacity = (slot.capacity + 1).min(staker.max_capacity);
		}
	}
}

impl Model {
	/// `stake` (rules 5 to 12).
	pub fn stake(&mut self, who: Account, amount: u32, price: u16, capacity: u16) -> Outcome {
		self.step(|m| {
			if (amount, price, capacity) == (0, 0, 0) {
				return m.leave_own(who);
			}
			let least = u64::from(m.raw.within_ranges_of_the_pool().min_stake_per_capacity)
				* u64::from(capacity);
			if amount == 0
				|| price == 0
				|| capacity == 0
				|| capacity < m.raw.within_ranges_of_the_pool().min_capacity
				|| u64::from(amount) < least
			{
				return Err(Error::InvalidParams);
			}
			m.pay_mature_exit(who);
			if m.pool.id_of(who).is_some() {
				m.leave_own(who)?;
			}
			let id = m.claim_slot(amount)?;
			m.enter(who, id, Prover { stake: amount, price, capacity })
		})
	}

	/// Finds a slot, or empties that of the smallest member (rules 10 and 11).
	fn claim_slot(&mut self, amount: u32) -> Result<u16, Error> {
		let mut ids = 1..=self.config.max_provers;
		if let Some(id) = ids.find(|id| !self.pool.accounts.contains_key(id)) {
			return Ok(id);
		}
		let (id, who) = self.pool.smallest().expect("the pool is full");
		if amount <= self.pool.slot(id).stake {
			return Err(Error::ProverNotGoodEnough);
		}
		self.leave(who);
		Ok(id)
	}

	/// Takes a slot, with tokens in exit first (rules 9 and 12).
	fn enter(&mut self, who: Account, id: u16, offer: Prover) -> Result<(), Error> {
		let now = self.clock.now();
		let staker = self.pool.stakers.entry(who).or_default();
		let from_exit = staker.exit_amount.min(offer.stake);
		staker.exit_amount -= from_exit;
		staker.exit_requested_at = if staker.exit_amount > 0 { now } else { 0 };
		// Outstanding blocks use capacity first. The rest is backlog.
		let in_use = staker.backlog.min(offer.capacity);
		staker.backlog -= in_use;
		staker.max_capacity = offer.capacity;
		staker.id = Some(id);
		staker.staked_at = now;
		let shortfall = u128::from(offer.stake - from_exit);
		self.money.hold_stake(who, shortfall * self.config.one_token)?;
		let Prover { stake: amount, price, .. } = offer;
		let capacity = offer.capacity - in_use;
		self.pool.slots[usize::from(id) - 1] = Prover { capacity, ..offer };
		self.pool.accounts.insert(id, who);
		self.emit(Event::Staked { who, amount, price, capacity });
		Ok(())
	}

	/// `exit` (rules 13 and 14).
	pub fn exit(&mut self, who: Account) -> Outcome {
		self.step(|m| m.leave_own(who))
	}

	/// `exit_for`, called by a prover or its operator (rule 33).
	pub fn exit_for(&mut self, signer: Account, prover: Account) -> Outcome {
		self.step(|m| {
			if !m.pool.acts_for(signer, prover) {
				return Err(Error::NotOperator);
			}
			m.leave_own(prover)
		})
	}

	/// `withdraw` (rule 15).
	pub fn withdraw(&mut self, who: Account) -> Outcome {
		self.step(|m| m.pay_mature_exit(who).then_some(()).ok_or(Error::NoMatureExit))
	}

	/// `set_operator` (rule 33).
	pub fn set_operator(&mut self, who: Account, operator: Option<Account>) -> Outcome {
		self.step(|m| {
			if !m.pool.stakers.get(&who).is_some_and(Staker::has_hold) {
				return Err(Error::NotInPool);
			}
			match operator {
				Some(operator) => m.pool.operators.insert(who, operator),
				None => m.pool.operators.remove(&who),
			};
			m.emit(Event::OperatorSet { who, operator });
			Ok(())
		})
	}

	/// Returns the weight of a slot at a fee (rules 17 and 18).
	fn weight(slot: &Prover, fee: u64) -> u128 {
		let reward = u128::from(effective_reward(slot.price, fee));
		if slot.price == 0 || reward == 0 {
			return 0;
		}
		let fee = u128::from(fee);
		u128::from(slot.stake) * u128::from(slot.capacity) * fee * fee / (reward * reward)
	}

	/// `assign` (rules 17 to 22): asks for a draw if somebody can be drawn, and checks it.
	pub(super) fn assign(
		&mut self,
		fee: u64,
		drawn: impl FnOnce() -> Option<Account>,
	) -> Option<(Account, u64)> {
		if self.pool.slots.iter().all(|slot| Self::weight(slot, fee) == 0) {
			return None;
		}
		let prover = drawn().expect("rule 22: a prover is drawn if one can be");
		let id = self.pool.id_of(prover).expect("rule 19: a member is drawn");
		let slot = &mut self.pool.slots[usize::from(id) - 1];
		assert!(Self::weight(slot, fee) > 0, "rule 19: {prover} is drawn without a weight");
		slot.capacity -= 1;
		Some((prover, effective_reward(slot.price, fee)))
	}

	/// `slash` (rules 26 to 29). Returns the credit.
	pub(super) fn slash(&mut self, who: Account, block: BlockId, reward: u128) -> u128 {
		let Some(staker) = self.pool.stakers.get(&who) else { return 0 };
		let (id, max_capacity) = (staker.id, u128::from(staker.max_capacity));
		let stake = id.map_or(0, |id| self.pool.slot(id).stake);
		let exit = if self.is_mature(staker) { 0 } else { staker.exit_amount };
		let slashable = u128::from(stake) + u128::from(exit);
		if slashable == 0 {
			return 0;
		}
		let multiple = reward * u128::from(self.raw.within_ranges_of_the_pool().slash_multiplier);
		let multiple = multiple.div_ceil(self.config.one_token);
		let points =
			slashable * u128::from(self.raw.within_ranges_of_the_pool().slash_points) / 10_000;
		let amount = points.max(multiple).max(1).min(slashable) as u32;
		let credit = self.money.slash_stake(who, u128::from(amount) * self.config.one_token);
		self.emit(Event::Slashed { who, block, amount });
		let from_exit = amount.min(exit);
		self.set_exit(who, |staker| staker.exit_amount -= from_exit);
		if let Some(id) = id {
			let slot = &mut self.pool.slots[usize::from(id) - 1];
			slot.stake -= amount - from_exit;
			let least = u128::from(self.raw.within_ranges_of_the_pool().min_stake_per_capacity)
				* max_capacity;
			let threshold =
				least * u128::from(self.raw.within_ranges_of_the_pool().ejection_threshold);
			if u128::from(slot.stake) * 10_000 < threshold {
				self.leave(who);
			}
		}
		credit
	}

	/// Changes what an account has in exit. Its clock is cleared with the last of it (rule 9).
	fn set_exit(&mut self, who: Account, change: impl FnOnce(&mut Staker)) {
		let staker = self.pool.stakers.get_mut(&who).expect("it has an exit");
		change(staker);
		if staker.exit_amount == 0 {
			staker.exit_requested_at = 0;
		}
	}

	/// Returns `true` if an exit is mature (rule 15).
	fn is_mature(&self, staker: &Staker) -> bool {
		staker.exit_amount > 0
			&& self.clock.now() - staker.exit_requested_at
				> self.raw.within_ranges_of_the_pool().exit_period
			&& staker.backlog == 0
	}

	/// Pays a mature exit (rules 5, 11, 15). Returns `false` when there is none.
	fn pay_mature_exit(&mut self, who: Account) -> bool {
		let Some(staker) = self.pool.stakers.get(&who) else { return false };
		if !self.is_mature(staker) {
			return false;
		}
		let amount = staker.exit_amount;
		self.money.release_stake(who, u128::from(amount) * self.config.one_token);
		self.set_exit(who, |staker| staker.exit_amount = 0);
		self.emit(Event::Withdrawn { who, amount });
		true
	}

	/// Leaves the pool on the prover's own wish (rule 13).
	fn leave_own(&mut self, who: Account) -> Result<(), Error> {
		let staker = self.pool.stakers.get(&who).filter(|staker| staker.id.is_some());
		let staker = staker.ok_or(Error::NotInPool)?;
		if self.clock.now() - staker.staked_at
			< self.raw.within_ranges_of_the_pool().min_change_delay
		{
			return Err(Error::ChangeTooFrequent);
		}
		self.leave(who);
		Ok(())
	}

	/// Leaves the pool (rule 14). A mature exit is paid before, because the clock restarts.
	fn leave(&mut self, who: Account) {
		self.pay_mature_exit(who);
		let now = self.clock.now();
		let staker = self.pool.stakers.get_mut(&who).expect("a member");
		let id = staker.id.take().expect("a member");
		let slot = std::mem::take(&mut self.pool.slots[usize::from(id) - 1]);
		self.pool.accounts.remove(&id);
		staker.backlog += staker.max_capacity - slot.capacity;
		staker.max_capacity = 0;
		staker.staked_at = 0;
		self.set_exit(who, |staker| {
			staker.exit_amount += slot.stake;
			staker.exit_requested_at = now;
		});
		self.emit(Event::Exited { who, amount: slot.stake });
	}
}
