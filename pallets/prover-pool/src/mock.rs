// SPDX-License-Identifier: Apache-2.0

//! A runtime with the pool alone, and the numbers of the original.

use crate::{self as pallet_prover_pool, Prover, ProverId, Provers, Staker, Stakers};
use frame_support::{
	derive_impl,
	pallet_prelude::DispatchResult,
	parameter_types,
	traits::{fungible::InspectHold, ConstU64, Randomness, UnixTime},
};
use frame_system::pallet_prelude::BlockNumberFor;
use prover_pool_primitives::{Assignment, BlockId, ProverPool as _};
use sp_core::H256;
use sp_runtime::{traits::Hash, BuildStorage};

pub type AccountId = u64;
pub type Balance = u128;

/// Whole tokens that [`funded`] accounts have.
pub const FUNDS: u32 = 100_000_000;
/// One whole token.
pub const TOKEN: Balance = 100_000_000;
/// The least stake for the least capacity.
pub const MIN_STAKE: u32 = 10_000 * 128;
/// When the tests begin, in seconds.
pub const START: u64 = 1_700_000_000;
pub const EXIT_SECONDS: u64 = 7 * 24 * 60 * 60;
pub const DELAY_SECONDS: u64 = 60 * 60;

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
	pub const ExistentialDeposit: Balance = TOKEN;
	// Values that tests set, and the numbers of the original. A multiplier of 0 counts as 1.
	pub static MaxProvers: u32 = 32;
	pub static OneToken: Balance = TOKEN;
	pub static RewardTolerance: u32 = 2_500;
	pub static ExitPeriod: u64 = EXIT_SECONDS;
	pub static MinChangeDelay: u64 = DELAY_SECONDS;
	pub static MinCapacity: u16 = 128;
	pub static MinStakePerCapacity: u32 = 10_000;
	pub static SlashPoints: u32 = 500;
	pub static SlashMultiplier: u32 = 0;
	pub static EjectionThreshold: u32 = 0;
	pub static Seed: u64 = 0;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type Balance = Balance;
	type ExistentialDeposit = ExistentialDeposit;
	type AccountStore = System;
	type RuntimeHoldReason = RuntimeHoldReason;
}

/// A seed that the test sets, mixed with the subject.
pub struct SeededRandomness;

impl Randomness<H256, BlockNumberFor<Test>> for SeededRandomness {
	fn random(subject: &[u8]) -> (H256, BlockNumberFor<Test>) {
		use codec::Encode;
		let seed = (subject, Seed::get()).encode();
		(<Test as frame_system::Config>::Hashing::hash(&seed), System::block_number())
	}
}

/// Clock of the tests, which is that of the timestamps.
pub struct TimestampClock;

impl prover_pool_primitives::Clock for TimestampClock {
	fn now() -> u64 {
		now()
	}
}

impl pallet_prover_pool::Config for Test {
	type WeightInfo = crate::weights::SubstrateWeight<Test>;
	type Currency = Balances;
	type Time = TimestampClock;
	type Randomness = SeededRandomness;
	type MaxProvers = MaxProvers;
	type OneToken = OneToken;
	type ExitPeriod = ExitPeriod;
	type MinChangeDelay = MinChangeDelay;
	type MinCapacity = MinCapacity;
	type MinStakePerCapacity = MinStakePerCapacity;
	type SlashPoints = SlashPoints;
	type SlashMultiplier = SlashMultiplier;
	type RewardTolerance = RewardTolerance;
	type EjectionThreshold = EjectionThreshold;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkClock = Clock;
}

/// Sets the clock of benchmarks.
#[cfg(feature = "runtime-benchmarks")]
pub struct Clock;

#[cfg(feature = "runtime-benchmarks")]
impl prover_pool_primitives::BenchmarkClock for Clock {
	fn set(seconds: u64) {
		set_clock(seconds);
	}
}

/// A genesis with accounts 1 to 100 [`funded`], and `provers` in the pool.
pub fn genesis(provers: Vec<(AccountId, u32, u16, u16)>) -> sp_io::TestExternalities {
	genesis_of(100, provers)
}

/// The same with this number of accounts: invariants look at each.
pub fn genesis_of(
	accounts: AccountId,
	provers: Vec<(AccountId, u32, u16, u16)>,
) -> sp_io::TestExternalities {
	let mut storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
	pallet_balances::GenesisConfig::<Test> {
		balances: (1..=accounts).map(|who| (who, funded())).collect(),
		..Default::default()
	}
	.assimilate_storage(&mut storage)
	.unwrap();
	pallet_prover_pool::GenesisConfig::<Test> { provers }
		.assimilate_storage(&mut storage)
		.unwrap();
	storage.into()
}

