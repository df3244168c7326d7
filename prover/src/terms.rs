// SPDX-License-Identifier: Apache-2.0

//! Time, lifetime and tip of the transaction with a proof.

use crate::{
	chain::{Assigned, Terms},
	queue::Right,
};
use sha2::{Digest, Sha256};
use subxt::utils::AccountId32;

/// Maximum delay before an open block is proven, in seconds of the rollup's clock. The delays of
/// different provers differ, so that they rarely work on the same block.
pub const MAX_RESCUE_DELAY: u64 = 30;

/// Lifetime of the transaction that proves an open block, in chain blocks. A short one lets the tip
/// rise soon.
const RESCUE_MORTALITY: u64 = 8;

/// Number of attempts after which a rescue carries its maximum tip.
const TIP_STEPS: u128 = 4;

/// Limits of the lifetime of a transaction, in chain blocks. The chain demands powers of two.
const MORTALITY: std::ops::RangeInclusive<u64> = 4..=64;

/// Additional delay of a program that stands by, so that it rescues only what the one in charge does not.
const STANDBY_DELAY: u64 = 60;

/// Returns the delay after which this account proves an open block, in seconds.
pub fn rescue_delay(account: &AccountId32, block_id: u64, in_charge: bool) -> u64 {
	let mut hasher = Sha256::new();
	hasher.update(account.0);
	hasher.update(block_id.to_le_bytes());
	let digest: [u8; 32] = hasher.finalize().into();
	let delay = u64::from(digest[0]) % (MAX_RESCUE_DELAY + 1);
	match in_charge {
		true => delay,
		// Cannot overflow: both are short.
		false => delay + STANDBY_DELAY,
	}
}

/// Returns the second of the rollup's clock from which on the proof of a reserved block is sent.
///
/// A program that stands by leaves the first half of the window to the one in charge.
pub fn send_at(assigned: &Assigned, in_charge: bool) -> u64 {
	let window = assigned.deadline.saturating_sub(assigned.drawn_at);
	match in_charge {
		true => assigned.drawn_at,
		false => assigned.drawn_at.saturating_add(window / 2),
	}
}

/// Returns the terms of the transaction with a proof.
///
/// The proof of a reserved block expires early enough for three more attempts before the deadline, if
/// the minimum lifetime allows it.
/// It has priority and carries no tip, until a failed transaction has used the priority. Other tips
/// rise with the failed attempts, up to `max_tip_percent` of the reward.
pub fn terms(
	right: Right,
	now: u64,
	max_tick: u64,
	attempts: u32,
	reward: u128,
	max_tip_percent: u8,
) -> Terms {
	let max_tip = reward / 100 * u128::from(max_tip_percent.min(100));
	// Cannot overflow: the tip is at most the reward, which is below 2^100.
	let tip = max_tip / TIP_STEPS * u128::from(attempts).min(TIP_STEPS);
	match right {
		Right::Reserved { deadline, has_lane } => {
			let blocks = deadline.saturating_sub(now) / max_tick.max(1) / 4;
			// The largest power of two that is not above the number.
			let mortality = 1u64 << blocks.max(1).ilog2();
			Terms {
				mortality: mortality.clamp(*MORTALITY.start(), *MORTALITY.end()),
				tip: if has_lane { 0 } else { tip },
			}
		},
		Right::Open => Terms { mortality: RESCUE_MORTALITY, tip },
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const RESERVED: Right = Right::Reserved { deadline: 600, has_lane: true };

	fn mortality(now: u64) -> u64 {
		terms(RESERVED, now, 6, 9, 1_000, 10).mortality
	}

	#[test]
	fn provers_start_a_rescue_at_different_times() {
		let delays: std::collections::BTreeSet<u64> = (0..32)
			.map(|account| rescue_delay(&AccountId32([account; 32]), 7, true))
			.collect();
		assert!(delays.len() > 10, "{delays:?}");
		assert!(delays.iter().all(|delay| *delay <= MAX_RESCUE_DELAY));
		let account = AccountId32([1; 32]);
		let delay = |block_id| rescue_delay(&account, block_id, true);
		assert_eq!(delay(7), delay(7));
		assert!((0..10).any(|block_id| delay(block_id) != delay(7)));
		// A program that stands by rescues, too, when the one in charge does not.
		assert!(rescue_delay(&account, 7, false) > MAX_RESCUE_DELAY);
	}

	#[test]
	fn a_program_that_stands_by_waits_for_half_of_the_window() {
		let assigned = Assigned {
			prover: AccountId32([1; 32]),
			drawn_at: 100,
			deadline: 700,
			has_used_lane: false,
		};
		assert_eq!(send_at(&assigned, true), 100);
		assert_eq!(send_at(&assigned, false), 400);
	}

	#[test]
	fn a_transaction_lives_for_a_quarter_of_the_time_left_within_limits() {
		// 100, 50 and 16 chain blocks are left, of which a quarter counts.
		assert_eq!(mortality(0), 16);
		assert_eq!(mortality(300), 8);
		assert_eq!(mortality(504), 4);
		assert_eq!(mortality(599), 4);
		assert_eq!(mortality(700), 4);
		let late = Right::Reserved { deadline: 90_000, has_lane: true };
		assert_eq!(terms(late, 0, 6, 0, 0, 0).mortality, 64);
	}

	#[test]
	fn a_proof_with_priority_carries_no_tip() {
		assert_eq!(terms(RESERVED, 0, 6, 9, 1_000, 10).tip, 0);
	}

	#[test]
	fn the_tip_of_another_proof_rises_to_its_maximum() {
		for right in [Right::Open, Right::Reserved { deadline: 600, has_lane: false }] {
			let tip = |attempts| terms(right, 0, 6, attempts, 1_000, 10).tip;
			assert_eq!([0, 1, 2, 4, 5, u32::MAX].map(tip), [0, 25, 50, 100, 100, 100]);
		}
		assert_eq!(terms(Right::Open, 0, 6, 4, 1_000, 0).tip, 0);
		assert!(terms(Right::Open, 0, 6, 4, u128::MAX >> 28, 255).tip < u128::MAX >> 28);
	}
}
