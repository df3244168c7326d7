// SPDX-License-Identifier: Apache-2.0

//! Attack 5: an attacker that earns by misses.
//!
//! Filling blocks causes no miss, because proofs have priority. These ways remain:
//!
//! 1. To miss one's own blocks and to rescue them. It costs the slash.
//! 2. To be paid for blocks of one's own, proposed at the highest limit and without gas. Their
//!    bounty is compared with the fees that keep one proof out until its deadline.
//! 3. To fill the lane by proofs of one's own blocks, true or junk; see `stuffing.rs`.
//! 4. To push the average delay, and so the window, down. It takes half of all gas; see
//!    `averages.rs`.

use super::{
	terms::{run_on, take, terms},
	*,
};
use crate::WeightInfo as _;
use frame_support::traits::fungible::Inspect as _;
use proptest::prelude::*;
use std::cell::Cell;

/// Assigned prover, proposer and rescuer.
pub(super) const PROVER: AccountId = 2;

fn wealth(accounts: &[AccountId]) -> Balance {
	accounts.iter().map(Balances::total_balance).sum()
}

/// Proposes a block, has it missed and rescued, and settles it. Returns its settlement.
fn miss_and_rescue(gas_limit: u32, gas_used: u32) -> Settlement {
	miss_and_rescue_after(gas_limit, gas_used, || ())
}

/// Does so, and lets the assigned prover do something before its deadline passes.
fn miss_and_rescue_after(gas_limit: u32, gas_used: u32, after_draw: impl FnOnce()) -> Settlement {
	assert_ok!(propose_as(PROPOSER, gas_limit, u32::MAX));
	next_block();
	let deadline = deadline(1);
	after_draw();
	skip(deadline.saturating_sub(now()));
	while !is_missed(1) {
		next_block();
	}
	let transition = Transition { gas_used, ..next_transition() };
	assert_ok!(prove_as(RESCUER, RESCUER, 1, transition));
	skip(Rollup::parameters().cooldown);
	settlements().remove(0)
}

/// Fee of a transaction at a hundredth of the multiplier: 10 milli-tokens for a millisecond, or 4
/// for a KiB of the proof of validity.
fn fee(weight: Weight, multiplier: u128) -> Balance {
	let time = Balance::from(weight.ref_time()) * 10 / 1_000_000_000 * (TOKEN / 1_000);
	let proof = Balance::from(weight.proof_size()) * 4 * (TOKEN / 1_000) / 1_024;
	time.max(proof) * multiplier / 100
}

/// Fee of a failed proof.
pub(super) fn fee_of_junk(multiplier: u128) -> Balance {
	fee_of_refused(Rollup::prove_weight(), multiplier)
}

/// Returns the fee of a refused proof that pays for this weight.
pub(super) fn fee_of_refused(weight: Weight, multiplier: u128) -> Balance {
	fee(weight + <Test as crate::Config>::WeightInfo::extension(), multiplier)
}

/// Returns the fee of a proposal of one of the tests' blocks.
pub(super) fn fee_of_proposal(multiplier: u128) -> Balance {
	fee(<Test as crate::Config>::WeightInfo::propose_block(SIZE), multiplier)
}

/// Fee that fills the lane for half of the shortest window.
fn fee_of_a_full_lane(multiplier: u128) -> Balance {
	let chain_blocks = Balance::from(crate::rules::parameters::MIN_TICKS / 2);
	chain_blocks * Balance::from(MaxDrawnPerBlock::get()) * fee_of_junk(multiplier)
}

/// Gas charged at most for a block without gas of this project: the base and the largest payload.
pub(super) const MAX_CHARGED_WITHOUT_GAS: u32 = 1_000_000 + BYTE_GAS * 128 * 1_024;

/// `BountyMultiplier` up to which way 2 is tested, in basis points.
const MAX_BOUNTY_MULTIPLIER: u32 = 30_000;
/// `BountyMultiplier` of the runtime, in basis points.
pub(super) const BOUNTY_MULTIPLIER: u32 = 25;

