// SPDX-License-Identifier: Apache-2.0

//! Attack 6 on the runtime: draws that calls neither see nor undo, and chain blocks without weight.

use super::chain::*;
use crate::*;
use pallet_rollup::{BlockKey, Blocks, Phase, State};
use sp_keyring::Sr25519Keyring::{self, Bob, Charlie, Dave};

fn chain() -> Chain {
	Chain::with(|genesis| set_capacity(genesis, 100))
}

/// Returns the provers of the blocks, `None` of each that is not drawn.
fn drawn(chain: &mut Chain) -> Vec<Option<AccountId>> {
	chain.look(|| {
		let proposed = State::<Runtime>::get().proposed;
		let phase = |id| Blocks::<Runtime>::get(BlockKey::from(id)).expect("it is there").phase;
		(1..=proposed)
			.map(|id| match phase(id) {
				Phase::Undrawn => None,
				Phase::Assigned(assigned) => Some(assigned.prover),
				phase => panic!("block {id} has no prover: {phase:?}"),
			})
			.collect()
	})
}

#[test]
fn a_chain_block_without_weight_leaves_the_draw_to_the_next_seed_and_does_not_change_it() {
	// The chain block with both seeds has no weight for `on_poll`.
	let mut delayed = chain();
	delayed.do_submit(Charlie, propose(1_000));
	delayed.block(vec![]);
	let clock = delayed.look(|| Rollup::clock().now);
	delayed.leave_no_weight();
	delayed.block(vec![]);
	assert_eq!(drawn(&mut delayed), [None]);
	assert_eq!(delayed.look(|| Rollup::clock().now), clock, "the clock stands still");
	// Its seed is no use any more once transactions have seen it.
	delayed.stay_on_relay_block();
	delayed.block(vec![]);
	assert_eq!(drawn(&mut delayed), [None]);
	delayed.block(vec![]);

	// The same proposal a chain block later meets the same seeds.
	let mut later = chain();
	later.block(vec![]);
	later.do_submit(Charlie, propose(1_000));
	later.block(vec![]);
	later.block(vec![]);
	let provers = [&mut delayed, &mut later].map(drawn);
	println!(
		"attack 6: a chain block without weight for on_poll: the draw is by the next seed, and by that \
		 alone: {}",
		provers[0] == provers[1],
	);
	assert!(provers[0][0].is_some());
	assert_eq!(provers[0], provers[1]);
}

/// Returns calls that propose, stake and fail.
fn probe() -> Vec<RuntimeCall> {
	let failing = frame_system::Call::kill_storage { keys: vec![] }.into();
	vec![propose(1_000), stake(60_000, 10_000, 6), failing]
}

fn batch_all() -> RuntimeCall {
	pallet_utility::Call::batch_all { calls: probe() }.into()
}

fn force_batch() -> RuntimeCall {
	pallet_utility::Call::force_batch { calls: probe() }.into()
}

/// Transactions of a chain block.
type Transactions = Vec<(Sr25519Keyring, RuntimeCall)>;

/// Proposes twenty blocks, and makes three chain blocks with these transactions. All blocks are drawn in the
/// last two. Returns the provers after each.
fn draws_among(transactions: [Transactions; 3]) -> [Vec<Option<AccountId>>; 3] {
	let mut chain = chain();
	chain.block(vec![(Charlie, propose(1_000)); 20]);
	transactions.map(|transactions| {
		chain.block(transactions);
		drawn(&mut chain)[..20].to_vec()
	})
}

#[test]
fn batches_that_propose_stake_and_fail_see_nothing_of_a_draw_and_undo_none() {
	let quiet = draws_among([vec![], vec![], vec![]]);
	let failing = || vec![(Dave, batch_all()), (Bob, batch_all())];
	let undone = draws_among([failing(), failing(), failing()]);
	// Their stake stands. It counts from the draws of the next chain block on.
	let forced = || vec![(Dave, force_batch())];
	let staked = draws_among([vec![], forced(), forced()]);
	let counts = [&undone, &staked].map(|draws| {
		draws.iter().map(|provers| provers.iter().flatten().count()).collect::<Vec<_>>()
	});
	println!(
		"attack 6: 6 failing batches of a proposal and a stake around the draws of 20 blocks, and 2 \
		 batches that stand: drawn {counts:?}, each draw as without them",
	);
	assert_eq!(counts, [[0, 16, 20]; 2]);
	assert!(undone == quiet);
	assert!(staked[1] == quiet[1] && staked[2][..16] == quiet[2][..16]);
}

#[test]
fn the_proposal_of_a_batch_is_drawn_after_two_later_seeds() {
	let mut chain = chain();
	// The batch that fails leaves no proposal, and the other one leaves its own.
	chain.fail(Dave, batch_all());
	assert_eq!(drawn(&mut chain), []);
	chain.do_submit(Dave, force_batch());
	let staked = chain.look(|| ProverPool::provers().len());
	assert_eq!((staked, drawn(&mut chain)), (3, vec![None]));
	let mut counts = vec![];
	for _ in 0..2 {
		chain.block(vec![]);
		counts.push(drawn(&mut chain).iter().flatten().count());
	}
	println!("attack 6: a proposal in a batch with a stake: {counts:?} drawn after each seed");
	assert_eq!(counts, [0, 1]);
}
