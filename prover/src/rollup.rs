// SPDX-License-Identifier: Apache-2.0

//! The rollup that is proven: the only place that knows its circuit. To prove another rollup, put
//! its state, its execution and its proofs here.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::path::Path;
use subxt::utils::H256;
use transfer_rollup as circuit;

pub use prover_pool_primitives::{Statement, Transition};
pub use transfer_rollup::Keys;

/// The version that the chain gives to the first verifying key, which genesis has.
const KEY_VERSION: u32 = 1;

/// Name of the file with the proving key.
const KEY_FILE: &str = "proving-key.bin";

/// The state of the rollup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct State([u64; circuit::transfers::ACCOUNTS]);

impl State {
	/// The state before the first block.
	pub fn genesis() -> Self {
		Self(circuit::State::genesis().balances)
	}

	/// The root of the state, as the chain knows it.
	pub fn root(&self) -> H256 {
		self.inner().root()
	}

	/// The state after a block with this payload, and the gas that it used.
	pub fn execute(&self, payload: &[u8], gas_limit: u32) -> (Self, u32) {
		let (state, gas_used) = self.inner().execute(payload, gas_limit);
		(Self(state.balances), gas_used)
	}

	/// Proves that executing `payload` on this state is what `statement` says. Takes seconds or
	/// more, on all processors.
	pub fn prove(
		&self,
		keys: &Keys,
		statement: &Statement<[u8; 32]>,
		payload: &[u8],
	) -> Result<Vec<u8>> {
		Ok(circuit::prove(keys, KEY_VERSION, statement, &self.inner(), payload)?)
	}

	fn inner(&self) -> circuit::State {
		circuit::State { balances: self.0 }
	}
}

/// Reads the proving key from a folder, or makes it and puts it there, which takes longer.
pub fn load_keys(folder: &Path) -> Result<Keys> {
	let path = folder.join(KEY_FILE);
	Keys::load_or_generate(&path)
		.with_context(|| format!("cannot read or make the proving key {}", path.display()))
}
