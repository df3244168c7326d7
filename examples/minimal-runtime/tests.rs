// SPDX-License-Identifier: Apache-2.0

//! The configuration passes every pallet's `integrity_test`, and a transaction stakes.

use super::*;
use frame_support::traits::{fungible::InspectHold, IntegrityTest};
use pallet_prover_pool::{Call, Event, HoldReason};
use sp_runtime::{traits::Dispatchable, BuildStorage};

#[test]
fn the_configuration_passes_the_integrity_tests() {
	AllPalletsWithSystem::integrity_test();
}

#[test]
fn a_signed_call_stakes() {
	let who = AccountId32::from([1; 32]);
	let genesis = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig {
			balances: vec![(who.clone(), 100_000_000_000)],
			..Default::default()
		},
		..Default::default()
	};
	sp_io::TestExternalities::new(genesis.build_storage().unwrap()).execute_with(|| {
		System::set_block_number(1);
		Timestamp::set_timestamp(6_000);
		let call = Call::stake { amount: 64_000, reward_per_gas: 10, max_capacity: 128 };
		RuntimeCall::from(call).dispatch(RuntimeOrigin::signed(who.clone())).unwrap();

		System::assert_has_event(
			Event::Staked {
				who: who.clone(),
				amount: 64_000,
				reward_per_gas: 10,
				current_capacity: 128,
			}
			.into(),
		);
		let held = Balances::balance_on_hold(&HoldReason::Stake.into(), &who);
		assert_eq!(held, 64_000_000_000);
		assert_eq!(ProverPool::provers().len(), 1);
		assert_eq!(ProverPool::get_capacity(), 128);
	});
}
