// SPDX-License-Identifier: Apache-2.0

//! Submission of a transaction, and its outcome.

use super::{Chain, Event};
use anyhow::{anyhow, Result};
use std::ops::RangeInclusive;
use subxt::{
	client::OnlineClientAtBlockImpl,
	error::{BackendError, DispatchError, ExtrinsicError, RpcError, TransactionProgressError},
	events::Phase,
	rpcs,
	tx::{TransactionProgress, TransactionStatus},
	utils::H256,
	SubstrateConfig,
};

/// Error codes by which the transaction pool of a node refuses a transaction. Others show that the
/// node takes none.
const REFUSALS: RangeInclusive<i32> = 1010..=1019;
/// Error code of a node that refuses an invalid transaction.
const INVALID: i32 = 1010;
/// Error code of a node whose pool already has the transaction.
const ALREADY_IMPORTED: i32 = 1013;

/// Time of another attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
	/// Another transaction may succeed in the next chain block.
	Now,
	/// Another transaction may succeed after a pause.
	Later,
}

/// Outcome of a transaction.
#[derive(Debug)]
pub enum Outcome {
	/// It is in a finalized block, and its call succeeded.
	Done {
		/// The block.
		block: H256,
		/// Events of the call.
		events: Vec<Event>,
	},
	/// It is in a block, and its call failed.
	Failed {
		/// The block.
		block: H256,
		/// Name of the error, and its documentation in the chain's metadata.
		error: String,
		/// `true` if the verifier rejected the proof itself.
		is_verdict: bool,
	},
	/// The node rejected or dropped it.
	Refused {
		/// Message of the node.
		reason: String,
		/// Time of another attempt.
		retry: Retry,
		/// `true` if the signer cannot advance the fee.
		is_unfunded: bool,
	},
	/// Unknown, because the node does not respond. The same transaction may be submitted again. No
	/// other transaction must be sent before this one expires.
	Unknown {
		/// Error.
		reason: String,
	},
}

impl Outcome {
	/// Returns the name of the outcome, as metrics show it.
	pub fn name(&self) -> &'static str {
		match self {
			Self::Done { .. } => "done",
			Self::Failed { .. } => "failed",
			Self::Refused { .. } => "refused",
			Self::Unknown { .. } => "unknown",
		}
	}

	/// Returns the outcome of a transaction that the node dropped for a reason that may pass.
	pub fn dropped(reason: String) -> Self {
		Self::Refused { reason, retry: Retry::Now, is_unfunded: false }
	}
}

/// Watch of a pending transaction.
pub struct Watch {
	chain: Chain,
	extrinsic: Vec<u8>,
	progress: TransactionProgress<SubstrateConfig, OnlineClientAtBlockImpl<SubstrateConfig>>,
}

impl Chain {
	/// Submits a transaction. Returns `None` if the node already has it and therefore does not
	/// report the outcome.
	pub async fn submit(&self, extrinsic: &[u8]) -> Result<Option<Watch>, Outcome> {
		let best = self.best().await.map_err(unknown)?;
		let transaction = best.client().tx().from_bytes(extrinsic.to_vec());
		let error = match transaction.submit_and_watch().await {
			Ok(progress) => {
				let extrinsic = extrinsic.to_vec();
				return Ok(Some(Watch { chain: self.clone(), extrinsic, progress }));
			},
			Err(error) => error,
		};
		let ExtrinsicError::ErrorSubmittingTransaction(BackendError::Rpc(RpcError::ClientError(
			rpcs::Error::User(error),
		))) = error
		else {
			return Err(unknown(error));
		};
		if error.code == ALREADY_IMPORTED {
			return Ok(None);
		}
		if !REFUSALS.contains(&error.code) {
			return Err(unknown(anyhow!("{} (code {})", error.message, error.code)));
		}
		let detail = error.data.as_ref().map(|data| data.get().trim_matches('"'));
		Err(refused(error.code, error.message.clone(), detail.unwrap_or_default()))
	}

	/// Returns the outcome of a transaction that the node reports in a block.
	async fn included(&self, block: H256, extrinsic: &[u8]) -> Outcome {
		match self.outcome_in(block, extrinsic).await {
			Ok(Some(outcome)) => outcome,
			Ok(None) => {
				Outcome::Unknown { reason: format!("chain block {block:?} does not contain it") }
			},
			Err(error) => unknown(error),
		}
	}

