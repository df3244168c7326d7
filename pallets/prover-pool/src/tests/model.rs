// SPDX-License-Identifier: Apache-2.0

//! Random runs of all calls against a model that was written from the rules alone: rules 2 and 30
//! to 32, and each rule again in combinations that no other test has.
//!
//! The model keeps one record an account and knows no slots' table, no backlog and no hold: it
//! counts in signed 128-bit numbers, holds nothing twice, and derives the rest.

use crate::{mock::*, Error, Operators, Stakers};
use proptest::prelude::*;
use prover_pool_primitives::Assignment;
use sp_core::U256;
use sp_runtime::{DispatchError, TokenError};
use std::collections::BTreeMap;

const ACCOUNTS: u64 = 6;
const SLOTS: u32 = 3;
const PERIOD: i128 = 24 * 60 * 60;
const DELAY: i128 = 20;
const MIN_CAPACITY: i128 = 2;
const PER_CAPACITY: i128 = 500;
const POINTS: i128 = 1_000;
const MULTIPLIER: i128 = 2;
const THRESHOLD: i128 = 5_000;
/// Whole tokens that an account has to spend, without its existential deposit.
const WEALTH: i128 = 20_000;

#[derive(Clone, Debug)]
enum Action {
	Stake { who: u64, amount: u32, price: u16, capacity: u16 },
	Exit { who: u64 },
	ExitFor { signer: u64, prover: u64 },
	SetOperator { who: u64, operator: Option<u64> },
	Withdraw { who: u64 },
	Assign { fee: u32 },
	AssignMany { fees: Vec<u32> },
	Release { who: u64 },
	Slash { who: u64, reward: u64 },
	Pass { seconds: u64 },
}

fn action() -> impl Strategy<Value = Action> {
	let who = 1..=ACCOUNTS + 1; // the last one has no funds
	let operator = 1..=2u64; // few, so that they act for provers often
	let fee = prop_oneof![0u32..6, any::<u32>()];
	prop_oneof![
		6 => (who.clone(), 0u32..7_500, 0u16..4, 0u16..6)
			.prop_map(|(who, amount, price, capacity)| Action::Stake { who, amount, price, capacity }),
		1 => (who.clone(), any::<u32>(), any::<u16>(), any::<u16>())
			.prop_map(|(who, amount, price, capacity)| Action::Stake { who, amount, price, capacity }),
		1 => who.clone().prop_map(|who| Action::Stake { who, amount: 0, price: 0, capacity: 0 }),
		2 => who.clone().prop_map(|who| Action::Exit { who }),
		2 => who.clone().prop_map(|who| Action::Withdraw { who }),
		2 => (operator.clone(), who.clone())
			.prop_map(|(signer, prover)| Action::ExitFor { signer, prover }),
		2 => (who.clone(), prop::option::weighted(0.8, operator))
			.prop_map(|(who, operator)| Action::SetOperator { who, operator }),
		4 => fee.clone().prop_map(|fee| Action::Assign { fee }),
		3 => prop::collection::vec(fee, 0..6).prop_map(|fees| Action::AssignMany { fees }),
		3 => who.clone().prop_map(|who| Action::Release { who }),
		2 => (who, prop_oneof![Just(0u64), 0..1_000 * TOKEN as u64, any::<u64>()])
			.prop_map(|(who, reward)| Action::Slash { who, reward }),
		4 => prop_oneof![
			0u64..10,
			Just(DELAY as u64),
			Just(PERIOD as u64 / 5),
			Just(PERIOD as u64),
			Just(PERIOD as u64 + 1),
		].prop_map(|seconds| Action::Pass { seconds }),
	]
}

#[derive(Clone, Debug, PartialEq)]
struct Place {
	id: i128,
	stake: i128,
	price: i128,
	capacity: i128,
	since: i128,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Account {
	place: Option<Place>,
	exit: i128,
	requested: i128,
	outstanding: i128,
	spent: i128, // slashed so far
}

impl Account {
	fn stake(&self) -> i128 {
		self.place.as_ref().map_or(0, |place| place.stake)
	}

	fn free_capacity(&self) -> i128 {
		self.place
			.as_ref()
			.map_or(0, |place| (place.capacity - self.outstanding).max(0))
	}

