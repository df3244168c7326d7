// SPDX-License-Identifier: Apache-2.0

//! Exit codes of the program, which a supervisor reads, and its environment variables.

use std::process::{Command, Output};

const EVE: &str = "5HGjWAeFDfFCWPsjFQdVV2Msvz2XtMktvgocEZcCj68kUMaw";

/// URL at which nothing listens: the port is reserved.
const NO_NODE: &str = "ws://127.0.0.1:1";

fn program(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
	Command::new(env!("CARGO_BIN_EXE_prover-pool-prover"))
		.args(arguments)
		.env_clear()
		.env("HOME", env!("CARGO_TARGET_TMPDIR"))
		.envs(variables.iter().copied())
		.output()
		.unwrap()
}

/// Asserts that the program ends with this code and message.
fn assert_ends(arguments: &[&str], variables: &[(&str, &str)], code: i32, message: &str) {
	let Output { status, stderr, .. } = program(arguments, variables);
	let stderr = String::from_utf8(stderr).unwrap();
	assert_eq!(status.code(), Some(code), "{arguments:?}: {stderr}");
	assert!(stderr.contains(message), "{arguments:?}: {stderr}");
}

#[test]
fn a_wrong_command_line_differs_from_a_wrong_configuration() {
	assert_ends(&["prove"], &[], 2, "unrecognized subcommand");
	assert_ends(&["--config", "missing.toml", "run"], &[], 78, "missing.toml");
	assert_ends(&["run"], &[], 78, "no key");
	assert_ends(&["status"], &[], 78, "--account");
	assert_ends(&["--dev", "a phrase", "run"], &[], 78, "--seed-file");
}

#[test]
fn a_node_that_does_not_answer_is_no_fault_of_the_configuration() {
	assert_ends(&["--url", NO_NODE, "--account", EVE, "status"], &[], 1, NO_NODE);
}

#[test]
fn variables_set_options_unless_the_command_line_does() {
	let variables = [("PROVER_POOL_URL", "http://node"), ("PROVER_POOL_ACCOUNT", EVE)];
	assert_ends(&["status"], &variables, 78, "http://node");
	assert_ends(&["--url", NO_NODE, "status"], &variables, 1, NO_NODE);
	let switch = [("PROVER_POOL_NO_RESCUE", "true")];
	assert_ends(&["run"], &switch, 78, "no key");
	let wrong = [("PROVER_POOL_RESCUE_TIP", "101")];
	assert_ends(&["run"], &wrong, 2, "101");
}

#[test]
fn the_last_error_is_json_if_the_log_is() {
	let arguments = ["--log-format", "json", "--url", NO_NODE, "--account", EVE, "status"];
	assert_ends(&arguments, &[], 1, "{\"timestamp\":");
}
