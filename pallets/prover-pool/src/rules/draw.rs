// SPDX-License-Identifier: Apache-2.0

//! Weights, and the draw of a prover by weight: rules 17 to 19.

use super::BASIS_POINTS;
use crate::types::Prover;
use alloc::vec::Vec;
use sp_core::U256;

/// Returns the price at which a block with this fee is proven (rule 17): the prover's price, kept
/// within `tolerance` basis points of the fee.
///
/// Both bounds are rounded towards the fee, so the price never lies outside of the tolerance. It
/// is above 0 if fee and price are.
pub fn effective_reward(reward_per_gas: u16, fee_per_gas: u32, tolerance: u32) -> u32 {
	let fee = u64::from(fee_per_gas);
	let whole = u64::from(BASIS_POINTS);
	// Cannot overflow: a fee below 2^32 times at most 20,000. `integrity_test` ensures that the
	// tolerance is below the whole; if it were not, the lower bound would be 0.
	let tolerance = u64::from(tolerance.min(BASIS_POINTS));
	let lowest = (fee * (whole - tolerance)).div_ceil(whole);
	let highest = fee * (whole + tolerance) / whole;
	let effective = u64::from(reward_per_gas).clamp(lowest, highest);
	// Fits: at most the price, or the lower bound where that is higher, which is at most the fee.
	effective as u32
}

/// Returns the weight of a prover in the draw (rule 18), floored.
///
/// The weight is 0 for an empty slot, and without stake, capacity or fee.
pub fn weight(prover: &Prover, fee_per_gas: u32, tolerance: u32) -> u128 {
	if prover.is_vacant() || fee_per_gas == 0 {
		return 0;
	}
	let fee = u128::from(fee_per_gas);
	let reward = u128::from(effective_reward(prover.reward_per_gas, fee_per_gas, tolerance));
	// Cannot overflow: 32 + 16 + 64 bits. `reward` is above 0, because fee and price are. Two
	// floored divisions equal one by the square. In WebAssembly they take less than half of its
	// time with the largest numbers, which are the ones that a declared weight counts.
	u128::from(prover.staked_amount) * u128::from(prover.current_capacity) * (fee * fee)
		/ reward
		/ reward
}

/// Returns the weights of all slots in order, and their sum.
pub fn weights(slots: &[Prover], fee_per_gas: u32, tolerance: u32) -> (Vec<u128>, u128) {
	let weights: Vec<u128> =
		slots.iter().map(|prover| weight(prover, fee_per_gas, tolerance)).collect();
	// Cannot overflow: no price is below 1 / 10,000 of the fee, so a weight is below 2^75, and
	// there are fewer than 2^16 of them.
	let total = weights.iter().sum();
	(weights, total)
}

/// Returns the index of the slot that a uniformly random `seed` draws, or `None` if `total` is 0.
///
/// Each slot is drawn with probability weight ÷ total. The seed has 256 bits and the total at most
/// 128, so no probability is off by more than 2⁻¹²⁸ (rule 19).
pub fn choose(weights: &[u128], total: u128, seed: [u8; 32]) -> Option<usize> {
	let ticket = U256::from_big_endian(&seed).checked_rem(U256::from(total))?;
	// Fits: below `total`.
	let mut ticket = ticket.low_u128();
	weights.iter().position(|weight| match ticket.checked_sub(*weight) {
		Some(rest) => {
			ticket = rest;
			false
		},
		None => true,
	})
}
