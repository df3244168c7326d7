// SPDX-License-Identifier: Apache-2.0

//! Chain specifications that are embedded in the node.

use polkadot_omni_node_lib::chain_spec::{ChainSpec, Extensions, GenericChainSpec, LoadSpec};
use prover_pool_runtime::constants::*;
use sc_chain_spec::ChainType;
use serde_json::json;
use sp_genesis_builder::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};

/// Loader of the chain specification that `--chain` selects.
pub struct Loader;

impl LoadSpec for Loader {
	fn load_spec(&self, id: &str) -> Result<Box<dyn ChainSpec>, String> {
		let spec = match id {
			"" => return Err("no chain: use --dev, --chain local or --chain FILE".into()),
			"dev" => {
				embedded(DEV_CHAIN_NAME, DEV_CHAIN_ID, ChainType::Development, DEV_RUNTIME_PRESET)?
			},
			"local" => embedded(
				LOCAL_CHAIN_NAME,
				LOCAL_CHAIN_ID,
				ChainType::Local,
				LOCAL_TESTNET_RUNTIME_PRESET,
			)?,
			file => GenericChainSpec::from_json_file(file.into())?,
		};
		Ok(Box::new(spec))
	}
}

/// Returns the specification of a chain with the embedded runtime and the genesis of one of its
/// presets.
fn embedded(
	name: &str,
	id: &str,
	chain_type: ChainType,
	preset: &str,
) -> Result<GenericChainSpec, String> {
	let code = prover_pool_runtime::WASM_BINARY
		.ok_or("built with SKIP_WASM_BUILD: rebuild without it, or use --chain FILE")?;
	let mut properties = sc_chain_spec::Properties::new();
	properties.insert("tokenSymbol".into(), json!(TOKEN_SYMBOL));
	properties.insert("tokenDecimals".into(), json!(TOKEN_DECIMALS));
	properties.insert("ss58Format".into(), json!(SS58_PREFIX));
	Ok(GenericChainSpec::builder(code, Extensions::new(RELAY_CHAIN.into(), PARA_ID))
		.with_name(name)
		.with_id(id)
		.with_chain_type(chain_type)
		.with_genesis_config_preset_name(preset)
		.with_properties(properties)
		.build())
}