	fn is_mature(&self, now: i128) -> bool {
		let capacity = self.place.as_ref().map_or(0, |place| place.capacity);
		self.exit > 0 && now - self.requested > PERIOD && self.outstanding <= capacity
	}

	fn leave(&mut self, now: i128) {
		if self.is_mature(now) {
			self.exit = 0;
		}
		self.exit += self.place.take().unwrap().stake;
		self.requested = now;
	}
}

#[derive(Clone, Debug, PartialEq)]
struct Model {
	now: i128,
	accounts: BTreeMap<u64, Account>,
	operators: BTreeMap<u64, u64>,
}

type Refusal = DispatchError;

impl Model {
	fn new(now: i128) -> Self {
		Self { now, accounts: BTreeMap::new(), operators: BTreeMap::new() }
	}

	fn members(&self) -> Vec<(u64, &Account)> {
		let mut members: Vec<_> = self
			.accounts
			.iter()
			.filter(|(_, account)| account.place.is_some())
			.map(|(who, account)| (*who, account))
			.collect();
		members.sort_by_key(|(_, account)| account.place.as_ref().unwrap().id);
		members
	}

	fn stake(
		&mut self,
		who: u64,
		amount: i128,
		price: i128,
		capacity: i128,
	) -> Result<(), Refusal> {
		let now = self.now;
		if (amount, price, capacity) == (0, 0, 0) {
			return self.exit(who);
		}
		if amount == 0 || price == 0 || capacity < MIN_CAPACITY || amount / capacity < PER_CAPACITY
		{
			return Err(Error::<Test>::InvalidParams.into());
		}
		let mut account = self.accounts.get(&who).cloned().unwrap_or_default();
		if account.is_mature(now) {
			account.exit = 0;
		}
		if let Some(place) = &account.place {
			if now - place.since < DELAY {
				return Err(Error::<Test>::ChangeTooFrequent.into());
			}
			account.leave(now);
		}
		let others: Vec<_> = self
			.members()
			.into_iter()
			.filter(|(other, _)| *other != who)
			.map(|(other, account)| (account.place.clone().unwrap(), other))
			.collect();
		let vacant =
			(1..=i128::from(SLOTS)).find(|id| others.iter().all(|(place, _)| place.id != *id));
		let mut replaced = None;
		let id = match vacant {
			Some(id) => id,
			None => {
				let (place, other) =
					others.iter().min_by_key(|(place, _)| (place.stake, place.id)).unwrap();
				if amount <= place.stake {
					return Err(Error::<Test>::ProverNotGoodEnough.into());
				}
				replaced = Some(*other);
				place.id
			},
		};
		let wealth = if who > ACCOUNTS { 0 } else { WEALTH };
		let locked = amount.max(account.exit);
		if locked + account.spent > wealth {
			return Err(TokenError::FundsUnavailable.into());
		}
		if let Some(other) = replaced {
			self.accounts.get_mut(&other).unwrap().leave(now);
		}
		account.exit = (account.exit - amount).max(0);
		account.requested = now;
		account.place = Some(Place { id, stake: amount, price, capacity, since: now });
		self.accounts.insert(who, account);
		Ok(())
	}

	fn exit(&mut self, who: u64) -> Result<(), Refusal> {
		let now = self.now;
		match self.accounts.get_mut(&who) {
			Some(account) if account.place.is_some() => {
				if now - account.place.as_ref().unwrap().since < DELAY {
					return Err(Error::<Test>::ChangeTooFrequent.into());
				}
				account.leave(now);
				Ok(())
			},
			_ => Err(Error::<Test>::NotInPool.into()),
		}
	}

	fn exit_for(&mut self, signer: u64, prover: u64) -> Result<(), Refusal> {
		if signer != prover && self.operators.get(&prover) != Some(&signer) {
			return Err(Error::<Test>::NotOperator.into());
		}
		self.exit(prover)
	}

	fn set_operator(&mut self, who: u64, operator: Option<u64>) -> Result<(), Refusal> {
		if !self.has_hold(who) {
			return Err(Error::<Test>::NotInPool.into());
		}
		match operator {
			Some(operator) => self.operators.insert(who, operator),
			None => self.operators.remove(&who),
		};
		Ok(())
	}

