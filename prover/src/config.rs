// SPDX-License-Identifier: Apache-2.0

//! Configuration file, which completes the command line.

use crate::{cli::LogFormat, signer::SignerArgs, text::host};
use anyhow::{anyhow, ensure, Context, Result};
use hyper::Uri;
use serde::{
	de::{value::SeqAccessDeserializer, SeqAccess, Visitor},
	Deserialize, Deserializer,
};
use std::{
	fmt::{self, Formatter},
	fs,
	net::SocketAddr,
	path::{Path, PathBuf},
};
use subxt::utils::AccountId32;
use toml::Spanned;

/// Configuration file. Its names are those of the options.
///
/// The crate `toml` reads it, because errors of figment and config do not name the line.
#[derive(Deserialize, Default, Debug)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct File {
	url: Option<Spanned<Urls>>,
	pub(crate) data: Option<PathBuf>,
	pub(crate) account: Option<AccountId32>,
	pub(crate) log_format: Option<LogFormat>,
	dev: Option<Spanned<String>>,
	keystore: Option<Spanned<PathBuf>>,
	password_file: Option<PathBuf>,
	seed_file: Option<Spanned<PathBuf>>,
	pub(crate) no_rescue: Option<bool>,
	pub(crate) rescue_tip: Option<Percent>,
	pub(crate) no_exit: Option<bool>,
	metrics: Option<Spanned<SocketAddr>>,
	no_metrics: Option<Spanned<bool>>,
}

/// One URL or several.
#[derive(Debug)]
enum Urls {
	One(String),
	Several(Vec<Spanned<String>>),
}

/// By hand, because an untagged enum loses the lines.
impl<'de> Deserialize<'de> for Urls {
	fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		struct UrlsVisitor;

		impl<'de> Visitor<'de> for UrlsVisitor {
			type Value = Urls;

			fn expecting(&self, formatter: &mut Formatter) -> fmt::Result {
				formatter.write_str("a URL or a list of URLs")
			}

			fn visit_str<E>(self, url: &str) -> Result<Urls, E> {
				Ok(Urls::One(url.into()))
			}

			fn visit_seq<A: SeqAccess<'de>>(self, urls: A) -> Result<Urls, A::Error> {
				Deserialize::deserialize(SeqAccessDeserializer::new(urls)).map(Urls::Several)
			}
		}

		deserializer.deserialize_any(UrlsVisitor)
	}
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
		let keys = [start(&file.dev), start(&file.keystore), start(&file.seed_file)];
		check_one(keys, text, "`dev`, `keystore` and `seed-file`")?;
		let off = start(&file.no_metrics).filter(|_| file.no_metrics() == Some(true));
		check_one([start(&file.metrics), off], text, "`metrics` and `no-metrics`")?;
		if let Some(dev) = &file.dev {
			ensure!(
				dev.get_ref().starts_with('/'),
				"line {} has no derivation path, such as //Eve",
				line_at(text, dev.span().start)
			);
		}
		for (url, start) in file.urls_at() {
			check_url(url).with_context(|| format!("line {}", line_at(text, start)))?;
		}
		Ok(file)
	}

	/// Returns the URLs of the nodes.
	pub(crate) fn urls(&self) -> Vec<String> {
		self.urls_at().into_iter().map(|(url, _)| url.into()).collect()
	}

	/// Returns the URLs with their first bytes.
	fn urls_at(&self) -> Vec<(&str, usize)> {
		let Some(urls) = &self.url else { return vec![] };
		match urls.get_ref() {
			Urls::One(url) => vec![(url, urls.span().start)],
			Urls::Several(urls) => {
				urls.iter().map(|url| (url.get_ref().as_str(), url.span().start)).collect()
			},
		}
	}

	/// Returns the address of the metrics.
	pub(crate) fn metrics(&self) -> Option<SocketAddr> {
		self.metrics.as_ref().map(|address| *address.get_ref())
	}

	/// Returns `true` if the file turns the metrics off.
	pub(crate) fn no_metrics(&self) -> Option<bool> {
		self.no_metrics.as_ref().map(|is_off| *is_off.get_ref())
	}

	/// Returns the source of the key.
	pub(crate) fn signer(&self) -> SignerArgs {
		SignerArgs {
			dev: self.dev.clone().map(Spanned::into_inner),
			keystore: self.keystore.clone().map(Spanned::into_inner),
			password_file: self.password_file.clone(),
			seed_file: self.seed_file.clone().map(Spanned::into_inner),
		}
	}
}

/// Returns an error with the number of the line and the name of its option. The error itself shows the
/// whole line, which can have the secret of a URL.
fn without_values(error: &toml::de::Error, text: &str) -> anyhow::Error {
	let number = line_at(text, error.span().map_or(0, |span| span.start));
	let line = text.lines().nth(number.saturating_sub(1)).unwrap_or_default();
	let is_name = |c: char| c.is_ascii_lowercase() || c == '-';
	let name: String = line.trim_start().chars().take_while(|c| is_name(*c)).collect();
	let name = if name.is_empty() { name } else { format!(", {name}") };
	anyhow!("line {number}{name}: {}", error.message())
}

/// Returns the number of the line with this byte.
fn line_at(text: &str, byte: usize) -> usize {
	text.get(..byte)
		.map_or(1, |before| before.matches('\n').count().saturating_add(1))
}

/// Returns the first byte of a value.
fn start<T>(value: &Option<Spanned<T>>) -> Option<usize> {
	value.as_ref().map(|value| value.span().start)
}

/// Fails with the line of the last one if several of these options are set.
fn check_one<const N: usize>(starts: [Option<usize>; N], text: &str, names: &str) -> Result<()> {
	let set: Vec<usize> = starts.into_iter().flatten().collect();
	let last = set.iter().max().map_or(1, |byte| line_at(text, *byte));
	ensure!(set.len() <= 1, "line {last} contradicts an earlier one: keep one of {names}");
	Ok(())
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
			("url = ['ws://a',\n\"http:\\u002f/b\"]\n", "line 2: ", "http://b"),
			("no-exit = true\nurl = \"http:\\u002f/b\"\n", "line 2: ", "http://b"),
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
