// SPDX-License-Identifier: Apache-2.0

//! Random runs of everything that can happen to a rollup's blocks, with every invariant of both
//! pallets after each step, and all money accounted for.

use crate::mock::*;
use frame_support::traits::{fungible::Inspect, UnixTime};
use pallet_prover_pool::Stakers;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
	Propose {
		gas: u32,
		fee: u32,
	},
	Prove {
		who: u64,
		block: u64,
	},
	ProveAssigned {
		block: u64,
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
	let block = 0u64..24;
	prop_oneof![
		5 => (prop_oneof![Just(0), 1u32..30_000_001], prop_oneof![0u32..20, any::<u32>()])
			.prop_map(|(gas, fee)| Step::Propose { gas, fee }),
		2 => (who.clone(), block.clone()).prop_map(|(who, block)| Step::Prove { who, block }),
		4 => block.prop_map(|block| Step::ProveAssigned { block }),
		5 => prop_oneof![Just(BLOCK), Just(WINDOW), Just(WINDOW + 1), Just(7 * 86_400 + 1)]
			.prop_map(|seconds| Step::NextBlock { seconds }),
		2 => (who.clone(), 50_000u32..200_000, 1u16..20, 5u16..12)
			.prop_map(|(who, amount, price, capacity)| Step::Stake { who, amount, price, capacity }),
		1 => who.clone().prop_map(|who| Step::Exit { who }),
		1 => who.prop_map(|who| Step::Withdraw { who }),
	]
}

/// A call that may fail, and leaves no trace then.
fn attempt(call: impl FnOnce() -> frame_support::pallet_prelude::DispatchResult) {
	let _ = frame_support::storage::with_storage_layer(call);
}

fn apply(step: Step) {
	match step {
		Step::Propose { gas, fee } => {
			FeePerGas::set(fee);
			let _ = try_propose(&gas.to_le_bytes(), gas);
		}
		Step::Prove { who, block } => {
			let _ = prove(who, block);
		}
		Step::ProveAssigned { block: id } => {
			if let Some(crate::BlockState::Assigned { prover, closes_at }) =
				block(id).map(|block| block.state)
			{
				let is_late = Timestamp::now().as_secs() > closes_at;
				let took = prove(prover, id);
				// Late or not, the prover that was drawn may always prove.
				assert!(took.is_ok(), "{took:?}, late: {is_late}");
			}
		}
		Step::NextBlock { seconds } => next_block(seconds),
		Step::Stake {
			who,
			amount,
			price,
			capacity,
		} => attempt(|| ProverPool::stake(RuntimeOrigin::signed(who), amount, price, capacity)),
		Step::Exit { who } => attempt(|| ProverPool::exit(RuntimeOrigin::signed(who))),
		Step::Withdraw { who } => attempt(|| ProverPool::withdraw(RuntimeOrigin::signed(who))),
	}
}

/// The whole tokens that the pool has burnt since the last call.
fn burnt() -> Balance {
	let slashed = System::read_events_for_pallet::<pallet_prover_pool::Event<Test>>()
		.into_iter()
		.filter_map(|event| match event {
			pallet_prover_pool::Event::Slashed { amount, .. } => Some(Balance::from(amount)),
			_ => None,
		})
		.sum::<Balance>();
	System::reset_events();
	slashed * TOKEN
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

	#[test]
	fn every_run_keeps_its_books(steps in prop::collection::vec(step(), 1..60)) {
		run_with(vec![(1, 100_000, 10, 10), (2, 60_000, 12, 6)], || {
			MaxUnsettledBlocks::set(12);
			MaxClosedPerBlock::set(3);
			MaxSettledPerBlock::set(2);
			let mut issuance = Balances::total_issuance();
			for step in steps {
				apply(step);
				check();
				issuance -= burnt();
				assert_eq!(Balances::total_issuance(), issuance);
			}
			// Proposers and provers together have what was not burnt: nothing is left behind.
			let all: Balance = (1..=100).map(|who| Balances::total_balance(&who)).sum();
			assert_eq!(all, issuance);
			assert!(Stakers::<Test>::iter().count() <= 5);
		});
	}
}
