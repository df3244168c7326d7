// SPDX-License-Identifier: Apache-2.0

//! Weight of an offer in the draw, by rules 17 and 18 of the pool.

use crate::chain::PoolEntry;

/// Number of basis points in a whole.
const BASIS_POINTS: u64 = 10_000;

/// Returns the range of prices that count at a fee, in the smallest unit of the currency.
pub fn prices(fee_per_gas: u32, tolerance: u32) -> (u64, u64) {
	let (fee, tolerance) = (u64::from(fee_per_gas), u64::from(tolerance).min(BASIS_POINTS));
	let lowest = (fee * (BASIS_POINTS - tolerance)).div_ceil(BASIS_POINTS);
	let highest = fee * (BASIS_POINTS + tolerance) / BASIS_POINTS;
	(lowest, highest)
}

/// Returns the price at which a block with this fee is proven.
pub fn effective_price(price: u16, fee_per_gas: u32, tolerance: u32) -> u64 {
	let (lowest, highest) = prices(fee_per_gas, tolerance);
	u64::from(price).clamp(lowest, highest.max(lowest))
}

/// Returns the weight of an offer.
pub fn weight(offer: &PoolEntry, fee_per_gas: u32, tolerance: u32) -> f64 {
	let price = effective_price(offer.reward_per_gas, fee_per_gas, tolerance);
	if price == 0 {
		return 0.0;
	}
	let part = f64::from(fee_per_gas) / price as f64;
	f64::from(offer.staked_amount) * f64::from(offer.current_capacity) * part * part
}

/// Returns the probability that `offer` is drawn among `others`.
pub fn odds(offer: &PoolEntry, others: &[PoolEntry], fee_per_gas: u32, tolerance: u32) -> f64 {
	let own = weight(offer, fee_per_gas, tolerance);
	let all: f64 = others.iter().map(|other| weight(other, fee_per_gas, tolerance)).sum();
	match own > 0.0 {
		true => own / (own + all),
		false => 0.0,
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const FEE: u32 = 10_000;
	const TOLERANCE: u32 = 2_500;

	fn offer(staked_amount: u32, reward_per_gas: u16, current_capacity: u16) -> PoolEntry {
		PoolEntry { staked_amount, reward_per_gas, current_capacity }
	}

	#[test]
	fn a_price_counts_within_the_tolerance_of_the_fee() {
		assert_eq!(prices(FEE, TOLERANCE), (7_500, 12_500));
		for (price, effective) in [(1, 7_500), (7_500, 7_500), (9_000, 9_000), (65_535, 12_500)] {
			assert_eq!(effective_price(price, FEE, TOLERANCE), effective);
		}
	}

	#[tokio::test]
	async fn odds_are_those_of_the_pallet() {
		use crate::chain::fake::FakeNode;
		use prover_pool_runtime::Runtime;
		let node = FakeNode::development();
		let mut weights = (vec![], 0);
		node.add(vec![], vec![], || {
			pallet_prover_pool::Provers::<Runtime>::mutate(|pool| {
				// A price below the tolerance, and fewer free blocks.
				pool.slots[0].reward_per_gas = 1;
				pool.slots[1].current_capacity = 2;
			});
			weights = pallet_prover_pool::Pallet::<Runtime>::get_weights(FEE);
		});
		let best = node.connect().await.best().await.unwrap();
		let offers: Vec<_> =
			best.members().await.unwrap().into_iter().map(|(_, _, entry)| entry).collect();
		let tolerance = best.reward_tolerance().unwrap();
		assert_eq!(offers.len(), 2);
		for (index, own) in offers.iter().enumerate() {
			let others = [offers[1 - index].clone()];
			let expected = weights.0[index] as f64 / weights.1 as f64;
			let found = odds(own, &others, FEE, tolerance);
			assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
		}
	}

	#[test]
	fn nothing_is_drawn_without_capacity_or_fee() {
		assert_eq!(odds(&offer(60_000, 9_000, 0), &[], FEE, TOLERANCE), 0.0);
		assert_eq!(odds(&offer(60_000, 9_000, 6), &[], 0, TOLERANCE), 0.0);
		assert_eq!(odds(&offer(60_000, 9_000, 6), &[], FEE, TOLERANCE), 1.0);
	}
}
