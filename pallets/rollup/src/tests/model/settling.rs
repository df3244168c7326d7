// SPDX-License-Identifier: Apache-2.0

//! Settlement (R6 to R8) and averages (R9).

use super::events::Settlement;
use super::queue::AVERAGE_PARTS;
use super::{BlockId, Entry, Event, Model, Status, Stored};

/// Parts in which a penalty is worked out. Each step rounds down, for the prover.
const PENALTY_PARTS: u128 = 1_000_000_000;

impl Model {
	/// `on_poll`: settles blocks in order, when `Cooldown` has passed.
	pub(super) fn settle(&mut self, turns: u64) {
		for _ in 0..self.config.max_settled.min(turns) {
			let block = self.queue.settled + 1;
			if self.queue.paused || block > self.queue.proven {
				return;
			}
			let entry = self.queue.entries[&block].clone();
			let stored = entry.stored.clone().expect("proven");
			let passed = self.clock.now() - stored.proven_at.expect("proven");
			if passed < self.parameters.cooldown {
				return;
			}
			self.settle_one(block, entry, stored);
		}
	}

	fn settle_one(&mut self, block: BlockId, entry: Entry, stored: Stored) {
		let prover = stored.paid_proof().map(|proof| proof.prover);
		let full = Self::full_price(&entry, &stored);
		let due = full - self.penalty(&entry, &stored, full);
		let (reward, refund) = self.money.settle(entry.proposer, entry.deposit, prover, due);
		let (mut slashed, mut bounty) = (0, 0);
		if entry.status == Status::Missed {
			slashed = self.slash(entry.prover.expect("assigned"), block, full);
			let share = slashed * u128::from(self.parameters.rescuer_share) / 10_000;
			let most = reward.saturating_mul(self.config.bounty_multiplier) / 10_000;
			let rescuer = prover.expect("missed blocks are rescued");
			bounty = self.money.pay_bounty(slashed, rescuer, share.min(most));
		}
		// After the slash: until then the last of the stake cannot leave (rule 15).
		self.release_block(block);
		self.learn(&entry, &stored);
		let root = stored.root;
		self.queue.settled = block;
		self.queue.settled_root = root;
		self.queue.entries.remove(&block);
		let settlement = Settlement { block, root, prover, reward, refund, slashed, bounty };
		self.emit(Event::Settled(settlement));
	}

	/// Returns the price of the gas charged; 0 if an override made the root.
	fn full_price(entry: &Entry, stored: &Stored) -> u128 {
		stored.paid_proof().map_or(0, |proof| {
			u128::from(entry.price) * u128::from(entry.fixed_gas + proof.gas_used)
		})
	}

	/// Returns the penalty for the delay of the assigned prover, which grows up to the deadline.
	fn penalty(&self, entry: &Entry, stored: &Stored, full: u128) -> u128 {
		let Some(proof) = stored.paid_proof().filter(|proof| proof.is_timely) else {
			return 0;
		};
		let delay = u128::from(proof.stored_at - entry.drawn_at);
		let part = delay * PENALTY_PARTS / u128::from(entry.deadline - entry.drawn_at);
		full * (part * self.config.max_penalty / 10_000) / PENALTY_PARTS
	}

	/// Takes the samples of a block. Rescues are none of the fee, open blocks none at all.
	fn learn(&mut self, entry: &Entry, stored: &Stored) {
		let Some(proof) = stored.paid_proof() else { return };
		let weight = proof.gas_used;
		if proof.is_timely {
			let delay = proof.stored_at - entry.drawn_at;
			let delay = per_gas(delay, entry.fixed_gas + proof.gas_used);
			let price = u128::from(entry.price) * AVERAGE_PARTS;
			self.queue.average_fee = self.average(self.queue.average_fee, price, weight);
			self.queue.average_delay = self.average(self.queue.average_delay, delay, weight);
		} else if entry.status == Status::Missed {
			// The window was made for the limit.
			let delay = per_gas(entry.window, entry.fixed_gas + entry.gas_limit);
			self.queue.average_delay = self.average(self.queue.average_delay, delay, weight);
		}
	}

	/// Moves an average towards a sample by the part that the gas used is of `AverageGas`. Empty
	/// blocks move nothing.
	fn average(&self, average: u128, sample: u128, gas: u64) -> u128 {
		let sample = sample.min(u128::from(u32::MAX) * AVERAGE_PARTS);
		let length = u128::from(self.config.average_gas);
		let gas = u128::from(gas).min(length);
		let step = |distance: u128| distance * gas / length;
		if sample > average {
			average + step(sample - average)
		} else {
			average - step(average - sample)
		}
	}
}

fn per_gas(seconds: u64, gas: u64) -> u128 {
	u128::from(seconds) * AVERAGE_PARTS / u128::from(gas)
}
