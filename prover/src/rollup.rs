// SPDX-License-Identifier: Apache-2.0

//! The rollup that is proven. No other module knows its circuit. To prove another rollup, replace
//! state, execution and proofs here.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::path::Path;
use subxt::utils::H256;
use transfer_rollup as circuit;

pub use prover_pool_statement::{public_input, Statement, Transition};
pub use transfer_rollup::Keys;

/// Name of the file with the proving key.
const KEY_FILE: &str = "proving-key.bin";

/// State of the rollup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct State([u64; circuit::transfers::ACCOUNTS]);

impl State {
	/// Returns the state before the first block.
	pub fn genesis() -> Self {
		Self(circuit::State::genesis().balances)
	}

	/// Returns the state root, as the chain defines it.
	pub fn root(&self) -> H256 {
		self.inner().root().into()
	}

	/// Returns the state after a block with this payload, and the gas used.
	pub fn execute(&self, payload: &[u8], gas_limit: u32) -> (Self, u32) {
		let (state, gas_used) = self.inner().execute(payload, gas_limit);
		(Self(state.balances), gas_used)
	}

	/// Proves that executing `payload` on this state makes `statement` true. Takes seconds or more,
	/// on all processors.
	pub fn prove(
		&self,
		keys: &Keys,
		statement: &Statement<[u8; 32]>,
		payload: &[u8],
	) -> Result<Vec<u8>> {
		Ok(circuit::prove(keys, statement, &self.inner(), payload)?)
	}

	fn inner(&self) -> circuit::State {
		circuit::State { balances: self.0 }
	}
}

/// Reads the proving key from a folder. Generates and stores it if it is missing, which takes
/// longer.
pub fn load_keys(folder: &Path) -> Result<Keys> {
	let path = folder.join(KEY_FILE);
	Keys::load_or_generate(&path)
		.with_context(|| format!("cannot read or generate the proving key {}", path.display()))
}
