// SPDX-License-Identifier: Apache-2.0

//! Clock (R10) and seeds (R2).

use super::{BlockId, ChainBlock, Model, Moment};

/// Clock, chain block and seeds. Times are in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clock {
	/// Time that the clock has run.
	pub run: u64,
	/// Time that the clock has lost.
	pub lost: u64,
	/// Number of this chain block.
	pub number: u64,
	time: u64,
	last_time: Option<u64>,
	polled: bool,
	/// Chain block that first carried the last seed, and that of the seed before.
	newest_seed: Option<u64>,
	older_seed: Option<u64>,
	/// Open blocks that members had the lane for, and these members.
	pub open_lane: Vec<(BlockId, u64)>,
}

impl Clock {
	/// Returns the reading by which everything in this chain block is judged. It starts at 1.
	pub fn now(&self) -> Moment {
		1 + self.run / 1_000
	}

	/// Begins a chain block.
	pub fn begin(&mut self, block: ChainBlock) {
		self.number += 1;
		self.time = block.time;
		self.polled = block.poll.is_some();
		if block.has_seed {
			self.older_seed = self.newest_seed.replace(self.number);
		}
	}

	/// Returns the chain block that first carried the older of both seeds, if this one is the first
	/// to carry the newer one.
	pub fn mix_known_since(&self) -> Option<u64> {
		self.older_seed.filter(|_| self.newest_seed == Some(self.number))
	}
}

impl Model {
	/// Ends the chain block with its tick.
	///
	/// A pause counts as it is at the end. The first chain block has none before it.
	pub fn end(&mut self) {
		let clock = &mut self.clock;
		let passed = clock.last_time.map_or(0, |last| clock.time - last);
		let ticks = clock.polled && !self.queue.paused;
		let tick = if ticks { passed.min(self.config.max_tick) } else { 0 };
		clock.run += tick;
		clock.lost += passed - tick;
		clock.last_time = Some(clock.time);
	}
}
