// SPDX-License-Identifier: Apache-2.0

//! Model of the rollup and its prover pool, written from their rules alone.
//!
//! It has plain maps and integers, one method for each thing that can happen, and asserts after
//! each of them what always holds. It uses nothing of the pallets. "R1" to "R20" are rules of the
//! rollup, "rule 1" to "rule 33" those of the pool.

mod check;
mod clock;
mod events;
mod keys;
mod lane;
mod money;
mod overriding;
mod params;
mod pool;
mod proposing;
mod proving;
mod queue;
mod settling;

pub use events::{Error, Event, Settlement};
pub use lane::Answer;
pub use params::{Config, Parameters};
pub use queue::{Entry, OpenReason, Status, Stored, Transition};

use clock::Clock;
use money::Money;
use pool::Pool;
use queue::Queue;

/// Account.
pub type Account = u64;
/// Rollup block.
pub type BlockId = u64;
/// State root.
pub type Root = u64;
/// Reading of the clock, in seconds.
pub type Moment = u64;
/// Events of a step, or its refusal, after which nothing has changed.
pub type Outcome = Result<Vec<Event>, Error>;
/// Draw of rules 19 and 20, which is data: the prover of a block. The model checks that it can be
/// drawn.
pub type Drawn<'a> = &'a dyn Fn(BlockId) -> Option<Account>;

/// Pool, rollup, clock and money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
	pub config: Config,
	/// Values as governance set them.
	pub raw: Parameters,
	/// Values in force in this chain block.
	pub parameters: Parameters,
	pub money: Money,
	pub clock: Clock,
	pub pool: Pool,
	pub queue: Queue,
	events: Vec<Event>,
}

/// Chain block as its inherents find it.
#[derive(Clone, Copy, Debug)]
pub struct ChainBlock {
	/// Time, in milliseconds.
	pub time: u64,
	/// `true` if it is the first to carry a seed.
	pub has_seed: bool,
	/// `on_poll`, if it runs. It does not during a multi-block migration.
	pub poll: Option<Poll>,
}

/// Number of turns of each step for which there is weight. The order of the steps stays.
#[derive(Clone, Copy, Debug)]
pub struct Poll {
	pub settle: u64,
	pub move_proven: u64,
	pub sweep: u64,
	pub draw: u64,
}

impl Poll {
	/// All the turns that the bounds allow.
	pub const FULL: Self =
		Self { settle: u64::MAX, move_proven: u64::MAX, sweep: u64::MAX, draw: u64::MAX };
}

/// Start of a model.
#[derive(Clone, Debug)]
pub struct Genesis {
	pub config: Config,
	pub parameters: Parameters,
	pub balances: Vec<(Account, u128)>,
	pub state_root: Root,
	/// Start of the average fee for a unit of gas.
	pub fee: u16,
	/// Start of the average delay, in nanoseconds for each unit of gas.
	pub delay: u32,
}

impl Model {
	/// Builds a model with an empty pool and version 1 as the active rules.
	pub fn new(genesis: Genesis) -> Self {
		let Genesis { config, parameters, balances, state_root, fee, delay } = genesis;
		let mut money = Money::new(config.existential_deposit);
		balances.into_iter().for_each(|(who, amount)| money.issue(who, amount));
		Self {
			queue: Queue::new(state_root, fee.into(), delay.into()),
			raw: parameters.clone(),
			parameters: parameters.clamped(&config),
			money,
			clock: Clock::default(),
			pool: Pool::new(config.max_provers),
			config,
			events: Vec::new(),
		}
	}

	/// Begins a chain block: inherents, then `on_poll` in its order. Transactions follow.
	pub fn begin(&mut self, block: ChainBlock, drawn: Drawn) -> Vec<Event> {
		self.clock.begin(block);
		let outcome = self.step(|m| {
			if let Some(poll) = block.poll {
				m.parameters = m.raw.clamped(&m.config);
				m.settle(poll.settle);
				m.move_proven(poll.move_proven);
				m.sweep(poll.sweep);
				m.draw(poll.draw, drawn);
			}
			Ok(())
		});
		outcome.expect("automatic work does not fail")
	}

	/// Runs a step: all of it happens, or nothing.
	fn step(&mut self, step: impl FnOnce(&mut Self) -> Result<(), Error>) -> Outcome {
		let before = self.clone();
		match step(self) {
			Ok(()) => {
				self.pool.tidy();
				self.check();
				Ok(std::mem::take(&mut self.events))
			},
			Err(error) => {
				*self = before;
				Err(error)
			},
		}
	}

	fn emit(&mut self, event: Event) {
		self.events.push(event);
	}

	/// Sets the governed values.
	pub fn set_parameters(&mut self, parameters: Parameters) {
		self.raw = parameters;
	}
}
