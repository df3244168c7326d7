// SPDX-License-Identifier: Apache-2.0

//! Regular report in the log, by which an idle program differs from one that hangs.

use crate::{metrics::Look, text::tokens};
use std::time::{Duration, Instant};
use tracing::info;

/// Interval of the reports.
const INTERVAL: Duration = Duration::from_secs(300);

/// Times of the reports.
#[derive(Default)]
pub struct Heartbeat {
	/// URL of the node, without its secrets.
	node: String,
	last: Option<Instant>,
}

impl Heartbeat {
	/// Makes the next report due at once, with another node.
	pub fn restart(&mut self, node: String) {
		*self = Self { node, last: None };
	}

	/// Reports what was read at the best block, if it is time.
	pub fn beat(&mut self, now: Instant, look: &Look<'_>) {
		if self.last.is_none_or(|last| now.duration_since(last) >= INTERVAL) {
			self.last = Some(now);
			report(&self.node, look);
		}
	}
}

fn report(node: &str, look: &Look<'_>) {
	let Look { entry, staker, .. } = look;
	info!(
		node,
		best = look.best,
		finalized = look.finalized,
		stake = entry.staked_amount,
		price = entry.reward_per_gas,
		free_capacity = entry.current_capacity,
		max_capacity = staker.max_capacity,
		to_prove = look.pending,
		next_deadline = look.next_deadline,
		balance = tokens(look.balance, look.one_token),
		key_version = look.key_version,
		proven = look.totals.proven,
		missed = look.totals.missed,
		"{}",
		activity(look)
	);
}

/// Returns what the program does.
fn activity(look: &Look<'_>) -> &'static str {
	match (look.in_charge, look.staker.prover_id) {
		(false, _) => "Standing by.",
		(true, Some(_)) => "Proving.",
		(true, None) => "Not in the pool: only open blocks are proven.",
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{
		chain::{PoolEntry, PoolStaker},
		cli::LogFormat,
		log,
		totals::Totals,
	};

	fn logged(function: impl FnOnce(&mut Heartbeat, &Look<'_>)) -> Vec<serde_json::Value> {
		let staker = PoolStaker {
			exit_requested_at: 0,
			exit_amount: 0,
			max_capacity: 6,
			prover_id: Some(1),
			staked_at: 0,
			backlog: 0,
		};
		let look = Look {
			best: 20,
			finalized: 17,
			staker: &staker,
			entry: &PoolEntry { staked_amount: 60_000, reward_per_gas: 10, current_capacity: 4 },
			balance: 2_500,
			one_token: 1_000,
			pending: 2,
			queue: 5,
			next_deadline: Some(90),
			totals: &Totals::default(),
			scanned: 16,
			in_charge: true,
			key_version: Some(1),
			waits_for: None,
		};
		let text =
			log::tests::logged(LogFormat::Json, || function(&mut Heartbeat::default(), &look));
		text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
	}

	#[test]
	fn a_report_shows_the_offer_and_the_work() {
		let lines = logged(|heartbeat, look| {
			heartbeat.restart("ws://node".into());
			heartbeat.beat(Instant::now(), look);
		});
		let line = &lines[0];
		assert_eq!(line["node"], "ws://node");
		assert_eq!(
			(line["message"].as_str(), line["balance"].as_str()),
			(Some("Proving."), Some("2.5"))
		);
		for (name, value) in [
			("stake", 60_000),
			("price", 10),
			("free_capacity", 4),
			("max_capacity", 6),
			("to_prove", 2),
			("next_deadline", 90),
			("key_version", 1),
			("best", 20),
		] {
			assert_eq!(line[name], value, "{name}");
		}
	}

	#[test]
	fn reports_come_at_the_start_and_at_intervals() {
		let start = Instant::now();
		let count = logged(|heartbeat, look| {
			for seconds in [0, 6, 299, 300, 306, 600] {
				heartbeat.beat(start + Duration::from_secs(seconds), look);
			}
			heartbeat.restart("ws://other".into());
			heartbeat.beat(start + Duration::from_secs(606), look);
		});
		assert_eq!(count.len(), 4);
	}

	#[test]
	fn a_program_that_does_not_prove_says_so() {
		logged(|_, look| {
			assert_eq!(activity(&Look { in_charge: false, ..*look }), "Standing by.");
			let staker = PoolStaker { prover_id: None, ..look.staker.clone() };
			assert!(activity(&Look { staker: &staker, ..*look }).contains("Not in the pool"));
		});
	}
}
