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
	let window = deadline(1) - now();
	crate::State::<Test>::mutate(|state| state.clock.elapsed += window * 1_000);
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

/// Gas charged at most for a block without gas of this project: the base and the largest payload.
const MAX_CHARGED_WITHOUT_GAS: u32 = 1_000_000 + BYTE_GAS * 128 * 1_024;

/// Highest `BountyMultiplier` for which way 2 loses at the mock's number of draws. The project's is 1.
const MAX_BOUNTY_MULTIPLIER: u32 = 3;

/// Stake and price of the assigned prover, and values of the governed parameters. They are also outside
/// of their ranges.
#[derive(Clone, Debug)]
struct Terms {
	stake: u32,
	price: u16,
	share: u32,
	slash_points: u32,
	slash_multiplier: u32,
	ejection_threshold: u32,
	min_fee: u16,
	window: u64,
}

/// Returns all terms. Small values, which are effective, are as frequent as any others.
fn terms() -> impl Strategy<Value = Terms> {
	let value = |max: u32| prop_oneof![0..=max, any::<u32>()];
	let stake = prop_oneof![2..=100u32, 100..=9_000_000u32];
	let window = prop_oneof![0..=6_000u64, any::<u64>()];
	let slash = (value(1_000), value(100), value(10_000));
	(stake, 1..=u16::MAX, value(9_000), slash, any::<u16>(), window).prop_map(
		|(stake, price, share, slash, min_fee, window)| Terms {
			stake,
			price,
			share,
			slash_points: slash.0,
			slash_multiplier: slash.1,
			ejection_threshold: slash.2,
			min_fee,
			window,
		},
	)
}

/// Runs `test` on these terms, with one prover in the pool.
fn run_on(terms: &Terms, test: impl FnOnce()) {
	MinCapacity::set(1);
	MinStakePerCapacity::set(2);
	RescuerShare::set(terms.share);
	SlashPoints::set(terms.slash_points);
	SlashMultiplier::set(terms.slash_multiplier);
	EjectionThreshold::set(terms.ejection_threshold);
	MinFeePerGas::set(terms.min_fee);
	MinProofWindow::set(terms.window);
	run_with(vec![(PROVER, terms.stake, terms.price, 1)], test);
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

	/// Way 1: the attacker is proposer, assigned prover and rescuer.
	///
	/// Gas is charged like a base, so the part of the limit stands for bases up to 30,200,000.
	#[test]
	fn missing_and_rescuing_ones_own_blocks_always_costs(
		terms in terms(),
		bounty_multiplier in prop_oneof![0..10u32, any::<u32>()],
		gas_limit in 1..=30_000_000u32,
		part in 0..=100u32,
	) {
		BountyMultiplier::set(bounty_multiplier);
		run_on(&terms, || {
			let accounts = [PROVER, PROPOSER, RESCUER];
			let before = wealth(&accounts);
			let gas_used = (u64::from(gas_limit) * u64::from(part) / 100) as u32;
			let settled = miss_and_rescue(gas_limit, gas_used);
			let lost = before - wealth(&accounts);
			assert_eq!(lost, settled.slashed - settled.bounty);
			assert!(settled.slashed >= TOKEN && lost * 10 >= settled.slashed, "{settled:?}");
		});
	}

	/// Way 1 with any base, below that of the mock as well: whatever a slash is and a proposer pays.
	#[test]
	fn a_tenth_of_a_slash_is_lost_at_any_price(
		slashed in 1..=Balance::MAX / 10,
		paid: Balance,
		share: u32,
		multiplier: u32,
	) {
		let parameters = crate::Parameters { rescuer_share: share, ..Default::default() };
		let share = parameters.clamped(6_000, 5_400).rescuer_share;
		let bounty = crate::rules::bounty::bounty(slashed, share, paid, multiplier);
		prop_assert!((slashed - bounty) * 10 >= slashed);
	}

	/// Way 2: the attacker is proposer and rescuer, and somebody else is slashed.
	///
	/// The bounty of a block without gas is compared with the fees that fill the lane from half of
	/// the shortest window to the deadline. The multiplier of the fees is at its minimum of a
	/// tenth, or above. Gas is charged like base and payload, so here it stands for larger ones.
	#[test]
	fn own_blocks_at_the_highest_limit_without_gas_pay_less_than_keeping_a_proof_out_costs(
		terms in terms(),
		bounty_multiplier in 0..=MAX_BOUNTY_MULTIPLIER,
		charged in BASE_GAS + BYTE_GAS * SIZE..=MAX_CHARGED_WITHOUT_GAS,
		multiplier in prop_oneof![Just(10u128), 10..100_000u128],
	) {
		BountyMultiplier::set(bounty_multiplier);
		run_on(&terms, || {
			let accounts = [PROPOSER, RESCUER];
			let before = wealth(&accounts);
			let settled = miss_and_rescue(30_000_000, charged - BASE_GAS - BYTE_GAS * SIZE);
			let gain = wealth(&accounts) - before;
			assert_eq!(gain, settled.bounty);
			// Not of the limit, which the deposit paid for.
			assert!(gain <= Balance::from(bounty_multiplier) * settled.reward);
			assert_eq!(settled.reward % Balance::from(charged), 0);
			assert!(gain < fee_of_a_full_lane(multiplier), "{gain}");
			// In proportion, at the largest payload.
			let largest = gain * Balance::from(MAX_CHARGED_WITHOUT_GAS) / Balance::from(charged);
			assert!(largest < fee_of_a_full_lane(multiplier), "{largest}");
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

/// Places for proofs in a chain block of the runtime, whose tests put 900 proofs into 5, and its draws.
const ROOM_AND_DRAWS_OF_THE_RUNTIME: (u64, u64) = (180, 16);

/// Returns the least junk for each miss that an attacker with half of the pool can cause.
fn cheapest_stuffing(room: u64, draws: u64) -> Option<Stuffing> {
	(50..900)
		.map(|start| stuff(room, draws, start))
		.filter(|stuffing| stuffing.misses > 0)
		.min_by_key(|stuffing| stuffing.junk * 1_000 / stuffing.misses)
}

#[test]
fn deadlines_that_come_together_let_many_junk_proofs_keep_out_one() {
	let draws = u64::from(MaxDrawnPerBlock::get());
	let (room_of_runtime, draws_of_runtime) = ROOM_AND_DRAWS_OF_THE_RUNTIME;
	for (name, room, draws, is_possible) in [
		("as many draws as there is room for proofs", draws, draws, true),
		("room for five times the draws", 5 * draws, draws, true),
		("draws for a twentieth of the room", 5 * draws, draws / 4, false),
		("room and draws of the runtime", room_of_runtime, draws_of_runtime, false),
	] {
		let best = cheapest_stuffing(room, draws);
		assert_eq!(best.is_some(), is_possible, "{name}");
		match best {
			Some(Stuffing { junk, misses }) => {
				println!(
					"attack 5: {name}: {junk} junk proofs of an attacker with half of the pool \
					 cause {misses} misses, {} tokens of fees each at the lowest fees",
					tokens(Balance::from(junk) * fee_of_junk(10) / Balance::from(misses)),
				);
				assert!(junk >= 2 * misses);
			},
			None => println!("attack 5: {name}: an attacker with half of the pool causes 0 misses"),
		}
	}
}
