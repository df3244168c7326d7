// SPDX-License-Identifier: Apache-2.0

//! Chain blocks: at their interval, after a gap, with little weight and without `on_poll`.

use super::{
	compare::chain_events,
	drive::Run,
	steps::{Interval, PollWeight},
};
use crate::{
	mock::*,
	tests::model::{ChainBlock, Event as ModelEvent, Poll, Status},
	RollupState,
};
use frame_support::{
	traits::Hooks,
	weights::{Weight, WeightMeter},
};

impl Run<'_> {
	/// Makes chain blocks until the next deadline, or the first reading after it.
	pub fn pass_deadline(&mut self, is_exact: bool, weight: PollWeight) {
		let queue = &self.model.queue;
		let mut unproven = queue.proven + 1..=queue.drawn;
		let next = unproven.find(|block| queue.status(*block) == Status::Assigned);
		let Some(next) = next.filter(|_| !queue.paused) else { return };
		let end = queue.entries[&next].deadline + u64::from(!is_exact);
		while self.model.clock.now() < end {
			let is_last = self.model.clock.now() + self.max_tick / 1_000 >= end;
			let weight = if is_last { weight } else { PollWeight::Enough };
			self.next(Interval::Tick, false, weight);
			if is_last {
				break;
			}
		}
	}

	/// Ends the chain block and begins the next.
	pub fn next(&mut self, interval: Interval, has_seed: bool, weight: PollWeight) {
		Rollup::on_finalize(System::block_number());
		self.model.end();
		self.time += match interval {
			Interval::Tick => self.max_tick,
			Interval::Half => self.max_tick / 2,
			Interval::Millisecond => 1,
			Interval::Gap => 100 * self.max_tick,
		};
		self.begin(has_seed, weight);
	}

	/// Begins a chain block. The draws of the pallet are data for the model, which checks them.
	pub fn begin(&mut self, has_seed: bool, weight: PollWeight) {
		let number = System::block_number() + 1;
		System::set_block_number(number);
		Timestamp::set_timestamp(self.time);
		let older = if has_seed { self.last_seed.replace(number) } else { None };
		SeedAge::set(older.map(|older| number - older));
		let poll = self.poll(weight);
		let events = chain_events();
		let drawn = |id| {
			events.iter().find_map(|event| match event {
				ModelEvent::Assigned { block, prover, .. } if *block == id => Some(*prover),
				_ => None,
			})
		};
		let missing = self.model.money.missing.clone();
		let expected = self.model.begin(ChainBlock { time: self.time, has_seed, poll }, &drawn);
		assert_eq!(events, expected);
		if self.model.money.missing != missing {
			self.count("chain block that settles out of a short hold".into());
		}
		self.note(expected);
	}

	/// Runs `on_poll` with a weight. Little weight is data: the turns that it was enough for.
	fn poll(&mut self, weight: PollWeight) -> Option<Poll> {
		let before = state();
		let run = |meter| Rollup::on_poll(System::block_number(), meter);
		match weight {
			PollWeight::Enough => {
				run(&mut WeightMeter::new());
				Some(Poll::FULL)
			},
			PollWeight::Little(micros) => {
				self.count("chain block with little weight".into());
				let limit = Weight::from_parts(micros * 1_000_000, u64::MAX);
				run(&mut WeightMeter::with_limit(limit));
				turns(&before, &state())
			},
			PollWeight::None => {
				self.count("chain block without on_poll".into());
				None
			},
		}
	}
}

/// Returns the turns that an `on_poll` with little weight took; none if it did nothing.
fn turns(before: &RollupState, after: &RollupState) -> Option<Poll> {
	let moved = after.proven - before.proven;
	after.has_polled.then(|| Poll {
		settle: after.settled - before.settled,
		// To bring the next block up to date takes a turn of its own.
		move_proven: moved + u64::from(is_brought_up_to_date(after)),
		sweep: after.swept - before.swept.max(after.proven),
		draw: after.drawn - before.drawn,
	})
}

/// Returns `true` if the next block, which does not fit, was brought up to date in this chain block.
fn is_brought_up_to_date(after: &RollupState) -> bool {
	let id = after.next();
	let fits = block(id).is_some_and(|block| block.has_transition_on(&after.proven_root));
	let is_about_it = |event: &Event| match event {
		Event::TransitionDiscarded { block_id, .. }
		| Event::BlockOpened { block_id, .. }
		| Event::AssignmentMissed { block_id, .. } => *block_id == id,
		_ => false,
	};
	!fits && System::read_events_for_pallet::<Event>().iter().any(is_about_it)
}
