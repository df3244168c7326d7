// SPDX-License-Identifier: Apache-2.0

//! Execution and proofs for programs in other languages, by lines of JSON.

use crate::{
	keys::Keys,
	prover::prove,
	transfers::{State, ACCOUNTS},
};
use prover_pool_statement::{Statement, Transition};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sp_core::{Bytes, H256};

/// Request to execute a payload, optionally with a proof.
#[derive(Deserialize, Debug)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Request {
	/// Hash of the chain's genesis block.
	chain: H256,
	/// Public key of the prover.
	prover: H256,
	/// Number of the block.
	block_id: u64,
	/// Payload of the block.
	payload: Bytes,
	/// Maximum gas of its execution.
	gas_limit: u32,
	/// Balances before it; `None` stands for the genesis state.
	parent: Option<[Balance; ACCOUNTS]>,
	/// `true` if the response must contain a proof.
	prove: bool,
}

/// A balance as a number, or as a string in decimal.
#[derive(Deserialize, Debug)]
#[serde(untagged)]
enum Balance {
	Number(u64),
	Decimal(String),
}

/// Response to a request.
#[derive(Serialize, PartialEq, Eq, Debug)]
#[serde(rename_all = "camelCase", untagged)]
pub enum Response {
	/// Result of the execution.
	#[serde(rename_all = "camelCase")]
	Executed {
		/// State root before it.
		parent_state_root: H256,
		/// State root after it.
		state_root: H256,
		/// Gas used.
		gas_used: u32,
		/// Balances after it, as decimal strings: JavaScript's numbers are too small.
		balances: Vec<String>,
		/// Proof, if requested.
		proof: Option<Bytes>,
	},
	/// The request has no result.
	Failed {
		/// Reason.
		error: String,
	},
}

/// Returns the response to one line, without a line break.
pub fn answer(keys: &Keys, line: &str) -> String {
	let response = serde_json::from_str(line)
		.map_err(|error| error.to_string())
		.and_then(|request| execute(keys, request))
		.unwrap_or_else(|error| Response::Failed { error });
	serde_json::to_string(&response).expect("it has strings and numbers only; qed")
}

fn execute(keys: &Keys, request: Request) -> Result<Response, String> {
	let parent = match request.parent {
		Some(balances) => parse(balances)?,
		None => State::genesis(),
	};
	let payload = request.payload.0;
	let (state, gas_used) = parent.execute(&payload, request.gas_limit);
	let transition =
		Transition { parent_state_root: parent.root(), state_root: state.root(), gas_used };
	let statement = Statement {
		chain: request.chain.0,
		block_id: request.block_id,
		payload_hash: Sha256::digest(&payload).into(),
		payload_size: payload.len().try_into().map_err(|_| "the payload is too large")?,
		gas_limit: request.gas_limit,
		transition,
		prover: request.prover.0,
	};
	let proof = request
		.prove
		.then(|| prove(keys, &statement, &parent, &payload))
		.transpose()
		.map_err(|error| error.to_string())?;
	Ok(Response::Executed {
		parent_state_root: transition.parent_state_root.into(),
		state_root: transition.state_root.into(),
		gas_used,
		balances: state.balances.iter().map(u64::to_string).collect(),
		proof: proof.map(Bytes),
	})
}

fn parse(balances: [Balance; ACCOUNTS]) -> Result<State, String> {
	let mut state = State::genesis();
	for (balance, given) in state.balances.iter_mut().zip(balances) {
		*balance = match given {
			Balance::Number(number) => number,
			Balance::Decimal(text) => {
				text.parse().map_err(|error| format!("parent: {text:?}: {error}"))?
			},
		};
	}
	Ok(state)
}
