// SPDX-License-Identifier: Apache-2.0

//! Draw of the assigned provers: rules R2 and R3.

use crate::{
	block::{Assigned, Phase},
	pallet::*,
	rules::window,
	types::{BlockKey, OpenReason, RollupState},
	weights::WeightInfo as _,
};
use alloc::vec::Vec;
use frame_support::{pallet_prelude::*, weights::WeightMeter};
use prover_pool_primitives::{Assignment, BlockId, ProverPool, Seeds};

impl<T: Config> Pallet<T> {
	/// Draws the blocks that were proposed before the seeds of this chain block were known.
	///
	/// Does nothing unless this chain block is the first to carry a seed.
	pub(crate) fn draw_blocks(state: &mut RollupState, meter: &mut WeightMeter) {
		let Some(drawable_before) = T::Seeds::drawable_before() else {
			return;
		};
		let max = (1..=T::MaxDrawnPerBlock::get())
			.take_while(|blocks| meter.can_consume(Self::draw_weight(*blocks)))
			.last()
			.unwrap_or_default();
		if max == 0 || state.drawn >= state.proposed {
			return;
		}
		let blocks: Vec<_> = (state.drawn.saturating_add(1)..=state.proposed)
			.take(max as usize)
			.map_while(|block_id| Some((block_id, Blocks::<T>::get(BlockKey::from(block_id))?)))
			.take_while(|(_, block)| block.proposed_in < drawable_before)
			.collect();
		// A block that is not drawable yet was read as well. Fits: `take` bounds it.
		meter.consume(Self::draw_weight((blocks.len() as u32).saturating_add(1).min(max)));
		let requests: Vec<_> = blocks.iter().map(|(id, block)| (*id, block.fee_per_gas)).collect();
		let (assignments, reason) = if state.draws_stopped {
			(alloc::vec![None; requests.len()], OpenReason::DrawsStopped)
		} else {
			(T::ProverPool::assign_many(&requests), OpenReason::NotDrawable)
		};
		for ((block_id, block), assignment) in blocks.into_iter().zip(assignments) {
			match assignment {
				Some(assignment) => Self::assign(state, block_id, block, assignment),
				None => Self::open_undrawn_block(state, block_id, block, reason),
			}
		}
	}

	/// Returns the weight to draw this many blocks.
	pub(crate) fn draw_weight(blocks: u32) -> Weight {
		T::WeightInfo::draw(blocks).saturating_add(T::ProverPool::assign_many_weight(blocks))
	}

	/// Assigns the next undrawn block to the prover that was drawn for it.
	pub(crate) fn assign(
		state: &mut RollupState,
		block_id: BlockId,
		mut block: RollupBlockOf<T>,
		assignment: Assignment<T::AccountId>,
	) {
		let Assignment { prover, reward_per_gas } = assignment;
		let drawn_at = state.clock.now();
		let window = Self::window(state, block.payload_size, block.gas_limit);
		let deadline = window::deadline(drawn_at, window, state.last_deadline);
		block.reward_per_gas = reward_per_gas;
		block.is_outstanding = true;
		block.phase = Phase::Assigned(Assigned {
			prover: prover.clone(),
			drawn_at,
			window,
			deadline,
			has_used_lane: false,
		});
		state.last_deadline = deadline;
		state.drawn = block_id;
		Blocks::<T>::insert(BlockKey::from(block_id), block);
		Self::deposit_event(Event::BlockAssigned { block_id, prover, reward_per_gas, deadline });
	}

	/// Opens the next undrawn block at the maximum price.
	fn open_undrawn_block(
		state: &mut RollupState,
		block_id: BlockId,
		mut block: RollupBlockOf<T>,
		reason: OpenReason,
	) {
		block.phase = Phase::Open;
		state.drawn = block_id;
		let reward_per_gas = block.reward_per_gas;
		Blocks::<T>::insert(BlockKey::from(block_id), block);
		Self::deposit_event(Event::BlockOpened { block_id, reason, reward_per_gas });
	}

	/// Opens undrawn blocks up to `up_to`, and returns their number.
	pub(crate) fn do_open_undrawn(up_to: BlockId) -> Result<u32, DispatchError> {
		let mut state = State::<T>::get();
		ensure!(up_to <= state.proposed, Error::<T>::UnknownBlock);
		ensure!(up_to > state.drawn, Error::<T>::AlreadyDrawn);
		let mut opened = 0u32;
		while opened < T::MaxDrawnPerBlock::get() && state.drawn < up_to {
			let block_id = state.drawn.saturating_add(1);
			let block =
				Blocks::<T>::get(BlockKey::from(block_id)).ok_or(Error::<T>::UnknownBlock)?;
			Self::open_undrawn_block(&mut state, block_id, block, OpenReason::ByOrigin);
			// Cannot overflow: below the bound.
			opened = opened.saturating_add(1);
		}
		State::<T>::put(state);
		Ok(opened)
	}
}
