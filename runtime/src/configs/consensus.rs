// SPDX-License-Identifier: Apache-2.0

//! Block production, and the limits that the relay chain sets.

use crate::{
	configs::{relay_state::SystemEvents, MAXIMUM_BLOCK_WEIGHT},
	constants::{HOURS, RELAY_CHAIN_SLOT_DURATION_MILLIS, SLOT_DURATION},
	AccountId, Aura, AuraId, Balance, Balances, BlockNumber, CollatorSelection, MessageQueue,
	Runtime, RuntimeEvent, Session, SessionKeys, XcmpQueue,
};
use cumulus_pallet_parachain_system::RelayNumberMonotonicallyIncreases;
use cumulus_primitives_core::AggregateMessageOrigin;
use frame_support::{
	parameter_types,
	traits::{ConstBool, ConstU32, ConstU64, EnqueueWithOrigin},
	weights::Weight,
	PalletId,
};
use frame_system::EnsureRoot;
use sp_runtime::traits::OpaqueKeys;

/// Distance of a block's relay parent from the relay chain's tip, in relay blocks. The randomness
/// pallet requires 0: an offset would publish seeds before their draws. An offset would also delay
/// messages, but avoid forks that follow forks of the relay chain.
pub const RELAY_PARENT_OFFSET: u32 = 0;

/// Maximum number of blocks for each relay block: one in 6 s. With elastic scaling on three cores
/// it is 3, for a block every 2 s. No other value depends on it: a slot may have several blocks,
/// and the pool counts in seconds.
pub const BLOCK_PROCESSING_VELOCITY: u32 = 1;

/// Maximum number of blocks that wait for inclusion in the relay chain. A block is included two
/// relay blocks after its relay parent at the earliest, so three wait if none is late.
pub const UNINCLUDED_SEGMENT_CAPACITY: u32 = (3 + RELAY_PARENT_OFFSET) * BLOCK_PROCESSING_VELOCITY;

/// Length of a session, in blocks. A change of collators takes effect one or two sessions later. A
/// candidate that makes no block for a session is removed.
pub const SESSION_LENGTH: BlockNumber = 6 * HOURS;

/// Ties slots to those of the relay chain, and bounds the blocks that are not included yet.
pub type ConsensusHook = cumulus_pallet_aura_ext::FixedVelocityConsensusHook<
	Runtime,
	RELAY_CHAIN_SLOT_DURATION_MILLIS,
	BLOCK_PROCESSING_VELOCITY,
	UNINCLUDED_SEGMENT_CAPACITY,
>;

parameter_types! {
	/// Weight that is reserved for incoming messages of sibling chains: a quarter of a block.
	pub const ReservedXcmpWeight: Weight = MAXIMUM_BLOCK_WEIGHT.saturating_div(4);
	/// Weight that is reserved for incoming messages of the relay chain: a quarter of a block.
	pub const ReservedDmpWeight: Weight = MAXIMUM_BLOCK_WEIGHT.saturating_div(4);
	/// Queue of messages of the relay chain.
	pub const RelayOrigin: AggregateMessageOrigin = AggregateMessageOrigin::Parent;
	/// Account that collects fees for collators.
	pub const PotId: PalletId = PalletId(*b"PotStake");
}

impl cumulus_pallet_parachain_system::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type OnSystemEvent = SystemEvents;
	type SelfParaId = parachain_info::Pallet<Runtime>;
	type OutboundXcmpMessageSource = XcmpQueue;
	type DmpQueue = EnqueueWithOrigin<MessageQueue, RelayOrigin>;
	type ReservedDmpWeight = ReservedDmpWeight;
	type XcmpMessageHandler = XcmpQueue;
	type ReservedXcmpWeight = ReservedXcmpWeight;
	// With asynchronous backing, several blocks may have the same relay parent.
	type CheckAssociatedRelayNumber = RelayNumberMonotonicallyIncreases;
	type ConsensusHook = ConsensusHook;
	type WeightInfo = crate::weights::cumulus_pallet_parachain_system::WeightInfo<Runtime>;
	type RelayParentOffset = ConstU32<RELAY_PARENT_OFFSET>;
	// Relay chains do not support separate scheduling parents yet.
	type SchedulingSignatureVerifier = ();
}

impl pallet_aura::Config for Runtime {
	type AuthorityId = AuraId;
	type DisabledValidators = ();
	type MaxAuthorities = ConstU32<{ MAX_INVULNERABLES + MAX_CANDIDATES }>;
	type AllowMultipleBlocksPerSlot = ConstBool<true>;
	type SlotDuration = ConstU64<SLOT_DURATION>;
}

impl cumulus_pallet_aura_ext::Config for Runtime {}

impl pallet_authorship::Config for Runtime {
	type FindAuthor = pallet_session::FindAccountFromAuthorIndex<Self, Aura>;
	type EventHandler = CollatorSelection;
}

impl pallet_session::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type ValidatorId = AccountId;
	type ValidatorIdOf = pallet_collator_selection::IdentityCollator;
	type ShouldEndSession = pallet_session::PeriodicSessions<ConstU32<SESSION_LENGTH>, ConstU32<0>>;
	type NextSessionRotation =
		pallet_session::PeriodicSessions<ConstU32<SESSION_LENGTH>, ConstU32<0>>;
	type SessionManager = CollatorSelection;
	type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
	type Keys = SessionKeys;
	// The worst offence of a parachain's collator is to miss its slots.
	type DisablingStrategy = ();
	type WeightInfo = crate::weights::pallet_session::WeightInfo<Runtime>;
	type Currency = Balances;
	type KeyDeposit = frame_support::traits::ConstU128<KEY_DEPOSIT>;
}

/// Deposit for the registered keys of a collator: two entries.
const KEY_DEPOSIT: Balance = crate::constants::deposit(2, 128);
/// Maximum number of collators that governance appoints.
const MAX_INVULNERABLES: u32 = 20;
/// Maximum number of collators with a bond. More collators lengthen the time between the slots of a
/// single honest one.
const MAX_CANDIDATES: u32 = 30;

impl pallet_collator_selection::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type Currency = Balances;
	type UpdateOrigin = EnsureRoot<AccountId>;
	type PotId = PotId;
	type MaxCandidates = ConstU32<MAX_CANDIDATES>;
	// A development chain has only one.
	type MinEligibleCollators = ConstU32<1>;
	type MaxInvulnerables = ConstU32<MAX_INVULNERABLES>;
	// One session without a block.
	type KickThreshold = ConstU32<SESSION_LENGTH>;
	type ValidatorId = AccountId;
	type ValidatorIdOf = pallet_collator_selection::IdentityCollator;
	type ValidatorRegistration = Session;
	type WeightInfo = crate::weights::pallet_collator_selection::WeightInfo<Runtime>;
}
