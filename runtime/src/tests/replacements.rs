// SPDX-License-Identifier: Apache-2.0

//! Attack 4 on the runtime: a prover that replaces all its waiting transitions in every full block.

use super::{chain::*, due_proofs::assign, room::*, transactions::Transactions};
use crate::*;
use pallet_rollup::{Event, Transition};
use sp_keyring::Sr25519Keyring::{Eve, Ferdie};

/// Blocks of both provers.
const COUNT: usize = 16;
/// Index of the kind of [`fillers`] that leaves room for small transactions before it.
const REMARKS: usize = 0;

/// Returns a chain whose attacker can pay the tips.
fn chain_of_a_rich_prover() -> Chain {
	chain_with(|genesis| {
		set_capacity(genesis, COUNT as u16);
		set_funds(genesis, Eve, 10 * genesis_config_presets::ENDOWMENT);
	})
}

/// Sends a transition on an invented state for each block of the attacker. Returns the priorities.
fn store(
	pool: &mut Transactions,
	chain: &mut Chain,
	blocks: &[u64],
	round: u8,
	tip: Balance,
) -> Vec<u64> {
	let invented = |id: u64| Transition { parent_state_root: [round; 32], ..transition(id) };
	blocks
		.iter()
		.map(|id| {
			let call = prove_by(0, chain, *id, Eve.to_account_id(), invented(*id));
			pool.add(chain, &Eve.pair(), call, tip).expect("it is assigned")
		})
		.collect()
}

/// Returns the blocks whose transitions these events store.
fn stored(events: &[RuntimeEvent]) -> Vec<u64> {
	let stored = events.iter().filter_map(|event| match event {
		RuntimeEvent::Rollup(Event::TransitionStored { block_id, .. }) => Some(*block_id),
		_ => None,
	});
	stored.collect()
}

#[test]
fn a_prover_that_replaces_its_transitions_in_every_full_block_keeps_no_other_proof_out() {
	let mut chain = chain_of_a_rich_prover();
	let assigned = assign(&mut chain, COUNT);
	// The first block has no transition, so that those of later ones wait.
	let of = |who: &AccountId| {
		let blocks = assigned[1..].iter().filter(|(_, prover, _)| prover == who);
		blocks.map(|(id, ..)| *id).collect::<Vec<_>>()
	};
	let [attacks, victims] = [Eve, Ferdie].map(|who| of(&who.to_account_id()));
	let mut pool = Transactions::default();
	let first = store(&mut pool, &mut chain, &attacks, 100, 0);
	assert!(first.iter().all(|priority| *priority > u64::MAX / 2));
	assert_eq!(stored(&pool.block(&mut chain)), attacks);

	let (kind, remarks) = fillers(1, Ferdie).swap_remove(REMARKS);
	let before = chain.balance(Eve).0;
	for (round, victim) in victims.iter().enumerate() {
		// A round lasts for two blocks.
		if round % 2 == 0 {
			flood(&mut pool, &mut chain, &remarks);
		}
		let priorities = store(&mut pool, &mut chain, &attacks, 101 + round as u8, TIP);
		assert!(priorities.iter().all(|priority| *priority <= u64::MAX / 2));
		let proof = prove(&mut chain, *victim, Ferdie.to_account_id());
		pool.add(&mut chain, &Ferdie.pair(), proof, 0).expect("it is assigned");
		// The proof is the first, and then come the replacements.
		let in_block = stored(&full_block(&mut pool, &mut chain, kind));
		assert_eq!(in_block, [&[*victim][..], &attacks].concat());
	}
	let rounds = victims.len();
	println!(
		"attack 4: {} replacements of {} transitions for {} tokens in {rounds} full blocks, without \
		 priority: {rounds} of {rounds} proofs of another prover are in the next block",
		rounds * attacks.len(),
		attacks.len(),
		(before - chain.balance(Eve).0) / constants::UNIT,
	);
	assert!(attacks.len() >= 4 && rounds >= 4);
	chain.look(assert_invariants);
}
