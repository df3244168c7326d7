// SPDX-License-Identifier: Apache-2.0

//! State of a prover after a finalized block of the chain.

use crate::{
	chain::{Event, Payloads},
	ledger::Ledger,
	totals::Totals,
	work::{Stage, Work},
};
use anyhow::{ensure, Context, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use subxt::utils::{AccountId32, H256};

/// Version of the file's layout. Files with another version are rejected.
const FORMAT: u32 = 4;

/// The state of a prover after a finalized block of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
	format: u32,
	/// Hash of the chain's genesis block.
	pub genesis: H256,
	/// Account that is assigned and paid.
	pub account: AccountId32,
	/// Last finalized chain block that was read.
	pub scanned: Scanned,
	/// Number of finalized chain blocks that were not read, because the node did not keep their
	/// states. The totals do not have their events.
	pub unread: u64,
	/// States of the rollup.
	pub ledger: Ledger,
	/// Earnings and losses of the account.
	pub totals: Totals,
	/// Work that is under way, by rollup block.
	pub work: BTreeMap<u64, Work>,
	/// Unsettled rollup blocks whose proofs this program sent, and the hashes of the transactions.
	pub sent: BTreeSet<(u64, H256)>,
	/// `true` if this program proves for the account, and `false` if another one with the same key
	/// does and this one stands by.
	pub in_charge: bool,
	/// `true` while another program may prove with the same key, although no proof of it was seen.
	#[serde(default)]
	pub may_share_key: bool,
}

/// A block of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scanned {
	/// Its number.
	pub number: u64,
	/// Its hash.
	pub hash: H256,
}

impl Checkpoint {
	/// Returns the state before the first block of the chain.
	pub fn new(genesis: H256, account: AccountId32) -> Self {
		Self {
			format: FORMAT,
			genesis,
			account,
			scanned: Scanned { number: 0, hash: genesis },
			unread: 0,
			ledger: Ledger::genesis(),
			totals: Totals::default(),
			work: BTreeMap::new(),
			sent: BTreeSet::new(),
			in_charge: true,
			may_share_key: false,
		}
	}

	/// Records an event of the next finalized chain block. `payloads` has the payloads of blocks that
	/// settle in an unknown state.
	pub fn note(&mut self, event: &Event, payloads: &Payloads, signer: &AccountId32) {
		let Self { ledger, totals, account, .. } = self;
		match event {
			Event::BlockProposed(event) => {
				let proposed_in = self.scanned.number.saturating_add(1);
				ledger.propose(event.block_id, event.proposal(proposed_in));
			},
			Event::BlockSettled(event) => {
				let hash = ledger.proposal(event.block_id).map(|proposal| proposal.payload_hash);
				let payload = || payloads.get(&hash?).cloned();
				ledger.settle(event.block_id, event.state_root, payload);
				totals.settled(event, account);
				self.sent.retain(|(sent, _)| *sent > event.block_id);
			},
			Event::AssignmentMissed(event) => totals.missed(event, account),
			Event::Slashed(event) => totals.slashed(event, account),
			Event::TransactionFeePaid(event) => totals.fee_paid(event, signer),
			_ => {},
		}
	}

	/// Records a transaction with a proof of a block that this program sends.
	pub fn note_sent(&mut self, block_id: u64, extrinsic: &[u8]) {
		self.sent.insert((block_id, hash_of(extrinsic)));
	}

	/// Records an accepted proof of the account in a transaction of this program's key.
	///
	/// The program whose proof the chain accepted last is in charge. Two programs may send proofs of
	/// the same block, of which the chain accepts one.
	pub fn note_accepted(&mut self, extrinsic: &[u8]) {
		let hash = hash_of(extrinsic);
		self.may_share_key = false;
		self.in_charge = self.sent.iter().any(|(_, sent)| *sent == hash);
	}

	/// Returns `true` if this program sends the proofs of its reserved blocks at once.
	pub fn sends_first(&self) -> bool {
		self.in_charge && !self.may_share_key
	}