/// A genesis with provers in the pool, and parameters by which a slash may eject.
#[cfg(feature = "runtime-benchmarks")]
pub fn genesis_for_benchmarks() -> sp_io::TestExternalities {
	EjectionThreshold::set(5_000);
	genesis((1..=3).map(|who| (who, MIN_STAKE, 10, 128)).collect())
}

/// Runs `test` on an empty pool at [`START`], and every invariant after it.
pub fn run(test: impl FnOnce()) {
	run_with(vec![], test)
}

/// Runs `test` on a pool with `provers` from genesis, and every invariant after it.
pub fn run_with(provers: Vec<(AccountId, u32, u16, u16)>, test: impl FnOnce()) {
	genesis(provers).execute_with(|| {
		System::set_block_number(1);
		set_clock(START);
		test();
		ProverPool::do_try_state().unwrap();
	});
}

/// The free balance that accounts start with.
pub fn funded() -> Balance {
	Balance::from(FUNDS) * TOKEN
}

pub fn set_clock(seconds: u64) {
	Timestamp::set_timestamp(seconds * 1_000);
}

pub fn now() -> u64 {
	Timestamp::now().as_secs()
}

/// Moves the clock, and with it the chain, to a later block.
pub fn pass(seconds: u64) {
	System::set_block_number(System::block_number() + 1);
	set_clock(now() + seconds);
}

pub fn stake(
	who: AccountId,
	amount: u32,
	reward_per_gas: u16,
	max_capacity: u16,
) -> DispatchResult {
	in_a_transaction(|| {
		ProverPool::stake(RuntimeOrigin::signed(who), amount, reward_per_gas, max_capacity)
	})
}

pub fn exit(who: AccountId) -> DispatchResult {
	in_a_transaction(|| ProverPool::exit(RuntimeOrigin::signed(who)))
}

pub fn exit_for(signer: AccountId, prover: AccountId) -> DispatchResult {
	in_a_transaction(|| ProverPool::exit_for(RuntimeOrigin::signed(signer), prover))
}

pub fn set_operator(who: AccountId, operator: Option<AccountId>) -> DispatchResult {
	in_a_transaction(|| ProverPool::set_operator(RuntimeOrigin::signed(who), operator))
}

pub fn withdraw(who: AccountId) -> DispatchResult {
	in_a_transaction(|| ProverPool::withdraw(RuntimeOrigin::signed(who)))
}

/// Like a dispatch: a call that fails leaves no trace.
fn in_a_transaction(call: impl FnOnce() -> DispatchResult) -> DispatchResult {
	frame_support::storage::with_storage_layer(call)
}

pub fn assign(block_id: BlockId, fee_per_gas: u32) -> Option<Assignment<AccountId>> {
	<ProverPool as prover_pool_primitives::ProverPool<AccountId>>::assign(block_id, fee_per_gas)
}

pub fn assign_many(blocks: &[(BlockId, u32)]) -> Vec<Option<Assignment<AccountId>>> {
	<ProverPool as prover_pool_primitives::ProverPool<AccountId>>::assign_many(blocks)
}

pub fn release(who: AccountId) {
	ProverPool::release(&who)
}

/// Slashes and burns; returns the whole tokens that were taken.
pub fn slash(who: AccountId, block_id: BlockId, proof_reward: Balance) -> u32 {
	use frame_support::traits::Imbalance;
	let credit = ProverPool::slash(&who, block_id, proof_reward);
	assert_eq!(credit.peek() % TOKEN, 0);
	(credit.peek() / TOKEN) as u32
}

pub fn staker(who: AccountId) -> Staker {
	Stakers::<Test>::get(who).unwrap_or_default()
}

/// The slot that an account has.
pub fn prover(who: AccountId) -> Prover {
	let id = staker(who).prover_id.expect("not in the pool");
	Provers::<Test>::get().slots[id.index()]
}

/// The number of the slot that an account has, from 1.
pub fn id(who: AccountId) -> Option<usize> {
	staker(who).prover_id.map(|id| id.index() + 1)
}

pub fn prover_id(number: usize) -> ProverId {
	ProverId::from_index(number - 1).unwrap()
}

/// Whole tokens of the stake that an account has on hold.
pub fn held(who: AccountId) -> u32 {
	let held = Balances::balance_on_hold(&crate::HoldReason::Stake.into(), &who);
	assert_eq!(held % TOKEN, 0);
	(held / TOKEN) as u32
}

/// The events of the pool since the last call of this function.
pub fn events() -> Vec<crate::Event<Test>> {
	let events = System::read_events_for_pallet::<crate::Event<Test>>();
	System::reset_events();
	events
}
