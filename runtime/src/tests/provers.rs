// SPDX-License-Identifier: Apache-2.0

//! What provers and rollups do, on the real runtime.

use super::chain::*;
use crate::{
	constants::UNIT,
	genesis_config_presets::{FEE_PER_GAS, PROVERS},
	*,
};
use pallet_prover_pool::Error as PoolError;
use pallet_rollup::BlockStatus;
use prover_pool_primitives::ProverPool as ProverPoolTrait;
use sp_keyring::Sr25519Keyring::{self, Bob, Charlie, Dave, Eve, Ferdie};
use sp_runtime::TokenError;

const GAS: u32 = 1_000_000;
/// What every block costs on top.
const BASE_GAS: u32 = 1_000_000;

/// The prover of the preset that has this account, with its stake and price.
fn preset_prover(account: AccountId) -> (Sr25519Keyring, u32, u16) {
	let (who, stake, price, _) = PROVERS
		.into_iter()
		.find(|(who, ..)| who.to_account_id() == account)
		.expect("nobody else is in the pool");
	(who, stake, price)
}

fn slashed(events: &[RuntimeEvent]) -> Option<(AccountId, u32)> {
	events.iter().find_map(|event| match event {
		RuntimeEvent::ProverPool(pallet_prover_pool::Event::Slashed { who, amount, .. }) => {
			Some((who.clone(), *amount))
		},
		_ => None,
	})
}

#[test]
fn a_rollup_block_is_proposed_proven_settled_and_paid() {
	let mut chain = Chain::new();
	let (id, drawn) = chain.propose(Charlie, GAS);
	let (prover, _, price) = preset_prover(drawn.expect("the pool has two provers"));
	let deposit = Balance::from(GAS + BASE_GAS) * Balance::from(price);
	let proposer = chain.balance(Charlie);
	assert_eq!(proposer.1, deposit);
	assert_eq!(chain.look(ProverPool::get_capacity), 10);

	let other = if prover == Eve { Ferdie } else { Eve };
	let proof = chain.prove(id, other);
	let refused = chain.fail(other, proof);
	assert_eq!(refused, pallet_rollup::Error::<Runtime>::NotAssigned.into());

	let earns = chain.balance(prover);
	let proof = chain.prove(id, prover);
	let events = chain.do_submit(prover, proof);
	assert_eq!(fee_of(&events), 0, "a proof that is taken is free");
	assert_eq!(chain.look(ProverPool::get_capacity), 11);
	chain.wait(COOLDOWN);
	chain.block(vec![]);
	assert_eq!(chain.look(|| Rollup::block(id)), Some(BlockStatus::Settled));
	// It used no gas of its own, and its proof came 12 of 600 seconds after the proposal: that is
	// a fiftieth of a penalty of 2.5 %.
	let gross = Balance::from(BASE_GAS) * Balance::from(price);
	let reward = gross - gross / 50 / 40;
	assert_eq!(chain.balance(Charlie), (proposer.0 + deposit - reward, 0));
	assert_eq!(chain.balance(prover), (earns.0 + reward, earns.1));
}

#[test]
fn whoever_misses_the_window_is_slashed_by_the_chain_itself_and_the_rescuer_has_a_share() {
	let mut chain = Chain::new();
	let (id, drawn) = chain.propose(Charlie, GAS);
	let (prover, stake, price) = preset_prover(drawn.expect("the pool has two provers"));
	let held = chain.balance(prover).1;
	let issuance = chain.look(Balances::total_issuance);

	chain.wait(PROOF_WINDOW);
	let (_, hooks) = chain.block(vec![]);
	let (_, later) = chain.block(vec![]);
	let hooks = [hooks, later].concat();
	// A quarter of a percent of its stake, which is more than four times the reward.
	let lost = stake / 400;
	assert_eq!(slashed(&hooks), Some((prover.to_account_id(), lost)));
	let lost = Balance::from(lost) * UNIT;
	// Half of it waits for the rescuer.
	assert_eq!(chain.balance(prover).1, held - lost / 2);
	assert_eq!(chain.look(Balances::total_issuance), issuance - lost / 2);

	let before = chain.balance(Dave);
	let proof = chain.prove(id, Dave);
	chain.do_submit(Dave, proof);
	chain.wait(COOLDOWN);
	chain.block(vec![]);
	assert_eq!(chain.look(|| Rollup::block(id)), Some(BlockStatus::Settled));
	let gross = Balance::from(BASE_GAS) * Balance::from(price);
	let reward = gross - gross / 40;
	assert_eq!(chain.balance(Dave), (before.0 + reward + lost / 2, 0));
	assert_eq!(chain.balance(prover).1, held - lost);
	assert_eq!(chain.look(Balances::total_issuance), issuance - lost / 2);
}

