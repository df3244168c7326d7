// SPDX-License-Identifier: Apache-2.0

//! Messages from and to other chains: the minimum that a parachain needs.
//!
//! The chain answers the relay chain and its siblings, pays for its messages, and lets them hold
//! and use accounts here. Its own token is the only asset: there are no teleports, and no reserves
//! elsewhere. The relay chain's token pays deposits and coretime, and stays in this chain's
//! sovereign account on the relay chain. Users cannot send or execute messages. A runtime upgrade
//! can allow more.

use crate::{
	constants::MILLI_UNIT, fees, AccountId, AllPalletsWithSystem, Balance, Balances,
	CollatorSelection, MessageQueue, ParachainInfo, ParachainSystem, PolkadotXcm, Runtime,
	RuntimeCall, RuntimeEvent, RuntimeHoldReason, RuntimeOrigin, XcmpQueue,
};
use core::marker::PhantomData;
use cumulus_primitives_core::{AggregateMessageOrigin, ParaId};
use frame_support::{
	parameter_types,
	traits::{
		fungible::HoldConsideration, tokens::imbalance::ResolveTo, ConstU32, Contains, Equals,
		Everything, LinearStoragePrice, Nothing, QueueFootprint, QueuePausedQuery, TransformOrigin,
	},
	weights::Weight,
};
use frame_system::EnsureRoot;
use pallet_collator_selection::StakingPotAccountId;
use pallet_message_queue::OnQueueChanged;
use pallet_xcm::XcmPassthrough;
use polkadot_parachain_primitives::primitives::Sibling;
use polkadot_runtime_common::xcm_sender::ExponentialPrice;
use sp_runtime::{traits::Convert, Perbill};
use xcm::latest::{prelude::*, WESTEND_GENESIS_HASH};
use xcm_builder::{
	AccountId32Aliases, AllowHrmpNotificationsFromRelayChain, AllowKnownQueryResponses,
	AllowSubscriptionsFrom, AllowTopLevelPaidExecutionFrom, DenyRecursively,
	DenyReserveTransferToRelayChain, DenyThenTry, DescribeAllTerminal, DescribeFamily,
	EnsureXcmOrigin, FixedWeightBounds, FrameTransactionalProcessor, FungibleAdapter,
	HashedDescription, IsConcrete, ParentIsPreset, RelayChainAsNative, SendXcmFeeToAccount,
	SiblingParachainAsNative, SiblingParachainConvertsVia, SignedAccountId32AsNative,
	SignedToAccountId32, SovereignSignedViaLocation, TakeWeightCredit, TrailingSetTopicAsId,
	UsingComponents, WithComputedOrigin, WithUniqueTopic, XcmFeeManagerFromComponents,
};
use xcm_executor::XcmExecutor;

parameter_types! {
	/// Location of the chain's own token, relative to this chain.
	pub const NativeLocation: Location = Location::here();
	/// Location of the relay chain, relative to this chain.
	pub const RelayLocation: Location = Location::parent();
	/// Consensus system of this chain. It changes with the relay chain on which the chain is
	/// registered.
	pub const RelayNetwork: NetworkId = NetworkId::ByGenesis(WESTEND_GENESIS_HASH);
	/// The same, for locations of accounts that may omit it.
	pub const MaybeRelayNetwork: Option<NetworkId> = Some(RelayNetwork::get());
	/// Origin of messages of the relay chain.
	pub RelayChainOrigin: RuntimeOrigin = cumulus_pallet_xcm::Origin::Relay.into();
	/// Absolute location of this chain.
	pub UniversalLocation: InteriorLocation = [
		GlobalConsensus(RelayNetwork::get()),
		Parachain(ParachainInfo::parachain_id().into()),
	].into();
	/// Weight of an instruction. It exceeds that of a transfer, the heaviest instruction that can
	/// succeed here.
	pub const InstructionWeight: Weight = Weight::from_parts(1_000_000_000, 64 * 1024);
	/// Asset that pays the fees of sent messages.
	pub FeeAssetId: AssetId = AssetId(NativeLocation::get());
	/// Price of an empty message, before the length of the queue increases it.
	pub const BaseDeliveryFee: Balance = 10 * MILLI_UNIT;
	/// Account that collects the fees of messages.
	pub FeeCollector: Location = AccountId32 {
		network: None,
		id: CollatorSelection::account_id().into(),
	}.into();
	/// Maximum weight for handling queued messages: a third of a block.
	pub MessageQueueServiceWeight: Weight =
		Perbill::from_percent(33) * crate::configs::MAXIMUM_BLOCK_WEIGHT;
	/// Deposit for an entry that allows one location to act as another.
	pub const AliasDepositBase: Balance = crate::constants::deposit(1, 0);
	/// Deposit for each byte of such an entry.
	pub const AliasDepositPerByte: Balance = crate::constants::deposit(0, 1);
	/// Hold reason of that deposit.
	pub const AliasHoldReason: RuntimeHoldReason =
		RuntimeHoldReason::PolkadotXcm(pallet_xcm::HoldReason::AuthorizeAlias);
}

