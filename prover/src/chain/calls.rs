// SPDX-License-Identifier: Apache-2.0

//! Calls of a prover, and their outcomes.

use super::{Chain, Event};
use crate::rollup::Transition;
use anyhow::{Context, Result};
use subxt::{
	client::OnlineClientAtBlockImpl,
	config::DefaultExtrinsicParamsBuilder,
	dynamic::{self, Value},
	error::{
		BackendError, DispatchError, ExtrinsicError, RpcError, TransactionEventsError,
		TransactionProgressError,
	},
	ext::scale_value::Composite,
	rpcs,
	tx::{DynamicPayload, TransactionInBlock, TransactionProgress, TransactionStatus},
	utils::AccountId32,
	SubstrateConfig,
};
use subxt_signer::sr25519::Keypair;

/// Number of chain blocks for which a transaction is valid, counted from the best one. It is enough
/// for a full pool, and leaves time for another transaction before the deadline.
const MORTALITY: u64 = 64;

/// Error code of a node whose pool already has the transaction.
const ALREADY_IMPORTED: i32 = 1013;

type Client = OnlineClientAtBlockImpl<SubstrateConfig>;

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
	pub(super) fn payload(&self) -> DynamicPayload<Composite<()>> {
		let number = |value: u64| Value::u128(value.into());
		let hash = |value: &[u8; 32]| Value::from_bytes(value);
		match self {
			Self::Stake { amount, reward_per_gas, max_capacity } => dynamic::tx(
				"ProverPool",
				"stake",
				Composite::named([
					("amount", number((*amount).into())),
					("reward_per_gas", number((*reward_per_gas).into())),
					("max_capacity", number((*max_capacity).into())),
				]),
			),
			Self::Exit => dynamic::tx("ProverPool", "exit", Composite::unnamed([])),
			Self::Withdraw => dynamic::tx("ProverPool", "withdraw", Composite::unnamed([])),
			Self::Prove { block_id, prover, transition, proof } => dynamic::tx(
				"Rollup",
				"prove_block",
				Composite::named([
					("block_id", number(*block_id)),
					("prover", hash(&prover.0)),
					(
						"transition",
						Value::named_composite([
							("parent_state_root", hash(&transition.parent_state_root)),
							("state_root", hash(&transition.state_root)),
							("gas_used", number(transition.gas_used.into())),
						]),
					),
					("proof", Value::from_bytes(proof)),
				]),
			),
		}
	}
}

/// Signed transaction. It takes effect once, however often it is submitted.
#[derive(Clone, Debug)]
pub struct Signed {
	/// The transaction.
	pub extrinsic: Vec<u8>,
	/// Last chain block that can contain it.
	pub expires: u64,
}

/// Outcome of a transaction.
#[derive(Debug)]
pub enum Outcome {
	/// It is in a finalized block, and its call succeeded.
	Done {
		/// Events of the call.
		events: Vec<Event>,
	},
	/// It is in a finalized block, and its call failed.
	Failed {
		/// Name of the error, and its documentation in the chain's metadata.
		error: String,
		/// `true` if the rollup rejected the call: it may accept it when its queue changes.
		may_pass: bool,
	},
	/// The node rejected or dropped it. Another transaction may succeed.
	Refused {
		/// Message of the node.
		reason: String,
	},
	/// Unknown, because the node does not respond. The same transaction may be submitted again. No
	/// other transaction must be sent before this one expires.
	Unknown {
		/// Error.
		reason: String,
	},
}

/// Watch of a pending transaction.
pub struct Watch {
	progress: TransactionProgress<SubstrateConfig, Client>,
}

impl Chain {
	/// Signs a call with the account's next nonce.
	pub async fn sign(&self, call: &Call, signer: &Keypair) -> Result<Signed> {
		let account = signer.public_key().to_account_id();
		let nonce = self.next_nonce(&account).await.context("cannot read the account's nonce")?;
		let best = self.best().await?;
		let params = DefaultExtrinsicParamsBuilder::<SubstrateConfig>::new()
			.nonce(nonce)
			.mortal(MORTALITY)
			.build();
		let signed = best
			.client()
			.tx()
			.create_signed(&call.payload(), signer, params)
			.await
			.context("cannot create the transaction")?;
		Ok(Signed {
			extrinsic: signed.into_encoded(),
			// Cannot overflow: a block number of the chain has 32 bits.
			expires: best.number() + MORTALITY,
		})
	}

	/// Submits a transaction. Returns `None` if the node already has it and therefore does not
	/// report the outcome.
	pub async fn submit(&self, extrinsic: &[u8]) -> Result<Option<Watch>, Outcome> {
		let finalized = self.finalized().await.map_err(unknown)?;
		let transaction = finalized.client().tx().from_bytes(extrinsic.to_vec());
		let error = match transaction.submit_and_watch().await {
			Ok(progress) => return Ok(Some(Watch { progress })),
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
		let data = error.data.as_ref().map(|data| data.get().trim_matches('"'));
		Err(Outcome::Refused {
			reason: match data {
				Some(data) => format!("{}: {data}", error.message),
				None => error.message,
			},
		})
	}
}

impl Watch {
	/// Waits until the transaction is finalized or dropped.
	pub async fn outcome(mut self) -> Outcome {
		while let Some(status) = self.progress.next().await {
			match status {
				Ok(TransactionStatus::InFinalizedBlock(block)) => return finalized(&block).await,
				Ok(
					TransactionStatus::Error { message }
					| TransactionStatus::Invalid { message }
					| TransactionStatus::Dropped { message },
				) => return Outcome::Refused { reason: message },
				Ok(
					TransactionStatus::Validated
					| TransactionStatus::Broadcasted
					| TransactionStatus::InBestBlock(_)
					| TransactionStatus::NoLongerInBestBlock,
				) => {},
				Err(TransactionProgressError::TransactionStatusError(error)) => {
					return Outcome::Refused { reason: error.to_string() };
				},
				Err(error) => return unknown(error),
			}
		}
		Outcome::Unknown { reason: "the node stopped reporting the transaction".into() }
	}
}

async fn finalized(block: &TransactionInBlock<SubstrateConfig, Client>) -> Outcome {
	let events = match block.wait_for_success().await {
		Ok(events) => events,
		Err(TransactionEventsError::ExtrinsicFailed(error)) => {
			return failed(&error);
		},
		Err(error) => return unknown(error),
	};
	let decode = || -> Result<Vec<Event>> {
		let mut known = Vec::new();
		for event in events.iter() {
			known.extend(Event::decode(&event?)?);
		}
		Ok(known)
	};
	match decode() {
		Ok(events) => Outcome::Done { events },
		Err(error) => unknown(error),
	}
}

/// Returns the outcome of a failed call, with the name of its error and the documentation in the
/// chain's metadata.
fn failed(error: &DispatchError) -> Outcome {
	if let DispatchError::Module(module) = error {
		if let Ok(details) = module.details() {
			let pallet = details.pallet.name();
			let docs = details.variant.docs.join(" ");
			return Outcome::Failed {
				error: format!("{pallet}.{}: {}", details.variant.name, docs.trim()),
				may_pass: pallet == "Rollup",
			};
		}
	}
	Outcome::Failed { error: error.to_string(), may_pass: false }
}

fn unknown(error: impl Into<anyhow::Error>) -> Outcome {
	Outcome::Unknown { reason: format!("{:#}", error.into()) }
}
