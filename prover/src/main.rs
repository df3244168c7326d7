// SPDX-License-Identifier: Apache-2.0

//! Program of a prover.

use anyhow::{Context, Result};
use prover_pool_prover::{
	chain::{Call, Chain},
	cli::{Cli, Command, LogFormat, Run},
	commands::{
		self,
		check::{check, connect_all},
		stake::{self, confirm, Offer},
		state::{export, import},
		status::status,
		submit::{print, submit},
	},
	http, log,
	metrics::{self, Metrics},
	run,
	worker::{exit_code, misconfigured, Policy},
};
use std::{
	io::{self, Write},
	process::ExitCode,
};
use subxt_signer::sr25519::Keypair;
use tokio::{
	runtime::Runtime,
	select,
	signal::unix::{signal, SignalKind},
};
use tracing::error;

fn main() -> ExitCode {
	let cli = Cli::read(std::env::args_os()).unwrap_or_else(|error| error.exit());
	let (format, result) = match cli.complete() {
		Ok(cli) => {
			let format = cli.log_format.unwrap_or(LogFormat::Plain);
			log::init(format);
			(format, start(cli))
		},
		Err(error) => (LogFormat::Plain, Err(error)),
	};
	let Err(error) = result else {
		return ExitCode::SUCCESS;
	};
	match format {
		LogFormat::Plain => {
			// Standard error may be full or closed. Only the exit code is left then.
			let _ = writeln!(io::stderr(), "Error: {error:#}");
		},
		LogFormat::Json => error!("{error:#}"),
	}
	ExitCode::from(exit_code(&error))
}

fn start(cli: Cli) -> Result<()> {
	let runtime = Runtime::new().context("cannot start the threads of the program")?;
	let result = runtime.block_on(execute(cli));
	// A proof in progress cannot be stopped, and would delay the exit.
	runtime.shutdown_background();
	result
}

async fn execute(cli: Cli) -> Result<()> {
	match &cli.command {
		Command::Run(options) => prove(&cli, options).await,
		Command::Stake { amount, price, capacity, yes, print } => {
			let offer = Offer { amount: *amount, price: *price, capacity: *capacity };
			match print.print {
				true => show_stake(&cli, offer).await,
				false => stake(&cli, offer, *yes).await,
			}
		},
		Command::Exit(print) if print.print => show(&cli, Call::Exit).await,
		Command::Exit(_) => exit(&cli).await,
		Command::Withdraw(print) => send(&cli, Call::Withdraw, print.print).await,
		Command::SetOperator { operator, print } => {
			send(&cli, Call::SetOperator { operator: operator.0 }, print.print).await
		},
		Command::Status { json } => {
			let account = cli.account()?;
			let chain = commands::connect(&cli.urls).await?;
			status(&chain, account, cli.base(), *json).await
		},
		Command::ExportState { file } => {
			let account = cli.account()?;
			let chain = commands::connect(&cli.urls).await?;
			export(&chain, account, cli.base(), file).await
		},
		Command::ImportState { file } => {
			let account = cli.account()?;
			let chain = commands::connect(&cli.urls).await?;
			import(&chain, account, cli.base(), file).await
		},
	}
}

async fn prove(cli: &Cli, options: &Run) -> Result<()> {
	// Without it, a file beyond the limit of the process ends the program. With it, the write fails.
	let _file_limit = signal(SignalKind::from_raw(libc::SIGXFSZ))?;
	let signer = cli.key()?;
	let account = cli.account.unwrap_or_else(|| signer.public_key().to_account_id());
	let policy = Policy {
		signer,
		account,
		rescues: options.rescues(),
		max_tip: options.max_tip(),
		exit: options.exits(),
	};
	let listener = match options.metrics() {
		Some(address) => http::bind(address).await.map(Some),
		None => Ok(None),
	};
	if options.dry_run {
		let port = listener.map(drop);
		let chain = connect_all(&cli.urls).await?;
		return check(&chain, cli.base(), &policy, cli.urls.len() > 1, port).await;
	}
	let metrics = match listener.map_err(misconfigured)? {
		Some(listener) => {
			let recorder = metrics::install()?;
			let metrics = Metrics::new(&account);
			http::serve(listener, recorder, metrics.clone());
			metrics
		},
		None => Metrics::new(&account),
	};
	run::run(cli.urls.clone(), cli.base().into(), policy, metrics, shutdown()?).await
}

async fn stake(cli: &Cli, offer: Offer, yes: bool) -> Result<()> {
	let signer = cli.key_of_stake()?;
	let chain = commands::connect(&cli.urls).await?;
	confirm(&chain, &signer.public_key().to_account_id(), offer, yes).await?;
	submit(&chain, &signer, &offer.call()).await
}

/// Leaves the pool. The operator of the account may do so, too.
async fn exit(cli: &Cli) -> Result<()> {
	let signer = cli.key()?;
	let of_signer = signer.public_key().to_account_id();
	let call = Call::exit(&of_signer, cli.account.unwrap_or(of_signer));
	connect_and_submit(cli, &signer, &call).await
}

async fn send(cli: &Cli, call: Call, is_printed: bool) -> Result<()> {
	match is_printed {
		true => show(cli, call).await,
		false => connect_and_submit(cli, &cli.key_of_stake()?, &call).await,
	}
}

async fn connect_and_submit(cli: &Cli, signer: &Keypair, call: &Call) -> Result<()> {
	submit(&commands::connect(&cli.urls).await?, signer, call).await
}

async fn show_stake(cli: &Cli, offer: Offer) -> Result<()> {
	let chain = commands::connect(&cli.urls).await?;
	if let Some(account) = &cli.account {
		stake::show(&chain, account, offer).await?;
	}
	show_at(&chain, cli, &offer.call()).await
}

async fn show(cli: &Cli, call: Call) -> Result<()> {
	show_at(&commands::connect(&cli.urls).await?, cli, &call).await
}

async fn show_at(chain: &Chain, cli: &Cli, call: &Call) -> Result<()> {
	let url = cli.urls.first().map_or("", String::as_str);
	print(chain, url, call).await
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
