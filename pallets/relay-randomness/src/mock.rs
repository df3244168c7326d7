// SPDX-License-Identifier: Apache-2.0

//! A parachain runtime with the pallet and what it depends on.

use crate::{self as pallet_relay_randomness, RelayState};
use codec::Decode;
use cumulus_pallet_parachain_system::{
	consensus_hook::ExpectParentIncluded, relay_state_snapshot::Error, AnyRelayNumber,
	OnSystemEvent, ParachainSetCode, RelayChainStateProof, RelaychainDataProvider,
	RelaychainStateProvider,
};
use cumulus_primitives_core::PersistedValidationData;
use frame_support::{
	derive_impl, parameter_types,
	traits::{ConstU8, EnqueueWithOrigin},
	weights::Weight,
};
use sp_core::H256;

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeFreezeReason,
		RuntimeHoldReason,
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type ParachainSystem = cumulus_pallet_parachain_system;
	#[runtime::pallet_index(2)]
	pub type RelayRandomness = pallet_relay_randomness;
}

type Block = frame_system::mocking::MockBlockU32<Test>;

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
	type OnSetCode = ParachainSetCode<Self>;
}

impl cumulus_pallet_parachain_system::Config for Test {
	type RuntimeEvent = RuntimeEvent;
	type OnSystemEvent = SystemEvents;
	type SelfParaId = ();
	type OutboundXcmpMessageSource = ();
	type DmpQueue = EnqueueWithOrigin<(), ConstU8<0>>;
	type ReservedDmpWeight = ();
	type XcmpMessageHandler = ();
	type ReservedXcmpWeight = ();
	type CheckAssociatedRelayNumber = AnyRelayNumber;
	type ConsensusHook = ExpectParentIncluded;
	type WeightInfo = ();
	type RelayParentOffset = RelayParentOffset;
	type SchedulingSignatureVerifier = ();
}

parameter_types! {
	/// Distance of the relay parent from the relay chain's tip, which tests set.
	pub static RelayParentOffset: u32 = 0;
}

impl pallet_relay_randomness::Config for Test {
	type WeightInfo = ();
	type RelayParentOffset = RelayParentOffset;
}

/// The relay chain's state, as the parachain system pallet verified it.
struct ProvenRelayState<'a>(&'a RelayChainStateProof);

impl RelayState for ProvenRelayState<'_> {
	type Error = Error;

	fn read<Value: Decode>(&self, key: &[u8]) -> Result<Option<Value>, Error> {
		self.0.read_optional_entry(key)
	}

	fn number(&self) -> u32 {
		RelaychainDataProvider::<Test>::current_relay_chain_state().number
	}

	fn storage_root(&self) -> H256 {
		RelaychainDataProvider::<Test>::current_relay_chain_state().state_root
	}
}

/// Passes the relay chain's state to the pallets that read it.
pub struct SystemEvents;

impl OnSystemEvent for SystemEvents {
	fn on_validation_data(_: &PersistedValidationData) {}

	fn on_validation_code_applied() {}

	fn on_relay_state_proof(proof: &RelayChainStateProof) -> Weight {
		RelayRandomness::take_seed(&ProvenRelayState(proof))
	}
}
