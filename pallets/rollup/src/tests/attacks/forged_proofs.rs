// SPDX-License-Identifier: Apache-2.0

//! Attack 8: a forged proof, and overrides in all phases of a block.

use super::*;

/// Root of a forged block. Only the forger knows the state behind it.
const FORGED: u64 = 666;

#[test]
fn a_forged_proof_with_a_hundred_honest_successors_slashes_no_honest_prover() {
	const SUCCESSORS: u64 = 100;
	MaxUnsettledBlocks::set(128);
	// The alarm takes its time: the deadlines of all pass before the override.
	MinProofWindow::set(60);
	CooldownSeconds::set(600);
	let provers = (1..=5).map(|who| (who, 300_000, FEE as u16, 30)).collect();
	run_with(provers, || {
		for _ in 0..=SUCCESSORS {
			propose();
		}
		next_block();
		let forger = assigned(1).unwrap();
		assert_ok!(prove_as(forger, forger, 1, on(root(0), wrong(FORGED))));
		let first = assigned(2).unwrap();
		let mut proofs = store_on_the_true_state(SUCCESSORS + 1);
		let misses = wait_for_the_alarm(SUCCESSORS + 1);
		assert_eq!((positions()[1], burned()), (1, 0));

		assert_ok!(override_root(1, root(1)));
		assert_eq!(Rollup::open_blocks().first(), Some(&2));
		// The one that could not be stored, because its block was the next.
		assert_ok!(prove(first, 2));
		proofs.insert(2, first);
		events();
		let chain_blocks = finish();
		let all = settlements();
		println!(
			"attack 8: a forged proof, {SUCCESSORS} successors, {misses} of them missed before the \
			 override: {} slashed, {} paid as proven, all settled {chain_blocks} chain blocks later; \
			 the forger is paid {} of {REWARD} units for its block and keeps its stake",
			tokens(all.iter().map(|settled| settled.slashed).sum()),
			all.iter().filter(|settled| is_paid_as_proven(settled, &proofs)).count(),
			all[0].reward,
		);
		assert_eq!((burned(), positions()), (0, [SUCCESSORS + 1; 4]));
		assert!((1..=5).all(|who| outstanding(who) == 0));
		assert_all_but_the_forger_are_paid(&all, &proofs);
	});
}

/// Waits until the deadlines of all blocks have passed. Returns the number of those that were missed.
fn wait_for_the_alarm(last: u64) -> usize {
	pass_deadline(last);
	for _ in 0..=last / 8 {
		next_block();
	}
	(2..=last).filter(|id| is_missed(*id)).count()
}

fn is_paid_as_proven(settled: &Settlement, proofs: &BTreeMap<u64, AccountId>) -> bool {
	settled.reward > 0 && settled.prover.as_ref() == proofs.get(&settled.block_id)
}

/// Checks the settlements after the override. A transition that was stored on the true state counts
/// and is paid.
fn assert_all_but_the_forger_are_paid(all: &[Settlement], proofs: &BTreeMap<u64, AccountId>) {
	for settled in all {
		let id = settled.block_id;
		assert_eq!((settled.reward > 0, settled.slashed), (id > 1, 0), "block {id}");
		if let Some(prover) = proofs.get(&id) {
			assert_eq!(settled.prover, Some(*prover), "block {id}");
		}
	}
}

/// Lets honest provers store their transitions while the blocks up to `last` are drawn. They know
/// the true state only, and every tenth of them misses anyhow. Returns the provers of what is
/// stored.
fn store_on_the_true_state(last: u64) -> BTreeMap<u64, AccountId> {
	let (mut seen, mut proofs) = (1, BTreeMap::new());
	loop {
		for id in seen + 1..=state().drawn {
			let prover = assigned(id).unwrap();
			if id % 10 != 0 && id > state().next() {
				assert_ok!(prove(prover, id));
				proofs.insert(id, prover);
			}
		}
		seen = state().drawn;
		if seen >= last {
			return proofs;
		}
		next_block();
	}
}

/// Phase of the block that is overridden.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Victim {
	Proven,
	Cooling,
	Waiting,
	WaitingOnJunk,
	Missed,
	Rescued,
	Unprovable,
	Open,
}

const VICTIMS: [Victim; 8] = [
	Victim::Proven,
	Victim::Cooling,
	Victim::Waiting,
	Victim::WaitingOnJunk,
	Victim::Missed,
	Victim::Rescued,
	Victim::Unprovable,
	Victim::Open,
];

/// Has five blocks under way, the second of them in the phase of the victim.
fn with_a_victim(victim: Victim, test: impl FnOnce()) {
	MinProofWindow::set(60);
	CooldownSeconds::set(600);
	let pool = if victim == Victim::Open { vec![] } else { vec![(1, 60_000, FEE as u16, 5)] };
	run_with(pool, || {
		propose_and_draw(5);
		if victim == Victim::Waiting {
			assert_ok!(prove(1, 2));
		} else if victim == Victim::WaitingOnJunk {
			assert_ok!(prove_as(1, 1, 2, on(wrong(1), wrong(2))));
		}
		prove_next();
		reach(victim);
		test();
	});
}

