// SPDX-License-Identifier: Apache-2.0

//! Requests and responses of the service.

use super::{proofs::is_taken, *};
use crate::service::answer;
use serde_json::{json, Value};
use sp_core::H256;

fn ask(request: Value) -> Value {
	serde_json::from_str(&answer(&KEYS, &request.to_string())).unwrap()
}

/// Returns a request with eight transfers from account 0 to account 1.
fn request() -> Value {
	json!({
		"chain": H256::repeat_byte(1),
		"prover": H256::repeat_byte(3),
		"blockId": 2,
		"payload": format!("0x{}", "0001e8030000".repeat(TRANSFERS)),
		"gasLimit": 2 * TRANSFER_GAS,
		"parent": null,
		"prove": false,
	})
}

fn with(key: &str, value: Value) -> Value {
	let mut request = request();
	request[key] = value;
	request
}

/// Returns balances as in a response.
fn balances(first: u64, second: u64, others: u64) -> Value {
	let mut balances = [others; ACCOUNTS];
	balances[0] = first;
	balances[1] = second;
	json!(balances.map(|balance| balance.to_string()))
}

#[test]
fn execution_is_answered_without_a_proof() {
	let answer = ask(request());
	let mut state = State::genesis();
	assert_eq!(answer["parentStateRoot"], json!(H256(state.root())));
	state.balances[0] -= 2_000;
	state.balances[1] += 2_000;
	assert_eq!(answer["stateRoot"], json!(H256(state.root())));
	assert_eq!(answer["gasUsed"], 2 * TRANSFER_GAS);
	assert_eq!(answer["balances"], balances(998_000, 1_002_000, 1_000_000));
	assert_eq!(answer["proof"], Value::Null);
}

#[test]
fn a_proof_is_answered_when_it_is_asked_for() {
	let answer = ask(with("prove", json!(true)));
	let payload = payload(&[(0, 1, 1_000); TRANSFERS]);
	let statement = statement(&State::genesis(), &payload, 2 * TRANSFER_GAS);
	let proof: sp_core::Bytes = serde_json::from_value(answer["proof"].clone()).unwrap();
	assert!(is_taken(&proof, &statement));
}

#[test]
fn parent_balances_are_numbers_or_strings() {
	let numbers = ask(with("parent", json!(vec![1_000; ACCOUNTS])));
	assert_eq!(numbers["balances"], balances(0, 2_000, 1_000));
	assert_eq!(ask(with("parent", json!(vec!["1000"; ACCOUNTS]))), numbers);

	let mut large = vec![json!(u64::MAX.to_string()); ACCOUNTS];
	large[1] = json!(0);
	let answer = ask(with("parent", json!(large)));
	assert_eq!(answer["balances"], balances(u64::MAX - 2_000, 2_000, u64::MAX));
}

#[test]
fn any_payload_is_executed() {
	for payload in ["0x", "0x00"] {
		let answer = ask(with("payload", json!(payload)));
		assert_eq!(answer["stateRoot"], answer["parentStateRoot"]);
		assert_eq!(answer["gasUsed"], 0);
	}
}

#[test]
fn a_bad_request_is_answered_with_an_error() {
	for bad in [
		json!({}),
		with("parent", json!(vec![0; 15])),
		with("parent", json!(vec![0; 17])),
		with("parent", json!(vec!["-1"; ACCOUNTS])),
		with("parent", json!(vec!["18446744073709551616"; ACCOUNTS])),
		with("chain", json!("0x00")),
		with("payload", json!("0xzz")),
		with("gasLimit", json!(1u64 << 32)),
		with("unknown", json!(1)),
	] {
		let answer = ask(bad.clone());
		assert!(answer["error"].is_string(), "{bad} gives {answer}");
		assert_eq!(answer.as_object().unwrap().len(), 1);
	}
	assert!(answer(&KEYS, "no JSON").starts_with("{\"error\":"));
}
