// SPDX-License-Identifier: Apache-2.0

//! Configuration file, which completes the command line.

use crate::{cli::LogFormat, signer::SignerArgs, text::host};
use anyhow::{anyhow, ensure, Context, Result};
use hyper::Uri;
use serde::Deserialize;
use std::{
	fs,
	net::SocketAddr,
	path::{Path, PathBuf},
};
use subxt::utils::AccountId32;

/// Configuration file. Its names are those of the options.
///
/// The crate `toml` reads it, because errors of figment and config do not name the line.
#[derive(Deserialize, Default, Debug)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct File {
	url: Option<Urls>,
	pub(crate) data: Option<PathBuf>,
	pub(crate) account: Option<AccountId32>,
	pub(crate) log_format: Option<LogFormat>,
	dev: Option<String>,
	keystore: Option<PathBuf>,
	password_file: Option<PathBuf>,
	seed_file: Option<PathBuf>,
	pub(crate) no_rescue: Option<bool>,
	pub(crate) rescue_tip: Option<Percent>,
	pub(crate) no_exit: Option<bool>,
	pub(crate) metrics: Option<SocketAddr>,
	pub(crate) no_metrics: Option<bool>,
}

/// One URL or several.
#[derive(Deserialize, Debug)]
#[serde(untagged, expecting = "expected a URL or a list of URLs")]
enum Urls {
	One(String),
	Several(Vec<String>),
}

/// Maximum of the tip of a proof, in percent of its reward. A prover would earn nothing by more.
pub(crate) const MAX_TIP: u8 = 99;

/// Tip of a proof, in percent of its reward.
#[derive(Deserialize, Clone, Copy, Debug)]
#[serde(try_from = "u8")]
pub(crate) struct Percent(pub(crate) u8);

impl TryFrom<u8> for Percent {
	type Error = String;

	fn try_from(value: u8) -> Result<Self, String> {
		match value {
			0..=MAX_TIP => Ok(Self(value)),
			_ => Err(format!("{value} is more than {MAX_TIP} percent")),
		}
	}
}

impl File {
	/// Reads a file. The error shows the line that is wrong.
	pub(crate) fn read(path: &Path) -> Result<Self> {
		let shown = path.display();
		let text = fs::read_to_string(path).with_context(|| format!("cannot read {shown}"))?;
		Self::parse(&text).with_context(|| format!("the configuration file {shown} is wrong"))
	}

	/// Parses a file. The error shows the line that is wrong.
	pub(crate) fn parse(text: &str) -> Result<Self> {
		let file: Self = toml::from_str(text).map_err(|error| without_values(&error, text))?;
		let line = |names: &[&str]| format!("line {}", last_line(text, names));
		ensure!(
			file.signer().given() <= 1,
			"{} names another key: keep one of `dev`, `keystore` and `seed-file`",
			line(&["dev", "keystore", "seed-file"])
		);
		ensure!(
			file.metrics.is_none() || file.no_metrics != Some(true),
			"{} contradicts an earlier one: keep one of `metrics` and `no-metrics`",
			line(&["metrics", "no-metrics"])
		);
		ensure!(
			file.dev.as_ref().is_none_or(|path| path.starts_with('/')),
			"{} has no derivation path, such as //Eve",
			line(&["dev"])
		);
		for url in file.urls() {
			check_url(&url).with_context(|| format!("line {}", line_with(text, &url)))?;
		}
		Ok(file)
	}

	/// Returns the URLs of the nodes.
	pub(crate) fn urls(&self) -> Vec<String> {
		match &self.url {
			None => vec![],
			Some(Urls::One(url)) => vec![url.clone()],
			Some(Urls::Several(urls)) => urls.clone(),
		}
	}

	/// Returns the source of the key.
	pub(crate) fn signer(&self) -> SignerArgs {
		SignerArgs {
			dev: self.dev.clone(),
			keystore: self.keystore.clone(),
			password_file: self.password_file.clone(),
			seed_file: self.seed_file.clone(),
		}
	}
}

/// Returns an error with the number of the line and the name of its option. The error itself shows the
/// whole line, which can have the secret of a URL.
fn without_values(error: &toml::de::Error, text: &str) -> anyhow::Error {
	let start = error.span().map_or(0, |span| span.start);
	let index = text.get(..start).map_or(0, |before| before.matches('\n').count());
	let line = text.lines().nth(index).unwrap_or_default().trim_start();
	let is_name = |c: char| c.is_ascii_lowercase() || c == '-';
	let name: String = line.chars().take_while(|c| is_name(*c)).collect();
	anyhow!("line {}, {name}: {}", index.saturating_add(1), error.message())
}

/// Returns the number of the last line that sets one of these options.
fn last_line(text: &str, names: &[&str]) -> usize {
	let sets_option = |line: &str| {
		let name = line.split('=').next().unwrap_or_default().trim().trim_matches(['"', '\'']);
		names.contains(&name)
	};
	let lines = text.lines().zip(1..);
	lines
		.filter(|(line, _)| sets_option(line))
		.map(|(_, number)| number)
		.last()
		.unwrap_or(0)
}

/// Returns the number of the first line with this string. A comment can contain it, too.
fn line_with(text: &str, value: &str) -> usize {
	let has_value = |line: &str| {
		let is_quoted = |quote| line.contains(&format!("{quote}{value}{quote}"));
		!line.trim_start().starts_with('#') && (is_quoted('"') || is_quoted('\''))
	};
	text.lines().take_while(|line| !has_value(line)).count().saturating_add(1)
}

/// Fails unless the URL is that of a node.
pub(crate) fn check_url(url: &str) -> Result<()> {
	let is_of_a_node = url.parse::<Uri>().is_ok_and(|uri| {
		matches!(uri.scheme_str(), Some("ws" | "wss"))
			&& uri.host().is_some_and(|host| !host.is_empty())
	});
	let shown = host(url);
	ensure!(is_of_a_node, "{shown} is no URL of a node: use ws://HOST:PORT or wss://HOST");
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn an_error_in_the_file_shows_its_line() {
		for (text, line, part) in [
			("url = 'ws://a'\nuri = 'ws://b'\n", "line 2", "uri"),
			("rescue-tip = 'ten'\n", "line 1", "rescue-tip"),
			("no-exit = true\nrescue-tip = 100\n", "line 2", "more than 99 percent"),
			("no-exit = true\n  rescue-tip = 'ten'\n", "line 2, rescue-tip", ""),
			("url = [\n'ws://a',\n'http://b',\n]\n", "line 3", "http://b"),
			("no-exit = true\ndev = 'secret'\n", "line 2", "derivation path"),
			("url = 9944\n", "line 1", "a list of URLs"),
			("\nurls = 'wss://node/secret'\n", "line 2", "urls"),
			("url = 'wss://node/secret\n", "line 1", "string"),
			("\n\nmetrics = '127.0.0.1'\n", "line 3", "metrics"),
			("account = 'me'\n", "line 1", "account"),
			("no-exit = true\n\nurl = ['ws://a', 'http://b']\n", "line 3", "http://b"),
			("# 'http://b'\nurl = ['ws://a',\n'http://b/c', 'http://b']\n", "line 3", "http://b"),
			("dev = '//Eve'\nno-exit = true\nseed-file = 'a'\n", "line 3", "keep one"),
			("metrics = '[::1]:1'\nno-metrics = true\n", "line 2", "keep one"),
		] {
			let error = format!("{:#}", File::parse(text).unwrap_err());
			assert!(error.contains(line) && error.contains(part), "{error}");
			assert!(!error.contains("secret"), "{error}");
		}
	}
}
