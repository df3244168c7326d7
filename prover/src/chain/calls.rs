// SPDX-License-Identifier: Apache-2.0

//! The calls that a prover makes, and what becomes of them.

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
	utils::H256,
	SubstrateConfig,
};
use subxt_signer::sr25519::Keypair;

/// For how many blocks a transaction is good: long enough for a full pool, short enough to decide
/// anew before a proof window is over.
const MORTALITY: u64 = 64;

/// What a node answers that has a transaction in its pool already.
const ALREADY_IMPORTED: i32 = 1013;

type Client = OnlineClientAtBlockImpl<SubstrateConfig>;

/// A call that a prover makes.
#[derive(Clone, Debug)]
pub enum Call {
	/// Stakes; three zeros leave the pool.
	Stake {
		/// The whole stake, in whole tokens.
		amount: u32,
		/// The price for a unit of gas, in the smallest unit of the currency.
		reward_per_gas: u16,
		/// How many blocks to take at a time.
		max_capacity: u16,
	},
	/// Leaves the pool.
	Exit,
	/// Has a mature exit paid out.
	Withdraw,
	/// Proves a rollup block.
	Prove {
		/// The block.
		block_id: u64,
		/// What is proven.
		transition: Transition,
		/// The proof.
		proof: Vec<u8>,
	},
}

impl Call {
	fn payload(&self) -> DynamicPayload<Composite<()>> {
		let number = |value: u64| Value::u128(value.into());
		let hash = |value: &H256| Value::from_bytes(value.as_bytes());
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
			Self::Prove { block_id, transition, proof } => dynamic::tx(
				"Rollup",
				"prove_block",
				Composite::named([
					("block_id", number(*block_id)),
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

/// A transaction that is ready to be submitted, any number of times: it takes effect once.
#[derive(Clone, Debug)]
pub struct Signed {
	/// The transaction.
	pub extrinsic: Vec<u8>,
	/// The last block of the chain that can contain it.
	pub expires: u64,
}

/// What became of a transaction.
#[derive(Debug)]
pub enum Outcome {
	/// It is in a finalized block, and its call did what it says.
	Done {
		/// What happened.
		events: Vec<Event>,
	},
	/// It is in a finalized block, and its call failed.
	Failed {
		/// The error's name, and its description in the chain's metadata.
		error: String,
	},
	/// The node refuses it, or has thrown it away. Another may be good.
	Refused {
		/// What the node says.
		reason: String,
	},
	/// Nobody knows: the node does not answer any more. The same transaction can be submitted
	/// again, another must not before this one expired.
	Unknown {
		/// What went wrong.
		reason: String,
	},
}

/// A transaction on its way.
pub struct Watch {
	progress: TransactionProgress<SubstrateConfig, Client>,
}

impl Chain {
	/// Signs a call with the account's next nonce.
	pub async fn sign(&self, call: &Call, signer: &Keypair) -> Result<Signed> {
		let account = signer.public_key().to_account_id();
		let nonce = self.next_nonce(&account).await.context("cannot read the account's nonce")?;
		let finalized = self.finalized().await?;
		let params = DefaultExtrinsicParamsBuilder::<SubstrateConfig>::new()
			.nonce(nonce)
			.mortal(MORTALITY)
			.build();
		let signed = finalized
			.client()
			.tx()
			.create_signed(&call.payload(), signer, params)
			.await
			.context("cannot make the transaction")?;
		Ok(Signed {
			extrinsic: signed.into_encoded(),
			// Cannot overflow: a block number of the chain has 32 bits.
			expires: finalized.number() + MORTALITY,
		})
	}

	/// Submits a transaction. `None` when the node has it already: it does not tell then what
	/// becomes of it.
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
	/// Waits until the transaction is finalized, or never will be.
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
		Outcome::Unknown { reason: "the node tells no more of the transaction".into() }
	}
}

async fn finalized(block: &TransactionInBlock<SubstrateConfig, Client>) -> Outcome {
	let events = match block.wait_for_success().await {
		Ok(events) => events,
		Err(TransactionEventsError::ExtrinsicFailed(error)) => {
			return Outcome::Failed { error: describe(&error) };
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

/// The name of an error, and what the chain's metadata says of it.
fn describe(error: &DispatchError) -> String {
	if let DispatchError::Module(module) = error {
		if let Ok(details) = module.details() {
			return format!(
				"{}.{}: {}",
				details.pallet.name(),
				details.variant.name,
				details.variant.docs.join(" ").trim()
			);
		}
	}
	error.to_string()
}

fn unknown(error: impl Into<anyhow::Error>) -> Outcome {
	Outcome::Unknown { reason: format!("{:#}", error.into()) }
}
