// SPDX-License-Identifier: Apache-2.0

//! Bounty of a missed block: rule R7.

use super::BASIS_POINTS;
use sp_runtime::{traits::AtLeast32BitUnsigned, Perbill};

/// Returns the bounty: `share` basis points of the slash, at most `multiplier` basis points of what
/// the proposer pays for the block.
pub fn bounty<Balance: AtLeast32BitUnsigned + Copy>(
	slashed: Balance,
	share: u32,
	paid: Balance,
	multiplier: u32,
) -> Balance {
	let share = Perbill::from_rational(share, BASIS_POINTS).mul_floor(slashed);
	let (points, multiplier) = (Balance::from(BASIS_POINTS), Balance::from(multiplier));
	// A product that saturates is above every slash. The one of the rest takes 46 bits.
	let whole = (paid / points).saturating_mul(multiplier);
	let rest = (paid % points).saturating_mul(multiplier) / points;
	share.min(whole.saturating_add(rest))
}
