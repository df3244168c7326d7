// SPDX-License-Identifier: Apache-2.0

//! State of the rollup as a whole.

use crate::rules::{economy::MovingAverage, parameters::Parameters};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use prover_pool_primitives::{BlockId, Hash};
use scale_info::TypeInfo;

/// State of the rollup: everything but its unsettled blocks.
#[derive(Encode, Decode, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Default, Debug)]
pub struct RollupState {
	/// Last proposed block.
	pub proposed: BlockId,
	/// Last drawn block. It is drawn as well if no prover could be drawn for it.
	pub drawn: BlockId,
	/// Last proven block. All blocks from `settled` to it have transitions that build on each other.
	pub proven: BlockId,
	/// Last settled block.
	pub settled: BlockId,
	/// State root after `settled`.
	pub settled_root: Hash,
	/// State root after `proven`.
	pub proven_root: Hash,
	/// Last block that the sweep has passed.
	pub swept: BlockId,
	/// Blocks that an override or a key replacement opened at once.
	pub opening: Opening,
	/// Number of key replacements. A transition stores it, so that the proofs of a replaced key are
	/// recognized.
	pub key_replacements: u32,
	/// Deadline of the last assigned block, in seconds of the clock.
	pub last_deadline: u64,
	/// Average price of a unit of gas.
	pub fee: MovingAverage,
	/// Average delay of a proof, in seconds for each unit of gas.
	pub delay: MovingAverage,
	/// `false` while the rollup is paused, and without a start in genesis.
	pub is_running: bool,
	/// `true` from an override until the draws are resumed.
	pub draws_stopped: bool,
	/// `true` from `on_poll` to the end of the chain block.
	pub has_polled: bool,
	/// Clock of deadlines, cooldowns and exits.
	pub clock: ClockState,
	/// Governed values that apply in this chain block.
	pub parameters: Parameters,
}

impl RollupState {
	/// Returns `true` if the averages have start values (R9).
	pub fn has_started(&self) -> bool {
		self.fee != MovingAverage::default()
	}

	/// Returns the number of unsettled blocks.
	pub fn unsettled(&self) -> u64 {
		// Cannot underflow: `settled` follows `proposed`.
		self.proposed.saturating_sub(self.settled)
	}

	/// Returns the block after `proven`, proposed or not.
	pub fn next(&self) -> BlockId {
		// Cannot overflow: the chain counts one by one.
		self.proven.saturating_add(1)
	}

	/// Returns `true` if the block counts as open, although its entry does not show it yet.
	pub fn is_opening(&self, block_id: BlockId) -> bool {
		block_id > self.swept.max(self.proven) && block_id <= self.opening.to
	}

	/// Opens all drawn unproven blocks. The sweep starts again with them.
	pub fn open_unproven(&mut self, reason: OpenReason) {
		self.swept = self.proven;
		self.opening = Opening { to: self.drawn, reason };
	}
}

/// Blocks that count as open by their position, until the sweep brings their entries up to date.
#[derive(Encode, Decode, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Default, Debug)]
pub struct Opening {
	/// Last of them.
	pub to: BlockId,
	/// Cause of the opening.
	pub reason: OpenReason,
}

/// Cause by which a block is open to anyone.
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
pub enum OpenReason {
	/// No prover could be drawn.
	#[default]
	NotDrawable,
	/// The draws are stopped.
	DrawsStopped,
	/// The override origin opened the undrawn block.
	ByOrigin,
	/// The override of an earlier block.
	Overridden,
	/// The replacement of a verifying key.
	KeyReplaced,
}

/// Clock that stands still when the chain does. All times are in milliseconds.
#[derive(Encode, Decode, MaxEncodedLen, TypeInfo, Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct ClockState {
	/// Time that the clock has run.
	pub elapsed: u64,
	/// Time of the last chain block.
	pub moment: u64,
	/// Time that the clock has lost.
	pub lost: u64,
}

impl ClockState {
	/// Returns the reading in seconds. The clock starts at 1.
	pub fn now(&self) -> u64 {
		(self.elapsed / 1_000).saturating_add(1)
	}

	/// Passes the end of a chain block at `moment` (R10).
	///
	/// The clock advances by the time since the last chain block, at most by `max_tick`, and not at
	/// all unless `ticks`. The rest is lost. The first chain block has none before it.
	pub fn pass(&mut self, moment: u64, ticks: bool, max_tick: u64) {
		let since = if self.moment == 0 { 0 } else { moment.saturating_sub(self.moment) };
		let tick = if ticks { since.min(max_tick) } else { 0 };
		// Neither overflows within millions of years.
		self.elapsed = self.elapsed.saturating_add(tick);
		self.lost = self.lost.saturating_add(since.saturating_sub(tick));
		self.moment = moment;
	}
}

/// Positions of the queue, as a client reads them.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct Positions {
	/// Last settled block.
	pub settled: BlockId,
	/// Last proven block.
	pub proven: BlockId,
	/// Last drawn block.
	pub drawn: BlockId,
	/// Last proposed block.
	pub proposed: BlockId,
	/// State root after `settled`.
	pub settled_root: Hash,
	/// State root after `proven`.
	pub proven_root: Hash,
}

/// Clock, as a client reads it. Both are in seconds.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct ClockReading {
	/// Reading by which this chain block is judged.
	pub now: u64,
	/// Time that the clock has lost since genesis.
	pub lost: u64,
}

/// Key of a block's entry: its number in big-endian, so that neighbours share nodes of the trie.
#[derive(Encode, Decode, MaxEncodedLen, TypeInfo, Clone, Copy, PartialEq, Eq, Debug)]
pub struct BlockKey([u8; 8]);

impl From<BlockId> for BlockKey {
	fn from(block_id: BlockId) -> Self {
		Self(block_id.to_be_bytes())
	}
}

impl From<BlockKey> for BlockId {
	fn from(key: BlockKey) -> Self {
		Self::from_be_bytes(key.0)
	}
}
