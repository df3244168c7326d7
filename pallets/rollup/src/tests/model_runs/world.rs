// SPDX-License-Identifier: Apache-2.0

//! Start of a run: the values that stay, and the genesis of pallet and model.

use crate::{
	mock::*,
	tests::model::{Config, Genesis, Model, Parameters},
};
use proptest::prelude::*;
use sp_core::H256;

/// Values of a run.
#[derive(Clone, Debug)]
pub struct World {
	pub fee: u16,
	pub delay: u32,
	pub seed: u64,
	pub max_provers: u16,
	/// Maximum tick, in milliseconds.
	pub max_tick: u64,
	/// Maximum window, in ticks.
	pub max_window: u64,
	pub average_gas: u64,
	/// Number of every 8 proofs that are not sent.
	pub laziness: u64,
	pub bounty_multiplier: u32,
	/// Maximum numbers of blocks drawn, proven, swept and settled in a chain block.
	pub bounds: (u32, u32, u32, u32),
	pub parameters: Parameters,
}

pub fn world() -> impl Strategy<Value = World> {
	let averages = (
		prop::sample::select(vec![1, 4, 100, 101, 5_000, u16::MAX]),
		prop::sample::select(vec![1, 100, 30_000, 1_000_000, u32::MAX]),
		prop::sample::select(vec![1, 1_000_000, 100_000_000, u64::MAX]),
	);
	let clock = (
		prop::sample::select(vec![500, 6_000, 6_000, 60_000]),
		prop::sample::select(vec![10, 30, 200]),
		prop::sample::select(vec![0, 0, 2, 5, 7]),
	);
	let bounds = (1..4u32, 1..9u32, prop::sample::select(vec![1, 1, 2, 8]), 1..4u32);
	let multiplier = prop::sample::select(vec![0, 1, 500, 30_000, u32::MAX]);
	(averages, clock, bounds, multiplier, 1..5u16, any::<u64>(), parameters()).prop_map(
		|(averages, clock, bounds, bounty_multiplier, max_provers, seed, parameters)| World {
			fee: averages.0,
			delay: averages.1,
			average_gas: averages.2,
			max_tick: clock.0,
			max_window: clock.1,
			laziness: clock.2,
			bounds,
			bounty_multiplier,
			max_provers,
			seed,
			parameters,
		},
	)
}

/// Governed values, often at their extremes (R16).
pub fn parameters() -> impl Strategy<Value = Parameters> {
	let rollup = (
		prop::sample::select(vec![0, 1, 10, 100, u16::MAX]),
		prop::sample::select(vec![0, 0, 60, 200, u64::MAX]),
		prop::sample::select(vec![0, 0, 60, 100, u64::MAX]),
		prop::sample::select(vec![0, 4_000, 10_000, u32::MAX]),
	);
	let pool = (
		prop::sample::select(vec![0, 0, 200, u64::MAX]),
		prop::sample::select(vec![0, 0, 20, 60, u64::MAX]),
		0..3u16,
		prop::sample::select(vec![0, 499, 600]),
		prop::sample::select(vec![0, 25, 2_000, u32::MAX]),
		prop::sample::select(vec![0, 4, u32::MAX]),
		prop::sample::select(vec![0, 5_000, u32::MAX]),
	);
	(rollup, pool).prop_map(|(rollup, pool)| Parameters {
		min_fee: rollup.0,
		min_window: rollup.1,
		cooldown: rollup.2,
		rescuer_share: rollup.3,
		exit_period: pool.0,
		min_change_delay: pool.1,
		min_capacity: pool.2,
		min_stake_per_capacity: pool.3,
		slash_points: pool.4,
		slash_multiplier: pool.5,
		ejection_threshold: pool.6,
	})
}

/// Sets the governed values of rollup and pool.
pub fn set_parameters(parameters: &Parameters) {
	MinFeePerGas::set(parameters.min_fee);
	MinProofWindow::set(parameters.min_window);
	CooldownSeconds::set(parameters.cooldown);
	RescuerShare::set(parameters.rescuer_share);
	ExitPeriod::set(parameters.exit_period);
	MinChangeDelay::set(parameters.min_change_delay);
	MinCapacity::set(parameters.min_capacity);
	MinStakePerCapacity::set(parameters.min_stake_per_capacity);
	SlashPoints::set(parameters.slash_points);
	SlashMultiplier::set(parameters.slash_multiplier);
	EjectionThreshold::set(parameters.ejection_threshold);
}

impl World {
	/// Returns the genesis of the pallet, with the values of this world.
	pub fn genesis(&self) -> sp_io::TestExternalities {
		Seed::set(self.seed);
		SeedAge::set(None);
		MaxProvers::set(self.max_provers.into());
		MaxTick::set(self.max_tick);
		MaxProofWindow::set(self.max_window_seconds());
		AverageGas::set(self.average_gas);
		BountyMultiplier::set(self.bounty_multiplier);
		MaxUnsettledBlocks::set(16);
		MaxDrawnPerBlock::set(self.bounds.0);
		MaxProvenPerBlock::set(self.bounds.1);
		MaxSweptPerBlock::set(self.bounds.2);
		MaxSettledPerBlock::set(self.bounds.3);
		set_parameters(&self.parameters);
		let rollup = crate::GenesisConfig {
			state_root: H256(wrong(1_000)),
			fee_per_gas: self.fee,
			delay_per_gas: self.delay,
			..Default::default()
		};
		genesis_with(vec![], rollup)
	}

	/// Returns the model of this world.
	pub fn model(&self) -> Model {
		Model::new(Genesis {
			config: Config {
				one_token: 1_000_000_000_000,
				existential_deposit: 10_000_000_000,
				max_provers: self.max_provers,
				max_tick: self.max_tick,
				max_window: self.max_window_seconds(),
				base_gas: 200_000,
				gas_per_byte: 16,
				max_gas_limit: 30_000_000,
				average_gas: self.average_gas,
				bounty_multiplier: self.bounty_multiplier.into(),
				max_keys: 4,
				max_penalty: 250,
				max_unsettled: 16,
				max_drawn: self.bounds.0.into(),
				max_proven: self.bounds.1.into(),
				max_swept: self.bounds.2.into(),
				max_settled: self.bounds.3.into(),
			},
			parameters: self.parameters.clone(),
			balances: ACCOUNTS.map(|who| (who, ENDOWMENT)).to_vec(),
			state_root: 1_000,
			fee: self.fee,
			delay: self.delay,
		})
	}

	fn max_window_seconds(&self) -> u64 {
		(self.max_window * self.max_tick).div_ceil(1_000)
	}
}