/// Way 1: the attacker is proposer, assigned prover and rescuer.
///
/// Gas is charged like a base, so the part of the limit stands for bases up to 30,200,000.
#[test]
fn missing_and_rescuing_ones_own_blocks_always_costs() {
	let (least, least_part, ways_out) = (Cell::new(Balance::MAX), Cell::new(100), Cell::new(0));
	let multiplier = prop_oneof![0..100_000u32, any::<u32>()];
	let strategy = (terms(), multiplier, 1..=30_000_000u32, 0..=100u32);
	proptest!(ProptestConfig::with_cases(256), |(
		(terms, bounty_multiplier, gas_limit, part) in strategy
	)| {
		BountyMultiplier::set(bounty_multiplier);
		run_on(&terms, || {
			let accounts = [PROVER, PROPOSER, RESCUER];
			let before = wealth(&accounts);
			let gas_used = (u64::from(gas_limit) * u64::from(part) / 100) as u32;
			let settled = miss_and_rescue_after(gas_limit, gas_used, || {
				ways_out.set(ways_out.get() + u32::from(take(terms.way_out, terms.price)));
			});
			let lost = before - wealth(&accounts);
			assert_eq!(lost, settled.slashed - settled.bounty);
			assert!(settled.slashed >= TOKEN && lost * 10 >= settled.slashed, "{settled:?}");
			least.set(least.get().min(lost));
			least_part.set(least_part.get().min(lost * 100 / settled.slashed));
		});
	});
	println!(
		"attack 5: 256 own misses on any terms, {} of them after the prover staked less or left: each \
		 costs at least {:.1} tokens and {} % of its slash",
		ways_out.get(),
		tokens(least.get()),
		least_part.get(),
	);
	assert!(ways_out.get() > 0);
}

/// Way 1 with any base, below that of the mock as well: whatever a slash is and a proposer pays.
#[test]
fn a_tenth_of_a_slash_is_lost_at_any_price() {
	let least = Cell::new(100);
	let strategy = (1..=Balance::MAX / 100, any::<Balance>(), any::<u32>(), any::<u32>());
	proptest!(|((slashed, paid, share, multiplier) in strategy)| {
		let parameters = crate::Parameters { rescuer_share: share, ..Default::default() };
		let share = parameters.clamped(6_000, 5_400).rescuer_share;
		let lost = slashed - crate::rules::bounty::bounty(slashed, share, paid, multiplier);
		prop_assert!(lost * 10 >= slashed);
		least.set(least.get().min(lost * 100 / slashed));
	});
	println!("attack 5: own misses at any price: at least {} % of the slash is lost", least.get());
}

/// Way 2: the attacker is proposer and rescuer, and somebody else is slashed.
///
/// The bounty of a block without gas is compared with the fees that fill the lane from half of
/// the shortest window to the deadline. The multiplier of the fees is at its minimum of a
/// tenth, or above. Gas is charged like base and payload, so here it stands for larger ones.
#[test]
fn own_blocks_at_the_highest_limit_without_gas_pay_less_than_keeping_a_proof_out_costs() {
	let most = Cell::new(0);
	let least_charged = BASE_GAS + BYTE_GAS * SIZE;
	let fees = prop_oneof![Just(10u128), 10..100_000u128];
	let charged = least_charged..=MAX_CHARGED_WITHOUT_GAS;
	let multiplier = prop_oneof![
		Just(MAX_BOUNTY_MULTIPLIER),
		Just(BOUNTY_MULTIPLIER),
		0..=MAX_BOUNTY_MULTIPLIER
	];
	let strategy = (terms(), multiplier, charged, fees);
	proptest!(ProptestConfig::with_cases(256), |(
		(terms, bounty_multiplier, charged, multiplier) in strategy
	)| {
		BountyMultiplier::set(bounty_multiplier);
		run_on(&terms, || {
			let accounts = [PROPOSER, RESCUER];
			let before = wealth(&accounts);
			let settled = miss_and_rescue(30_000_000, charged - least_charged);
			let gain = wealth(&accounts) - before;
			assert_eq!(gain, settled.bounty);
			// Not of the limit, which the deposit paid for.
			assert!(gain <= Balance::from(bounty_multiplier) * settled.reward / 10_000);
			assert_eq!(settled.reward % Balance::from(charged), 0);
			// In proportion, at the largest payload.
			let largest = gain * Balance::from(MAX_CHARGED_WITHOUT_GAS) / Balance::from(charged);
			let cost = fee_of_a_full_lane(multiplier);
			assert!(gain < cost && largest < cost, "{gain} or {largest}");
			most.set(most.get().max(largest));
		});
	});
	println!(
		"attack 5: 256 misses of blocks without gas at up to {} times the reward: \
		 bounties of at most {:.2} tokens, a lane that is full for half of the shortest window costs \
		 at least {:.2}",
		MAX_BOUNTY_MULTIPLIER / 10_000,
		tokens(most.get()),
		tokens(fee_of_a_full_lane(10)),
	);
}

