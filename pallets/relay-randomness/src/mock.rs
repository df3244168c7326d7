// SPDX-License-Identifier: Apache-2.0

//! A parachain runtime with the pallet and what it depends on.

use crate as pallet_relay_randomness;
use cumulus_pallet_parachain_system::{
	consensus_hook::ExpectParentIncluded, AnyRelayNumber, ParachainSetCode,
};
use frame_support::{
	derive_impl, parameter_types,
	traits::{ConstBool, ConstU32, ConstU64, ConstU8, EnqueueWithOrigin},
};
use sp_consensus_aura::sr25519::AuthorityId;

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
	pub type Timestamp = pallet_timestamp;
	#[runtime::pallet_index(3)]
	pub type Aura = pallet_aura;
	#[runtime::pallet_index(4)]
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
	type OnSystemEvent = RelayRandomness;
	type SelfParaId = ();
	type OutboundXcmpMessageSource = ();
	type DmpQueue = EnqueueWithOrigin<(), ConstU8<0>>;
	type ReservedDmpWeight = ();
	type XcmpMessageHandler = ();
	type ReservedXcmpWeight = ();
	type CheckAssociatedRelayNumber = AnyRelayNumber;
	type ConsensusHook = ExpectParentIncluded;
	type WeightInfo = ();
	type RelayParentOffset = ConstU32<0>;
	type SchedulingSignatureVerifier = ();
}

impl pallet_timestamp::Config for Test {
	type Moment = u64;
	type OnTimestampSet = Aura;
	type MinimumPeriod = ConstU64<0>;
	type WeightInfo = ();
}

parameter_types! {
	/// Length of a slot in milliseconds, which tests set.
	pub static SlotDuration: u64 = 6_000;
}

impl pallet_aura::Config for Test {
	type AuthorityId = AuthorityId;
	type MaxAuthorities = ConstU32<1>;
	type DisabledValidators = ();
	type AllowMultipleBlocksPerSlot = ConstBool<true>;
	type SlotDuration = SlotDuration;
}

impl pallet_relay_randomness::Config for Test {
	type WeightInfo = ();
}
