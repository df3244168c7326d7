// SPDX-License-Identifier: Apache-2.0

//! The clock that counts in slots.

use core::{marker::PhantomData, time::Duration};
use frame_support::traits::UnixTime;

/// Unix time, rounded down to the start of the slot.
///
/// A prover pool must not draw a stake in the instant that made it. Otherwise a stake could be
/// chosen against a seed that is already known. One relay block is one seed, and several blocks of
/// a parachain may be built on it, milliseconds apart. The consensus hook forces all of them into
/// the same slot, if a slot of the parachain is as long as one of the relay chain. By this clock
/// they are one instant. A stake can be drawn with the next relay block's seed at the earliest.
pub struct SlotClock<T>(PhantomData<T>);

impl<T> UnixTime for SlotClock<T>
where
	T: pallet_timestamp::Config<Moment = u64> + pallet_aura::Config,
{
	fn now() -> Duration {
		let now = pallet_timestamp::Now::<T>::get();
		let since_slot_start = now.checked_rem(slot_duration::<T>()).unwrap_or(0);
		Duration::from_millis(now - since_slot_start)
	}
}

/// Rounds up to a slot, so that the time that should have passed has passed.
#[cfg(feature = "runtime-benchmarks")]
impl<T> prover_pool_primitives::BenchmarkClock for SlotClock<T>
where
	T: pallet_timestamp::Config<Moment = u64> + pallet_aura::Config,
{
	fn set(seconds: u64) {
		let now = (seconds * 1_000).next_multiple_of(slot_duration::<T>());
		pallet_timestamp::Now::<T>::put(now);
	}
}

/// Returns the length of a slot, in milliseconds.
fn slot_duration<T>() -> u64
where
	T: pallet_timestamp::Config<Moment = u64> + pallet_aura::Config,
{
	pallet_aura::Pallet::<T>::slot_duration()
}
