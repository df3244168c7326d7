// SPDX-License-Identifier: Apache-2.0

//! Attack 8: a forged proof or an override with honest proofs and blocks behind it.

use super::*;

/// Number of the blocks behind the forged one.
const SUCCESSORS: u64 = 100;

/// Moment of the override, after the forged proof.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Moment {
	/// In the same chain block.
	AtOnce,
	/// Before the deadline of the block behind the forged one.
	BeforeTheDeadline,
	/// After that deadline.
	AfterTheDeadline,
}

/// Runs `test` with room for all blocks in queue and pool.
fn with_five_provers(test: impl FnOnce()) {
	MaxUnsettledBlocks::set(128);
	MinProofWindow::set(120);
	CooldownSeconds::set(600);
	run_with((1..=5).map(|who| (who, 300_000, FEE as u16, 30)).collect(), test);
}

/// Lets honest provers store true transitions of all blocks but the first. Returns the provers.
fn store_successors() -> BTreeMap<u64, AccountId> {
	let (mut seen, mut proofs) = (1, BTreeMap::new());
	for _ in 0..=SUCCESSORS {
		propose();
	}
	while seen <= SUCCESSORS {
		next_block();
		for id in seen + 1..=state().drawn {
			let prover = assigned(id).unwrap();
			assert_ok!(prove(prover, id));
			proofs.insert(id, prover);
		}
		seen = state().drawn;
	}
	proofs
}

/// Lets the assigned prover of block 1 forge it, and waits for the override. Returns the misses.
fn forge_and_wait(moment: Moment) -> Vec<u64> {
	let forger = assigned(1).unwrap();
	let deadline = deadline(2);
	events();
	assert_ok!(prove_as(forger, forger, 1, on(root(0), wrong(666))));
	if moment != Moment::AtOnce {
		next_block();
	}
	if moment == Moment::AfterTheDeadline {
		pass_deadline(2);
		next_block();
	}
	assert_eq!(now() > deadline, moment == Moment::AfterTheDeadline);
	missed()
}

/// Lets the original provers bring again what was discarded. Returns the number of these blocks.
fn bring_again(proofs: &BTreeMap<u64, AccountId>) -> usize {
	let mut again = 0;
	while state().proven <= SUCCESSORS {
		let id = state().next();
		if !block(id).unwrap().has_transition_on(&state().proven_root) {
			assert_ok!(prove(proofs[&id], id));
			again += 1;
		}
		next_block();
	}
	again
}

#[test]
fn a_forged_proof_before_a_hundred_waiting_ones_leaves_each_of_them_paid() {
	for moment in [Moment::AtOnce, Moment::BeforeTheDeadline, Moment::AfterTheDeadline] {
		with_five_provers(|| {
			let proofs = store_successors();
			assert_eq!(proofs.len() as u64, SUCCESSORS);
			let misses = forge_and_wait(moment);
			assert_eq!(positions()[1], 1);
			assert_ok!(override_root(1, root(1)));
			let again = bring_again(&proofs);
			let (slashed, paid) = settle_all(&proofs);
			println!(
				"attack 8: {SUCCESSORS} proofs wait, then the block before them is forged, override \
				 {moment:?}: {} missed, {again} brought again, {} slashed, {paid} paid",
				misses.len(),
				tokens(slashed),
			);
			assert_eq!(misses, if moment == Moment::AfterTheDeadline { vec![2] } else { vec![] });
			assert_eq!(again, usize::from(moment != Moment::AtOnce));
		});
	}
}

