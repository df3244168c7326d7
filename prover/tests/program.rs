// SPDX-License-Identifier: Apache-2.0

//! The program as its operator meets it: exit codes, variables and messages. No test needs a node.

use std::{
	fs,
	io::{Read, Write},
	net::TcpListener,
	os::unix::fs::PermissionsExt,
	process::{Command, Output, Stdio},
};
use tempfile::TempDir;

const EVE: &str = "5HGjWAeFDfFCWPsjFQdVV2Msvz2XtMktvgocEZcCj68kUMaw";

/// URL at which nothing listens.
const NO_NODE: &str = "ws://127.0.0.1:1";

/// Exit codes of a failure, of a wrong usage, and of a wrong configuration.
const FAILURE: i32 = 1;
const USAGE: i32 = 2;
const CONFIGURATION: i32 = 78;

/// Returns the program in this folder, without variables.
fn command(folder: &TempDir, arguments: &[&str]) -> Command {
	let mut command = Command::new(env!("CARGO_BIN_EXE_prover-pool-prover"));
	command
		.args(arguments)
		.env_clear()
		.env("HOME", folder.path())
		.current_dir(folder.path());
	command
}

/// Runs the program in this folder, with these variables alone.
fn program(folder: &TempDir, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
	command(folder, arguments).envs(variables.iter().copied()).output().unwrap()
}

/// Checks the exit code and a part of the error output. Returns that output.
fn fails(output: &Output, code: i32, part: &str) -> String {
	let errors = String::from_utf8_lossy(&output.stderr).into_owned();
	assert_eq!(output.status.code(), Some(code), "{errors}");
	assert!(errors.contains(part), "{part}: {errors}");
	errors
}

#[test]
fn a_wrong_usage_has_a_code_of_its_own() {
	let folder = TempDir::new().unwrap();
	for arguments in
		[&["prove"][..], &["stake", "60000", "10000", "6"], &["run", "--rescue-tip", "101"]]
	{
		fails(&program(&folder, arguments, &[]), USAGE, "--help");
	}
}

#[test]
fn a_missing_key_or_account_is_a_configuration_error() {
	let folder = TempDir::new().unwrap();
	fails(&program(&folder, &["run"], &[]), CONFIGURATION, "no key");
	fails(&program(&folder, &["status"], &[]), CONFIGURATION, "--account");
}

#[test]
fn a_phrase_is_typed_at_a_terminal() {
	const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
	let folder = TempDir::new().unwrap();
	// The error names the account of the key. It comes before a node is needed.
	let command =
		format!("{} --account {ALICE} withdraw", env!("CARGO_BIN_EXE_prover-pool-prover"));
	let mut terminal = Command::new("script")
		.args(["--quiet", "--return", "--command", &command, "/dev/null"])
		.env_clear()
		.env("HOME", folder.path())
		.stdin(Stdio::piped())
		.stdout(Stdio::piped())
		.spawn()
		.unwrap();
	let mut output = terminal.stdout.take().unwrap();
	let mut shown = Vec::new();
	while !String::from_utf8_lossy(&shown).contains("Phrase or seed of the key: ") {
		let mut byte = [0];
		output.read_exact(&mut byte).expect("the program asks for a key");
		shown.extend(byte);
	}
	let phrase = "bottom drive obey lake curtain smoke basket hold race lonely fit walk//Eve\n";
	terminal.stdin.as_mut().unwrap().write_all(phrase.as_bytes()).unwrap();
	output.read_to_end(&mut shown).unwrap();
	let shown = String::from_utf8_lossy(&shown);
	assert_eq!(terminal.wait().unwrap().code(), Some(CONFIGURATION), "{shown}");
	assert!(shown.contains(&format!("the key is that of {EVE}")), "{shown}");
}

#[test]
fn a_node_that_does_not_answer_is_a_failure() {
	let folder = TempDir::new().unwrap();
	// The key is not needed to look.
	let status = program(&folder, &["--url", NO_NODE, "status", "--account", EVE], &[]);
	fails(&status, FAILURE, "cannot connect to a node");
}

#[test]
fn a_wrong_file_is_reported_with_its_line() {
	let folder = TempDir::new().unwrap();
	fs::write(folder.path().join("prover.toml"), "no-exit = true\nmetric = '[::1]:1'\n").unwrap();
	let output = program(&folder, &["run"], &[("PROVER_POOL_CONFIG", "prover.toml")]);
	let errors = fails(&output, CONFIGURATION, "line 2");
	assert!(errors.contains("prover.toml") && errors.contains("`metric`"), "{errors}");
}

