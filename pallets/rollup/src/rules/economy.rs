// SPDX-License-Identifier: Apache-2.0

//! Fee, gas charged, reward and averages: rules R1 and R9.

use super::BASIS_POINTS;
use codec::{Decode, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::{
	traits::{AtLeast32BitUnsigned, Zero},
	FixedPointNumber, FixedU128, Perbill,
};

/// Maximum fee for a unit of gas, which is the maximum price of a prover.
pub const MAX_FEE_PER_GAS: u16 = u16::MAX;

/// Exponential moving average, weighted by gas. Samples are capped at `u32::MAX`.
#[derive(Encode, Decode, MaxEncodedLen, TypeInfo, Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct MovingAverage(FixedU128);

impl MovingAverage {
	/// Creates an average of `value`.
	pub fn new(value: FixedU128) -> Self {
		Self(value.min(max_sample()))
	}

	/// Returns the average.
	pub fn value(self) -> FixedU128 {
		self.0
	}

	/// Moves the average towards `sample` by the part that `gas` is of `length`.
	pub fn update(&mut self, sample: FixedU128, gas: u32, length: u64) {
		let (old, sample) = (self.0.into_inner(), sample.min(max_sample()).into_inner());
		let length = u128::from(length.max(1));
		let gas = u128::from(gas).min(length);
		// Cannot overflow: samples are below 2^92 with their fraction, and gas is below 2^32. The
		// result lies between the two values.
		let step = old.abs_diff(sample) * gas / length;
		self.0 = FixedU128::from_inner(if sample >= old { old + step } else { old - step });
	}
}

fn max_sample() -> FixedU128 {
	FixedU128::saturating_from_integer(u32::MAX)
}

/// Returns the fee for a unit of gas: the rounded average, between `min` and
/// [`MAX_FEE_PER_GAS`].
pub fn fee_per_gas(average: MovingAverage, min: u16) -> u32 {
	let rounded: u128 = average.value().round().saturating_mul_int(1u128);
	// Fits: at most `MAX_FEE_PER_GAS`.
	rounded.clamp(min.into(), MAX_FEE_PER_GAS.into()) as u32
}

/// Returns the gas charged: the base, a price for each byte of the payload, and `gas`.
pub fn gas_charged(base: u32, per_byte: u32, payload_size: u32, gas: u32) -> u64 {
	// Cannot overflow: (2^32 - 1)^2 + 2 * (2^32 - 1) is 2^64 - 1.
	u64::from(per_byte) * u64::from(payload_size) + u64::from(base) + u64::from(gas)
}

/// Returns `reward` less the penalty for a delay of `delay` seconds out of `allowed`.
///
/// The penalty grows linearly to `max_penalty` basis points at the deadline.
pub fn reward_after_delay<Balance: AtLeast32BitUnsigned + Copy>(
	reward: Balance,
	delay: u64,
	allowed: u64,
	max_penalty: u32,
) -> Balance {
	let part = Perbill::from_rational(delay.min(allowed), allowed.max(1));
	let max_penalty = Perbill::from_rational(max_penalty.min(BASIS_POINTS), BASIS_POINTS);
	// Cannot underflow: the penalty is a part of the reward.
	reward.saturating_sub((part * max_penalty).mul_floor(reward))
}

/// Returns the delay for each unit of gas: `seconds` over the gas charged.
pub fn delay_per_gas(seconds: u64, gas_charged: u64) -> FixedU128 {
	if gas_charged.is_zero() {
		return FixedU128::zero();
	}
	FixedU128::saturating_from_rational(seconds, gas_charged)
}