/// Accounts of other locations on this chain.
pub type LocationToAccountId = (
	ParentIsPreset<AccountId>,
	SiblingParachainConvertsVia<Sibling, AccountId>,
	AccountId32Aliases<MaybeRelayNetwork, AccountId>,
	HashedDescription<AccountId, DescribeFamily<DescribeAllTerminal>>,
);

/// Transfers of the chain's token by messages.
pub type AssetTransactor =
	FungibleAdapter<Balances, IsConcrete<NativeLocation>, LocationToAccountId, AccountId, ()>;

/// Origins of calls in messages. The relay chain does not get the root origin: its governance can
/// replace this chain's code anyway, and visibly.
pub type XcmOriginToTransactDispatchOrigin = (
	SovereignSignedViaLocation<LocationToAccountId, RuntimeOrigin>,
	RelayChainAsNative<RelayChainOrigin, RuntimeOrigin>,
	SiblingParachainAsNative<cumulus_pallet_xcm::Origin, RuntimeOrigin>,
	SignedAccountId32AsNative<MaybeRelayNetwork, RuntimeOrigin>,
	XcmPassthrough<RuntimeOrigin>,
);

/// The relay chain and sibling chains, without locations inside of them.
pub struct ParentOrSiblings;

impl Contains<Location> for ParentOrSiblings {
	fn contains(location: &Location) -> bool {
		matches!(location.unpack(), (1, []) | (1, [Parachain(_)]))
	}
}

/// Filter of the messages that are executed.
pub type Barrier = TrailingSetTopicAsId<
	DenyThenTry<
		DenyRecursively<DenyReserveTransferToRelayChain>,
		(
			TakeWeightCredit,
			AllowKnownQueryResponses<PolkadotXcm>,
			WithComputedOrigin<
				(
					AllowTopLevelPaidExecutionFrom<Everything>,
					AllowSubscriptionsFrom<ParentOrSiblings>,
					AllowHrmpNotificationsFromRelayChain,
				),
				UniversalLocation,
				ConstU32<8>,
			>,
		),
	>,
>;

/// Weights of messages.
pub type Weigher = FixedWeightBounds<InstructionWeight, RuntimeCall, ConstU32<100>>;

/// Price of a message to the relay chain.
pub type PriceForParentDelivery =
	ExponentialPrice<FeeAssetId, BaseDeliveryFee, fees::TransactionByteFee, ParachainSystem>;

/// Price of a message to a sibling chain.
pub type PriceForSiblingDelivery =
	ExponentialPrice<FeeAssetId, BaseDeliveryFee, fees::TransactionByteFee, XcmpQueue>;

/// Routes of outgoing messages: to the relay chain, or to a sibling.
pub type XcmRouter = WithUniqueTopic<(
	cumulus_primitives_utility::ParentAsUmp<ParachainSystem, PolkadotXcm, PriceForParentDelivery>,
	XcmpQueue,
)>;

/// Configuration of the XCM executor.
pub struct XcmConfig;

impl xcm_executor::Config for XcmConfig {
	type RuntimeCall = RuntimeCall;
	type XcmSender = XcmRouter;
	type XcmEventEmitter = PolkadotXcm;
	type AssetTransactor = AssetTransactor;
	type OriginConverter = XcmOriginToTransactDispatchOrigin;
	type IsReserve = ();
	type IsTeleporter = ();
	type UniversalLocation = UniversalLocation;
	type Barrier = Barrier;
	type Weigher = Weigher;
	type Trader = UsingComponents<
		fees::WeightToFee,
		NativeLocation,
		AccountId,
		Balances,
		ResolveTo<StakingPotAccountId<Runtime>, Balances>,
	>;
	type ResponseHandler = PolkadotXcm;
	type AssetTrap = PolkadotXcm;
	type SubscriptionService = PolkadotXcm;
	type PalletInstancesInfo = AllPalletsWithSystem;
	type MaxAssetsIntoHolding = ConstU32<8>;
	type AssetLocker = ();
	type AssetExchanger = ();
	// Only the chain itself pays no fees for messages.
	type FeeManager = XcmFeeManagerFromComponents<
		Equals<NativeLocation>,
		SendXcmFeeToAccount<AssetTransactor, FeeCollector>,
	>;
	type MessageExporter = ();
	type UniversalAliases = Nothing;
	type CallDispatcher = RuntimeCall;
	// Messages dispatch no calls. Provers read the payload of a rollup block from the transaction
	// that proposes it. They could not find it in a message, and would be slashed.
	type SafeCallFilter = Nothing;
	type Aliasers = Nothing;
	type TransactionalProcessor = FrameTransactionalProcessor;
	type HrmpNewChannelOpenRequestHandler = ();
	type HrmpChannelAcceptedHandler = ();
	type HrmpChannelClosingHandler = ();
	type XcmRecorder = PolkadotXcm;
}

