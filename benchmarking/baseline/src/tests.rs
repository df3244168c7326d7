// SPDX-License-Identifier: Apache-2.0

//! That the comparison is fair: it does replace, pay exits, draw by weight, and slash.

use crate::{self as pallet_prover_map, Error, Provers, Stakers};
use frame_support::{
	assert_noop, assert_ok, derive_impl, parameter_types,
	traits::{
		fungible::InspectHold, ConstU128, ConstU16, ConstU32, ConstU64, Imbalance, Randomness,
	},
};
use pallet_prover_pool::HoldReason;
use sp_core::H256;
use sp_runtime::BuildStorage;

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
	pub type ProverMap = pallet_prover_map;
}

const TOKEN: u128 = 100;
const LEAST: u32 = 50_000;
const DELAY: u64 = 60 * 60;
const EXIT: u64 = 7 * 24 * 60 * 60;

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = frame_system::mocking::MockBlock<Test>;
	type AccountData = pallet_balances::AccountData<u128>;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type Balance = u128;
	type ExistentialDeposit = ConstU128<1>;
	type AccountStore = System;
	type RuntimeHoldReason = RuntimeHoldReason;
}

parameter_types! {
	pub static Seed: u64 = 0;
}

impl Randomness<H256, u64> for Seed {
	fn random(_: &[u8]) -> (H256, u64) {
		(H256::from_low_u64_be(Self::get()), 0)
	}
}

impl pallet_prover_pool::Config for Test {
	type WeightInfo = pallet_prover_pool::weights::SubstrateWeight<Test>;
	type Currency = Balances;
	type Time = Timestamp;
	type Randomness = Seed;
	type MaxProvers = ConstU32<2>;
	type OneToken = ConstU128<TOKEN>;
	type ExitPeriod = ConstU64<EXIT>;
	type MinChangeDelay = ConstU64<DELAY>;
	type MinCapacity = ConstU16<5>;
	type MinStakePerCapacity = ConstU32<10_000>;
	type SlashPoints = ConstU32<25>;
	type SlashMultiplier = ConstU32<4>;
	type RewardTolerance = ConstU32<2_500>;
	type EjectionThreshold = ConstU32<5_000>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkClock = Clock;
}

#[cfg(feature = "runtime-benchmarks")]
pub struct Clock;

#[cfg(feature = "runtime-benchmarks")]
impl prover_pool_primitives::BenchmarkClock for Clock {
	fn set(seconds: u64) {
		pass(seconds);
	}
}

impl pallet_prover_map::Config for Test {}

/// Runs `test` on an empty pool of two places, with accounts 1 to 4 funded.
fn run(test: impl FnOnce()) {
	let balances = (1..=4).map(|who| (who, 1_000_000 * TOKEN)).collect();
	let config = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig { balances, ..Default::default() },
		..Default::default()
	};
	let mut storage: sp_io::TestExternalities = config.build_storage().unwrap().into();
	storage.execute_with(|| {
		pass(1_700_000_000);
		test()
	});
}

fn pass(seconds: u64) {
	pallet_timestamp::Now::<Test>::mutate(|now| *now += seconds * 1_000);
}

fn stake(who: u64, amount: u32) -> sp_runtime::DispatchResult {
	ProverMap::stake(RuntimeOrigin::signed(who), amount, 10, 5)
}

fn held(who: u64) -> u32 {
	(Balances::balance_on_hold(&HoldReason::Stake.into(), &who) / TOKEN) as u32
}

fn stake_of(who: u64) -> Option<u32> {
	ProverMap::member(&who).map(|(_, _, prover)| prover.staked_amount)
}

#[test]
fn the_smallest_member_is_replaced_by_a_larger_stake_alone() {
	run(|| {
		assert_ok!(stake(1, LEAST + 1));
		assert_ok!(stake(2, LEAST));
		assert_noop!(stake(3, LEAST), Error::<Test>::ProverNotGoodEnough);
		assert_ok!(stake(3, LEAST + 1));
		assert_eq!((stake_of(2), stake_of(3)), (None, Some(LEAST + 1)));
		assert_eq!(Stakers::<Test>::get(2).unwrap().exit_amount, LEAST);
		assert_eq!((held(2), held(3)), (LEAST, LEAST + 1));
		assert_noop!(stake(4, LEAST - 1), Error::<Test>::InvalidParams);
	});
}

#[test]
fn an_exit_is_used_first_and_paid_when_it_is_mature() {
	run(|| {
		assert_ok!(stake(1, LEAST + 100));
		assert_noop!(ProverMap::exit(RuntimeOrigin::signed(1)), Error::<Test>::ChangeTooFrequent);
		pass(DELAY);
		assert_ok!(stake(1, LEAST));
		assert_eq!(held(1), LEAST + 100);
		pass(EXIT + 1);
		assert_ok!(ProverMap::exit(RuntimeOrigin::signed(1)));
		assert_eq!((stake_of(1), held(1)), (None, LEAST));
		assert_noop!(ProverMap::exit(RuntimeOrigin::signed(1)), Error::<Test>::NotInPool);
	});
}

#[test]
fn provers_are_drawn_by_weight_until_their_capacity_is_used() {
	run(|| {
		assert_eq!(ProverMap::assign(1, 10), None);
		assert_ok!(stake(1, LEAST));
		assert_ok!(stake(2, LEAST));
		assert_eq!(ProverMap::assign(1, 0), None);
		let drawn: Vec<_> = (1..=10).map(|block| ProverMap::assign(block, 10).unwrap()).collect();
		for who in [1, 2] {
			assert_eq!(drawn.iter().filter(|drawn| **drawn == (who, 10)).count(), 5);
		}
		assert_eq!(ProverMap::assign(11, 10), None);
		ProverMap::release(&2);
		assert_eq!(ProverMap::assign(11, 100), Some((2, 75)));
	});
}

#[test]
fn a_release_never_lifts_the_capacity_above_what_was_declared() {
	run(|| {
		assert_ok!(stake(1, LEAST));
		ProverMap::release(&1);
		ProverMap::release(&2);
		assert_eq!(Provers::<Test>::get(1).unwrap().current_capacity, 5);
	});
}

#[test]
fn a_slash_takes_four_rewards_and_ejects_who_has_too_little_left() {
	run(|| {
		assert_ok!(stake(1, LEAST));
		// 0.25 % of the stake are more than four rewards of a token.
		assert_eq!(ProverMap::slash(&1, 1, TOKEN).peek(), 125 * TOKEN);
		assert_eq!(stake_of(1), Some(LEAST - 125));
		let credit = ProverMap::slash(&1, 2, 10_000 * TOKEN);
		assert_eq!(credit.peek(), 40_000 * TOKEN);
		assert_eq!((stake_of(1), held(1)), (None, LEAST - 40_125));
		assert_eq!(ProverMap::slash(&2, 3, TOKEN).peek(), 0);
	});
}
