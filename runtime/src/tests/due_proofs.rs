// SPDX-License-Identifier: Apache-2.0

//! Many proofs that are due at once (R11), in chain blocks that others fill as well.

use super::{
	chain::*,
	proofs,
	room::{
		assignment, chain_with, cost_of_attack, fillers, flood, keyring, prove, state_root,
		CHEAPEST,
	},
	transactions::Transactions,
};
use crate::{constants::UNIT, *};
use ark_bn254::Bn254;
use frame_support::traits::Get;
use pallet_groth16_verifier::simulator;
use pallet_rollup::Transition;
use sp_keyring::Sr25519Keyring::{Charlie, Dave, Eve, Ferdie};
use sp_runtime::DispatchError;

/// Most full chain blocks that 900 proofs enter which are due at once.
pub const BLOCKS_OF_900_PROOFS: u64 = 5;
/// Places for proofs in a chain block by that, which the model of attack 5 uses.
pub const ROOM: u64 = 180;

/// Returns a chain whose two provers have capacity for this number of blocks each.
fn chain(capacity: u16) -> Chain {
	chain_with(|genesis| set_capacity(genesis, capacity))
}

fn drawn_per_block() -> usize {
	let drawn: u32 = <Runtime as pallet_rollup::Config>::MaxDrawnPerBlock::get();
	drawn as usize
}

/// Proposes until `count` blocks are assigned. Returns them with their provers and deadlines.
pub fn assign(chain: &mut Chain, count: usize) -> Vec<(u64, AccountId, u64)> {
	let mut assigned = vec![];
	let mut proposed = 0;
	while assigned.len() < count {
		let batch = drawn_per_block().min(count - proposed);
		proposed += batch;
		let calls = vec![(Charlie.pair(), propose(1_000)); batch];
		let (outcomes, hooks) = chain.block_by(calls);
		assert!(outcomes.iter().all(|outcome| outcome.result == Ok(())));
		let draws = hooks.iter().filter_map(assignment);
		assigned.extend(draws);
		// The draws follow the proposals by a few blocks.
		assert!(assigned.len() + 4 * drawn_per_block() >= proposed, "a block has no prover");
	}
	assigned
}

/// Returns the blocks whose provers have not brought a transition.
fn pending(chain: &mut Chain) -> Vec<u64> {
	chain.look(|| [Eve, Ferdie].map(|who| Rollup::pending_blocks(who.to_account_id())).concat())
}

/// Asserts that no stored proof has a later deadline than one that waits.
fn assert_order(chain: &mut Chain, assigned: &[(u64, AccountId, u64)]) {
	let pending = pending(chain);
	let deadlines = |wanted: bool| {
		assigned
			.iter()
			.filter(|(id, ..)| pending.contains(id) == wanted)
			.map(|(.., at)| *at)
			.collect::<Vec<_>>()
	};
	let next = deadlines(true).into_iter().min().unwrap_or(u64::MAX);
	assert!(deadlines(false).into_iter().max().is_some_and(|last| last <= next));
}

#[test]
fn each_full_block_has_room_for_as_many_of_900_due_proofs_as_it_draws_earliest_deadline_first() {
	const COUNT: usize = 900;
	const { assert!(COUNT as u64 == ROOM * BLOCKS_OF_900_PROOFS) };
	let mut chain = chain(900);
	let assigned = assign(&mut chain, COUNT);
	let mut pool = Transactions::default();
	let (kind, call) = fillers(1, Dave).swap_remove(CHEAPEST);
	flood(&mut pool, &mut chain, &call);
	for (block_id, prover, _) in &assigned {
		let call = prove(&mut chain, *block_id, prover.clone());
		let pair = keyring(prover).pair();
		pool.add(&mut chain, &pair, call, 0).expect("it is assigned");
	}
	let (mut stored, mut blocks, mut failed) = (0, 0, 0);
	while stored < COUNT {
		let (outcomes, _) = chain.make_block(|| pool.apply());
		// The calls of the attacker fail by their origin.
		let is_expected = |result| matches!(result, Ok(()) | Err(DispatchError::BadOrigin));
		assert!(pool.is_block_full && outcomes.iter().all(|outcome| is_expected(outcome.result)));
		let accepted = outcomes.iter().filter(|outcome| outcome.result == Ok(())).count();
		stored += accepted;
		failed += outcomes.len() - accepted;
		blocks += 1;
		assert!(accepted >= drawn_per_block() || stored == COUNT, "{accepted} in a block");
		assert_order(&mut chain, &assigned);
	}
	assert!(failed > 0, "{kind} did not enter");
	let cost = cost_of_attack(&mut chain);
	println!(
		"{COUNT} proofs entered {blocks} full blocks, and {failed} of the waiting {kind}, for {cost} \
		 tokens"
	);
	assert!(blocks <= BLOCKS_OF_900_PROOFS, "{blocks} blocks");
	chain.look(assert_invariants);
}

/// Returns the number of chain blocks until all proofs of one prover are stored, and the cost of junk, in
/// tokens. The other prover sends a junk proof for each of its own blocks if `has_junk`.
fn blocks_next_to_junk(has_junk: bool) -> (usize, f64) {
	const COUNT: usize = 480;
	let mut chain = chain(480);
	let assigned = assign(&mut chain, COUNT);
	let before = chain.balance(Eve).0;
	let mut pool = Transactions::default();
	for (block_id, prover, _) in &assigned {
		let who = keyring(prover);
		let call = match who == Eve {
			true if !has_junk => continue,
			// It costs the whole verification.
			true => proofs::prove_with(
				*block_id,
				Eve,
				Transition { parent_state_root: state_root(block_id - 1), ..Default::default() },
				simulator::encoded_proof::<Bn254>([7; 32]),
			),
			false => prove(&mut chain, *block_id, prover.clone()),
		};
		let priority = pool.add(&mut chain, &who.pair(), call, 0).expect("it is assigned");
		assert!(priority > u64::MAX / 2);
	}
	let of_ferdie =
		|chain: &mut Chain| chain.look(|| Rollup::pending_blocks(Ferdie.to_account_id()).len());
	let mut blocks = 0;
	while of_ferdie(&mut chain) > 0 {
		pool.block(&mut chain);
		blocks += 1;
	}
	let missed = chain.look(|| Rollup::open_blocks().len());
	assert_eq!(missed, 0);
	(blocks, (before - chain.balance(Eve).0) as f64 / UNIT as f64)
}

#[test]
fn junk_proofs_of_an_assigned_prover_delay_others_by_the_room_of_its_own_blocks() {
	let (without, free) = blocks_next_to_junk(false);
	let (with, cost) = blocks_next_to_junk(true);
	println!(
		"junk proofs for half of 480 blocks due at once, {cost:.2} tokens: the other proofs entered \
		 {with} chain blocks, and {without} without junk"
	);
	assert!(free == 0.0 && cost > 0.0);
	// Each block has two places at most, so junk takes no more than its prover's own proofs would.
	assert!(with <= 2 * without + 1);
}
