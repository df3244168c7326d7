// SPDX-License-Identifier: Apache-2.0

//! Makes the keys of the example circuit, and proofs with them.

use clap::{Parser, Subcommand};
use std::{
	io::{self, BufRead, Write},
	path::PathBuf,
	process::ExitCode,
};
use transfer_rollup::{service, Keys};

/// Makes the keys of the example circuit, and proofs with them.
#[derive(Parser)]
struct Options {
	#[command(subcommand)]
	command: Command,
}

#[derive(Subcommand)]
enum Command {
	/// Writes the verifying key, the genesis state and the proving key.
	Keys {
		/// The folder to write them into.
		#[arg(long)]
		out: PathBuf,
	},
	/// Answers requests: a line of JSON on standard input, a line of JSON on standard output.
	Serve {
		/// The file of the proving key. It is made if there is none.
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
