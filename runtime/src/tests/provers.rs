// SPDX-License-Identifier: Apache-2.0

//! Actions of provers and the rollup, on the real runtime.

use super::{chain::*, room::other_prover};
use crate::{
	constants::UNIT,
	genesis_config_presets::{FEE_PER_GAS, PROVERS},
	*,
};
use pallet_prover_pool::Error as PoolError;
use pallet_rollup::BlockStatus;
use prover_pool_primitives::ProverPool as ProverPoolTrait;
use sp_keyring::Sr25519Keyring::{self, Bob, Charlie, Dave, Eve, Ferdie};
use sp_runtime::{transaction_validity::UnknownTransaction, TokenError};

const GAS: u32 = 1_000_000;
/// Gas charged for each block of [`Chain::propose`] in addition to the gas used: the base, and the
/// bytes of the payload.
const FIXED_GAS: u32 = 1_000_000 + 16 * 29;
/// Maximum price of a unit of gas: the fee and a quarter of it.
const MAX_PRICE: Balance = FEE_PER_GAS as Balance * 5 / 4;

/// Returns the prover of the preset with this account, its stake and its price.
fn preset_prover(account: AccountId) -> (Sr25519Keyring, u32, u16) {
	let (who, stake, price, _) = PROVERS
		.into_iter()
		.find(|(who, ..)| who.to_account_id() == account)
		.expect("the pool has no other members");
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
	let deposit = Balance::from(GAS + FIXED_GAS) * MAX_PRICE;
	let proposer = chain.balance(Charlie);
	assert_eq!(proposer.1, deposit);
	assert_eq!(chain.look(ProverPool::get_capacity), 10);

	let other = other_prover(prover);
	let proof = chain.prove(id, other);
	// It may become valid after a miss.
	assert_eq!(chain.refuse(other, proof), UnknownTransaction::CannotLookup.into());

	let earns = chain.balance(prover);
	let proof = chain.prove(id, prover);
	let events = chain.do_submit(prover, proof);
	assert_eq!(fee_of(&events), 0, "an accepted proof is free");
	assert_eq!(chain.look(ProverPool::get_capacity), 11);
	chain.wait(COOLDOWN);
	chain.block(vec![]);
	assert_eq!(chain.look(|| Rollup::block(id)), Some(BlockStatus::Settled));
	// The proof came 6 of 600 seconds after the draw: a hundredth of a penalty of 2.5 %.
	let gross = Balance::from(FIXED_GAS) * Balance::from(price);
	let reward = gross - gross / 100 / 40;
	assert_eq!(chain.balance(Charlie), (proposer.0 + deposit - reward, 0));
	assert_eq!(chain.balance(prover), (earns.0 + reward, earns.1));
}

#[test]
fn a_miss_is_slashed_when_the_block_settles_and_its_rescuer_gets_a_bounty() {
	let mut chain = Chain::new();
	let (id, drawn) = chain.propose(Charlie, GAS);
	let (prover, stake, price) = preset_prover(drawn.expect("the pool has two provers"));
	let held = chain.balance(prover).1;
	let issuance = chain.look(Balances::total_issuance);

	chain.wait(PROOF_WINDOW);
	let (_, hooks) = chain.block(vec![]);
	let missed = pallet_rollup::Event::<Runtime>::AssignmentMissed {
		block_id: id,
		prover: prover.to_account_id(),
	};
	assert!(hooks.contains(&missed.into()));
	assert_eq!(chain.balance(prover).1, held, "the slash is decided at settlement");

	let before = chain.balance(Dave);
	let proof = chain.prove(id, Dave);
	chain.do_submit(Dave, proof);
	chain.wait(COOLDOWN);
	let (_, hooks) = chain.block(vec![]);
	assert_eq!(chain.look(|| Rollup::block(id)), Some(BlockStatus::Settled));
	// A quarter of a percent of its stake, which is more than four times the reward.
	let lost = stake / 400;
	assert_eq!(slashed(&hooks), Some((prover.to_account_id(), lost)));
	let lost = Balance::from(lost) * UNIT;
	// A rescue has no penalty. The bounty is 0.25 % of the reward, which is less than half of the slash.
	let reward = Balance::from(FIXED_GAS) * Balance::from(price);
	let bounty = reward / 400;
	assert!(bounty < lost / 2);
	assert_eq!(chain.balance(Dave), (before.0 + reward + bounty, 0));
	assert_eq!(chain.balance(prover).1, held - lost);
	assert_eq!(chain.look(Balances::total_issuance), issuance - (lost - bounty));
}

