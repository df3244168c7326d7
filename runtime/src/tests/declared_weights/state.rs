// SPDX-License-Identifier: Apache-2.0

//! A large state, and worst cases in it.

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
	Assigned, BlockKey, Blocks, LaneUses, OpenReason, Phase, ReplacedKeys, RollupBlock,
	RollupState, State, StoredTransition, Transition,
};
use prover_pool_primitives::Hash;
use sp_io::{
	hashing::{blake2_256, sha2_256},
	TestExternalities,
};
use sp_runtime::BuildStorage;

/// Number of other accounts in a large state.
pub const OTHERS: u32 = 20_000;
/// Number of these accounts that have an exit.
const OTHER_STAKERS: u32 = 500;
/// Number of provers: that of the pool's slots.
pub const PROVERS: u32 = 32;
/// Minimum stake, in tokens.
const STAKE: u32 = 50_000;

const HOUR: u64 = 60 * 60;
/// Time of the first stake, in seconds of the clock.
const START: u64 = 1_800_000_000;
/// Present time. Every exit is mature, no place is new and every cooldown is over.
const NOW: u64 = START + 8 * 24 * HOUR;
/// Deadline of the blocks whose deadline passed.
const PASSED: u64 = NOW - 2 * HOUR;

fn account(kind: &str, number: u32) -> AccountId {
	blake2_256(&(kind, number).encode()).into()
}

pub fn state_root(number: u32) -> Hash {
	blake2_256(&number.encode())
}

/// Sets the clock, in seconds.
fn set_clock(seconds: u64) {
	set_state(|state| state.clock.elapsed = (seconds - 1) * 1_000);
}

/// Returns the development preset with many accounts, stakers, rollup blocks and block hashes. It
/// has the maximum number of verifying keys, and every parameter in storage. The pool is full, and
/// all members have a mature exit.
pub fn large(others: u32) -> TestExternalities {
	let mut genesis = presets::genesis_config(&sp_genesis_builder::DEV_RUNTIME_PRESET.into());
	genesis.prover_pool.provers.clear();
	genesis.groth_16_verifier.key = Some(simulator::encoded_key::<Bn254>());
	let mut state: TestExternalities = genesis.build_storage().expect("the preset builds").into();
	state.execute_with(|| {
		System::set_block_number(1);
		let key: BoundedVec<_, _> =
			simulator::encoded_key::<Bn254>().try_into().expect("it is short");
		for _ in 1..4 {
			assert_ok!(Groth16Verifier::add_key(RuntimeOrigin::root(), key.clone()));
		}
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
		frame_system::BlockHash::<Runtime>::insert(number, sp_core::H256(state_root(number)));
	}
	let seed =
		pallet_relay_randomness::Seed { value: sp_core::H256(state_root(0)), known_since: 0 };
	pallet_relay_randomness::Seeds::<Runtime>::put(pallet_relay_randomness::RecentSeeds {
		source: pallet_relay_randomness::Source::CurrentBlockVrf,
		relay_block: 0,
		newest: seed,
		older: Some(seed),
	});
}

/// Stores every parameter with its default, except that a slash ejects its prover.
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
		SlashPoints = 10_000, SlashMultiplier, EjectionThreshold = 10_000);
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

/// Returns an account outside the pool with a mature exit.
pub fn leaver() -> AccountId {
	account("leaver", 0)
}

/// Returns the prover in the last slot, which has the smallest stake.
pub fn last_prover() -> AccountId {
	account("prover", PROVERS - 1)
}

/// Gives the last prover nearly all weight in a draw.
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

/// Leaves room for one more block. The blocks are assigned and not proven.
fn fill_rollup() {
	let max_unsettled: u32 = <Runtime as pallet_rollup::Config>::MaxUnsettledBlocks::get();
	let last = max_unsettled - 1;
	for number in 1..=last {
		insert(number, account("other", number), NOW + HOUR, None);
	}
	set_state(|state| {
		(state.proposed, state.drawn) = (last.into(), last.into());
		state.settled_root = state_root(0);
		state.proven_root = state_root(0);
		state.last_deadline = NOW + HOUR;
	});
}

/// Returns the transition of a block by its assigned prover.
fn stored(number: u32, prover: AccountId, proven_at: Option<u64>) -> StoredTransition<AccountId> {
	StoredTransition {
		transition: Transition {
			parent_state_root: state_root(number - 1),
			state_root: state_root(number),
			gas_used: 0,
		},
		prover: Some(prover),
		stored_at: PASSED,
		is_timely: true,
		proven_at,
		overridden: None,
		key_replacements: 0,
	}
}

