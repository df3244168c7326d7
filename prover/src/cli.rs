// SPDX-License-Identifier: Apache-2.0

//! Command line.

use crate::{
	config::{check_url, File, Percent, MAX_TIP},
	signer::SignerArgs,
	worker::misconfigured,
};
use anyhow::{anyhow, ensure, Context, Result};
use clap::{
	builder::BoolishValueParser, parser::ValueSource, ArgMatches, Args, CommandFactory,
	FromArgMatches, Parser, Subcommand, ValueEnum,
};
use serde::Deserialize;
use std::{
	env,
	ffi::OsString,
	net::SocketAddr,
	path::{Path, PathBuf},
	str::FromStr,
};
use subxt::utils::AccountId32;
use subxt_signer::sr25519::Keypair;

/// URL of the node, if none is given.
const DEFAULT_URL: &str = "ws://127.0.0.1:9944";

/// Address of the metrics, if none is given. The node's own metrics have another port.
const DEFAULT_METRICS: ([u8; 4], u16) = ([127, 0, 0, 1], 9620);

/// Maximum tip of a proof without priority in percent of its reward, if none is given.
const DEFAULT_RESCUE_TIP: u8 = 10;

/// A prover for the prover pool
///
/// Options can also be set by variables PROVER_POOL_NAME and in the file of --config, as `name`. The
/// command line precedes the variables, and these the file. RUST_LOG filters the log. The exit code
/// is 78 if the configuration must be changed, and 1 after another failure.
#[derive(Parser, Debug)]
#[command(version)]
pub struct Cli {
	/// Configuration file in TOML
	#[arg(long, global = true, value_name = "FILE", env = "PROVER_POOL_CONFIG")]
	pub config: Option<PathBuf>,

	/// URL of a node. Repeat it for nodes that take over when one fails [default:
	/// ws://127.0.0.1:9944]
	#[arg(
		long = "url",
		global = true,
		value_name = "URL",
		env = "PROVER_POOL_URL",
		hide_env_values = true,
		value_delimiter = ','
	)]
	pub urls: Vec<String>,

	/// Folder of all provers of this machine [default: ~/.local/share/prover-pool]
	#[arg(long, global = true, value_name = "FOLDER", env = "PROVER_POOL_DATA")]
	pub data: Option<PathBuf>,

	/// Account of the stake, if it is not that of the key
	#[arg(long, global = true, value_name = "ADDRESS", env = "PROVER_POOL_ACCOUNT")]
	pub account: Option<AccountId32>,

	/// Format of the log [default: plain]
	#[arg(long, global = true, value_name = "FORMAT", env = "PROVER_POOL_LOG_FORMAT")]
	pub log_format: Option<LogFormat>,

	// A doc comment would become the description of the program.
	#[allow(missing_docs)]
	#[command(flatten)]
	pub signer: SignerArgs,

	#[allow(missing_docs)]
	#[command(subcommand)]
	pub command: Command,
}

/// Format of the log.
#[derive(ValueEnum, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
	/// Text for a person.
	Plain,
	/// One JSON object a line.
	Json,
}

/// Command of an operator.
#[derive(Subcommand, Debug)]
pub enum Command {
	/// Prove the blocks that are assigned to the account, and open blocks
	Run(Run),
	/// Enter the pool, or change the offer
	Stake {
		/// Total stake, in whole tokens
		#[arg(long, value_name = "TOKENS")]
		amount: u32,
		/// Price of a unit of gas, in the smallest unit of the token
		#[arg(long)]
		price: u16,
		/// Maximum number of rollup blocks at a time
		#[arg(long, value_name = "BLOCKS")]
		capacity: u16,
		/// Do not ask for a confirmation
		#[arg(long)]
		yes: bool,
		#[allow(missing_docs)]
		#[command(flatten)]
		print: Print,
	},
	/// Leave the pool; the stake can be withdrawn after the exit period
	Exit(Print),
	/// Withdraw the stake after the exit period
	Withdraw(Print),
	/// Name the key that `run` uses while the key of the stake stays offline
	SetOperator {
		/// Address of the key, or `none` to remove it
		#[arg(value_name = "ADDRESS|none")]
		operator: Operator,
		#[allow(missing_docs)]
		#[command(flatten)]
		print: Print,
	},
	/// Show stake, odds, deadlines and earnings
	Status {
		/// Show them as JSON
		#[arg(long)]
		json: bool,
	},
	/// Write the rollup's state to a file, for another prover
	ExportState {
		/// The file
		file: PathBuf,
	},
	/// Continue from the rollup's state in a file
	ImportState {
		/// The file
		file: PathBuf,
	},
}

