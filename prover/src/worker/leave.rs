// SPDX-License-Identifier: Apache-2.0

//! Exit from the pool of a prover that cannot prove.

use super::{deliver::Job, Worker};
use crate::chain::{Call, Chain, Outcome, PoolStaker, Snapshot, Terms};
use anyhow::{bail, Result};
use tracing::{error, warn};

/// Number of chain blocks between two attempts to leave. The pool may refuse an exit that follows a
/// stake too soon.
const PAUSE: u64 = 32;

/// Lifetime of the transaction, in chain blocks. It must not be valid any more when the next one is
/// sent.
const MORTALITY: u64 = 16;

/// State of the exit.
#[derive(Default)]
pub(super) struct Leave {
	/// `true` if the account is a member of the pool, and the pool accepts an exit by the signer.
	pub(super) is_possible: bool,
	/// Chain block before which it is not tried again.
	not_before: u64,
	/// Nonce of the pending transaction.
	pub(super) nonce: Option<u64>,
}

impl Worker {
	/// Finds out if the signer can take the account out of the pool now. An exit that the pool refuses
	/// would cost its fee.
	pub(super) async fn find_exit(
		&mut self,
		best: &Snapshot,
		staker: &PoolStaker,
		may_sign: bool,
	) -> Result<()> {
		self.leave.is_possible = false;
		if self.trouble.current().is_some() && may_sign && staker.prover_id.is_some() {
			let delay = best.pool_parameters().await?.min_change_delay;
			self.leave.is_possible = self.view.now > staker.staked_at.saturating_add(delay);
		}
		Ok(())
	}

	/// Leaves the pool if the account is a member and nothing could be proven for some time.
	///
	/// Waits for a while when the books catch up, because the state may be found in them.
	pub(super) async fn leave_if_due(&mut self, chain: &Chain) -> Result<()> {
		let (sends_first, missed) = (self.checkpoint.sends_first(), self.checkpoint.totals.missed);
		if !self.policy.exit
			|| !self.leave.is_possible
			|| self.view.number < self.leave.not_before
			|| !self.trouble.must_leave(sends_first, missed)
		{
			return Ok(());
		}
		self.leave.not_before = self.view.number.saturating_add(PAUSE);
		warn!("Leaving the pool, because blocks cannot be proven. Use --no-exit to stay in it.");
		let call = Call::exit(&self.policy.signer_account(), self.policy.account);
		let terms = Terms { mortality: MORTALITY, tip: 0 };
		let signed = match chain.sign(&call, &self.policy.signer, terms, None).await {
			Ok(signed) => signed,
			Err(Outcome::Unknown { reason }) => bail!("cannot sign the exit: {reason}"),
			Err(outcome) => {
				self.left(&outcome);
				return Ok(());
			},
		};
		self.leave.nonce = Some(signed.nonce);
		match chain.submit(&signed.extrinsic).await {
			Ok(Some(watch)) => {
				self.jobs.spawn(async move { Job::Left { outcome: watch.outcome().await } });
			},
			Ok(None) => {},
			Err(outcome) => self.left(&outcome),
		}
		Ok(())
	}

	/// Reports the outcome of an exit.
	pub(super) fn left(&mut self, outcome: &Outcome) {
		// A transaction of unknown outcome may still be pending.
		if !matches!(outcome, Outcome::Unknown { .. }) {
			self.leave.nonce = None;
		}
		match outcome {
			Outcome::Done { .. } => warn!(
				"{} has left the pool. Its stake can be withdrawn after the exit period. Assigned \
				 blocks remain due.",
				self.policy.account
			),
			Outcome::Failed { error, .. } => error!("The exit failed: {error} It is tried again."),
			Outcome::Refused { reason, .. } => {
				error!("The exit is refused: {reason}. It is tried again.");
			},
			Outcome::Unknown { reason } => warn!("The outcome of the exit is unknown: {reason}."),
		}
	}
}
