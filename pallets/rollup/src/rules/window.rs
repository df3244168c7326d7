// SPDX-License-Identifier: Apache-2.0

//! Proof window and deadline: rule R3.

use super::economy::MovingAverage;
use sp_runtime::{
	helpers_128bit::multiply_by_rational_with_rounding, FixedPointNumber, FixedU128, Rounding,
};

/// Returns the proof window in seconds: twice the average delay of `gas_charged`, rounded up, between
/// `min` and `max`.
pub fn proof_window(delay: MovingAverage, gas_charged: u64, min: u64, max: u64) -> u64 {
	let (delay, gas) = (delay.value().into_inner(), 2 * u128::from(gas_charged));
	// A product that does not fit is above every `max`.
	multiply_by_rational_with_rounding(delay, gas, FixedU128::DIV, Rounding::Up)
		.unwrap_or(u128::MAX)
		.clamp(min.into(), max.max(min).into())
		.try_into()
		.unwrap_or(max)
}

/// Returns the deadline of a block drawn at `now`. It is not before that of an earlier block.
pub fn deadline(now: u64, window: u64, last_deadline: u64) -> u64 {
	// A saturated deadline never passes.
	now.saturating_add(window).max(last_deadline)
}
