// SPDX-License-Identifier: Apache-2.0

//! Runtime with the rollup, the pool and the verifier, whose keys have known secret numbers.

use crate::{
	self as pallet_rollup, BlockKey, Blocks, Phase, ProofLane, RollupBlockOf, RollupState,
	StoredTransition, Transition,
};
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::{
	derive_impl,
	migrations::MultiStepMigrator,
	pallet_prelude::*,
	parameter_types,
	storage::with_storage_layer,
	traits::{
		fungible::{Inspect, InspectHold},
		ConstU64, Hooks, Randomness, UnixTime,
	},
	weights::WeightMeter,
};
use frame_system::{pallet_prelude::BlockNumberFor, EnsureRoot, EnsureSigned};
use pallet_groth16_verifier::KeyVersion;
use prover_pool_primitives::{BlockId, Clock, Hash, ProverPool as _, Seeds};
use scale_info::TypeInfo;
use sp_core::H256;
use sp_runtime::{
	impl_tx_ext_default,
	traits::{Hash as _, Implication, TransactionExtension, ValidateResult},
	BuildStorage, DispatchError,
};
use std::collections::BTreeMap;

mod blocks;
mod chain;
mod keys;

pub use blocks::*;
pub use chain::*;
pub use keys::*;

pub type AccountId = u64;
pub type Balance = u128;
pub type Event = crate::Event<Test>;
pub type Error = crate::Error<Test>;

/// One whole token.
pub const TOKEN: Balance = 1_000_000_000_000;
/// Unix time at which the tests begin, in seconds.
pub const START: u64 = 1_700_000_000;
/// Planned interval of the chain blocks, in seconds.
pub const BLOCK: u64 = 6;
/// Proof window of the first blocks, in seconds.
pub const WINDOW: u64 = 600;
/// Cooldown, in seconds.
pub const COOLDOWN: u64 = 60;
/// Fee at the start, and price of the tests' prover.
pub const FEE: u32 = 100;
/// Maximum price of a unit of gas at that fee.
pub const MAX_PRICE: u32 = 125;
/// Gas that every block costs.
pub const BASE_GAS: u32 = 200_000;
/// Gas limit of the tests' blocks.
pub const GAS: u32 = 1_000_000;
/// Size of the tests' payloads, in bytes.
pub const SIZE: u32 = 1;
/// Gas for each byte of a payload.
pub const BYTE_GAS: u32 = 16;
/// Gas charged for the tests' blocks at their limit.
pub const CHARGED: Balance = (GAS + BASE_GAS + BYTE_GAS) as Balance;
/// Gas charged for the tests' transitions, which use half of the limit.
pub const USED: Balance = (GAS / 2 + BASE_GAS + BYTE_GAS) as Balance;
/// Deposit for one of the tests' blocks.
pub const DEPOSIT: Balance = MAX_PRICE as Balance * CHARGED;
/// Reward of the tests' prover without a penalty.
pub const REWARD: Balance = FEE as Balance * USED;
/// Provers, proposers and bystanders.
pub const ACCOUNTS: [AccountId; 16] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 50, 51, 52, 53, 59, 60];
/// Balance of each.
pub const ENDOWMENT: Balance = 10_000_000 * TOKEN;
/// Proposer of the tests' blocks.
pub const PROPOSER: AccountId = 50;
/// Account that carries proofs of others.
pub const CARRIER: AccountId = 60;
/// Account behind the override origin.
pub const GOVERNOR: AccountId = 59;

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
	#[runtime::pallet_index(5)]
	pub type Verifier = pallet_groth16_verifier;
}

type Block = frame_system::mocking::MockBlock<Test>;

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
	type AccountData = pallet_balances::AccountData<Balance>;
	type MultiBlockMigrator = TestMigrator;
}

/// Migration without steps of its own.
pub struct TestMigrator;

impl MultiStepMigrator for TestMigrator {
	fn ongoing() -> bool {
		IsMigrating::get()
	}

