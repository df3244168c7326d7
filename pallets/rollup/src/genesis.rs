// SPDX-License-Identifier: Apache-2.0

//! Start of the rollup.

use crate::{pallet::*, rules::economy::MovingAverage, types::RollupState};
use sp_runtime::FixedU128;

/// Nanoseconds in a second.
const NANOSECONDS: u128 = 1_000_000_000;

impl<T: Config> GenesisConfig<T> {
	/// Starts the rollup, unless the configuration is the default one. The rollup is paused then.
	///
	/// Panics, and so refuses the genesis, if a start value of the averages is 0 (R9).
	pub(crate) fn build_rollup(&self) {
		if self.state_root.is_zero() && self.fee_per_gas == 0 && self.delay_per_gas == 0 {
			return;
		}
		assert!(self.fee_per_gas > 0, "genesis rollup: fee_per_gas is 0");
		assert!(self.delay_per_gas > 0, "genesis rollup: delay_per_gas is 0");
		let delay = FixedU128::from_rational(self.delay_per_gas.into(), NANOSECONDS);
		State::<T>::put(RollupState {
			settled_root: self.state_root.0,
			proven_root: self.state_root.0,
			fee: MovingAverage::new(FixedU128::from_u32(self.fee_per_gas.into())),
			delay: MovingAverage::new(delay),
			is_running: true,
			parameters: Pallet::<T>::effective_parameters(),
			..Default::default()
		});
	}
}
