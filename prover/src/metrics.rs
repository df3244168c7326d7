// SPDX-License-Identifier: Apache-2.0

//! Figures for Prometheus.

use crate::{
	chain::{PoolEntry, PoolStaker},
	totals::Totals,
};
use anyhow::Result;
use std::net::SocketAddr;
use substrate_prometheus_endpoint::{
	init_prometheus, register, Counter, Gauge, PrometheusError, Registry, F64, U64,
};

/// The figures of a prover.
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
	failures: Counter<U64>,
	finalized: Gauge<U64>,
	halted: Gauge<U64>,
}

impl Metrics {
	/// Makes the figures, all zero.
	pub fn new() -> Result<Self, PrometheusError> {
		let registry = Registry::new();
		let gauge = |name: &str, help: &str| register(Gauge::new(name, help)?, &registry);
		let counter = |name: &str, help: &str| register(Counter::new(name, help)?, &registry);
		Ok(Self {
			stake: gauge("prover_stake_tokens", "Stake in the pool, in whole tokens")?,
			capacity: gauge("prover_capacity_blocks", "Rollup blocks that the pool can still give")?,
			max_capacity: gauge("prover_max_capacity_blocks", "Declared capacity, in rollup blocks")?,
			outstanding: gauge("prover_outstanding_blocks", "Rollup blocks not released yet")?,
			pending: gauge("prover_pending_blocks", "Rollup blocks that only this prover may prove")?,
			next_deadline: register(
				Gauge::new(
					"prover_next_deadline_seconds",
					"Time by the chain's clock until the next proof window closes; NaN if none is open",
				)?,
				&registry,
			)?,
			earned: register(
				Counter::new("prover_earned_tokens_total", "Rewards and bounties, in tokens")?,
				&registry,
			)?,
			slashed: counter("prover_slashed_tokens_total", "Slashes, in whole tokens")?,
			proven: counter("prover_proven_blocks_total", "Rollup blocks proven")?,
			failures: counter(
				"prover_failures_total",
				"Proofs that could not be made and transactions that came to nothing",
			)?,
			finalized: gauge("prover_finalized_block", "Latest finalized block looked at")?,
			halted: gauge("prover_halted", "1 if the chain's rollup state differs and nothing is proven")?,
			registry,
		})
	}

	/// Serves the figures at `http://address/metrics` until dropped.
	pub async fn serve(self, address: SocketAddr) -> Result<()> {
		Ok(init_prometheus(address, self.registry).await?)
	}

	/// Shows what the pool knows of the account.
	pub fn show_pool(&self, staker: &PoolStaker, entry: &PoolEntry) {
		self.stake.set(entry.staked_amount.into());
		self.capacity.set(entry.current_capacity.into());
		self.max_capacity.set(staker.max_capacity.into());
		self.outstanding.set(staker.outstanding(entry).into());
	}

	/// Shows how many blocks wait for this prover alone, and the seconds until the next window
	/// closes.
	pub fn show_pending(&self, blocks: usize, next_deadline: Option<u64>) {
		self.pending.set(blocks as u64);
		self.next_deadline.set(next_deadline.map_or(f64::NAN, |seconds| seconds as f64));
	}

	/// Shows how far the prover is.
	pub fn show_progress(&self, finalized: u64, totals: &Totals, one_token: u128, halted: bool) {
		self.finalized.set(finalized);
		self.halted.set(halted.into());
		let earned = totals.earned as f64 / one_token.max(1) as f64;
		self.earned.inc_by((earned - self.earned.get()).max(0.0));
		self.slashed.inc_by(totals.slashed.saturating_sub(self.slashed.get()));
		self.proven.inc_by(totals.proven.saturating_sub(self.proven.get()));
		self.failures.inc_by(totals.failures.saturating_sub(self.failures.get()));
	}
}
