// SPDX-License-Identifier: Apache-2.0

//! Metrics for Prometheus, and the readiness of the prover.

use crate::{
	chain::{PoolEntry, PoolStaker},
	totals::Totals,
};
use metrics::{
	counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram, Label,
};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::{
	sync::{Arc, Mutex, MutexGuard, PoisonError},
	time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use subxt::utils::{AccountId32, H256};

/// Upper bounds of the histogram of proof times, in seconds.
const PROOF_SECONDS: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0];

/// Age of the last read of the chain after which the prover is not ready.
const MAX_AGE: Duration = Duration::from_secs(90);

/// Metrics of a prover. All clones share their labels.
#[derive(Clone, Default)]
pub struct Metrics {
	state: Arc<Mutex<State>>,
}

/// Labels, and the facts that decide the readiness.
#[derive(Default)]
struct State {
	/// Account. The series that exist before the first connection have no other label.
	account: Vec<Label>,
	/// Chain and account. Empty until the first connection.
	labels: Vec<Label>,
	is_connected: bool,
	looked_at: Option<Instant>,
	/// Earliest time of the next deadline.
	deadline: Option<Instant>,
	alarm: Option<&'static str>,
	/// Reason for which nothing can be proven yet.
	waits_for: Option<&'static str>,
}

/// Chain at the best block, as far as metrics show it.
pub struct Look<'a> {
	/// Best chain block.
	pub best: u64,
	/// Last finalized chain block.
	pub finalized: u64,
	/// Entry of the account.
	pub staker: &'a PoolStaker,
	/// Slot of the account.
	pub entry: &'a PoolEntry,
	/// Balance of the signer, in the smallest unit of the currency.
	pub balance: u128,
	/// Value of a whole token, in the smallest unit of the currency.
	pub one_token: u128,
	/// Number of blocks that are reserved for the account and not proven by it.
	pub pending: usize,
	/// Number of rollup blocks that are proposed and not settled.
	pub queue: u64,
	/// Seconds of the rollup's clock until the next deadline.
	pub next_deadline: Option<u64>,
	/// Books.
	pub totals: &'a Totals,
	/// Last finalized chain block in the books.
	pub scanned: u64,
	/// `true` if the program proves for the account, and does not stand by.
	pub in_charge: bool,
	/// Newest rules version that can be proven.
	pub key_version: Option<u32>,
	/// Reason for which nothing can be proven for a limited time.
	pub waits_for: Option<&'static str>,
}

/// Installs the recorder of all metrics. Returns the handle that renders them.
pub fn install() -> Result<PrometheusHandle, BuildError> {
	let proof_seconds = Matcher::Full("prover_pool_proof_seconds".into());
	let handle = PrometheusBuilder::new()
		.set_buckets_for_metric(proof_seconds, &PROOF_SECONDS)?
		.install_recorder()?;
	describe();
	Ok(handle)
}

/// Reason of the alarm when files cannot be written.
pub const DISK_FULL: &str = "disk_full";

/// Names and descriptions of the gauges.
const GAUGES: [(&str, &str); 20] = [
	("prover_pool_up", "1 while the program follows a node"),
	("prover_pool_build_info", "1, with the version of the program"),
	("prover_pool_alarm", "1 while blocks cannot be proven or the disk is full, with the reason"),
	("prover_pool_in_charge", "1 if the program proves, and 0 if it stands by"),
	("prover_pool_stake_tokens", "Stake in the pool, in whole tokens"),
	("prover_pool_capacity_blocks", "Free capacity, in rollup blocks"),
	("prover_pool_max_capacity_blocks", "Declared capacity, in rollup blocks"),
	("prover_pool_outstanding_blocks", "Rollup blocks not released yet"),
	("prover_pool_pending_blocks", "Rollup blocks that are reserved and not proven"),
	("prover_pool_queue_blocks", "Rollup blocks that are proposed and not settled"),
	("prover_pool_next_deadline_seconds", "Time to the next deadline; infinite if there is none"),
	("prover_pool_balance_tokens", "Balance of the signer that can pay fees, in tokens"),
	("prover_pool_earned_tokens", "Rewards and bounties, in tokens"),
	("prover_pool_fees_tokens", "Fees and tips, in tokens"),
	("prover_pool_best_block", "Best chain block"),
	("prover_pool_finalized_block", "Last finalized chain block"),
	("prover_pool_scanned_block", "Last finalized chain block in the books"),
	("prover_pool_finality_lag_blocks", "Best chain block less the finalized one"),
	("prover_pool_looked_at_seconds", "Unix time of the last read of the best block"),
	("prover_pool_key_version", "Newest rules version that can be proven; 0 if none"),
];

