// SPDX-License-Identifier: Apache-2.0

//! State of the rollup as a file, by which one prover starts from the work of another.
//!
//! The file needs no trust: its state counts only if the chain has its root, and a payload that its
//! metadata leads to only if the chain has its hash.

use crate::{
	chain::{Version, Versions},
	rollup::State,
};
use anyhow::{bail, ensure, Context, Result};
use serde::{Deserialize, Serialize};
use subxt::utils::H256;

/// Version of the layout. Files with another version are rejected.
const FORMAT: u32 = 1;

/// State of the rollup, with the metadata that continuing from it may need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateFile {
	format: u32,
	/// Hash of the chain's genesis block.
	pub genesis: H256,
	/// The state.
	pub state: State,
	metadata: Vec<Metadata>,
}

/// Metadata of a runtime version by which the body of an unsettled block may be encoded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Metadata {
	spec_version: u32,
	#[serde(with = "hex::serde")]
	bytes: Vec<u8>,
}

impl StateFile {
	/// Returns the file with a state.
	pub fn new(genesis: H256, state: State, versions: &Versions) -> Self {
		let metadata = versions
			.iter()
			.map(|version| Metadata {
				spec_version: version.spec_version,
				bytes: version.bytes.clone(),
			})
			.collect();
		Self { format: FORMAT, genesis, state, metadata }
	}

	/// Parses the content of a file.
	pub fn parse(text: &[u8]) -> Result<Self> {
		#[derive(Deserialize)]
		struct Format {
			format: u32,
		}
		let Format { format } = serde_json::from_slice(text).context("it is no state file")?;
		if format != FORMAT {
			bail!("the state file has the format {format}, and this program reads {FORMAT}");
		}
		serde_json::from_slice(text).context("the state file is damaged")
	}

	/// Returns the root of the state.
	pub fn root(&self) -> H256 {
		self.state.root()
	}

	/// Returns the runtime versions in the file. Passes over damaged ones, without which the state may
	/// still be of use.
	pub fn versions(&self) -> Vec<Version> {
		self.metadata
			.iter()
			.flat_map(|metadata| Version::new(metadata.spec_version, metadata.bytes.clone()))
			.collect()
	}

	/// Fails if the state belongs to another chain than the one with this genesis.
	pub fn check_chain(&self, genesis: H256) -> Result<()> {
		ensure!(
			self.genesis == genesis,
			"the state belongs to the chain with the genesis {:?}, and the node has {genesis:?}",
			self.genesis
		);
		Ok(())
	}

	/// Returns the block after which the chain has the state. `roots` are those of its queue.
	pub fn find(&self, roots: &[(u64, H256)]) -> Result<u64> {
		let root = self.root();
		let found = roots.iter().rev().find(|(_, of_block)| *of_block == root);
		let (block_id, _) =
			found.with_context(|| {
				format!("no proven block in the queue has the state root {root:?}: export a newer state")
			})?;
		Ok(*block_id)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const GENESIS: H256 = H256::repeat_byte(1);

	fn file() -> StateFile {
		StateFile::new(GENESIS, State::genesis(), &Versions::default())
	}

	#[test]
	fn a_state_survives_being_written() {
		let text = serde_json::to_vec(&file()).unwrap();
		assert_eq!(StateFile::parse(&text).unwrap(), file());
	}

	#[test]
	fn a_damaged_file_or_another_format_is_rejected() {
		for (text, expected) in [
			("", "no state file"),
			("{\"format\":2}", "the format 2"),
			("{\"format\":1}", "damaged"),
		] {
			let error = StateFile::parse(text.as_bytes()).unwrap_err();
			assert!(error.to_string().contains(expected), "{error}");
		}
	}

	#[test]
	fn a_state_counts_only_on_its_chain_and_with_a_root_of_the_chain() {
		let root = State::genesis().root();
		let other = (4, H256::zero());
		assert_eq!(file().find(&[other, (5, root)]).unwrap(), 5);
		assert_eq!(file().find(&[(5, root), (6, root), other]).unwrap(), 6);
		assert!(file().find(&[other]).is_err());
		assert!(file().check_chain(GENESIS).is_ok());
		assert!(file().check_chain(H256::zero()).is_err());
	}
}
