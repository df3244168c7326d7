// SPDX-License-Identifier: Apache-2.0

//! What proving costs and how long it takes: plain functions of plain values.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::{traits::AtLeast32BitUnsigned, Perbill};

/// Parts that make a whole in every ratio of this pallet.
pub const BASIS_POINTS: u32 = 10_000;

/// The largest fee for a unit of gas: no prover can ask for more.
pub const MAX_FEE_PER_GAS: u16 = u16::MAX;

/// The largest part of a slash that a rescuer gets, in basis points, whatever governance says. With
/// the whole of it a prover that rescues its own blocks with another key would miss them for free.
pub const MAX_RESCUER_SHARE: u32 = 9_000;

/// An exponential moving average of whole numbers, with 32 bits behind the binary point: without
/// them, an average over thousands of samples would not move when they are small.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Default,
	Debug,
)]
pub struct MovingAverage(u64);

impl MovingAverage {
	/// An average that has only ever seen `value`.
	pub const fn new(value: u32) -> Self {
		Self((value as u64) << 32)
	}

	/// The average, rounded to the nearest whole number.
	pub fn value(self) -> u32 {
		// Cannot overflow: at most (2^32 - 1) * 2^32, and a half.
		((self.0 + (1 << 31)) >> 32) as u32
	}

	/// Moves the average by one part in `length` towards `sample`.
	pub fn update(&mut self, sample: u32, length: u32) {
		let Self(sample) = Self::new(sample);
		let length = u64::from(length.max(1));
		// Neither can overflow: the result lies between the two values.
		if sample >= self.0 {
			self.0 += (sample - self.0) / length;
		} else {
			self.0 -= (self.0 - sample) / length;
		}
	}
}

/// The fee for a unit of gas: the average of what provers were paid, but not below `min` nor above
/// [`MAX_FEE_PER_GAS`].
pub fn fee_per_gas(average: MovingAverage, min: u16) -> u32 {
	average.value().clamp(min.into(), MAX_FEE_PER_GAS.into())
}

/// What a unit of gas of an open block pays: `multiplier` basis points of the fee. A multiplier
/// below the whole counts as the whole.
pub fn open_reward_per_gas(fee_per_gas: u32, multiplier: u16) -> u32 {
	// Cannot overflow: 48 bits. A multiplier is below 7, so a fee up to `MAX_FEE_PER_GAS` fits.
	let multiplier = u64::from(multiplier).max(BASIS_POINTS.into());
	let reward = u64::from(fee_per_gas) * multiplier / u64::from(BASIS_POINTS);
	reward.min(u32::MAX.into()) as u32
}

/// How long a block stays the drawn prover's, in seconds: `multiplier` basis points of the average
/// proof delay, but not below `min` nor above `max`. Where governance set the two the wrong way
/// round, `max` counts.
pub fn proof_window(average: MovingAverage, multiplier: u32, min: u64, max: u64) -> u64 {
	// Cannot overflow: 32 bits each.
	let window = u64::from(average.value()) * u64::from(multiplier) / u64::from(BASIS_POINTS);
	window.max(min).min(max)
}

/// What a prover gets of `gross`, when its proof took `delay` seconds of a window of `window`: the
/// penalty grows evenly to `max_penalty` basis points at the end of the window, and stays there.
pub fn reward_after_delay<Balance: AtLeast32BitUnsigned + Copy>(
	gross: Balance,
	delay: u64,
	window: u64,
	max_penalty: u32,
) -> Balance {
	let part = Perbill::from_rational(delay.min(window), window.max(1));
	let max_penalty = Perbill::from_rational(max_penalty.min(BASIS_POINTS), BASIS_POINTS);
	// Never below 0: a part of it.
	gross.saturating_sub((part * max_penalty).mul_floor(gross))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn an_average_moves_by_its_share_and_ends_at_what_it_sees() {
		let mut average = MovingAverage::new(10);
		average.update(110, 100);
		assert_eq!(average.value(), 11);
		for _ in 0..10_000 {
			average.update(110, 100);
		}
		assert_eq!(average.value(), 110);
		for _ in 0..10_000 {
			average.update(0, 100);
		}
		assert_eq!(average.value(), 0);
	}

	#[test]
	fn small_samples_move_a_long_average() {
		let mut average = MovingAverage::new(10);
		for _ in 0..7_200 {
			average.update(12, 7_200);
		}
		// All but 1/e of the way.
		assert_eq!(average.value(), 11);
	}

	#[test]
	fn an_average_over_one_sample_is_the_sample_at_every_value() {
		let mut average = MovingAverage::default();
		for sample in [0, 1, u32::MAX, 7, u32::MAX - 1] {
			average.update(sample, 1);
			assert_eq!(average.value(), sample);
			assert_eq!(average, MovingAverage::new(sample));
			average.update(sample, u32::MAX);
			assert_eq!(average.value(), sample);
		}
	}

	#[test]
	fn a_fee_has_a_floor_and_a_ceiling() {
		assert_eq!(fee_per_gas(MovingAverage::new(0), 7), 7);
		assert_eq!(fee_per_gas(MovingAverage::new(6), 7), 7);
		assert_eq!(fee_per_gas(MovingAverage::new(8), 7), 8);
		assert_eq!(fee_per_gas(MovingAverage::new(u32::MAX), 7), 65_535);
		assert_eq!(fee_per_gas(MovingAverage::new(0), u16::MAX), 65_535);
	}

	#[test]
	fn an_open_block_pays_more_than_the_fee() {
		assert_eq!(open_reward_per_gas(10, 15_000), 15);
		assert_eq!(open_reward_per_gas(11, 15_000), 16);
		assert_eq!(open_reward_per_gas(10, 10_000), 10);
		assert_eq!(open_reward_per_gas(10, 0), 10);
		assert_eq!(open_reward_per_gas(65_535, 15_000), 98_302);
	}

	#[test]
	fn a_window_follows_the_delay_between_its_bounds() {
		let window = |delay| proof_window(MovingAverage::new(delay), 20_000, 600, 5_400);
		assert_eq!(window(0), 600);
		assert_eq!(window(300), 600);
		assert_eq!(window(301), 602);
		assert_eq!(window(2_700), 5_400);
		assert_eq!(window(2_701), 5_400);
		assert_eq!(window(u32::MAX), 5_400);
		assert_eq!(proof_window(MovingAverage::new(0), 20_000, 600, 60), 60);
	}

	#[test]
	fn a_reward_shrinks_evenly_with_the_delay() {
		let reward = |delay| reward_after_delay(1_000_000u128, delay, 600, 250);
		assert_eq!(reward(0), 1_000_000);
		assert_eq!(reward(300), 987_500);
		assert_eq!(reward(600), 975_000);
		assert_eq!(reward(601), 975_000);
		assert_eq!(reward(u64::MAX), 975_000);
		assert_eq!(reward_after_delay(1_000_000u128, 5, 0, 250), 1_000_000);
		assert_eq!(reward_after_delay(1_000_000u128, 5, 5, u32::MAX), 0);
		assert_eq!(reward_after_delay(u128::MAX, 0, 600, 250), u128::MAX);
	}
}
