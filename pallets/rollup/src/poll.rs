// SPDX-License-Identifier: Apache-2.0

//! Automatic work of a chain block: its order, its access to blocks, and the checks of its bounds.

use crate::{
	block::Phase,
	pallet::*,
	rules::parameters::{min_period, Parameters, MIN_FEE_PER_GAS},
	types::{BlockKey, RollupState},
	weights::WeightInfo as _,
};
use alloc::vec::Vec;
use frame_support::{
	dispatch::DispatchClass,
	traits::Get,
	weights::{Weight, WeightMeter},
};
use prover_pool_primitives::{BlockId, ProverPool};

impl<T: Config> Pallet<T> {
	/// Does the automatic work of a chain block, in order, in at most its share of the block.
	pub(crate) fn poll(meter: &mut WeightMeter) {
		let mut share = WeightMeter::with_limit(meter.remaining().min(Self::max_poll_weight()));
		Self::poll_within(&mut share);
		meter.consume(share.consumed());
	}

	/// Returns the maximum weight of the automatic work: half of a chain block. Proofs must fit into
	/// the other half, however much there is to settle or to open.
	fn max_poll_weight() -> Weight {
		T::BlockWeights::get().max_block.saturating_div(2)
	}

	/// Does the automatic work as far as `meter` allows. A pause stops settlement and draws.
	fn poll_within(meter: &mut WeightMeter) {
		if meter.try_consume(T::WeightInfo::poll()).is_err() {
			return;
		}
		let mut state = State::<T>::get();
		state.has_polled = true;
		state.parameters = Self::effective_parameters();
		if state.is_running {
			Self::settle_due(&mut state, meter);
		}
		Self::advance_proven(&mut state, meter);
		Self::sweep(&mut state, meter);
		if state.is_running {
			Self::draw_blocks(&mut state, meter);
		}
		State::<T>::put(state);
	}

	/// Returns the governed values, clamped (R16).
	pub(crate) fn effective_parameters() -> Parameters {
		Parameters {
			min_fee_per_gas: T::MinFeePerGas::get(),
			min_proof_window: T::MinProofWindow::get(),
			cooldown: T::Cooldown::get(),
			rescuer_share: T::RescuerShare::get(),
		}
		.clamped(T::MaxTick::get(), T::MaxProofWindow::get())
	}

	/// Returns an up-to-date block, and the events of what its entry does not show yet.
	///
	/// An override or a replaced key opened the block by its position. Or it is the next one, and its
	/// transition turned out not to fit: after the deadline it is missed.
	pub(crate) fn load(
		state: &RollupState,
		block_id: BlockId,
	) -> Option<(RollupBlockOf<T>, Vec<Event<T>>)> {
		let mut block = Blocks::<T>::get(BlockKey::from(block_id))?;
		let mut overdue = Vec::new();
		if state.is_opening(block_id) {
			let discarded = if Self::is_void(&block) { block.drop_proof() } else { None };
			overdue.extend(discarded.map(|prover| Event::TransitionDiscarded { block_id, prover }));
			if block.open() {
				let (reason, reward_per_gas) = (state.opening.reason, block.reward_per_gas);
				overdue.push(Event::BlockOpened { block_id, reason, reward_per_gas });
			}
		} else if block_id == state.next() && block.is_misfit(&state.proven_root) {
			let discarded = block.drop_proof();
			overdue.extend(discarded.map(|prover| Event::TransitionDiscarded { block_id, prover }));
			let missed_by = if block_id <= state.swept { block.miss() } else { None };
			overdue.extend(missed_by.map(|prover| Event::AssignmentMissed { block_id, prover }));
		}
		Some((block, overdue))
	}

	/// Returns `true` if the block's transition was proven by a key that is replaced (R14).
	fn is_void(block: &RollupBlockOf<T>) -> bool {
		block.transition.as_ref().is_some_and(|stored| {
			ReplacedKeys::<T>::get(block.rules_version)
				.is_some_and(|last| stored.key_replacements < last)
		})
	}

