// SPDX-License-Identifier: Apache-2.0

//! Log, and progress on a terminal.

use crate::cli::LogFormat;
use indicatif::{ProgressBar, ProgressStyle};
use std::{
	io::{self, IsTerminal},
	time::Duration,
};
use tracing_subscriber::EnvFilter;

/// Events that are logged, unless RUST_LOG is set.
const DEFAULT_FILTER: &str = "error,prover_pool_prover=info";

/// Starts the log on standard error.
pub fn init(format: LogFormat) {
	let filter =
		EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
	let log = tracing_subscriber::fmt()
		.with_target(false)
		.with_writer(io::stderr)
		.with_ansi(io::stderr().is_terminal())
		.with_env_filter(filter);
	match format {
		LogFormat::Plain => log.init(),
		LogFormat::Json => log.json().flatten_event(true).init(),
	}
}

/// Returns a running clock for a task of unknown length. It is hidden without a terminal.
pub fn spinner(task: &'static str) -> ProgressBar {
	let spinner = ProgressBar::new_spinner().with_message(task);
	if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
		spinner.set_style(style);
	}
	spinner.enable_steady_tick(Duration::from_millis(200));
	spinner
}

/// Returns a bar for the chain blocks from one to another. It is hidden without a terminal.
pub fn bar(from: u64, to: u64) -> ProgressBar {
	let bar = ProgressBar::new(to.saturating_sub(from));
	let template = "Reading chain blocks {bar:30} {pos} of {len}, {eta} left";
	if let Ok(style) = ProgressStyle::with_template(template) {
		bar.set_style(style);
	}
	bar
}