	fn step() -> Weight {
		Weight::zero()
	}
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {
	type MinimumPeriod = ConstU64<0>;
}

parameter_types! {
	pub const ExistentialDeposit: Balance = TOKEN / 100;
	pub const OneToken: Balance = TOKEN;
	pub const OverrideAccount: Option<AccountId> = Some(GOVERNOR);
	// Values that tests set.
	pub static MinFeePerGas: u16 = 10;
	pub static MinProofWindow: u64 = WINDOW;
	pub static MaxProofWindow: u64 = 9 * WINDOW;
	pub static CooldownSeconds: u64 = COOLDOWN;
	pub static RescuerShare: u32 = 4_000;
	pub static BountyMultiplier: u32 = u32::MAX;
	pub static AverageGas: u64 = 100_000_000;
	pub static MaxTick: u64 = BLOCK * 1_000;
	pub static MaxUnsettledBlocks: u32 = 64;
	pub static MaxDrawnPerBlock: u32 = 8;
	pub static MaxProvenPerBlock: u32 = 32;
	pub static MaxSweptPerBlock: u32 = 8;
	pub static MaxSettledPerBlock: u32 = 8;
	/// `true` in the chain blocks of a multi-block migration.
	pub static IsMigrating: bool = false;
	/// Function of the weights that returns the maximum.
	pub static HeavyStep: &'static str = "";
	/// Number of replacements of the key of each version.
	pub static KeyReplacements: BTreeMap<KeyVersion, u32> = BTreeMap::new();
	/// Chain blocks between the older seed and the present, if this one carries a new seed.
	pub static SeedAge: Option<u64> = Some(0);
	/// Seed of the draws.
	pub static Seed: u64 = 0;
	// Values of the pool that tests set.
	pub static MaxProvers: u32 = 32;
	pub static ExitPeriod: u64 = 7 * 24 * 60 * 60;
	pub static MinChangeDelay: u64 = 60;
	pub static MinCapacity: u16 = 5;
	pub static MinStakePerCapacity: u32 = 10_000;
	pub static SlashPoints: u32 = 25;
	pub static SlashMultiplier: u32 = 4;
	pub static EjectionThreshold: u32 = 5_000;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type Balance = Balance;
	type ExistentialDeposit = ExistentialDeposit;
	type AccountStore = System;
	type RuntimeHoldReason = RuntimeHoldReason;
}

/// The same randomness in every run with the same seed. The pool mixes the block in.
pub struct SubjectHash;

impl Randomness<H256, BlockNumberFor<Test>> for SubjectHash {
	fn random(subject: &[u8]) -> (H256, BlockNumberFor<Test>) {
		let subject = (subject, Seed::get()).encode();
		(<Test as frame_system::Config>::Hashing::hash(&subject), System::block_number())
	}
}

/// Seeds in every chain block, unless a test takes them away.
pub struct TestSeeds;

impl Seeds<BlockNumberFor<Test>> for TestSeeds {
	fn drawable_before() -> Option<BlockNumberFor<Test>> {
		SeedAge::get().map(|age| System::block_number().saturating_sub(age))
	}
}

impl pallet_prover_pool::Config for Test {
	type WeightInfo = pallet_prover_pool::weights::SubstrateWeight<Test>;
	type Currency = Balances;
	type Time = Rollup;
	type Randomness = SubjectHash;
	type MaxProvers = MaxProvers;
	type OneToken = OneToken;
	type ExitPeriod = ExitPeriod;
	type MinChangeDelay = MinChangeDelay;
	type MinCapacity = MinCapacity;
	type MinStakePerCapacity = MinStakePerCapacity;
	type SlashPoints = SlashPoints;
	type SlashMultiplier = SlashMultiplier;
	type RewardTolerance = ConstU32<2_500>;
	type EjectionThreshold = EjectionThreshold;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkClock = Rollup;
}

/// Curve of the proofs.
type Curve = ark_bn254::Bn254;
/// Size of its keys, in bytes.
type MaxKeySize = ConstU32<584>;

impl pallet_groth16_verifier::Config for Test {
	type WeightInfo = pallet_groth16_verifier::weights::SubstrateWeight<Test>;
	type Curve = Curve;
	type KeyOrigin = EnsureRoot<AccountId>;
	type Rollup = Rollup;
	type MaxKeys = ConstU32<4>;
	type MaxKeySize = MaxKeySize;
}

/// Measured weights, except for [`HeavyStep`].
pub struct TestWeights;

macro_rules! impl_test_weights {
	($($step:ident($($n:ident)?))*) => {
		impl crate::WeightInfo for TestWeights {
			$(fn $step($($n: u32)?) -> Weight {
				if HeavyStep::get() == stringify!($step) {
					return Weight::MAX;
				}
				crate::weights::SubstrateWeight::<Test>::$step($($n)?)
			})*
		}
	};
}

impl_test_weights! {
	propose_block(n) prove_block() override_block() pause() resume() resume_draws() open_undrawn(n)
	settle(n) pay_bounty() advance_proven(n) sweep(n) draw(n) poll()
	is_needed() extension()
}

impl pallet_rollup::Config for Test {
	type WeightInfo = TestWeights;
	type Currency = Balances;
	type ProverPool = ProverPool;
	type Seeds = TestSeeds;
	type UnixTime = Timestamp;
	type ProofVerifier = Verifier;
	type ProposerOrigin = EnsureSigned<AccountId>;
	type OverrideOrigin = EnsureRoot<AccountId>;
	type OverrideAccount = OverrideAccount;
	type OnSlash = ();
	type RescuerShare = RescuerShare;
	type BountyMultiplier = BountyMultiplier;
	type MinFeePerGas = MinFeePerGas;
	type RewardMaxDelayPenalty = ConstU32<250>;
	type AverageGas = AverageGas;
	type MinProofWindow = MinProofWindow;
	type MaxProofWindow = MaxProofWindow;
	type Cooldown = CooldownSeconds;
	type MaxTick = MaxTick;
	type MaxUnsettledBlocks = MaxUnsettledBlocks;
	type MaxPayloadSize = ConstU32<1_024>;
	type MaxProofSize = ConstU32<256>;
	type MaxGasLimit = ConstU32<30_000_000>;
	type BaseGas = ConstU32<BASE_GAS>;
	type GasPerByte = ConstU32<BYTE_GAS>;
	type MaxDrawnPerBlock = MaxDrawnPerBlock;
	type MaxProvenPerBlock = MaxProvenPerBlock;
	type MaxSweptPerBlock = MaxSweptPerBlock;
	type MaxSettledPerBlock = MaxSettledPerBlock;
}

/// Extension in the place of that of the fees: the tip is the priority.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, Clone, PartialEq, Eq, Default, Debug)]
pub struct Tip(#[codec(compact)] pub u64);

impl TransactionExtension<RuntimeCall> for Tip {
	const IDENTIFIER: &'static str = "Tip";
	type Implicit = ();
	type Val = ();
	type Pre = ();

	fn validate(
		&self,
		origin: RuntimeOrigin,
		_: &RuntimeCall,
		_: &sp_runtime::traits::DispatchInfoOf<RuntimeCall>,
		_: usize,
		_: (),
		_: &impl Implication,
		_: TransactionSource,
	) -> ValidateResult<(), RuntimeCall> {
		let validity = ValidTransaction { priority: self.0, ..Default::default() };
		Ok((validity, (), origin))
	}

	impl_tx_ext_default!(RuntimeCall; weight prepare);
}

/// Lane around the tests' extension.
pub type TestLane = ProofLane<Test, Tip>;
