// SPDX-License-Identifier: Apache-2.0

//! A runtime with the rollup, the pool and nothing else of weight.

use crate::{self as pallet_rollup, Blocks, RollupBlockOf, Statement};
use codec::Encode;
use frame_support::{
	derive_impl,
	pallet_prelude::DispatchResult,
	parameter_types,
	traits::{
		fungible::{Inspect, InspectHold},
		ConstU16, ConstU32, ConstU64, Hooks, Randomness, UnixTime,
	},
	weights::Weight,
};
use frame_system::pallet_prelude::BlockNumberFor;
use pallet_rollup::ProofVerifier;
use prover_pool_primitives::BlockId;
use sp_core::H256;
use sp_runtime::{traits::Hash, BuildStorage};

pub type AccountId = u64;
pub type Balance = u128;

/// One whole token.
pub const TOKEN: Balance = 1_000_000_000_000;
/// When the tests begin, in Unix seconds.
pub const START: u64 = 1_700_000_000;
/// The length of a proof window, in seconds.
pub const WINDOW: u64 = 600;
/// The fee that proposers pay.
pub const FEE: u32 = 10;
/// The gas of the tests' blocks.
pub const GAS: u32 = 1_000_000;
/// Who proposes.
pub const PROPOSER: AccountId = 50;
/// The seconds of a chain block.
pub const BLOCK: u64 = 6;

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
	pub type Timestamp = pallet_timestamp;
	#[runtime::pallet_index(2)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(3)]
	pub type ProverPool = pallet_prover_pool;
	#[runtime::pallet_index(4)]
	pub type Rollup = pallet_rollup;
}

type Block = frame_system::mocking::MockBlock<Test>;

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
	type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {
	type MinimumPeriod = ConstU64<0>;
}

parameter_types! {
	pub const ExistentialDeposit: Balance = TOKEN / 100;
	pub const OneToken: Balance = TOKEN;
	pub static ProofWindow: u64 = WINDOW;
	pub static FeePerGas: u32 = FEE;
	pub static MaxUnsettledBlocks: u32 = 64;
	pub static MaxClosedPerBlock: u32 = 8;
	pub static MaxSettledPerBlock: u32 = 8;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type Balance = Balance;
	type ExistentialDeposit = ExistentialDeposit;
	type AccountStore = System;
	type RuntimeHoldReason = RuntimeHoldReason;
}

/// The same in every run; the pool tells the draws apart.
pub struct SubjectHash;

impl Randomness<H256, BlockNumberFor<Test>> for SubjectHash {
	fn random(subject: &[u8]) -> (H256, BlockNumberFor<Test>) {
		(
			<Test as frame_system::Config>::Hashing::hash(subject),
			System::block_number(),
		)
	}
}

impl pallet_prover_pool::Config for Test {
	type WeightInfo = pallet_prover_pool::weights::SubstrateWeight<Test>;
	type Currency = Balances;
	type Time = Timestamp;
	type Randomness = SubjectHash;
	type MaxProvers = ConstU32<32>;
	type OneToken = OneToken;
	type ExitPeriod = ConstU64<{ 7 * 24 * 60 * 60 }>;
	type MinChangeDelay = ConstU64<3_600>;
	type MinCapacity = ConstU16<5>;
	type MinStakePerCapacity = ConstU32<10_000>;
	type SlashPoints = ConstU32<25>;
	type SlashMultiplier = ConstU32<4>;
	type RewardTolerance = ConstU32<2_500>;
	type EjectionThreshold = ConstU32<5_000>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkClock = Clock;
}

/// Accepts the SCALE encoding of the statement.
pub struct Plain;

impl ProofVerifier<AccountId> for Plain {
	fn verify(statement: &Statement<AccountId>, proof: &[u8]) -> bool {
		statement.encode() == proof
	}

	fn weight(_: u32) -> Weight {
		Weight::zero()
	}
}

