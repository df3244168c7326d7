// SPDX-License-Identifier: Apache-2.0

//! State of the relay chain, for the pallet that reads random seeds from it.

use crate::{RelayRandomness, Runtime};
use codec::Decode;
use cumulus_pallet_parachain_system::{
	relay_state_snapshot::Error, OnSystemEvent, RelayChainStateProof, RelaychainDataProvider,
	RelaychainStateProvider,
};
use cumulus_primitives_core::PersistedValidationData;
use frame_support::weights::Weight;
use pallet_relay_randomness::RelayState;
use sp_core::H256;

/// State of the relay chain, which the parachain system pallet has verified.
struct ProvenRelayState<'a>(&'a RelayChainStateProof);

impl RelayState for ProvenRelayState<'_> {
	type Error = Error;

	fn read<Value: Decode>(&self, key: &[u8]) -> Result<Option<Value>, Error> {
		self.0.read_optional_entry(key)
	}

	fn number(&self) -> u32 {
		RelaychainDataProvider::<Runtime>::current_relay_chain_state().number
	}

	fn storage_root(&self) -> H256 {
		RelaychainDataProvider::<Runtime>::current_relay_chain_state().state_root
	}
}

/// Handler that passes the state of the relay chain to the pallets that read it.
pub struct SystemEvents;

impl OnSystemEvent for SystemEvents {
	fn on_validation_data(_: &PersistedValidationData) {}

	fn on_validation_code_applied() {}

	fn on_relay_state_proof(proof: &RelayChainStateProof) -> Weight {
		RelayRandomness::take_seed(&ProvenRelayState(proof))
	}
}
