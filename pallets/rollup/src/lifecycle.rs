// SPDX-License-Identifier: Apache-2.0

//! The life of a rollup block, in its order: proposed, proven or missed, settled.

use crate::{pallet::*, types::*, weights::WeightInfo as _};
use alloc::vec::Vec;
use frame_support::{
	defensive,
	pallet_prelude::*,
	storage::with_storage_layer,
	traits::{
		fungible::hold::Mutate as _,
		tokens::{Fortitude, Precision, Restriction},
		Defensive, OnUnbalanced, UnixTime,
	},
};
use prover_pool_primitives::{BlockId, ProverPool};
use sp_runtime::{
	traits::{CheckedMul, Zero},
	ArithmeticError,
};

impl<T: Config> Pallet<T> {
	/// Takes a block in, has its prover drawn and puts its reward on hold.
	pub(crate) fn do_propose(
		proposer: T::AccountId,
		payload: &[u8],
		gas_limit: u32,
	) -> DispatchResult {
		ensure!(
			gas_limit > 0 && gas_limit <= T::MaxGasLimit::get(),
			Error::<T>::InvalidGasLimit
		);
		let mut progress = RollupProgress::<T>::get();
		ensure!(
			// Never below 0: `settled` follows `proposed`.
			progress.proposed.saturating_sub(progress.settled)
				< T::MaxUnsettledBlocks::get().into(),
			Error::<T>::TooManyUnsettledBlocks
		);
		let block_id = progress
			.proposed
			.checked_add(1)
			.ok_or(ArithmeticError::Overflow)?;

		let fee_per_gas = T::FeePerGas::get();
		let (reward_per_gas, state) = match T::ProverPool::assign(block_id, fee_per_gas) {
			Some(assignment) => {
				let window = T::ProofWindow::get().min(T::MaxProofWindow::get());
				let closes_at = Self::now()
					.checked_add(window)
					.ok_or(ArithmeticError::Overflow)?;
				// Windows close in the order of the blocks. One that is shorter than those before
				// it, because governance changed its length, waits for the last that is open.
				let closes_at = if progress.all_closed() {
					closes_at
				} else {
					closes_at.max(progress.closes_at)
				};
				progress.closes_at = closes_at;
				(
					assignment.reward_per_gas,
					BlockState::Assigned {
						prover: assignment.prover,
						closes_at,
					},
				)
			}
			None => (fee_per_gas, BlockState::Open { missed_by: None }),
		};
		let reward = BalanceOf::<T>::from(reward_per_gas)
			.checked_mul(&gas_limit.into())
			.ok_or(ArithmeticError::Overflow)?;
		T::Currency::hold(&HoldReason::Reward.into(), &proposer, reward)?;

		let payload_hash = sp_io::hashing::blake2_256(payload).into();
		let (assigned, closes_at) = match &state {
			BlockState::Assigned { prover, closes_at } => (Some(prover.clone()), Some(*closes_at)),
			_ => (None, None),
		};
		progress.proposed = block_id;
		RollupProgress::<T>::put(progress);
		Blocks::<T>::insert(
			block_id,
			RollupBlock {
				proposer: proposer.clone(),
				payload_hash,
				proposed_in: frame_system::Pallet::<T>::block_number(),
				reward,
				state,
			},
		);
		Self::deposit_event(Event::BlockProposed {
			block_id,
			proposer,
			payload_hash,
			assigned,
			reward_per_gas,
			closes_at,
		});
		Ok(())
	}

	/// Takes a proof, if this prover may bring one now and it is good.
	pub(crate) fn do_prove(
		prover: T::AccountId,
		block_id: BlockId,
		proof: &[u8],
	) -> DispatchResult {
		let mut block = Blocks::<T>::get(block_id).ok_or(Error::<T>::UnknownBlock)?;
		Self::close_window(block_id, &mut block, Self::now());
		let drawn = match &block.state {
			BlockState::Assigned { prover: drawn, .. } => {
				ensure!(prover == *drawn, Error::<T>::NotAssigned);
				Some(drawn.clone())
			}
			BlockState::Open { missed_by } => missed_by.clone(),
			BlockState::Proven { .. } => return Err(Error::<T>::AlreadyProven.into()),
		};
		let statement = Statement {
			block_id,
			payload_hash: block.payload_hash,
			prover: prover.clone(),
		};
		ensure!(
			T::ProofVerifier::verify(&statement, proof),
			Error::<T>::InvalidProof
		);

		if let Some(drawn) = drawn {
			T::ProverPool::release(&drawn);
		}
		block.state = BlockState::Proven {
			prover: prover.clone(),
		};
		Blocks::<T>::insert(block_id, block);
		Self::deposit_event(Event::BlockProven { block_id, prover });
		Ok(())
	}

