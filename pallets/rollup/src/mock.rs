// SPDX-License-Identifier: Apache-2.0

//! A runtime with the rollup, the pool and nothing else of weight.

use crate::{self as pallet_rollup, BlockState, Blocks, Progress, RollupBlockOf, Transition};
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
use frame_system::{pallet_prelude::BlockNumberFor, EnsureRoot, EnsureSigned};
use prover_pool_primitives::{BlockId, ProofVerifier, Statement};
use sp_core::H256;
use sp_runtime::{traits::Hash, BuildStorage, DispatchError};

pub type AccountId = u64;
pub type Balance = u128;

/// One whole token.
pub const TOKEN: Balance = 1_000_000_000_000;
/// When the tests begin, in Unix seconds.
pub const START: u64 = 1_700_000_000;
/// The length of the first proof windows, in seconds.
pub const WINDOW: u64 = 600;
/// How long a transition can be overridden, in seconds.
pub const COOLDOWN: u64 = 60;
/// The fee that the rollup starts with, and the price of the tests' prover.
pub const FEE: u32 = 100;
/// The gas that every block costs.
pub const BASE_GAS: u32 = 200_000;
/// The gas of the tests' blocks.
pub const GAS: u32 = 1_000_000;
/// Provers, proposers and bystanders.
pub const ACCOUNTS: [AccountId; 16] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 50, 51, 52, 53, 59, 60];
/// What each of them has.
pub const ENDOWMENT: Balance = 10_000_000 * TOKEN;
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
	pub static MinFeePerGas: u16 = 10;
	pub static AverageLength: u32 = 100;
	pub static MinProofWindow: u64 = WINDOW;
	pub static MaxProofWindow: u64 = 9 * WINDOW;
	pub static RescuerShare: u32 = 4_000;
	pub static MaxUnsettledBlocks: u32 = 64;
	pub static MaxOpenBlocks: u32 = 8;
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
		(<Test as frame_system::Config>::Hashing::hash(subject), System::block_number())
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

/// Accepts the public input itself.
pub struct Plain;

/// The error of a bad proof.
pub const BAD_PROOF: DispatchError = DispatchError::Other("bad proof");

impl ProofVerifier for Plain {
	fn verify(public_input: H256, proof: &[u8]) -> DispatchResult {
		(public_input.as_bytes() == proof).then_some(()).ok_or(BAD_PROOF)
	}

	fn weight() -> Weight {
		Weight::zero()
	}
}

