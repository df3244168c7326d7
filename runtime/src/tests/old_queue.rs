// SPDX-License-Identifier: Apache-2.0

//! Earlier layout of the queue, and its migration.

use crate::*;
use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{
	migrations::{SteppedMigration, SteppedMigrationError},
	storage_alias,
	weights::WeightMeter,
	Twox64Concat,
};
use pallet_rollup::{BlockKey, Blocks, Phase, RollupBlock, RollupBlockOf};
use std::collections::BTreeMap;

/// Present layout of an entry.
pub type Block = RollupBlockOf<Runtime>;

/// Earlier layout of an entry: another order, and no field of the lane.
#[derive(Encode, Decode, MaxEncodedLen)]
pub struct OldBlock {
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
pub type OldBlocks = StorageMap<Rollup, Twox64Concat, u64, OldBlock>;

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
pub fn blocks() -> BTreeMap<u64, Block> {
	let old = OldBlocks::iter().map(|(id, old)| (id, Block::from(old)));
	Blocks::<Runtime>::iter()
		.map(|(key, block)| (key.into(), block))
		.chain(old)
		.collect()
}
