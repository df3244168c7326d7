// SPDX-License-Identifier: Apache-2.0

//! The parameters of the prover pool's own runtime, as constants.

use crate::*;
use core::sync::atomic::{AtomicU32, Ordering};
use frame_support::{
	derive_impl, parameter_types,
	traits::{ConstBool, ConstU128, ConstU16, ConstU32, ConstU64, Get, Randomness},
	weights::constants::RocksDbWeight,
	PalletId,
};
use frame_system::EnsureRoot;
use sp_core::H256;
use sp_runtime::traits::OpaqueKeys;

/// One whole token.
const UNIT: Balance = 1_000_000_000_000;
/// Maximum number of collator candidates: the number of the pool's places in its own runtime.
const MAX_CANDIDATES: u32 = 32;

/// Number of the pool's places, which each benchmark sets.
///
/// It is in the runtime's memory: a read from storage would be counted. The bencher runs each step
/// in a memory of its own.
pub struct MaxProvers;

static MAX_PROVERS: AtomicU32 = AtomicU32::new(32);

impl MaxProvers {
	/// Sets the number of places.
	pub fn set(places: u32) {
		MAX_PROVERS.store(places, Ordering::Relaxed);
	}
}

impl Get<u32> for MaxProvers {
	fn get() -> u32 {
		MAX_PROVERS.load(Ordering::Relaxed)
	}
}

parameter_types! {
	/// A seed in storage. The pool's own runtime reads one value for each draw.
	pub storage Seed: H256 = H256::repeat_byte(0xa5);
	/// The account that collects fees for collators.
	pub const PotId: PalletId = PalletId(*b"PotStake");
}

impl Randomness<H256, u32> for Seed {
	fn random(_: &[u8]) -> (H256, u32) {
		(Self::get(), 0)
	}
}

#[derive_impl(frame_system::config_preludes::ParaChainDefaultConfig)]
impl frame_system::Config for Runtime {
	type AccountId = AccountId;
	type AccountData = pallet_balances::AccountData<Balance>;
	type Block = Block;
	type DbWeight = RocksDbWeight;
	type Hash = H256;
	type Nonce = u32;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Runtime {}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Runtime {
	type Balance = Balance;
	type ExistentialDeposit = ConstU128<{ UNIT / 100 }>;
	type AccountStore = System;
	type ReserveIdentifier = [u8; 8];
	type FreezeIdentifier = ();
	type MaxLocks = ConstU32<0>;
	type MaxReserves = ConstU32<0>;
	type MaxFreezes = ConstU32<0>;
}

impl pallet_aura::Config for Runtime {
	type AuthorityId = sp_consensus_aura::sr25519::AuthorityId;
	type DisabledValidators = ();
	type MaxAuthorities = ConstU32<{ 2 * MAX_CANDIDATES }>;
	type AllowMultipleBlocksPerSlot = ConstBool<true>;
	type SlotDuration = ConstU64<6_000>;
}

impl pallet_authorship::Config for Runtime {
	type FindAuthor = pallet_session::FindAccountFromAuthorIndex<Self, Aura>;
	type EventHandler = CollatorSelection;
}

type SessionLength = ConstU32<3_600>;

impl pallet_session::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type ValidatorId = AccountId;
	type ValidatorIdOf = pallet_collator_selection::IdentityCollator;
	type ShouldEndSession = pallet_session::PeriodicSessions<SessionLength, ConstU32<0>>;
	type NextSessionRotation = pallet_session::PeriodicSessions<SessionLength, ConstU32<0>>;
	type SessionManager = CollatorSelection;
	type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
	type Keys = SessionKeys;
	type DisablingStrategy = ();
	type WeightInfo = ();
	type Currency = Balances;
	type KeyDeposit = ConstU128<UNIT>;
}

impl pallet_collator_selection::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type Currency = Balances;
	type UpdateOrigin = EnsureRoot<AccountId>;
	type PotId = PotId;
	type MaxCandidates = ConstU32<MAX_CANDIDATES>;
	type MinEligibleCollators = ConstU32<1>;
	type MaxInvulnerables = ConstU32<MAX_CANDIDATES>;
	type KickThreshold = SessionLength;
	type ValidatorId = AccountId;
	type ValidatorIdOf = pallet_collator_selection::IdentityCollator;
	type ValidatorRegistration = Session;
	type WeightInfo = ();
}

impl pallet_prover_pool::Config for Runtime {
	type WeightInfo = pallet_prover_pool::weights::SubstrateWeight<Runtime>;
	type Currency = Balances;
	type Time = Timestamp;
	type Randomness = Seed;
	type MaxProvers = MaxProvers;
	type OneToken = ConstU128<UNIT>;
	type ExitPeriod = ConstU64<{ 7 * 24 * 60 * 60 }>;
	type MinChangeDelay = ConstU64<{ 60 * 60 }>;
	type MinCapacity = ConstU16<5>;
	type MinStakePerCapacity = ConstU32<10_000>;
	type SlashPoints = ConstU32<25>;
	type SlashMultiplier = ConstU32<4>;
	type RewardTolerance = ConstU32<2_500>;
	type EjectionThreshold = ConstU32<5_000>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkClock = Clock;
}

/// Sets the clock of benchmarks.
#[cfg(feature = "runtime-benchmarks")]
pub struct Clock;

#[cfg(feature = "runtime-benchmarks")]
impl prover_pool_primitives::BenchmarkClock for Clock {
	fn set(seconds: u64) {
		pallet_timestamp::Now::<Runtime>::put(seconds * 1_000);
		// A seed that is not in storage would be cheaper to prove.
		Seed::set(&Seed::get());
	}
}
