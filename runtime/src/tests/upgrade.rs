// SPDX-License-Identifier: Apache-2.0

//! Rehearsal of an upgrade that changes the layout of the queue, on a full queue with history.
//!
//! With the feature `try-runtime`, `Executive` checks the upgrade too: `make test-long SUITE=upgrade`.

pub use super::old_queue::MigrateQueue;

use super::{
	chain::*,
	old_queue::{blocks, Block, OldBlock, OldBlocks},
	proofs,
};
use crate::*;
use frame_support::{dispatch::DispatchResult, traits::Get};
use pallet_rollup::{Blocks, Event, Phase};
use sp_keyring::Sr25519Keyring::{self, Charlie, Dave, Eve, Ferdie};
use std::{collections::BTreeMap, sync::LazyLock};

/// State with history and a full queue, which tests share because making it takes a while.
static HISTORY: LazyLock<Snapshot> = LazyLock::new(|| make_history().snapshot());

/// Provers with a capacity for a third of the queue.
const PROVERS: [Sr25519Keyring; 3] = [Dave, Eve, Ferdie];

/// Number of proposals in a chain block.
const PROPOSALS: u32 = 32;

/// Chain blocks of proposals between the proof of a block and the upgrade. Two more have proofs, so
/// that two ticks of the cooldown are left. They would pass in the migration if the clock ran.
const CHAIN_BLOCKS_OF_COOLDOWN: u32 = (COOLDOWN / BLOCK_TIME) as u32 - 4;

/// Returns the maximum length of the queue.
fn max_blocks() -> u32 {
	<Runtime as pallet_rollup::Config>::MaxUnsettledBlocks::get()
}

/// Makes chain blocks in which Charlie proposes, until the queue has at most `places` left.
fn fill(chain: &mut Chain, places: u32) {
	let unsettled = |chain: &mut Chain| {
		let positions = chain.look(Rollup::positions);
		(positions.proposed - positions.settled) as u32
	};
	while unsettled(chain) + places < max_blocks() {
		let mut proposed = 0;
		let (outcomes, _) = chain.make_block(|| {
			let results: Vec<DispatchResult> = (0..PROPOSALS)
				.map(|_| {
					let origin = RuntimeOrigin::signed(Charlie.to_account_id());
					Rollup::propose_block(origin, Default::default(), 1_000, u32::MAX)
				})
				.collect();
			proposed = results.iter().filter(|result| result.is_ok()).count();
			vec![]
		});
		assert!(outcomes.is_empty());
		assert!(proposed > 0);
	}
}

fn keyring(account: &AccountId) -> Sr25519Keyring {
	PROVERS
		.into_iter()
		.find(|who| who.to_account_id() == *account)
		.expect("it is in the pool")
}

/// Brings the proof of a block without payload. It is in a batch, which has no priority, because the
/// earlier layout does not remember the use of the lane.
fn submit_proof(chain: &mut Chain, block_id: u64, prover: Sr25519Keyring) {
	let parent = transfer_rollup::State::genesis();
	let (transition, proof) = proofs::solve(chain, block_id, prover, &parent, &[]);
	let calls = vec![proofs::prove_with(block_id, prover, transition, proof)];
	chain.do_submit(prover, pallet_utility::Call::batch_all { calls });
}

/// Stores the transition of the last assigned block. It waits for those before.
fn store_waiting(chain: &mut Chain) {
	let assigned = |(id, block): (u64, Block)| match block.phase {
		Phase::Assigned(assigned) => Some((id, assigned.prover)),
		_ => None,
	};
	let last = chain.look(|| blocks().into_iter().rev().find_map(assigned));
	let (id, prover) = last.expect("a block is assigned");
	submit_proof(chain, id, keyring(&prover));
}

/// Returns a chain with settled, proven, waiting, missed, open, assigned and undrawn blocks, whose
/// queue is full. The cooldown of the proven block is about to end.
pub fn chain_with_history() -> Chain {
	Chain::of(&HISTORY)
}

