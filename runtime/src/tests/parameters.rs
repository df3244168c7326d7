// SPDX-License-Identifier: Apache-2.0

//! Parameters that governance changes without a runtime upgrade.

use super::chain::*;
use crate::{
	configs::{
		dynamic_params::{prover_pool, rollup},
		RuntimeParameters,
	},
	*,
};
use frame_support::traits::Get;
use sp_keyring::Sr25519Keyring::{Alice, Bob, Dave};
use sp_runtime::DispatchError;

fn set(key_value: RuntimeParameters) -> RuntimeCall {
	pallet_parameters::Call::set_parameter { key_value }.into()
}

fn min_capacity(value: Option<u16>) -> RuntimeParameters {
	RuntimeParameters::ProverPool(prover_pool::Parameters::MinCapacity(
		prover_pool::MinCapacity,
		value,
	))
}

fn min_fee_per_gas(value: u16) -> RuntimeParameters {
	RuntimeParameters::Rollup(rollup::Parameters::MinFeePerGas(rollup::MinFeePerGas, Some(value)))
}

#[test]
fn a_changed_parameter_takes_effect_and_can_be_reset_to_its_default() {
	let mut chain = Chain::new();
	let too_small = stake(60_000, 10, 4);
	let refused = pallet_prover_pool::Error::<Runtime>::InvalidParams.into();
	assert_eq!(chain.fail(Dave, too_small.clone()), refused);

	assert_eq!(chain.govern(set(min_capacity(Some(4)))), Ok(()));
	chain.do_submit(Dave, too_small);

	assert_eq!(chain.govern(set(min_capacity(None))), Ok(()));
	assert_eq!(chain.fail(Bob, stake(60_000, 10, 4)), refused);
}

#[test]
fn the_floor_of_the_fee_follows_governance() {
	let mut chain = Chain::new();
	assert_eq!(chain.govern(set(min_fee_per_gas(20_000))), Ok(()));
	chain.propose(Dave, 1_000);
	// A quarter above the fee, for all gas that can be charged with a payload of 29 bytes.
	assert_eq!(chain.balance(Dave).1, 25_000 * (1_001_000 + 16 * 29));
}

#[test]
fn only_governance_changes_parameters() {
	let mut chain = Chain::new();
	for who in [Alice, Dave] {
		assert_eq!(chain.fail(who, set(min_capacity(Some(1)))), DispatchError::BadOrigin);
	}
	let refused = pallet_sudo::Error::<Runtime>::RequireSudo.into();
	assert_eq!(chain.fail(Dave, sudo(set(min_capacity(Some(1))))), refused);
}

#[test]
fn the_defaults_have_the_documented_values() {
	Chain::new().look(|| {
		assert_eq!(prover_pool::ExitPeriod::get(), EXIT_PERIOD);
		assert_eq!(prover_pool::MinChangeDelay::get(), MIN_CHANGE_DELAY);
		assert_eq!(prover_pool::MinCapacity::get(), 5);
		assert_eq!(prover_pool::MinStakePerCapacity::get(), 10_000);
		assert_eq!(prover_pool::SlashPoints::get(), 25);
		assert_eq!(prover_pool::SlashMultiplier::get(), 4);
		assert_eq!(prover_pool::EjectionThreshold::get(), 5_000);
		assert_eq!(rollup::MinFeePerGas::get(), 1_000);
		assert_eq!(rollup::MinProofWindow::get(), PROOF_WINDOW);
		assert_eq!(rollup::Cooldown::get(), COOLDOWN);
		assert_eq!(rollup::RescuerShare::get(), 5_000);
	});
}

#[test]
fn no_miss_of_the_most_expensive_block_takes_half_of_the_smallest_stake() {
	use pallet_prover_pool::parameters::{MIN_STAKE_PER_CAPACITY, SLASH_MULTIPLIER};
	fn most_expensive_block<T: pallet_rollup::Config>() -> u32 {
		T::BaseGas::get() + T::GasPerByte::get() * T::MaxPayloadSize::get() + T::MaxGasLimit::get()
	}
	let reward = Balance::from(u16::MAX) * Balance::from(most_expensive_block::<Runtime>());
	let slash = reward * Balance::from(*SLASH_MULTIPLIER.end());
	assert!(slash * 2 < Balance::from(*MIN_STAKE_PER_CAPACITY.start()) * crate::constants::UNIT);
}

/// No value of a parameter may keep the chain from making blocks.
#[test]
fn absurd_parameters_do_not_stop_the_chain() {
	use prover_pool::Parameters::*;
	use rollup::Parameters::*;
	let mut chain = Chain::new();
	let pool = |parameter| set(RuntimeParameters::ProverPool(parameter));
	let rollup = |parameter| set(RuntimeParameters::Rollup(parameter));
	for largest in [false, true] {
		let (long, wide, narrow) = match largest {
			true => (u64::MAX, u32::MAX, u16::MAX),
			false => (0, 0, 0),
		};
		let changes = vec![
			pool(ExitPeriod(prover_pool::ExitPeriod, Some(long))),
			pool(MinChangeDelay(prover_pool::MinChangeDelay, Some(long))),
			pool(MinCapacity(prover_pool::MinCapacity, Some(narrow))),
			pool(MinStakePerCapacity(prover_pool::MinStakePerCapacity, Some(wide))),
			pool(SlashPoints(prover_pool::SlashPoints, Some(wide))),
			pool(SlashMultiplier(prover_pool::SlashMultiplier, Some(wide))),
			pool(EjectionThreshold(prover_pool::EjectionThreshold, Some(wide))),
			rollup(MinFeePerGas(rollup::MinFeePerGas, Some(narrow))),
			rollup(MinProofWindow(rollup::MinProofWindow, Some(long))),
			rollup(Cooldown(rollup::Cooldown, Some(long))),
			rollup(RescuerShare(rollup::RescuerShare, Some(wide))),
		];
		let all = pallet_utility::Call::batch_all { calls: changes };
		assert_eq!(chain.govern(all), Ok(()));
		// These may fail, but must not stop the chain.
		for call in [propose(1_000), stake(60_000, 10, 6), stake(0, 0, 0), exit(), withdraw()] {
			chain.submit(Dave, call);
		}
		chain.wait(3_600);
		chain.block(vec![]);
	}
}
