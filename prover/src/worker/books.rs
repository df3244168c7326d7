// SPDX-License-Identifier: Apache-2.0

//! Books of a prover: reads of finalized chain blocks, in order.

use super::Worker;
use crate::{
	chain::{is_discarded, Chain, Event, Recorded, Snapshot},
	checkpoint::{Checkpoint, Scanned},
	trouble::PATIENCE,
};
use anyhow::{bail, ensure, Result};
use std::{
	collections::{BTreeMap, BTreeSet},
	time::{Duration, Instant},
};
use subxt::{
	ext::futures::{stream, StreamExt, TryStreamExt},
	utils::{AccountId32, H256},
};
use tokio::{time::timeout, try_join};
use tracing::{info, warn};

/// Number of chain blocks without events after which the checkpoint is written anyway.
const QUIET_BLOCKS: u64 = 100;

/// Time of a step in which the connection is quick, so that the next step reads more chain blocks.
const QUICK: Duration = Duration::from_millis(500);

/// Time after which a step ends. Nothing is proven or sent during it.
const MAX_STEP: Duration = Duration::from_secs(2);

/// Time after which a step counts as failed, although the node may still answer.
const MAX_READ: Duration = Duration::from_secs(20);

/// Number of chain blocks that are fetched at the same time. A node answers most requests after tens of
/// milliseconds, in which it can work on others.
const PARALLEL_READS: usize = 256;

/// Number of chain blocks that a step of the books reads.
///
/// A quick connection reads many in the time of few, because each step waits for some requests in turn.
/// On a slow one, many would exceed the time of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pace(pub(super) u64);

impl Pace {
	const MAX: u64 = 1_024;

	/// Returns the pace after a step that took this time, and failed or not.
	pub(super) fn after(self, took: Duration, has_failed: bool) -> Self {
		match has_failed || took >= MAX_STEP {
			true => Self((self.0 / 2).max(1)),
			false if took < QUICK => Self(self.0.saturating_mul(2).min(Self::MAX)),
			false => self,
		}
	}
}

impl Default for Pace {
	fn default() -> Self {
		Self(8)
	}
}

/// Finalized chain block.
struct Fetched {
	block: Scanned,
	events: Vec<Recorded>,
	/// Value of a token, in the smallest unit of the currency.
	one_token: u128,
}

/// Returns the checkpoint of a prover that starts at the last finalized chain block.
///
/// Another program may prove with the same key if the key has sent transactions, and the account has not
/// staked lately.
pub async fn start(chain: &Chain, account: AccountId32, signer: AccountId32) -> Result<Checkpoint> {
	let finalized = chain.finalized().await?;
	let (positions, (staker, _), (nonce, _), now) = try_join!(
		finalized.positions(),
		finalized.staker(&account),
		finalized.nonce_and_balance(&signer),
		finalized.now(),
	)?;
	let is_old_member =
		staker.prover_id.is_some() && now > staker.staked_at.saturating_add(PATIENCE);
	let mut checkpoint = Checkpoint::new(chain.genesis(), account);
	checkpoint.scanned = Scanned { number: finalized.number(), hash: finalized.hash() };
	checkpoint.ledger.resume(positions.settled, positions.settled_root);
	checkpoint.may_share_key = nonce > 0 && is_old_member;
	if checkpoint.may_share_key {
		warn!(
			"Another program may prove with this key. So this one sends its first proof when half of \
			 the window has passed."
		);
	}
	Ok(checkpoint)
}

