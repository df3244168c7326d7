// SPDX-License-Identifier: Apache-2.0

//! Submission of a call, or its text for another wallet.

use crate::chain::{Call, Chain, Event, Outcome, Terms, Watch};
use anyhow::{bail, Result};
use std::time::Duration;
use subxt_signer::sr25519::Keypair;
use tokio::time::timeout;

/// Maximum wait for a block with the transaction.
const MAX_INCLUSION: Duration = Duration::from_secs(300);

/// Maximum wait for the finality of that block. A development node may never finalize one.
const MAX_FINALITY: Duration = Duration::from_secs(60);

/// Prints an encoded call, and the address of a page that shows it and signs it.
pub async fn print(chain: &Chain, url: &str, call: &Call) -> Result<()> {
	let encoded = hex::encode(chain.encode(call).await?);
	println!("Call: 0x{encoded}");
	println!("{}", link(url, &encoded));
	Ok(())
}

/// Returns the address of the page of polkadot.js that decodes a call.
fn link(url: &str, encoded: &str) -> String {
	let node: String = url
		.bytes()
		.map(|byte| match byte {
			b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
				char::from(byte).to_string()
			},
			_ => format!("%{byte:02X}"),
		})
		.collect();
	format!("https://polkadot.js.org/apps/?rpc={node}#/extrinsics/decode/0x{encoded}")
}

/// Submits a call, waits until it is finalized, and prints its events.
pub async fn submit(chain: &Chain, signer: &Keypair, call: &Call) -> Result<()> {
	// Nothing that follows the success may fail.
	let one_token = chain.best().await?.one_token()?;
	let signed = match chain.sign(call, signer, Terms::default(), None).await {
		Ok(signed) => signed,
		Err(outcome) => return report(outcome, one_token),
	};
	let watch = match chain.submit(&signed.extrinsic).await {
		Ok(Some(watch)) => watch,
		Ok(None) => bail!("the node already has the transaction. Check its effect with `status`"),
		Err(outcome) => return report(outcome, one_token),
	};
	println!("Submitted transaction {:?}.", watch.hash());
	report(wait(watch).await, one_token)
}

async fn wait(mut watch: Watch) -> Outcome {
	let Ok(first) = timeout(MAX_INCLUSION, watch.first_outcome()).await else {
		let reason = format!("no block has it after {} s", MAX_INCLUSION.as_secs());
		return Outcome::Unknown { reason };
	};
	let Outcome::Done { block, .. } = &first else {
		return first;
	};
	println!("It is in chain block {block:?}. Waiting until the block is finalized.");
	match timeout(MAX_FINALITY, watch.outcome()).await {
		Ok(Outcome::Unknown { .. }) => first,
		Ok(last) => last,
		Err(_) => {
			println!("Warning: the block is not final after {} s.", MAX_FINALITY.as_secs());
			first
		},
	}
}

fn report(outcome: Outcome, one_token: u128) -> Result<()> {
	match outcome {
		Outcome::Done { events, .. } => {
			for event in events.iter().filter(|event| !is_free(event)) {
				println!("{}", event.describe(one_token));
			}
			Ok(())
		},
		Outcome::Failed { error, .. } => bail!("{error}"),
		Outcome::Refused { reason, .. } => bail!("the node rejects the transaction: {reason}"),
		Outcome::Unknown { reason } => {
			bail!("the outcome of the transaction is unknown: {reason}. Check it with `status`")
		},
	}
}

fn is_free(event: &Event) -> bool {
	matches!(event, Event::TransactionFeePaid(fee) if fee.actual_fee == 0)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_link_opens_the_call_on_the_same_node() {
		let expected = "https://polkadot.js.org/apps/?rpc=ws%3A%2F%2F127.0.0.1%3A9944#/extrinsics/\
		                decode/0x0102";
		assert_eq!(link("ws://127.0.0.1:9944", "0102"), expected);
	}

	#[test]
	fn a_failure_has_its_reason() {
		let refused = Outcome::dropped("pool is full".into());
		assert!(report(refused, 1).unwrap_err().to_string().contains("pool is full"));
		let unknown = Outcome::Unknown { reason: "silence".into() };
		assert!(report(unknown, 1).unwrap_err().to_string().contains("`status`"));
		assert!(report(Outcome::Done { block: Default::default(), events: vec![] }, 1).is_ok());
	}
}
