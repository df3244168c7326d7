// SPDX-License-Identifier: Apache-2.0

//! Calls of a prover, and their signature.

use super::{
	outcomes::{unknown, unsignable},
	Chain, Outcome,
};
use crate::rollup::Transition;
use anyhow::{Context, Result};
use subxt::{
	config::DefaultExtrinsicParamsBuilder,
	dynamic::{self, Value},
	ext::scale_value::Composite,
	tx::DynamicPayload,
	utils::AccountId32,
	SubstrateConfig,
};
use subxt_signer::sr25519::Keypair;

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
}
