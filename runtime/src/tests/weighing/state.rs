// SPDX-License-Identifier: Apache-2.0

//! A large state, and the worst that can be in it.

use crate::{
	configs::{
		dynamic_params::{prover_pool, rollup},
		RuntimeParameters,
	},
	constants::UNIT,
	tests::presets,
	*,
};
use ark_bn254::Bn254;
use codec::Encode;
use frame_support::{
	assert_ok,
	traits::{
		fungible::{Mutate, MutateHold},
		Get,
	},
	BoundedVec,
};
use pallet_groth16_verifier::simulator;
use pallet_prover_pool::{Provers, Staker, Stakers};
use pallet_rollup::{
	BlockState, Blocks, Progress, ProvenTransition, RollupBlock, RollupBlockOf, RollupProgress,
	Transition,
};
use sp_core::H256;
use sp_io::{
	hashing::{blake2_256, sha2_256},
	TestExternalities,
};
use sp_runtime::BuildStorage;

/// How many accounts a large state has besides those that act.
pub const OTHERS: u32 = 20_000;
/// How many of them have an exit.
const OTHER_STAKERS: u32 = 500;
/// How many provers there are: as many as the pool has slots.
pub const PROVERS: u32 = 32;
/// The least stake, in tokens.
const STAKE: u32 = 50_000;
/// A price for a unit of gas.
const PRICE: u16 = 10_000;

/// When the first one stakes, in Unix seconds.
const START: u64 = 1_800_000_000;
const HOUR: u64 = 60 * 60;
/// When windows closed that are over.
const CLOSES: u64 = LATER - 2 * HOUR;
/// Now: when every exit is mature, no place is young and every cooldown is over.
const LATER: u64 = START + 8 * 24 * HOUR;

/// What a block's proposer has on hold for it.
const DEPOSIT: Balance = 100 * UNIT;

/// An account of this kind.
fn account(kind: &str, number: u32) -> AccountId {
	blake2_256(&(kind, number).encode()).into()
}

/// A state of the rollup.
pub fn rollup_state(number: u32) -> H256 {
	H256(blake2_256(&number.encode()))
}

/// Sets the clock, in Unix seconds.
fn set_clock(seconds: u64) {
	pallet_timestamp::Now::<Runtime>::put(seconds * 1_000);
}

/// The development preset with so many other accounts, stakers, rollup blocks and block hashes, a full pool
/// in which everybody has a mature exit, as many verifying keys as there may be and every parameter
/// in storage.
pub fn large(others: u32) -> TestExternalities {
	let preset = sp_genesis_builder::DEV_RUNTIME_PRESET.into();
	let mut genesis = presets::genesis_config(&preset);
	genesis.prover_pool.provers.clear();
	genesis.groth_16_verifier.keys = vec![simulator::encoded_key::<Bn254>(); 4];
	let mut state: TestExternalities = genesis.build_storage().expect("the preset builds").into();
	state.execute_with(|| {
		System::set_block_number(1);
		add_others(others);
		set_parameters();
		fill_pool();
		fill_rollup();
		System::reset_events();
	});
	state.commit_all().expect("no transaction is open");
	state
}

fn add_others(count: u32) {
	for number in 0..count {
		let who = account("other", number);
		frame_system::Account::<Runtime>::insert(
			&who,
			frame_system::AccountInfo {
				nonce: number,
				consumers: 0,
				providers: 1,
				sufficients: 0,
				data: pallet_balances::AccountData { free: 100_000 * UNIT, ..Default::default() },
			},
		);
		if number < OTHER_STAKERS {
			hold(&who, pallet_prover_pool::HoldReason::Stake, STAKE);
			let staker =
				Staker { exit_requested_at: START, exit_amount: STAKE, ..Default::default() };
			Stakers::<Runtime>::insert(&who, staker);
		}
	}
	let hashes: BlockNumber = <Runtime as frame_system::Config>::BlockHashCount::get();
	for number in 0..hashes {
		frame_system::BlockHash::<Runtime>::insert(number, rollup_state(number));
	}
	let seed = pallet_relay_randomness::SeedInfo {
		value: rollup_state(0),
		source: pallet_relay_randomness::Source::CurrentBlockVrf,
		known_since: 0,
	};
	pallet_relay_randomness::Seed::<Runtime>::put(seed);
}

