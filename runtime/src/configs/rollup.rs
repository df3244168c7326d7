// SPDX-License-Identifier: Apache-2.0

//! The prover pool, the rollup that uses it and the verifier of its proofs.

use crate::{
	configs::dynamic_params,
	constants::{SLOT_DURATION, UNIT},
	AccountId, Balances, Groth16Verifier, ProverPool, RelayRandomness, Rollup, Runtime, Timestamp,
};
use frame_support::{
	parameter_types,
	traits::{ConstU128, ConstU32, ConstU64, Get},
};
use frame_system::{EnsureRoot, EnsureSigned};

/// Seeds for the draws, from the relay chain.
impl pallet_relay_randomness::Config for Runtime {
	type WeightInfo = crate::weights::pallet_relay_randomness::WeightInfo<Runtime>;
	type RelayParentOffset =
		<Runtime as cumulus_pallet_parachain_system::Config>::RelayParentOffset;
}

/// Values that governance can change are in [`dynamic_params::prover_pool`]. The others change only
/// with a runtime upgrade.
impl pallet_prover_pool::Config for Runtime {
	type WeightInfo = crate::weights::pallet_prover_pool::WeightInfo<Runtime>;
	type Currency = Balances;
	type Time = Rollup;
	type Randomness = RelayRandomness;
	type MaxProvers = ConstU32<32>;
	type OneToken = ConstU128<UNIT>;
	type ExitPeriod = dynamic_params::prover_pool::ExitPeriod;
	type MinChangeDelay = dynamic_params::prover_pool::MinChangeDelay;
	type MinCapacity = dynamic_params::prover_pool::MinCapacity;
	type MinStakePerCapacity = dynamic_params::prover_pool::MinStakePerCapacity;
	type SlashPoints = dynamic_params::prover_pool::SlashPoints;
	type SlashMultiplier = dynamic_params::prover_pool::SlashMultiplier;
	// A quarter of the fee, in basis points. A lower price gains no larger weight.
	type RewardTolerance = ConstU32<2_500>;
	type EjectionThreshold = dynamic_params::prover_pool::EjectionThreshold;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkClock = Rollup;
}

parameter_types! {
	/// Maximum size of a rollup block's payload, in bytes: 128 KiB, the size of an Ethereum blob. A
	/// block of this chain has room for 17 of them.
	pub const MaxPayloadSize: u32 = 128 * 1024;
	/// Maximum size of a proof, in bytes: a Groth16 proof of BN254.
	pub const MaxProofSize: u32 = 128;
}

/// Maximum gas limit of a rollup block: that of an Ethereum block for years.
const MAX_GAS_LIMIT: u32 = 30_000_000;

/// Verifies proofs by keys in storage. The genesis presets contain the key of the example circuit.
impl pallet_groth16_verifier::Config for Runtime {
	type WeightInfo = crate::weights::pallet_groth16_verifier::WeightInfo<Runtime>;
	// Most virtual machines wrap their succinct proofs into this curve. It has about 100 bits of
	// security; BLS12-381 has 120 and costs about twice as much.
	type Curve = ark_bn254::Bn254;
	type KeyOrigin = EnsureRoot<AccountId>;
	type Rollup = Rollup;
	// The keys of the old and the new circuit at a change of rules, and two spare ones.
	type MaxKeys = ConstU32<4>;
	type MaxKeySize = ConstU32<584>;
}

/// Account whose transactions have priority: the sudo account.
pub struct OverrideAccount;

impl Get<Option<AccountId>> for OverrideAccount {
	fn get() -> Option<AccountId> {
		pallet_sudo::Key::<Runtime>::get()
	}
}

impl pallet_rollup::Config for Runtime {
	type WeightInfo = crate::weights::pallet_rollup::WeightInfo<Runtime>;
	type Currency = Balances;
	type ProverPool = ProverPool;
	type Seeds = RelayRandomness;
	type UnixTime = Timestamp;
	type ProofVerifier = Groth16Verifier;
	// Any account may propose. Use `EnsureSignedBy` for one sequencer or a set of them.
	type ProposerOrigin = EnsureSigned<AccountId>;
	type OverrideOrigin = EnsureRoot<AccountId>;
	type OverrideAccount = OverrideAccount;
	// Burns the rest of a slash: an account that received it would profit from misses. `ResolveTo`
	// would pay it to a treasury.
	type OnSlash = ();
	type RescuerShare = dynamic_params::rollup::RescuerShare;
	// 0.25 % of the reward. With four times that, true proofs held back to fill the lane could pay.
	type BountyMultiplier = ConstU32<25>;
	type MinFeePerGas = dynamic_params::rollup::MinFeePerGas;
	// 2.5 % of the reward.
	type RewardMaxDelayPenalty = ConstU32<250>;
	// Two hours of half-full blocks at one a second: no account can move the fee before provers and
	// proposers notice.
	type AverageGas = ConstU64<{ 2 * 60 * 60 * (MAX_GAS_LIMIT as u64 / 2) }>;
	type MinProofWindow = dynamic_params::rollup::MinProofWindow;
	// Governance cannot change it, so that its mistakes cannot delay settlement further.
	type MaxProofWindow = ConstU64<{ 90 * 60 }>;
	type Cooldown = dynamic_params::rollup::Cooldown;
	type MaxTick = ConstU64<SLOT_DURATION>;
	// Enough for one block a second: 90 minutes until the last deadline, and 45 minutes for cooldown
	// and settlement. The entries take about three megabytes of state.
	type MaxUnsettledBlocks = ConstU32<8_192>;
	type MaxPayloadSize = MaxPayloadSize;
	type MaxProofSize = MaxProofSize;
	type MaxGasLimit = ConstU32<MAX_GAS_LIMIT>;
	// A thirtieth of the largest block, so that every block pays its prover.
	type BaseGas = ConstU32<1_000_000>;
	// Two million for the largest payload: the circuit hashes each byte.
	type GasPerByte = ConstU32<16>;
	// More than two and a half blocks a second. A block has room for many times as many proofs, so
	// simultaneous deadlines cause no miss.
	type MaxDrawnPerBlock = ConstU32<16>;
	// Four times the draws, so that a gap of proofs closes faster than it grows.
	type MaxProvenPerBlock = ConstU32<64>;
	type MaxSweptPerBlock = ConstU32<64>;
	// Twice the draws, to work off a backlog after an override or a pause. Each may cost a slash.
	type MaxSettledPerBlock = ConstU32<32>;
}