/// Way 3: the fee of a junk proof, and the bounties.
#[test]
fn a_junk_proof_in_the_lane_costs_its_fee_and_takes_one_place() {
	for multiplier in [10, 100] {
		let junk = fee_of_junk(multiplier);
		let lane = fee_of_a_full_lane(multiplier);
		println!(
			"attack 5: fees times {}: junk proof {} tokens, lane full for half of the shortest \
			 window {} tokens",
			multiplier as f64 / 100.0,
			tokens(junk),
			tokens(lane),
		);
	}
	for (name, gas) in [("empty", 0u128), ("half full", 15_000_000), ("full", 30_000_000)] {
		// Base gas and bound of a bounty of the runtime.
		let bounty_of =
			|fee: u128| fee * (1_000_000 + gas) * Balance::from(BOUNTY_MULTIPLIER) / 10_000;
		println!(
			"attack 5: highest bounty of a block that is {name}: {} tokens at a price of 10,000, \
			 {} at the highest",
			tokens(bounty_of(10_000)),
			tokens(bounty_of(u16::MAX.into())),
		);
		assert!(bounty_of(u16::MAX.into()) < fee_of_junk(10), "{name}");
	}
	// A block has the lane once, so junk is bounded by the attacker's own assigned blocks.
	run_with(vec![(1, 60_000, FEE as u16, 5)], || {
		propose_and_draw(5);
		assert!(!execute(1, proof_call(1, 2, transition(2), false)));
		let again = validate(1, 0, &proof_call(1, 2, transition(2), false)).unwrap();
		assert_eq!(again.priority, 0);
	});
}

/// The window follows the limit, and the price the gas. A member that is drawn for an own empty
/// block of the highest limit holds all later blocks back for its window.
#[test]
fn an_empty_block_of_the_highest_limit_holds_others_back_for_its_window() {
	MinProofWindow::set(0);
	run_with(vec![(PROVER, 60_000, FEE as u16, 5)], || {
		crate::State::<Test>::mutate(|state| {
			let seconds_per_gas = sp_runtime::FixedU128::from_rational(4, 100_000);
			state.delay = crate::rules::economy::MovingAverage::new(seconds_per_gas);
		});
		assert_ok!(propose_as(PROPOSER, 30_000_000, u32::MAX));
		assert_ok!(propose_as(51, 1, u32::MAX));
		next_block();
		assert_eq!((assigned(1), assigned(2)), (Some(PROVER), Some(PROVER)));
		let [long, short] = [30_000_000, 1].map(|limit| Rollup::proof_window(limit, SIZE));
		while now() + BLOCK <= deadline(1) {
			next_block();
		}
		let transition = Transition { gas_used: 0, ..next_transition() };
		assert_ok!(prove_as(PROVER, PROVER, 1, transition));
		assert_ok!(prove_as(PROVER, PROVER, 2, Transition { gas_used: 1, ..next_transition() }));
		finish();
		let first = &settlements()[0];
		let charged = Balance::from(FEE) * Balance::from(BASE_GAS + BYTE_GAS * SIZE);
		println!(
			"attack 5: an empty block of the highest limit, proven in its last chain block: the \
			 block behind it waits {long} s instead of {short} s, the penalty is {} of {charged}",
			charged - first.reward,
		);
		assert!(first.reward * 40 >= charged * 39 && first.slashed == 0);
		// No longer than the longest window.
		assert!(long <= MaxProofWindow::get());
	});
}

/// Without the bound, half of the slash would be paid.
#[test]
fn the_bounty_follows_what_the_proposer_pays() {
	RescuerShare::set(5_000);
	BountyMultiplier::set(BOUNTY_MULTIPLIER);
	MinProofWindow::set(60);
	run_with(vec![(PROVER, 9_000_000, FEE as u16, 900)], || {
		let settled = miss_and_rescue(1, 1);
		println!(
			"attack 5: an own block with a gas limit of 1, missed by a stake of 9,000,000: bounty {} \
			 tokens, half of the slash would be {}",
			tokens(settled.bounty),
			tokens(settled.slashed / 2),
		);
		let charged = Balance::from(BASE_GAS + BYTE_GAS * SIZE + 1);
		assert_eq!(settled.bounty, Balance::from(FEE) * charged / 400);
		assert!(settled.slashed > 2_000 * TOKEN);
	});
}
