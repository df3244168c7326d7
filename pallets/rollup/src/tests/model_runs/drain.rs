// SPDX-License-Identifier: Apache-2.0

//! End of a run: with calm parameters and honest provers every block settles.

use super::{
	drive::Run,
	steps::{Interval, PollWeight, ProofStep, RootChoice, Signer, Step},
};
use crate::tests::model::Parameters;

impl Run<'_> {
	/// Proves and settles all blocks. Nothing is stuck, and no hold is left behind.
	pub fn drain(&mut self) {
		let calm = Parameters { cooldown: 0, min_window: 0, ..self.model.raw.clone() };
		self.apply(Step::SetParameters(calm));
		self.apply(Step::Resume);
		self.apply(Step::ResumeDraws);
		// Sweeps may have to pass every block, and a window of 200 ticks may have begun.
		for _ in 0..1_000 {
			let queue = &self.model.queue;
			if queue.settled == queue.proposed {
				break;
			}
			self.apply(Step::Blocks {
				number: 1,
				interval: Interval::Tick,
				has_seed: true,
				weight: PollWeight::Enough,
			});
			self.apply(Step::Prove(ProofStep {
				ahead: 0,
				is_after_settled: false,
				prover: None,
				signer: Signer::Other(60),
				parent: None,
				root: RootChoice::True,
				gas: 50,
				is_valid: true,
				tip: None,
			}));
		}
		self.compare();
		let queue = &self.model.queue;
		assert_eq!(queue.settled, queue.proposed, "a block is stuck");
		assert!(self.model.money.deposits.is_empty(), "a hold is left behind");
		assert!(self.model.pool.stakers.values().all(|staker| staker.backlog == 0));
	}
}