	fn has_hold(&self, who: u64) -> bool {
		let account = self.accounts.get(&who);
		account.is_some_and(|account| account.place.is_some() || account.exit > 0)
	}

	/// Forgets the operators of provers without a hold.
	fn forget_operators(&mut self) {
		let mut operators = core::mem::take(&mut self.operators);
		operators.retain(|who, _| self.has_hold(*who));
		self.operators = operators;
	}

	fn withdraw(&mut self, who: u64) -> Result<(), Refusal> {
		let now = self.now;
		match self.accounts.get_mut(&who) {
			Some(account) if account.is_mature(now) => {
				account.exit = 0;
				Ok(())
			},
			_ => Err(Error::<Test>::NoMatureExit.into()),
		}
	}

	/// The exact weight as a rational's floor, in numbers wide enough for all of it.
	fn weight(&self, account: &Account, fee: i128) -> u128 {
		let place = account.place.as_ref().unwrap();
		if fee == 0 {
			return 0;
		}
		let reward = U256::from(Self::effective(place.price, fee) as u128);
		let fee = U256::from(fee as u128);
		let product = U256::from(place.stake as u128) * U256::from(account.free_capacity() as u128);
		(product * fee * fee / (reward * reward)).as_u128()
	}

	fn effective(price: i128, fee: i128) -> i128 {
		// The smallest and the largest whole number within a quarter of the fee.
		let lowest = fee - fee / 4;
		let highest = fee + fee / 4;
		price.max(lowest).min(highest)
	}

	/// Checks a draw against the weights, and takes one unit of the drawn capacity.
	fn draw(&mut self, fee: u32, assignment: Option<Assignment<u64>>) {
		let fee = i128::from(fee);
		let weights: Vec<_> = self
			.members()
			.into_iter()
			.map(|(who, account)| (who, self.weight(account, fee)))
			.collect();
		let is_drawable = weights.iter().any(|(_, weight)| *weight > 0);
		assert_eq!(assignment.is_some(), is_drawable);
		let Some(Assignment { prover, reward_per_gas }) = assignment else {
			return;
		};
		assert!(!weights.contains(&(prover, 0)), "drawn without weight");
		let account = self.accounts.get_mut(&prover).unwrap();
		account.outstanding += 1;
		let price = account.place.as_ref().unwrap().price;
		assert_eq!(i128::from(reward_per_gas), Self::effective(price, fee));
	}

	/// Returns the sum of all weights for a fee.
	fn total_weight(&self, fee: u32) -> u128 {
		let members = self.members();
		members.iter().map(|(_, account)| self.weight(account, fee.into())).sum()
	}