	/// Returns the outcome of a transaction in a block. `None` if the block does not contain it.
	pub(super) async fn outcome_in(
		&self,
		block: H256,
		extrinsic: &[u8],
	) -> Result<Option<Outcome>> {
		let body = self.body(block).await?.unwrap_or_default();
		let Some(index) = body.iter().position(|other| other == extrinsic) else {
			return Ok(None);
		};
		let (parent, bytes) = self.executed_on(block).await?;
		let mut known = Vec::new();
		for event in parent.client().events().from_bytes(bytes).iter() {
			let event = event?;
			if !matches!(event.phase(), Phase::ApplyExtrinsic(at) if at as usize == index) {
				continue;
			}
			if (event.pallet_name(), event.event_name()) == ("System", "ExtrinsicFailed") {
				let metadata = parent.client().metadata();
				let error = DispatchError::decode_from(event.field_bytes(), metadata)?;
				return Ok(Some(failed(block, &error)));
			}
			known.extend(Event::decode(&event)?);
		}
		Ok(Some(Outcome::Done { block, events: known }))
	}
}

impl Watch {
	/// Returns the hash of the transaction.
	pub fn hash(&self) -> H256 {
		self.progress.extrinsic_hash()
	}

	/// Waits until the transaction is in a best block, is dropped or failed.
	pub async fn first_outcome(&mut self) -> Outcome {
		match self.next_block().await {
			Ok((block, _)) => self.chain.included(block, &self.extrinsic).await,
			Err(outcome) => outcome,
		}
	}

	/// Waits until the transaction is finalized, dropped, or failed in a best block.
	///
	/// A success counts only when it is final. A failure counts at once, because the deadline does
	/// not wait for finality.
	pub async fn outcome(mut self) -> Outcome {
		loop {
			let (block, is_final) = match self.next_block().await {
				Ok(found) => found,
				Err(outcome) => return outcome,
			};
			let outcome = self.chain.included(block, &self.extrinsic).await;
			if is_final || matches!(outcome, Outcome::Failed { .. }) {
				return outcome;
			}
		}
	}

	/// Waits until the node reports the transaction in a block. Returns the block, and `true` if it is
	/// final. Fails with the outcome if there is no such block.
	async fn next_block(&mut self) -> Result<(H256, bool), Outcome> {
		while let Some(status) = self.progress.next().await {
			match status {
				Ok(TransactionStatus::InBestBlock(block)) => {
					return Ok((block.block_hash(), false))
				},
				Ok(TransactionStatus::InFinalizedBlock(block)) => {
					return Ok((block.block_hash(), true));
				},
				Ok(
					TransactionStatus::Error { message }
					| TransactionStatus::Invalid { message }
					| TransactionStatus::Dropped { message },
				) => return Err(lost(message)),
				Ok(
					TransactionStatus::Validated
					| TransactionStatus::Broadcasted
					| TransactionStatus::NoLongerInBestBlock,
				) => {},
				Err(TransactionProgressError::TransactionStatusError(error)) => {
					return Err(lost(error.to_string()));
				},
				Err(error) => return Err(unknown(error)),
			}
		}
		Err(Outcome::Unknown { reason: "the node stopped reporting the transaction".into() })
	}
}

/// Returns the outcome of a failed call, with the name of its error and the documentation in the
/// chain's metadata.
fn failed(block: H256, error: &DispatchError) -> Outcome {
	if let DispatchError::Module(module) = error {
		if let Ok(details) = module.details() {
			let (pallet, name) = (details.pallet.name(), &details.variant.name);
			let docs = details.variant.docs.join(" ");
			return Outcome::Failed {
				block,
				error: format!("{pallet}.{name}: {}", docs.trim()),
				is_verdict: is_verdict(pallet, name),
			};
		}
	}
	Outcome::Failed { block, error: error.to_string(), is_verdict: false }
}

/// Returns `true` if the verifier rejected the proof itself. All other conditions may pass: the queue
/// moves, keys and operators are replaced.
fn is_verdict(pallet: &str, name: &str) -> bool {
	matches!((pallet, name), ("Groth16Verifier", "MalformedProof" | "InvalidProof"))
}

/// Returns the outcome of a transaction that the node refused with this error.
fn refused(code: i32, message: String, detail: &str) -> Outcome {
	let is_unfunded = detail.contains("pay some fees");
	// The next signature has another nonce or another birth block.
	let passes_at_once = detail.contains("outdated") || detail.contains("ancient birth block");
	let retry = match code == INVALID && passes_at_once {
		true => Retry::Now,
		false => Retry::Later,
	};
	let reason = match detail {
		"" => message,
		detail => format!("{message}: {detail}"),
	};
	Outcome::Refused { reason, retry, is_unfunded }
}

/// Returns the outcome of a transaction that the node stopped to follow with this message.
fn lost(message: String) -> Outcome {
	// A chain block contains it, which is not final after 512 blocks.
	match message.contains("inality timeout") {
		true => Outcome::Unknown { reason: message },
		false => Outcome::dropped(message),
	}
}

/// Returns the outcome of a transaction that cannot be created. All but a read of the nonce is local.
pub(super) fn unsignable(error: ExtrinsicError) -> Outcome {
	match error {
		ExtrinsicError::AccountNonceError { .. } => unknown(error),
		error => Outcome::Refused {
			reason: format!("the chain has other transactions: {error}. Update the program"),
			retry: Retry::Later,
			is_unfunded: false,
		},
	}
}