	/// Continues after finalized chain blocks that cannot be read.
	pub fn skip_to(&mut self, block: Scanned, settled: u64, settled_root: H256) {
		let skipped = block.number.saturating_sub(self.scanned.number);
		self.unread = self.unread.saturating_add(skipped);
		self.scanned = block;
		self.ledger.resume(settled, settled_root);
		self.sent.retain(|(sent, _)| *sent > settled);
	}

	/// Returns the checkpoint as it is stored. Other work cannot continue after a restart.
	pub fn to_store(&self) -> Self {
		let mut kept = self.clone();
		kept.work
			.retain(|_, work| matches!(work.stage, Stage::Proved(_) | Stage::Sent { .. }));
		kept
	}
}

fn hash_of(extrinsic: &[u8]) -> H256 {
	H256(Sha256::digest(extrinsic).into())
}

/// Parses the content of a file.
pub fn parse(text: &[u8]) -> Result<Checkpoint> {
	#[derive(Deserialize)]
	struct Format {
		format: u32,
	}
	// An older format must not be reported as a missing field.
	let Format { format } = serde_json::from_slice(text).context("it is damaged")?;
	ensure!(format == FORMAT, "it has the format {format}, and this program reads {FORMAT}");
	serde_json::from_slice(text).context("it is damaged")
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{
		chain::events::{
			AssignmentMissed, BlockOverridden, BlockProposed, BlockProven, BlockSettled,
			TransactionFeePaid, TransitionDiscarded,
		},
		ledger::Proposal,
		work::Proof,
	};

	const GENESIS: H256 = H256::repeat_byte(1);
	const ACCOUNT: AccountId32 = AccountId32([2; 32]);
	const SIGNER: AccountId32 = AccountId32([3; 32]);

	fn proposal(payload: &[u8]) -> Proposal {
		Proposal {
			payload_hash: H256(Sha256::digest(payload).into()),
			payload_size: payload.len() as u32,
			gas_limit: 5,
			proposed_in: 1,
		}
	}

	/// Returns a checkpoint with a value in each field.
	fn checkpoint() -> Checkpoint {
		let mut checkpoint = Checkpoint::new(GENESIS, ACCOUNT);
		checkpoint.scanned = Scanned { number: 7, hash: H256::repeat_byte(3) };
		let root = checkpoint.ledger.settled_root();
		checkpoint.ledger.propose(1, proposal(b"abc"));
		checkpoint.ledger.execute(1, &proposal(b"abc"), root, || Some(b"abc".into()));
		checkpoint.totals = Totals {
			earned: u128::MAX,
			slashed: u64::MAX,
			fees: 5,
			proven: 1,
			missed: 3,
			failures: 2,
		};
		let proof = Proof { attempts: 3, rejections: 1, not_before: 4, ..Proof::new(vec![1, 2]) };
		let sent = Stage::Sent {
			proof: proof.clone(),
			extrinsic: vec![5; 200],
			nonce: 9,
			expires: 6,
			submitted_at: None,
			unanswered: 0,
		};
		for (block_id, stage) in [(1, Stage::Proved(proof)), (2, sent)] {
			checkpoint.work.insert(block_id, Work { task: H256::repeat_byte(8), stage });
		}
		checkpoint.note_sent(2, &[5; 200]);
		checkpoint
	}

	fn note(checkpoint: &mut Checkpoint, event: Event) {
		let payload = (proposal(b"abc").payload_hash, b"abc".to_vec());
		checkpoint.note(&event, &Payloads::from([payload]), &SIGNER);
	}

	fn proven(block_id: u64) -> Event {
		Event::BlockProven(BlockProven { block_id, prover: Some(ACCOUNT) })
	}

	fn settled(block_id: u64, state_root: H256) -> Event {
		let prover = Some(ACCOUNT);
		Event::BlockSettled(BlockSettled { block_id, state_root, prover, reward: 5, bounty: 2 })
	}

	#[test]
	fn finalized_events_update_the_totals_and_the_states() {
		let mut checkpoint = Checkpoint::new(GENESIS, ACCOUNT);
		let genesis = checkpoint.ledger.settled_root();
		let Proposal { payload_hash, payload_size, gas_limit, .. } = proposal(b"abc");
		let proposed = BlockProposed { block_id: 1, payload_hash, payload_size, gas_limit };
		for event in [
			Event::BlockProposed(proposed),
			Event::AssignmentMissed(AssignmentMissed { block_id: 1, prover: ACCOUNT }),
			proven(1),
			Event::TransactionFeePaid(TransactionFeePaid { who: SIGNER, actual_fee: 4 }),
			Event::TransactionFeePaid(TransactionFeePaid { who: ACCOUNT, actual_fee: 9 }),
			// These events change nothing in the checkpoint.
			Event::BlockOverridden(BlockOverridden { block_id: 1, state_root: GENESIS }),
			Event::TransitionDiscarded(TransitionDiscarded { block_id: 1, prover: ACCOUNT }),
			settled(1, genesis),
		] {
			note(&mut checkpoint, event);
		}
		let expected = Totals { earned: 7, fees: 4, proven: 1, missed: 1, ..Totals::default() };
		assert_eq!(checkpoint.totals, expected);
		assert_eq!(checkpoint.ledger.settled(), 1);
		assert!(checkpoint.ledger.knows(genesis));
	}

	#[test]
	fn the_program_whose_proof_was_accepted_last_is_in_charge() {
		let mut checkpoint = checkpoint();
		// Another program with the same key proves the block that this one has sent a proof of.
		checkpoint.note_accepted(&[6; 200]);
		assert!(!checkpoint.in_charge);
		checkpoint.note_accepted(&[5; 200]);
		assert!(checkpoint.in_charge);
	}

	#[test]
	fn sent_proofs_are_remembered_until_their_blocks_settle() {
		let mut checkpoint = checkpoint();
		for block_id in [1, 2, 3] {
			checkpoint.note_sent(block_id, &[7]);
		}
		note(&mut checkpoint, settled(2, H256::zero()));
		assert_eq!(checkpoint.sent.iter().map(|(sent, _)| *sent).collect::<Vec<_>>(), [3]);
	}

	#[test]
	fn chain_blocks_without_states_are_counted() {
		let mut checkpoint = checkpoint();
		let (totals, root) = (checkpoint.totals.clone(), H256::repeat_byte(6));
		let block = Scanned { number: 1_007, hash: H256::repeat_byte(5) };
		checkpoint.skip_to(block, 40, root);
		assert_eq!((checkpoint.unread, checkpoint.scanned), (1_000, block));
		assert_eq!((checkpoint.ledger.settled(), checkpoint.ledger.settled_root()), (40, root));
		assert_eq!((checkpoint.totals, checkpoint.sent.len()), (totals, 0));
	}

	#[test]
	fn a_checkpoint_survives_being_written() {
		let text = serde_json::to_vec(&checkpoint()).unwrap();
		assert_eq!(parse(&text).unwrap(), checkpoint());
	}

	#[test]
	fn only_work_that_can_continue_is_stored() {
		let mut checkpoint = checkpoint();
		let before = checkpoint.clone();
		for (block_id, stage) in [(5, Stage::Proving { attempts: 1 }), (6, Stage::Closed)] {
			checkpoint.work.insert(block_id, Work { task: H256::zero(), stage });
		}
		assert_eq!(checkpoint.to_store(), before);
	}

	#[test]
	fn the_submission_of_a_transaction_to_the_node_does_not_survive() {
		let mut checkpoint = checkpoint();
		let before = checkpoint.clone();
		for work in checkpoint.work.values_mut() {
			if let Stage::Sent { submitted_at, .. } = &mut work.stage {
				*submitted_at = Some(7);
			}
		}
		let text = serde_json::to_vec(&checkpoint).unwrap();
		assert_eq!(parse(&text).unwrap(), before);
	}

	#[test]
	fn another_format_is_not_reported_as_damage() {
		let error = parse(b"{\"format\":2,\"other\":[]}").unwrap_err();
		assert!(error.to_string().contains("the format 2"), "{error}");
		let text = serde_json::to_vec(&checkpoint()).unwrap();
		for damaged in [&text[..text.len() / 2], b"", b"{\"format\":4}"] {
			assert!(parse(damaged).unwrap_err().to_string().contains("damaged"));
		}
	}
}
