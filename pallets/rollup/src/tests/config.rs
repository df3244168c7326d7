// SPDX-License-Identifier: Apache-2.0

use super::*;
use codec::Encode;
use frame_support::traits::Hooks;

fn refuses() -> bool {
	std::panic::catch_unwind(Rollup::integrity_test).is_err()
}

#[test]
fn a_config_that_cannot_work_is_refused() {
	assert!(!refuses());
	MaxUnsettledBlocks::set(0);
	assert!(refuses());
	MaxUnsettledBlocks::set(1);
	MaxClosedPerBlock::set(0);
	assert!(refuses());
	MaxClosedPerBlock::set(1);
	MaxSettledPerBlock::set(0);
	assert!(refuses());
	MaxSettledPerBlock::set(1);
	AverageLength::set(0);
	assert!(refuses());
	AverageLength::set(1);
	RescuerShare::set(9_001);
	assert!(refuses());
	RescuerShare::set(9_000);
	assert!(!refuses());
}

#[test]
fn hold_reasons_are_apart() {
	let reasons: [RuntimeHoldReason; 3] = [
		pallet_prover_pool::HoldReason::Stake.into(),
		HoldReason::Deposit.into(),
		HoldReason::Bounty.into(),
	];
	let mut encoded = reasons.map(|reason| reason.encode()).to_vec();
	encoded.sort();
	encoded.dedup();
	assert_eq!(encoded.len(), 3);
}

#[test]
fn the_rollup_begins_where_genesis_says() {
	run(|| {
		assert_eq!(progress().state, state(0));
		assert_eq!(Rollup::fee_per_gas(), FEE);
		assert_eq!(Rollup::proof_window(), WINDOW);
	});
}
