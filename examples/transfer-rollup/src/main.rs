// SPDX-License-Identifier: Apache-2.0

//! Generates the keys of the example circuit, and proofs with them.

use clap::{Parser, Subcommand};
use std::{
	io::{self, BufRead, Write},
	path::PathBuf,
	process::ExitCode,
};
use transfer_rollup::{service, Keys};

/// Generates the keys of the example circuit, and proofs with them
#[derive(Parser)]
struct Options {
	#[command(subcommand)]
	command: Command,
}

#[derive(Subcommand)]
enum Command {
	/// Write the verifying key, the genesis state root and the proving key
	Keys {
		/// Output folder
		#[arg(long)]
		out: PathBuf,
	},
	/// Answer requests: a line of JSON on standard input, a line of JSON on standard output
	Serve {
		/// File of the proving key, which is generated if it is missing
		#[arg(long)]
		keys: PathBuf,
	},
}

fn run(options: Options) -> io::Result<()> {
	match options.command {
		Command::Keys { out } => Keys::generate().map_err(io::Error::other)?.write_to(&out),
		Command::Serve { keys } => serve(&Keys::load_or_generate(&keys)?),
	}
}

fn serve(keys: &Keys) -> io::Result<()> {
	let mut out = io::stdout().lock();
	for line in io::stdin().lock().lines() {
		writeln!(out, "{}", service::answer(keys, &line?))?;
		out.flush()?;
	}
	Ok(())
}

fn main() -> ExitCode {
	match run(Options::parse()) {
		Ok(()) => ExitCode::SUCCESS,
		Err(error) => {
			eprintln!("Error: {error}");
			ExitCode::FAILURE
		},
	}
}
