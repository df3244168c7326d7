// SPDX-License-Identifier: Apache-2.0

//! The command line of the prover.

use anyhow::Result;
use clap::{Parser, Subcommand};
use prover_pool_prover::{
	chain::Call, commands, metrics::Metrics, run, signer::SignerArgs, worker::Policy,
};
use std::{
	io::{self, IsTerminal},
	net::SocketAddr,
	path::PathBuf,
	process::ExitCode,
};
use subxt::utils::AccountId32;
use tokio::{
	runtime::Runtime,
	select,
	signal::unix::{signal, SignalKind},
};
use tracing_subscriber::EnvFilter;

/// Default folder of the checkpoint and the proving key.
const DATA: &str = "prover-data";

/// A prover for the prover pool
#[derive(Parser)]
#[command(version)]
struct Cli {
	/// URL of the node
	#[arg(long, global = true, default_value = "ws://127.0.0.1:9944")]
	url: String,

	#[command(flatten)]
	signer: SignerArgs,

	#[command(subcommand)]
	command: Command,
}

#[derive(Subcommand)]
enum Command {
	/// Prove the blocks that are assigned to this account, and open blocks
	Run {
		/// Folder of the checkpoint and the proving key; each account and chain needs its own
		#[arg(long, default_value = DATA)]
		data: PathBuf,

		/// Serve metrics for Prometheus at http://ADDRESS/metrics
		#[arg(long, value_name = "ADDRESS")]
		metrics: Option<SocketAddr>,

		/// Account that is assigned and paid, if the key is that of its operator
		#[arg(long, value_name = "ADDRESS")]
		account: Option<AccountId32>,

		/// Prove only blocks that are assigned to this account, and no open blocks
		#[arg(long)]
		no_rescue: bool,
	},
	/// Enter the pool, or change the offer
	Stake {
		/// Total stake, in whole tokens
		amount: u32,
		/// Price of a unit of gas, in the smallest unit of the token
		price: u16,
		/// Maximum number of rollup blocks at a time
		capacity: u16,
	},
	/// Leave the pool; the stake can be withdrawn after the exit period
	Exit,
	/// Withdraw the stake after the exit period
	Withdraw,
	/// Show stake, capacity, deadlines and earnings
	Status {
		/// Folder that `run` uses
		#[arg(long, default_value = DATA)]
		data: PathBuf,

		/// Account to show, instead of that of the key
		#[arg(long, value_name = "ADDRESS")]
		account: Option<AccountId32>,
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
		// A proof in progress cannot be stopped, and would delay the exit.
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
	let call = match command {
		Command::Run { data, metrics: address, account, no_rescue } => {
			let metrics = Metrics::new()?;
			if let Some(address) = address {
				tokio::spawn(metrics.clone().serve(address));
			}
			let signer = signer.load()?;
			let account = account.unwrap_or_else(|| signer.public_key().to_account_id());
			let policy =
				Policy { signer, account, rescue_tip: (!no_rescue).then_some(10), exit: true };
			return run::run(vec![url], data, policy, metrics, shutdown()?).await;
		},
		Command::Status { data, account } => {
			let account = match account {
				Some(account) => account,
				None => signer.load()?.public_key().to_account_id(),
			};
			return commands::status(&url, account, &data).await;
		},
		Command::Stake { amount, price, capacity } => {
			Call::Stake { amount, reward_per_gas: price, max_capacity: capacity }
		},
		Command::Exit => Call::Exit,
		Command::Withdraw => Call::Withdraw,
	};
	commands::submit(&url, &signer.load()?, call).await
}

/// Returns a future that completes on SIGTERM or SIGINT.
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
