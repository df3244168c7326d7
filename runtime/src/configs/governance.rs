// SPDX-License-Identifier: Apache-2.0

//! Governance, and the values that it can change without a runtime upgrade.

use crate::{AccountId, Runtime, RuntimeCall, RuntimeEvent};
use frame_support::{
	dynamic_params::{dynamic_pallet_params, dynamic_params},
	traits::AsEnsureOriginWithArg,
};
use frame_system::EnsureRoot;

/// Values that governance can change by `parameters.setParameter`, with their defaults.
///
/// A change takes effect with the next call of the pool that uses the value, and with the next block
/// in the rollup. Deleting a parameter restores the default. The pallets move each value into its
/// effective range where they read it.
// The macro adds keys and values, without documentation.
#[allow(missing_docs)]
#[dynamic_params(RuntimeParameters, pallet_parameters::Parameters::<Runtime>)]
pub mod dynamic_params {
	use super::*;

	/// Parameters of the prover pool.
	#[dynamic_pallet_params]
	#[codec(index = 0)]
	pub mod prover_pool {
		/// Time for which a stake stays slashable after its prover left, in seconds: 7 days. The
		/// effective range is 60 seconds to 60 days. An exit also waits for outstanding blocks.
		#[codec(index = 0)]
		pub static ExitPeriod: u64 = 7 * 24 * 60 * 60;
		/// Minimum time between entering the pool and leaving or changing a place, in seconds: 1
		/// hour. The effective range is 0 to 1 day.
		#[codec(index = 1)]
		pub static MinChangeDelay: u64 = 60 * 60;
		/// Minimum capacity of an offer, in rollup blocks under proof at the same time. The effective
		/// range is 1 to 1,000.
		#[codec(index = 2)]
		pub static MinCapacity: u16 = 5;
		/// Minimum stake for each unit of capacity, in whole tokens. The effective range is 500 to
		/// 1,000,000.
		#[codec(index = 3)]
		pub static MinStakePerCapacity: u32 = 10_000;
		/// Slash for a missed block, in basis points of the slashable amount: 0.25 %. The effective
		/// range is 1 to 1,000.
		#[codec(index = 4)]
		pub static SlashPoints: u32 = 25;
		/// Minimum slash for a missed block, as a multiple of its reward. The effective range is 1 to
		/// 100.
		#[codec(index = 5)]
		pub static SlashMultiplier: u32 = 4;
		/// Share of the minimum stake for its capacity below which a slashed prover leaves the pool,
		/// in basis points: 50 %. The effective range is 0 to 10,000, and 0 disables ejection.
		#[codec(index = 6)]
		pub static EjectionThreshold: u32 = 5_000;
	}

	/// Parameters of the rollup.
	#[dynamic_pallet_params]
	#[codec(index = 1)]
	pub mod rollup {
		/// Minimum fee for a unit of gas, in the smallest unit of the chain's token. The fee itself is
		/// the average price of timely proofs. The effective minimum is 4.
		#[codec(index = 0)]
		pub static MinFeePerGas: u16 = 1_000;
		/// Minimum proof window, in seconds: 10 minutes. The window is twice the average proof delay.
		/// The effective range is ten ticks of the clock, which are 60 seconds, to the maximum window
		/// of 90 minutes.
		#[codec(index = 1)]
		pub static MinProofWindow: u64 = 10 * 60;
		/// Time in which governance can override a proven block, in seconds: 10 minutes. One key that
		/// reacts to an alarm needs no more. Governance by referendum needs days. The effective range
		/// is ten ticks of the clock, which are 60 seconds, to 30 days.
		#[codec(index = 2)]
		pub static Cooldown: u64 = 10 * 60;
		/// Share of a slash that the account which proves a missed block gets, in basis points: 50 %.
		/// The effective maximum is 9,000.
		#[codec(index = 3)]
		pub static RescuerShare: u32 = 5_000;
	}
}

/// Parameter whose change is benchmarked. All parameters have about the same size.
#[cfg(feature = "runtime-benchmarks")]
impl Default for RuntimeParameters {
	fn default() -> Self {
		RuntimeParameters::ProverPool(dynamic_params::prover_pool::Parameters::ExitPeriod(
			dynamic_params::prover_pool::ExitPeriod,
			Some(1),
		))
	}
}

impl pallet_parameters::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeParameters = RuntimeParameters;
	type AdminOrigin = AsEnsureOriginWithArg<EnsureRoot<AccountId>>;
	type WeightInfo = crate::weights::pallet_parameters::WeightInfo<Runtime>;
}

/// Governance of a development chain: one key with the root origin.
///
/// A chain that carries value must replace this pallet, for example by a collective or referenda.
/// The rest of this runtime only requires that decisions are dispatched with the root origin.
impl pallet_sudo::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type WeightInfo = crate::weights::pallet_sudo::WeightInfo<Runtime>;
}
