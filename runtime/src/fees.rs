// SPDX-License-Identifier: Apache-2.0

//! Prices of transactions.

use crate::{
	constants::{MICRO_UNIT, MILLI_UNIT},
	Balance, Runtime,
};
use frame_support::{
	parameter_types,
	weights::{
		constants::{WEIGHT_PROOF_SIZE_PER_KB, WEIGHT_REF_TIME_PER_MILLIS},
		ConstantMultiplier, Weight,
	},
};
use pallet_transaction_payment::{Multiplier, TargetedFeeAdjustment};
use sp_runtime::{traits::Bounded, FixedPointNumber, Perquintill};

/// Charges for the scarcer of the two resources of a block.
///
/// A block has 2 s of computation and 5 MiB of proof ([`RuntimeBlockWeights`]). A full block costs
/// about 20 tokens by either of them: a millisecond costs as much as 2.5 KiB.
///
/// [`RuntimeBlockWeights`]: crate::configs::RuntimeBlockWeights
pub struct WeightToFee;

impl WeightToFee {
	/// Price of a millisecond of computation.
	const PER_MILLISECOND: Balance = 10 * MILLI_UNIT;
	/// Price of a KiB of proof.
	const PER_KB: Balance = 4 * MILLI_UNIT;
}

impl frame_support::weights::WeightToFee for WeightToFee {
	type Balance = Balance;

	fn weight_to_fee(weight: &Weight) -> Balance {
		let time = Balance::from(weight.ref_time()).saturating_mul(Self::PER_MILLISECOND)
			/ Balance::from(WEIGHT_REF_TIME_PER_MILLIS);
		let proof = Balance::from(weight.proof_size()).saturating_mul(Self::PER_KB)
			/ Balance::from(WEIGHT_PROOF_SIZE_PER_KB);
		time.max(proof)
	}
}

parameter_types! {
	/// Price of a byte of a transaction. The largest rollup payload (128 KiB) costs about 0.66
	/// tokens, and a block full of transactions about 11.
	pub const TransactionByteFee: Balance = 5 * MICRO_UNIT;
	/// Fullness of blocks at which fees do not change. They fall below it and rise above it.
	pub const TargetBlockFullness: Perquintill = Perquintill::from_percent(25);
	/// Speed of the change of fees. A day of full blocks multiplies fees by about 2.2.
	pub AdjustmentVariable: Multiplier = Multiplier::saturating_from_rational(75, 1_000_000);
	/// Minimum multiplier of fees: a tenth, from which full blocks restore the fees within days.
	pub MinimumMultiplier: Multiplier = Multiplier::saturating_from_rational(1, 10);
	/// Maximum multiplier of fees: no bound, because only a permanently full chain would reach one.
	pub MaximumMultiplier: Multiplier = Bounded::max_value();
}

/// Price of a transaction's length.
pub type LengthToFee = ConstantMultiplier<Balance, TransactionByteFee>;

/// Adjustment of fees to demand.
pub type FeeMultiplierUpdate = TargetedFeeAdjustment<
	Runtime,
	TargetBlockFullness,
	AdjustmentVariable,
	MinimumMultiplier,
	MaximumMultiplier,
>;

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{configs::RuntimeBlockWeights, constants::UNIT};
	use frame_support::weights::WeightToFee as _;

	#[test]
	fn a_full_block_costs_about_the_same_by_time_and_by_proof() {
		let block = RuntimeBlockWeights::get().max_block;
		let by_time = WeightToFee::weight_to_fee(&Weight::from_parts(block.ref_time(), 0));
		let by_proof = WeightToFee::weight_to_fee(&Weight::from_parts(0, block.proof_size()));
		assert_eq!(by_time, 20 * UNIT);
		assert_eq!(by_proof, 20_480 * MILLI_UNIT);
		assert_eq!(WeightToFee::weight_to_fee(&block), by_proof);
	}

	#[test]
	fn the_heaviest_weight_does_not_overflow() {
		assert!(WeightToFee::weight_to_fee(&Weight::MAX) > UNIT);
		assert_eq!(WeightToFee::weight_to_fee(&Weight::zero()), 0);
	}
}