fn make_history() -> Chain {
	let mut chain = Chain::with(|genesis| {
		genesis.prover_pool.provers =
			PROVERS.map(|who| (who.to_account_id(), 9_000_000, 10_000, 900)).into();
	});
	for _ in 0..2 {
		let (id, drawn) = chain.propose(Charlie, 1_000);
		let prover = keyring(&drawn.expect("the pool has room"));
		let proof = chain.prove(id, prover);
		chain.do_submit(prover, proof);
		chain.wait(COOLDOWN / 2);
	}
	fill(&mut chain, CHAIN_BLOCKS_OF_COOLDOWN * PROPOSALS);
	let next = chain.look(Rollup::positions).proven + 1;
	submit_proof(&mut chain, next, Dave);
	fill(&mut chain, 0);
	store_waiting(&mut chain);
	chain
}

/// Puts the queue into its earlier layout and marks the runtime as an earlier one.
fn downgrade() {
	for (id, block) in blocks() {
		OldBlocks::insert(id, OldBlock::from(block));
	}
	let _ = Blocks::<Runtime>::clear(u32::MAX, None);
	frame_system::LastRuntimeUpgrade::<Runtime>::mutate(|last| {
		last.as_mut().expect("genesis sets it").spec_version = 0.into()
	});
}

/// Checks the upgrade, and the state before and after it, as `try-runtime` does.
#[cfg(feature = "try-runtime")]
fn try_upgrade(checks: frame_try_runtime::UpgradeCheckSelect) {
	sp_io::storage::start_transaction();
	Executive::try_runtime_upgrade(checks).expect("the upgrade passes its checks");
	sp_io::storage::rollback_transaction();
}

/// Reading of the clock and positions of the queue.
type Reading = (u64, pallet_rollup::Positions);

fn reading() -> Reading {
	(Rollup::clock().now, Rollup::positions())
}

/// Asserts that the queue has blocks of each kind: those that the draws and deadlines make, a proven
/// one and a waiting one.
fn assert_history(blocks: &BTreeMap<u64, Block>) {
	let count = |is: fn(&Block) -> bool| blocks.values().filter(|block| is(block)).count();
	let has_transition = |block: &Block, is_proven: bool| {
		let stored = block.transition.as_ref();
		stored.is_some_and(|stored| stored.proven_at.is_some() == is_proven)
	};
	let history = [
		count(|block| matches!(block.phase, Phase::Undrawn)),
		count(|block| matches!(block.phase, Phase::Open)),
		count(|block| matches!(block.phase, Phase::Assigned(_))),
		count(|block| matches!(block.phase, Phase::Missed(_))),
	];
	println!("undrawn, open, assigned, missed: {history:?}");
	assert!(history.iter().all(|count| *count > 0), "{history:?}");
	for is_proven in [true, false] {
		let found = blocks.values().filter(|block| has_transition(block, is_proven));
		assert_eq!(found.count(), 1, "proven: {is_proven}");
	}
}

/// Returns the rest of the cooldown of the proven block, in seconds.
fn cooldown_left() -> u64 {
	let next = Rollup::positions().settled + 1;
	let stored = blocks().remove(&next).and_then(|block| block.transition);
	let proven_at = stored.and_then(|stored| stored.proven_at).expect("the block is proven");
	(proven_at + COOLDOWN).saturating_sub(Rollup::clock().now)
}

/// Makes chain blocks until the migration is complete. The rollup must stand still in them. Returns
/// their number.
fn migrate(chain: &mut Chain, reading_before: Reading, before: &BTreeMap<u64, Block>) -> u32 {
	let mut chain_blocks = 0;
	loop {
		let (_, events) = chain.make_block(Vec::new);
		chain_blocks += 1;
		let is_rollup = |event: &RuntimeEvent| matches!(event, RuntimeEvent::Rollup(_));
		assert!(!events.iter().any(is_rollup), "{events:?}");
		assert_eq!(chain.look(reading), reading_before);
		assert!(chain.look(blocks) == *before, "an entry changes in the migration");
		if !chain.look(pallet_migrations::Cursor::<Runtime>::exists) {
			return chain_blocks;
		}
	}
}

