// SPDX-License-Identifier: Apache-2.0

//! Blocks, time, accounts and fees.

use crate::{
	constants::{EXISTENTIAL_DEPOSIT, SS58_PREFIX},
	fees, AccountId, Aura, Balance, Balances, Block, BlockNumber, Hash, Nonce, PalletInfo, Runtime,
	RuntimeCall, RuntimeEvent, RuntimeFreezeReason, RuntimeHoldReason, RuntimeOrigin, RuntimeTask,
	System, VERSION,
};
use frame_support::{
	derive_impl,
	dispatch::DispatchClass,
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
/// messages of other chains and operational calls, so that a filled chain can be governed.
const NORMAL_DISPATCH_RATIO: Perbill = Perbill::from_percent(75);

/// Average share of a block for `on_initialize`, which bounds the largest transaction. Two hooks
/// can take much more in a single block: messages of other chains, and the slashes of the rollup.
/// That block has less room for transactions.
const AVERAGE_ON_INITIALIZE_RATIO: Perbill = Perbill::from_percent(5);

/// The size of what relay chain validators check for a block, its transactions and the proof of
/// the state that they read: 5 MiB. Relay chains accept up to 10 MiB by now, but an old one may be
/// configured for 5, and a block that no validator accepts stops the chain.
const MAXIMUM_PROOF_SIZE: u64 = 5 * 1024 * 1024;

/// Maximum weight of a block: two seconds of computation, which asynchronous backing grants a
/// validator to execute it, and a proof of 5 MiB.
pub const MAXIMUM_BLOCK_WEIGHT: Weight =
	Weight::from_parts(2 * WEIGHT_REF_TIME_PER_SECOND, MAXIMUM_PROOF_SIZE);

parameter_types! {
	/// The version in storage.
	pub const Version: RuntimeVersion = VERSION;

	/// Maximum length of the transactions of a block in total: 3 MiB, of which the normal class may
	/// fill three quarters. They are part of the 5 MiB of [`MAXIMUM_PROOF_SIZE`], so this leaves
	/// 2 MiB for state, and yet a runtime upgrade of up to 2.25 MiB fits into a transaction.
	pub RuntimeBlockLength: BlockLength = BlockLength::builder()
		.max_length(3 * 1024 * 1024)
		.modify_max_length_for_class(DispatchClass::Normal, |length| {
			*length = NORMAL_DISPATCH_RATIO * *length
		})
		.build();

	/// Maximum weight of the transactions of a block in total.
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

	/// Number of block hashes that are kept, which bounds the life of a mortal transaction. 4096
	/// blocks are seven hours at 6 s, enough for several people to sign one.
	pub const BlockHashCount: BlockNumber = 4096;

	/// The prefix of addresses.
	pub const SS58Prefix: u16 = SS58_PREFIX as u16;

	/// The balance below which an account is removed.
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
	// Only the relay chain knows when new code may be used.
	type OnSetCode = cumulus_pallet_parachain_system::ParachainSetCode<Self>;
	// Migrations of the release go here, in the order in which they are to run.
	type SingleBlockMigrations = ();
	type SS58Prefix = SS58Prefix;
	type SystemWeightInfo = crate::weights::frame_system::WeightInfo<Runtime>;
	type Version = Version;
}

impl pallet_timestamp::Config for Runtime {
	type Moment = u64;
	type OnTimestampSet = Aura;
	// Aura forces the timestamp into the block's slot, which the relay chain vouches for. Several
	// blocks of one slot, as elastic scaling makes them, may carry the same time.
	type MinimumPeriod = ConstU64<0>;
	type WeightInfo = crate::weights::pallet_timestamp::WeightInfo<Runtime>;
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
	// Dust is burnt.
	type DustRemoval = ();
	type ExistentialDeposit = ExistentialDeposit;
	type AccountStore = System;
	type WeightInfo = crate::weights::pallet_balances::WeightInfo<Runtime>;
	// Nothing here locks; named reserves and freezes have no user either.
	type MaxLocks = ConstU32<0>;
	type MaxReserves = ConstU32<0>;
	type ReserveIdentifier = [u8; 8];
	type FreezeIdentifier = ();
	type MaxFreezes = ConstU32<0>;
	type DoneSlashHandler = ();
}

impl pallet_transaction_payment::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	// Fees and tips go to the pot that pays collators for the blocks they make.
	type OnChargeTransaction = pallet_transaction_payment::FungibleAdapter<
		Balances,
		ResolveTo<StakingPotAccountId<Runtime>, Balances>,
	>;
	// An operational call buys priority over any tip that is smaller than five times its fee.
	type OperationalFeeMultiplier = ConstU8<5>;
	type WeightToFee = fees::WeightToFee;
	type LengthToFee = fees::LengthToFee;
	type FeeMultiplierUpdate = fees::FeeMultiplierUpdate;
	type WeightInfo = crate::weights::pallet_transaction_payment::WeightInfo<Runtime>;
}
