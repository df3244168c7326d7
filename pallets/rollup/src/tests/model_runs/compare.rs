// SPDX-License-Identifier: Apache-2.0

//! Comparison of everything that the chain shows with what the model says.

use super::{
	drive::Run,
	steps::{PROVERS, STRANGER},
};
use crate::{
	mock::*,
	tests::model::{
		Entry, Error as Refusal, Event as ModelEvent, OpenReason, Settlement, Status, Stored,
		Transition,
	},
	Phase, StoredTransition,
};
use frame_support::traits::fungible::InspectHold;
use prover_pool_primitives::{Hash, ProofVerifier};
use sp_core::H256;
use sp_runtime::{DispatchError, TokenError};

type PoolError = pallet_prover_pool::Error<Test>;
type PoolEvent = pallet_prover_pool::Event<Test>;
type KeyEvent = pallet_groth16_verifier::Event<Test>;

/// Returns a root of the model. Its roots are the numbers in those of the pallet.
fn root_of(hash: Hash) -> u64 {
	H256(hash).to_low_u64_be()
}

fn transition_of(transition: crate::Transition) -> Transition {
	let crate::Transition { parent_state_root, state_root, gas_used } = transition;
	let (parent, root) = (root_of(parent_state_root), root_of(state_root));
	Transition { parent, root, gas_used: gas_used.into() }
}

fn reason_of(reason: crate::OpenReason) -> OpenReason {
	match reason {
		crate::OpenReason::NotDrawable => OpenReason::NotDrawable,
		crate::OpenReason::DrawsStopped => OpenReason::DrawsStopped,
		crate::OpenReason::ByOrigin => OpenReason::ByOrigin,
		crate::OpenReason::Overridden => OpenReason::Overridden,
		crate::OpenReason::KeyReplaced => OpenReason::KeyReplaced,
	}
}

/// Returns the events of rollup, pool and verifier since the last call, as the model has them.
pub fn chain_events() -> Vec<ModelEvent> {
	let events = System::read_events_no_consensus().map(|record| record.event);
	let events = events
		.filter_map(|event| match event {
			RuntimeEvent::Rollup(event) => Some(rollup_event(event)),
			RuntimeEvent::ProverPool(event) => Some(pool_event(event)),
			RuntimeEvent::Verifier(event) => Some(key_event(event)),
			_ => None,
		})
		.collect();
	System::reset_events();
	events
}

fn rollup_event(event: Event) -> ModelEvent {
	match event {
		Event::BlockProposed { .. } | Event::BlockSettled { .. } => money_event(event),
		Event::BlockAssigned { block_id: block, prover, reward_per_gas, deadline } => {
			ModelEvent::Assigned { block, prover, price: reward_per_gas.into(), deadline }
		},
		Event::BlockOpened { block_id: block, reason, reward_per_gas } => {
			let reason = reason_of(reason);
			ModelEvent::Opened { block, reason, price: reward_per_gas.into() }
		},
		Event::TransitionStored { block_id: block, prover, transition } => {
			ModelEvent::Stored { block, prover, transition: transition_of(transition) }
		},
		Event::BlockProven { block_id: block, state_root, prover } => {
			ModelEvent::Proven { block, root: root_of(state_root), prover }
		},
		Event::TransitionDiscarded { block_id: block, prover } => {
			ModelEvent::Discarded { block, prover }
		},
		Event::AssignmentMissed { block_id: block, prover } => ModelEvent::Missed { block, prover },
		Event::BlockOverridden { block_id: block, state_root } => {
			ModelEvent::Overridden { block, root: root_of(state_root) }
		},
		Event::Paused => ModelEvent::Paused,
		Event::Resumed => ModelEvent::Resumed,
		Event::DrawsResumed => ModelEvent::DrawsResumed,
		Event::__Ignore(..) => unreachable!("it cannot be built"),
	}
}