/// Puts every parameter into storage, as it is; but a slash takes everything.
fn set_parameters() {
	macro_rules! set {
		($pallet:ident, $parameters:ident, $($name:ident: $value:expr,)*) => {$(
			let parameter = $parameters::Parameters::$name($parameters::$name, Some($value));
			let parameter = RuntimeParameters::$pallet(parameter);
			assert_ok!(Parameters::set_parameter(RuntimeOrigin::root(), parameter));
		)*};
	}
	set! {
		ProverPool, prover_pool,
		ExitPeriod: prover_pool::ExitPeriod::get(),
		MinChangeDelay: prover_pool::MinChangeDelay::get(),
		MinCapacity: prover_pool::MinCapacity::get(),
		MinStakePerCapacity: prover_pool::MinStakePerCapacity::get(),
		SlashPoints: 10_000,
		SlashMultiplier: prover_pool::SlashMultiplier::get(),
		EjectionThreshold: prover_pool::EjectionThreshold::get(),
	}
	set! {
		Rollup, rollup,
		MinFeePerGas: rollup::MinFeePerGas::get(),
		MinProofWindow: rollup::MinProofWindow::get(),
		Cooldown: rollup::Cooldown::get(),
		RescuerShare: rollup::RescuerShare::get(),
	}
}

fn hold(who: &AccountId, reason: impl Into<RuntimeHoldReason>, tokens: u32) {
	assert_ok!(Balances::hold(&reason.into(), who, Balance::from(tokens) * UNIT));
}

fn stake(who: &AccountId, amount: u32) {
	let origin = RuntimeOrigin::signed(who.clone());
	assert_ok!(ProverPool::stake(origin, amount, PRICE, 5));
}

/// Fills the pool. Each prover, and [`leaver`], has a mature exit in the end.
fn fill_pool() {
	let provers = || (0..PROVERS).map(|number| (account("prover", number), number));
	for who in provers().map(|(who, _)| who).chain([leaver()]) {
		assert_ok!(Balances::mint_into(&who, 1_000_000 * UNIT));
		// Something under every reason.
		hold(&who, pallet_rollup::HoldReason::Deposit, 1);
		hold(&who, pallet_rollup::HoldReason::Bounty, 1);
	}
	set_clock(START);
	stake(&leaver(), STAKE);
	set_clock(START + HOUR);
	assert_ok!(ProverPool::exit(RuntimeOrigin::signed(leaver())));
	for (who, _) in provers() {
		stake(&who, 2 * STAKE);
	}
	set_clock(START + 2 * HOUR);
	for (who, number) in provers() {
		// The last one has the smallest stake.
		stake(&who, STAKE + PROVERS - number);
	}
	set_clock(LATER);
	let max_provers: u32 = <Runtime as pallet_prover_pool::Config>::MaxProvers::get();
	assert_eq!(max_provers, PROVERS);
	assert_eq!(ProverPool::entry_price(), Some(STAKE + 2), "the pool is full");
}

/// An account outside of the pool with a mature exit.
pub fn leaver() -> AccountId {
	account("leaver", 0)
}

/// Makes all weight the last prover's.
pub fn make_the_last_prover_likely() {
	Provers::<Runtime>::mutate(|pool| {
		for slot in pool.slots.iter_mut() {
			(slot.staked_amount, slot.current_capacity) = (1, 1);
		}
		let last = pool.slots.last_mut().expect("the pool is full");
		(last.staked_amount, last.current_capacity) = (u32::MAX, u16::MAX);
	});
}

/// The prover in the last slot, which has the smallest stake.
pub fn last_prover() -> AccountId {
	account("prover", PROVERS - 1)
}

/// Takes a unit of capacity from the last prover, as if it had been drawn.
pub fn draw_the_last_prover() {
	Provers::<Runtime>::mutate(|pool| {
		let last = pool.slots.last_mut().expect("the pool is full");
		last.current_capacity -= 1;
	});
}

/// As many blocks as may be proposed before one more, with as many transitions as each may have,
/// whose windows are open.
fn fill_rollup() {
	let max_unsettled: u32 = <Runtime as pallet_rollup::Config>::MaxUnsettledBlocks::get();
	for number in 1..max_unsettled {
		let drawn = account("other", number);
		let transitions = transitions(&[&drawn; 4], number);
		let block = RollupBlock { closes_at: LATER + HOUR, ..block(drawn, number, transitions) };
		insert(number, block);
	}
	set_progress(|progress| {
		progress.proposed = u64::from(max_unsettled) - 1;
		progress.state = rollup_state(0);
	});
}