impl Worker {
	/// Reads the next finalized chain blocks up to `target`, and records their events.
	///
	/// Reads a limited number of blocks, so that proving continues between two calls. Continues at the
	/// oldest block that the node keeps if it does not keep the state of one.
	pub async fn read_next(&mut self, chain: &Chain, target: u64) -> Result<()> {
		let started = Instant::now();
		let reading = timeout(MAX_READ, self.read_blocks(chain, target, started));
		// A read that ends in the middle of a chain block has recorded nothing of it.
		let result = reading.await.unwrap_or_else(|_| {
			bail!("the node does not answer within {} s", MAX_READ.as_secs());
		});
		self.pace = self.pace.after(started.elapsed(), result.is_err());
		// A failure must not lose what was read before it.
		if self.has_unsaved_events || self.scanned() >= self.saved_at.saturating_add(QUIET_BLOCKS) {
			self.save();
		}
		result
	}

	async fn read_blocks(&mut self, chain: &Chain, target: u64, started: Instant) -> Result<()> {
		let first = self.scanned().saturating_add(1);
		let last = target.min(self.scanned().saturating_add(self.pace.0));
		let common = with_common_version(chain, first, last).await;
		let common = common.as_ref();
		let hashes = chain.hashes(first..=last).await?;
		let fetches = hashes.into_iter().zip(first..).map(|(hash, number)| async move {
			match hash {
				Some(hash) => fetch(chain, Scanned { number, hash }, common).await,
				None => Ok(None),
			}
		});
		let mut blocks = stream::iter(fetches).buffered(PARALLEL_READS);
		while let Some(fetched) = blocks.try_next().await? {
			let Some(Fetched { block, events, one_token }) = fetched else {
				return self.skip(chain).await;
			};
			self.record(chain, block, &events, one_token).await?;
			// Bodies can take long.
			if started.elapsed() >= MAX_STEP {
				break;
			}
		}
		Ok(())
	}

	/// Records the events of the next finalized chain block.
	async fn record(
		&mut self,
		chain: &Chain,
		block: Scanned,
		events: &[Recorded],
		one_token: u128,
	) -> Result<()> {
		let Scanned { number, hash } = block;
		self.read_settling(chain, events).await?;
		// An earlier run of this program may have sent proofs that it could not record.
		let proofs = match number > self.started_at {
			true => self.own_proofs(chain, hash, events).await?,
			false => vec![],
		};

		let signer = self.policy.signer_account();
		let was_in_charge = self.checkpoint.in_charge;
		// Nothing below fails until the block is recorded, so that no part of it is missing.
		for Recorded { event, .. } in events {
			self.checkpoint.note(event, &self.settling, &signer);
			if event.concerns(&self.policy.account) {
				info!("{}", event.describe(one_token));
			}
		}
		self.settling.clear();
		proofs.iter().for_each(|proof| self.checkpoint.note_accepted(proof));
		self.checkpoint.scanned = block;
		self.has_unsaved_events |= !events.is_empty();
		self.warn_about_standby(was_in_charge);
		Ok(())
	}

	/// Continues at the oldest block that the node keeps.
	async fn skip(&mut self, chain: &Chain) -> Result<()> {
		let next = self.scanned().saturating_add(1);
		// A node behind a load balancer may not have had it yet.
		ensure!(chain.at(next).await?.is_none(), "chain block {next} was not available");
		let oldest = oldest_kept(chain, next).await?;
		let positions = oldest.positions().await?;
		let block = Scanned { number: oldest.number(), hash: oldest.hash() };
		ensure!(block.number > self.scanned(), "the node does not have the next chain block");
		warn!(
			"The node does not keep the states of chain blocks {next} to {}. The books do not have \
			 their events.",
			block.number
		);
		self.checkpoint.skip_to(block, positions.settled, positions.settled_root);
		self.save();
		Ok(())
	}

