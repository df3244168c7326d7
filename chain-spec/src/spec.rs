// SPDX-License-Identifier: Apache-2.0

//! A raw chain specification, from a genesis preset and a runtime's code.

use prover_pool_runtime::{constants::*, genesis_presets};
use serde_json::{json, Map, Value};
use sp_core::bytes::to_hex;
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use sp_runtime::BuildStorage;
use sp_storage::well_known_keys::CODE;

/// The chain specification of `preset` with `code` as its runtime.
pub fn raw(preset: &str, code: &[u8]) -> Result<Value, String> {
	let (name, id, chain_type) = match preset {
		DEV_RUNTIME_PRESET => (DEV_CHAIN_NAME, DEV_CHAIN_ID, "Development"),
		LOCAL_TESTNET_RUNTIME_PRESET => (LOCAL_CHAIN_NAME, LOCAL_CHAIN_ID, "Local"),
		_ => {
			return Err(format!(
				"no preset is named {preset}; there are {DEV_RUNTIME_PRESET} and \
				{LOCAL_TESTNET_RUNTIME_PRESET}"
			))
		}
	};
	let mut storage = genesis_presets::genesis_config(&PresetId::from(preset))
		.ok_or_else(|| format!("the runtime has no preset {preset}"))?
		.build_storage()?;
	storage.top.insert(CODE.to_vec(), code.to_vec());
	// Nothing in this runtime's genesis uses child tries.
	debug_assert!(storage.children_default.is_empty());

	let top: Map<String, Value> = storage
		.top
		.iter()
		.map(|(key, value)| (to_hex(key, false), to_hex(value, false).into()))
		.collect();
	Ok(json!({
		"name": name,
		"id": id,
		"chainType": chain_type,
		"bootNodes": [],
		"telemetryEndpoints": null,
		"protocolId": null,
		"properties": {
			"tokenSymbol": TOKEN_SYMBOL,
			"tokenDecimals": TOKEN_DECIMALS,
			"ss58Format": SS58_PREFIX,
		},
		"relay_chain": RELAY_CHAIN,
		"para_id": PARA_ID,
		"codeSubstitutes": {},
		"genesis": { "raw": { "top": top, "childrenDefault": {} } },
	}))
}

#[cfg(test)]
mod tests {
	use super::*;
	use codec::Decode;
	use prover_pool_runtime::{
		genesis_presets::{ENDOWMENT, PROVERS},
		AccountId, Balance,
	};
	use sp_core::bytes::from_hex;
	use sp_io::hashing::{blake2_128, twox_128};
	use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Eve};
	use std::collections::BTreeSet;

	const PRESETS: [&str; 2] = [DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET];

	/// The key of a storage item, as clients derive it.
	fn key(pallet: &str, item: &str) -> Vec<u8> {
		[twox_128(pallet.as_bytes()), twox_128(item.as_bytes())].concat()
	}

	/// Decodes the value under `key` in the specification of `preset`.
	fn value<T: Decode>(preset: &str, key: &[u8]) -> T {
		let spec = raw(preset, b"code").expect("the preset exists");
		let hex = spec["genesis"]["raw"]["top"][to_hex(key, false)]
			.as_str()
			.expect("in genesis");
		T::decode(&mut &from_hex(hex).expect("is hex")[..]).expect("decodes")
	}

	#[test]
	fn the_code_is_in_the_storage_as_it_is() {
		let spec = raw(DEV_RUNTIME_PRESET, b"code").expect("the preset exists");
		assert_eq!(spec["genesis"]["raw"]["top"]["0x3a636f6465"], "0x636f6465");
	}

	#[test]
	fn the_storage_is_what_the_preset_says() {
		for preset in PRESETS {
			assert_eq!(
				value::<u32>(preset, &key("ParachainInfo", "ParachainId")),
				PARA_ID
			);
			assert_eq!(
				value::<AccountId>(preset, &key("Sudo", "Key")),
				Alice.to_account_id()
			);

			let eve: AccountId = Eve.to_account_id();
			let mut account = key("System", "Account");
			account.extend(blake2_128(eve.as_ref()));
			account.extend::<&[u8]>(eve.as_ref());
			let (_counters, free, reserved) =
				value::<([u32; 4], Balance, Balance)>(preset, &account);
			let (_, staked, _, _) = PROVERS
				.iter()
				.find(|prover| prover.0 == Eve)
				.expect("Eve is a prover");
			assert_eq!(reserved, Balance::from(*staked) * UNIT);
			assert_eq!(free + reserved, ENDOWMENT);
		}
	}

	#[test]
	fn presets_differ_by_their_collators() {
		let authorities = |preset| value::<BTreeSet<[u8; 32]>>(preset, &key("Aura", "Authorities"));
		let keys = |who: &[Sr25519Keyring]| who.iter().map(|who| who.public().0).collect();
		assert_eq!(authorities(DEV_RUNTIME_PRESET), keys(&[Alice]));
		assert_eq!(
			authorities(LOCAL_TESTNET_RUNTIME_PRESET),
			keys(&[Alice, Bob])
		);
	}

	#[test]
	fn wallets_find_the_token() {
		for preset in PRESETS {
			let spec = raw(preset, b"code").expect("the preset exists");
			assert_eq!(spec["properties"]["tokenSymbol"], "PPT");
			assert_eq!(spec["properties"]["tokenDecimals"], 12);
			assert_eq!(spec["properties"]["ss58Format"], 42);
		}
	}

	#[test]
	fn an_unknown_preset_is_refused() {
		let refused = raw("mainnet", b"code").expect_err("there is none");
		assert!(refused.contains("mainnet"));
	}
}
