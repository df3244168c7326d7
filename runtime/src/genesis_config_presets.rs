// SPDX-License-Identifier: Apache-2.0

//! Genesis presets of development chains.
//!
//! Both presets have the well-known accounts, whose keys are public, with ten million tokens each.
//! Alice has the sudo key, two provers are in the pool, and the rollup has the example circuit. The
//! collator of the development chain is Alice. Those of the local test network are Alice and Bob.

use crate::{
	configs::ExistentialDeposit,
	constants::{PARA_ID, UNIT},
	AccountId, AuraId, Balance, BalancesConfig, CollatorSelection, CollatorSelectionConfig,
	Groth16VerifierConfig, ParachainInfoConfig, PolkadotXcmConfig, ProverPoolConfig, RollupConfig,
	RuntimeGenesisConfig, SessionConfig, SessionKeys, SudoConfig,
};
use alloc::{vec, vec::Vec};
use frame_support::build_struct_json_patch;
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Eve, Ferdie};

/// Balance of each well-known account: more than a hundred stakes of the minimum size.
pub const ENDOWMENT: Balance = 10_000_000 * UNIT;

/// Provers in the pool at genesis: account, stake in tokens, price of a unit of gas, and maximum
/// number of rollup blocks at a time.
pub const PROVERS: [(Sr25519Keyring, u32, u16, u16); 2] =
	[(Eve, 60_000, 10_000, 6), (Ferdie, 50_000, 11_000, 5)];

/// Fee for a unit of gas at genesis: a third of a token for the largest block. That is half of the
/// transaction fee of the largest payload.
pub const FEE_PER_GAS: u16 = 10_000;

/// Average proof delay at genesis, in nanoseconds for each unit of gas: five minutes for the
/// largest block. Its proof window is therefore the minimum of ten minutes.
pub const DELAY_PER_GAS: u32 = 9_000;

/// Verifying key of the example circuit, for development only. **Anyone can forge proofs for it**,
/// because the seed of the keys is public.
pub const VERIFYING_KEY: &[u8] =
	include_bytes!("../../examples/transfer-rollup/keys/verifying-key.bin");

/// Root of the example rollup's genesis state.
pub const GENESIS_STATE: &[u8; 32] =
	include_bytes!("../../examples/transfer-rollup/keys/genesis-state.bin");

/// Bond of a collator candidate. Collators that governance chose need none.
const CANDIDACY_BOND: Balance = 1_000 * UNIT;

/// XCM version of messages to chains whose supported version is unknown.
const SAFE_XCM_VERSION: u32 = xcm::prelude::XCM_VERSION;

fn genesis(collators: &[Sr25519Keyring]) -> serde_json::Value {
	let keys = |collator: &Sr25519Keyring| {
		let account = collator.to_account_id();
		(account.clone(), account, SessionKeys { aura: AuraId::from(collator.public()) })
	};
	let endowed = Sr25519Keyring::well_known().map(|who| (who.to_account_id(), ENDOWMENT));
	// The collators' pot must exist. Otherwise fees below the existential deposit are lost.
	let pot = (CollatorSelection::account_id(), ExistentialDeposit::get());
	let provers = PROVERS.map(|(who, stake, price, capacity)| {
		let account: AccountId = who.to_account_id();
		(account, stake, price, capacity)
	});

	build_struct_json_patch!(RuntimeGenesisConfig {
		balances: BalancesConfig { balances: endowed.chain([pot]).collect() },
		parachain_info: ParachainInfoConfig { parachain_id: PARA_ID.into() },
		collator_selection: CollatorSelectionConfig {
			invulnerables: collators.iter().map(|collator| collator.to_account_id()).collect(),
			candidacy_bond: CANDIDACY_BOND,
		},
		session: SessionConfig { keys: collators.iter().map(keys).collect() },
		polkadot_xcm: PolkadotXcmConfig { safe_xcm_version: Some(SAFE_XCM_VERSION) },
		sudo: SudoConfig { key: Some(Alice.to_account_id()) },
		prover_pool: ProverPoolConfig { provers: provers.to_vec() },
		rollup: RollupConfig {
			state_root: GENESIS_STATE.into(),
			fee_per_gas: FEE_PER_GAS,
			delay_per_gas: DELAY_PER_GAS,
		},
		groth_16_verifier: Groth16VerifierConfig { key: Some(VERIFYING_KEY.to_vec()) },
	})
}

/// Returns the genesis of the preset `id`, as a patch of the default genesis, in JSON.
pub fn get_preset(id: &PresetId) -> Option<Vec<u8>> {
	let patch = match id.as_ref() {
		DEV_RUNTIME_PRESET => genesis(&[Alice]),
		LOCAL_TESTNET_RUNTIME_PRESET => genesis(&[Alice, Bob]),
		_ => return None,
	};
	Some(serde_json::to_vec(&patch).expect("a JSON value serializes; qed"))
}

/// Returns the names of the presets.
pub fn preset_names() -> Vec<PresetId> {
	vec![DEV_RUNTIME_PRESET.into(), LOCAL_TESTNET_RUNTIME_PRESET.into()]
}