/// Brings block 2 into the phase of the victim, after block 1 was proven.
fn reach(victim: Victim) {
	match victim {
		Victim::Proven => prove_next(),
		Victim::Cooling => {
			for _ in 2..=5 {
				prove_next();
			}
			pass(300);
		},
		Victim::Missed => pass_deadline(5),
		Victim::Rescued => {
			pass_deadline(5);
			prove_next();
			prove_next();
		},
		Victim::Waiting | Victim::WaitingOnJunk | Victim::Unprovable | Victim::Open => (),
	}
}

/// Settles all blocks after an override of block 2 that ends in `root`, and checks who pays.
fn settle_after(victim: Victim, second_root: prover_pool_primitives::Hash) {
	next_block();
	check();
	assert_ok!(resume_draws());
	finish();
	let all = settlements();
	assert_eq!((burned(), positions()), (0, [5; 4]), "{victim:?}");
	assert_eq!(outstanding(1), 0);
	for settled in &all {
		assert_eq!(settled.prover.is_some(), settled.reward > 0, "{victim:?}");
		assert_eq!(settled.reward + settled.refund, DEPOSIT);
		assert_eq!((settled.slashed, settled.bounty), (0, 0));
	}
	let paid = all[1].prover.is_some();
	println!(
		"attack 8: override of a block that is {victim:?}: {} slashed, its prover paid: {paid}, \
		 others paid: {}",
		tokens(all.iter().map(|settled| settled.slashed).sum()),
		all.iter()
			.filter(|settled| settled.block_id != 2 && settled.prover.is_some())
			.count(),
	);
	// The override by another root pays no prover. The proven root restores the proof.
	let has_proof = !matches!(
		victim,
		Victim::WaitingOnJunk | Victim::Missed | Victim::Unprovable | Victim::Open
	);
	assert_eq!(paid, has_proof && second_root == root(2), "{victim:?}");
	assert_eq!(
		all.iter().filter(|settled| settled.prover.is_some()).count(),
		4 + usize::from(paid)
	);
}

#[test]
fn an_override_by_another_root_slashes_no_prover_in_any_phase() {
	for victim in VICTIMS {
		with_a_victim(victim, || {
			assert_ok!(override_root(2, wrong(2)));
			settle_after(victim, wrong(2));
		});
	}
}

#[test]
fn an_override_by_the_same_root_keeps_the_proof_in_any_phase() {
	for victim in VICTIMS {
		with_a_victim(victim, || {
			assert_ok!(override_root(2, root(2)));
			settle_after(victim, root(2));
		});
	}
}

#[test]
fn an_undone_override_restores_the_proof_in_any_phase() {
	for victim in VICTIMS {
		with_a_victim(victim, || {
			assert_ok!(override_root(2, wrong(2)));
			next_block();
			assert_ok!(override_root(2, root(2)));
			settle_after(victim, root(2));
		});
	}
}

#[test]
fn two_overrides_in_a_row_slash_no_prover_in_any_phase() {
	for victim in VICTIMS {
		for first in [1, 2] {
			with_a_victim(victim, || {
				// The first block, and the second on top of it.
				assert_ok!(override_root(first, wrong(first)));
				if first == 1 {
					assert_ok!(override_root(1, root(1)));
				}
				assert_ok!(override_root(2, wrong(22)));
				next_block();
				check();
				assert_ok!(resume_draws());
				finish();
				let paid: Vec<_> = settlements()
					.into_iter()
					.filter(|settled| settled.prover.is_some() && settled.reward > 0)
					.map(|settled| settled.block_id)
					.collect();
				println!(
					"attack 8: overrides of blocks {first} and 2 in a row, and 2 is {victim:?}: {} \
					 slashed, provers of blocks {paid:?} paid",
					tokens(burned()),
				);
				// All but the overridden one. The first override of block 1 is undone.
				assert_eq!(paid, [1, 3, 4, 5], "{victim:?}");
				assert_eq!((burned(), positions(), outstanding(1)), (0, [5; 4], 0), "{victim:?}");
			});
		}
	}
}

#[test]
fn an_override_while_paused_slashes_no_prover_in_any_phase() {
	for victim in VICTIMS {
		with_a_victim(victim, || {
			assert_ok!(pause());
			assert_ok!(override_root(2, wrong(2)));
			for _ in 0..3 {
				next_block_after(604_800);
				assert_eq!(positions()[0], 0);
			}
			assert_ok!(resume());
			settle_after(victim, wrong(2));
		});
	}
}

#[test]
fn an_undrawn_block_is_opened_before_it_is_overridden() {
	run(|| {
		SeedAge::set(None);
		for _ in 0..3 {
			propose();
		}
		assert_noop!(override_root(1, root(1)), Error::NotDrawn);
		assert_ok!(Rollup::open_undrawn(RuntimeOrigin::root(), 1));
		assert_ok!(override_root(1, root(1)));
		assert_noop!(override_root(2, root(2)), Error::NotDrawn);
		SeedAge::set(Some(0));
		let chain_blocks = finish();
		println!(
			"attack 8: an undrawn block opened and overridden, {} behind it: {} slashed, all settled \
			 {chain_blocks} chain blocks later",
			state().settled - 1,
			tokens(burned()),
		);
		assert_eq!((burned(), outstanding(1)), (0, 0));
	});
}
