// SPDX-License-Identifier: Apache-2.0

//! Governed values, and values that only a runtime upgrade changes.

/// Values that governance sets: of the rollup (R16), and of the pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameters {
	pub min_fee: u16,
	pub min_window: u64,
	pub cooldown: u64,
	pub rescuer_share: u32,
	pub exit_period: u64,
	pub min_change_delay: u64,
	pub min_capacity: u16,
	pub min_stake_per_capacity: u32,
	pub slash_points: u32,
	pub slash_multiplier: u32,
	pub ejection_threshold: u32,
}

impl Parameters {
	/// Returns the values within their ranges (R16).
	pub fn clamped(&self, config: &Config) -> Self {
		let ten_ticks = (10 * config.max_tick).div_ceil(1_000);
		let month = 30 * 86_400;
		Self {
			// Below it the tolerance is rounded to nothing, and no price could raise the fee.
			min_fee: self.min_fee.max(4),
			min_window: self.min_window.min(config.max_window).max(ten_ticks),
			cooldown: self.cooldown.min(month).max(ten_ticks),
			rescuer_share: self.rescuer_share.min(9_000),
			..self.within_ranges_of_the_pool()
		}
	}
}

impl Parameters {
	/// Returns the values of the pool within their ranges.
	///
	/// Each call of the pool reads them itself, those of the rollup hold for a whole chain block.
	pub fn within_ranges_of_the_pool(&self) -> Self {
		Self {
			exit_period: self.exit_period.clamp(60, 60 * 86_400),
			min_change_delay: self.min_change_delay.min(86_400),
			min_capacity: self.min_capacity.clamp(1, 1_000),
			min_stake_per_capacity: self.min_stake_per_capacity.clamp(500, 1_000_000),
			slash_points: self.slash_points.clamp(1, 1_000),
			slash_multiplier: self.slash_multiplier.clamp(1, 100),
			ejection_threshold: self.ejection_threshold.min(10_000),
			..self.clone()
		}
	}
}

/// Values that only a runtime upgrade changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
	/// Value of one whole token.
	pub one_token: u128,
	/// Minimum balance of an account.
	pub existential_deposit: u128,
	/// Slots of the pool.
	pub max_provers: u16,
	/// Maximum tick of the clock, in milliseconds.
	pub max_tick: u64,
	/// Maximum proof window, in seconds.
	pub max_window: u64,
	pub base_gas: u64,
	pub gas_per_byte: u64,
	pub max_gas_limit: u64,
	/// Gas over which the averages run.
	pub average_gas: u64,
	pub bounty_multiplier: u128,
	/// Maximum number of keys.
	pub max_keys: usize,
	/// Maximum penalty for a delay, in basis points.
	pub max_penalty: u128,
	pub max_unsettled: u64,
	pub max_drawn: u64,
	pub max_proven: u64,
	pub max_swept: u64,
	pub max_settled: u64,
}

/// Returns `RewardTolerance`, 25 %, of a fee. It is rounded down: both ends are within it (rule 17).
fn tolerance(fee: u64) -> u64 {
	fee / 4
}

/// Returns fee plus `RewardTolerance`: the most that a unit of gas can cost (R1). No price of a member
/// is above `u16::MAX`.
pub fn top(fee: u64) -> u64 {
	(fee + tolerance(fee)).min(u16::MAX.into())
}

/// Returns fee less `RewardTolerance`: the least that a unit of gas can cost.
pub fn bottom(fee: u64) -> u64 {
	fee - tolerance(fee)
}

/// Returns a price kept within `RewardTolerance` of the fee (rule 17).
pub fn effective_reward(price: u16, fee: u64) -> u64 {
	u64::from(price).clamp(bottom(fee), top(fee))
}
