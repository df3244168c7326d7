// SPDX-License-Identifier: Apache-2.0

//! Attack 2: restarts of cooldowns.

use super::*;

/// Tries all proofs of a block that anyone can bring. Returns the number of refusals.
fn prove_in_vain(block_id: u64) -> u64 {
	let mut refused = 0;
	let parent = root(block_id - 1);
	let transitions = [
		transition(block_id),
		on(parent, wrong(1)),
		on(wrong(1), root(block_id)),
		on(wrong(1), wrong(1)),
	];
	for signer in [1, CARRIER, RESCUER] {
		for prover in [1, RESCUER] {
			for transition in transitions {
				assert!(prove_as(signer, prover, block_id, transition).is_err());
				refused += 1;
			}
		}
	}
	refused
}

#[test]
fn no_proof_of_any_kind_restarts_a_cooldown() {
	// A timely proof, waiting ones, a replaced one, an open block and a missed one.
	MinProofWindow::set(60);
	run_with(vec![(1, 60_000, FEE as u16, 5)], || {
		propose_and_draw(6);
		for id in 2..=4 {
			assert_ok!(prove_as(1, 1, id, on(wrong(id), wrong(id))));
			next_block();
			assert_eq!(prove_as(1, 1, id, transition(id)), Ok(Pays::Yes));
		}
		assert_ok!(prove(1, 1));
		next_block();
		assert_eq!(positions(), [0, 4, 6, 6]);
		pass_deadline(5);
		assert_ok!(prove(RESCUER, 5));
		assert_ok!(prove(RESCUER, 6));

		let times: Vec<_> = (1..=6).map(|id| stored(id).map(|stored| stored.proven_at)).collect();
		let (mut refused, mut settled_at) = (0, BTreeMap::new());
		while state().settled < 6 {
			for id in state().settled + 1..=6 {
				refused += prove_in_vain(id);
				assert_eq!(stored(id).map(|stored| stored.proven_at), times[id as usize - 1]);
			}
			next_block();
			settled_at.extend(settlements().iter().map(|settled| (settled.block_id, settled.at)));
		}
		println!(
			"attack 2: {refused} proofs of proven blocks refused for at most {:.1} tokens at the \
			 lowest fees, no cooldown restarted",
			tokens(Balance::from(refused) * super::rewards_of_misses::fee_of_junk(10)),
		);
		for (id, at) in settled_at {
			assert_eq!(Some(at), times[id as usize - 1].flatten().map(|at| at + COOLDOWN));
		}
	});
}

/// Proves five blocks a chain block apart, and overrides the third.
fn with_an_override_of_the_third(state_root: u64, test: impl FnOnce([u64; 5], u64)) {
	CooldownSeconds::set(120);
	run(|| {
		propose_and_draw(5);
		let times = [1, 2, 3, 4, 5].map(|id| {
			assert_ok!(prove(1, id));
			let proven_at = now();
			next_block();
			proven_at
		});
		pass(30);
		assert_ok!(override_root(3, if state_root == 3 { root(3) } else { wrong(state_root) }));
		test(times, now());
	});
}

fn proven_at(block_id: u64) -> u64 {
	stored(block_id).unwrap().proven_at.unwrap()
}

#[test]
fn an_override_restarts_its_own_cooldown_and_those_of_blocks_that_are_proven_again() {
	with_an_override_of_the_third(99, |times, overridden_at| {
		next_block();
		assert_ok!(prove_as(RESCUER, RESCUER, 4, on(wrong(99), wrong(4))));
		assert_ok!(prove_as(RESCUER, RESCUER, 5, on(wrong(4), root(5))));
		let again = now();
		assert_eq!([1, 2].map(proven_at), [times[0], times[1]]);
		assert_eq!([3, 4, 5].map(proven_at), [overridden_at, again, again]);
		settlements();
		let mut settled_at = vec![];
		while state().settled < 5 {
			next_block();
			settled_at.extend(settlements().iter().map(|settled| settled.at));
		}
		println!(
			"attack 2: proven at {times:?}, block 3 overridden at {overridden_at}, 4 and 5 proven \
			 again at {again}: settled at {settled_at:?}"
		);
		let expected = [times[0], times[1], overridden_at, again, again].map(|at| at + 120);
		assert_eq!(settled_at, expected);
	});
}

#[test]
fn an_override_by_the_same_root_restarts_its_own_cooldown_alone() {
	with_an_override_of_the_third(3, |times, overridden_at| {
		next_block();
		assert_eq!([1, 2, 4, 5].map(proven_at), [times[0], times[1], times[3], times[4]]);
		assert_eq!(proven_at(3), overridden_at);
		println!(
			"attack 2: the same root restarts the cooldown of block 3 by {} s",
			now() - times[2]
		);
	});
}

#[test]
fn an_undone_override_restarts_its_own_cooldown_alone() {
	with_an_override_of_the_third(99, |times, _| {
		next_block();
		pass(30);
		assert_ok!(override_root(3, root(3)));
		let undone_at = now();
		next_block();
		assert_eq!(positions(), [0, 5, 5, 5]);
		assert_eq!([1, 2, 4, 5].map(proven_at), [times[0], times[1], times[3], times[4]]);
		assert_eq!(proven_at(3), undone_at);
		let restarted = (1..=5).filter(|id| proven_at(*id) != times[*id as usize - 1]).count();
		println!(
			"attack 2: an override undone: {restarted} cooldown of {} restarted, {} s after the \
			 proof",
			times.len(),
			undone_at - times[2],
		);
	});
}
