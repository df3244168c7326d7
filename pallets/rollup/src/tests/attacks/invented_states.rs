// SPDX-License-Identifier: Apache-2.0

//! Attack 1: valid proofs on invented states.

use super::{rewards_of_misses::fee_of_refused, *};

/// Number of the blocks under attack: two are missed, three wait, three are open.
const BLOCKS: u64 = 8;

/// Provable transition that has nothing to do with the rollup's state.
fn invented(stranger: AccountId) -> Transition {
	on(wrong(1_000_000 + stranger), wrong(1_000_000 + stranger))
}

/// Calls of strangers, all of which fail.
#[derive(Default)]
struct Calls {
	number: u64,
	/// Those that failed before the verification, which pay less.
	unverified: u64,
	/// Fees of all, where the transaction pool does not refuse them: in batches.
	fees: Balance,
}

/// Lets each stranger attack one of the unsettled blocks: by a proof in its own name, and by one in
/// that of a prover that the block was assigned to.
fn attack(strangers: u64, round: u64, calls: &mut Calls) {
	let [settled, .., proposed] = positions();
	let before = crate::State::<Test>::get();
	for stranger in 1_000..1_000 + strangers {
		let id = settled + 1 + (stranger + round) % (proposed - settled);
		for prover in [Some(stranger), assigned(id)].into_iter().flatten() {
			let weight = try_to_prove(stranger, prover, id, invented(stranger)).unwrap_err();
			calls.number += 1;
			calls.unverified += u64::from(weight.all_lt(Rollup::prove_weight()));
			calls.fees += fee_of_refused(weight, 10);
		}
	}
	assert_eq!(crate::State::<Test>::get(), before);
}

/// Runs honest provers against as many strangers. Returns the time of each settlement, and the
/// calls of the strangers.
fn settle_against(strangers: u64) -> (Vec<(u64, u64)>, Calls) {
	let (mut times, mut calls) = (vec![], Calls::default());
	MinProofWindow::set(60);
	run_with(vec![(1, 60_000, FEE as u16, 5)], || {
		propose_and_draw(BLOCKS);
		for round in 0.. {
			if state().settled < state().proposed {
				attack(strangers, round, &mut calls);
			} else {
				break;
			}
			// The assigned prover misses the first two blocks.
			if round == 1 {
				for id in 3..=5 {
					assert_ok!(prove(1, id));
				}
			}
			while can_prove_next() && !is_assigned(state().next()) {
				prove_next();
			}
			next_block();
			times.extend(settlements().iter().map(|settled| (settled.block_id, settled.at)));
		}
	});
	(times, calls)
}

#[test]
fn strangers_with_proofs_on_invented_states_delay_nothing() {
	let (honest, _) = settle_against(0);
	assert_eq!(honest.len() as u64, BLOCKS);
	for strangers in [4, 40, 400] {
		let (times, calls) = settle_against(strangers);
		println!(
			"attack 1: {strangers} strangers, {} calls, {} of them refused before the verification, \
			 {:.1} tokens at the lowest fees, the last of {BLOCKS} blocks settled at {} s and without \
			 them at {} s",
			calls.number,
			calls.unverified,
			tokens(calls.fees),
			times.last().unwrap().1,
			honest.last().unwrap().1,
		);
		assert_eq!(times, honest);
		assert!(strangers <= calls.number && calls.unverified == calls.number);
	}
}

/// Lets two honest members prove and two others store junk for their blocks, or stay silent.
/// Returns the settlements.
fn settle_with_two_bad_members(store_junk: bool) -> Vec<Settlement> {
	let mut all = vec![];
	MinProofWindow::set(60);
	run_with([1, 2, 3, 4].map(|who| (who, 60_000, FEE as u16, 5)).to_vec(), || {
		propose_and_draw(8);
		propose_and_draw(8);
		for id in 1..=16 {
			match assigned(id).unwrap() {
				who @ (1 | 2) => {
					assert_ok!(prove(who, id));
				},
				who if store_junk && id > state().next() => {
					assert_ok!(prove_as(who, who, id, invented(who)));
				},
				_ => (),
			}
		}
		while state().settled < 16 {
			while Rollup::open_blocks().first() == Some(&state().next()) {
				prove_next();
			}
			next_block();
			all.extend(settlements());
		}
	});
	all
}

/// Members of the pool can store junk, each for its own blocks. It is worth a miss, no more.
#[test]
fn junk_of_assigned_provers_costs_each_of_them_its_miss() {
	let (silent, junk) = (settle_with_two_bad_members(false), settle_with_two_bad_members(true));
	let misses = |all: &[Settlement]| all.iter().filter(|settled| settled.slashed > 0).count();
	let slashed = junk.iter().map(|settled| settled.slashed).sum();
	let honest = junk.iter().filter(|settled| matches!(settled.prover, Some(1 | 2)));
	println!(
		"attack 1: junk of two members for {} blocks, {} tokens slashed, the last block settled \
		 at {} s and without the junk at {} s; {} honest proofs paid",
		misses(&junk),
		tokens(slashed),
		junk.last().unwrap().at,
		silent.last().unwrap().at,
		honest.count(),
	);
	assert_eq!(misses(&junk), misses(&silent));
	assert!(junk.iter().all(|settled| {
		// Only rescued blocks are slashed for.
		(settled.slashed > 0) == (settled.prover == Some(RESCUER)) && settled.reward > 0
	}));
	assert_eq!(junk.last().unwrap().at, silent.last().unwrap().at);
}
