// SPDX-License-Identifier: Apache-2.0

//! A large state, and the worst cases in it.

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
	BlockState, Blocks, Progress, ProvenTransition, RollupBlock, RollupProgress, Transition,
};
use sp_core::H256;
use sp_io::{
	hashing::{blake2_256, sha2_256},
	TestExternalities,
};
use sp_runtime::BuildStorage;

/// Number of accounts in a large state, apart from those that act.
pub const OTHERS: u32 = 20_000;
/// Number of these accounts that have an exit.
const OTHER_STAKERS: u32 = 500;
/// Number of provers: that of the pool's slots.
pub const PROVERS: u32 = 32;
/// Minimum stake, in tokens.
const STAKE: u32 = 50_000;

type Proven = ProvenTransition<AccountId>;

const HOUR: u64 = 60 * 60;
/// Time of the first stake, in Unix seconds.
const START: u64 = 1_800_000_000;
/// Present time. Every exit is mature, no place is new and every cooldown is over.
const NOW: u64 = START + 8 * 24 * HOUR;
/// End of the windows that are over.
const CLOSED: u64 = NOW - 2 * HOUR;

fn account(kind: &str, number: u32) -> AccountId {
	blake2_256(&(kind, number).encode()).into()
}

pub fn rollup_state(number: u32) -> H256 {
	H256(blake2_256(&number.encode()))
}

/// Sets the clock, in Unix seconds.
fn set_clock(seconds: u64) {
	pallet_timestamp::Now::<Runtime>::put(seconds * 1_000);
}

/// The development preset with many accounts, stakers, rollup blocks and block hashes, the maximum
/// number of verifying keys, every parameter in storage, and a full pool whose members all have a
/// mature exit.
pub fn large(others: u32) -> TestExternalities {
	let mut genesis = presets::genesis_config(&sp_genesis_builder::DEV_RUNTIME_PRESET.into());
	genesis.prover_pool.provers.clear();
	genesis.groth_16_verifier.keys = vec![simulator::encoded_key::<Bn254>(); 4];
	let mut state: TestExternalities = genesis.build_storage().expect("the preset builds").into();
	state.execute_with(|| {
		System::set_block_number(1);
		(0..others).for_each(add_other);
		fill_system();
		set_parameters();
		fill_pool();
		fill_rollup();
		System::reset_events();
	});
	state.commit_all().expect("no transaction is open");
	state
}

fn add_other(number: u32) {
	let who = account("other", number);
	let data = pallet_balances::AccountData { free: 100_000 * UNIT, ..Default::default() };
	let info =
		frame_system::AccountInfo { nonce: number, providers: 1, data, ..Default::default() };
	frame_system::Account::<Runtime>::insert(&who, info);
	if number < OTHER_STAKERS {
		hold(&who, pallet_prover_pool::HoldReason::Stake, STAKE);
		let staker = Staker { exit_requested_at: START, exit_amount: STAKE, ..Default::default() };
		Stakers::<Runtime>::insert(&who, staker);
	}
}

fn fill_system() {
	let hashes: BlockNumber = <Runtime as frame_system::Config>::BlockHashCount::get();
	for number in 0..hashes {
		frame_system::BlockHash::<Runtime>::insert(number, rollup_state(number));
	}
	pallet_relay_randomness::Seed::<Runtime>::put(pallet_relay_randomness::SeedInfo {
		value: rollup_state(0),
		source: pallet_relay_randomness::Source::CurrentBlockVrf,
		known_since: 0,
	});
}

/// Puts every parameter into storage with its present value, except that a slash takes everything.
fn set_parameters() {
	macro_rules! set {
		($pallet:ident $parameters:ident: $($name:ident $(= $value:expr)?),*) => {$(
			let value = [$parameters::$name::get() $(, $value)?].into_iter().last();
			let parameter = $parameters::Parameters::$name($parameters::$name, value);
			let parameter = RuntimeParameters::$pallet(parameter);
			assert_ok!(Parameters::set_parameter(RuntimeOrigin::root(), parameter));
		)*};
	}
	set!(ProverPool prover_pool: ExitPeriod, MinChangeDelay, MinCapacity, MinStakePerCapacity,
		SlashPoints = 10_000, SlashMultiplier, EjectionThreshold);
	set!(Rollup rollup: MinFeePerGas, MinProofWindow, Cooldown, RescuerShare);
}

fn hold(who: &AccountId, reason: impl Into<RuntimeHoldReason>, tokens: u32) {
	assert_ok!(Balances::hold(&reason.into(), who, Balance::from(tokens) * UNIT));
}

fn stake(who: &AccountId, amount: u32) {
	assert_ok!(ProverPool::stake(RuntimeOrigin::signed(who.clone()), amount, 10_000, 5));
}

