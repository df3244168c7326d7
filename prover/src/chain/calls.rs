// SPDX-License-Identifier: Apache-2.0

//! Calls of a prover, and their outcomes.

use super::{Chain, Event};
use crate::rollup::Transition;
use anyhow::{anyhow, Context, Result};
use std::ops::RangeInclusive;
use subxt::{
	client::OnlineClientAtBlockImpl,
	config::DefaultExtrinsicParamsBuilder,
	dynamic::{self, Value},
	error::{BackendError, DispatchError, ExtrinsicError, RpcError, TransactionProgressError},
	events::Phase,
	ext::scale_value::Composite,
	rpcs,
	tx::{DynamicPayload, TransactionProgress, TransactionStatus},
	utils::{AccountId32, H256},
	SubstrateConfig,
};
use subxt_signer::sr25519::Keypair;

/// Error codes by which the transaction pool of a node refuses a transaction. Others show that the
/// node takes none.
const REFUSALS: RangeInclusive<i32> = 1010..=1019;
/// Error code of a node that refuses an invalid transaction.
const INVALID: i32 = 1010;
/// Error code of a node whose pool already has the transaction.
const ALREADY_IMPORTED: i32 = 1013;

/// Call of a prover.
#[derive(Clone, Debug)]
pub enum Call {
	/// Enters the pool, or changes the offer. Three zeros leave the pool.
	Stake {
		/// Total stake, in whole tokens.
		amount: u32,
		/// Price of a unit of gas, in the smallest unit of the currency.
		reward_per_gas: u16,
		/// Maximum number of blocks at a time.
		max_capacity: u16,
	},
	/// Leaves the pool.
	Exit,
	/// Withdraws a mature exit.
	Withdraw,
	/// Names the operator key, or removes it.
	SetOperator {
		/// The key.
		operator: Option<AccountId32>,
	},
	/// Leaves the pool for a prover, as its operator.
	ExitFor {
		/// The prover.
		prover: AccountId32,
	},
	/// Proves a rollup block.
	Prove {
		/// The block.
		block_id: u64,
		/// Account that the proof names, and that is paid.
		prover: AccountId32,
		/// Transition that is proven.
		transition: Transition,
		/// The proof.
		proof: Vec<u8>,
	},
}

impl Call {
	/// Returns the call by which `signer` takes an account out of the pool: its own, or one whose
	/// operator it is.
	pub fn exit(signer: &AccountId32, account: AccountId32) -> Self {
		match *signer == account {
			true => Self::Exit,
			false => Self::ExitFor { prover: account },
		}
	}

	pub(super) fn payload(&self) -> DynamicPayload<Composite<()>> {
		let pool = |name: &str, fields| dynamic::tx("ProverPool", name, fields);
		match self {
			Self::Stake { amount, reward_per_gas, max_capacity } => pool(
				"stake",
				Composite::named([
					("amount", number(*amount)),
					("reward_per_gas", number(*reward_per_gas)),
					("max_capacity", number(*max_capacity)),
				]),
			),
			Self::Exit => pool("exit", Composite::unnamed([])),
			Self::Withdraw => pool("withdraw", Composite::unnamed([])),
			Self::SetOperator { operator } => {
				let operator = match operator {
					Some(operator) => Value::unnamed_variant("Some", [bytes(&operator.0)]),
					None => Value::unnamed_variant("None", []),
				};
				pool("set_operator", Composite::named([("operator", operator)]))
			},
			Self::ExitFor { prover } => {
				pool("exit_for", Composite::named([("prover", bytes(&prover.0))]))
			},
			Self::Prove { block_id, prover, transition, proof } => {
				let fields = [
					("block_id", number(*block_id)),
					("prover", bytes(&prover.0)),
					("transition", value_of(transition)),
					("proof", bytes(proof)),
				];
				dynamic::tx("Rollup", "prove_block", Composite::named(fields))
			},
		}
	}
}

fn number(value: impl Into<u128>) -> Value {
	Value::u128(value.into())
}

fn bytes(value: &[u8]) -> Value {
	Value::from_bytes(value)
}

fn value_of(transition: &Transition) -> Value {
	Value::named_composite([
		("parent_state_root", bytes(&transition.parent_state_root)),
		("state_root", bytes(&transition.state_root)),
		("gas_used", number(transition.gas_used)),
	])
}

/// Terms of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
	/// Number of chain blocks in which it is valid, with the best one: a power of two, at least 4.
	pub mortality: u64,
	/// Tip, in the smallest unit of the currency.
	pub tip: u128,
}

impl Default for Terms {
	/// Terms that leave time for a full pool, without a tip.
	fn default() -> Self {
		Self { mortality: 64, tip: 0 }
	}
}

