// SPDX-License-Identifier: Apache-2.0

//! Attack 5: the numbers of the runtime that its model in `pallets/rollup/src/tests/attacks` has.

use super::{chain::*, due_proofs::ROOM, room::*};
use crate::{
	configs::{dynamic_params, MaxPayloadSize},
	constants::{SLOT_DURATION, UNIT},
	fees::MinimumMultiplier,
	genesis_config_presets::FEE_PER_GAS,
	*,
};
use frame_support::traits::Get;
use pallet_rollup::Config;
use pallet_transaction_payment::{Multiplier, NextFeeMultiplier};
use sp_runtime::FixedPointNumber;

/// Fee of a junk proof in the model, at the lowest multiplier: without length and base.
const FEE_OF_JUNK: Balance = UNIT * 1_895 / 100_000;

/// Returns the fee of a junk proof at the lowest multiplier.
fn fee_of_junk() -> Balance {
	let mut chain = chain();
	let (id, prover) = propose_and_draw(&mut chain);
	chain.look(|| NextFeeMultiplier::<Runtime>::put(MinimumMultiplier::get()));
	let outcome = chain.submit(prover, junk(id, prover));
	assert!(outcome.result.is_err());
	fee_of(&outcome.events)
}

#[test]
fn the_model_of_attack_5_uses_the_numbers_of_the_runtime() {
	// `due_proofs` shows the room, by 900 proofs in five chain blocks.
	let draws: u32 = <Runtime as Config>::MaxDrawnPerBlock::get();
	assert_eq!((ROOM, draws), (180, 16));
	let values: [u32; 7] = [
		<Runtime as Config>::MaxUnsettledBlocks::get(),
		<Runtime as Config>::BountyMultiplier::get(),
		<Runtime as Config>::RewardMaxDelayPenalty::get(),
		<Runtime as pallet_prover_pool::Config>::RewardTolerance::get(),
		<Runtime as Config>::MaxGasLimit::get(),
		<Runtime as Config>::BaseGas::get(),
		<Runtime as Config>::GasPerByte::get(),
	];
	assert_eq!(values, [8_192, 25, 250, 2_500, 30_000_000, 1_000_000, 16]);
	assert_eq!(MaxPayloadSize::get(), 128 * 1_024);
	let mut chain = chain();
	let lowest = chain.look(dynamic_params::rollup::MinFeePerGas::get);
	assert_eq!([lowest, FEE_PER_GAS], [1_000, 10_000]);

	shorten_windows(&mut chain);
	chain.block(vec![]);
	let shortest = chain.look(|| Rollup::proof_window(1, 0));
	let windows = [shortest, <Runtime as Config>::MaxProofWindow::get()];
	let windows = windows.map(|seconds| seconds * 1_000 / SLOT_DURATION);
	assert_eq!(windows, [10, 900]);

	assert_eq!(MinimumMultiplier::get(), Multiplier::saturating_from_rational(10, 100));
	let fee = fee_of_junk();
	println!(
		"attack 5: the model has room for {ROOM} proofs and {draws} draws, windows of {windows:?} chain \
		 blocks, and a fee of junk of {:.5} tokens at the lowest fees; that of the runtime is {:.5}",
		FEE_OF_JUNK as f64 / UNIT as f64,
		fee as f64 / UNIT as f64,
	);
	// The model leaves out length and base, so that its attacker pays less.
	assert!(fee >= FEE_OF_JUNK);
}