	/// What the chain does by itself in every block: closes windows, then settles. Returns what it
	/// weighed.
	pub(crate) fn advance() -> Weight {
		let mut progress = RollupProgress::<T>::get();
		let before = progress.clone();
		let closed = Self::close_windows(&mut progress);
		let settled = Self::settle(&mut progress);
		if progress != before {
			RollupProgress::<T>::put(progress);
		}
		T::WeightInfo::advance()
			.saturating_add(
				T::WeightInfo::close_window()
					.saturating_add(T::ProverPool::slash_weight())
					.saturating_mul(closed.into()),
			)
			.saturating_add(T::WeightInfo::settle_block().saturating_mul(settled.into()))
	}

	/// Closes the windows that are over, in the order of the blocks. Returns how many blocks it
	/// looked at.
	fn close_windows(progress: &mut Progress) -> u32 {
		let now = Self::now();
		// What is settled has no window, whether it was looked at or not.
		progress.closed = progress.closed.max(progress.settled);
		let max = T::MaxClosedPerBlock::get();
		for looked_at in 0..max {
			if progress.all_closed() {
				return looked_at;
			}
			// Below `proposed`.
			let block_id = progress.closed.saturating_add(1);
			let Some(mut block) = Blocks::<T>::get(block_id) else {
				defensive!("a block that is not settled is in storage");
				return looked_at.saturating_add(1);
			};
			if Self::close_window(block_id, &mut block, now) {
				Blocks::<T>::insert(block_id, block);
			} else if matches!(block.state, BlockState::Assigned { .. }) {
				// Windows close in the order of the blocks: none after this one is over.
				return looked_at.saturating_add(1);
			}
			progress.closed = block_id;
		}
		max
	}

	/// If the block's window is over, slashes its prover and opens the block; tells whether so.
	fn close_window(block_id: BlockId, block: &mut RollupBlockOf<T>, now: u64) -> bool {
		let missed_by = match &block.state {
			BlockState::Assigned { prover, closes_at } if now > *closes_at => prover.clone(),
			_ => return false,
		};
		T::OnSlash::on_unbalanced(T::ProverPool::slash(&missed_by, block_id, block.reward));
		Self::deposit_event(Event::WindowClosed {
			block_id,
			missed_by: missed_by.clone(),
		});
		block.state = BlockState::Open {
			missed_by: Some(missed_by),
		};
		true
	}

	/// Settles proven blocks in order, up to the first that is not proven. Returns how many blocks
	/// it looked at.
	fn settle(progress: &mut Progress) -> u32 {
		let max = T::MaxSettledPerBlock::get();
		for looked_at in 0..max {
			if progress.settled >= progress.proposed {
				return looked_at;
			}
			// Below `proposed`.
			let block_id = progress.settled.saturating_add(1);
			let Some(block) = Blocks::<T>::get(block_id) else {
				defensive!("a block that is not settled is in storage");
				return looked_at.saturating_add(1);
			};
			let BlockState::Proven { prover } = block.state else {
				return looked_at.saturating_add(1);
			};
			let reward = Self::pay(&block.proposer, &prover, block.reward);
			Blocks::<T>::remove(block_id);
			progress.settled = block_id;
			Self::deposit_event(Event::BlockSettled {
				block_id,
				prover,
				reward,
			});
		}
		max
	}

	/// Pays a reward out of the proposer's hold and returns what the prover got.
	///
	/// All of it or nothing: what is on hold is paid even when the proposer's balance is frozen
	/// for another reason. A prover whose account is gone and whose reward is below the existential
	/// deposit cannot be paid: the reward goes back to the proposer, because nothing may stop the
	/// settlement.
	fn pay(proposer: &T::AccountId, prover: &T::AccountId, reward: BalanceOf<T>) -> BalanceOf<T> {
		let reason = HoldReason::Reward.into();
		// A hook has no transaction of its own, and a transfer that fails may have begun.
		with_storage_layer(|| {
			T::Currency::transfer_on_hold(
				&reason,
				proposer,
				prover,
				reward,
				Precision::Exact,
				Restriction::Free,
				Fortitude::Force,
			)
		})
		.unwrap_or_else(|_: DispatchError| {
			// Releasing what is on hold does not fail.
			let _ =
				T::Currency::release(&reason, proposer, reward, Precision::BestEffort).defensive();
			Zero::zero()
		})
	}

	/// The blocks that `prover` alone may prove now.
	pub(crate) fn assigned_to(prover: &T::AccountId) -> Vec<BlockId> {
		let progress = RollupProgress::<T>::get();
		let now = Self::now();
		(progress.closed.max(progress.settled).saturating_add(1)..=progress.proposed)
			.filter(|block_id| {
				matches!(
					Blocks::<T>::get(block_id).map(|block| block.state),
					Some(BlockState::Assigned { prover: drawn, closes_at })
						if drawn == *prover && now <= closes_at
				)
			})
			.collect()
	}

	/// The chain's clock, in Unix seconds.
	fn now() -> u64 {
		T::Time::now().as_secs()
	}
}
