// SPDX-License-Identifier: Apache-2.0

//! Effective values of the governed parameters (rule R16).
//!
//! Each has a function of its own, because a runtime can keep them in storage: a call reads only
//! those that it needs.

use crate::{
	pallet::*,
	rules::parameters::{
		clamp, Parameters, EJECTION_THRESHOLD, EXIT_PERIOD, MIN_CAPACITY, MIN_CHANGE_DELAY,
		MIN_STAKE_PER_CAPACITY, SLASH_MULTIPLIER, SLASH_POINTS,
	},
};
use frame_support::traits::Get;

impl<T: Config> Pallet<T> {
	/// Returns the effective exit period, in seconds.
	pub(crate) fn exit_period() -> u64 {
		clamp(T::ExitPeriod::get(), EXIT_PERIOD)
	}

	/// Returns the effective minimum time before a change, in seconds.
	pub(crate) fn min_change_delay() -> u64 {
		clamp(T::MinChangeDelay::get(), MIN_CHANGE_DELAY)
	}

	/// Returns the effective minimum capacity, in rollup blocks.
	pub(crate) fn min_capacity() -> u16 {
		clamp(T::MinCapacity::get(), MIN_CAPACITY)
	}

	/// Returns the effective minimum stake for each unit of capacity, in whole tokens.
	pub(crate) fn min_stake_per_capacity() -> u32 {
		clamp(T::MinStakePerCapacity::get(), MIN_STAKE_PER_CAPACITY)
	}

	/// Returns the effective slashed share for a missed block, in basis points.
	pub(crate) fn slash_points() -> u32 {
		clamp(T::SlashPoints::get(), SLASH_POINTS)
	}

	/// Returns the effective minimum slash, as a multiple of a block's reward.
	pub(crate) fn slash_multiplier() -> u32 {
		clamp(T::SlashMultiplier::get(), SLASH_MULTIPLIER)
	}

	/// Returns the effective threshold of ejection, in basis points.
	pub(crate) fn ejection_threshold() -> u32 {
		clamp(T::EjectionThreshold::get(), EJECTION_THRESHOLD)
	}

	/// Returns all effective values.
	pub(crate) fn effective_parameters() -> Parameters {
		Parameters {
			exit_period: Self::exit_period(),
			min_change_delay: Self::min_change_delay(),
			min_capacity: Self::min_capacity(),
			min_stake_per_capacity: Self::min_stake_per_capacity(),
			slash_points: Self::slash_points(),
			slash_multiplier: Self::slash_multiplier(),
			ejection_threshold: Self::ejection_threshold(),
		}
	}
}
