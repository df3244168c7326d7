// SPDX-License-Identifier: Apache-2.0

//! Side-by-side application of steps to pallet and model.

use super::{
	compare::{chain_events, dispatch_error},
	indexer::Indexer,
	steps::{Bid, PollWeight, Step},
	world::{set_parameters, World},
	Counts,
};
use crate::{
	mock::*,
	tests::model::{Event as ModelEvent, Model, Outcome, Root},
	Call,
};
use frame_support::{
	dispatch::GetDispatchInfo,
	pallet_prelude::{DispatchResult, TransactionSource},
	traits::{fungible::hold::Mutate as _, tokens::Precision},
};
use sp_runtime::traits::{DispatchTransaction, Dispatchable};

/// Pallet and model, side by side.
pub struct Run<'a> {
	pub model: Model,
	pub indexer: Indexer,
	counts: &'a mut Counts,
	/// Time, in milliseconds.
	pub time: u64,
	pub max_tick: u64,
	/// Chain block that carried the last seed.
	pub last_seed: Option<u64>,
}

/// Returns the name of a variant.
pub fn name(value: impl std::fmt::Debug) -> String {
	let debug = format!("{value:?}");
	let end = debug.find([' ', '(', '{']).unwrap_or(debug.len());
	debug[..end].into()
}

impl<'a> Run<'a> {
	/// Begins a run with the first chain block.
	pub fn new(world: &World, counts: &'a mut Counts) -> Self {
		let (model, max_tick) = (world.model(), world.max_tick);
		let mut run = Self {
			model,
			indexer: Indexer::new(1_000),
			counts,
			time: START * 1_000,
			max_tick,
			last_seed: None,
		};
		run.begin(false, PollWeight::Enough);
		run
	}

	pub fn count(&mut self, what: String) {
		*self.counts.entry(what).or_default() += 1;
	}

	/// Takes a step on both sides, and compares results and events.
	pub fn apply(&mut self, step: Step) {
		self.count(format!("step {}", name(&step)));
		match step {
			Step::Propose { who, size, gas_limit, bid } => self.propose(who, size, gas_limit, bid),
			Step::Prove(proof) => self.prove(proof),
			Step::Override { .. }
			| Step::OpenUndrawn { .. }
			| Step::ResumeDraws
			| Step::Pause
			| Step::Resume => self.govern(step),
			Step::ReplaceKey { back, is_paused_for: true } => {
				self.apply(Step::Pause);
				self.change_keys(Step::ReplaceKey { back, is_paused_for: false });
				self.apply(Step::Resume);
			},
			Step::AddKey
			| Step::ActivateKey { .. }
			| Step::RemoveKey { .. }
			| Step::ReplaceKey { .. } => self.change_keys(step),
			Step::SetParameters(parameters) => {
				set_parameters(&parameters);
				self.model.set_parameters(parameters);
			},
			Step::Blocks { number, interval, has_seed, weight } => {
				for _ in 0..number {
					self.next(interval, has_seed, weight);
				}
			},
			Step::PassDeadline { is_exact, weight } => self.pass_deadline(is_exact, weight),
			Step::Control { tip } => self.control(tip),
			Step::Cut { who, part, is_recorded } => self.cut(who, part, is_recorded),
			Step::Stake { .. }
			| Step::Exit { .. }
			| Step::Withdraw { .. }
			| Step::SetOperator { .. }
			| Step::ExitFor { .. } => self.use_pool(step),
		}
	}

	/// Compares a result and the events with what the model says.
	pub fn same(&mut self, result: DispatchResult, outcome: Outcome) {
		let events = chain_events();
		match outcome {
			Ok(expected) => {
				assert_eq!((result, &events), (Ok(()), &expected));
				self.note(expected);
			},
			Err(error) => {
				assert_eq!((result, events), (Err(dispatch_error(error)), vec![]));
				self.count(format!("refusal {error:?}"));
			},
		}
	}

	/// Gives events to the indexer, counts them, and checks the indexer.
	pub fn note(&mut self, events: Vec<ModelEvent>) {
		for event in events {
			self.indexer.read(&event);
			let kind = self.kind(&event);
			self.count(format!("event {kind}"));
		}
		self.indexer.check(&self.model);
	}

	fn kind(&self, event: &ModelEvent) -> String {
		let stored = |block| self.model.queue.entries.get(&block)?.stored.as_ref();
		let is_paid = |block| stored(block).is_some_and(|stored| stored.paid_proof().is_some());
		let now = Some(self.model.clock.now());
		let kind = match event {
			ModelEvent::Opened { reason, .. } => return format!("Opened by {reason:?}"),
			ModelEvent::Settled(it) if it.slashed > 0 && it.bounty > 0 => "Settled with a bounty",
			ModelEvent::Settled(it) if it.slashed > 0 => "Settled with a slash alone",
			ModelEvent::Settled(it) if it.prover.is_none() => "Settled unpaid",
			ModelEvent::Settled(it) if it.reward == 0 => "Settled without a receiver",
			ModelEvent::Overridden { block, .. } if is_paid(*block) => {
				"Overridden by what was proven"
			},
			ModelEvent::Proven { prover: None, .. } => "Proven by an override restored",
			ModelEvent::Proven { block, .. }
				if stored(*block).is_some_and(|stored| stored.proven_at < now) =>
			{
				"Proven by a proof restored"
			},
			_ => return name(event),
		};
		kind.into()
	}

