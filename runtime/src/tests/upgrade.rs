// SPDX-License-Identifier: Apache-2.0

//! Rehearsal of an upgrade that changes the layout of the queue, on a full queue with history.
//!
//! With the feature `try-runtime`, `Executive` checks the upgrade too: `make test-long SUITE=upgrade`.

use super::chain::*;
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

fn blocks() -> BTreeMap<u64, Block> {
	Blocks::<Runtime>::iter().map(|(key, block)| (key.into(), block)).collect()
}

/// Makes a chain block in which Charlie proposes as many blocks as fit into the queue, at most 32.
fn propose_many(chain: &mut Chain) -> usize {
	let mut proposed = 0;
	let (outcomes, _) = chain.make_block(|| {
		let results: Vec<DispatchResult> = (0..32)
			.map(|_| {
				let origin = RuntimeOrigin::signed(Charlie.to_account_id());
				Rollup::propose_block(origin, Default::default(), 1_000, u32::MAX)
			})
			.collect();
		proposed = results.iter().filter(|result| result.is_ok()).count();
		vec![]
	});
	assert!(outcomes.is_empty());
	proposed
}

/// Returns a chain with settled, proven, waiting, missed, open, assigned and undrawn blocks, whose
/// queue is full.
fn chain_with_history() -> Chain {
	let mut chain = Chain::with(|genesis| {
		genesis.prover_pool.provers =
			PROVERS.map(|who| (who.to_account_id(), 9_000_000, 10_000, 900)).into();
	});
	for _ in 0..2 {
		let (id, drawn) = chain.propose(Charlie, 1_000);
		let drawn = drawn.expect("the pool has room");
		let is_drawn = |who: &Sr25519Keyring| who.to_account_id() == drawn;
		let prover = PROVERS.into_iter().find(is_drawn).expect("it is in the pool");
		let proof = chain.prove(id, prover);
		chain.do_submit(prover, proof);
		chain.wait(COOLDOWN / 2);
	}
	while propose_many(&mut chain) > 0 {}
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

/// Asserts that the queue has blocks of each kind that the draws and deadlines make.
fn assert_history(blocks: &BTreeMap<u64, Block>) {
	let count = |is: fn(&Phase<AccountId>) -> bool| {
		blocks.values().filter(|block| is(&block.phase)).count()
	};
	let history = [
		count(|phase| matches!(phase, Phase::Undrawn)),
		count(|phase| matches!(phase, Phase::Open)),
		count(|phase| matches!(phase, Phase::Assigned(_))),
		count(|phase| matches!(phase, Phase::Missed(_))),
	];
	println!("undrawn, open, assigned, missed: {history:?}");
	assert!(history.iter().all(|count| *count > 0), "{history:?}");
}

/// Makes chain blocks until the migration is complete. The rollup must stand still in them. Returns
/// their number.
fn migrate(chain: &mut Chain, before: Reading) -> u32 {
	let mut chain_blocks = 0;
	loop {
		let (_, events) = chain.make_block(Vec::new);
		chain_blocks += 1;
		let is_rollup = |event: &RuntimeEvent| matches!(event, RuntimeEvent::Rollup(_));
		assert!(!events.iter().any(is_rollup), "{events:?}");
		assert_eq!(chain.look(reading), before);
		if !chain.look(pallet_migrations::Cursor::<Runtime>::exists) {
			return chain_blocks;
		}
	}
}

#[test]
fn a_full_queue_migrates_over_several_blocks_while_deadlines_cooldowns_and_draws_stand_still() {
	let mut chain = chain_with_history();
	chain.look(assert_invariants);
	let before = chain.look(blocks);
	let max: u32 = <Runtime as pallet_rollup::Config>::MaxUnsettledBlocks::get();
	assert_eq!(before.len(), max as usize);
	assert_history(&before);

	chain.look(downgrade);
	#[cfg(feature = "try-runtime")]
	chain.look(|| try_upgrade(frame_try_runtime::UpgradeCheckSelect::PreAndPost));
	let reading = chain.look(reading);
	let chain_blocks = migrate(&mut chain, reading);
	println!("{max} blocks migrate in {chain_blocks} chain blocks");
	assert!(chain_blocks > 1);
	assert!(chain.look(blocks) == before, "the migration keeps the entries");
	chain.look(assert_invariants);
	#[cfg(feature = "try-runtime")]
	chain.look(|| try_upgrade(frame_try_runtime::UpgradeCheckSelect::All));

	// The next blocks are drawn as if there had been no migration.
	let (_, events) = chain.make_block(Vec::new);
	let is_drawn = |event: &RuntimeEvent| {
		matches!(
			event,
			RuntimeEvent::Rollup(Event::BlockOpened { .. } | Event::BlockAssigned { .. })
		)
	};
	assert!(events.iter().any(is_drawn), "{events:?}");
	chain.look(assert_invariants);
}