	/// Reads the payloads of blocks that settle in an unknown state, which were proposed and settled
	/// while this program was away.
	///
	/// None is of use after an unknown state, on which no block can be executed. Keeps those that were read
	/// before a failure, because all of them can take longer than a step may.
	async fn read_settling(&mut self, chain: &Chain, events: &[Recorded]) -> Result<()> {
		let mut wanted = BTreeMap::<u64, BTreeMap<H256, u32>>::new();
		let mut can_execute = self.checkpoint.ledger.knows(self.checkpoint.ledger.settled_root());
		for Recorded { event, .. } in events {
			let Event::BlockSettled(event) = event else { continue };
			let is_known = self.checkpoint.ledger.knows(event.state_root);
			can_execute |= is_known;
			if is_known || !can_execute {
				continue;
			}
			let Some(proposal) = self.checkpoint.ledger.proposal(event.block_id) else { continue };
			if self.settling.contains_key(&proposal.payload_hash) {
				continue;
			}
			let payloads = wanted.entry(proposal.proposed_in).or_default();
			payloads.insert(proposal.payload_hash, proposal.payload_size);
		}
		for (number, wanted) in wanted {
			let read = self.payloads_in(chain, number, wanted).await?;
			self.settling.extend(read);
		}
		Ok(())
	}

	/// Returns the transactions of the signer that proved blocks of the account, in order.
	///
	/// Others may prove open blocks in the name of the account.
	async fn own_proofs(
		&self,
		chain: &Chain,
		hash: H256,
		events: &[Recorded],
	) -> Result<Vec<Vec<u8>>> {
		let signer = self.policy.signer_account();
		let is_fee =
			|event: &Event| matches!(event, Event::TransactionFeePaid(fee) if fee.who == signer);
		let indices = |is_wanted: &dyn Fn(&Event) -> bool| -> BTreeSet<u32> {
			let wanted = events.iter().filter(|recorded| is_wanted(&recorded.event));
			wanted.filter_map(|recorded| recorded.extrinsic).collect()
		};
		let signed = indices(&is_fee);
		let mut proofs = indices(&|event| event.is_proof_by(&self.policy.account));
		proofs.retain(|index| signed.contains(index));
		if proofs.is_empty() {
			return Ok(vec![]);
		}
		let body = chain.body(hash).await?.unwrap_or_default();
		Ok(proofs.iter().filter_map(|index| body.get(*index as usize).cloned()).collect())
	}
}

/// Returns the block before the first one, if all these blocks have its runtime version. Versions only
/// grow.
///
/// The version of each block would cost a call of the runtime.
pub(super) async fn with_common_version(chain: &Chain, first: u64, last: u64) -> Option<Snapshot> {
	if first >= last {
		return None;
	}
	// Events are those of the version before the block.
	let ends = try_join!(chain.at(first.saturating_sub(1)), chain.at(last.saturating_sub(1)));
	// A block that cannot be read must not stop the reading of those before it.
	let (before, end) = ends.ok()?;
	before.filter(|before| end.is_some_and(|end| end.spec_version() == before.spec_version()))
}

/// Reads the events of a finalized chain block. Decodes them as those after the block `before`, if it is
/// given. Returns `None` if the node does not keep the state of the block.
async fn fetch(
	chain: &Chain,
	block: Scanned,
	before: Option<&Snapshot>,
) -> Result<Option<Fetched>> {
	let hash = block.hash;
	let by_common = match before {
		// An error may come from a version between two equal ones.
		Some(before) => chain.events_after(before, hash).await.ok(),
		None => None,
	};
	let events = match by_common {
		Some(events) => Ok(events),
		None => chain.events(hash).await,
	};
	match events {
		Err(error) if is_discarded(&error) => Ok(None),
		events => {
			let (events, one_token) = events?;
			Ok(Some(Fetched { block, events, one_token }))
		},
	}
}

/// Returns the first finalized block from this number on whose state the node keeps.
async fn oldest_kept(chain: &Chain, first: u64) -> Result<Snapshot> {
	let mut oldest = chain.finalized().await?;
	let mut discarded = first;
	while discarded.saturating_add(1) < oldest.number() {
		// Cannot overflow: it is between the two.
		let middle = discarded + (oldest.number() - discarded) / 2;
		match chain.at(middle).await? {
			Some(kept) => oldest = kept,
			None => discarded = middle,
		}
	}
	Ok(oldest)
}
