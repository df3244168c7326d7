// SPDX-License-Identifier: Apache-2.0

//! Attack 5: an attacker that earns by misses.
//!
//! Filling blocks causes no miss, because proofs have priority. These ways remain:
//!
//! 1. To miss one's own blocks and to rescue them. It costs the slash.
//! 2. To be paid for blocks of one's own, proposed at the highest limit and without gas. Their
//!    bounty is compared with the fees that keep one proof out until its deadline.
//! 3. To fill the lane by junk proofs of one's own assigned blocks. Each costs the fee of a failed
//!    proof. It keeps out no proof while windows are equal. With deadlines that an own block of the
//!    longest window brought together, it takes the place of one other proof at most.
//! 4. To push the average delay, and so the window, down. It takes half of all gas; see
//!    `averages.rs`.

use super::*;
use crate::WeightInfo as _;
use frame_support::{traits::fungible::Inspect as _, weights::Weight};
use proptest::prelude::*;

/// Assigned prover, proposer and rescuer.
const PROVER: AccountId = 2;

fn wealth(accounts: &[AccountId]) -> Balance {
	accounts.iter().map(Balances::total_balance).sum()
}

/// Proposes a block, has it missed and rescued, and settles it. Returns its settlement.
fn miss_and_rescue(gas_limit: u32, gas_used: u32) -> Settlement {
	assert_ok!(propose_as(PROPOSER, gas_limit, u32::MAX));
	next_block();
	pass_deadline(1);
	let transition = Transition { gas_used, ..next_transition() };
	assert_ok!(prove_as(RESCUER, RESCUER, 1, transition));
	settle();
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
	let weight = Rollup::prove_weight() + <Test as crate::Config>::WeightInfo::extension();
	fee(weight, multiplier)
}

/// Fee that fills the lane for half of the shortest window.
fn fee_of_a_full_lane(multiplier: u128) -> Balance {
	let chain_blocks = Balance::from(crate::rules::parameters::MIN_TICKS / 2);
	chain_blocks * Balance::from(MaxDrawnPerBlock::get()) * fee_of_junk(multiplier)
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

	/// Way 1: the attacker is proposer, assigned prover and rescuer.
	#[test]
	fn missing_and_rescuing_ones_own_blocks_always_costs(
		share: u32,
		multiplier: u32,
		slash_points in prop_oneof![0..100u32, any::<u32>()],
		slash_multiplier in prop_oneof![0..100u32, any::<u32>()],
		min_fee: u16,
		price in 1..=u16::MAX,
		gas_limit in 1..=30_000_000u32,
		part in 0..=100u32,
	) {
		RescuerShare::set(share);
		BountyMultiplier::set(multiplier);
		SlashPoints::set(slash_points);
		SlashMultiplier::set(slash_multiplier);
		MinFeePerGas::set(min_fee);
		MinProofWindow::set(60);
		EjectionThreshold::set(0);
		run_with(vec![(PROVER, 60_000, price, 5)], || {
			let accounts = [PROVER, PROPOSER, RESCUER];
			let before = wealth(&accounts);
			let gas_used = (u64::from(gas_limit) * u64::from(part) / 100) as u32;
			let settled = miss_and_rescue(gas_limit, gas_used);
			let lost = before - wealth(&accounts);
			assert_eq!(lost, settled.slashed - settled.bounty);
			assert!(settled.slashed >= TOKEN && lost * 10 >= settled.slashed, "{settled:?}");
		});
	}

	/// Way 2: the attacker is proposer and rescuer, and somebody else is slashed.
	///
	/// The bounty of a block without gas is compared with the fees that fill the lane from half of
	/// the shortest window to the deadline. The multiplier of the fees is at its minimum of a
	/// tenth, or above.
	#[test]
	fn own_blocks_at_the_highest_limit_without_gas_pay_less_than_keeping_a_proof_out_costs(
		share: u32,
		slash_points in 0..=10_000u32,
		min_fee: u16,
		price in 1..=u16::MAX,
		multiplier in 10..100_000u128,
	) {
		RescuerShare::set(share);
		BountyMultiplier::set(2);
		SlashPoints::set(slash_points);
		MinFeePerGas::set(min_fee);
		MinProofWindow::set(60);
		EjectionThreshold::set(0);
		run_with(vec![(PROVER, 60_000, price, 5)], || {
			let accounts = [PROPOSER, RESCUER];
			let before = wealth(&accounts);
			let settled = miss_and_rescue(30_000_000, 0);
			let gain = wealth(&accounts) - before;
			assert_eq!(gain, settled.bounty);
			// Not of the limit, which the deposit paid for.
			assert!(gain <= 2 * settled.reward);
			let charged = Balance::from(BASE_GAS + BYTE_GAS * SIZE);
			assert_eq!(settled.reward % charged, 0);
			// The project's base is five times as high.
			assert!(5 * gain < fee_of_a_full_lane(multiplier), "{gain}");
		});
	}
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
		// Prices of the project: a base of a million.
		let price_of = |fee: u128| 2 * fee * (1_000_000 + gas);
		println!(
			"attack 5: highest bounty of a block that is {name}: {} tokens at a price of 10,000, \
			 {} at the highest",
			tokens(price_of(10_000)),
			tokens(price_of(81_918)),
		);
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
	let bounty_with = |multiplier| {
		let mut bounty = 0;
		RescuerShare::set(5_000);
		BountyMultiplier::set(multiplier);
		MinProofWindow::set(60);
		run_with(vec![(PROVER, 9_000_000, FEE as u16, 900)], || {
			bounty = miss_and_rescue(1, 1).bounty;
		});
		bounty
	};
	let (unbounded, bounded) = (bounty_with(u32::MAX), bounty_with(2));
	println!(
		"attack 5: an own block with a gas limit of 1, missed by a stake of 9,000,000: bounty {} \
		 tokens, half of the slash would be {}",
		tokens(bounded),
		tokens(unbounded),
	);
	assert_eq!(bounded, 2 * Balance::from(FEE) * Balance::from(BASE_GAS + BYTE_GAS * SIZE + 1));
	assert!(unbounded > 1_000 * TOKEN);
}