/// Operator key to name, or `None` to remove it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator(pub Option<AccountId32>);

impl FromStr for Operator {
	type Err = String;

	fn from_str(text: &str) -> Result<Self, String> {
		match text {
			"none" => Ok(Self(None)),
			address => match address.parse() {
				Ok(account) => Ok(Self(Some(account))),
				Err(error) => Err(format!("neither an address nor `none`: {error}")),
			},
		}
	}
}

/// Output of a call for another wallet.
#[derive(Args, Debug)]
pub struct Print {
	/// Print the call for a hardware wallet or a multisig, instead of signing it
	#[arg(long)]
	pub print: bool,
}

/// Options of `run`.
#[derive(Args, Debug)]
pub struct Run {
	/// Prove only blocks that are assigned to the account, and no open blocks
	#[arg(
		long,
		env = "PROVER_POOL_NO_RESCUE",
		value_parser = BoolishValueParser::new(),
		num_args = 0..=1,
		require_equals = true,
		default_missing_value = "true",
		value_name = "BOOL"
	)]
	pub no_rescue: Option<bool>,

	/// Maximum tip of a proof without priority, in percent of its reward [default: 10]
	#[arg(
		long,
		value_name = "PERCENT",
		env = "PROVER_POOL_RESCUE_TIP",
		value_parser = clap::value_parser!(u8).range(0..=i64::from(MAX_TIP))
	)]
	pub rescue_tip: Option<u8>,

	/// Stay in the pool when blocks cannot be proven
	#[arg(
		long,
		env = "PROVER_POOL_NO_EXIT",
		value_parser = BoolishValueParser::new(),
		num_args = 0..=1,
		require_equals = true,
		default_missing_value = "true",
		value_name = "BOOL"
	)]
	pub no_exit: Option<bool>,

	/// Serve /metrics, /health and /ready at this address [default: 127.0.0.1:9620]
	#[arg(long, value_name = "ADDRESS", env = "PROVER_POOL_METRICS")]
	pub metrics: Option<SocketAddr>,

	/// Serve no metrics
	#[arg(
		long,
		env = "PROVER_POOL_NO_METRICS",
		value_parser = BoolishValueParser::new(),
		num_args = 0..=1,
		require_equals = true,
		default_missing_value = "true",
		value_name = "BOOL"
	)]
	pub no_metrics: Option<bool>,

	/// Check the configuration against the chain, and exit
	#[arg(long)]
	pub dry_run: bool,
}

