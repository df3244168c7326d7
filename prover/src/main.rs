// SPDX-License-Identifier: Apache-2.0

//! The command line of the prover.

use anyhow::Result;
use clap::{Parser, Subcommand};
use prover_pool_prover::{
	chain::Call,
	commands,
	run::{self, Options},
	signer::SignerArgs,
};
use std::{
	io::{self, IsTerminal},
	net::SocketAddr,
	path::PathBuf,
	process::ExitCode,
};
use tokio::{
	runtime::Runtime,
	select,
	signal::unix::{signal, SignalKind},
};
use tracing_subscriber::EnvFilter;

/// Where the checkpoint and the proving key are kept, unless told otherwise.
const DATA: &str = "prover-data";

/// A prover for the prover pool.
#[derive(Parser)]
#[command(version)]
struct Cli {
	/// The node
	#[arg(long, global = true, default_value = "ws://127.0.0.1:9944")]
	url: String,

	#[command(flatten)]
	signer: SignerArgs,

	#[command(subcommand)]
	command: Command,
}

#[derive(Subcommand)]
enum Command {
	/// Prove what this account is drawn for
	Run {
		/// Where to keep the checkpoint and the proving key: a folder for each account and chain
		#[arg(long, default_value = DATA)]
		data: PathBuf,

		/// Serve figures for Prometheus at http://ADDRESS/metrics
		#[arg(long, value_name = "ADDRESS")]
		metrics: Option<SocketAddr>,

		/// Prove only what this account is drawn for, and nothing that is open to everyone
		#[arg(long)]
		no_rescue: bool,
	},
	/// Enter the pool, or change the offer there
	Stake {
		/// The whole stake, in whole tokens
		amount: u32,
		/// The price for a unit of gas, in the smallest unit of the token
		price: u16,
		/// How many rollup blocks to take at a time
		capacity: u16,
	},
	/// Leave the pool: the stake can be withdrawn after the exit period
	Exit,
	/// Have a stake paid out that left the pool
	Withdraw,
	/// Show stake, capacity, deadlines and earnings
	Status {
		/// The folder that `run` uses
		#[arg(long, default_value = DATA)]
		data: PathBuf,
	},
}

fn main() -> ExitCode {
	let cli = Cli::parse();
	let filter = EnvFilter::try_from_default_env()
		.unwrap_or_else(|_| EnvFilter::new("error,prover_pool_prover=info"));
	tracing_subscriber::fmt()
		.with_target(false)
		.with_writer(io::stderr)
		.with_ansi(io::stderr().is_terminal())
		.with_env_filter(filter)
		.init();

	let result = Runtime::new().map_err(Into::into).and_then(|runtime| {
		let result = runtime.block_on(execute(cli));
		// A proof that is being made cannot be stopped, and is not waited for.
		runtime.shutdown_background();
		result
	});
	match result {
		Ok(()) => ExitCode::SUCCESS,
		Err(error) => {
			eprintln!("Error: {error:#}");
			ExitCode::FAILURE
		},
	}
}

async fn execute(Cli { url, signer, command }: Cli) -> Result<()> {
	let signer = signer.load()?;
	let call = match command {
		Command::Run { data, metrics, no_rescue } => {
			let options = Options { url, data, metrics, rescue: !no_rescue };
			return run::run(options, signer, shutdown()?).await;
		},
		Command::Status { data } => return commands::status(&url, &signer, &data).await,
		Command::Stake { amount, price, capacity } => {
			Call::Stake { amount, reward_per_gas: price, max_capacity: capacity }
		},
		Command::Exit => Call::Exit,
		Command::Withdraw => Call::Withdraw,
	};
	commands::submit(&url, &signer, call).await
}

/// Done when the program is asked to end.
fn shutdown() -> Result<impl std::future::Future<Output = ()>> {
	let mut terminate = signal(SignalKind::terminate())?;
	let mut interrupt = signal(SignalKind::interrupt())?;
	Ok(async move {
		select! {
			_ = terminate.recv() => {},
			_ = interrupt.recv() => {},
		}
	})
}
