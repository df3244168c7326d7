// SPDX-License-Identifier: Apache-2.0

//! Metrics for Prometheus.

use crate::{
	chain::{PoolEntry, PoolStaker},
	totals::Totals,
};
use anyhow::Result;
use std::net::SocketAddr;
use substrate_prometheus_endpoint::{
	init_prometheus, register, Counter, Gauge, PrometheusError, Registry, F64, U64,
};

/// Metrics of a prover.
#[derive(Clone)]
pub struct Metrics {
	registry: Registry,
	stake: Gauge<U64>,
	capacity: Gauge<U64>,
	max_capacity: Gauge<U64>,
	outstanding: Gauge<U64>,
	pending: Gauge<U64>,
	next_deadline: Gauge<F64>,
	earned: Counter<F64>,
	slashed: Counter<U64>,
	proven: Counter<U64>,
	missed: Counter<U64>,
	failures: Counter<U64>,
	finalized: Gauge<U64>,
	halted: Gauge<U64>,
}

impl Metrics {
	/// Creates the metrics with value zero.
	pub fn new() -> Result<Self, PrometheusError> {
		let registry = Registry::new();
		let gauge = |name: &str, help: &str| register(Gauge::new(name, help)?, &registry);
		let counter = |name: &str, help: &str| register(Counter::new(name, help)?, &registry);
		Ok(Self {
			stake: gauge("prover_stake_tokens", "Stake in the pool, in whole tokens")?,
			capacity: gauge("prover_capacity_blocks", "Free capacity, in rollup blocks")?,
			max_capacity: gauge(
				"prover_max_capacity_blocks",
				"Declared capacity, in rollup blocks",
			)?,
			outstanding: gauge("prover_outstanding_blocks", "Rollup blocks not released yet")?,
			pending: gauge(
				"prover_pending_blocks",
				"Rollup blocks that are reserved for this prover and not proven by it",
			)?,
			next_deadline: register(
				Gauge::new(
					"prover_next_deadline_seconds",
					"Seconds of the rollup's clock until the next deadline; NaN if there is none",
				)?,
				&registry,
			)?,
			earned: register(
				Counter::new("prover_earned_tokens_total", "Rewards and bounties, in tokens")?,
				&registry,
			)?,
			slashed: counter("prover_slashed_tokens_total", "Slashes, in whole tokens")?,
			proven: counter("prover_proven_blocks_total", "Rollup blocks proven")?,
			missed: counter(
				"prover_missed_blocks_total",
				"Rollup blocks whose deadline was missed",
			)?,
			failures: counter(
				"prover_failures_total",
				"Failed proving tasks and failed or dropped transactions",
			)?,
			finalized: gauge("prover_finalized_block", "Last finalized chain block that was read")?,
			halted: gauge(
				"prover_halted",
				"1 while the state of the rollup is unknown and nothing is proven",
			)?,
			registry,
		})
	}

	/// Serves the metrics at `http://address/metrics` until the future is dropped.
	pub async fn serve(self, address: SocketAddr) -> Result<()> {
		Ok(init_prometheus(address, self.registry).await?)
	}

	/// Sets the metrics of the account's place in the pool.
	pub fn show_pool(&self, staker: &PoolStaker, entry: &PoolEntry) {
		self.stake.set(entry.staked_amount.into());
		self.capacity.set(entry.current_capacity.into());
		self.max_capacity.set(staker.max_capacity.into());
		self.outstanding.set(staker.outstanding(entry).into());
	}

	/// Sets the number of blocks that are reserved for this prover, and the time until the next
	/// deadline.
	pub fn show_pending(&self, blocks: usize, next_deadline: Option<u64>) {
		self.pending.set(blocks as u64);
		self.next_deadline.set(next_deadline.map_or(f64::NAN, |seconds| seconds as f64));
	}

	/// Sets the metrics of the prover's progress.
	pub fn show_progress(&self, finalized: u64, totals: &Totals, one_token: u128, halted: bool) {
		self.finalized.set(finalized);
		self.halted.set(halted.into());
		let earned = totals.earned as f64 / one_token.max(1) as f64;
		self.earned.inc_by((earned - self.earned.get()).max(0.0));
		self.slashed.inc_by(totals.slashed.saturating_sub(self.slashed.get()));
		self.proven.inc_by(totals.proven.saturating_sub(self.proven.get()));
		self.missed.inc_by(totals.missed.saturating_sub(self.missed.get()));
		self.failures.inc_by(totals.failures.saturating_sub(self.failures.get()));
	}

	/// Records a read of the best block.
	pub fn look(&self, look: &Look<'_>) {
		self.show_pool(look.staker, look.entry);
		self.show_pending(look.pending, look.next_deadline);
		self.show_progress(look.finalized, look.totals, look.one_token, false);
	}

	/// Records the end of an attempt to prove.
	pub fn proof(&self, _took: std::time::Duration, _is_ok: bool) {}

	/// Records the outcome of a transaction.
	pub fn outcome(&self, _name: &'static str) {}

	/// Records the newest rules version that can be proven.
	pub fn key(&self, _version: Option<u32>) {}

	/// Records the reason for which nothing can be proven.
	pub fn alarm(&self, _name: Option<&'static str>) {}

	/// Records that there is no connection.
	pub fn disconnected(&self) {}
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
	/// Value of a whole token.
	pub one_token: u128,
	/// Number of blocks that are reserved for the account and not proven by it.
	pub pending: usize,
	/// Seconds until the next deadline.
	pub next_deadline: Option<u64>,
	/// Books.
	pub totals: &'a Totals,
	/// `true` if the program is in charge.
	pub in_charge: bool,
}