	/// Stores an up-to-date block and emits its overdue events, if there are any.
	pub(crate) fn write_down(
		block_id: BlockId,
		mut block: RollupBlockOf<T>,
		overdue: Vec<Event<T>>,
	) {
		if overdue.is_empty() {
			return;
		}
		if matches!(block.phase, Phase::Opened(_)) {
			Self::release(&mut block);
		}
		overdue.into_iter().for_each(Self::deposit_event);
		Blocks::<T>::insert(BlockKey::from(block_id), block);
	}

	/// Releases the assigned prover's capacity, unless that has happened.
	pub(crate) fn release(block: &mut RollupBlockOf<T>) {
		if !core::mem::take(&mut block.is_outstanding) {
			return;
		}
		if let Some(assigned) = block.assignment() {
			T::ProverPool::release(&assigned.prover);
		}
	}

	/// Panics if the Config items contradict each other.
	pub(crate) fn check_config() {
		for (value, name) in [
			(T::MaxUnsettledBlocks::get().into(), "MaxUnsettledBlocks"),
			(T::MaxGasLimit::get().into(), "MaxGasLimit"),
			(T::AverageGas::get(), "AverageGas"),
			(T::MaxTick::get(), "MaxTick"),
			(T::MaxDrawnPerBlock::get().into(), "MaxDrawnPerBlock"),
		] {
			assert!(value > 0u64, "{name} is 0");
		}
		// Below it, sweeps and settlements would fall behind the draws without end.
		for (value, name) in [
			(T::MaxSweptPerBlock::get(), "MaxSweptPerBlock"),
			(T::MaxSettledPerBlock::get(), "MaxSettledPerBlock"),
		] {
			assert!(value >= T::MaxDrawnPerBlock::get(), "{name} is below MaxDrawnPerBlock");
		}
		assert!(
			u64::from(T::MaxProvenPerBlock::get()) >= 4 * u64::from(T::MaxDrawnPerBlock::get()),
			"MaxProvenPerBlock is below four times MaxDrawnPerBlock"
		);
		assert!(
			T::MaxProofWindow::get() >= min_period(T::MaxTick::get()),
			"MaxProofWindow is below ten ticks of the clock"
		);
		assert!(
			T::ProverPool::max_reward_per_gas(MIN_FEE_PER_GAS.into()) > MIN_FEE_PER_GAS.into(),
			"the tolerance of the pool is rounded to nothing at the minimum fee"
		);
		Self::check_weights();
	}

	/// Panics if a step of the automatic work, or the proofs of a chain block, cannot fit into it.
	fn check_weights() {
		let limits = T::BlockWeights::get();
		let normal = limits.get(DispatchClass::Normal);
		let max_poll = Self::max_poll_weight();
		for (step, name) in [
			(Self::settle_weight().saturating_add(Self::miss_weight()), "settlement"),
			(Self::advance_weight(), "move of proven"),
			(Self::sweep_weight(), "sweep"),
			(Self::draw_weight(1), "draw"),
		] {
			let step = step.saturating_add(T::WeightInfo::poll());
			assert!(step.all_lte(max_poll), "a {name} does not fit into half of a chain block");
		}
		let room = normal.max_total.unwrap_or(limits.max_block);
		let room = room.min(limits.max_block.saturating_sub(max_poll));
		let proof = Self::prove_weight()
			.saturating_add(T::WeightInfo::extension())
			.saturating_add(normal.base_extrinsic);
		// A block has two places in the lane. With less room, junk for other blocks keeps a proof out.
		let places = u64::from(T::MaxDrawnPerBlock::get()).saturating_mul(2);
		assert!(
			proof.saturating_mul(places).all_lte(room),
			"two proofs for each of MaxDrawnPerBlock blocks do not fit into a chain block"
		);
	}
}
