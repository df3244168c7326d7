// SPDX-License-Identifier: Apache-2.0

//! The prover pool, the rollup that uses it and the verifier of its proofs.

use crate::{
	configs::dynamic_params, constants::UNIT, AccountId, Balances, Groth16Verifier, ProverPool,
	RelayRandomness, Runtime,
};
use frame_support::{
	parameter_types,
	traits::{ConstU128, ConstU16, ConstU32, ConstU64},
};
use frame_system::{EnsureRoot, EnsureSigned};
use pallet_relay_randomness::SlotClock;

/// Seeds for the draws, from the relay chain.
impl pallet_relay_randomness::Config for Runtime {
	type WeightInfo = crate::weights::pallet_relay_randomness::WeightInfo<Runtime>;
}

/// Values that governance can change are in [`dynamic_params::prover_pool`]. The others change only
/// with a runtime upgrade.
impl pallet_prover_pool::Config for Runtime {
	type WeightInfo = crate::weights::pallet_prover_pool::WeightInfo<Runtime>;
	type Currency = Balances;
	type Time = SlotClock<Runtime>;
	type Randomness = RelayRandomness;
	type MaxProvers = ConstU32<32>;
	type OneToken = ConstU128<UNIT>;
	type ExitPeriod = dynamic_params::prover_pool::ExitPeriod;
	type MinChangeDelay = dynamic_params::prover_pool::MinChangeDelay;
	type MinCapacity = dynamic_params::prover_pool::MinCapacity;
	type MinStakePerCapacity = dynamic_params::prover_pool::MinStakePerCapacity;
	type SlashPoints = dynamic_params::prover_pool::SlashPoints;
	type SlashMultiplier = dynamic_params::prover_pool::SlashMultiplier;
	// A quarter of the fee, in basis points: cheaper than that gains nobody a larger weight.
	type RewardTolerance = ConstU32<2_500>;
	type EjectionThreshold = dynamic_params::prover_pool::EjectionThreshold;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkClock = SlotClock<Runtime>;
}

parameter_types! {
	/// The largest payload of a rollup block: 128 KiB, which is one blob of the chain that most
	/// rollups settle on. Seventeen of them fit into a block of this chain.
	pub const MaxPayloadSize: u32 = 128 * 1024;
	/// The largest proof: the key's version, and a Groth16 proof of BN254.
	pub const MaxProofSize: u32 = 132;
}

/// Proofs are checked by the keys in storage. The chains of the genesis presets start with that of
/// the example circuit.
impl pallet_groth16_verifier::Config for Runtime {
	type WeightInfo = crate::weights::pallet_groth16_verifier::WeightInfo<Runtime>;
	// What the succinct proofs of most virtual machines are wrapped into. It has about 100 bits of
	// security; BLS12-381 has 120 and costs about twice as much.
	type Curve = ark_bn254::Bn254;
	type KeyOrigin = EnsureRoot<AccountId>;
	// The old circuit's and the new one's at a change of the rollup's rules, and two to spare.
	type MaxKeys = ConstU32<4>;
	type MaxKeySize = ConstU32<584>;
}

impl pallet_rollup::Config for Runtime {
	type WeightInfo = crate::weights::pallet_rollup::WeightInfo<Runtime>;
	type Currency = Balances;
	type ProverPool = ProverPool;
	type Time = SlotClock<Runtime>;
	type ProofVerifier = Groth16Verifier;
	// Everyone. A single account is `EnsureSignedBy`, a set of sequencers too.
	type ProposerOrigin = EnsureSigned<AccountId>;
	type OverrideOrigin = EnsureRoot<AccountId>;
	// What rescuers do not get is burnt: whoever was paid from slashes would gain by provers missing
	// their windows. A treasury takes it with `ResolveTo`.
	type OnSlash = ();
	type RescuerShare = dynamic_params::rollup::RescuerShare;
	type MinFeePerGas = dynamic_params::rollup::MinFeePerGas;
	type OpenRewardMultiplier = ConstU16<15_000>;
	type RewardMaxDelayPenalty = ConstU32<250>;
	// Two hours at a rollup block a second: nobody moves the fee within the time in which provers
	// and proposers would notice.
	type AverageLength = ConstU32<7_200>;
	type ProofWindowMultiplier = ConstU32<20_000>;
	type MinProofWindow = dynamic_params::rollup::MinProofWindow;
	// Not governed: what is set by mistake, in milliseconds for example, holds the settlement up
	// for no longer.
	type MaxProofWindow = ConstU64<{ 90 * 60 }>;
	type Cooldown = dynamic_params::rollup::Cooldown;
	// A rollup block a second, each proven at the end of the longest window, with 45 minutes of
	// cooldown and settlement to spare. The entries take two megabytes of state then.
	type MaxUnsettledBlocks = ConstU32<8_192>;
	// They are paid half as much again, and no window makes sure that they are proven: a few minutes'
	// worth of them, until there are provers or the rollup waits.
	type MaxOpenBlocks = ConstU32<256>;
	// The settled state and one that was overridden, and as many again of provers that err.
	type MaxTransitions = ConstU32<4>;
	type MaxPayloadSize = MaxPayloadSize;
	type MaxProofSize = MaxProofSize;
	// What a block of the chain that most rollups settle on had for years.
	type MaxGasLimit = ConstU32<30_000_000>;
	// A thirtieth of the largest block, so that no block is worth nothing to its prover.
	type BaseGas = ConstU32<1_000_000>;
	// Each closed window costs up to a slash, and each settlement a payment. This many of both leave
	// more than half of a block to transactions, and are more than five rollup blocks a second.
	type MaxClosedPerBlock = ConstU32<32>;
	type MaxSettledPerBlock = ConstU32<32>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkClock = SlotClock<Runtime>;
}
