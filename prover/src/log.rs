// SPDX-License-Identifier: Apache-2.0

//! Log of the program.

use crate::{
	cli::LogFormat,
	progress::{self, AboveProgress},
};
use std::io::{self, IsTerminal};
use tracing::Subscriber;
use tracing_subscriber::{fmt::MakeWriter, util::SubscriberInitExt, EnvFilter};

/// Events that are logged, unless RUST_LOG is set.
const DEFAULT_FILTER: &str = "error,prover_pool_prover=info";

/// Starts the log on standard error.
pub fn init(format: LogFormat) {
	let filter =
		EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
	if format == LogFormat::Json {
		progress::hide();
	}
	subscriber(format, filter, io::stderr().is_terminal(), || AboveProgress).init();
}

fn subscriber<W>(
	format: LogFormat,
	filter: EnvFilter,
	is_coloured: bool,
	writer: W,
) -> Box<dyn Subscriber + Send + Sync>
where
	W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
	let log = tracing_subscriber::fmt()
		.with_target(false)
		// A full disk must not end the program: a report of a failed write to standard error panics.
		.log_internal_errors(false)
		.with_writer(writer)
		.with_env_filter(filter);
	match format {
		LogFormat::Plain => Box::new(log.with_ansi(is_coloured).finish()),
		LogFormat::Json => Box::new(log.json().flatten_event(true).finish()),
	}
}

#[cfg(test)]
pub(crate) mod tests {
	use super::*;
	use std::{
		io::Write,
		sync::{Arc, Mutex},
	};
	use tracing::{debug, info};

	/// Log in memory.
	#[derive(Clone, Default)]
	struct Lines(Arc<Mutex<Vec<u8>>>);

	impl Write for Lines {
		fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
			self.0.lock().unwrap().write(bytes)
		}

		fn flush(&mut self) -> io::Result<()> {
			Ok(())
		}
	}

	/// Returns the log of a function.
	pub fn logged(format: LogFormat, function: impl FnOnce()) -> String {
		let lines = Lines::default();
		let writer = lines.clone();
		let filter = EnvFilter::new(DEFAULT_FILTER);
		let log = subscriber(format, filter, false, move || writer.clone());
		tracing::subscriber::with_default(log, function);
		let text = lines.0.lock().unwrap().clone();
		String::from_utf8(text).unwrap()
	}

	fn events() {
		info!(block = 7, "Proved.");
		info!(target: "subxt", "a library");
		debug!("a detail");
	}

	#[test]
	fn plain_lines_are_those_of_the_prover() {
		let text = logged(LogFormat::Plain, events);
		assert!(text.ends_with("INFO Proved. block=7\n"), "{text}");
		assert_eq!(text.lines().count(), 1, "{text}");
	}

	#[test]
	fn each_line_is_one_json_object_with_the_fields() {
		let text = logged(LogFormat::Json, events);
		let line: serde_json::Value = serde_json::from_str(&text).unwrap();
		assert_eq!((&line["message"], &line["block"]), (&"Proved.".into(), &7.into()));
	}
}
