// SPDX-License-Identifier: Apache-2.0

//! Governance, and the values that it can change without a runtime upgrade.

use crate::{AccountId, Runtime, RuntimeCall, RuntimeEvent};
use frame_support::{
	dynamic_params::{dynamic_pallet_params, dynamic_params},
	traits::AsEnsureOriginWithArg,
};
use frame_system::EnsureRoot;

/// The values that governance can change by `parameters.setParameter`, with what they are until it
/// does.
///
/// A change takes effect with the next call that uses the value. Deleting a parameter brings the
/// default back.
// The macro adds keys and values, without documentation.
#[allow(missing_docs)]
#[dynamic_params(RuntimeParameters, pallet_parameters::Parameters::<Runtime>)]
pub mod dynamic_params {
	use super::*;

	/// Parameters of the prover pool.
	#[dynamic_pallet_params]
	#[codec(index = 0)]
	pub mod prover_pool {
		/// Time for which a stake stays slashable after its prover left, in seconds: 7 days. It must
		/// not be below a few hours: a prover could withdraw before its last miss is noticed.
		#[codec(index = 0)]
		pub static ExitPeriod: u64 = 7 * 24 * 60 * 60;
		/// Minimum time between entering the pool and leaving or changing a place, in seconds: 1
		/// hour.
		#[codec(index = 1)]
		pub static MinChangeDelay: u64 = 60 * 60;
		/// The smallest capacity a prover may offer, in rollup blocks under proof at a time.
		#[codec(index = 2)]
		pub static MinCapacity: u16 = 5;
		/// The smallest stake for each unit of capacity, in whole tokens.
		#[codec(index = 3)]
		pub static MinStakePerCapacity: u32 = 10_000;
		/// Slash for a missed block, in basis points of the slashable amount.
		#[codec(index = 4)]
		pub static SlashPoints: u32 = 25;
		/// Minimum slash for a missed block, as a multiple of its reward.
		#[codec(index = 5)]
		pub static SlashMultiplier: u32 = 4;
		/// Below which part of the stake that its capacity demands a slashed prover leaves the
		/// pool, in basis points.
		#[codec(index = 6)]
		pub static EjectionThreshold: u32 = 5_000;
	}

	/// Parameters of the rollup.
	#[dynamic_pallet_params]
	#[codec(index = 1)]
	pub mod rollup {
		/// The smallest fee for a unit of gas, in the smallest unit of the chain's token. The fee
		/// itself is the moving average of what provers were paid.
		#[codec(index = 0)]
		pub static MinFeePerGas: u16 = 1_000;
		/// The shortest time that the drawn prover has a block for itself, in seconds: 10 minutes.
		/// It is twice the average proof delay, but not more than 90 minutes.
		#[codec(index = 1)]
		pub static MinProofWindow: u64 = 10 * 60;
		/// Time in which governance can override a proven block, in seconds: 10 minutes. One key that
		/// reacts to an alarm needs no more. Governance by referendum needs days.
		#[codec(index = 2)]
		pub static Cooldown: u64 = 10 * 60;
		/// The part of a slash that whoever rescues the missed block gets, in basis points.
		#[codec(index = 3)]
		pub static RescuerShare: u32 = 5_000;
	}
}

/// A parameter to measure the weight of setting one with: all are of about the same size.
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

/// One key that can do everything, so that a development chain can be governed by one person.
///
/// It stands where a chain that carries value has its governance: a collective or a referendum
/// whose decisions are dispatched with the root origin, which is all that the rest of this runtime
/// asks for. Such a chain takes this pallet out and adds that.
impl pallet_sudo::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type WeightInfo = crate::weights::pallet_sudo::WeightInfo<Runtime>;
}
