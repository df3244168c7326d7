// SPDX-License-Identifier: Apache-2.0

//! The genesis presets build valid chains.

use crate::{
	constants::{PARA_ID, UNIT},
	genesis_config_presets::*,
	*,
};
use frame_support::traits::fungible::Inspect;
use serde_json::Value;
use sp_genesis_builder::PresetId;
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring::{Alice, Eve};
use sp_runtime::BuildStorage;

/// Returns the genesis of a preset: the default one with the patch applied.
pub fn genesis_config(preset: &PresetId) -> RuntimeGenesisConfig {
	let patch = get_preset(preset).expect("the preset exists");
	let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).expect("serializes");
	apply(&mut config, serde_json::from_slice(&patch).expect("is JSON"));
	serde_json::from_value(config).expect("a patch changes values, not their types")
}

/// Applies a JSON merge patch to `config`.
fn apply(config: &mut Value, patch: Value) {
	match (config, patch) {
		(Value::Object(config), Value::Object(patch)) => {
			for (key, value) in patch {
				apply(config.entry(key).or_insert(Value::Null), value);
			}
		},
		(config, patch) => *config = patch,
	}
}

fn genesis_of(preset: &PresetId) -> TestExternalities {
	let config = genesis_config(preset);
	config.build_storage().expect("the preset builds").into()
}

#[test]
fn every_preset_builds_a_genesis_in_which_all_invariants_hold() {
	assert_eq!(preset_names().len(), 2);
	for preset in preset_names() {
		genesis_of(&preset).execute_with(|| {
			super::chain::assert_invariants();

			assert_eq!(u32::from(ParachainInfo::parachain_id()), PARA_ID);
			assert_eq!(pallet_sudo::Key::<Runtime>::get(), Some(Alice.to_account_id()));
			assert!(!pallet_aura::Authorities::<Runtime>::get().is_empty());
			assert_eq!(
				pallet_aura::Authorities::<Runtime>::get().len(),
				pallet_collator_selection::Invulnerables::<Runtime>::get().len()
			);
			let who = Eve.to_account_id();
			assert_eq!(Balances::total_balance(&who), ENDOWMENT);
			assert_eq!(Balances::reserved_balance(&who), 60_000 * UNIT);
			let members = ProverPool::provers();
			let expected = PROVERS
				.map(|(who, stake, price, capacity)| (who.to_account_id(), stake, price, capacity));
			let members: Vec<_> = members
				.into_iter()
				.map(|(_, who, prover)| {
					let terms = (prover.reward_per_gas, prover.current_capacity);
					(who, prover.staked_amount, terms.0, terms.1)
				})
				.collect();
			assert_eq!(members, expected);
		});
	}
}

/// Tools build the genesis by this API.
#[test]
fn every_preset_is_accepted_by_the_runtime_api() {
	use sp_genesis_builder::runtime_decl_for_genesis_builder::GenesisBuilderV1 as Api;
	for preset in <Runtime as Api<Block>>::preset_names() {
		let config = genesis_config(&preset);
		let json = serde_json::to_vec(&config).expect("serializes");
		let built = TestExternalities::default()
			.execute_with(|| <Runtime as Api<Block>>::build_state(json));
		assert_eq!(built, Ok(()));
		assert!(<Runtime as Api<Block>>::get_preset(&Some(preset)).is_some());
	}
	assert!(<Runtime as Api<Block>>::get_preset(&None).is_some());
	assert!(<Runtime as Api<Block>>::get_preset(&Some("mainnet".into())).is_none());
}