/// Signed transaction. It takes effect once, however often it is submitted.
#[derive(Clone, Debug)]
pub struct Signed {
	/// The transaction.
	pub extrinsic: Vec<u8>,
	/// Nonce of the signer.
	pub nonce: u64,
	/// Last chain block that can contain it.
	pub expires: u64,
}

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
	/// Signs a call with the account's next nonce, or with that of a pending transaction that it
	/// replaces. A call or an extension that this program does not know counts as refused.
	pub async fn sign(
		&self,
		call: &Call,
		signer: &Keypair,
		terms: Terms,
		replaced: Option<u64>,
	) -> Result<Signed, Outcome> {
		let account = signer.public_key().to_account_id();
		let next = self.next_nonce(&account).await.map_err(unknown)?;
		let nonce = replaced.map_or(next, |nonce| nonce.min(next));
		let best = self.best().await.map_err(unknown)?;

		let params = DefaultExtrinsicParamsBuilder::<SubstrateConfig>::new()
			.nonce(nonce)
			.mortal(terms.mortality)
			.tip(terms.tip)
			.build();
		let signed = best
			.client()
			.tx()
			.create_signed(&call.payload(), signer, params)
			.await
			.map_err(unsignable)?;
		Ok(Signed {
			extrinsic: signed.into_encoded(),
			nonce,
			// Cannot overflow: a block number of the chain has 32 bits. The era ends before the block
			// after it, and has at least 4 blocks.
			expires: best.number() + terms.mortality - 1,
		})
	}

	/// Returns the fee of a call without a tip, in the smallest unit of the currency.
	pub async fn fee(&self, call: &Call, signer: &Keypair) -> Result<u128> {
		let best = self.best().await?;
		let params = DefaultExtrinsicParamsBuilder::<SubstrateConfig>::new().nonce(0).build();
		let signed = best.client().tx().create_signed(&call.payload(), signer, params).await?;
		signed.partial_fee_estimate().await.context("cannot estimate the fee of a call")
	}

	/// Returns an encoded call.
	pub async fn encode(&self, call: &Call) -> Result<Vec<u8>> {
		let best = self.best().await?;
		Ok(best.client().tx().call_data(&call.payload())?)
	}

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
		while let Some(status) = self.progress.next().await {
			match status {
				Ok(
					TransactionStatus::InBestBlock(block)
					| TransactionStatus::InFinalizedBlock(block),
				) => return self.chain.included(block.block_hash(), &self.extrinsic).await,
				Ok(
					TransactionStatus::Error { message }
					| TransactionStatus::Invalid { message }
					| TransactionStatus::Dropped { message },
				) => return lost(message),
				Ok(_) => {},
				Err(error) => return unknown(error),
			}
		}
		Outcome::Unknown { reason: "the node stopped reporting the transaction".into() }
	}

	/// Waits until the transaction is finalized, dropped, or failed in a best block.
	///
	/// A success counts only when it is final. A failure counts at once, because the deadline does
	/// not wait for finality.
	pub async fn outcome(mut self) -> Outcome {
		let Self { chain, extrinsic, progress } = &mut self;
		while let Some(status) = progress.next().await {
			match status {
				Ok(TransactionStatus::InFinalizedBlock(block)) => {
					return chain.included(block.block_hash(), extrinsic).await;
				},
				Ok(TransactionStatus::InBestBlock(block)) => {
					let outcome = chain.included(block.block_hash(), extrinsic).await;
					if matches!(outcome, Outcome::Failed { .. }) {
						return outcome;
					}
				},
				Ok(
					TransactionStatus::Error { message }
					| TransactionStatus::Invalid { message }
					| TransactionStatus::Dropped { message },
				) => return lost(message),
				Ok(
					TransactionStatus::Validated
					| TransactionStatus::Broadcasted
					| TransactionStatus::NoLongerInBestBlock,
				) => {},
				Err(TransactionProgressError::TransactionStatusError(error)) => {
					return lost(error.to_string());
				},
				Err(error) => return unknown(error),
			}
		}
		Outcome::Unknown { reason: "the node stopped reporting the transaction".into() }
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
fn unsignable(error: ExtrinsicError) -> Outcome {
	match error {
		ExtrinsicError::AccountNonceError { .. } => unknown(error),
		error => Outcome::Refused {
			reason: format!("the chain has other transactions: {error}. Update the program"),
			retry: Retry::Later,
			is_unfunded: false,
		},
	}
}

fn unknown(error: impl Into<anyhow::Error>) -> Outcome {
	Outcome::Unknown { reason: format!("{:#}", error.into()) }
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn an_operator_leaves_for_its_prover() {
		let (prover, operator) = (AccountId32([1; 32]), AccountId32([2; 32]));
		assert!(matches!(Call::exit(&prover, prover), Call::Exit));
		let call = Call::exit(&operator, prover);
		assert!(matches!(call, Call::ExitFor { prover: of } if of == prover), "{call:?}");
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
