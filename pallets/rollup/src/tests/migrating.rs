// SPDX-License-Identifier: Apache-2.0

//! Chain blocks of a multi-block migration.
//!
//! A runtime with the same storage as that of the tests is in the middle of a migration. Only the ends of its
//! chain blocks are used.

use crate::{
	self as pallet_rollup,
	mock::{self, AccountId, Test, Timestamp, BLOCK},
};
use frame_support::{
	derive_impl, migrations::MultiStepMigrator, storage::unhashed, traits::Hooks, weights::Weight,
};
use frame_system::{EnsureRoot, EnsureSigned};

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
	pub struct Migrating;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(4)]
	pub type Rollup = pallet_rollup;
}

/// Migration that never ends.
pub struct UnderWay;

impl MultiStepMigrator for UnderWay {
	fn ongoing() -> bool {
		true
	}

	fn step() -> Weight {
		Weight::zero()
	}
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Migrating {
	type Block = frame_system::mocking::MockBlock<Migrating>;
	type MultiBlockMigrator = UnderWay;
}

impl pallet_rollup::Config for Migrating {
	type WeightInfo = <Test as pallet_rollup::Config>::WeightInfo;
	type Currency = <Test as pallet_rollup::Config>::Currency;
	type ProverPool = <Test as pallet_rollup::Config>::ProverPool;
	type Seeds = <Test as pallet_rollup::Config>::Seeds;
	type UnixTime = <Test as pallet_rollup::Config>::UnixTime;
	type ProofVerifier = <Test as pallet_rollup::Config>::ProofVerifier;
	type ProposerOrigin = EnsureSigned<AccountId>;
	type OverrideOrigin = EnsureRoot<AccountId>;
	type OverrideAccount = <Test as pallet_rollup::Config>::OverrideAccount;
	type OnSlash = <Test as pallet_rollup::Config>::OnSlash;
	type RescuerShare = <Test as pallet_rollup::Config>::RescuerShare;
	type BountyMultiplier = <Test as pallet_rollup::Config>::BountyMultiplier;
	type MinFeePerGas = <Test as pallet_rollup::Config>::MinFeePerGas;
	type RewardMaxDelayPenalty = <Test as pallet_rollup::Config>::RewardMaxDelayPenalty;
	type AverageGas = <Test as pallet_rollup::Config>::AverageGas;
	type MinProofWindow = <Test as pallet_rollup::Config>::MinProofWindow;
	type MaxProofWindow = <Test as pallet_rollup::Config>::MaxProofWindow;
	type Cooldown = <Test as pallet_rollup::Config>::Cooldown;
	type MaxTick = <Test as pallet_rollup::Config>::MaxTick;
	type MaxUnsettledBlocks = <Test as pallet_rollup::Config>::MaxUnsettledBlocks;
	type MaxPayloadSize = <Test as pallet_rollup::Config>::MaxPayloadSize;
	type MaxProofSize = <Test as pallet_rollup::Config>::MaxProofSize;
	type MaxGasLimit = <Test as pallet_rollup::Config>::MaxGasLimit;
	type BaseGas = <Test as pallet_rollup::Config>::BaseGas;
	type GasPerByte = <Test as pallet_rollup::Config>::GasPerByte;
	type MaxDrawnPerBlock = <Test as pallet_rollup::Config>::MaxDrawnPerBlock;
	type MaxProvenPerBlock = <Test as pallet_rollup::Config>::MaxProvenPerBlock;
	type MaxSweptPerBlock = <Test as pallet_rollup::Config>::MaxSweptPerBlock;
	type MaxSettledPerBlock = <Test as pallet_rollup::Config>::MaxSettledPerBlock;
}

/// Ends a chain block in the middle of a migration.
pub fn end_migrating_block() {
	Rollup::on_finalize(mock::System::block_number());
}

/// Begins a chain block without `on_poll` and transactions.
pub fn begin_migrating_block() {
	mock::System::set_block_number(mock::System::block_number() + 1);
	Timestamp::set_timestamp((mock::time() + BLOCK) * 1_000);
}

/// Ends the chain block, and makes those of a migration. The last of them ends like any other.
///
/// Until then the state of the rollup has another layout, and the clock must not touch it.
pub fn migrate(chain_blocks: u64) {
	mock::end_block();
	let key = pallet_rollup::State::<Test>::hashed_key();
	let state = unhashed::get_raw(&key).expect("the rollup has a state");
	let other_layout = [&[7], &state[..]].concat();
	unhashed::put_raw(&key, &other_layout);
	begin_migrating_block();
	for _ in 1..chain_blocks {
		end_migrating_block();
		let found = unhashed::get_raw(&key);
		assert_eq!(found.as_ref(), Some(&other_layout), "the clock wrote in a migration");
		begin_migrating_block();
	}
	unhashed::put_raw(&key, &state);
}