/// The deadlines of all have passed. The forger goes on over the waiting proofs in the same chain block.
#[test]
fn a_forger_that_goes_on_over_late_proofs_costs_their_provers_no_stake_and_no_reward() {
	const FORGED: u64 = 20;
	with_five_provers(|| {
		let proofs = store_successors();
		pass_deadline(SUCCESSORS + 1);
		while state().swept <= SUCCESSORS {
			next_block();
		}
		events();
		for id in 1..=1 + FORGED {
			let forged = on(state().proven_root, wrong(600 + id));
			assert_ok!(prove_as(RESCUER, RESCUER, id, forged));
		}
		let misses = missed();
		assert_ok!(override_root(1, root(1)));
		let again = bring_again(&proofs);
		let (slashed, paid) = settle_all(&proofs);
		println!(
			"attack 8: {SUCCESSORS} late proofs wait, {FORGED} of them forged over in a chain block: {} \
			 missed before the override, {again} brought again, {} slashed, {paid} paid",
			misses.len(),
			tokens(slashed),
		);
		assert_eq!(misses, (2..=1 + FORGED).collect::<Vec<_>>());
		assert_eq!(again as u64, FORGED);
	});
}

/// Settles all blocks, of which the first is overridden, and asserts that the others pay their original
/// provers. Returns the amount slashed, and the number of those paid.
fn settle_all(proofs: &BTreeMap<u64, AccountId>) -> (Balance, usize) {
	events();
	finish();
	let all = settlements();
	let slashed: Balance = all.iter().map(|settled| settled.slashed).sum();
	assert_eq!((slashed, burned(), positions()), (0, 0, [SUCCESSORS + 1; 4]));
	assert!((1..=5).all(|who| outstanding(who) == 0));
	assert_eq!((all[0].prover, all[0].reward), (None, 0));
	for settled in &all[1..] {
		let id = settled.block_id;
		assert_eq!(settled.prover, Some(proofs[&id]), "block {id}");
		assert!(settled.reward > 0, "block {id}");
	}
	(slashed, all.iter().filter(|settled| settled.reward > 0).count())
}

/// Waits until the sweep has released all capacity. Returns the number of chain blocks.
fn release_all() -> u64 {
	let mut chain_blocks = 0;
	while outstanding(1) > 0 {
		next_block();
		chain_blocks += 1;
		assert!(missed().is_empty());
	}
	chain_blocks
}

/// Has as many blocks drawn for prover 1, with room for all of them.
fn with_a_full_queue(blocks: u64, test: impl FnOnce()) {
	MaxUnsettledBlocks::set(8_192);
	MaxDrawnPerBlock::set(1_000);
	MaxProvenPerBlock::set(4_000);
	MaxSweptPerBlock::set(128);
	MaxSettledPerBlock::set(1_000);
	MinStakePerCapacity::set(1_000);
	// Nothing settles before all capacity is released.
	CooldownSeconds::set(1_000);
	run_with(vec![(1, 8_100_000, FEE as u16, 8_100)], || {
		for _ in 0..blocks {
			propose();
		}
		while state().drawn < blocks {
			next_block();
		}
		assert_eq!(outstanding(1) as u64, blocks);
		test();
	});
}

#[test]
fn an_override_with_eight_thousand_blocks_behind_it_opens_them_at_once() {
	const BLOCKS: u64 = 8_001;
	with_a_full_queue(BLOCKS, || {
		assert_ok!(override_root(1, root(1)));
		// Before the sweep has reached any of them.
		assert_eq!(Rollup::open_blocks().len() as u64, BLOCKS - 1);
		assert_noop!(prove(1, BLOCKS), Error::NotNext);
		for id in 2..=100 {
			assert_ok!(prove(RESCUER, id));
		}
		let chain_blocks = release_all();
		assert_eq!(chain_blocks, (BLOCKS - 100).div_ceil(128));
		finish();
		let all = settlements();
		let paid = all.iter().filter(|settled| settled.reward > 0).count() as u64;
		println!(
			"attack 8: an override with {} blocks behind it: all open at once, their capacity \
			 released within {chain_blocks} chain blocks; {} settled, {paid} of them paid, {} tokens \
			 slashed",
			BLOCKS - 1,
			all.len(),
			tokens(all.iter().map(|settled| settled.slashed).sum()),
		);
		assert_eq!((all.len() as u64, positions(), burned()), (BLOCKS, [BLOCKS; 4], 0));
		// All but that of the override.
		assert_eq!((all[0].reward, paid), (0, BLOCKS - 1));
		assert!(all.iter().all(|settled| settled.slashed == 0));
	});
}
