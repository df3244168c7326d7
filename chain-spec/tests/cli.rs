// SPDX-License-Identifier: Apache-2.0

//! The program as it is called.

use std::process::{Command, Output};

fn run(preset: &str) -> Output {
	Command::new(env!("CARGO_BIN_EXE_prover-pool-chain-spec"))
		.args(["--preset", preset])
		.output()
		.expect("the program was built for this test")
}

#[test]
fn it_writes_the_specification_of_each_preset() {
	for (preset, id) in [
		("development", "prover-pool-dev"),
		("local_testnet", "prover-pool-local"),
	] {
		let output = run(preset);
		let Some(code) = prover_pool_runtime::WASM_BINARY else {
			let error = String::from_utf8_lossy(&output.stderr).into_owned();
			assert!(
				!output.status.success() && error.contains("SKIP_WASM_BUILD"),
				"{error}"
			);
			continue;
		};
		assert!(output.status.success());
		let spec: serde_json::Value = serde_json::from_slice(&output.stdout).expect("is JSON");
		assert_eq!(spec["id"], id);
		let hex = spec["genesis"]["raw"]["top"]["0x3a636f6465"]
			.as_str()
			.expect("has code");
		assert_eq!(hex.len(), "0x".len() + 2 * code.len());
	}
}

#[test]
fn it_says_which_presets_there_are() {
	let output = run("mainnet");
	assert!(!output.status.success() && output.stdout.is_empty());
	let error = String::from_utf8_lossy(&output.stderr).into_owned();
	assert!(
		error.contains("local_testnet") || prover_pool_runtime::WASM_BINARY.is_none(),
		"{error}"
	);
}
