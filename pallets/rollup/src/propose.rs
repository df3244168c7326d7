// SPDX-License-Identifier: Apache-2.0

//! How a rollup block comes in.

use crate::{economy, pallet::*, types::*};
use frame_support::{pallet_prelude::*, traits::fungible::hold::Mutate as _};
use prover_pool_primitives::{Assignment, BlockId, ProverPool};
use sp_core::H256;
use sp_runtime::{traits::CheckedMul, ArithmeticError};

impl<T: Config> Pallet<T> {
	/// Takes a block in, has its prover drawn and puts its deposit on hold.
	pub(crate) fn do_propose(
		proposer: T::AccountId,
		payload: &[u8],
		gas_limit: u32,
	) -> DispatchResult {
		Self::ensure_gas_limit(gas_limit)?;
		let mut progress = RollupProgress::<T>::get();
		ensure!(
			progress.unsettled() < T::MaxUnsettledBlocks::get().into(),
			Error::<T>::TooManyUnsettledBlocks
		);
		let block_id = progress.proposed.checked_add(1).ok_or(ArithmeticError::Overflow)?;
		let (state, reward_per_gas) = Self::draw(block_id, &mut progress)?;
		let deposit = Self::price(gas_limit, reward_per_gas)?;
		T::Currency::hold(&HoldReason::Deposit.into(), &proposer, deposit)?;

		let now = Self::now();
		let closes_at = now
			.checked_add(Self::window(&progress))
			.ok_or(ArithmeticError::Overflow)?
			.max(progress.closes_at);
		progress.closes_at = closes_at;
		progress.proposed = block_id;
		RollupProgress::<T>::put(progress);

		let payload_hash = H256(sp_io::hashing::sha2_256(payload));
		// A payload's size has a bound in `u32`.
		let payload_size = payload.len() as u32;
		let block = RollupBlock {
			proposer: proposer.clone(),
			payload_hash,
			payload_size,
			proposed_in: frame_system::Pallet::<T>::block_number(),
			proposed_at: now,
			closes_at,
			gas_limit,
			reward_per_gas,
			deposit,
			outstanding: matches!(state, BlockState::Assigned { .. }),
			state,
			transitions: BoundedVec::new(),
		};
		let assigned = block.drawn().cloned();
		Blocks::<T>::insert(block_id, block);
		Self::deposit_event(Event::BlockProposed {
			block_id,
			proposer,
			payload_hash,
			payload_size,
			gas_limit,
			assigned,
			reward_per_gas,
			closes_at,
		});
		Ok(())
	}

	/// Who may prove the block, at what price for a unit of gas.
	fn draw(
		block_id: BlockId,
		progress: &mut Progress,
	) -> Result<(BlockStateOf<T>, u32), DispatchError> {
		let fee_per_gas = Self::fee(progress);
		if let Some(Assignment { prover, reward_per_gas }) =
			T::ProverPool::assign(block_id, fee_per_gas)
		{
			return Ok((BlockState::Assigned { prover }, reward_per_gas));
		}
		ensure!(progress.open < T::MaxOpenBlocks::get(), Error::<T>::TooManyOpenBlocks);
		// Below `MaxOpenBlocks`.
		progress.open = progress.open.saturating_add(1);
		let multiplier = T::OpenRewardMultiplier::get();
		Ok((BlockState::Open, economy::open_reward_per_gas(fee_per_gas, multiplier)))
	}

	/// The most that a proposer has to put on hold for a block with this gas limit now.
	pub(crate) fn max_deposit(gas_limit: u32) -> Result<BalanceOf<T>, DispatchError> {
		Self::ensure_gas_limit(gas_limit)?;
		let fee_per_gas = Self::fee(&RollupProgress::<T>::get());
		let open = economy::open_reward_per_gas(fee_per_gas, T::OpenRewardMultiplier::get());
		let assigned = T::ProverPool::max_reward_per_gas(fee_per_gas);
		Self::price(gas_limit, open.max(assigned))
	}

	fn ensure_gas_limit(gas_limit: u32) -> DispatchResult {
		ensure!(gas_limit > 0 && gas_limit <= T::MaxGasLimit::get(), Error::<T>::InvalidGasLimit);
		Ok(())
	}

	/// What so much gas costs, with the gas that every block costs.
	fn price(gas: u32, reward_per_gas: u32) -> Result<BalanceOf<T>, DispatchError> {
		let gas = gas.checked_add(T::BaseGas::get()).ok_or(ArithmeticError::Overflow)?;
		BalanceOf::<T>::from(gas)
			.checked_mul(&reward_per_gas.into())
			.ok_or_else(|| ArithmeticError::Overflow.into())
	}

	/// The fee for a unit of gas.
	pub(crate) fn fee(progress: &Progress) -> u32 {
		economy::fee_per_gas(progress.fee_per_gas, T::MinFeePerGas::get())
	}

	/// How long a drawn prover has a block for itself, in seconds.
	pub(crate) fn window(progress: &Progress) -> u64 {
		economy::proof_window(
			progress.proof_delay,
			T::ProofWindowMultiplier::get(),
			T::MinProofWindow::get(),
			T::MaxProofWindow::get(),
		)
	}
}