/// Names and descriptions of the counters.
const COUNTERS: [(&str, &str); 7] = [
	("prover_pool_slashed_tokens_total", "Slashes, in whole tokens"),
	("prover_pool_settled_blocks_total", "Rollup blocks that settled with a proof of the account"),
	("prover_pool_missed_blocks_total", "Rollup blocks whose deadline was missed"),
	("prover_pool_failures_total", "Failed proving tasks, and failed or refused transactions"),
	("prover_pool_proofs_total", "Proving tasks, by result"),
	("prover_pool_transactions_total", "Transactions with a proof, by outcome"),
	("prover_pool_reconnects_total", "Attempts to connect again"),
];

fn describe() {
	for (name, text) in GAUGES {
		describe_gauge!(name, text);
	}
	for (name, text) in COUNTERS {
		describe_counter!(name, text);
	}
	describe_histogram!("prover_pool_proof_seconds", "Time of a successful proof, in seconds");
}

impl Metrics {
	/// Returns the metrics of a prover that is not connected yet.
	pub fn new(account: &AccountId32) -> Self {
		let metrics = Self::default();
		let label = Label::new("account", account.to_string());
		metrics.state().account = vec![label.clone()];
		metrics.set_up(false);
		let version = Label::from_static_parts("version", env!("CARGO_PKG_VERSION"));
		gauge!("prover_pool_build_info", vec![label, version]).set(1);
		metrics
	}

	/// Adds the chain to the labels.
	pub fn label(&self, genesis: H256) {
		let mut state = self.state();
		let chain = Label::new("chain", hex::encode(&genesis.0[..8]));
		state.labels = [vec![chain], state.account.clone()].concat();
	}

	/// Returns the reason for which the prover is not ready.
	pub fn not_ready(&self) -> Option<String> {
		let state = self.state();
		let age = state.looked_at.map(|at| at.elapsed());
		match (state.is_connected, age, state.alarm) {
			(false, ..) | (_, None, _) => Some("no node is connected".into()),
			(_, Some(age), _) if age > MAX_AGE => {
				Some(format!("the node has had no block for {} s", age.as_secs()))
			},
			// It can prove with a full disk.
			(_, _, Some(reason)) if reason != DISK_FULL => {
				Some(format!("blocks cannot be proven: {reason}"))
			},
			_ => state.waits_for.map(|reason| format!("blocks cannot be proven yet: {reason}")),
		}
	}

	/// Records a read of the best block.
	pub fn look(&self, look: &Look<'_>) {
		{
			let mut state = self.state();
			state.is_connected = true;
			let now = Instant::now();
			state.looked_at = Some(now);
			state.waits_for = look.waits_for;
			state.deadline =
				look.next_deadline.and_then(|left| now.checked_add(Duration::from_secs(left)));
		}
		let tokens = |amount: u128| amount as f64 / look.one_token.max(1) as f64;
		let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
		self.set_up(true);
		self.set("prover_pool_in_charge", f64::from(u8::from(look.in_charge)));
		self.set("prover_pool_stake_tokens", look.entry.staked_amount.into());
		self.set("prover_pool_capacity_blocks", look.entry.current_capacity.into());
		self.set("prover_pool_max_capacity_blocks", look.staker.max_capacity.into());
		self.set("prover_pool_outstanding_blocks", look.staker.outstanding(look.entry).into());
		self.set("prover_pool_pending_blocks", look.pending as f64);
		self.set("prover_pool_queue_blocks", look.queue as f64);
		self.refresh();
		self.set("prover_pool_balance_tokens", tokens(look.balance));
		self.set("prover_pool_best_block", look.best as f64);
		self.set("prover_pool_finalized_block", look.finalized as f64);
		self.set("prover_pool_scanned_block", look.scanned as f64);
		let lag = look.best.saturating_sub(look.finalized);
		self.set("prover_pool_finality_lag_blocks", lag as f64);
		self.set("prover_pool_looked_at_seconds", now.as_secs_f64());
		self.set("prover_pool_key_version", look.key_version.unwrap_or(0).into());
		self.books(look.totals, tokens);
	}

	/// Updates the values that change while no node is connected.
	///
	/// The rollup's clock is not faster than that of the machine.
	pub fn refresh(&self) {
		let (is_known, deadline) = {
			let state = self.state();
			(state.looked_at.is_some(), state.deadline)
		};
		if is_known {
			let left = |at: Instant| at.saturating_duration_since(Instant::now()).as_secs_f64();
			let seconds = deadline.map_or(f64::INFINITY, |at| left(at).ceil());
			self.set("prover_pool_next_deadline_seconds", seconds);
		}
	}

