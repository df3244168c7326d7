// SPDX-License-Identifier: Apache-2.0

//! Governed values and the ranges in which the rules hold: rule R16.

use codec::{Decode, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Minimum fee for a unit of gas. Below it the tolerance of the pool is rounded to nothing, and no price
/// of a prover could raise the fee.
pub const MIN_FEE_PER_GAS: u16 = 4;
/// Minimum of proof window and cooldown, in ticks of the clock (R10).
pub const MIN_TICKS: u64 = 10;
/// Maximum cooldown: 30 days, in seconds.
pub const MAX_COOLDOWN: u64 = 30 * 24 * 60 * 60;
/// Maximum share of a slash that a rescuer gets, in basis points. With the whole of it a prover that
/// rescues its own blocks by another account would miss them for free.
pub const MAX_RESCUER_SHARE: u32 = 9_000;

/// Values that governance sets.
#[derive(Encode, Decode, MaxEncodedLen, TypeInfo, Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Parameters {
	/// Minimum fee for a unit of gas. At least [`MIN_FEE_PER_GAS`].
	pub min_fee_per_gas: u16,
	/// Minimum proof window, in seconds. From ten ticks to the maximum window.
	pub min_proof_window: u64,
	/// Cooldown, in seconds. From ten ticks to [`MAX_COOLDOWN`].
	pub cooldown: u64,
	/// Share of a slash that the rescuer gets, in basis points. At most [`MAX_RESCUER_SHARE`].
	pub rescuer_share: u32,
}

impl Parameters {
	/// Returns the effective values: each is moved to the nearest bound of its range.
	///
	/// `max_tick` is in milliseconds, `max_proof_window` in seconds.
	pub fn clamped(self, max_tick: u64, max_proof_window: u64) -> Self {
		let shortest = min_period(max_tick);
		Self {
			min_fee_per_gas: self.min_fee_per_gas.max(MIN_FEE_PER_GAS),
			min_proof_window: self.min_proof_window.min(max_proof_window).max(shortest),
			cooldown: self.cooldown.min(MAX_COOLDOWN).max(shortest),
			rescuer_share: self.rescuer_share.min(MAX_RESCUER_SHARE),
		}
	}
}

/// Returns ten ticks in seconds, rounded up.
pub fn min_period(max_tick: u64) -> u64 {
	max_tick.saturating_mul(MIN_TICKS).div_ceil(1_000)
}