impl Cli {
	/// Parses the command line, and reads the environment. A typed option precedes the variables that
	/// contradict it.
	pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
		let matches = Self::command().try_get_matches_from(arguments)?;
		let mut cli = Self::from_arg_matches(&matches)?;
		cli.signer.prefer_typed(|name| is_typed(&matches, name));
		if let (Command::Run(run), Some(matches)) =
			(&mut cli.command, matches.subcommand_matches("run"))
		{
			match (is_typed(matches, "metrics"), is_typed(matches, "no_metrics")) {
				(true, false) => run.no_metrics = None,
				(false, true) => run.metrics = None,
				_ => {},
			}
		}
		Ok(cli)
	}

	/// Completes the options by those of the configuration file and by defaults, and checks them.
	///
	/// Fails with [`Misconfigured`].
	pub fn complete(self) -> Result<Self> {
		self.completed().map_err(misconfigured)
	}

	fn completed(mut self) -> Result<Self> {
		if let Some(path) = &self.config {
			let file = File::read(path)?;
			self.fill(file);
		}
		if self.urls.is_empty() {
			self.urls.push(DEFAULT_URL.into());
		}
		self.urls.iter().try_for_each(|url| check_url(url))?;
		ensure!(
			self.signer.given() <= 1,
			"several keys are named: keep one of --dev, --keystore and --seed-file, and of their \
			 variables"
		);
		if let Command::Run(run) = &self.command {
			ensure!(
				run.metrics.is_none() || run.no_metrics != Some(true),
				"--metrics and --no-metrics contradict each other: keep one, also of their variables"
			);
		}
		if self.data.is_none() {
			self.data = Some(default_folder()?);
		}
		Ok(self)
	}

	fn fill(&mut self, file: File) {
		if self.urls.is_empty() {
			self.urls = file.urls();
		}
		let mut signer = file.signer();
		let password_file = self.signer.password_file.take().or(signer.password_file.take());
		if self.signer.given() == 0 {
			self.signer = signer;
		}
		self.signer.password_file = password_file;
		self.account = self.account.or(file.account);
		self.log_format = self.log_format.or(file.log_format);
		if let Command::Run(run) = &mut self.command {
			run.no_rescue = run.no_rescue.or(file.no_rescue);
			run.rescue_tip = run.rescue_tip.or(file.rescue_tip.map(|Percent(percent)| percent));
			run.no_exit = run.no_exit.or(file.no_exit);
			// One of the two, even if the file has the other.
			if run.metrics.is_none() && run.no_metrics.is_none() {
				run.metrics = file.metrics();
				run.no_metrics = file.no_metrics();
			}
		}
		self.data = self.data.take().or(file.data);
	}

	/// Reads the key. Fails with [`Misconfigured`].
	pub fn key(&self) -> Result<Keypair> {
		self.signer.load().map_err(misconfigured)
	}

	/// Reads the key of the stake, for a call that only its account can sign.
	///
	/// Fails with [`Misconfigured`] if another account is named: the call would take effect for the
	/// account of the key.
	pub fn key_of_stake(&self) -> Result<Keypair> {
		let key = self.key()?;
		let of_key = key.public_key().to_account_id();
		match self.account {
			Some(account) if account != of_key => Err(misconfigured(anyhow!(
				"the key is that of {of_key}, and the account is {account}. Use the key of the \
				 account, or --print for its wallet"
			))),
			_ => Ok(key),
		}
	}

	/// Returns the folder of all provers of this machine.
	pub fn base(&self) -> &Path {
		self.data.as_deref().unwrap_or(Path::new("."))
	}

	/// Returns the account of the stake. Reads the key only if no account is given.
	pub fn account(&self) -> Result<AccountId32> {
		match self.account {
			Some(account) => Ok(account),
			// A command that signs nothing does not ask for a key.
			None if self.signer.given() == 0 => {
				Err(misconfigured(anyhow!("no account: name it by --account, or name a key")))
			},
			None => Ok(self.key()?.public_key().to_account_id()),
		}
	}
}

impl Run {
	/// Returns the maximum tip of a proof without priority, in percent of its reward.
	pub fn max_tip(&self) -> u8 {
		self.rescue_tip.unwrap_or(DEFAULT_RESCUE_TIP)
	}

	/// Returns the address of the metrics, if they are served.
	pub fn metrics(&self) -> Option<SocketAddr> {
		(self.no_metrics != Some(true)).then(|| self.metrics.unwrap_or(DEFAULT_METRICS.into()))
	}

	/// Returns `true` to prove open blocks.
	pub fn rescues(&self) -> bool {
		self.no_rescue != Some(true)
	}

	/// Returns `true` to leave the pool when blocks cannot be proven.
	pub fn exits(&self) -> bool {
		self.no_exit != Some(true)
	}
}