impl pallet_xcm::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	// No account sends messages. The root origin sends for the chain.
	type SendXcmOrigin = EnsureXcmOrigin<RuntimeOrigin, ()>;
	type XcmRouter = XcmRouter;
	type ExecuteXcmOrigin = EnsureXcmOrigin<
		RuntimeOrigin,
		SignedToAccountId32<RuntimeOrigin, AccountId, MaybeRelayNetwork>,
	>;
	type XcmExecuteFilter = Nothing;
	type XcmExecutor = XcmExecutor<XcmConfig>;
	type XcmTeleportFilter = Nothing;
	type XcmReserveTransferFilter = Nothing;
	type Weigher = Weigher;
	type UniversalLocation = UniversalLocation;
	type RuntimeOrigin = RuntimeOrigin;
	type RuntimeCall = RuntimeCall;
	const VERSION_DISCOVERY_QUEUE_SIZE: u32 = 100;
	type AdvertisedXcmVersion = pallet_xcm::CurrentXcmVersion;
	type Currency = Balances;
	type CurrencyMatcher = ();
	type TrustedLockers = ();
	type SovereignAccountOf = LocationToAccountId;
	type MaxLockers = ConstU32<8>;
	type WeightInfo = crate::weights::pallet_xcm::WeightInfo<Runtime>;
	type AdminOrigin = EnsureRoot<AccountId>;
	type MaxRemoteLockConsumers = ConstU32<0>;
	type RemoteLockConsumerIdentifier = ();
	type AuthorizedAliasConsideration = HoldConsideration<
		AccountId,
		Balances,
		AliasHoldReason,
		LinearStoragePrice<AliasDepositBase, AliasDepositPerByte, Balance>,
	>;
}

impl cumulus_pallet_xcm::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type XcmExecutor = XcmExecutor<XcmConfig>;
}

/// Size of a page of the queue, in bytes. It holds one message of the maximum size on current relay
/// chains, 100 KiB, with the overhead of the queue.
const MESSAGE_PAGE_SIZE: u32 = 103 * 1024;

impl cumulus_pallet_xcmp_queue::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type ChannelInfo = ParachainSystem;
	type VersionWrapper = PolkadotXcm;
	type XcmpQueue = TransformOrigin<MessageQueue, AggregateMessageOrigin, ParaId, ParaIdToSibling>;
	type MaxInboundSuspended = ConstU32<1_000>;
	type MaxActiveOutboundChannels = ConstU32<128>;
	type MaxPageSize = ConstU32<MESSAGE_PAGE_SIZE>;
	type ControllerOrigin = EnsureRoot<AccountId>;
	type ControllerOriginConverter = XcmOriginToTransactDispatchOrigin;
	type WeightInfo = crate::weights::cumulus_pallet_xcmp_queue::WeightInfo<Runtime>;
	type PriceForSiblingDelivery = PriceForSiblingDelivery;
}

impl pallet_message_queue::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	#[cfg(feature = "runtime-benchmarks")]
	type MessageProcessor =
		pallet_message_queue::mock_helpers::NoopMessageProcessor<AggregateMessageOrigin>;
	#[cfg(not(feature = "runtime-benchmarks"))]
	type MessageProcessor =
		xcm_builder::ProcessXcmMessage<AggregateMessageOrigin, XcmExecutor<XcmConfig>, RuntimeCall>;
	type Size = u32;
	type QueueChangeHandler = OnlySiblings<XcmpQueue>;
	type QueuePausedQuery = OnlySiblings<XcmpQueue>;
	type HeapSize = ConstU32<MESSAGE_PAGE_SIZE>;
	type MaxStale = ConstU32<8>;
	type ServiceWeight = MessageQueueServiceWeight;
	type IdleMaxServiceWeight = MessageQueueServiceWeight;
	type WeightInfo = crate::weights::pallet_message_queue::WeightInfo<Runtime>;
}

/// Conversion of a sibling chain to its queue.
pub struct ParaIdToSibling;

impl Convert<ParaId, AggregateMessageOrigin> for ParaIdToSibling {
	fn convert(sibling: ParaId) -> AggregateMessageOrigin {
		AggregateMessageOrigin::Sibling(sibling)
	}
}

/// Adapter that passes only the queues of sibling chains to `Inner`.
pub struct OnlySiblings<Inner>(PhantomData<Inner>);

impl<Inner: QueuePausedQuery<ParaId>> QueuePausedQuery<AggregateMessageOrigin>
	for OnlySiblings<Inner>
{
	fn is_paused(origin: &AggregateMessageOrigin) -> bool {
		matches!(origin, AggregateMessageOrigin::Sibling(sibling) if Inner::is_paused(sibling))
	}
}

impl<Inner: OnQueueChanged<ParaId>> OnQueueChanged<AggregateMessageOrigin> for OnlySiblings<Inner> {
	fn on_queue_changed(origin: AggregateMessageOrigin, footprint: QueueFootprint) {
		if let AggregateMessageOrigin::Sibling(sibling) = origin {
			Inner::on_queue_changed(sibling, footprint)
		}
	}
}
