// SPDX-License-Identifier: Apache-2.0

//! Clock of the rollup and of its pool: rule R10.

use crate::pallet::*;
use frame_support::{
	migrations::MultiStepMigrator,
	traits::{Get, UnixTime},
};
use prover_pool_primitives::Clock;
use sp_runtime::traits::UniqueSaturatedInto;

impl<T: Config> Pallet<T> {
	/// Advances the clock at the end of a chain block, if it is not paused and its `on_poll` ran.
	///
	/// Does nothing during a multi-block migration, because the state may have another layout then.
	pub(crate) fn tick() {
		if T::MultiBlockMigrator::ongoing() {
			return;
		}
		State::<T>::mutate(|state| {
			let ticks = core::mem::take(&mut state.has_polled) && state.is_running;
			let moment = T::UnixTime::now().as_millis().unique_saturated_into();
			state.clock.pass(moment, ticks, T::MaxTick::get());
		});
	}
}

impl<T: Config> Clock for Pallet<T> {
	fn now() -> u64 {
		State::<T>::get().clock.now()
	}
}

#[cfg(feature = "runtime-benchmarks")]
impl<T: Config> prover_pool_primitives::BenchmarkClock for Pallet<T> {
	fn set(seconds: u64) {
		State::<T>::mutate(|state| {
			state.clock.elapsed = seconds.saturating_sub(1).saturating_mul(1_000)
		});
	}
}
