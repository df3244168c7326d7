// SPDX-License-Identifier: Apache-2.0

//! Indexer that reads events alone, and knows the state of every block (R20).

use crate::tests::model::{Event, Model, Root, Settlement, Status, Transition};
use std::collections::BTreeMap;

/// Block as the events show it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Block {
	proposer: u64,
	deposit: u128,
	status: Status,
	prover: Option<u64>,
	price: Option<u64>,
	deadline: u64,
	is_outstanding: bool,
	waiting: Option<Transition>,
}

/// State of the rollup as the events show it.
#[derive(Default)]
pub struct Indexer {
	blocks: BTreeMap<u64, Block>,
	settled: (u64, Root),
	proven: (u64, Root),
	is_paused: bool,
	are_draws_stopped: bool,
	members: BTreeMap<u64, u32>,
	paid: [u128; 4],
}

impl Indexer {
	/// Creates an indexer with the root of the genesis.
	pub fn new(root: Root) -> Self {
		Self { settled: (0, root), proven: (0, root), ..Default::default() }
	}

	fn block(&mut self, id: u64) -> &mut Block {
		self.blocks.get_mut(&id).expect("an event is about an unsettled block")
	}

	/// Reads an override or the replacement of a key: later drawn blocks are open.
	fn open_later(&mut self) {
		for (id, block) in &mut self.blocks {
			let is_taken = matches!(block.status, Status::Assigned | Status::Missed);
			if *id > self.proven.0 && is_taken {
				block.status = Status::Opened;
			}
		}
	}

	/// Reads an event.
	pub fn read(&mut self, event: &Event) {
		match event.clone() {
			Event::Proposed { block, proposer, deposit, .. } => {
				self.blocks.insert(block, Block { proposer, deposit, ..Default::default() });
			},
			Event::Assigned { block, prover, price, deadline } => {
				let block = self.block(block);
				block.status = Status::Assigned;
				block.is_outstanding = true;
				(block.prover, block.price, block.deadline) = (Some(prover), Some(price), deadline);
			},
			Event::Opened { block, price, .. } => {
				let block = self.block(block);
				let is_new = block.status == Status::Proposed;
				block.status = if is_new { Status::Open } else { Status::Opened };
				(block.price, block.is_outstanding) = (Some(price), false);
			},
			Event::Stored { block, transition, .. } => self.block(block).waiting = Some(transition),
			Event::Discarded { block, .. } => self.block(block).waiting = None,
			Event::Proven { block: id, root, .. } => {
				assert_eq!(id, self.proven.0 + 1);
				self.proven = (id, root);
				let block = self.block(id);
				block.is_outstanding &= block.status == Status::Missed;
			},
			Event::Missed { block, .. } => self.block(block).status = Status::Missed,
			Event::Settled(settlement) => self.settle(settlement),
			Event::Overridden { block, root } => self.override_block(block, root),
			Event::Paused | Event::Resumed => self.is_paused = *event == Event::Paused,
			Event::DrawsResumed => self.are_draws_stopped = false,
			Event::KeyReplaced { .. } => self.open_later(),
			Event::KeyAdded { .. } | Event::KeyActivated { .. } | Event::KeyRemoved { .. } => (),
			Event::Staked { who, amount, .. } => drop(self.members.insert(who, amount)),
			Event::Exited { who, .. } => drop(self.members.remove(&who)),
			Event::Withdrawn { .. } | Event::Slashed { .. } | Event::OperatorSet { .. } => (),
		}
	}

	fn settle(&mut self, settlement: Settlement) {
		let Settlement { block, root, reward, refund, slashed, bounty, .. } = settlement;
		assert_eq!(block, self.settled.0 + 1);
		self.settled = (block, root);
		self.blocks.remove(&block);
		for (sum, amount) in self.paid.iter_mut().zip([reward, refund, slashed, bounty]) {
			*sum += amount;
		}
	}

	fn override_block(&mut self, id: u64, root: Root) {
		self.proven = (id - 1, root);
		self.open_later();
		self.proven.0 = id;
		self.are_draws_stopped = true;
		let block = self.block(id);
		if block.status == Status::Assigned || block.status == Status::Missed {
			block.status = Status::Opened;
		}
		block.is_outstanding = false;
	}

	/// Compares what the events show with the state.
	pub fn check(&self, model: &Model) {
		let queue = &model.queue;
		assert_eq!(self.settled, (queue.settled, queue.settled_root), "R20");
		assert_eq!(self.proven, (queue.proven, queue.proven_root), "R20");
		let flags = (self.is_paused, self.are_draws_stopped);
		assert_eq!(flags, (queue.paused, queue.draws_stopped), "R20");
		assert!(self.blocks.keys().eq(queue.entries.keys()), "R20");
		for (id, block) in &self.blocks {
			let entry = &queue.entries[id];
			let status = match (entry.status, queue.status(*id)) {
				// The next proof or the next chain block reports the miss.
				(Status::Assigned, Status::Missed) => Status::Assigned,
				(_, status) => status,
			};
			let is_assigned = *id > queue.proven && status == Status::Assigned;
			let waiting = entry.stored.as_ref().and_then(|stored| {
				let gas_used = stored.proof.as_ref()?.gas_used;
				Some(Transition { parent: stored.parent, root: stored.root, gas_used })
			});
			let expected = Block {
				proposer: entry.proposer,
				deposit: entry.deposit,
				status,
				prover: entry.prover,
				price: (*id <= queue.drawn).then_some(entry.price),
				deadline: entry.deadline,
				is_outstanding: entry.outstanding,
				waiting: if is_assigned { waiting } else { block.waiting },
			};
			assert_eq!(*block, expected, "R20: block {id}");
		}
		let members = model.pool.accounts.values().copied();
		assert!(self
			.members
			.keys()
			.copied()
			.eq(members.collect::<std::collections::BTreeSet<_>>()));
		let money = &model.money;
		let paid = [money.rewards_paid, money.refunded, money.slashed, money.bounties_paid];
		assert_eq!(self.paid, paid, "R17 and R20: sums of the events");
	}
}
