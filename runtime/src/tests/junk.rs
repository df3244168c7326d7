// SPDX-License-Identifier: Apache-2.0

//! Junk proofs by strangers, and one by an assigned prover (R11).

use super::{chain::*, proofs, room::*, transactions::Transactions};
use crate::*;
use pallet_rollup::Transition;
use sp_keyring::Sr25519Keyring::{Charlie, Dave, Eve, Ferdie};

#[test]
fn junk_proofs_of_strangers_on_a_wrong_parent_do_not_enter_the_transaction_pool() {
	let mut chain = chain();
	let (id, _) = chain.propose(Charlie, 1_000);
	for prover in [Dave, Eve, Ferdie] {
		let transition = Transition { parent_state_root: [7; 32], ..Default::default() };
		let call = proofs::prove_with(id, prover, transition, vec![0; 128]);
		chain.refuse(Dave, call);
	}
	println!("3 junk proofs of a stranger: refused before a block, free of charge");
}

/// Anyone may carry a proof of the next block that builds on the proven state.
#[test]
fn junk_of_a_stranger_in_the_name_of_the_assigned_prover_has_no_priority_and_pays_its_fee() {
	let mut chain = chain();
	let (id, prover) = propose_and_draw(&mut chain);
	let junk = junk(id, prover);
	let proof = prove(&mut chain, id, prover.to_account_id());
	let before = chain.balance(Dave).0;
	assert_eq!(chain.fail(Dave, junk.clone()), malformed());
	let fee = before - chain.balance(Dave).0;
	assert!(fee > 0);
	// The stranger's junk has not used the lane, and its next one waits with the highest tip.
	let mut pool = Transactions::default();
	let stranger = pool.add(&mut chain, &attacker(0), junk, TIP).expect("it may be valid");
	let priority = pool.add(&mut chain, &prover.pair(), proof, 0).expect("it is assigned");
	assert!(stranger <= u64::MAX / 2 && priority > u64::MAX / 2);
	assert!(is_proven(&pool.block(&mut chain), id));
	assert_eq!(cost_of_attack(&mut chain), 0, "it is refused after the proof");
	let fee = fee as f64 / constants::UNIT as f64;
	println!(
		"2 junk proofs of strangers in the name of the assigned prover: without priority; one costs \
		 {fee:.3} tokens, the other is refused after the proof"
	);
}

#[test]
fn a_junk_proof_of_the_assigned_prover_uses_up_only_its_priority() {
	let mut chain = chain();
	let (id, prover) = propose_and_draw(&mut chain);
	let junk = junk(id, prover);
	let highest = |chain: &mut Chain, call| chain.validate(prover, call, 0).map(|v| v.priority);
	assert!(highest(&mut chain, junk.clone()).expect("it may be valid") > u64::MAX / 2);
	assert_eq!(chain.fail(prover, junk), malformed());
	// The valid proof is included like any other transaction.
	let proof = prove(&mut chain, id, prover.to_account_id());
	let priority = highest(&mut chain, proof.clone()).expect("it is valid");
	println!("1 junk proof of the assigned prover had priority, and its next proof has {priority}");
	assert!(priority <= u64::MAX / 2);
	chain.do_submit(prover, proof);
}
