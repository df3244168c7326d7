// SPDX-License-Identifier: Apache-2.0

//! Takes a step of a prover by the code that `subxt codegen` generated from the chain, and prints the
//! result as JSON.
//!
//! Usage: `subxt-client URL SURI STEP [NUMBER]...`

use anyhow::{bail, Context, Result};
use pool::api;
use serde_json::{json, Value};
use std::env;
use subxt::{
	client::OnlineClientAtBlock,
	error::{DispatchError, TransactionEventsError, TransactionFinalizedSuccessError},
	extrinsics::ExtrinsicEvents,
	transactions::Payload,
	OnlineClient, SubstrateConfig,
};
use subxt_signer::sr25519::Keypair;

mod pool;

/// Result of a call: its events, or the name and text of its error.
type Submitted = std::result::Result<ExtrinsicEvents<SubstrateConfig>, Value>;

/// Client at the last finalized block.
struct Client {
	at: OnlineClientAtBlock<SubstrateConfig>,
	key: Keypair,
}

#[tokio::main]
async fn main() -> Result<()> {
	let arguments: Vec<String> = env::args().skip(1).collect();
	let [url, suri, step, numbers @ ..] = &arguments[..] else {
		bail!("use: subxt-client URL SURI STEP [NUMBER]...");
	};
	let numbers = numbers.iter().map(|number| number.parse()).collect::<Result<Vec<u64>, _>>()?;
	let chain = OnlineClient::<SubstrateConfig>::from_insecure_url(url).await?;
	let client =
		Client { at: chain.at_current_block().await?, key: Keypair::from_uri(&suri.parse()?)? };
	println!("{}", client.step(step, &numbers).await?);
	Ok(())
}

impl Client {
	async fn step(&self, step: &str, numbers: &[u64]) -> Result<Value> {
		match (step, numbers) {
			("stake", &[amount, price, capacity]) => self.stake(amount, price, capacity).await,
			("propose", &[gas_limit, max_fee, ref payload @ ..]) => {
				self.propose(gas_limit, max_fee, payload).await
			},
			("prover", &[block]) => self.prover(block).await,
			("members", []) => self.members().await,
			("odds", &[fee]) => self.odds(fee).await,
			("exit", []) => self.exit().await,
			_ => bail!("there is no step {step} with {} numbers", numbers.len()),
		}
	}

	async fn stake(&self, amount: u64, price: u64, capacity: u64) -> Result<Value> {
		let call = api::tx().prover_pool().stake(
			amount.try_into()?,
			price.try_into()?,
			capacity.try_into()?,
		);
		let events = match self.submit(&call).await? {
			Ok(events) => events,
			Err(refusal) => return Ok(refusal),
		};
		let staked = events.find_first::<api::prover_pool::events::Staked>();
		let staked = staked.context("there is no event")??;
		Ok(json!({
			"amount": staked.amount,
			"price": staked.reward_per_gas,
			"capacity": staked.current_capacity,
		}))
	}

	/// Proposes a rollup block with these bytes.
	async fn propose(&self, gas_limit: u64, max_fee: u64, payload: &[u64]) -> Result<Value> {
		use api::runtime_types::bounded_collections::bounded_vec::BoundedVec;

		let bytes = payload.iter().map(|byte| u8::try_from(*byte));
		let payload = BoundedVec(bytes.collect::<Result<_, _>>()?);
		let (gas_limit, max_fee) = (gas_limit.try_into()?, max_fee.try_into()?);
		let call = api::tx().rollup().propose_block(payload, gas_limit, max_fee);
		let events = match self.submit(&call).await? {
			Ok(events) => events,
			Err(refusal) => return Ok(refusal),
		};
		let proposed = events.find_first::<api::rollup::events::BlockProposed>();
		Ok(json!(proposed.context("there is no event")??.block_id))
	}

	async fn prover(&self, block: u64) -> Result<Value> {
		use api::runtime_types::pallet_rollup::block::{BlockStatus, Phase};

		let status = self
			.at
			.runtime_apis()
			.call(api::runtime_apis().rollup_api().block(block))
			.await?;
		let Some(BlockStatus::Unsettled(block)) = status else {
			return Ok(Value::Null);
		};
		match block.phase {
			Phase::Assigned(assigned) => Ok(json!(assigned.prover.to_string())),
			_ => Ok(Value::Null),
		}
	}

	async fn members(&self) -> Result<Value> {
		let call = api::runtime_apis().prover_pool_api().provers();
		let members = self.at.runtime_apis().call(call).await?;
		let shown = members.iter().map(|(id, who, slot)| {
			json!({
				"id": id.0,
				"who": who.to_string(),
				"amount": slot.staked_amount,
				"price": slot.reward_per_gas,
				"capacity": slot.current_capacity,
			})
		});
		Ok(shown.collect())
	}

	/// Returns the weights and their sum as decimal strings, because they have 128 bits.
	async fn odds(&self, fee: u64) -> Result<Value> {
		let call = api::runtime_apis().prover_pool_api().get_weights(fee.try_into()?);
		let (weights, sum) = self.at.runtime_apis().call(call).await?;
		let weights: Vec<_> = weights.iter().map(u128::to_string).collect();
		Ok(json!({ "weights": weights, "sum": sum.to_string() }))
	}

	async fn exit(&self) -> Result<Value> {
		let events = match self.submit(&api::tx().prover_pool().exit()).await? {
			Ok(events) => events,
			Err(refusal) => return Ok(refusal),
		};
		let exited = events.find_first::<api::prover_pool::events::Exited>();
		Ok(json!(exited.context("there is no event")??.amount))
	}

	/// Submits a call, and waits until it is final.
	async fn submit(&self, call: &impl Payload) -> Result<Submitted> {
		let progress = self.at.tx().sign_and_submit_then_watch_default(call, &self.key).await?;
		let error = match progress.wait_for_finalized_success().await {
			Ok(events) => return Ok(Ok(events)),
			Err(error) => error,
		};
		let TransactionFinalizedSuccessError::SuccessError(
			TransactionEventsError::ExtrinsicFailed(DispatchError::Module(error)),
		) = error
		else {
			return Err(error.into());
		};
		let variant = error.details()?.variant;
		Ok(Err(json!({ "error": variant.name, "text": variant.docs.join(" ") })))
	}
}
