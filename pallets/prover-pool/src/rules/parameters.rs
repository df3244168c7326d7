// SPDX-License-Identifier: Apache-2.0

//! Governed values and the ranges in which the rules hold: rule R16.

use codec::{Decode, Encode};
use core::ops::RangeInclusive;
use scale_info::TypeInfo;

/// One day, in seconds.
const DAY: u64 = 24 * 60 * 60;

/// Range of the exit period, in seconds: 1 minute to 60 days. A longer one would lock stakes in.
/// However short it is, no stake leaves while misses are undecided that it stands for (rule 15).
pub const EXIT_PERIOD: RangeInclusive<u64> = 60..=60 * DAY;
/// Range of the minimum time between a stake and its next change, in seconds: 0 to 1 day. A longer
/// one would lock members in.
pub const MIN_CHANGE_DELAY: RangeInclusive<u64> = 0..=DAY;
/// Range of the minimum capacity, in rollup blocks.
pub const MIN_CAPACITY: RangeInclusive<u16> = 1..=1_000;
/// Range of the minimum stake for each unit of capacity, in whole tokens. At the lowest, a slash for
/// a reward of 2.5 tokens at the highest [`SLASH_MULTIPLIER`] takes half of the smallest stake. The
/// minimum stake for the largest minimum capacity is 10⁹ tokens, which fits a `u32`.
pub const MIN_STAKE_PER_CAPACITY: RangeInclusive<u32> = 500..=1_000_000;
/// Range of the slashed share for a missed block, in basis points: at most 10 %.
pub const SLASH_POINTS: RangeInclusive<u32> = 1..=1_000;
/// Range of the minimum slash, as a multiple of the block's reward. With less than the reward a
/// miss could pay.
pub const SLASH_MULTIPLIER: RangeInclusive<u32> = 1..=100;
/// Range of the share of the minimum stake below which a slashed member is ejected, in basis
/// points. 0 disables ejection.
pub const EJECTION_THRESHOLD: RangeInclusive<u32> = 0..=10_000;

/// Effective values of the governed parameters.
#[derive(Encode, Decode, TypeInfo, Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parameters {
	/// Exit period, in seconds. Within [`EXIT_PERIOD`].
	pub exit_period: u64,
	/// Minimum time between a member's stake and its next change or exit, in seconds. Within
	/// [`MIN_CHANGE_DELAY`].
	pub min_change_delay: u64,
	/// Minimum capacity, in rollup blocks. Within [`MIN_CAPACITY`].
	pub min_capacity: u16,
	/// Minimum stake for each unit of capacity, in whole tokens. Within
	/// [`MIN_STAKE_PER_CAPACITY`].
	pub min_stake_per_capacity: u32,
	/// Slashed share for a missed block, in basis points. Within [`SLASH_POINTS`].
	pub slash_points: u32,
	/// Minimum slash for a missed block, as a multiple of its reward. Within
	/// [`SLASH_MULTIPLIER`].
	pub slash_multiplier: u32,
	/// Share of the minimum stake below which a slashed member is ejected, in basis points. Within
	/// [`EJECTION_THRESHOLD`].
	pub ejection_threshold: u32,
}

/// Returns the effective value: `value`, moved to the nearest bound of `range`.
pub fn clamp<Value: Ord + Copy>(value: Value, range: RangeInclusive<Value>) -> Value {
	value.max(*range.start()).min(*range.end())
}