impl pallet_rollup::Config for Test {
	type WeightInfo = crate::weights::SubstrateWeight<Test>;
	type Currency = Balances;
	type ProverPool = ProverPool;
	type Time = Timestamp;
	type ProofVerifier = Plain;
	type ProposerOrigin = EnsureSigned<AccountId>;
	type OverrideOrigin = EnsureRoot<AccountId>;
	type OnSlash = ();
	type RescuerShare = RescuerShare;
	type MinFeePerGas = MinFeePerGas;
	type OpenRewardMultiplier = ConstU16<15_000>;
	type RewardMaxDelayPenalty = ConstU32<250>;
	type AverageLength = AverageLength;
	type ProofWindowMultiplier = ConstU32<20_000>;
	type MinProofWindow = MinProofWindow;
	type MaxProofWindow = MaxProofWindow;
	type Cooldown = ConstU64<COOLDOWN>;
	type MaxUnsettledBlocks = MaxUnsettledBlocks;
	type MaxOpenBlocks = MaxOpenBlocks;
	type MaxTransitions = ConstU32<3>;
	type MaxPayloadSize = ConstU32<1_024>;
	type MaxProofSize = ConstU32<256>;
	type MaxGasLimit = ConstU32<30_000_000>;
	type BaseGas = ConstU32<BASE_GAS>;
	type MaxClosedPerBlock = MaxClosedPerBlock;
	type MaxSettledPerBlock = MaxSettledPerBlock;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkClock = Clock;
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

/// A genesis with all accounts funded and `provers` in the pool.
pub fn genesis(provers: Vec<(AccountId, u32, u16, u16)>) -> sp_io::TestExternalities {
	let mut storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
	pallet_balances::GenesisConfig::<Test> {
		balances: ACCOUNTS.map(|who| (who, ENDOWMENT)).to_vec(),
		..Default::default()
	}
	.assimilate_storage(&mut storage)
	.unwrap();
	pallet_prover_pool::GenesisConfig::<Test> { provers }
		.assimilate_storage(&mut storage)
		.unwrap();
	pallet_rollup::GenesisConfig::<Test> {
		state: state(0),
		fee_per_gas: FEE as u16,
		..Default::default()
	}
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
	run_with(vec![(1, 100_000, FEE as u16, 10)], test)
}

/// Every invariant of both pallets, and that they agree on what is outstanding.
pub fn check() {
	Rollup::do_try_state().unwrap();
	ProverPool::do_try_state().unwrap();
	for who in ACCOUNTS {
		assert_eq!(outstanding(who), given_to(who), "outstanding blocks of {who}");
		let (deposits, bounties) = owed_by(who);
		assert_eq!(held(who), deposits, "deposits that {who} has on hold");
		assert_eq!(bounty_of(who), bounties, "bounties that {who} has on hold");
	}
}

/// What the pool counts as outstanding.
pub fn outstanding(who: AccountId) -> usize {
	let (staker, prover) = ProverPool::get_staker(who);
	usize::from(staker.max_capacity - prover.current_capacity + staker.backlog)
}

/// The deposits of the unsettled blocks that `who` proposed, and the bounties of those it missed.
fn owed_by(who: AccountId) -> (Balance, Balance) {
	Blocks::<Test>::iter_values().fold((0, 0), |(deposits, bounties), block| {
		let deposit = if block.proposer == who { block.deposit } else { 0 };
		let bounty = match block.state {
			BlockState::Missed { prover, bounty } if prover == who => bounty,
			_ => 0,
		};
		(deposits + deposit, bounties + bounty)
	})
}

/// How many blocks were drawn for `who` and have no proof yet.
fn given_to(who: AccountId) -> usize {
	Blocks::<Test>::iter_values()
		.filter(|block| block.outstanding && block.drawn() == Some(&who))
		.count()
}

/// Makes the next chain block, `seconds` later, as the executive does: windows are closed before
/// the clock is set, blocks settled at the end.
pub fn next_block(seconds: u64) {
	let time = now();
	Rollup::on_idle(System::block_number(), Weight::MAX);
	System::set_block_number(System::block_number() + 1);
	Rollup::on_initialize(System::block_number());
	Timestamp::set_timestamp((time + seconds) * 1_000);
}

/// Lets so much time pass, and the chain settle.
pub fn settle_after(seconds: u64) {
	next_block(seconds);
	next_block(BLOCK);
}

pub fn now() -> u64 {
	Timestamp::now().as_secs()
}

/// The state of this rollup after so many blocks, when nothing goes wrong.
pub fn state(block_id: BlockId) -> H256 {
	H256::from_low_u64_be(block_id.wrapping_add(1_000))
}

/// A state that the rollup should never be in.
pub fn wrong(number: u64) -> H256 {
	H256::from_low_u64_be(number)
}

/// What executing the block really does.
pub fn transition(block_id: BlockId) -> Transition {
	on(state(block_id.saturating_sub(1)), state(block_id))
}

/// A transition that uses half of the tests' gas.
pub fn on(parent_state_root: H256, state_root: H256) -> Transition {
	Transition { parent_state_root, state_root, gas_used: GAS / 2 }
}

/// Proposes a block with this byte as its payload; returns its id.
pub fn propose(byte: u8) -> BlockId {
	try_propose(&[byte], GAS).unwrap();
	progress().proposed
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

/// Brings the right transition with the right proof.
pub fn prove(who: AccountId, block_id: BlockId) -> DispatchResult {
	prove_transition(who, block_id, transition(block_id))
}

/// Brings a transition with the right proof.
pub fn prove_transition(
	who: AccountId,
	block_id: BlockId,
	transition: Transition,
) -> DispatchResult {
	let proof = statement(who, block_id, transition)
		.map(|statement| statement.public_input())
		.unwrap_or_default();
	prove_with(who, block_id, transition, proof.as_bytes().to_vec())
}

pub fn prove_with(
	who: AccountId,
	block_id: BlockId,
	transition: Transition,
	proof: Vec<u8>,
) -> DispatchResult {
	frame_support::storage::with_storage_layer(|| {
		Rollup::prove_block(
			RuntimeOrigin::signed(who),
			block_id,
			transition,
			proof.try_into().unwrap(),
		)
		.map(|_| ())
		.map_err(|error| error.error)
	})
}

/// What has to be proven.
pub fn statement(
	who: AccountId,
	block_id: BlockId,
	transition: Transition,
) -> Option<Statement<AccountId>> {
	Some(block(block_id)?.statement(System::block_hash(0), block_id, transition, who))
}

pub fn override_with(block_id: BlockId, parent_state: H256, new_state: H256) -> DispatchResult {
	frame_support::storage::with_storage_layer(|| {
		Rollup::override_transition(RuntimeOrigin::root(), block_id, parent_state, new_state)
	})
}

pub fn block(block_id: BlockId) -> Option<RollupBlockOf<Test>> {
	Blocks::<Test>::get(block_id)
}

pub fn progress() -> Progress {
	crate::RollupProgress::<Test>::get()
}

pub fn free(who: AccountId) -> Balance {
	Balances::balance(&who)
}

/// What was burnt: all of the slashes but for the rescuers' shares.
pub fn burnt() -> Balance {
	ACCOUNTS.len() as Balance * ENDOWMENT - Balances::total_issuance()
}

/// What a proposer has on hold.
pub fn held(who: AccountId) -> Balance {
	Balances::balance_on_hold(&crate::HoldReason::Deposit.into(), &who)
}

/// What a prover has on hold for those that rescue its blocks.
pub fn bounty_of(who: AccountId) -> Balance {
	Balances::balance_on_hold(&crate::HoldReason::Bounty.into(), &who)
}

/// The events of the rollup since the last call of this function.
pub fn events() -> Vec<crate::Event<Test>> {
	let events = System::read_events_for_pallet::<crate::Event<Test>>();
	System::reset_events();
	events
}