proptest! {
	/// Way 3 with equal windows: the attacker has all other blocks and sends junk for each of them
	/// in the chain block of the victim's proof. Times are in ticks.
	#[test]
	fn junk_keeps_no_proof_out_that_comes_before_its_deadline(
		window in 10..60u64,
		draws in prop::collection::vec(0..=8usize, 60..120),
		victim: prop::sample::Index,
		late in 0..60u64,
	) {
		let deadlines: Vec<_> = (0..)
			.zip(&draws)
			.flat_map(|(drawn_at, blocks)| vec![drawn_at + window; *blocks])
			.collect();
		prop_assume!(!deadlines.is_empty());
		let victim = victim.index(deadlines.len());
		let sent_at = deadlines[victim] - window + late.min(window);
		let priority = |block: usize| {
			let deadline = deadlines[block];
			crate::lane::Lane::<AccountId>::Assigned { block_id: block as u64, deadline, signer: 0 }.priority()
		};
		// Junk for what is drawn by then and not overdue. It wins among equals.
		let mut lane: Vec<_> = (0..deadlines.len())
			.filter(|block| (sent_at..=sent_at + window).contains(&deadlines[*block]))
			.collect();
		lane.sort_by_key(|block| (core::cmp::Reverse(priority(*block)), *block == victim));
		let position = lane.iter().position(|block| *block == victim).unwrap() as u64;
		prop_assert!(sent_at + position / 8 <= deadlines[victim]);
	}
}

/// Junk proofs that keep others out, and the misses that they cause.
struct Stuffing {
	junk: u64,
	misses: u64,
}

/// Way 3 with deadlines that come together: an own block of the longest window, 900 ticks, is drawn
/// first and withheld, and those after it have windows of 100. The attacker has half of the draws,
/// and others deliver in the middle of their window. Junk fills the lane from `start` to the
/// deadline.
fn stuff(room: u64, draws: u64, start: u64) -> Stuffing {
	const DEADLINE: u64 = 900;
	let honest = draws / 2;
	let mut waiting = 0;
	for tick in 50..=DEADLINE - 50 {
		// Delivered now, drawn 50 ticks before.
		waiting += honest;
		if tick < start {
			waiting -= waiting.min(room);
		}
	}
	let last_drawn = DEADLINE - 100;
	let junk = (DEADLINE - start) * room;
	let own = last_drawn * (draws - honest);
	Stuffing { junk, misses: if junk <= own { waiting } else { 0 } }
}

#[test]
fn deadlines_that_come_together_let_many_junk_proofs_keep_out_one() {
	let draws = u64::from(MaxDrawnPerBlock::get());
	for (name, room, draws) in [
		("as many draws as there is room for proofs", draws, draws),
		("room for five times the draws", 5 * draws, draws),
		("draws for a twentieth of the room", 5 * draws, draws / 4),
	] {
		let best = (50..850)
			.map(|start| stuff(room, draws, start))
			.filter(|stuffing| stuffing.misses > 0)
			.min_by_key(|stuffing| stuffing.junk * 1_000 / stuffing.misses);
		match best {
			Some(Stuffing { junk, misses }) => {
				println!(
					"attack 5: {name}: {junk} junk proofs of an attacker with half of the pool \
					 cause {misses} misses, {} tokens of fees each at the lowest fees",
					tokens(Balance::from(junk) * fee_of_junk(10) / Balance::from(misses)),
				);
				assert!(junk >= 2 * misses);
			},
			None => println!("attack 5: {name}: an attacker with half of the pool causes no miss"),
		}
	}
}