/// Returns an event of a deposit.
fn money_event(event: Event) -> ModelEvent {
	match event {
		Event::BlockProposed {
			block_id, proposer, fee_per_gas, rules_version, deposit, ..
		} => ModelEvent::Proposed {
			block: block_id,
			proposer,
			fee: fee_per_gas.into(),
			deposit,
			version: rules_version,
		},
		Event::BlockSettled { block_id, state_root, prover, reward, refund, slashed, bounty } => {
			let (block, root) = (block_id, root_of(state_root));
			ModelEvent::Settled(Settlement { block, root, prover, reward, refund, slashed, bounty })
		},
		_ => unreachable!("it is an event of a deposit"),
	}
}

fn pool_event(event: PoolEvent) -> ModelEvent {
	match event {
		PoolEvent::Staked { who, amount, reward_per_gas: price, current_capacity: capacity } => {
			ModelEvent::Staked { who, amount, price, capacity }
		},
		PoolEvent::Exited { who, amount } => ModelEvent::Exited { who, amount },
		PoolEvent::Withdrawn { who, amount } => ModelEvent::Withdrawn { who, amount },
		PoolEvent::Slashed { who, amount, block_id: block } => {
			ModelEvent::Slashed { who, block, amount }
		},
		PoolEvent::OperatorSet { who, operator } => ModelEvent::OperatorSet { who, operator },
		PoolEvent::__Ignore(..) => unreachable!("it cannot be built"),
	}
}

fn key_event(event: KeyEvent) -> ModelEvent {
	match event {
		KeyEvent::KeyAdded { version, .. } => ModelEvent::KeyAdded { version },
		KeyEvent::KeyActivated { version } => ModelEvent::KeyActivated { version },
		KeyEvent::KeyRemoved { version } => ModelEvent::KeyRemoved { version },
		KeyEvent::KeyReplaced { version, .. } => ModelEvent::KeyReplaced { version },
		KeyEvent::__Ignore(..) => unreachable!("it cannot be built"),
	}
}

/// Returns the error of the chain for a refusal of the model.
pub fn dispatch_error(refusal: Refusal) -> DispatchError {
	match refusal {
		Refusal::Paused => Error::Paused.into(),
		Refusal::InvalidGasLimit => Error::InvalidGasLimit.into(),
		Refusal::QueueFull => Error::TooManyUnsettledBlocks.into(),
		Refusal::NoActiveKey => Error::NoActiveRules.into(),
		Refusal::FeeTooHigh => Error::FeeTooHigh.into(),
		Refusal::UnknownBlock => Error::UnknownBlock.into(),
		Refusal::TooMuchGas => Error::TooMuchGas.into(),
		Refusal::AlreadyProven => Error::AlreadyProven.into(),
		Refusal::NotDrawn => Error::NotDrawn.into(),
		Refusal::DeadlinePassed => Error::DeadlinePassed.into(),
		Refusal::NotAssigned => Error::NotAssigned.into(),
		Refusal::NotSignedByProver => Error::NotSignedByProver.into(),
		Refusal::NotNext => Error::NotNext.into(),
		Refusal::WrongParentState => Error::WrongParentState.into(),
		Refusal::InvalidProof => KeyError::InvalidProof.into(),
		Refusal::AlreadyDrawn => Error::AlreadyDrawn.into(),
		Refusal::NotOverridable => Error::NotOverridable.into(),
		Refusal::DrawsNotStopped => Error::DrawsNotStopped.into(),
		Refusal::NotPaused => Error::NotPaused.into(),
		Refusal::KeyNotPaused => KeyError::NotPaused.into(),
		Refusal::TooManyKeys => KeyError::TooManyKeys.into(),
		Refusal::UnknownKey => KeyError::UnknownKey.into(),
		Refusal::NotNewer => KeyError::NotNewer.into(),
		Refusal::KeyIsActive => KeyError::KeyIsActive.into(),
		Refusal::KeyIsNeeded => KeyError::KeyIsNeeded.into(),
		Refusal::InvalidParams => PoolError::InvalidParams.into(),
		Refusal::NoMatureExit => PoolError::NoMatureExit.into(),
		Refusal::ProverNotGoodEnough => PoolError::ProverNotGoodEnough.into(),
		Refusal::ChangeTooFrequent => PoolError::ChangeTooFrequent.into(),
		Refusal::NotInPool => PoolError::NotInPool.into(),
		Refusal::NotOperator => PoolError::NotOperator.into(),
		Refusal::Funds => TokenError::FundsUnavailable.into(),
	}
}

