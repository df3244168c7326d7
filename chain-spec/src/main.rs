// SPDX-License-Identifier: Apache-2.0

//! Writes the raw chain specification of one of the runtime's genesis presets to standard output.
//!
//! Tools that run a runtime without a node want such a file. The node writes it too, but takes a
//! long time to build; this program builds the genesis with the native runtime and needs no
//! WebAssembly executor.

mod spec;

use clap::Parser;
use std::{io::Write, process::ExitCode};

/// Writes the raw chain specification of a genesis preset to standard output.
#[derive(Parser)]
struct Options {
	/// The genesis preset: `development` or `local_testnet`.
	#[arg(long, default_value = sp_genesis_builder::DEV_RUNTIME_PRESET)]
	preset: String,
}

fn run(options: Options) -> Result<(), String> {
	let code = prover_pool_runtime::WASM_BINARY
		.ok_or("built with SKIP_WASM_BUILD: there is no runtime to put into a specification")?;
	let spec = spec::raw(&options.preset, code)?;
	let mut out = std::io::stdout().lock();
	serde_json::to_writer_pretty(&mut out, &spec).map_err(|e| e.to_string())?;
	writeln!(out).map_err(|e| e.to_string())
}

fn main() -> ExitCode {
	match run(Options::parse()) {
		Ok(()) => ExitCode::SUCCESS,
		Err(error) => {
			eprintln!("Error: {error}");
			ExitCode::FAILURE
		}
	}
}
