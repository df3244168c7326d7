// SPDX-License-Identifier: Apache-2.0

//! Rehearsal of an upgrade that changes the layout of the queue, on a full queue with history.
//!
//! With the feature `try-runtime`, `Executive` checks the upgrade too: `make test-long SUITE=upgrade`.

use super::{chain::*, proofs};
use crate::*;
use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{
	dispatch::DispatchResult,
	migrations::{SteppedMigration, SteppedMigrationError},
	storage_alias,
	traits::Get,
	weights::WeightMeter,
	Twox64Concat,
};
use pallet_rollup::{BlockKey, Blocks, Event, Phase, RollupBlock, RollupBlockOf};
use sp_keyring::Sr25519Keyring::{self, Charlie, Dave, Eve, Ferdie};
use std::collections::BTreeMap;

type Block = RollupBlockOf<Runtime>;

/// Provers with a capacity for a third of the queue.
const PROVERS: [Sr25519Keyring; 3] = [Dave, Eve, Ferdie];

/// Number of proposals in a chain block.
const PROPOSALS: u32 = 32;

/// Chain blocks of proposals between the proof of a block and the upgrade. Two more have proofs, so
/// that two ticks of the cooldown are left. They would pass in the migration if the clock ran.
const CHAIN_BLOCKS_OF_COOLDOWN: u32 = (COOLDOWN / BLOCK_TIME) as u32 - 4;

/// Earlier layout of an entry: another order, and no field of the lane.
#[derive(Encode, Decode, MaxEncodedLen)]
struct OldBlock {
	transition: Option<pallet_rollup::StoredTransition<AccountId>>,
	is_outstanding: bool,
	phase: OldPhase,
	proposer: (AccountId, Balance),
	payload: ([u8; 32], u32, BlockNumber),
	gas: (u32, u32, u32),
	rules_version: u32,
}

#[derive(Encode, Decode, MaxEncodedLen)]
enum OldPhase {
	Undrawn,
	Open,
	Assigned(OldAssigned),
	Missed(OldAssigned),
	Opened(OldAssigned),
}

#[derive(Encode, Decode, MaxEncodedLen)]
struct OldAssigned {
	prover: AccountId,
	drawn_at: u64,
	window: u64,
	deadline: u64,
}

/// Earlier map of the entries.
#[storage_alias]
type OldBlocks = StorageMap<Rollup, Twox64Concat, u64, OldBlock>;

impl From<pallet_rollup::Assigned<AccountId>> for OldAssigned {
	fn from(assigned: pallet_rollup::Assigned<AccountId>) -> Self {
		let pallet_rollup::Assigned { prover, drawn_at, window, deadline, .. } = assigned;
		Self { prover, drawn_at, window, deadline }
	}
}

impl From<OldAssigned> for pallet_rollup::Assigned<AccountId> {
	fn from(old: OldAssigned) -> Self {
		let OldAssigned { prover, drawn_at, window, deadline } = old;
		Self { prover, drawn_at, window, deadline, has_used_lane: false }
	}
}

impl From<Block> for OldBlock {
	fn from(block: Block) -> Self {
		Self {
			transition: block.transition,
			is_outstanding: block.is_outstanding,
			phase: match block.phase {
				Phase::Undrawn => OldPhase::Undrawn,
				Phase::Open => OldPhase::Open,
				Phase::Assigned(assigned) => OldPhase::Assigned(assigned.into()),
				Phase::Missed(assigned) => OldPhase::Missed(assigned.into()),
				Phase::Opened(assigned) => OldPhase::Opened(assigned.into()),
			},
			proposer: (block.proposer, block.deposit),
			payload: (block.payload_hash, block.payload_size, block.proposed_in),
			gas: (block.gas_limit, block.fee_per_gas, block.reward_per_gas),
			rules_version: block.rules_version,
		}
	}
}

impl From<OldBlock> for Block {
	fn from(old: OldBlock) -> Self {
		let (proposer, deposit) = old.proposer;
		let (payload_hash, payload_size, proposed_in) = old.payload;
		let (gas_limit, fee_per_gas, reward_per_gas) = old.gas;
		RollupBlock {
			proposer,
			payload_hash,
			payload_size,
			gas_limit,
			proposed_in,
			rules_version: old.rules_version,
			fee_per_gas,
			reward_per_gas,
			deposit,
			phase: match old.phase {
				OldPhase::Undrawn => Phase::Undrawn,
				OldPhase::Open => Phase::Open,
				OldPhase::Assigned(assigned) => Phase::Assigned(assigned.into()),
				OldPhase::Missed(assigned) => Phase::Missed(assigned.into()),
				OldPhase::Opened(assigned) => Phase::Opened(assigned.into()),
			},
			is_outstanding: old.is_outstanding,
			transition: old.transition,
		}
	}
}

/// Migration of the earlier layout. No-op on a chain without it.
pub struct MigrateQueue;

impl SteppedMigration for MigrateQueue {
	type Cursor = u64;
	type Identifier = [u8; 16];

	fn id() -> Self::Identifier {
		*b"rollup-queue-0-1"
	}

	fn step(
		cursor: Option<u64>,
		meter: &mut WeightMeter,
	) -> Result<Option<u64>, SteppedMigrationError> {
		// A read and two writes of an entry, with its nodes in the proof.
		let db = <Runtime as frame_system::Config>::DbWeight::get().reads_writes(1, 2);
		let weight = db.saturating_add(frame_support::weights::Weight::from_parts(0, 1_024));
		if !meter.can_consume(weight) {
			return Err(SteppedMigrationError::InsufficientWeight { required: weight });
		}
		let state = pallet_rollup::State::<Runtime>::get();
		let mut next = cursor.unwrap_or(state.settled + 1);
		while next <= state.proposed {
			if meter.try_consume(weight).is_err() {
				return Ok(Some(next));
			}
			if let Some(old) = OldBlocks::take(next) {
				Blocks::<Runtime>::insert(BlockKey::from(next), Block::from(old));
			}
			next += 1;
		}
		Ok(None)
	}
}

/// Returns the unsettled blocks, in either layout.
fn blocks() -> BTreeMap<u64, Block> {
	let old = OldBlocks::iter().map(|(id, old)| (id, Block::from(old)));
	Blocks::<Runtime>::iter()
		.map(|(key, block)| (key.into(), block))
		.chain(old)
		.collect()
}

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
fn chain_with_history() -> Chain {
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

/// Makes the chain block after the migration. Blocks are drawn in it as if there had been none.
fn assert_draws(chain: &mut Chain) {
	let (_, events) = chain.make_block(Vec::new);
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

	assert_draws(&mut chain);
	assert_settles_after(&mut chain, cooldown);
	chain.look(assert_invariants);
}