/// Transitions by these provers, in time, on states that no block settles in.
fn transitions(provers: &[&AccountId], number: u32) -> Vec<ProvenTransition<AccountId>> {
	provers
		.iter()
		.enumerate()
		.map(|(index, prover)| {
			let wrong_state = H256(blake2_256(&("wrong", index as u32, number).encode()));
			proven(prover, wrong_state, rollup_state(number), CLOSES)
		})
		.collect()
}

/// A transition that was proven then.
fn proven(
	prover: &AccountId,
	parent_state_root: H256,
	state_root: H256,
	proven_at: u64,
) -> ProvenTransition<AccountId> {
	ProvenTransition {
		transition: Transition { parent_state_root, state_root, gas_used: 0 },
		prover: prover.clone(),
		proven_at,
		overridden: None,
	}
}

/// A block whose drawn prover is `drawn`, and whose window is over.
fn block(
	drawn: AccountId,
	number: u32,
	transitions: Vec<ProvenTransition<AccountId>>,
) -> RollupBlockOf<Runtime> {
	RollupBlock {
		proposer: account("proposer", number),
		payload_hash: H256(sha2_256(&[])),
		payload_size: 0,
		proposed_in: 1,
		proposed_at: CLOSES - HOUR,
		closes_at: CLOSES,
		gas_limit: 30_000_000,
		reward_per_gas: 1,
		deposit: DEPOSIT,
		outstanding: transitions.is_empty(),
		state: BlockState::Assigned { prover: drawn },
		transitions: BoundedVec::truncate_from(transitions),
	}
}

/// Puts a block in whose drawn prover, that of the same number, did nothing. Returns its id.
pub fn insert_missed_block(number: u32) -> u64 {
	let drawn = account("prover", number - 1);
	insert(number, block(drawn, number, vec![]))
}

/// Puts a block in whose drawn prover was in time, with as many transitions as there may be.
pub fn insert_proven_block(number: u32) -> u64 {
	let drawn = account("prover", number - 1);
	let transitions = transitions(&[&drawn; 4], number);
	insert(number, block(drawn, number, transitions))
}

/// Puts a block in that can settle, and whose drawn prover is slashed when it does: it was in time
/// with a transition that can only then be seen to lead nowhere.
pub fn insert_rescued_block(number: u32) -> u64 {
	let drawn = account("prover", number - 1);
	let rescuer = account("rescuer", number);
	let [other, another] = [1, 2].map(|number| account("other", number));
	let mut transitions = transitions(&[&drawn, &other, &another], number);
	let [before, after] = [number - 1, number].map(rollup_state);
	transitions.push(proven(&rescuer, before, after, CLOSES + 1));
	let block = block(drawn, number, transitions);
	assert_ok!(Balances::mint_into(&rescuer, UNIT));
	assert_ok!(Balances::mint_into(&block.proposer, 1_000 * UNIT));
	hold(&block.proposer, pallet_prover_pool::HoldReason::Stake, 1);
	hold(&block.proposer, pallet_rollup::HoldReason::Bounty, 1);
	hold(&block.proposer, pallet_rollup::HoldReason::Deposit, 101);
	insert(number, block)
}

/// The same, where its drawn prover did nothing: it can be slashed at once.
pub fn insert_late_block(number: u32) -> u64 {
	let state = BlockState::Assigned { prover: last_prover() };
	insert_rescued_block_in(state, number)
}

/// A block that can settle, whose drawn prover was slashed before.
pub fn insert_missed_and_rescued_block(number: u32) -> u64 {
	let state = BlockState::Missed { prover: account("prover", number - 1), bounty: UNIT / 2 };
	insert_rescued_block_in(state, number)
}

fn insert_rescued_block_in(state: BlockState<AccountId, Balance>, number: u32) -> u64 {
	let block_id = insert_rescued_block(number);
	Blocks::<Runtime>::mutate(block_id, |block| {
		block.as_mut().expect("was inserted").state = state;
	});
	block_id
}

fn insert(number: u32, block: RollupBlockOf<Runtime>) -> u64 {
	Blocks::<Runtime>::insert(u64::from(number), block);
	number.into()
}

/// Changes how far the rollup is.
pub fn set_progress(change: impl FnOnce(&mut Progress)) {
	RollupProgress::<Runtime>::mutate(change);
}