#[test]
fn a_chain_that_stands_still_for_a_week_costs_no_prover_its_block() {
	const WEEK: u64 = 7 * 24 * 60 * 60;
	for due in [1, 5, 30, 59] {
		let mut chain = Chain::new();
		let (id, drawn) = chain.propose(Charlie, GAS);
		let (prover, ..) = preset_prover(drawn.expect("the pool has two provers"));
		// The chain block of the draw has passed.
		chain.wait(PROOF_WINDOW - BLOCK_TIME - due);
		let before = chain.look(|| Rollup::clock().now);
		let deadline = chain.look(|| match Rollup::block(id) {
			Some(BlockStatus::Unsettled(block)) => block.assignment().map(|of| of.deadline),
			status => panic!("the block is not unsettled: {status:?}"),
		});
		assert_eq!(deadline, Some(before + due));
		chain.halt(WEEK);
		let proof = chain.prove(id, prover);
		chain.do_submit(prover, proof);
		let reading = chain.look(Rollup::clock);
		assert_eq!(reading.now, before + BLOCK_TIME);
		assert_eq!(reading.lost, WEEK);
		let (_, events) = chain.block(vec![]);
		let is_missed = |event: &RuntimeEvent| {
			matches!(event, RuntimeEvent::Rollup(pallet_rollup::Event::AssignmentMissed { .. }))
		};
		assert!(!events.iter().any(is_missed), "{events:?}");
		assert_eq!(chain.look(|| Rollup::positions().proven), id);
		println!("attack 3: a halt of a week, a proof due in {due} s: 0 misses");
	}
}

#[test]
fn a_prover_leaves_with_every_token() {
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
fn a_stake_after_the_proposal_is_drawn_by_seeds_that_its_owner_does_not_know() {
	let mut chain = Chain::new();
	chain.wait(MIN_CHANGE_DELAY);
	chain.block(vec![(Eve, exit()), (Ferdie, exit()), (Charlie, propose(GAS))]);
	// The draw uses the pool as it is at that time.
	chain.block(vec![(Dave, stake(60_000, 10_000, 6))]);
	let (_, hooks) = chain.block(vec![]);
	let is_assigned_to_dave = hooks.iter().any(|event| match event {
		RuntimeEvent::Rollup(pallet_rollup::Event::BlockAssigned { prover, .. }) => {
			*prover == Dave.to_account_id()
		},
		_ => false,
	});
	assert!(is_assigned_to_dave, "{hooks:?}");
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
	let (weights, total) = chain.look(|| ProverPool::get_weights(FEE_PER_GAS.into()));
	let expected = |id: usize| 200 * weights[id] / total;
	let mut drawn = [0u128; 2];
	// One rollup block in each chain block, so that each draw has its own seeds.
	for _ in 0..200 + 2 {
		let (_, hooks) = chain.block_by(vec![(Charlie.pair(), propose(1_000))]);
		for event in hooks {
			let RuntimeEvent::Rollup(pallet_rollup::Event::BlockAssigned { prover, .. }) = event
			else {
				continue;
			};
			drawn[usize::from(prover != Eve.to_account_id())] += 1;
			// Keeps the weights as they are.
			chain.look(|| <ProverPool as ProverPoolTrait<AccountId>>::release(&prover));
		}
	}
	assert_eq!(drawn[0] + drawn[1], 200);
	// Four standard deviations of 200 draws are 28.
	assert!(drawn[0].abs_diff(expected(0)) <= 28, "{drawn:?}, weights {weights:?}");
}

#[test]
fn the_runtime_apis_return_the_values_of_the_pallets() {
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
		assert_eq!(Runtime::proof_window(GAS, 0), PROOF_WINDOW);
		assert_eq!(Runtime::proposal_cost(GAS, 0), Rollup::proposal_cost(GAS, 0));
		assert_eq!(Runtime::clock().now, 1 + 2 * BLOCK_TIME);
		assert_eq!(Runtime::positions(), Rollup::positions());
	});
}