pub(super) fn unknown(error: impl Into<anyhow::Error>) -> Outcome {
	Outcome::Unknown { reason: format!("{:#}", error.into()) }
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::chain::fake::FakeNode;
	use frame_system::Event::ExtrinsicFailed;
	use prover_pool_runtime::{Runtime, RuntimeEvent};
	use serde_json::{json, Value};

	const TRANSACTION: &[u8] = b"transaction";

	/// Returns a node and its watch of a transaction.
	async fn watched() -> (FakeNode, Watch) {
		let node = FakeNode::development();
		let watch = node.connect().await.submit(TRANSACTION).await.unwrap().unwrap();
		(node, watch)
	}

	/// Adds a block with the transaction, and returns its hash.
	fn include(node: &FakeNode, events: Vec<RuntimeEvent>) -> H256 {
		node.add(vec![TRANSACTION.to_vec()], events, || {}).hash
	}

	fn failure() -> RuntimeEvent {
		let dispatch_error = pallet_rollup::Error::<Runtime>::NotNext.into();
		ExtrinsicFailed { dispatch_error, dispatch_info: Default::default() }.into()
	}

	#[tokio::test]
	async fn a_success_counts_only_when_it_is_final() {
		let (node, watch) = watched().await;
		let (best, last) = (include(&node, vec![]), include(&node, vec![]));
		for status in [json!({ "inBlock": best }), json!({ "retracted": best })] {
			node.report(status);
		}
		node.report(json!({ "finalized": last }));
		let outcome = watch.outcome().await;
		assert!(matches!(outcome, Outcome::Done { block, .. } if block == last), "{outcome:?}");

		let (node, mut watch) = watched().await;
		let best = include(&node, vec![]);
		node.report(json!({ "inBlock": best }));
		let outcome = watch.first_outcome().await;
		assert!(matches!(outcome, Outcome::Done { block, .. } if block == best), "{outcome:?}");
	}

	#[tokio::test]
	async fn a_failure_counts_in_a_best_block() {
		let (node, watch) = watched().await;
		let best = include(&node, vec![failure()]);
		node.report(json!({ "inBlock": best }));
		let outcome = watch.outcome().await;
		let Outcome::Failed { block, error, is_verdict } = outcome else { panic!("{outcome:?}") };
		assert_eq!((block, is_verdict), (best, false));
		assert!(error.starts_with("Rollup.NotNext: "), "{error}");
	}

	#[tokio::test]
	async fn the_end_of_a_watch_is_an_outcome() {
		let outcome_of = async |status: Value| {
			let (node, watch) = watched().await;
			node.report(status);
			watch.outcome().await
		};
		for status in [json!("dropped"), json!("invalid"), json!({ "usurped": H256::zero() })] {
			let outcome = outcome_of(status).await;
			assert!(matches!(outcome, Outcome::Refused { .. }), "{outcome:?}");
		}
		let timeout = outcome_of(json!({ "finalityTimeout": H256::zero() })).await;
		assert!(matches!(timeout, Outcome::Unknown { .. }), "{timeout:?}");

		let (node, watch) = watched().await;
		node.content().close_watches();
		let outcome = watch.outcome().await;
		assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
	}

	#[test]
	fn only_the_verifier_gives_a_verdict_on_the_proof() {
		assert!(is_verdict("Groth16Verifier", "InvalidProof"));
		assert!(is_verdict("Groth16Verifier", "MalformedProof"));
		assert!(!is_verdict("Groth16Verifier", "UnknownKey"));
		assert!(!is_verdict("Rollup", "NotNext"));
	}

	#[test]
	fn a_transaction_without_finality_is_not_sent_again() {
		let timeout = lost("Finality timeout: 0x01".into());
		assert!(matches!(timeout, Outcome::Unknown { .. }), "{timeout:?}");
		let dropped = lost("Transaction was dropped".into());
		assert!(matches!(dropped, Outcome::Refused { retry: Retry::Now, .. }), "{dropped:?}");
	}

	#[test]
	fn a_refusal_says_when_to_try_again() {
		let refusal = |detail| match refused(INVALID, "Invalid Transaction".into(), detail) {
			Outcome::Refused { reason, retry, is_unfunded } => (reason, retry, is_unfunded),
			other => panic!("{other:?}"),
		};
		let outdated = refusal("Transaction is outdated");
		assert_eq!(outdated.0, "Invalid Transaction: Transaction is outdated");
		assert_eq!((outdated.1, outdated.2), (Retry::Now, false));
		assert_eq!(refusal("Transaction has an ancient birth block").1, Retry::Now);
		let fees = refusal("Inability to pay some fees (e.g. account balance too low)");
		assert_eq!((fees.1, fees.2), (Retry::Later, true));
		assert_eq!(refusal("").0, "Invalid Transaction");
	}
}
