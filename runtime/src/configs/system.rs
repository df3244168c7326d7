// SPDX-License-Identifier: Apache-2.0

//! Blocks, time, accounts and fees.

use crate::{
	constants::{EXISTENTIAL_DEPOSIT, SS58_PREFIX},
	fees, AccountId, Aura, Balance, Balances, Block, BlockNumber, Hash, MultiBlockMigrations,
	Nonce, PalletInfo, Runtime, RuntimeCall, RuntimeEvent, RuntimeFreezeReason, RuntimeHoldReason,
	RuntimeOrigin, RuntimeTask, System, VERSION,
};
use frame_support::{
	derive_impl,
	dispatch::DispatchClass,
	migrations::FreezeChainOnFailedMigration,
	parameter_types,
	traits::{tokens::imbalance::ResolveTo, ConstU32, ConstU64, ConstU8},
	weights::{
		constants::{
			BlockExecutionWeight, ExtrinsicBaseWeight, RocksDbWeight, WEIGHT_REF_TIME_PER_SECOND,
		},
		Weight,
	},
};
use frame_system::limits::{BlockLength, BlockWeights};
use pallet_collator_selection::StakingPotAccountId;
use sp_runtime::Perbill;
use sp_version::RuntimeVersion;

/// Maximum share of a block for transactions of the normal class. The rest is for inherents,
/// messages of other chains and operational calls, so that governance works when blocks are full.
const NORMAL_DISPATCH_RATIO: Perbill = Perbill::from_percent(75);

/// Average share of a block for `on_initialize`, which bounds the largest transaction. Two hooks
/// can take much more in a single block: messages of other chains, and the slashes of the rollup.
/// That block has less room for transactions.
const AVERAGE_ON_INITIALIZE_RATIO: Perbill = Perbill::from_percent(5);

/// Maximum size of a block's proof of validity, which has its transactions and the proof of the
/// state that they read: 5 MiB. Relay chains now accept up to 10 MiB, but older configurations only
/// 5. A block that no validator accepts halts the chain.
const MAXIMUM_PROOF_SIZE: u64 = 5 * 1024 * 1024;

/// Maximum weight of a block: two seconds of computation, which is the limit of asynchronous
/// backing, and a proof of 5 MiB.
pub const MAXIMUM_BLOCK_WEIGHT: Weight =
	Weight::from_parts(2 * WEIGHT_REF_TIME_PER_SECOND, MAXIMUM_PROOF_SIZE);

parameter_types! {
	/// Version of the runtime.
	pub const Version: RuntimeVersion = VERSION;

	/// Maximum total length of the transactions of a block: 3 MiB, of which the normal class may
	/// use three quarters. They are part of [`MAXIMUM_PROOF_SIZE`], so 2 MiB remain for state. A
	/// runtime upgrade of up to 2.25 MiB fits into a transaction.
	pub RuntimeBlockLength: BlockLength = BlockLength::builder()
		.max_length(3 * 1024 * 1024)
		.modify_max_length_for_class(DispatchClass::Normal, |length| {
			*length = NORMAL_DISPATCH_RATIO * *length
		})
		.build();

	/// Maximum weights of a block and of its transactions by class.
	pub RuntimeBlockWeights: BlockWeights = BlockWeights::builder()
		.base_block(BlockExecutionWeight::get())
		.for_class(DispatchClass::all(), |weights| {
			weights.base_extrinsic = ExtrinsicBaseWeight::get();
		})
		.for_class(DispatchClass::Normal, |weights| {
			weights.max_total = Some(NORMAL_DISPATCH_RATIO * MAXIMUM_BLOCK_WEIGHT);
		})
		.for_class(DispatchClass::Operational, |weights| {
			weights.max_total = Some(MAXIMUM_BLOCK_WEIGHT);
			weights.reserved =
				Some(MAXIMUM_BLOCK_WEIGHT - NORMAL_DISPATCH_RATIO * MAXIMUM_BLOCK_WEIGHT);
		})
		.avg_block_initialization(AVERAGE_ON_INITIALIZE_RATIO)
		.build_or_panic();

	/// Number of stored block hashes, which bounds the lifetime of a mortal transaction. 4096
	/// blocks at 6 s are seven hours, enough for several people to sign a transaction.
	pub const BlockHashCount: BlockNumber = 4096;

	/// Prefix of addresses.
	pub const SS58Prefix: u16 = SS58_PREFIX as u16;

	/// Minimum balance of an account. Accounts below it are removed.
	pub const ExistentialDeposit: Balance = EXISTENTIAL_DEPOSIT;
}