/// Lets the clock run until a second before the next deadline of a block without a transition. Returns the
/// block and its prover.
fn wait_until_due(chain: &mut Chain) -> (u64, Sr25519Keyring) {
	let now = chain.look(|| Rollup::clock().now);
	let due = chain.look(blocks).into_iter().find_map(|(id, block)| match block.phase {
		Phase::Assigned(assigned) if block.transition.is_none() && assigned.deadline > now => {
			Some((id, keyring(&assigned.prover), assigned.deadline))
		},
		_ => None,
	});
	let (id, prover, deadline) = due.expect("a block is assigned");
	chain.wait(deadline - now - 1);
	(id, prover)
}

/// Makes the chain block after the migration, with the proof that is due. Blocks are drawn in it as if
/// there had been none.
fn assert_draws(chain: &mut Chain, (id, prover): (u64, Sr25519Keyring)) {
	let parent = transfer_rollup::State::genesis();
	let (transition, proof) = proofs::solve(chain, id, prover, &parent, &[]);
	let call = proofs::prove_with(id, prover, transition, proof);
	let (outcomes, events) = chain.block_by(vec![(prover.pair(), call)]);
	assert_eq!(outcomes[0].result, Ok(()));
	let is_drawn = |event: &RuntimeEvent| {
		matches!(
			event,
			RuntimeEvent::Rollup(Event::BlockOpened { .. } | Event::BlockAssigned { .. })
		)
	};
	assert!(events.iter().any(is_drawn), "{events:?}");
	assert!(!events.iter().any(is_settled), "{events:?}");
}

fn is_settled(event: &RuntimeEvent) -> bool {
	matches!(event, RuntimeEvent::Rollup(Event::BlockSettled { .. }))
}

/// Makes chain blocks for the rest of the cooldown. The proven block settles in the last of them.
fn assert_settles_after(chain: &mut Chain, rest: u64) {
	for chain_blocks_left in (0..rest.div_ceil(BLOCK_TIME)).rev() {
		let (_, events) = chain.make_block(Vec::new);
		let settled = events.iter().filter(|event| is_settled(event)).count();
		assert_eq!(settled, usize::from(chain_blocks_left == 0));
	}
}

#[test]
fn a_full_queue_migrates_over_several_blocks_while_deadlines_cooldowns_and_draws_stand_still() {
	let mut chain = chain_with_history();
	chain.look(assert_invariants);
	let before = chain.look(blocks);
	assert_eq!(before.len(), max_blocks() as usize);
	assert_history(&before);
	let due = wait_until_due(&mut chain);
	let cooldown = chain.look(cooldown_left);

	chain.look(downgrade);
	#[cfg(feature = "try-runtime")]
	chain.look(|| try_upgrade(frame_try_runtime::UpgradeCheckSelect::PreAndPost));
	let reading = chain.look(reading);
	let chain_blocks = migrate(&mut chain, reading, &before);
	println!(
		"{} blocks migrate in {chain_blocks} chain blocks, {cooldown} s before the end of a cooldown",
		max_blocks()
	);
	assert!(chain_blocks > 1);
	// The cooldown would have ended.
	assert!((1..u64::from(chain_blocks) * BLOCK_TIME).contains(&cooldown));
	assert_eq!(chain.look(cooldown_left), cooldown);
	assert!(chain.look(|| OldBlocks::iter_keys().next().is_none()));
	assert_history(&chain.look(blocks));
	chain.look(assert_invariants);
	#[cfg(feature = "try-runtime")]
	chain.look(|| try_upgrade(frame_try_runtime::UpgradeCheckSelect::All));

	assert_draws(&mut chain, due);
	assert_settles_after(&mut chain, cooldown);
	let entry = chain.look(|| blocks().remove(&due.0)).expect("it is not settled");
	assert!(matches!(entry.phase, Phase::Assigned(_)) && entry.transition.is_some());
	println!("a proof due in 1 s, delivered in the first chain block afterwards: 0 misses");
	chain.look(assert_invariants);
}
