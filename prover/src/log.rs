// SPDX-License-Identifier: Apache-2.0

//! Log of the program.

use crate::{
	cli::LogFormat,
	progress::{self, AboveProgress},
};
use std::io::{self, IsTerminal};
use tracing_subscriber::EnvFilter;

/// Events that are logged, unless RUST_LOG is set.
const DEFAULT_FILTER: &str = "error,prover_pool_prover=info";

/// Starts the log on standard error.
pub fn init(format: LogFormat) {
	let filter =
		EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
	let log = tracing_subscriber::fmt()
		.with_target(false)
		.with_writer(|| AboveProgress)
		.with_env_filter(filter);
	match format {
		LogFormat::Plain => log.with_ansi(io::stderr().is_terminal()).init(),
		LogFormat::Json => {
			progress::hide();
			log.json().flatten_event(true).init();
		},
	}
}