	fn propose(&mut self, who: u64, size: u64, gas_limit: u32, bid: Bid) {
		let fee = self.model.fee();
		let price = (fee + fee / 4).min(u16::MAX.into());
		let max_fee_per_gas = match bid {
			Bid::Enough => u32::MAX,
			Bid::Exact => price as u32,
			Bid::OneLess => price as u32 - 1,
		};
		let payload = vec![7; size as usize].try_into().expect("the payload is short");
		let call = Call::propose_block { payload, gas_limit, max_fee_per_gas };
		let outcome = self.model.propose(who, size, gas_limit.into(), max_fee_per_gas.into());
		self.dispatch(RuntimeOrigin::signed(who), call, outcome);
	}

	fn dispatch(&mut self, origin: RuntimeOrigin, call: impl Into<RuntimeCall>, outcome: Outcome) {
		let result = call.into().dispatch(origin);
		self.same(result.map(drop).map_err(|error| error.error), outcome);
	}

	/// Calls of the override origin.
	fn govern(&mut self, step: Step) {
		let queue = &self.model.queue;
		let (call, outcome) = match step {
			Step::Override { ahead, root } => {
				let block_id = queue.settled + ahead % (queue.proven - queue.settled + 4);
				let root: Root = self.root(block_id, root);
				let call = Call::override_block { block_id, state_root: wrong(root) };
				(call, self.model.override_block(block_id, root))
			},
			Step::OpenUndrawn { ahead } => {
				let up_to = queue.drawn + ahead;
				(Call::open_undrawn { up_to }, self.model.open_undrawn(up_to))
			},
			Step::ResumeDraws => (Call::resume_draws {}, self.model.resume_draws()),
			Step::Pause => (Call::pause {}, self.model.pause()),
			_ => (Call::resume {}, self.model.resume()),
		};
		self.dispatch(RuntimeOrigin::root(), call, outcome);
	}

	/// Calls of the verifier.
	fn change_keys(&mut self, step: Step) {
		type KeyCall = pallet_groth16_verifier::Call<Test>;
		let last = pallet_groth16_verifier::LastVersion::<Test>::get();
		let version = |back| (last + 1).saturating_sub(back);
		let (call, outcome) = match step {
			Step::ActivateKey { back } => {
				let version = version(back);
				(KeyCall::activate_key { version }, self.model.activate_key(version))
			},
			Step::RemoveKey { back } => {
				let version = version(back);
				(KeyCall::remove_key { version }, self.model.remove_key(version))
			},
			Step::ReplaceKey { back, .. } => {
				let outcome = self.model.replace_key(version(back));
				return self.same(replace_key(version(back)), outcome);
			},
			_ => (KeyCall::add_key { key: key(last + 1) }, self.model.add_key()),
		};
		self.dispatch(RuntimeOrigin::root(), call, outcome);
	}

	/// Calls of the pool.
	fn use_pool(&mut self, step: Step) {
		type PoolCall = pallet_prover_pool::Call<Test>;
		let model = &mut self.model;
		let (signer, call, outcome) = match step {
			Step::Stake { who, amount, price, capacity } => {
				let (reward_per_gas, max_capacity) = (price, capacity);
				let call = PoolCall::stake { amount, reward_per_gas, max_capacity };
				(who, call, model.stake(who, amount, price, capacity))
			},
			Step::Exit { who } => (who, PoolCall::exit {}, model.exit(who)),
			Step::SetOperator { who, operator } => {
				(who, PoolCall::set_operator { operator }, model.set_operator(who, operator))
			},
			Step::ExitFor { signer, prover } => {
				(signer, PoolCall::exit_for { prover }, model.exit_for(signer, prover))
			},
			Step::Withdraw { who } => (who, PoolCall::withdraw {}, model.withdraw(who)),
			_ => return,
		};
		self.dispatch(RuntimeOrigin::signed(signer), call, outcome);
	}

	/// Sends a transaction of the override account that is no proof.
	fn control(&mut self, tip: u64) {
		let call: RuntimeCall = frame_system::Call::remark { remark: vec![] }.into();
		let info = call.get_dispatch_info();
		let origin = RuntimeOrigin::signed(GOVERNOR);
		let priority = TestLane::new(Tip(tip))
			.validate_only(origin.clone(), &call, &info, 0, TransactionSource::External, 0)
			.expect("any transaction is valid")
			.0
			.priority;
		let lane = self.model.control_lane(GOVERNOR, GOVERNOR);
		let expected = lane.map_or(tip.min(u64::MAX / 2), |_| u64::MAX);
		assert_eq!(priority, expected, "R11: priority of the override account");
		let result = TestLane::new(Tip(tip)).dispatch_transaction(origin, call, &info, 0, 0);
		assert!(result.is_ok_and(|result| result.is_ok()));
		if let Some(lane) = lane {
			self.model.mark_lane(lane);
		}
	}

	/// Releases a part of a proposer's deposits from outside.
	fn cut(&mut self, who: u64, part: u128, is_recorded: bool) {
		let amount = held(who) / part;
		if is_recorded {
			let reason = crate::HoldReason::Deposit.into();
			Balances::release(&reason, &who, amount, Precision::Exact).expect("it is on hold");
		} else {
			let call = pallet_balances::Call::force_unreserve { who, amount };
			RuntimeCall::from(call).dispatch(RuntimeOrigin::root()).expect("it is reserved");
		}
		self.model.money.cut_deposit(who, amount);
	}
}
