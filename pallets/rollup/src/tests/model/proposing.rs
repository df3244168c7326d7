// SPDX-License-Identifier: Apache-2.0

//! Proposals (R1) and draws (R2, R3).

use super::queue::AVERAGE_PARTS;
use super::{
	params::top, Account, BlockId, Drawn, Entry, Error, Event, Model, OpenReason, Outcome, Status,
};

impl Model {
	/// Returns the fee for a unit of gas of a block that is proposed now: the average, rounded to
	/// the nearest (R9).
	pub fn fee(&self) -> u64 {
		let nearest = (self.queue.average_fee + AVERAGE_PARTS / 2) / AVERAGE_PARTS;
		nearest.clamp(self.parameters.min_fee.into(), u16::MAX.into()) as u64
	}

	/// `propose_block`.
	pub fn propose(&mut self, who: Account, size: u64, gas_limit: u64, max_fee: u64) -> Outcome {
		self.step(|m| {
			m.may_propose(gas_limit)?;
			let fee = m.fee();
			let price = top(fee);
			if price > max_fee {
				return Err(Error::FeeTooHigh);
			}
			let fixed_gas = m.config.base_gas + m.config.gas_per_byte * size;
			let deposit = u128::from(price) * u128::from(fixed_gas + gas_limit);
			m.money.hold_deposit(who, deposit)?;
			m.queue.proposed += 1;
			let (block, version) = (m.queue.proposed, m.queue.active);
			let entry = Entry {
				proposer: who,
				gas_limit,
				fixed_gas,
				fee,
				price,
				deposit,
				version,
				proposed_in: m.clock.number,
				..Default::default()
			};
			m.queue.entries.insert(block, entry);
			m.emit(Event::Proposed { block, proposer: who, fee, deposit, version });
			Ok(())
		})
	}

	fn may_propose(&self, gas_limit: u64) -> Result<(), Error> {
		if self.queue.paused {
			return Err(Error::Paused);
		}
		if gas_limit == 0 || gas_limit > self.config.max_gas_limit {
			return Err(Error::InvalidGasLimit);
		}
		if self.queue.proposed - self.queue.settled >= self.config.max_unsettled {
			return Err(Error::QueueFull);
		}
		if self.queue.active == 0 {
			return Err(Error::NoActiveKey);
		}
		Ok(())
	}

	/// `on_poll`: draws in the chain block that first carries a seed, in order, up to the first
	/// block that is too young.
	pub fn draw(&mut self, turns: u64, drawn: Drawn) {
		let Some(known_since) = self.clock.mix_known_since() else { return };
		for _ in 0..self.config.max_drawn.min(turns) {
			let block = self.queue.drawn + 1;
			let Some(entry) = self.queue.entries.get(&block) else { return };
			if self.queue.paused || known_since <= entry.proposed_in {
				return;
			}
			let fee = entry.fee;
			if self.queue.draws_stopped {
				self.open_undrawn_block(block, OpenReason::DrawsStopped);
			} else {
				match self.assign(fee, || drawn(block)) {
					Some((prover, price)) => self.assign_block(block, prover, price),
					None => self.open_undrawn_block(block, OpenReason::NotDrawable),
				}
			}
		}
	}

	fn assign_block(&mut self, block: BlockId, prover: Account, price: u64) {
		let drawn_at = self.clock.now();
		let entry = &self.queue.entries[&block];
		let window = self.window(entry.fixed_gas + entry.gas_limit);
		let deadline = (drawn_at + window).max(self.queue.last_deadline);
		self.queue.last_deadline = deadline;
		self.queue.drawn = block;
		let entry = self.entry(block);
		entry.status = Status::Assigned;
		entry.prover = Some(prover);
		entry.price = price;
		entry.drawn_at = drawn_at;
		entry.window = window;
		entry.deadline = deadline;
		entry.outstanding = true;
		self.emit(Event::Assigned { block, prover, price, deadline });
	}

	/// Opens a block without a drawn prover, at fee plus `RewardTolerance`.
	fn open_undrawn_block(&mut self, block: BlockId, reason: OpenReason) {
		self.queue.drawn = block;
		let entry = self.entry(block);
		entry.status = Status::Open;
		let price = entry.price;
		self.emit(Event::Opened { block, reason, price });
	}

	/// `open_undrawn`: as many blocks as a chain block draws.
	pub fn open_undrawn(&mut self, through: BlockId) -> Outcome {
		self.step(|m| {
			if through > m.queue.proposed {
				return Err(Error::UnknownBlock);
			}
			if through <= m.queue.drawn {
				return Err(Error::AlreadyDrawn);
			}
			for block in (m.queue.drawn + 1..=through).take(m.config.max_drawn as usize) {
				m.open_undrawn_block(block, OpenReason::ByOrigin);
			}
			Ok(())
		})
	}

	/// Returns the window of a block that is drawn now, rounded up (R3).
	pub fn window(&self, gas_at_limit: u64) -> u64 {
		let parts = 2 * self.queue.average_delay * u128::from(gas_at_limit);
		let (min, max) = (self.parameters.min_window, self.config.max_window);
		parts.div_ceil(AVERAGE_PARTS).clamp(min.into(), max.max(min).into()) as u64
	}

	pub(super) fn entry(&mut self, block: BlockId) -> &mut Entry {
		self.queue.entries.get_mut(&block).expect("the block is after settled")
	}
}
