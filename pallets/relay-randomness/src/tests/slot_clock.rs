// SPDX-License-Identifier: Apache-2.0

//! The clock that counts in slots.

use crate::{
	mock::{SlotDuration, Test},
	SlotClock,
};
use core::time::Duration;
use frame_support::traits::UnixTime;
use sp_io::TestExternalities;

type Clock = SlotClock<Test>;

#[test]
fn all_of_a_slot_is_one_instant() {
	TestExternalities::default().execute_with(|| {
		assert_eq!(Clock::now(), Duration::ZERO);
		for (millis, slot_start) in [(12_000, 12), (12_001, 12), (17_999, 12), (18_000, 18)] {
			pallet_timestamp::Now::<Test>::put(millis);
			assert_eq!(Clock::now(), Duration::from_secs(slot_start));
		}
	});
}

#[test]
fn slots_are_as_long_as_those_of_aura() {
	TestExternalities::default().execute_with(|| {
		pallet_timestamp::Now::<Test>::put(17_999);
		for (slot_duration, slot_start) in [(2_000, 16_000), (12_000, 12_000), (1, 17_999)] {
			SlotDuration::set(slot_duration);
			assert_eq!(Clock::now(), Duration::from_millis(slot_start));
		}
	});
}

/// Aura refuses such a duration only in its `integrity_test`. The clock must not panic.
#[test]
fn slots_without_length_do_not_round() {
	TestExternalities::default().execute_with(|| {
		pallet_timestamp::Now::<Test>::put(17_999);
		SlotDuration::set(0);
		assert_eq!(Clock::now(), Duration::from_millis(17_999));
	});
}

#[cfg(feature = "runtime-benchmarks")]
#[test]
fn benchmarks_set_the_start_of_a_slot() {
	use prover_pool_primitives::BenchmarkClock;
	TestExternalities::default().execute_with(|| {
		for (seconds, slot_start) in [(0, 0), (1, 6), (6, 6), (7, 12)] {
			Clock::set(seconds);
			assert_eq!(Clock::now(), Duration::from_secs(slot_start));
		}
	});
}
