// SPDX-License-Identifier: Apache-2.0

//! The node of the prover pool's parachain.
//!
//! It is the SDK's node for any parachain. This crate adds the chains of the runtime's genesis
//! presets, for `--dev` and `--chain local`, and the texts of the command line.

mod chain_spec;

use polkadot_omni_node_lib::{run, runtime::DefaultRuntimeResolver, CliConfig, RunConfig};
use std::process::ExitCode;

/// Texts of `--help` and `--version`.
struct Cli;

impl CliConfig for Cli {
	fn impl_version() -> String {
		env!("CARGO_PKG_VERSION").into()
	}

	fn description(executable_name: String) -> String {
		format!(
			"The node of the prover pool's parachain.\n\n\
			{executable_name} --dev starts a development chain that needs no relay chain.\n\
			{executable_name} --chain local and --chain FILE start a node of a parachain. \
			Arguments after -- are for its relay chain node."
		)
	}

	fn author() -> String {
		"The prover pool's authors".into()
	}

	fn support_url() -> String {
		concat!(env!("CARGO_PKG_REPOSITORY"), "/issues").into()
	}

	fn copyright_start_year() -> u16 {
		2026
	}
}

fn main() -> ExitCode {
	let config = RunConfig::new(Box::new(DefaultRuntimeResolver), Box::new(chain_spec::Loader));
	match run::<Cli>(config) {
		Ok(()) => ExitCode::SUCCESS,
		Err(error) => {
			eprintln!("Error: {error}");
			ExitCode::FAILURE
		},
	}
}
