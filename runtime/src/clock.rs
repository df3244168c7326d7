// SPDX-License-Identifier: Apache-2.0

//! The clock of the prover pool and the rollup.

use crate::constants::SLOT_DURATION;
use core::time::Duration;
use frame_support::traits::UnixTime;

/// Unix time, rounded down to the start of the slot.
///
/// The pool does not draw a stake in the instant that made it, so that nobody chooses a stake
/// against a seed that is already known. One relay block is one seed, and several blocks of this
/// chain may be built on it, milliseconds apart. The consensus hook forces all of them into the
/// same slot: by this clock they are one instant, and a stake can be drawn with the next relay
/// block's seed at the earliest.
pub struct SlotClock;

impl UnixTime for SlotClock {
	fn now() -> Duration {
		let now = pallet_timestamp::Now::<crate::Runtime>::get();
		Duration::from_millis(now - now % SLOT_DURATION)
	}
}

/// Rounds up to a slot, so that what should have passed has.
#[cfg(feature = "runtime-benchmarks")]
impl prover_pool_primitives::BenchmarkClock for SlotClock {
	fn set(seconds: u64) {
		let slots = (seconds * 1_000).div_ceil(SLOT_DURATION);
		pallet_timestamp::Now::<crate::Runtime>::put(slots * SLOT_DURATION);
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use sp_io::TestExternalities;

	#[test]
	fn all_of_a_slot_is_one_instant() {
		TestExternalities::default().execute_with(|| {
			assert_eq!(SlotClock::now(), Duration::ZERO);
			for (millis, slot_start) in [(12_000, 12), (12_001, 12), (17_999, 12), (18_000, 18)] {
				pallet_timestamp::Now::<crate::Runtime>::put(millis);
				assert_eq!(SlotClock::now(), Duration::from_secs(slot_start));
			}
		});
	}
}