/// Fills the pool, so that each prover and [`leaver`] have a mature exit.
fn fill_pool() {
	let provers: Vec<_> = (0..PROVERS).map(|number| account("prover", number)).collect();
	for who in provers.iter().chain([&leaver()]) {
		assert_ok!(Balances::mint_into(who, 1_000_000 * UNIT));
		// Every reason has a hold.
		hold(who, pallet_rollup::HoldReason::Deposit, 1);
		hold(who, pallet_rollup::HoldReason::Bounty, 1);
	}
	set_clock(START);
	stake(&leaver(), STAKE);
	set_clock(START + HOUR);
	assert_ok!(ProverPool::exit(RuntimeOrigin::signed(leaver())));
	provers.iter().for_each(|who| stake(who, 2 * STAKE));
	set_clock(START + 2 * HOUR);
	// The last one has the smallest stake.
	(0..)
		.zip(&provers)
		.for_each(|(number, who)| stake(who, STAKE + PROVERS - number));
	set_clock(NOW);
	let max_provers: u32 = <Runtime as pallet_prover_pool::Config>::MaxProvers::get();
	assert_eq!(max_provers, PROVERS);
	assert_eq!(ProverPool::entry_price(), Some(STAKE + 2), "the pool is full");
}

/// An account outside the pool with a mature exit.
pub fn leaver() -> AccountId {
	account("leaver", 0)
}

/// The prover in the last slot, which has the smallest stake.
pub fn last_prover() -> AccountId {
	account("prover", PROVERS - 1)
}

/// Gives nearly all weight to the last prover.
pub fn make_the_last_prover_likely() {
	Provers::<Runtime>::mutate(|pool| {
		for slot in pool.slots.iter_mut() {
			(slot.staked_amount, slot.current_capacity) = (1, 1);
		}
		let last = pool.slots.last_mut().expect("the pool is full");
		(last.staked_amount, last.current_capacity) = (u32::MAX, u16::MAX);
	});
}

/// Takes a unit of capacity from the last prover, as a draw does.
pub fn draw_the_last_prover() {
	Provers::<Runtime>::mutate(|pool| {
		pool.slots.last_mut().expect("the pool is full").current_capacity -= 1;
	});
}

/// Leaves room for one more block. The blocks' windows are open, and each block has the maximum
/// number of transitions.
fn fill_rollup() {
	let max_unsettled: u32 = <Runtime as pallet_rollup::Config>::MaxUnsettledBlocks::get();
	let last = max_unsettled - 1;
	for number in 1..=last {
		let drawn = account("other", number);
		let transitions = wrong(&[&drawn; 4], number);
		insert(number, drawn, transitions, NOW + HOUR);
	}
	set_progress(|progress| {
		progress.proposed = last.into();
		progress.state = rollup_state(0);
	});
}

/// Timely transitions of these provers, on states in which no block settles.
fn wrong(provers: &[&AccountId], number: u32) -> Vec<Proven> {
	let state = |index| H256(blake2_256(&("wrong", index, number).encode()));
	let indexed = (0u32..).zip(provers);
	indexed
		.map(|(index, prover)| proven(prover, state(index), number, CLOSED))
		.collect()
}

fn proven(prover: &AccountId, parent_state_root: H256, number: u32, proven_at: u64) -> Proven {
	let transition =
		Transition { parent_state_root, state_root: rollup_state(number), gas_used: 0 };
	ProvenTransition { transition, prover: prover.clone(), proven_at, overridden: None }
}

/// Inserts a block whose window closes then.
fn insert(number: u32, drawn: AccountId, transitions: Vec<Proven>, closes_at: u64) -> u64 {
	let block = RollupBlock {
		proposer: account("proposer", number),
		payload_hash: H256(sha2_256(&[])),
		payload_size: 0,
		proposed_in: 1,
		proposed_at: CLOSED - HOUR,
		closes_at,
		gas_limit: 30_000_000,
		reward_per_gas: 1,
		deposit: 100 * UNIT,
		outstanding: transitions.is_empty(),
		state: BlockState::Assigned { prover: drawn },
		transitions: BoundedVec::truncate_from(transitions),
	};
	Blocks::<Runtime>::insert(u64::from(number), block);
	number.into()
}

/// Inserts a block without a transition. Its drawn prover has the same number.
pub fn insert_missed_block(number: u32) -> u64 {
	insert(number, account("prover", number - 1), vec![], CLOSED)
}

/// Inserts a block that can settle. Its drawn prover is slashed by that: only the settlement shows
/// that its timely transition was wrong.
pub fn insert_rescued_block(number: u32) -> u64 {
	let drawn = account("prover", number - 1);
	let rescuer = account("rescuer", number);
	let [other, another] = [1, 2].map(|number| account("other", number));
	let mut transitions = wrong(&[&drawn, &other, &another], number);
	transitions.push(proven(&rescuer, rollup_state(number - 1), number, CLOSED + 1));
	let proposer = account("proposer", number);
	assert_ok!(Balances::mint_into(&rescuer, UNIT));
	assert_ok!(Balances::mint_into(&proposer, 1_000 * UNIT));
	hold(&proposer, pallet_prover_pool::HoldReason::Stake, 1);
	hold(&proposer, pallet_rollup::HoldReason::Bounty, 1);
	hold(&proposer, pallet_rollup::HoldReason::Deposit, 101);
	insert(number, drawn, transitions, CLOSED)
}

/// Inserts a block that can settle, whose drawn prover did nothing and can be slashed at once.
pub fn insert_late_block(number: u32) -> u64 {
	let block_id = insert_rescued_block(number);
	Blocks::<Runtime>::mutate(block_id, |block| {
		let prover = last_prover();
		block.as_mut().expect("it was inserted").state = BlockState::Assigned { prover };
	});
	block_id
}

/// Changes the rollup's progress.
pub fn set_progress(change: impl FnOnce(&mut Progress)) {
	RollupProgress::<Runtime>::mutate(change);
}
