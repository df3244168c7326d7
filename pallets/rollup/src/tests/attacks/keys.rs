// SPDX-License-Identifier: Apache-2.0

//! Attack 7: two rules versions under way, and a key that is replaced.

use super::*;
use codec::Encode as _;
use frame_support::storage::{with_transaction, TransactionOutcome};

/// Returns the versions whose keys cannot be removed.
fn irremovable() -> Vec<u32> {
	let is_refused = |version: &u32| {
		let result = with_transaction(|| {
			TransactionOutcome::Rollback(Verifier::remove_key(RuntimeOrigin::root(), *version))
		});
		[KeyError::KeyIsActive, KeyError::KeyIsNeeded]
			.map(|error| Err(error.into()))
			.contains(&result)
	};
	(1..=2).filter(is_refused).collect()
}

/// Returns the statement of the true transition of a block.
fn statement(prover: AccountId, block_id: u64) -> Vec<u8> {
	let chain = System::block_hash(0).0;
	block(block_id)
		.unwrap()
		.statement(chain, block_id, transition(block_id), prover)
		.encode()
}

/// Proves a block by the rules of each other version. Returns the number of refusals.
fn prove_by_other_rules(block_id: u64) -> usize {
	let rules_version = block(block_id).unwrap().rules_version;
	let prover = assigned(block_id).unwrap();
	let refused = |version: &u32| {
		let proof = proof_of(*version, &statement(prover, block_id));
		prove_with(prover, prover, block_id, transition(block_id), proof) == Err(invalid_proof())
	};
	(0..=12).filter(|version| *version != rules_version).filter(refused).count()
}

/// Has four blocks of version 1 and four of version 2 drawn for prover 1.
fn with_two_versions(test: impl FnOnce()) {
	run_with(vec![(1, 100_000, FEE as u16, 10)], || {
		propose_and_draw(4);
		// Version 2 is added and then activated.
		assert_eq!(irremovable(), [1]);
		activate(2);
		propose_and_draw(4);
		assert_eq!(irremovable(), [1, 2]);
		test();
	});
}

#[test]
fn each_block_is_proven_by_its_own_rules_only() {
	with_two_versions(|| {
		let mut refused = 0;
		for id in (1..=8).rev() {
			refused += prove_by_other_rules(id);
			assert_ok!(prove(1, id));
		}
		println!("attack 7: {refused} proofs by other rules refused for 8 blocks of two versions");
		assert_eq!(refused, 8 * 12);
		while state().settled < 8 {
			// The old key is needed until the last of its blocks is settled.
			assert_eq!(irremovable(), if state().settled < 4 { vec![1, 2] } else { vec![2] });
			next_block();
		}
		assert_eq!((irremovable(), burned()), (vec![2], 0));
		assert_ok!(Verifier::remove_key(RuntimeOrigin::root(), 1));
		assert_eq!(Verifier::key_versions(), [2]);
	});
}

#[test]
fn a_replaced_key_in_the_middle_of_two_versions_gets_no_prover_slashed() {
	with_two_versions(|| {
		assert_ok!(prove(1, 1));
		for id in [3, 4, 6, 8] {
			assert_ok!(prove(1, id));
		}
		// Two more are drawn, and two are proposed and not drawn yet.
		propose_and_draw(2);
		propose();
		propose();
		assert_ok!(pause());
		assert_ok!(replace_key(1));
		// Deadlines are near, and the pause lasts for a week.
		for _ in 0..3 {
			next_block_after(604_800);
			check();
		}
		assert_eq!((outstanding(1), missed()), (0, vec![]));
		// Waiting proofs by version 2 count, those by the old key of version 1 do not.
		let waiting: Vec<_> = (2..=10).filter(|id| stored(*id).is_some()).collect();
		assert_eq!(waiting, [6, 8]);
		assert_eq!(prove_by_the_old_key(2), Err(invalid_proof()));
		assert_ok!(prove(RESCUER, 2));
		assert_ok!(resume());
		// Draws go on.
		next_block();
		assert!(is_assigned(11) && is_assigned(12));
		finish();
		let all: BTreeMap<_, _> =
			settlements().into_iter().map(|settled| (settled.block_id, settled)).collect();
		println!(
			"attack 7: a key replaced with {} blocks of two versions under way: {} tokens slashed",
			all.len(),
			tokens(slashed_of(all.values())),
		);
		assert_eq!((burned(), positions()), (0, [12; 4]));
		assert_paid(&[1, 6, 8, 11, 12], all);
	});
}

/// Checks that prover 1 is paid for its blocks and the rescuer for all others, without a slash.
fn assert_paid(own: &[u64], all: BTreeMap<u64, Settlement>) {
	for (id, settled) in all {
		let expected = if own.contains(&id) { 1 } else { RESCUER };
		assert_eq!((settled.prover, settled.slashed), (Some(expected), 0), "block {id}");
	}
}

/// Returns the sum of the slashes.
fn slashed_of<'a>(all: impl IntoIterator<Item = &'a Settlement>) -> Balance {
	all.into_iter().map(|settled| settled.slashed).sum()
}

fn prove_by_the_old_key(block_id: u64) -> Result<Pays, sp_runtime::DispatchError> {
	let replacements = KeyReplacements::take();
	let proof = valid_proof(RESCUER, block_id, transition(block_id));
	KeyReplacements::set(replacements);
	prove_with(RESCUER, RESCUER, block_id, transition(block_id), proof)
}

/// The circuit has a hole. A forger proves block 2 by it, and others prove and store on top.
#[test]
fn a_circuit_with_a_hole_is_mended_and_its_forgery_undone() {
	with_two_versions(|| {
		assert_ok!(prove(1, 1));
		assert_ok!(prove_as(1, 1, 2, on(root(1), wrong(2))));
		for id in 3..=6 {
			assert_ok!(prove_as(1, 1, id, on(wrong(id - 1), wrong(id))));
		}
		assert_ok!(prove(1, 8));
		assert_ok!(pause());
		assert_ok!(replace_key(1));
		assert_ok!(override_root(2, root(2)));
		next_block();
		assert_eq!(positions(), [0, 2, 8, 8]);
		for id in 3..=6 {
			assert_ok!(prove(RESCUER, id));
		}
		assert_ok!(resume());
		assert_ok!(resume_draws());
		let chain_blocks = finish();
		let all = settlements();
		println!(
			"attack 7: a forgery by a hole in the circuit, mended and undone: {chain_blocks} \
			 chain blocks, {} tokens slashed, the forger paid {} units for block {}",
			tokens(slashed_of(&all)),
			all[1].reward,
			all[1].block_id,
		);
		assert_eq!(burned(), 0);
		assert_eq!((all[1].block_id, all[1].prover, all[1].reward), (2, None, 0));
		assert!(all.iter().all(|settled| settled.block_id == 2 || settled.reward > 0));
		// The waiting proof of version 2 on the true state counts.
		assert_eq!(all[7].prover, Some(1));
	});
}
