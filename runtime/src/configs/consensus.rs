// SPDX-License-Identifier: Apache-2.0

//! Block production, and its limits by the relay chain.

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

/// Distance of a block's relay parent from the relay chain's tip, in relay blocks. An offset would
/// avoid forks that follow forks of the relay chain. It would also age each message and seed.
pub const RELAY_PARENT_OFFSET: u32 = 0;

/// Maximum number of blocks for each relay block: one, so one in 6 s. With elastic scaling on three
/// cores it is 3, and blocks come every 2 s. Nothing else must change, because a slot may have
/// several blocks and the pool counts in seconds.
pub const BLOCK_PROCESSING_VELOCITY: u32 = 1;

/// Maximum number of blocks that wait for inclusion in the relay chain. A block is included at the
/// earliest two relay blocks after its relay parent, so three wait if none is late.
pub const UNINCLUDED_SEGMENT_CAPACITY: u32 = (3 + RELAY_PARENT_OFFSET) * BLOCK_PROCESSING_VELOCITY;

/// Length of a session, in blocks. A change of collators takes effect one or two sessions later. A
/// collator that makes no block for a session loses its candidacy.
pub const SESSION_LENGTH: BlockNumber = 6 * HOURS;

/// Ties slots to those of the relay chain, and bounds the blocks that are not included yet.
pub type ConsensusHook = cumulus_pallet_aura_ext::FixedVelocityConsensusHook<
	Runtime,
	RELAY_CHAIN_SLOT_DURATION_MILLIS,
	BLOCK_PROCESSING_VELOCITY,
	UNINCLUDED_SEGMENT_CAPACITY,
>;

parameter_types! {
	/// A quarter of a block for messages of sibling chains, as they arrive.
	pub const ReservedXcmpWeight: Weight = MAXIMUM_BLOCK_WEIGHT.saturating_div(4);
	/// A quarter of a block for messages of the relay chain, as they arrive.
	pub const ReservedDmpWeight: Weight = MAXIMUM_BLOCK_WEIGHT.saturating_div(4);
	/// Messages of the relay chain are queued under this name.
	pub const RelayOrigin: AggregateMessageOrigin = AggregateMessageOrigin::Parent;
	/// The account that collects fees for collators.
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
	// With asynchronous backing, several blocks may stand on one relay block.
	type CheckAssociatedRelayNumber = RelayNumberMonotonicallyIncreases;
	type ConsensusHook = ConsensusHook;
	type WeightInfo = crate::weights::cumulus_pallet_parachain_system::WeightInfo<Runtime>;
	type RelayParentOffset = ConstU32<RELAY_PARENT_OFFSET>;
	// Scheduling by separate parents is not enabled on relay chains yet.
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
	// Collators of a parachain cannot hurt it beyond missing their slots.
	type DisablingStrategy = ();
	type WeightInfo = crate::weights::pallet_session::WeightInfo<Runtime>;
	type Currency = Balances;
	type KeyDeposit = frame_support::traits::ConstU128<KEY_DEPOSIT>;
}

/// Registering keys takes an entry of state, which is worth a deposit.
const KEY_DEPOSIT: Balance = crate::constants::deposit(2, 128);
/// Collators that governance vouches for.
const MAX_INVULNERABLES: u32 = 20;
/// Collators that put up a bond. Each of them adds its slots to the time that a single honest one
/// waits, so there is no point in many.
const MAX_CANDIDATES: u32 = 30;

impl pallet_collator_selection::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type Currency = Balances;
	type UpdateOrigin = EnsureRoot<AccountId>;
	type PotId = PotId;
	type MaxCandidates = ConstU32<MAX_CANDIDATES>;
	// One is enough: a development chain has no more.
	type MinEligibleCollators = ConstU32<1>;
	type MaxInvulnerables = ConstU32<MAX_INVULNERABLES>;
	// A whole session without a block.
	type KickThreshold = ConstU32<SESSION_LENGTH>;
	type ValidatorId = AccountId;
	type ValidatorIdOf = pallet_collator_selection::IdentityCollator;
	type ValidatorRegistration = Session;
	type WeightInfo = crate::weights::pallet_collator_selection::WeightInfo<Runtime>;
}