impl Run<'_> {
	/// Compares all state, and runs the invariants of both pallets.
	pub fn compare(&self) {
		Rollup::do_try_state().expect("every invariant of the rollup holds");
		ProverPool::do_try_state().expect("every invariant of the pool holds");
		self.compare_positions();
		self.compare_keys();
		self.compare_flags_and_averages();
		self.compare_views();
		for (id, entry) in &self.model.queue.entries {
			compare_block(*id, entry);
		}
		self.compare_money();
		self.compare_pool();
	}

	fn compare_positions(&self) {
		let (queue, state) = (&self.model.queue, state());
		assert_eq!(positions(), [queue.settled, queue.proven, queue.drawn, queue.proposed]);
		let roots = (root_of(state.settled_root), root_of(state.proven_root));
		assert_eq!(roots, (queue.settled_root, queue.proven_root));
		let sweeps = (state.swept, state.opening.to);
		let expected = (queue.swept, queue.opened_through);
		assert_eq!(sweeps, expected, "sweeps");
		assert_eq!(state.last_deadline, queue.last_deadline);
	}

	fn compare_keys(&self) {
		let queue = &self.model.queue;
		assert_eq!(
			Verifier::key_versions(),
			queue.keys.keys().copied().collect::<Vec<_>>(),
			"keys"
		);
		assert_eq!(Verifier::active_version(), Some(queue.active), "active version");
	}

	fn compare_flags_and_averages(&self) {
		let (queue, state) = (&self.model.queue, state());
		assert_eq!((!state.is_running, state.draws_stopped), (queue.paused, queue.draws_stopped));
		let averages = [state.fee, state.delay].map(|average| average.value().into_inner());
		assert_eq!(averages, [queue.average_fee, queue.average_delay], "R9: averages");
		let clock = &self.model.clock;
		assert_eq!((state.clock.elapsed, state.clock.lost), (clock.run, clock.lost), "R10");
		assert_eq!(u64::from(Rollup::fee_per_gas()), self.model.fee());
		let window = self.model.window(200_000 + 16 * 5 + u64::from(GAS));
		assert_eq!(Rollup::proof_window(GAS, 5), window, "R3: window");
	}

	/// Compares what provers look for.
	fn compare_views(&self) {
		let (queue, now) = (&self.model.queue, self.model.clock.now());
		let (assigned, open): (Vec<_>, Vec<_>) = queue
			.unproven()
			.into_iter()
			.partition(|block| queue.status(*block) == Status::Assigned);
		assert_eq!(Rollup::open_blocks(), open, "open blocks");
		for prover in PROVERS {
			let is_pending = |block: &&u64| {
				let entry = &queue.entries[*block];
				entry.prover == Some(prover) && now <= entry.deadline
			};
			let pending: Vec<_> = assigned.iter().filter(is_pending).copied().collect();
			assert_eq!(Rollup::pending_blocks(prover), pending, "pending blocks of {prover}");
		}
	}

	fn compare_money(&self) {
		let money = &self.model.money;
		let amount = |amounts: &std::collections::BTreeMap<u64, u128>, who| {
			amounts.get(&who).copied().unwrap_or_default()
		};
		let reason = pallet_prover_pool::HoldReason::Stake.into();
		for who in ACCOUNTS.into_iter().chain([STRANGER]) {
			assert_eq!(Balances::free_balance(who), amount(&money.free, who), "free of {who}");
			let stake = Balances::balance_on_hold(&reason, &who);
			assert_eq!(stake, amount(&money.stakes, who), "stake of {who}");
			assert_eq!(held(who), amount(&money.deposits, who), "deposits of {who}");
		}
		assert_eq!(burned(), money.to_on_slash, "R17: issuance");
	}

	fn compare_pool(&self) {
		let pool = &self.model.pool;
		let slots: Vec<_> = ProverPool::provers()
			.into_iter()
			.map(|(id, who, slot)| {
				let offer = (slot.staked_amount, slot.reward_per_gas, slot.current_capacity);
				(id.index() as u16 + 1, who, offer)
			})
			.collect();
		let expected: Vec<_> = pool
			.accounts
			.iter()
			.map(|(id, who)| (*id, *who, pool.slot(*id)))
			.map(|(id, who, slot)| (id, who, (slot.stake, slot.price, slot.capacity)))
			.collect();
		assert_eq!(slots, expected, "slots");
		assert_eq!(pallet_prover_pool::Stakers::<Test>::iter().count(), pool.stakers.len());
		for (who, expected) in &pool.stakers {
			let staker = ProverPool::get_staker(*who).0;
			let id = staker.prover_id.map(|id| id.index() as u16 + 1);
			let exit = (staker.exit_requested_at, staker.exit_amount);
			assert_eq!(exit, (expected.exit_requested_at, expected.exit_amount), "exit of {who}");
			let place = (id, staker.max_capacity, staker.staked_at, staker.backlog);
			let expected =
				(expected.id, expected.max_capacity, expected.staked_at, expected.backlog);
			assert_eq!(place, expected, "place of {who}");
		}
		let operators = pallet_prover_pool::Operators::<Test>::iter().collect();
		assert_eq!(pool.operators, operators, "operators");
	}
}