/// Inserts a block that is assigned until the deadline.
fn insert(
	number: u32,
	prover: AccountId,
	deadline: u64,
	transition: Option<StoredTransition<AccountId>>,
) {
	let assigned = Assigned {
		prover,
		drawn_at: deadline - HOUR,
		window: HOUR,
		deadline,
		has_used_lane: false,
	};
	let block = RollupBlock {
		proposer: account("proposer", number),
		payload_hash: sha2_256(&[]),
		payload_size: 0,
		gas_limit: 30_000_000,
		proposed_in: 0,
		rules_version: 1,
		fee_per_gas: 1,
		reward_per_gas: 1,
		deposit: 100 * UNIT,
		phase: Phase::Assigned(assigned),
		is_outstanding: true,
		transition,
	};
	Blocks::<Runtime>::insert(BlockKey::from(u64::from(number)), block);
}

/// Changes a block.
fn change(number: u32, change: impl FnOnce(&mut pallet_rollup::RollupBlockOf<Runtime>)) {
	Blocks::<Runtime>::mutate(BlockKey::from(u64::from(number)), |block| {
		change(block.as_mut().expect("it was inserted"))
	});
}

/// Returns the prover of a block: each has several.
fn prover_of(number: u32) -> AccountId {
	account("prover", (number - 1) % PROVERS)
}

/// Makes these first blocks undrawn.
pub fn insert_undrawn_blocks(count: u32) {
	for number in 1..=count {
		insert(number, prover_of(number), NOW + HOUR, None);
		change(number, |block| {
			block.phase = Phase::Undrawn;
			block.is_outstanding = false;
		});
	}
	set_state(|state| (state.drawn, state.proposed) = (0, count.into()));
}

/// Makes these first blocks assigned ones whose deadlines passed.
pub fn insert_overdue_blocks(count: u32) {
	(1..=count).for_each(|number| insert(number, prover_of(number), PASSED, None));
	set_state(|state| (state.drawn, state.proposed) = (count.into(), count.into()));
}

/// Makes these first blocks assigned ones with waiting transitions.
pub fn insert_waiting_blocks(count: u32) {
	take_capacity(count.div_ceil(PROVERS) as u16);
	for number in 1..=count {
		let prover = prover_of(number);
		insert(number, prover.clone(), NOW + HOUR, Some(stored(number, prover, None)));
	}
	set_state(|state| (state.drawn, state.proposed) = (count.into(), count.into()));
}

/// Opens all blocks at once. The proofs of their transitions are void.
pub fn replace_key() {
	set_state(|state| {
		state.key_replacements = 1;
		state.open_unproven(OpenReason::KeyReplaced);
	});
	ReplacedKeys::<Runtime>::insert(1, 1);
}

/// Lets as many members use the lane of an open block as are remembered.
pub fn fill_lane(block_id: u64) {
	LaneUses::<Runtime>::mutate(|uses| {
		let mut all = (0..).map(|number| (block_id, account("member", number)));
		while uses.try_push(all.next().expect("they are endless")).is_ok() {}
	});
}

/// Makes these first blocks missed and rescued ones that can settle.
pub fn insert_rescued_blocks(count: u32) {
	take_capacity(1);
	insert_proven_blocks(count);
	for number in 1..=count {
		change(number, |block| {
			let Phase::Assigned(assigned) = block.phase.clone() else {
				panic!("it is assigned");
			};
			block.phase = Phase::Missed(assigned);
			block.is_outstanding = true;
			block.transition.as_mut().expect("it is proven").is_timely = false;
		});
	}
}

/// Makes these first blocks proven ones that can settle. Each has another proposer, and another
/// account that is paid and does not exist yet.
pub fn insert_proven_blocks(count: u32) {
	for number in 1..=count {
		let proposer = account("proposer", number);
		assert_ok!(Balances::mint_into(&proposer, 1_000 * UNIT));
		hold(&proposer, pallet_prover_pool::HoldReason::Stake, 1);
		hold(&proposer, pallet_rollup::HoldReason::Deposit, 100);
		let transition = stored(number, account("paid", number), Some(PASSED));
		insert(number, prover_of(number), PASSED, Some(transition));
		change(number, |block| {
			block.is_outstanding = false;
			// The reward creates the account.
			block.reward_per_gas = 100_000;
		});
	}
	set_state(|state| {
		state.proposed = count.into();
		state.drawn = count.into();
		state.proven = count.into();
		state.swept = count.into();
		state.proven_root = state_root(count);
	});
}

/// Takes capacity from every prover, as draws do.
fn take_capacity(blocks: u16) {
	Provers::<Runtime>::mutate(|pool| {
		for slot in pool.slots.iter_mut() {
			slot.current_capacity -= blocks;
		}
	});
}

/// Changes the rollup's state.
pub fn set_state(change: impl FnOnce(&mut RollupState)) {
	State::<Runtime>::mutate(change);
}