impl pallet_rollup::Config for Test {
	type WeightInfo = crate::weights::SubstrateWeight<Test>;
	type Currency = Balances;
	type ProverPool = ProverPool;
	type Time = Timestamp;
	type ProofVerifier = Plain;
	type OnSlash = ();
	type FeePerGas = FeePerGas;
	type ProofWindow = ProofWindow;
	type MaxProofWindow = ConstU64<{ 9 * WINDOW }>;
	type MaxUnsettledBlocks = MaxUnsettledBlocks;
	type MaxPayloadSize = ConstU32<1_024>;
	type MaxProofSize = ConstU32<256>;
	type MaxGasLimit = ConstU32<30_000_000>;
	type MaxClosedPerBlock = MaxClosedPerBlock;
	type MaxSettledPerBlock = MaxSettledPerBlock;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkClock = Clock;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkProver = Plain;
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkProver<AccountId> for Plain {
	fn prove(statement: &Statement<AccountId>) -> Vec<u8> {
		statement.encode()
	}
}

/// Sets the clock of benchmarks.
#[cfg(feature = "runtime-benchmarks")]
pub struct Clock;

#[cfg(feature = "runtime-benchmarks")]
impl prover_pool_primitives::BenchmarkClock for Clock {
	fn set(seconds: u64) {
		Timestamp::set_timestamp(seconds * 1_000);
	}
}

/// A genesis with accounts 1 to 100 funded and `provers` in the pool.
pub fn genesis(provers: Vec<(AccountId, u32, u16, u16)>) -> sp_io::TestExternalities {
	let mut storage = frame_system::GenesisConfig::<Test>::default()
		.build_storage()
		.unwrap();
	pallet_balances::GenesisConfig::<Test> {
		balances: (1..=100).map(|who| (who, 10_000_000 * TOKEN)).collect(),
		..Default::default()
	}
	.assimilate_storage(&mut storage)
	.unwrap();
	pallet_prover_pool::GenesisConfig::<Test> { provers }
		.assimilate_storage(&mut storage)
		.unwrap();
	storage.into()
}

/// Runs `test` on a pool with `provers`, and every invariant of both pallets after it.
pub fn run_with(provers: Vec<(AccountId, u32, u16, u16)>, test: impl FnOnce()) {
	genesis(provers).execute_with(|| {
		System::set_block_number(1);
		Timestamp::set_timestamp(START * 1_000);
		test();
		check();
	});
}

/// Runs `test` with one prover, account 1, in the pool.
pub fn run(test: impl FnOnce()) {
	run_with(vec![(1, 100_000, 10, 10)], test)
}

/// Every invariant of both pallets, and that they agree on what is outstanding.
pub fn check() {
	Rollup::do_try_state().unwrap();
	ProverPool::do_try_state().unwrap();
	for who in 1..=100 {
		assert_eq!(
			outstanding(who),
			given_to(who),
			"outstanding blocks of {who}"
		);
		assert_eq!(held(who), owed_by(who), "rewards that {who} has on hold");
	}
}

/// What the pool counts as outstanding.
pub fn outstanding(who: AccountId) -> usize {
	let (staker, prover) = ProverPool::get_staker(who);
	usize::from(staker.max_capacity - prover.current_capacity + staker.backlog)
}

/// The rewards of the unsettled blocks that `who` proposed.
fn owed_by(who: AccountId) -> Balance {
	Blocks::<Test>::iter_values()
		.filter(|block| block.proposer == who)
		.map(|block| block.reward)
		.sum()
}

/// How many unproven blocks were drawn for `who`.
fn given_to(who: AccountId) -> usize {
	use crate::BlockState::*;
	Blocks::<Test>::iter_values()
		.filter(|block| match &block.state {
			Assigned { prover, .. } => *prover == who,
			Open { missed_by } => *missed_by == Some(who),
			Proven { .. } => false,
		})
		.count()
}

/// Makes the next chain block, `seconds` later, as the executive does: hooks before the clock.
pub fn next_block(seconds: u64) {
	System::set_block_number(System::block_number() + 1);
	Rollup::on_initialize(System::block_number());
	Timestamp::set_timestamp((now() + seconds) * 1_000);
}

pub fn now() -> u64 {
	Timestamp::now().as_secs()
}

/// Proposes a block with this byte as its payload; returns its id.
pub fn propose(byte: u8) -> BlockId {
	try_propose(&[byte], GAS).unwrap();
	crate::RollupProgress::<Test>::get().proposed
}

pub fn try_propose(payload: &[u8], gas_limit: u32) -> DispatchResult {
	frame_support::storage::with_storage_layer(|| {
		Rollup::propose_block(
			RuntimeOrigin::signed(PROPOSER),
			payload.to_vec().try_into().unwrap(),
			gas_limit,
		)
	})
}

/// Brings the right proof.
pub fn prove(who: AccountId, block_id: BlockId) -> DispatchResult {
	let payload_hash = block(block_id)
		.map(|block| block.payload_hash)
		.unwrap_or_default();
	prove_with(
		who,
		block_id,
		Statement {
			block_id,
			payload_hash,
			prover: who,
		}
		.encode(),
	)
}

pub fn prove_with(who: AccountId, block_id: BlockId, proof: Vec<u8>) -> DispatchResult {
	frame_support::storage::with_storage_layer(|| {
		Rollup::prove_block(
			RuntimeOrigin::signed(who),
			block_id,
			proof.try_into().unwrap(),
		)
		.map(|_| ())
		.map_err(|error| error.error)
	})
}

pub fn block(block_id: BlockId) -> Option<RollupBlockOf<Test>> {
	Blocks::<Test>::get(block_id)
}

pub fn free(who: AccountId) -> Balance {
	Balances::balance(&who)
}

/// What a proposer has on hold.
pub fn held(who: AccountId) -> Balance {
	Balances::balance_on_hold(&crate::HoldReason::Reward.into(), &who)
}

/// The events of the rollup since the last call of this function.
pub fn events() -> Vec<crate::Event<Test>> {
	let events = System::read_events_for_pallet::<crate::Event<Test>>();
	System::reset_events();
	events
}