#[test]
fn a_variable_precedes_the_file_and_an_option_the_variable() {
	let folder = TempDir::new().unwrap();
	fs::write(folder.path().join("prover.toml"), "url = ['ws://127.0.0.1:1']\n").unwrap();
	let file = ("PROVER_POOL_CONFIG", "prover.toml");
	let variable = ("PROVER_POOL_URL", "ws://127.0.0.1:2");
	let status = ["--account", EVE, "status"];
	fails(&program(&folder, &status, &[file]), FAILURE, "ws://127.0.0.1:1");
	fails(&program(&folder, &status, &[file, variable]), FAILURE, "ws://127.0.0.1:2");
	let option = [&status[..], &["--url", "ws://127.0.0.1:3"]].concat();
	fails(&program(&folder, &option, &[file, variable]), FAILURE, "ws://127.0.0.1:3");
}

#[test]
fn an_option_may_contradict_a_variable_and_variables_not_each_other() {
	let folder = TempDir::new().unwrap();
	let keystore = ("PROVER_POOL_KEYSTORE", "missing.json");
	let run = |arguments: &[&str], variables: &[(&str, &str)]| {
		program(&folder, &[arguments, &["--url", NO_NODE, "run"]].concat(), variables)
	};
	fails(&run(&["--dev", "a phrase"], &[keystore]), CONFIGURATION, "--seed-file");
	fails(&run(&[], &[keystore]), CONFIGURATION, "missing.json");
	fails(&run(&[], &[keystore, ("PROVER_POOL_DEV", "//Eve")]), CONFIGURATION, "keep one");
	let metrics = [("PROVER_POOL_NO_METRICS", "true"), ("PROVER_POOL_METRICS", "[::1]:9620")];
	fails(&run(&["--dev", "//Eve"], &metrics), CONFIGURATION, "keep one");
}

#[test]
fn the_last_error_is_json_if_the_log_is() {
	let folder = TempDir::new().unwrap();
	let arguments = ["--log-format", "json", "--url", NO_NODE, "--account", EVE, "status"];
	fails(&program(&folder, &arguments, &[]), FAILURE, "{\"timestamp\":");
}

#[test]
fn a_log_that_cannot_be_written_changes_no_exit_code() {
	let folder = TempDir::new().unwrap();
	for format in ["plain", "json"] {
		let full = fs::File::options().write(true).open("/dev/full").unwrap();
		let arguments = ["--log-format", format, "--url", NO_NODE, "--account", EVE, "status"];
		let status = command(&folder, &arguments).stderr(full).status().unwrap();
		assert_eq!(status.code(), Some(FAILURE), "{format}");
	}
}

#[test]
fn variables_turn_features_on_and_off() {
	let folder = TempDir::new().unwrap();
	let arguments = ["--url", "http://node", "run"];
	for name in ["PROVER_POOL_NO_RESCUE", "PROVER_POOL_NO_EXIT", "PROVER_POOL_NO_METRICS"] {
		for value in ["1", "true", "yes", "0", "false", "no"] {
			let output = program(&folder, &arguments, &[(name, value)]);
			fails(&output, CONFIGURATION, "http://node");
		}
		fails(&program(&folder, &arguments, &[(name, "maybe")]), USAGE, "maybe");
	}
}

#[test]
fn a_key_that_others_can_read_is_a_configuration_error() {
	let folder = TempDir::new().unwrap();
	let path = folder.path().join("seed");
	fs::write(&path, "//Eve").unwrap();
	fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
	let output = program(&folder, &["--url", NO_NODE, "--seed-file", "seed", "run"], &[]);
	fails(&output, CONFIGURATION, "chmod 600");
}

#[test]
fn a_secret_among_the_options_is_rejected_without_being_shown() {
	let folder = TempDir::new().unwrap();
	let secret = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
	let output = program(&folder, &["--url", NO_NODE, "--dev", secret, "run"], &[]);
	let errors = fails(&output, CONFIGURATION, "--seed-file");
	assert!(!errors.contains("bottom"), "{errors}");
}

#[test]
fn a_port_in_use_is_a_configuration_error() {
	let folder = TempDir::new().unwrap();
	let listener = TcpListener::bind("127.0.0.1:0").unwrap();
	let address = listener.local_addr().unwrap().to_string();
	let arguments = ["--url", NO_NODE, "--dev", "//Eve", "run", "--metrics", &address];
	fails(&program(&folder, &arguments, &[]), CONFIGURATION, "another --metrics address");
}