	fn books(&self, totals: &Totals, tokens: impl Fn(u128) -> f64) {
		self.set("prover_pool_earned_tokens", tokens(totals.earned));
		self.set("prover_pool_fees_tokens", tokens(totals.fees));
		for (name, value) in [
			("prover_pool_slashed_tokens_total", totals.slashed),
			("prover_pool_settled_blocks_total", totals.proven),
			("prover_pool_missed_blocks_total", totals.missed),
			("prover_pool_failures_total", totals.failures),
		] {
			counter!(name, self.labels()).absolute(value);
		}
	}

	/// Records the end of an attempt to prove.
	pub fn proof(&self, took: Duration, is_ok: bool) {
		let result = if is_ok { "ok" } else { "error" };
		counter!("prover_pool_proofs_total", self.with("result", result)).increment(1);
		if is_ok {
			histogram!("prover_pool_proof_seconds", self.labels()).record(took);
		}
	}

	/// Records the outcome of a transaction with a proof.
	pub fn outcome(&self, name: &'static str) {
		counter!("prover_pool_transactions_total", self.with("outcome", name)).increment(1);
	}

	/// Records the reason for which a person is needed.
	pub fn alarm(&self, reason: Option<&'static str>) {
		let before = std::mem::replace(&mut self.state().alarm, reason);
		if let Some(before) = before.filter(|before| Some(*before) != reason) {
			gauge!("prover_pool_alarm", self.with("reason", before)).set(0);
		}
		if let Some(reason) = reason {
			gauge!("prover_pool_alarm", self.with("reason", reason)).set(1);
		}
	}

	/// Records that the connection was lost, or that an attempt to connect failed.
	pub fn disconnected(&self) {
		self.state().is_connected = false;
		self.set_up(false);
		counter!("prover_pool_reconnects_total", self.account()).increment(1);
	}

	fn set_up(&self, is_up: bool) {
		gauge!("prover_pool_up", self.account()).set(u8::from(is_up));
	}

	fn account(&self) -> Vec<Label> {
		self.state().account.clone()
	}

	fn set(&self, name: &'static str, value: f64) {
		gauge!(name, self.labels()).set(value);
	}

	fn labels(&self) -> Vec<Label> {
		self.state().labels.clone()
	}

	fn with(&self, key: &'static str, value: &'static str) -> Vec<Label> {
		let mut labels = self.labels();
		labels.push(Label::from_static_parts(key, value));
		labels
	}

	fn state(&self) -> MutexGuard<'_, State> {
		// A panic while it was held leaves values that are still of use.
		self.state.lock().unwrap_or_else(PoisonError::into_inner)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use metrics::with_local_recorder;

	const ACCOUNT: AccountId32 = AccountId32([2; 32]);

	fn look(metrics: &Metrics, next_deadline: Option<u64>) {
		let staker = PoolStaker {
			exit_requested_at: 0,
			exit_amount: 0,
			max_capacity: 6,
			prover_id: Some(1),
			staked_at: 0,
			backlog: 0,
		};
		let entry = PoolEntry { staked_amount: 60_000, reward_per_gas: 10, current_capacity: 4 };
		metrics.look(&Look {
			best: 20,
			finalized: 17,
			staker: &staker,
			entry: &entry,
			balance: 2_500,
			one_token: 1_000,
			pending: 2,
			queue: 5,
			next_deadline,
			totals: &Totals { earned: 1_500, slashed: 3, ..Totals::default() },
			scanned: 16,
			in_charge: true,
			key_version: Some(2),
			waits_for: None,
		});
	}

	/// Returns the metrics after a function that uses them.
	fn rendered(function: impl FnOnce(&Metrics)) -> String {
		let recorder = PrometheusBuilder::new().build_recorder();
		let handle = recorder.handle();
		with_local_recorder(&recorder, || {
			let metrics = Metrics::new(&ACCOUNT);
			metrics.label(H256::repeat_byte(1));
			function(&metrics);
		});
		handle.render()
	}

