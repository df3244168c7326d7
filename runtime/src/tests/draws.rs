// SPDX-License-Identifier: Apache-2.0

//! Attack 6 on the runtime: draws by real seeds of a relay chain, with several chain blocks on one relay
//! block.

use super::chain::*;
use crate::*;
use pallet_rollup::{BlockKey, Blocks, Phase, State};
use sp_keyring::Sr25519Keyring::{Charlie, Eve, Ferdie};

/// Returns a chain whose provers have capacity for all proposals of a test.
fn chain() -> Chain {
	Chain::with(|genesis| set_capacity(genesis, 100))
}

/// Makes a block, on the relay block of the last one if `stays`, with `proposals`. Returns the last
/// drawn block.
fn drawn_after(chain: &mut Chain, stays: bool, proposals: usize) -> u64 {
	let before = chain.look(|| State::<Runtime>::get().drawn);
	if stays {
		chain.stay_on_relay_block();
	}
	let calls = vec![(Charlie, propose(1_000)); proposals];
	let (outcomes, _) = chain.block(calls);
	assert!(outcomes.iter().all(|outcome| outcome.result.is_ok()));
	chain.look(|| {
		let drawn = State::<Runtime>::get().drawn;
		(before + 1..=drawn).for_each(assert_unforeseen);
		drawn
	})
}

/// Asserts that a block drawn in this chain block is drawn by two seeds that came out after its
/// proposal. The newer one must be of this chain block.
fn assert_unforeseen(block_id: u64) {
	let block = Blocks::<Runtime>::get(BlockKey::from(block_id)).expect("it is not settled");
	assert!(matches!(block.phase, Phase::Assigned(_)), "block {block_id} has no prover");
	let seeds = pallet_relay_randomness::Seeds::<Runtime>::get().expect("there are seeds");
	let older = seeds.older.expect("there are two seeds");
	assert_eq!(seeds.newest.known_since, System::block_number());
	assert!(older.known_since > block.proposed_in, "block {block_id} could be foreseen");
}

#[test]
fn two_chain_blocks_on_one_relay_block_draw_once_from_more_proposals_than_a_block_may_draw() {
	let mut chain = chain();
	assert_eq!(drawn_after(&mut chain, false, 20), 0);
	let drawn: Vec<u64> = [true, false, true, false, true, false, true, false]
		.into_iter()
		.map(|stays| drawn_after(&mut chain, stays, 0))
		.collect();
	println!("attack 6: 20 proposals, two chain blocks a relay block, 16 draws a seed: {drawn:?}");
	assert_eq!(drawn, [0, 0, 0, 16, 16, 20, 20, 20]);
}

/// The runtime plans for one chain block on a relay block and admits two.
#[test]
#[should_panic = "authored blocks limit is reached"]
fn a_third_chain_block_on_one_relay_block_is_refused() {
	let mut chain = chain();
	for stays in [false, true, true] {
		drawn_after(&mut chain, stays, 0);
	}
}

#[test]
fn three_chain_blocks_on_one_relay_block_draw_once_from_more_proposals_than_a_block_may_draw() {
	let mut chain = chain();
	let drawn: Vec<u64> = (0..12)
		.map(|index| {
			let stays = index % 3 > 0;
			if stays {
				chain.allow_another_block();
			}
			// Of 20 proposals, 16 are in the chain block that brings a seed.
			let proposals = [16, 4].get(index).copied().unwrap_or_default();
			drawn_after(&mut chain, stays, proposals)
		})
		.collect();
	println!(
		"attack 6: 20 proposals, three chain blocks a relay block, 16 draws a seed: {drawn:?}"
	);
	assert_eq!(drawn, [0, 0, 0, 0, 0, 0, 16, 16, 16, 20, 20, 20]);
}

#[test]
fn a_proposal_in_either_chain_block_of_a_relay_block_waits_for_two_later_seeds() {
	let mut chain = chain();
	// The first proposal is in the block that brings a seed, the second in the one that stays.
	drawn_after(&mut chain, false, 1);
	drawn_after(&mut chain, true, 1);
	let drawn: Vec<u64> = [false, true, false, true]
		.into_iter()
		.map(|stays| drawn_after(&mut chain, stays, 0))
		.collect();
	println!(
		"attack 6: 2 proposals on one relay block, with and without a new seed: {drawn:?} drawn"
	);
	assert_eq!(drawn, [0, 0, 2, 2]);
}

#[test]
fn provers_that_leave_after_the_proposal_are_not_drawn_and_its_block_opens() {
	let mut chain = chain();
	chain.wait(MIN_CHANGE_DELAY);
	drawn_after(&mut chain, false, 1);
	let (outcomes, _) = chain.block(vec![(Eve, exit()), (Ferdie, exit())]);
	assert!(outcomes.iter().all(|outcome| outcome.result.is_ok()));
	chain.block(vec![]);
	let phase = chain.look(|| Blocks::<Runtime>::get(BlockKey::from(1)).map(|block| block.phase));
	println!("attack 6: 2 exits after a proposal: its block is {phase:?}");
	assert_eq!(phase, Some(Phase::Open));
}
