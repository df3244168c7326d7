// SPDX-License-Identifier: Apache-2.0

//! Invariants of all pallets in a state that was exported from a node: `scripts/exported-state.sh`.

use super::chain::assert_invariants;
use crate::*;
use sp_core::{bytes::from_hex, storage::Storage};
use sp_io::TestExternalities;
use std::{collections::BTreeMap, fs};

/// Environment variable with the path of the state: a JSON object of keys and values in hexadecimal.
const FILE: &str = "EXPORTED_STATE";

#[test]
#[ignore = "needs a state that a suite exports"]
fn exported_state_has_no_broken_invariant() {
	let file = std::env::var(FILE).expect("the variable is set");
	let json = fs::read(file).expect("the file is readable");
	let items: BTreeMap<String, String> = serde_json::from_slice(&json).expect("it is an object");
	let bytes = |hex: &str| from_hex(hex).expect("it is hexadecimal");
	let top = items.iter().map(|(key, value)| (bytes(key), bytes(value))).collect();
	let count = items.len();
	let mut state = TestExternalities::from(Storage { top, ..Default::default() });
	state.execute_with(|| {
		let block = System::block_number();
		assert!(block > 0 && System::account_exists(&sp_keyring::Sr25519Keyring::Alice.into()));
		assert_invariants();
		let blocks = pallet_rollup::Blocks::<Runtime>::iter().count();
		println!("chain block {block}: {count} items of storage, {blocks} rollup blocks");
	});
}