	fn value<'a>(text: &'a str, start: &str) -> &'a str {
		let line = text.lines().find(|line| line.starts_with(start));
		line.and_then(|line| line.rsplit(' ').next())
			.unwrap_or_else(|| panic!("{start}: {text}"))
	}

	#[test]
	fn values_are_shown_in_whole_tokens_with_chain_and_account() {
		let text = rendered(|metrics| look(metrics, Some(90)));
		for (name, expected) in [
			("prover_pool_stake_tokens", "60000"),
			("prover_pool_outstanding_blocks", "2"),
			("prover_pool_queue_blocks", "5"),
			("prover_pool_balance_tokens", "2.5"),
			("prover_pool_earned_tokens", "1.5"),
			("prover_pool_slashed_tokens_total", "3"),
			("prover_pool_finality_lag_blocks", "3"),
			("prover_pool_next_deadline_seconds", "90"),
			("prover_pool_key_version", "2"),
		] {
			assert_eq!(value(&text, name), expected, "{name}");
		}
		let labels = format!("{{chain=\"0101010101010101\",account=\"{ACCOUNT}\"}}");
		assert!(text.contains(&format!("prover_pool_best_block{labels} 20")), "{text}");
		assert!(text.contains(&format!("prover_pool_up{{account=\"{ACCOUNT}\"}} 1")), "{text}");
	}

	#[test]
	fn a_lost_connection_is_shown_in_the_series_of_the_account() {
		let text = rendered(|metrics| {
			let of_the_main_loop = metrics.clone();
			look(metrics, None);
			of_the_main_loop.disconnected();
		});
		let series: Vec<_> =
			text.lines().filter(|line| line.starts_with("prover_pool_up")).collect();
		assert_eq!(series, [format!("prover_pool_up{{account=\"{ACCOUNT}\"}} 0")]);
	}

	#[test]
	fn a_program_without_a_connection_is_shown() {
		let recorder = PrometheusBuilder::new().build_recorder();
		let handle = recorder.handle();
		let metrics = with_local_recorder(&recorder, || Metrics::new(&ACCOUNT));
		assert_eq!(value(&handle.render(), "prover_pool_up"), "0");
		assert_eq!(value(&handle.render(), "prover_pool_build_info"), "1");
		with_local_recorder(&recorder, || metrics.disconnected());
		assert_eq!(value(&handle.render(), "prover_pool_reconnects_total"), "1");
	}

	#[test]
	fn the_deadline_is_infinite_without_a_pending_block() {
		let text = rendered(|metrics| look(metrics, None));
		assert_eq!(value(&text, "prover_pool_next_deadline_seconds"), "inf");
	}

	#[test]
	fn an_alarm_has_its_reason_and_ends() {
		let text = rendered(|metrics| {
			metrics.alarm(Some("no_key"));
			metrics.alarm(Some("no_funds"));
		});
		let alarm = |reason: &str| {
			let line = text.lines().find(|line| line.contains(&format!("reason=\"{reason}\"")));
			line.unwrap().rsplit(' ').next().unwrap().to_owned()
		};
		assert_eq!((alarm("no_key").as_str(), alarm("no_funds").as_str()), ("0", "1"));
	}

	#[test]
	fn a_prover_is_ready_while_it_can_prove_on_a_living_chain() {
		let metrics = Metrics::default();
		let reason = |metrics: &Metrics| metrics.not_ready().unwrap_or_default();
		assert!(reason(&metrics).contains("no node"));
		look(&metrics, None);
		assert_eq!(metrics.not_ready(), None);
		metrics.alarm(Some(DISK_FULL));
		assert_eq!(metrics.not_ready(), None);
		metrics.alarm(Some("no_key"));
		assert!(reason(&metrics).contains("no_key"));
		metrics.alarm(None);
		metrics.disconnected();
		assert!(reason(&metrics).contains("no node"));
		look(&metrics, None);
		metrics.state().looked_at = Instant::now().checked_sub(MAX_AGE + Duration::from_secs(1));
		assert!(reason(&metrics).contains("no block"));
	}

	#[test]
	fn the_alert_rules_use_existing_metrics() {
		let source = include_str!("metrics.rs");
		let rules = include_str!("../../docs/alerts.yml");
		let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
		let names: Vec<_> = rules
			.split(|c| !is_name(c))
			.filter(|word| word.starts_with("prover_pool_"))
			.collect();
		assert!(names.len() >= 6, "{names:?}");
		for name in names {
			assert!(source.contains(&format!("(\"{name}\", ")), "{name}");
		}
	}

	#[test]
	fn proofs_and_transactions_are_counted_by_result() {
		let text = rendered(|metrics| {
			metrics.proof(Duration::from_secs(3), true);
			metrics.proof(Duration::from_secs(3), false);
			metrics.outcome("done");
			metrics.outcome("done");
			metrics.disconnected();
		});
		let done = text.lines().find(|line| line.contains("outcome=\"done\"")).unwrap();
		assert!(done.ends_with(" 2"), "{done}");
		assert!(text.contains("result=\"error\""));
		assert!(text.contains("prover_pool_proof_seconds"));
		assert_eq!(value(&text, "prover_pool_reconnects_total"), "1");
	}
}
