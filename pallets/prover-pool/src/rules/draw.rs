// SPDX-License-Identifier: Apache-2.0

//! Weights, and the choice of a prover by them: rules 17 to 19 and 21.

use super::BASIS_POINTS;
use crate::types::{Prover, ProverId};
use alloc::vec::Vec;
use sp_core::U256;

/// The price at which a block with this fee is proven (rule 17): the prover's own, kept within
/// `tolerance` basis points of the fee on either side.
///
/// Both bounds are rounded towards the fee, so the price never lies outside of them, and for a
/// fee and a price above 0 it is above 0.
pub fn effective_reward(reward_per_gas: u16, fee_per_gas: u32, tolerance: u32) -> u32 {
	let fee = u64::from(fee_per_gas);
	let whole = u64::from(BASIS_POINTS);
	// Cannot overflow: a fee below 2^32 times at most 20,000. The tolerance is below the whole,
	// which `integrity_test` ensures; were it not, the lower bound would be 0.
	let tolerance = u64::from(tolerance.min(BASIS_POINTS));
	let lowest = (fee * (whole - tolerance)).div_ceil(whole);
	let highest = fee * (whole + tolerance) / whole;
	let effective = u64::from(reward_per_gas).clamp(lowest, highest);
	// At most the price or, where the bound lifts it, the fee: both fit.
	effective as u32
}

/// What counts for a prover in the draw (rule 18), exactly and floored; 0 for one that cannot be
/// drawn: an empty slot, no stake, no capacity or no fee.
pub fn weight(prover: &Prover, fee_per_gas: u32, tolerance: u32) -> u128 {
	if prover.is_vacant() || fee_per_gas == 0 {
		return 0;
	}
	let fee = u128::from(fee_per_gas);
	let reward = u128::from(effective_reward(prover.reward_per_gas, fee_per_gas, tolerance));
	// Cannot overflow: 32 + 16 + 64 bits. `reward` is above 0, because fee and price are. Two
	// floored divisions make the same as one by the square, and take less than half the time in
	// WebAssembly where numbers are largest, which is what a weight is for.
	u128::from(prover.staked_amount) * u128::from(prover.current_capacity) * (fee * fee)
		/ reward
		/ reward
}

/// The weights of all slots in order, and their sum. The `newcomers` weigh nothing (rule 21).
pub fn weights(
	slots: &[Prover],
	newcomers: &[ProverId],
	fee_per_gas: u32,
	tolerance: u32,
) -> (Vec<u128>, u128) {
	let mut weights: Vec<u128> =
		slots.iter().map(|prover| weight(prover, fee_per_gas, tolerance)).collect();
	for id in newcomers {
		if let Some(weight) = weights.get_mut(id.index()) {
			*weight = 0;
		}
	}
	// Cannot overflow: no price is below 1 / 10,000 of the fee, so a weight is below 2^75, and
	// there are fewer than 2^16 of them.
	let total = weights.iter().sum();
	(weights, total)
}

/// Which slot a uniformly random `seed` draws: each with probability weight ÷ total, `None` when
/// nobody has any weight.
///
/// The seed has 256 bits and a total fewer than 128, so no slot's probability is off by more than
/// 2⁻¹²⁸ (rule 19).
pub fn choose(weights: &[u128], total: u128, seed: [u8; 32]) -> Option<usize> {
	let ticket = U256::from_big_endian(&seed).checked_rem(U256::from(total))?;
	// Below a total of 128 bits.
	let mut ticket = ticket.low_u128();
	weights.iter().position(|weight| match ticket.checked_sub(*weight) {
		Some(rest) => {
			ticket = rest;
			false
		},
		None => true,
	})
}
