// SPDX-License-Identifier: Apache-2.0

//! The program, called by another program.

use serde_json::{json, Value};
use sp_core::H256;
use std::{
	io::{BufRead, BufReader, Write},
	process::{Command, Stdio},
};
use transfer_rollup::keys::GENESIS_STATE;

/// The program generates the keys first, because the file is missing.
#[test]
fn each_line_is_answered_before_the_next_is_sent() {
	let folder = tempfile::tempdir().unwrap();
	let file = folder.path().join("proving-key.bin");
	let mut program = Command::new(env!("CARGO_BIN_EXE_transfer-rollup"))
		.args(["serve", "--keys"])
		.arg(&file)
		.stdin(Stdio::piped())
		.stdout(Stdio::piped())
		.spawn()
		.unwrap();
	let mut questions = program.stdin.take().unwrap();
	let mut answers = BufReader::new(program.stdout.take().unwrap());
	let mut ask = |question: Value| -> Value {
		writeln!(questions, "{question}").unwrap();
		let mut answer = String::new();
		answers.read_line(&mut answer).unwrap();
		serde_json::from_str(&answer).unwrap()
	};

	let request = json!({
		"chain": H256::zero(),
		"prover": H256::zero(),
		"blockId": 1,
		"payload": "0x",
		"gasLimit": 0,
		"parent": null,
		"prove": false,
	});
	assert_eq!(ask(request.clone())["parentStateRoot"], json!(H256(*GENESIS_STATE)));
	assert!(ask(json!("nonsense"))["error"].is_string());
	assert_eq!(ask(request)["gasUsed"], 0);

	drop(questions);
	assert!(program.wait().unwrap().success());
	assert!(file.exists());
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error() {
	let result = Command::new(env!("CARGO_BIN_EXE_transfer-rollup"))
		.args(["serve", "--keys", "/"])
		.stdin(Stdio::null())
		.output()
		.unwrap();
	assert!(!result.status.success());
	assert!(String::from_utf8(result.stderr).unwrap().starts_with("Error: "));
}