	fn slash(&mut self, who: u64, reward: i128) -> i128 {
		let now = self.now;
		let Some(account) = self.accounts.get_mut(&who) else {
			return 0;
		};
		let mature = account.is_mature(now);
		let exit = if mature { 0 } else { account.exit };
		let slashable = account.stake() + exit;
		if slashable == 0 {
			return 0;
		}
		let token = TOKEN as i128;
		let amount = (slashable * POINTS / 10_000)
			.max((reward * MULTIPLIER + token - 1) / token)
			.max(1)
			.min(slashable);
		let from_exit = amount.min(exit);
		account.exit -= from_exit;
		account.spent += amount;
		if let Some(place) = &mut account.place {
			place.stake -= amount - from_exit;
			if place.stake * 10_000 < PER_CAPACITY * place.capacity * THRESHOLD {
				account.leave(now);
			}
		}
		amount
	}
}

/// Compares everything that the chain shows with what the model says.
fn compare(model: &Model) {
	ProverPool::do_try_state().unwrap();
	let members = model.members();
	let shown = ProverPool::provers();
	assert_eq!(shown.len(), members.len());
	for ((id, who, prover), (model_who, account)) in shown.into_iter().zip(members) {
		let place = account.place.as_ref().unwrap();
		assert_eq!(who, model_who);
		assert_eq!(
			(
				id.index() as i128 + 1,
				i128::from(prover.staked_amount),
				i128::from(prover.reward_per_gas),
				i128::from(prover.current_capacity),
			),
			(place.id, place.stake, place.price, account.free_capacity(),)
		);
	}
	let operators: BTreeMap<u64, u64> = Operators::<Test>::iter().collect();
	assert_eq!(operators, model.operators);
	for who in 1..=ACCOUNTS + 1 {
		let account = model.accounts.get(&who).cloned().unwrap_or_default();
		let (staker, prover) = ProverPool::get_staker(who);
		assert_eq!(i128::from(staker.exit_amount), account.exit);
		assert_eq!(
			i128::from(staker.exit_requested_at),
			if account.exit == 0 { 0 } else { account.requested }
		);
		assert_eq!(
			(i128::from(staker.max_capacity), i128::from(staker.staked_at)),
			account.place.as_ref().map_or((0, 0), |place| (place.capacity, place.since))
		);
		assert_eq!(
			i128::from(staker.max_capacity) - i128::from(prover.current_capacity)
				+ i128::from(staker.backlog),
			account.outstanding
		);
		// Rule 2, and rule 16.
		assert_eq!(i128::from(held(who)), account.stake() + account.exit);
		assert_eq!(
			Stakers::<Test>::contains_key(who),
			account.place.is_some() || account.exit > 0 || account.outstanding > 0
		);
		// Rule 4: what is not slashed is still the account's.
		if who <= ACCOUNTS {
			let total = Balances::free_balance(who) + u128::from(held(who)) * TOKEN;
			assert_eq!(total as i128, (WEALTH + 1 - account.spent) * TOKEN as i128);
		}
	}
}

fn apply(model: &mut Model, block: u64, action: Action) {
	match action {
		Action::Stake { who, amount, price, capacity } => assert_eq!(
			stake(who, amount, price, capacity),
			model.stake(who, amount.into(), price.into(), capacity.into())
		),
		Action::Exit { who } => assert_eq!(exit(who), model.exit(who)),
		Action::Withdraw { who } => assert_eq!(withdraw(who), model.withdraw(who)),
		Action::ExitFor { signer, prover } => {
			assert_eq!(exit_for(signer, prover), model.exit_for(signer, prover));
		},
		Action::SetOperator { who, operator } => {
			assert_eq!(set_operator(who, operator), model.set_operator(who, operator));
		},
		Action::Assign { fee } => {
			assert_eq!(ProverPool::get_weights(fee).1, model.total_weight(fee));
			model.draw(fee, assign(block, fee));
		},
		Action::AssignMany { fees } => {
			let blocks: Vec<_> = (block..).zip(fees).collect();
			for ((_, fee), assignment) in blocks.iter().zip(assign_many(&blocks)) {
				model.draw(*fee, assignment);
			}
		},
		Action::Release { who } => {
			release(who);
			if let Some(account) = model.accounts.get_mut(&who) {
				account.outstanding = (account.outstanding - 1).max(0);
			}
		},
		Action::Slash { who, reward } => {
			let issuance = Balances::total_issuance();
			let taken = slash(who, block, reward.into());
			assert_eq!(i128::from(taken), model.slash(who, reward.into()));
			assert_eq!(Balances::total_issuance(), issuance - u128::from(taken) * TOKEN);
		},
		Action::Pass { seconds } => {
			pass(seconds);
			model.now += i128::from(seconds);
		},
	}
	model.forget_operators();
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

	#[test]
	fn rules_2_and_30_to_32_hold_in_every_run(
		actions in prop::collection::vec(action(), 1..80), seed: u64,
	) {
		genesis_of(ACCOUNTS, vec![]).execute_with(|| {
			MaxProvers::set(SLOTS);
			ExitPeriod::set(PERIOD as u64);
			MinChangeDelay::set(DELAY as u64);
			MinCapacity::set(MIN_CAPACITY as u16);
			MinStakePerCapacity::set(PER_CAPACITY as u32);
			SlashPoints::set(POINTS as u32);
			SlashMultiplier::set(MULTIPLIER as u32);
			EjectionThreshold::set(THRESHOLD as u32);
			Seed::set(seed);
			System::set_block_number(1);
			set_clock(START);
			for who in 1..=ACCOUNTS {
				let balance = (WEALTH + 1) as u128 * TOKEN;
				Balances::force_set_balance(RuntimeOrigin::root(), who, balance).unwrap();
			}
			let mut model = Model::new(START.into());
			for (block, action) in actions.into_iter().enumerate() {
				apply(&mut model, block as u64, action);
				compare(&model);
			}
		});
	}
}