#[derive_impl(frame_system::config_preludes::ParaChainDefaultConfig)]
impl frame_system::Config for Runtime {
	type AccountId = AccountId;
	type AccountData = pallet_balances::AccountData<Balance>;
	type Block = Block;
	type BlockHashCount = BlockHashCount;
	type BlockLength = RuntimeBlockLength;
	type BlockWeights = RuntimeBlockWeights;
	type DbWeight = RocksDbWeight;
	type ExtensionsWeightInfo = crate::weights::frame_system_extensions::WeightInfo<Runtime>;
	type Hash = Hash;
	type MaxConsumers = ConstU32<16>;
	type Nonce = Nonce;
	// The relay chain decides when new code takes effect.
	type OnSetCode = cumulus_pallet_parachain_system::ParachainSetCode<Self>;
	// Migrations of the release that fit into one block, in the order of execution.
	type SingleBlockMigrations = ();
	type MultiBlockMigrator = MultiBlockMigrations;
	type SS58Prefix = SS58Prefix;
	type SystemWeightInfo = crate::weights::frame_system::WeightInfo<Runtime>;
	type Version = Version;
}

impl pallet_timestamp::Config for Runtime {
	type Moment = u64;
	type OnTimestampSet = Aura;
	// Aura requires a timestamp in the block's slot, which the relay chain checks. With elastic
	// scaling, several blocks of one slot may have the same timestamp.
	type MinimumPeriod = ConstU64<0>;
	type WeightInfo = crate::weights::pallet_timestamp::WeightInfo<Runtime>;
}

parameter_types! {
	/// Maximum weight of a step of the migrations. Inherents and messages get the rest.
	pub MaxServiceWeight: Weight = Perbill::from_percent(80) * MAXIMUM_BLOCK_WEIGHT;
}

impl pallet_migrations::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	// Migrations of the release that take several blocks. Meanwhile the chain accepts no
	// transactions, and the rollup's clock stands still.
	#[cfg(not(any(feature = "runtime-benchmarks", test)))]
	type Migrations = ();
	#[cfg(all(test, not(feature = "runtime-benchmarks")))]
	type Migrations = (crate::tests::upgrade::MigrateQueue,);
	#[cfg(feature = "runtime-benchmarks")]
	type Migrations = pallet_migrations::mock_helpers::MockedMigrations;
	// The key of a storage entry, with room for nested keys.
	type CursorMaxLen = ConstU32<1_024>;
	type IdentifierMaxLen = ConstU32<256>;
	type MigrationStatusHandler = ();
	// Transactions on a partially migrated state could move money wrongly.
	type FailedMigrationHandler = FreezeChainOnFailedMigration;
	type MaxServiceWeight = MaxServiceWeight;
	type WeightInfo = crate::weights::pallet_migrations::WeightInfo<Runtime>;
}

impl parachain_info::Config for Runtime {}

impl cumulus_pallet_weight_reclaim::Config for Runtime {
	type WeightInfo = crate::weights::cumulus_pallet_weight_reclaim::WeightInfo<Runtime>;
}

impl pallet_balances::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeHoldReason = RuntimeHoldReason;
	type RuntimeFreezeReason = RuntimeFreezeReason;
	type Balance = Balance;
	// Burns dust.
	type DustRemoval = ();
	type ExistentialDeposit = ExistentialDeposit;
	type AccountStore = System;
	type WeightInfo = crate::weights::pallet_balances::WeightInfo<Runtime>;
	// No pallet uses locks, named reserves or freezes.
	type MaxLocks = ConstU32<0>;
	type MaxReserves = ConstU32<0>;
	type ReserveIdentifier = [u8; 8];
	type FreezeIdentifier = ();
	type MaxFreezes = ConstU32<0>;
	type DoneSlashHandler = ();
}

impl pallet_transaction_payment::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	// Fees and tips go to the pot that pays collators for their blocks.
	type OnChargeTransaction = pallet_transaction_payment::FungibleAdapter<
		Balances,
		ResolveTo<StakingPotAccountId<Runtime>, Balances>,
	>;
	// An operational call has priority over tips below five times its fee.
	type OperationalFeeMultiplier = ConstU8<5>;
	type WeightToFee = fees::WeightToFee;
	type LengthToFee = fees::LengthToFee;
	type FeeMultiplierUpdate = fees::FeeMultiplierUpdate;
	type WeightInfo = crate::weights::pallet_transaction_payment::WeightInfo<Runtime>;
}
