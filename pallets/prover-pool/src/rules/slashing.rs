// SPDX-License-Identifier: Apache-2.0

//! The amount of a slash, its accounting, and ejection: rules 26 to 28.

use super::{membership::min_stake, BASIS_POINTS};
use crate::types::{Prover, Staker};
use frame_support::traits::DefensiveSaturating;
use sp_runtime::traits::AtLeast32BitUnsigned;

/// Returns `multiplier` × `proof_reward` in whole tokens, rounded up (rule 27).
///
/// A result beyond `u32::MAX` is capped there: no stake is larger, and a slash takes at most the
/// stake.
pub fn reward_in_tokens<Balance: AtLeast32BitUnsigned + Copy>(
	proof_reward: Balance,
	multiplier: u32,
	one_token: Balance,
) -> u32 {
	if one_token.is_zero() {
		// Refused by `integrity_test`.
		return u32::MAX;
	}
	let Some(product) = proof_reward.checked_mul(&multiplier.into()) else {
		return u32::MAX;
	};
	let tokens: u128 = (product / one_token).unique_saturated_into();
	let is_exact = (product % one_token).is_zero();
	let rounded_up = if is_exact { Some(tokens) } else { tokens.checked_add(1) };
	rounded_up.and_then(|tokens| u32::try_from(tokens).ok()).unwrap_or(u32::MAX)
}

/// Returns the amount to slash for a missed block, in whole tokens (rule 27). It is 0 only if
/// nothing is slashable.
pub fn slash_amount(slashable: u32, slash_points: u32, reward_in_tokens: u32) -> u32 {
	// Cannot overflow: 32 + 32 bits.
	let share = u64::from(slashable) * u64::from(slash_points) / u64::from(BASIS_POINTS);
	let amount = share.max(u64::from(reward_in_tokens)).max(1).min(u64::from(slashable));
	// Fits: at most `slashable`.
	amount as u32
}

/// Deducts a slashed `amount`, first from the immature exit and then from the stake (rules 26 and
/// 27).
pub fn deduct(slot: Option<&mut Prover>, staker: &mut Staker, amount: u32, immature_exit: u32) {
	let from_exit = amount.min(immature_exit);
	if from_exit > 0 {
		staker.reduce_exit(from_exit);
	}
	if let Some(slot) = slot {
		slot.staked_amount = slot.staked_amount.defensive_saturating_sub(amount - from_exit);
	}
}

/// Returns `true` if a stake is below `threshold` basis points of the minimum stake for its
/// capacity (rule 28).
pub fn is_ejected(
	staked_amount: u32,
	max_capacity: u16,
	min_stake_per_capacity: u32,
	threshold: u32,
) -> bool {
	// Cannot overflow: 48 + 32 bits.
	let min_stake =
		u128::from(min_stake(max_capacity, min_stake_per_capacity)) * u128::from(threshold);
	u128::from(staked_amount) * u128::from(BASIS_POINTS) < min_stake
}
