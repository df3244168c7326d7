// SPDX-License-Identifier: Apache-2.0

//! Proposal of a block: rule R1.

use crate::{
	block::{Phase, RollupBlock},
	pallet::*,
	rules::{economy, window},
	types::{BlockKey, RollupState},
};
use frame_support::{pallet_prelude::*, traits::fungible::hold::Mutate as _};
use prover_pool_primitives::{ProofVerifier, ProverPool};
use sp_runtime::{traits::CheckedMul, ArithmeticError};

impl<T: Config> Pallet<T> {
	/// Appends a block to the queue and holds its deposit.
	pub(crate) fn do_propose(
		proposer: T::AccountId,
		payload: &[u8],
		gas_limit: u32,
		max_fee_per_gas: u32,
	) -> DispatchResult {
		let mut state = State::<T>::get();
		ensure!(state.is_running, Error::<T>::Paused);
		Self::ensure_gas_limit(gas_limit)?;
		let max_unsettled = T::MaxUnsettledBlocks::get().into();
		ensure!(state.unsettled() < max_unsettled, Error::<T>::TooManyUnsettledBlocks);
		let rules_version = T::ProofVerifier::active_version().ok_or(Error::<T>::NoActiveRules)?;
		let fee_per_gas = Self::fee(&state);
		let reward_per_gas = T::ProverPool::max_reward_per_gas(fee_per_gas);
		ensure!(reward_per_gas <= max_fee_per_gas, Error::<T>::FeeTooHigh);

		// Fits: `MaxPayloadSize` is a `u32`.
		let payload_size = payload.len() as u32;
		let deposit = Self::price_of(payload_size, gas_limit, reward_per_gas)?;
		T::Currency::hold(&HoldReason::Deposit.into(), &proposer, deposit)?;
		state.proposed = state.proposed.checked_add(1).ok_or(ArithmeticError::Overflow)?;
		let block = RollupBlock {
			proposer,
			payload_hash: sp_io::hashing::sha2_256(payload),
			payload_size,
			gas_limit,
			proposed_in: frame_system::Pallet::<T>::block_number(),
			rules_version,
			fee_per_gas,
			reward_per_gas,
			deposit,
			phase: Phase::Undrawn,
			is_outstanding: false,
			transition: None,
		};
		Self::note_proposal(&state, block);
		State::<T>::put(state);
		Ok(())
	}

	/// Stores a proposed block and emits its event.
	fn note_proposal(state: &RollupState, block: RollupBlockOf<T>) {
		let block_id = state.proposed;
		Blocks::<T>::insert(BlockKey::from(block_id), &block);
		Self::deposit_event(Event::BlockProposed {
			block_id,
			proposer: block.proposer,
			payload_hash: block.payload_hash,
			payload_size: block.payload_size,
			gas_limit: block.gas_limit,
			fee_per_gas: block.fee_per_gas,
			rules_version: block.rules_version,
			deposit: block.deposit,
		});
	}

	/// Ensures that a block may have this gas limit.
	pub(crate) fn ensure_gas_limit(gas_limit: u32) -> DispatchResult {
		ensure!(gas_limit > 0 && gas_limit <= T::MaxGasLimit::get(), Error::<T>::InvalidGasLimit);
		Ok(())
	}

	/// Returns the gas charged for a block that uses `gas`.
	pub(crate) fn gas_charged(payload_size: u32, gas: u32) -> u64 {
		economy::gas_charged(T::BaseGas::get(), T::GasPerByte::get(), payload_size, gas)
	}

	/// Returns the price of a block that uses `gas`.
	pub(crate) fn price_of(
		payload_size: u32,
		gas: u32,
		reward_per_gas: u32,
	) -> Result<BalanceOf<T>, ArithmeticError> {
		BalanceOf::<T>::from(Self::gas_charged(payload_size, gas))
			.checked_mul(&reward_per_gas.into())
			.ok_or(ArithmeticError::Overflow)
	}

	/// Returns the fee for a unit of gas.
	pub(crate) fn fee(state: &RollupState) -> u32 {
		economy::fee_per_gas(state.fee, state.parameters.min_fee_per_gas)
	}

	/// Returns the proof window of a block that is drawn now, in seconds.
	pub(crate) fn window(state: &RollupState, payload_size: u32, gas_limit: u32) -> u64 {
		window::proof_window(
			state.delay,
			Self::gas_charged(payload_size, gas_limit),
			state.parameters.min_proof_window,
			T::MaxProofWindow::get(),
		)
	}
}
