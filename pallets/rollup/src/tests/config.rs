// SPDX-License-Identifier: Apache-2.0

//! Genesis, Config items and governed parameters: R9 and R16.

use super::*;
use crate::{rules::parameters::MAX_COOLDOWN, Parameters};
use codec::{Encode, MaxEncodedLen};
use frame_support::traits::Hooks;
use sp_runtime::BuildStorage;

/// Returns the reason for which the Config items are refused. It is empty if they are not.
fn refusal() -> String {
	let Err(panic) = std::panic::catch_unwind(Rollup::integrity_test) else {
		return String::new();
	};
	let formatted = panic.downcast_ref::<String>().map(String::as_str);
	formatted.or(panic.downcast_ref::<&str>().copied()).unwrap_or("unknown").into()
}

#[test]
fn a_config_that_cannot_work_is_refused() {
	assert_eq!(refusal(), "");
	for (set, name) in [
		(MaxUnsettledBlocks::set as fn(u32), "MaxUnsettledBlocks"),
		(MaxDrawnPerBlock::set, "MaxDrawnPerBlock"),
	] {
		set(0);
		assert_eq!(refusal(), format!("{name} is 0"));
		set(8);
		assert_eq!(refusal(), "");
	}
	AverageGas::set(0);
	assert_eq!(refusal(), "AverageGas is 0");
	AverageGas::set(1);
	MaxTick::set(0);
	assert_eq!(refusal(), "MaxTick is 0");
	MaxTick::set(6_000);
	assert_eq!(refusal(), "");
}

#[test]
fn as_many_blocks_are_swept_and_settled_as_are_drawn() {
	for (set, name) in [
		(MaxSweptPerBlock::set as fn(u32), "MaxSweptPerBlock"),
		(MaxSettledPerBlock::set, "MaxSettledPerBlock"),
	] {
		set(7);
		assert_eq!(refusal(), format!("{name} is below MaxDrawnPerBlock"));
		set(8);
		assert_eq!(refusal(), "");
	}
}

#[test]
fn r5_four_times_as_many_blocks_become_proven_as_are_drawn() {
	MaxProvenPerBlock::set(31);
	assert_eq!(refusal(), "MaxProvenPerBlock is below four times MaxDrawnPerBlock");
	MaxProvenPerBlock::set(32);
	assert_eq!(refusal(), "");
}

#[test]
fn r10_the_maximum_window_is_at_least_ten_ticks() {
	MaxProofWindow::set(59);
	assert_eq!(refusal(), "MaxProofWindow is below ten ticks of the clock");
	MaxProofWindow::set(60);
	assert_eq!(refusal(), "");
}

#[test]
fn r11_twice_as_many_proofs_as_draws_fit_into_a_chain_block() {
	for set in [MaxDrawnPerBlock::set, MaxSweptPerBlock::set, MaxSettledPerBlock::set] {
		set(1_000_000);
	}
	MaxProvenPerBlock::set(4_000_000);
	let expected = "two proofs for each of MaxDrawnPerBlock blocks do not fit into a chain block";
	assert_eq!(refusal(), expected);
}

#[test]
fn r19_each_step_of_the_automatic_work_fits_into_half_of_a_chain_block() {
	for (step, name) in [
		("settle", "settlement"),
		("pay_bounty", "settlement"),
		("advance_proven", "move of proven"),
		("sweep", "sweep"),
		("draw", "draw"),
	] {
		HeavyStep::set(step);
		assert_eq!(refusal(), format!("a {name} does not fit into half of a chain block"));
	}
	HeavyStep::set("");
	assert_eq!(refusal(), "");
}

#[test]
fn r9_genesis_without_both_start_values_is_refused() {
	let builds = |genesis: crate::GenesisConfig<Test>| {
		std::panic::catch_unwind(|| genesis.build_storage().is_ok()).unwrap_or(false)
	};
	assert!(builds(rollup_genesis()));
	assert!(!builds(crate::GenesisConfig { fee_per_gas: 0, ..rollup_genesis() }));
	assert!(!builds(crate::GenesisConfig { delay_per_gas: 0, ..rollup_genesis() }));
}

#[test]
fn a_rollup_without_a_start_is_paused() {
	sp_io::TestExternalities::default().execute_with(|| {
		crate::GenesisConfig::<Test>::default().build_rollup();
		assert!(!state().is_running);
		assert_eq!(now(), 1);
	});
}

#[test]
fn the_rollup_begins_where_genesis_says() {
	run(|| {
		assert_eq!(Rollup::positions().settled_root, root(0));
		assert_eq!(Rollup::positions().proven_root, root(0));
		assert_eq!((Rollup::fee_per_gas(), now()), (FEE, 1));
	});
}

#[test]
fn r16_parameters_are_clamped_where_they_are_read() {
	for (set, expected) in [
		(
			(0, 0, 0, 0),
			Parameters { min_fee_per_gas: 4, min_proof_window: 60, cooldown: 60, rescuer_share: 0 },
		),
		(
			(u16::MAX, u64::MAX, u64::MAX, u32::MAX),
			Parameters {
				min_fee_per_gas: u16::MAX,
				min_proof_window: 5_400,
				cooldown: MAX_COOLDOWN,
				rescuer_share: 9_000,
			},
		),
	] {
		run(|| {
			MinFeePerGas::set(set.0);
			MinProofWindow::set(set.1);
			CooldownSeconds::set(set.2);
			RescuerShare::set(set.3);
			next_block();
			assert_eq!(Rollup::parameters(), expected);
			propose_and_draw(1);
			assert!(deadline(1) >= now() + 60);
			assert_ok!(prove(1, 1));
			next_block();
			assert_eq!(positions()[0], 0);
		});
	}
}

#[test]
fn r16_a_change_takes_effect_with_the_next_chain_block() {
	run(|| {
		MinFeePerGas::set(1_000);
		assert_eq!(Rollup::fee_per_gas(), FEE);
		next_block();
		assert_eq!(Rollup::fee_per_gas(), 1_000);
	});
}

#[test]
fn entries_are_dense_and_their_keys_are_in_order() {
	assert!(crate::RollupBlockOf::<Test>::max_encoded_len() < 400);
	assert!(crate::RollupState::max_encoded_len() < 300);
	let keys = [1, 255, 256, u64::MAX].map(|id| crate::BlockKey::from(id).encode());
	assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
	assert_eq!(u64::from(crate::BlockKey::from(256)), 256);
}