/// Returns `true` if the command line has an option, and not only the environment.
fn is_typed(matches: &ArgMatches, name: &str) -> bool {
	matches.value_source(name) == Some(ValueSource::CommandLine)
}

/// Returns the folder for data of the user.
fn default_folder() -> Result<PathBuf> {
	let data = env::var_os("XDG_DATA_HOME")
		.map(PathBuf::from)
		.filter(|path| path.is_absolute());
	let folder = match data {
		Some(folder) => folder,
		None => {
			let home = env::var_os("HOME").context("there is no home folder: use --data")?;
			Path::new(&home).join(".local/share")
		},
	};
	Ok(folder.join("prover-pool"))
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::worker::Misconfigured;

	const EVE: &str = "5HGjWAeFDfFCWPsjFQdVV2Msvz2XtMktvgocEZcCj68kUMaw";

	fn cli(arguments: &[&str]) -> Cli {
		Cli::read([&["prover-pool-prover"], arguments].concat().iter().map(OsString::from)).unwrap()
	}

	/// Returns the options of `run` after this file.
	fn filled(arguments: &[&str], file: &str) -> Cli {
		let mut cli = cli(arguments);
		cli.fill(File::parse(file).unwrap());
		cli
	}

	fn run(cli: &Cli) -> &Run {
		match &cli.command {
			Command::Run(run) => run,
			other => panic!("{other:?}"),
		}
	}

	#[test]
	fn the_command_line_is_consistent() {
		Cli::command().debug_assert();
	}

	#[test]
	fn defaults_need_no_file() {
		let cli = cli(&["run"]).complete().unwrap();
		assert_eq!(cli.urls, [DEFAULT_URL]);
		assert_eq!(run(&cli).max_tip(), 10);
		assert_eq!(run(&cli).metrics().unwrap().port(), 9620);
		assert!(cli.base().ends_with("prover-pool"));
	}

	#[test]
	fn the_example_in_the_documentation_sets_every_option_of_run() {
		let page = include_str!("../../docs/operators.md");
		let start = page.find("```toml").unwrap();
		let example = page[start + 7..].split("```").next().unwrap();
		assert_eq!(filled(&["run"], example).urls.len(), 2);
		let mut command = Cli::command();
		command.build();
		let run = command.find_subcommand("run").unwrap();
		let names: Vec<_> = run.get_arguments().filter_map(|option| option.get_long()).collect();
		assert!(names.contains(&"url") && names.contains(&"no-exit"), "{names:?}");
		// The file and a check are named on the command line alone.
		let in_file = names.iter().filter(|name| !["config", "dry-run", "help"].contains(name));
		for name in in_file {
			// Options that exclude each other are comments.
			let is_set =
				|line: &str| line.trim_start_matches("# ").starts_with(&format!("{name} = "));
			assert!(example.lines().any(is_set), "{name}");
			// Each of them can be set in a file.
			let line = example.lines().find(|line| is_set(line)).unwrap();
			assert!(File::parse(line.trim_start_matches("# ")).is_ok(), "{line}");
		}
	}

	#[test]
	fn the_command_line_precedes_the_file() {
		let file = format!(
			"url = 'wss://file'\naccount = '{EVE}'\nrescue-tip = 3\nkeystore = 'file.json'\n"
		);
		let given = filled(&["--url", "ws://a,ws://b", "run", "--rescue-tip", "5"], &file);
		assert_eq!(given.urls, ["ws://a", "ws://b"]);
		assert_eq!(run(&given).max_tip(), 5);
		assert_eq!(given.account().unwrap().to_string(), EVE);
		let filled = filled(&["--dev", "//Eve", "run"], &file);
		assert_eq!(filled.urls, ["wss://file"]);
		assert_eq!(run(&filled).max_tip(), 3);
		assert_eq!(filled.signer.keystore, None, "another key is given");
	}

	#[test]
	fn flags_of_the_file_turn_features_off() {
		let cli = filled(&["run"], "no-rescue = true\nno-exit = true\nno-metrics = true\n");
		let run = run(&cli);
		assert_eq!((run.rescues(), run.exits(), run.metrics()), (false, false, None));
	}

	#[test]
	fn the_command_line_turns_them_on_again() {
		let file = "no-rescue = true\nno-exit = true\nno-metrics = true\n";
		let switches = ["run", "--no-rescue=false", "--no-exit=no", "--metrics", "[::1]:9620"];
		let cli = filled(&switches, file).complete().unwrap();
		assert!(run(&cli).rescues() && run(&cli).exits() && run(&cli).metrics().is_some());
		let cli = filled(&["run", "--no-metrics"], "metrics = '[::1]:9620'\n").complete().unwrap();
		assert_eq!(run(&cli).metrics(), None);
		// A tip is of use without rescues, too.
		assert!(!run(&filled(&["run", "--rescue-tip", "5"], "no-rescue = true\n")).rescues());
	}

	#[test]
	fn options_must_not_contradict_each_other() {
		for arguments in [
			["--dev", "//Eve", "--seed-file", "a", "run"],
			["run", "--metrics", "[::1]:1", "--no-metrics", "--no-exit"],
		] {
			let error = cli(&arguments).complete().unwrap_err();
			assert!(error.is::<Misconfigured>() && error.to_string().contains("keep one"));
		}
	}

	#[test]
	fn a_wrong_url_or_a_missing_file_is_a_configuration_error() {
		for url in ["http://node/secret", "ws://", "node:9944", "ws://a secret"] {
			let error = cli(&["--url", url, "run"]).complete().unwrap_err();
			let text = error.to_string();
			assert!(error.is::<Misconfigured>() && text.contains("no URL of a node"), "{text}");
			assert!(!text.contains("secret"), "{text}");
		}
		for url in ["ws://127.0.0.1:9944", "wss://node.example/path", "ws://[::1]:9944"] {
			assert!(cli(&["--url", url, "run"]).complete().is_ok(), "{url}");
		}
		let error = cli(&["--config", "/missing.toml", "run"]).complete().unwrap_err();
		assert!(error.is::<Misconfigured>(), "{error:#}");
	}

	#[test]
	fn an_operator_is_an_address_or_none() {
		let operator = |text| cli(&["set-operator", text]).command;
		let Command::SetOperator { operator: Operator(none), .. } = operator("none") else {
			panic!("it is another command");
		};
		assert_eq!(none, None);
		let Command::SetOperator { operator: Operator(some), .. } = operator(EVE) else {
			panic!("it is another command");
		};
		assert_eq!(some.unwrap().to_string(), EVE);
		assert!("5Eve".parse::<Operator>().unwrap_err().contains("neither"));
	}

	#[test]
	fn only_the_key_of_the_stake_signs_for_it() {
		let of = |account| cli(&["--dev", "//Eve", "--account", account, "exit"]);
		assert!(of(EVE).key_of_stake().is_ok());
		let alice = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
		let error = of(alice).key_of_stake().unwrap_err();
		assert!(error.is::<Misconfigured>() && error.to_string().contains("--print"), "{error:#}");
		assert!(cli(&["--dev", "//Eve", "exit"]).key_of_stake().is_ok());
	}

	#[test]
	fn a_missing_key_is_a_configuration_error() {
		let without_file = cli(&["--seed-file", "/missing", "status"]);
		assert!(without_file.key().unwrap_err().is::<Misconfigured>());
		assert!(without_file.account().unwrap_err().is::<Misconfigured>());
		let error = cli(&["status"]).account().unwrap_err();
		assert!(
			error.is::<Misconfigured>() && error.to_string().contains("--account"),
			"{error:#}"
		);
	}

	#[test]
	fn a_tip_of_the_whole_reward_is_refused() {
		let parse = |tip| Cli::try_parse_from(["prover-pool-prover", "run", "--rescue-tip", tip]);
		assert!(parse("99").is_ok());
		assert!(parse("100").is_err());
	}
}
