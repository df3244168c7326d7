// SPDX-License-Identifier: Apache-2.0

//! The prover pool and the rollup that uses it.

use crate::{
	configs::dynamic_params, constants::UNIT, verifier::DigestVerifier, Balances, ProverPool,
	RelayRandomness, Runtime, SlotClock,
};
use frame_support::{
	parameter_types,
	traits::{ConstU128, ConstU32, ConstU64},
};

/// Seeds for the draws, from the relay chain.
impl crate::randomness::Config for Runtime {}

/// What the pool may hold as a whole, when governance never changes a thing, is in
/// [`dynamic_params::prover_pool`]; here is what only a runtime upgrade changes.
impl pallet_prover_pool::Config for Runtime {
	type WeightInfo = pallet_prover_pool::weights::SubstrateWeight<Runtime>;
	type Currency = Balances;
	type Time = SlotClock;
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
	type BenchmarkClock = SlotClock;
}

parameter_types! {
	/// The largest payload of a rollup block: 128 KiB, which is one blob of the chain that most
	/// rollups settle on. Seventeen of them fit into a block of this chain.
	pub const MaxPayloadSize: u32 = 128 * 1024;
	/// The largest proof. The usual succinct proofs have from 200 bytes to 2 KiB; what does not
	/// fit into 4 KiB is wrapped into a smaller proof before it goes on chain.
	pub const MaxProofSize: u32 = 4 * 1024;
}

impl pallet_rollup::Config for Runtime {
	type WeightInfo = pallet_rollup::weights::SubstrateWeight<Runtime>;
	type Currency = Balances;
	type ProverPool = ProverPool;
	type Time = SlotClock;
	type ProofVerifier = DigestVerifier;
	// A slash is burnt: whoever was paid from slashes would gain by provers missing their windows.
	type OnSlash = ();
	type FeePerGas = dynamic_params::rollup::FeePerGas;
	type ProofWindow = dynamic_params::rollup::ProofWindow;
	// Three times the usual window: what governance sets by mistake, in milliseconds for example,
	// holds the settlement up for no longer.
	type MaxProofWindow = ConstU64<{ 90 * 60 }>;
	// If every block takes its whole window of 30 minutes, this carries two rollup blocks a second.
	// The entries take half a megabyte of state then.
	type MaxUnsettledBlocks = ConstU32<4_096>;
	type MaxPayloadSize = MaxPayloadSize;
	type MaxProofSize = MaxProofSize;
	// What a block of the chain that most rollups settle on had for years.
	type MaxGasLimit = ConstU32<30_000_000>;
	// Each closed window costs up to a slash, and each settlement a payment. This many of both leave
	// more than half of a block to transactions, and work the largest backlog off in 13 minutes.
	type MaxClosedPerBlock = ConstU32<32>;
	type MaxSettledPerBlock = ConstU32<32>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkClock = SlotClock;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkProver = DigestVerifier;
}