#[test]
fn a_prover_comes_and_goes_with_every_token() {
	let mut chain = Chain::new();
	let (before, _) = chain.balance(Dave);
	let mut fees = fee_of(&chain.do_submit(Dave, stake(60_000, 10_000, 6)));
	assert_eq!(chain.balance(Dave), (before - 60_000 * UNIT - fees, 60_000 * UNIT));

	let mut refused = |chain: &mut Chain, call, why: PoolError<Runtime>| {
		let outcome = chain.submit(Dave, call);
		assert_eq!(outcome.result, Err(why.into()));
		fees += fee_of(&outcome.events);
	};
	refused(&mut chain, exit(), PoolError::ChangeTooFrequent);
	chain.wait(MIN_CHANGE_DELAY);
	let exit_fee = fee_of(&chain.do_submit(Dave, exit()));
	refused(&mut chain, withdraw(), PoolError::NoMatureExit);
	chain.wait(EXIT_PERIOD - 30);
	refused(&mut chain, withdraw(), PoolError::NoMatureExit);
	chain.wait(30);
	let withdraw_fee = fee_of(&chain.do_submit(Dave, withdraw()));
	assert_eq!(chain.balance(Dave), (before - fees - exit_fee - withdraw_fee, 0));
}

#[test]
fn a_stake_is_not_drawn_by_a_seed_that_its_owner_may_know() {
	let mut chain = Chain::new();
	chain.block(vec![(Eve, exit()), (Ferdie, exit())]);
	chain.block(vec![(Dave, stake(60_000, 10_000, 6)), (Charlie, propose(GAS))]);
	let Some(BlockStatus::Unsettled(block)) = chain.look(|| Rollup::block(1)) else {
		panic!("it was proposed");
	};
	assert_eq!(block.state, pallet_rollup::BlockState::Open);
	assert_eq!(chain.propose(Charlie, GAS).1, Some(Dave.to_account_id()));
}

#[test]
fn tokens_on_hold_cannot_be_spent_or_staked_again() {
	let mut chain = Chain::new();
	chain.do_submit(Dave, stake(9_000_000, 10, 5));
	chain.wait(MIN_CHANGE_DELAY);
	for call in [transfer(Bob, 2_000_000 * UNIT), stake(10_000_000, 10, 5)] {
		let outcome = chain.submit(Dave, call);
		assert_eq!(outcome.result, Err(TokenError::FundsUnavailable.into()));
	}
}

#[test]
fn draws_are_shared_by_weight() {
	let mut chain = Chain::new();
	// In genesis the stakes are as old as the chain, so nobody can be drawn.
	chain.block(vec![]);
	let (weights, total) = chain.look(|| ProverPool::get_weights(FEE_PER_GAS.into()));
	let expected = |id: usize| 200 * weights[id] / total;
	let mut drawn = [0u128; 2];
	for _ in 0..200 {
		let (_, prover) = chain.propose(Charlie, 1_000);
		let prover = prover.expect("nobody is out of capacity");
		drawn[usize::from(prover != Eve.to_account_id())] += 1;
		// As if it was proven at once.
		chain.look(|| <ProverPool as ProverPoolTrait<AccountId>>::release(&prover));
	}
	// Four standard deviations of 200 draws are 28.
	assert!(drawn[0].abs_diff(expected(0)) <= 28, "{drawn:?}, weights {weights:?}");
}

#[test]
fn clients_read_the_same_by_runtime_apis() {
	use pallet_prover_pool::runtime_api::runtime_decl_for_prover_pool_api::ProverPoolApiV1 as Api;
	use pallet_rollup::runtime_api::runtime_decl_for_rollup_api::RollupApiV1 as _;
	let mut chain = Chain::new();
	let (id, drawn) = chain.propose(Charlie, GAS);
	chain.look(|| {
		assert_eq!(<Runtime as Api<Block, AccountId>>::provers(), ProverPool::provers());
		assert_eq!(<Runtime as Api<Block, AccountId>>::get_capacity(), 10);
		assert_eq!(<Runtime as Api<Block, AccountId>>::entry_price(), Some(50_000));
		let (staker, prover) = <Runtime as Api<Block, AccountId>>::get_staker(Eve.to_account_id());
		assert_eq!((staker.max_capacity, prover.staked_amount), (6, 60_000));
		let drawn = drawn.expect("the pool has two provers");
		let pending = Runtime::pending_blocks(drawn);
		assert_eq!(pending, [id]);
		assert_eq!(Runtime::block(id), Rollup::block(id));
		assert!(Runtime::open_blocks().is_empty());
		assert_eq!(Runtime::fee_per_gas(), u32::from(FEE_PER_GAS));
		assert_eq!(Runtime::proof_window(), PROOF_WINDOW);
		assert_eq!(Runtime::proposal_cost(GAS), Rollup::proposal_cost(GAS));
	});
}
