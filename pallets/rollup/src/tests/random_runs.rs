// SPDX-License-Identifier: Apache-2.0

//! Random runs of everything that can happen to a rollup's blocks, with every invariant of both
//! pallets after each step, and all money accounted for.

use super::*;
use frame_support::traits::fungible::Inspect;
use pallet_prover_pool::Stakers;
use proptest::prelude::*;
use sp_core::H256;
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
enum Step {
	Propose {
		who: u64,
		gas: u32,
	},
	/// By a prover that may not be the right one, on a parent that may not settle.
	Prove {
		who: u64,
		block: u64,
		wrong_parent: Option<u64>,
		gas: u32,
	},
	/// By the drawn prover, on what looks like the parent.
	ProveAssigned {
		block: u64,
	},
	Override {
		block: u64,
		state: u64,
	},
	Settle {
		max: u32,
	},
	NextBlock {
		seconds: u64,
	},
	Stake {
		who: u64,
		amount: u32,
		price: u16,
		capacity: u16,
	},
	Exit {
		who: u64,
	},
	Withdraw {
		who: u64,
	},
}

fn step() -> impl Strategy<Value = Step> {
	let who = 1u64..6;
	let block = 0u64..6;
	let gas = prop_oneof![Just(0), 1u32..30_000_001];
	prop_oneof![
		6 => (50u64..53, gas.clone()).prop_map(|(who, gas)| Step::Propose { who, gas }),
		3 => (who.clone(), block.clone(), prop::option::of(1u64..4), gas)
			.prop_map(|(who, block, wrong_parent, gas)| Step::Prove { who, block, wrong_parent, gas }),
		6 => block.clone().prop_map(|block| Step::ProveAssigned { block }),
		1 => (block, 1u64..4).prop_map(|(block, state)| Step::Override { block, state }),
		1 => (0u32..4).prop_map(|max| Step::Settle { max }),
		6 => prop_oneof![Just(BLOCK), Just(COOLDOWN), Just(WINDOW), Just(WINDOW + 1), Just(7 * 86_400 + 1)]
			.prop_map(|seconds| Step::NextBlock { seconds }),
		2 => (who.clone(), 50_000u32..200_000, 1u16..300, 5u16..12)
			.prop_map(|(who, amount, price, capacity)| Step::Stake { who, amount, price, capacity }),
		1 => who.clone().prop_map(|who| Step::Exit { who }),
		1 => who.prop_map(|who| Step::Withdraw { who }),
	]
}

/// A call that may fail, and leaves no trace then.
fn attempt(call: impl FnOnce() -> frame_support::pallet_prelude::DispatchResult) {
	let _ = frame_support::storage::with_storage_layer(call);
}

/// The parent state that a prover expects: what is settled, or what was proven of the block before.
fn expected_parent(block_id: u64) -> sp_core::H256 {
	block(block_id.saturating_sub(1))
		.and_then(|before| before.transitions.first().cloned())
		.map_or(progress().state, |proven| proven.transition.state_root)
}

fn apply(step: Step) {
	// Steps name unsettled blocks by their place in the queue.
	let id = |place: u64| progress().settled + place;
	match step {
		Step::Propose { who, gas } => attempt(|| {
			Rollup::propose_block(
				RuntimeOrigin::signed(who),
				gas.to_le_bytes().to_vec().try_into().unwrap(),
				gas,
			)
		}),
		Step::Prove { who, block, wrong_parent, gas } => {
			let parent = wrong_parent.map_or_else(|| expected_parent(id(block)), wrong);
			let mut transition = on(parent, state(id(block)));
			transition.gas_used = gas;
			let _ = prove_transition(who, id(block), transition);
		},
		Step::ProveAssigned { block: place } => {
			let id = id(place);
			let Some(before) = block(id) else { return };
			let BlockState::Assigned { prover } = before.state else {
				return;
			};
			let mut transition = on(expected_parent(id), state(id));
			transition.gas_used = before.gas_limit;
			let is_new = before.transition_on(transition.parent_state_root).is_none();
			let has_room = before.transitions.len() < 3;
			let took = prove_transition(prover, id, transition);
			// Late or not, the prover that was drawn may always prove.
			assert!(took.is_ok() || !is_new || !has_room, "{took:?}");
		},
		Step::Override { block: place, state } => {
			let id = id(place);
			if let Some(proven) = block(id).and_then(|block| block.transitions.first().cloned()) {
				let _ = override_with(id, proven.transition.parent_state_root, wrong(state));
			}
		},
		Step::Settle { max } => {
			let _ = Rollup::settle_blocks(RuntimeOrigin::signed(9), max);
		},
		Step::NextBlock { seconds } => next_block(seconds),
		Step::Stake { who, amount, price, capacity } => {
			attempt(|| ProverPool::stake(RuntimeOrigin::signed(who), amount, price, capacity))
		},
		Step::Exit { who } => attempt(|| ProverPool::exit(RuntimeOrigin::signed(who))),
		Step::Withdraw { who } => attempt(|| ProverPool::withdraw(RuntimeOrigin::signed(who))),
	}
}

