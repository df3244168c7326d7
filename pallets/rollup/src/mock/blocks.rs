// SPDX-License-Identifier: Apache-2.0

//! Rollup blocks: calls, and readings of the state.

use super::*;

/// Returns the state root after a block when nothing goes wrong.
pub fn root(block_id: BlockId) -> Hash {
	H256::from_low_u64_be(block_id + 1_000).0
}

/// Returns a state root that the rollup should never have.
pub fn wrong(number: u64) -> Hash {
	H256::from_low_u64_be(number).0
}

/// Returns the true transition of a block.
pub fn transition(block_id: BlockId) -> Transition {
	on(root(block_id.saturating_sub(1)), root(block_id))
}

/// Returns a transition that uses half of the tests' gas.
pub fn on(parent_state_root: Hash, state_root: Hash) -> Transition {
	Transition { parent_state_root, state_root, gas_used: GAS / 2 }
}

/// Proposes one of the tests' blocks and returns it.
pub fn propose() -> BlockId {
	propose_as(PROPOSER, GAS, u32::MAX).unwrap();
	state().proposed
}

pub fn propose_as(who: AccountId, gas_limit: u32, max_fee_per_gas: u32) -> DispatchResult {
	let payload = vec![7; SIZE as usize].try_into().unwrap();
	with_storage_layer(|| {
		Rollup::propose_block(RuntimeOrigin::signed(who), payload, gas_limit, max_fee_per_gas)
	})
}

/// Proposes as many blocks and has them drawn.
pub fn propose_and_draw(blocks: u64) {
	for _ in 0..blocks {
		propose();
	}
	next_block();
}

/// Proves a block by its true transition. The prover signs.
pub fn prove(prover: AccountId, block_id: BlockId) -> DispatchResult {
	prove_as(prover, prover, block_id, transition(block_id)).map(drop)
}

/// Proves a transition with a valid proof, and returns who pays.
pub fn prove_as(
	signer: AccountId,
	prover: AccountId,
	block_id: BlockId,
	transition: Transition,
) -> Result<Pays, DispatchError> {
	prove_with(signer, prover, block_id, transition, valid_proof(prover, block_id, transition))
}

pub fn prove_with(
	signer: AccountId,
	prover: AccountId,
	block_id: BlockId,
	transition: Transition,
	proof: Vec<u8>,
) -> Result<Pays, DispatchError> {
	submit_proof(signer, prover, block_id, transition, proof)
		.map(|info| info.pays_fee)
		.map_err(|error| error.error)
}

/// Calls `prove_block`, whose failure changes nothing.
pub fn submit_proof(
	signer: AccountId,
	prover: AccountId,
	block_id: BlockId,
	transition: Transition,
	proof: Vec<u8>,
) -> DispatchResultWithPostInfo {
	let proof = proof.try_into().unwrap();
	with_storage_layer(|| {
		let origin = RuntimeOrigin::signed(signer);
		Rollup::prove_block(origin, block_id, prover, transition, proof)
	})
}

/// Returns a valid proof, or an empty one for an unknown block.
pub fn valid_proof(prover: AccountId, block_id: BlockId, transition: Transition) -> Vec<u8> {
	block(block_id)
		.map(|block| {
			let chain = System::block_hash(0).0;
			let statement = block.statement(chain, block_id, transition, prover);
			proof_of(block.rules_version, &statement.encode())
		})
		.unwrap_or_default()
}

pub fn override_root(block_id: BlockId, state_root: Hash) -> DispatchResult {
	with_storage_layer(|| Rollup::override_block(RuntimeOrigin::root(), block_id, state_root))
}

pub fn resume_draws() -> DispatchResult {
	Rollup::resume_draws(RuntimeOrigin::root())
}

pub fn pause() -> DispatchResult {
	Rollup::pause(RuntimeOrigin::root())
}

pub fn resume() -> DispatchResult {
	Rollup::resume(RuntimeOrigin::root())
}

pub fn state() -> RollupState {
	crate::State::<Test>::get()
}

/// Returns `settled`, `proven`, `drawn` and `proposed`.
pub fn positions() -> [BlockId; 4] {
	let state = state();
	[state.settled, state.proven, state.drawn, state.proposed]
}

pub fn block(block_id: BlockId) -> Option<RollupBlockOf<Test>> {
	Blocks::<Test>::get(BlockKey::from(block_id))
}

pub fn stored(block_id: BlockId) -> Option<StoredTransition<AccountId>> {
	block(block_id)?.transition
}

/// Returns the deadline of an assigned block.
pub fn deadline(block_id: BlockId) -> u64 {
	block(block_id).unwrap().assignment().expect("the block is assigned").deadline
}

pub fn is_assigned(block_id: BlockId) -> bool {
	matches!(block(block_id).unwrap().phase, Phase::Assigned(_))
}

pub fn is_missed(block_id: BlockId) -> bool {
	matches!(block(block_id).unwrap().phase, Phase::Missed(_))
}

pub fn is_opened(block_id: BlockId) -> bool {
	matches!(block(block_id).unwrap().phase, Phase::Opened(_))
}

/// Returns the number of outstanding blocks of a prover.
pub fn outstanding(who: AccountId) -> u32 {
	ProverPool::outstanding(&who)
}

pub fn free(who: AccountId) -> Balance {
	Balances::balance(&who)
}

/// Returns the deposits of a proposer. The record of a hold can exceed the balance on hold.
pub fn held(who: AccountId) -> Balance {
	Balances::balance_on_hold(&crate::HoldReason::Deposit.into(), &who)
		.min(Balances::total_balance_on_hold(&who))
}

/// Returns the amount burned since genesis.
pub fn burned() -> Balance {
	ACCOUNTS.len() as Balance * ENDOWMENT - Balances::total_issuance()
}

/// Returns the events of the rollup since the last call.
pub fn events() -> Vec<Event> {
	let events = System::read_events_for_pallet::<Event>();
	System::reset_events();
	events
}
