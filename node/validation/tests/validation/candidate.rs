// SPDX-License-Identifier: Apache-2.0

//! Blocks as collators send them to validators.

use codec::Encode;
use cumulus_pallet_parachain_system::{
	parachain_inherent::BasicParachainInherentData, Call::set_validation_data,
};
use cumulus_primitives_core::{ParachainBlockData, PersistedValidationData};
use polkadot_parachain_primitives::primitives::{BlockData, ValidationParams};
use prover_pool_runtime::{Block, Header, RuntimeCall, UncheckedExtrinsic};
use sp_consensus_aura::AURA_ENGINE_ID;
use sp_core::{crypto::Pair as _, storage::StateVersion};
use sp_keyring::Sr25519Keyring::{self, Alice};
use sp_runtime::{
	generic::DigestItem,
	traits::{BlakeTwo256, Header as _},
};
use sp_trie::{CompactProof, StorageProof};

/// Block with all that validators need.
#[derive(Clone)]
pub struct Candidate {
	/// Header of the block before, which the relay chain has.
	pub parent: Header,
	/// The block, with its author's seal.
	pub block: Block,
	/// Nodes of the state that the block needs.
	pub proof: StorageProof,
	/// Number and state root of the relay block, and the parent, as the relay chain has them.
	pub relay_data: PersistedValidationData,
}

impl Candidate {
	/// Returns the proof of validity.
	pub fn block_data(&self, proof: CompactProof) -> Vec<u8> {
		ParachainBlockData::new(vec![self.block.clone()], proof, None).encode()
	}

	/// Returns the storage proof in the encoding that validators get.
	pub fn compact_proof(&self) -> CompactProof {
		let root = *self.parent.state_root();
		self.proof
			.clone()
			.into_compact_proof::<BlakeTwo256>(root)
			.expect("it has the root")
	}

	/// Returns the input of the validators.
	pub fn params(&self) -> Vec<u8> {
		self.params_with(self.block_data(self.compact_proof()))
	}

	/// Returns the input of the validators with another proof of validity.
	pub fn params_with(&self, block_data: Vec<u8>) -> Vec<u8> {
		let PersistedValidationData {
			parent_head,
			relay_parent_number,
			relay_parent_storage_root,
			..
		} = self.relay_data.clone();
		let block_data = BlockData(block_data);
		ValidationParams { parent_head, block_data, relay_parent_number, relay_parent_storage_root }
			.encode()
	}

	/// Returns the arguments of the inherent with the relay chain's state.
	pub fn relay_inherent(&mut self) -> &mut BasicParachainInherentData {
		let is_relay = |extrinsic: &&mut UncheckedExtrinsic| {
			matches!(extrinsic.function, RuntimeCall::ParachainSystem(set_validation_data { .. }))
		};
		let inherent = self.block.extrinsics.iter_mut().find(is_relay);
		match &mut inherent.expect("each block has it").function {
			RuntimeCall::ParachainSystem(set_validation_data { data, .. }) => data,
			call => panic!("{call:?} is another call"),
		}
	}

	/// Sets the time of the block.
	pub fn set_time(&mut self, milliseconds: u64) {
		let is_time = |extrinsic: &&mut UncheckedExtrinsic| {
			matches!(extrinsic.function, RuntimeCall::Timestamp(_))
		};
		let inherent = self.block.extrinsics.iter_mut().find(is_time);
		*inherent.expect("each block has it") =
			UncheckedExtrinsic::new_bare(pallet_timestamp::Call::set { now: milliseconds }.into());
	}

	/// Makes the header fit the changed transactions, and seals it: an author can do both.
	pub fn reseal(&mut self) {
		// Drops the encoding of the original transactions.
		let rebuilt = self
			.block
			.extrinsics
			.drain(..)
			.map(|extrinsic| UncheckedExtrinsic { encoded_call: None, ..extrinsic });
		self.block.extrinsics = rebuilt.collect();
		let root = frame_system::extrinsics_root::<BlakeTwo256, _>(
			&self.block.extrinsics,
			StateVersion::V0,
		);
		self.block.header.set_extrinsics_root(root);
		self.block.header.digest_mut().pop();
		seal(&mut self.block.header, Alice);
	}
}

/// Adds the seal of an author to a header.
pub fn seal(header: &mut Header, author: Sr25519Keyring) {
	let signature = author.pair().sign(header.hash().as_ref());
	header.digest_mut().push(DigestItem::Seal(AURA_ENGINE_ID, signature.encode()));
}
