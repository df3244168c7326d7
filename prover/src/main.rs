// SPDX-License-Identifier: Apache-2.0

//! Program of a prover.

use anyhow::Result;
use clap::Parser;
use prover_pool_prover::{
	chain::Call,
	cli::{self, Cli, Command, LogFormat, Print, Run},
	commands::{self, stake::Offer},
	http, log,
	metrics::{self, Metrics},
	run,
	worker::{Misconfigured, Policy},
};
use std::process::ExitCode;
use tokio::{
	runtime::Runtime,
	select,
	signal::unix::{signal, SignalKind},
};

/// Exit code if the configuration must be changed: `EX_CONFIG` of sysexits.h.
const CONFIGURATION: u8 = 78;

fn main() -> ExitCode {
	let result = Cli::parse().complete().and_then(|cli| {
		log::init(cli.log_format.unwrap_or(LogFormat::Plain));
		let runtime = Runtime::new()?;
		let result = runtime.block_on(execute(cli));
		// A proof in progress cannot be stopped, and would delay the exit.
		runtime.shutdown_background();
		result
	});
	match result {
		Ok(()) => ExitCode::SUCCESS,
		Err(error) => {
			eprintln!("Error: {error:#}");
			match error.is::<Misconfigured>() {
				true => ExitCode::from(CONFIGURATION),
				false => ExitCode::FAILURE,
			}
		},
	}
}

async fn execute(cli: Cli) -> Result<()> {
	match &cli.command {
		Command::Run(options) => prove(&cli, options).await,
		Command::Stake { amount, price, capacity, yes, print } => {
			let offer = Offer { amount: *amount, price: *price, capacity: *capacity };
			stake(&cli, offer, *yes, print).await
		},
		Command::Exit(print) => send(&cli, Call::Exit, print).await,
		Command::Withdraw(print) => send(&cli, Call::Withdraw, print).await,
		Command::SetOperator { operator, print } => {
			let operator = cli::operator(operator)?;
			send(&cli, Call::SetOperator { operator }, print).await
		},
		Command::Status { json } => {
			let account = cli.account()?;
			let chain = commands::connect(&cli.urls).await?;
			commands::status::status(&chain, account, cli.base(), *json).await
		},
		Command::ExportState { file } => {
			let account = cli.account()?;
			let chain = commands::connect(&cli.urls).await?;
			commands::state::export(&chain, account, cli.base(), file).await
		},
		Command::ImportState { file } => {
			let account = cli.account()?;
			let chain = commands::connect(&cli.urls).await?;
			commands::state::import(&chain, account, cli.base(), file).await
		},
	}
}

async fn prove(cli: &Cli, options: &Run) -> Result<()> {
	let signer = cli.signer.load().map_err(|error| Misconfigured(format!("{error:#}")))?;
	let account = cli.account.unwrap_or_else(|| signer.public_key().to_account_id());
	let rescue_tip = options.rescue_tip();
	let policy = Policy { signer, account, rescue_tip, exit: !options.no_exit };
	if options.dry_run {
		let chain = commands::connect(&cli.urls).await?;
		return commands::check::check(&chain, &cli.urls.join(", "), cli.base(), &policy).await;
	}
	let metrics = Metrics::default();
	if let Some(address) = options.metrics() {
		http::serve(address, metrics::install()?, metrics.clone())
			.await
			.map_err(|error| Misconfigured(format!("{error:#}")))?;
	}
	run::run(cli.urls.clone(), cli.base().into(), policy, metrics, shutdown()?).await
}

async fn stake(cli: &Cli, offer: Offer, yes: bool, print: &Print) -> Result<()> {
	let Offer { amount, price, capacity } = offer;
	let call = Call::Stake { amount, reward_per_gas: price, max_capacity: capacity };
	if print.print {
		return send(cli, call, print).await;
	}
	let signer = cli.signer.load()?;
	let chain = commands::connect(&cli.urls).await?;
	let account = signer.public_key().to_account_id();
	commands::stake::confirm(&chain, &account, offer, yes).await?;
	commands::submit::submit(&chain, &signer, &call).await
}

async fn send(cli: &Cli, call: Call, print: &Print) -> Result<()> {
	if print.print {
		let chain = commands::connect(&cli.urls).await?;
		let url = cli.urls.first().map_or("", String::as_str);
		return commands::submit::print(&chain, url, &call).await;
	}
	let signer = cli.signer.load()?;
	let chain = commands::connect(&cli.urls).await?;
	commands::submit::submit(&chain, &signer, &call).await
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
