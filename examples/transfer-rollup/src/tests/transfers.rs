// SPDX-License-Identifier: Apache-2.0

//! The rules of the rollup, at their boundaries.

use super::*;
use crate::merkle;
use ark_bn254::Fr;
use ark_crypto_primitives::sponge::{poseidon::PoseidonSponge, CryptographicSponge};
use ark_ff::MontFp;

const ENOUGH: u32 = u32::MAX;

/// Returns the balances of the first accounts, and the gas used, after a block on the genesis
/// state.
fn after<const N: usize>(transfers: &[(u8, u8, u32)], gas_limit: u32) -> ([u64; N], u32) {
	let (state, gas_used) = State::genesis().execute(&payload(transfers), gas_limit);
	(state.balances[..N].try_into().unwrap(), gas_used)
}

#[test]
fn a_transfer_moves_its_amount() {
	assert_eq!(after(&[(0, 1, 5)], ENOUGH), ([999_995, 1_000_005, 1_000_000], TRANSFER_GAS));
	assert_eq!(after(&[(1, 0, 256)], ENOUGH), ([1_000_256, 999_744, 1_000_000], TRANSFER_GAS));
}

#[test]
fn a_transfer_sees_those_before_it() {
	let transfers = [(0, 1, 1_000_000), (1, 2, 2_000_000), (0, 1, 1)];
	assert_eq!(after(&transfers, ENOUGH), ([0, 0, 3_000_000], 2 * TRANSFER_GAS));
}

#[test]
fn a_sender_needs_the_amount() {
	assert_eq!(after(&[(0, 1, 1_000_000)], ENOUGH), ([0, 2_000_000], TRANSFER_GAS));
	assert_eq!(after(&[(0, 1, 1_000_001)], ENOUGH), ([1_000_000, 1_000_000], 0));
}

#[test]
fn a_receiver_needs_room() {
	let mut parent = State::genesis();
	parent.balances[1] = u64::MAX - 5;
	let (state, gas_used) = parent.execute(&payload(&[(0, 1, 6), (0, 1, 5), (0, 1, 1)]), ENOUGH);
	assert_eq!(state.balances[..2], [999_995, u64::MAX]);
	assert_eq!(gas_used, TRANSFER_GAS);
}

#[test]
fn a_transfer_to_oneself_runs_and_changes_nothing() {
	let mut parent = State::genesis();
	parent.balances[1] = u64::MAX;
	let transfers = [(0, 0, 1_000_000), (1, 1, u32::MAX), (0, 0, 1_000_001)];
	assert_eq!(parent.execute(&payload(&transfers), ENOUGH), (parent, 2 * TRANSFER_GAS));
}

#[test]
fn accounts_end_at_15() {
	let transfers = [(16, 0, 1), (0, 16, 1), (255, 0, 1), (0, 255, 1)];
	assert_eq!(after(&transfers, ENOUGH), ([1_000_000; ACCOUNTS], 0));
	let (balances, gas_used) = after::<ACCOUNTS>(&[(15, 0, 1), (0, 15, 3)], ENOUGH);
	assert_eq!((balances[0], balances[15], gas_used), (999_998, 1_000_002, 2 * TRANSFER_GAS));
}

#[test]
fn an_amount_of_zero_is_skipped() {
	assert_eq!(after(&[(0, 1, 0)], ENOUGH), ([1_000_000; 2], 0));
}

#[test]
fn a_transfer_needs_gas() {
	let transfers = [(0, 1, 1), (0, 1, 1)];
	for (gas_limit, run) in [
		(0, 0),
		(TRANSFER_GAS - 1, 0),
		(TRANSFER_GAS, 1),
		(2 * TRANSFER_GAS - 1, 1),
		(2 * TRANSFER_GAS, 2),
	] {
		let expected = ([1_000_000 - run, 1_000_000 + run], run as u32 * TRANSFER_GAS);
		assert_eq!(after(&transfers, gas_limit), expected);
	}
}

#[test]
fn a_skipped_transfer_leaves_its_gas_to_the_next() {
	assert_eq!(after(&[(0, 1, 0), (0, 1, 7)], TRANSFER_GAS), ([999_993, 1_000_007], TRANSFER_GAS));
}

#[test]
fn a_payload_of_another_size_does_nothing() {
	let full = [payload(&[(0, 1, 1); TRANSFERS]), transfer(0, 1, 1)].concat();
	for size in 0..full.len() {
		let (state, gas_used) = State::genesis().execute(&full[..size], ENOUGH);
		if size == PAYLOAD_SIZE {
			assert_eq!(gas_used, 8 * TRANSFER_GAS);
		} else {
			assert_eq!((state, gas_used), (State::genesis(), 0));
		}
	}
}

#[test]
fn every_balance_changes_the_root() {
	let root = State::genesis().root();
	for account in 0..ACCOUNTS {
		let mut state = State::genesis();
		state.balances[account] += 1;
		assert_ne!(state.root(), root);
	}
	let mut swapped = State::genesis();
	swapped.balances[0] = 1;
	let other = swapped.root();
	swapped.balances.swap(0, 1);
	assert_ne!(swapped.root(), other);
}

/// Other implementations with the usual parameters have this result for 1 and 2. They return the
/// first element of the state, but the sponge of the library returns the second.
#[test]
fn the_parameters_of_the_hash_are_the_usual_ones() {
	let expected: Fr =
		MontFp!("7853200120776062878684798364095072458815029376092732009249414926327459813530");
	let mut sponge = PoseidonSponge::new(&merkle::POSEIDON);
	sponge.absorb(&vec![Fr::from(1), Fr::from(2)]);
	let hash: Vec<Fr> = sponge.squeeze_field_elements(1);
	assert_eq!(sponge.state[0], expected);
	assert_eq!(merkle::hash(Fr::from(1), Fr::from(2)), hash[0]);
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(512))]

	#[test]
	fn no_balance_is_made_or_lost(
		parent in states(),
		payload in payloads(),
		gas_limit in gas_limits(),
	) {
		let sum = |state: State| state.balances.iter().copied().map(u128::from).sum::<u128>();
		let (state, gas_used) = parent.execute(&payload, gas_limit);
		prop_assert_eq!(sum(state), sum(parent));
		prop_assert!(gas_used <= gas_limit);
		prop_assert_eq!(gas_used % TRANSFER_GAS, 0);
	}
}