/// What events say of all the money that ever moved, and what the chain says of where it is.
#[derive(Default)]
struct Books {
	/// Put on hold by proposers.
	deposited: Balance,
	rewards: Balance,
	refunds: Balance,
	/// Taken from provers.
	slashed: Balance,
	/// Shares that were set aside, and those that rescuers got.
	bounties: Balance,
	paid_bounties: Balance,
	/// Blocks and the prover that was drawn for each, and that missed it.
	drawn: BTreeMap<u64, AccountId>,
	missed: BTreeMap<u64, AccountId>,
	/// The last block that an override spared.
	spared: u64,
	/// Who proved a block on a state when the block's window was over.
	late: BTreeMap<(u64, H256), AccountId>,
	/// The state that the settled blocks led to.
	state: H256,
}

impl Books {
	fn read_events(&mut self) {
		self.spared = progress().spared;
		for event in System::read_events_for_pallet::<pallet_prover_pool::Event<Test>>() {
			if let pallet_prover_pool::Event::Slashed { amount, .. } = event {
				self.slashed += Balance::from(amount) * TOKEN;
			}
		}
		for event in events() {
			match event {
				Event::BlockProposed { block_id, gas_limit, reward_per_gas, assigned, .. } => {
					self.drawn.extend(assigned.map(|prover| (block_id, prover)));
					self.deposited +=
						Balance::from(gas_limit + BASE_GAS) * Balance::from(reward_per_gas);
				},
				Event::WindowClosed { block_id, missed_by, bounty } => {
					self.bounties += bounty;
					assert_eq!(self.drawn.get(&block_id), Some(&missed_by));
					assert_eq!(self.missed.insert(block_id, missed_by), None, "slashed twice");
				},
				Event::BlockProven { block_id, parent_state, prover, .. } => {
					let is_late = block(block_id).is_some_and(|block| now() > block.closes_at);
					if is_late {
						self.late.insert((block_id, parent_state), prover);
					} else {
						self.late.remove(&(block_id, parent_state));
					}
				},
				Event::BlockSettled { block_id, new_state, prover, reward, bounty, refund } => {
					let late = self.late.get(&(block_id, self.state));
					self.state = new_state;
					let was_drawn = late.is_some() && late == self.drawn.get(&block_id);
					if was_drawn && prover.as_ref() == late && block_id > self.spared {
						assert!(self.missed.contains_key(&block_id), "late and not slashed");
					}
					self.rewards += reward;
					self.refunds += refund;
					self.paid_bounties += bounty;
				},
				_ => (),
			}
		}
	}

	fn check(&self) {
		let accounts = || frame_system::Account::<Test>::iter_keys();
		let on_hold = |hold: fn(u64) -> Balance| accounts().map(hold).sum::<Balance>();
		assert_eq!(
			self.deposited,
			self.rewards + self.refunds + on_hold(held),
			"what was taken from proposers"
		);
		assert_eq!(
			self.slashed,
			self.paid_bounties + on_hold(bounty_of) + burnt(),
			"what was slashed"
		);
		assert!(self.paid_bounties <= self.bounties);
		let all: Balance = accounts().map(|who| Balances::total_balance(&who)).sum();
		assert_eq!(all, Balances::total_issuance(), "nothing is left behind");
	}
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

	#[test]
	fn every_run_keeps_its_books(steps in prop::collection::vec(step(), 1..60)) {
		run_with(vec![(1, 100_000, 100, 10), (2, 60_000, 120, 6)], || {
			AverageLength::set(2);
			MaxUnsettledBlocks::set(12);
			MaxOpenBlocks::set(3);
			MaxClosedPerBlock::set(3);
			MaxSettledPerBlock::set(2);
			let mut books = Books {
				state: progress().state,
				..Books::default()
			};
			for step in steps {
				let ends_block = matches!(step, Step::NextBlock { .. });
				apply(step);
				books.read_events();
				if ends_block {
					check();
					books.check();
				}
			}
			books.check();
			assert!(Stakers::<Test>::iter().count() <= 5);
		});
	}
}