fn compare_block(id: u64, entry: &Entry) {
	let block = block(id).expect("every block after settled has an entry");
	assert_eq!((block.proposer, block.deposit), (entry.proposer, entry.deposit), "block {id}");
	let gas = (u64::from(block.gas_limit), 200_000 + 16 * u64::from(block.payload_size));
	assert_eq!(gas, (entry.gas_limit, entry.fixed_gas), "gas of block {id}");
	let prices = (u64::from(block.fee_per_gas), u64::from(block.reward_per_gas));
	assert_eq!(prices, (entry.fee, entry.price), "prices of block {id}");
	let carrier = (block.rules_version, block.proposed_in);
	assert_eq!(carrier, (entry.version, entry.proposed_in), "proposal of block {id}");
	assert_eq!(block.is_outstanding, entry.outstanding, "capacity of block {id}");
	let status = match &block.phase {
		Phase::Undrawn => Status::Proposed,
		Phase::Open => Status::Open,
		Phase::Assigned(_) => Status::Assigned,
		Phase::Missed(_) => Status::Missed,
		Phase::Opened(_) => Status::Opened,
	};
	assert_eq!(status, entry.status, "status of block {id}");
	assert_eq!(block.assignment().map(|assigned| assigned.prover), entry.prover, "block {id}");
	if let Some(assigned) = block.assignment() {
		let times = (assigned.drawn_at, assigned.window, assigned.deadline);
		assert_eq!(times, (entry.drawn_at, entry.window, entry.deadline), "times of block {id}");
		assert_eq!(assigned.has_used_lane, entry.lane_used, "lane of block {id}");
	}
	match (&block.transition, &entry.stored) {
		(Some(stored), Some(expected)) => compare_transition(id, stored, expected),
		(stored, expected) => assert_eq!(stored.is_some(), expected.is_some(), "block {id}"),
	}
}

fn compare_transition(id: u64, stored: &StoredTransition<u64>, expected: &Stored) {
	let Transition { parent, root, gas_used } = transition_of(stored.transition);
	assert_eq!((parent, root), (expected.parent, expected.root), "roots of block {id}");
	assert_eq!(stored.proven_at, expected.proven_at, "time of block {id}");
	let paid = expected.paid_proof().map(|proof| proof.prover);
	assert_eq!(stored.payee().copied(), paid, "payee of block {id}");
	let proof = stored.prover.map(|prover| {
		let proven = stored.overridden.map_or(root, root_of);
		(prover, proven, gas_used, stored.stored_at, stored.is_timely)
	});
	let expected = expected
		.proof
		.as_ref()
		.map(|proof| (proof.prover, proof.root, proof.gas_used, proof.stored_at, proof.is_timely));
	assert_eq!(proof, expected, "proof of block {id}");
}
