// SPDX-License-Identifier: Apache-2.0

//! Properties that always hold: R17, R18, the positions, and those of the pool on state alone.

use super::{
	money::{get, Money},
	params::{bottom, top},
	pool::{Prover, Staker},
	Account, BlockId, Entry, Model, Status,
};
use std::collections::BTreeMap;

type Amounts = BTreeMap<Account, u128>;

impl Money {
	/// Asserts the sums of R17, and rule 4: nothing else changes the issuance.
	fn check(&self) {
		let sum = |amounts: &Amounts| amounts.values().sum::<u128>();
		let held = sum(&self.deposits);
		let given = self.rewards_paid + self.refunded + self.cut;
		assert_eq!(self.deposits_taken, given + held, "R17: deposits");
		assert_eq!(self.slashed, self.bounties_paid + self.to_on_slash, "R17: slashes");
		let there = sum(&self.free) + sum(&self.stakes) + held;
		assert_eq!(self.issued, there + self.to_on_slash, "rule 4: issuance");
	}
}

impl Model {
	/// Asserts everything that always holds.
	pub(super) fn check(&self) {
		self.money.check();
		self.check_stakers();
		self.check_queue();
		self.check_holds();
	}

	/// Asserts rules 2, 9, 12, 16, 24, 30 and 33.
	fn check_stakers(&self) {
		let pool = &self.pool;
		for (index, slot) in (1..).zip(&pool.slots) {
			let is_used = pool.accounts.contains_key(&index);
			assert!(is_used || *slot == Prover::default(), "rule 30: an empty slot is all zero");
		}
		for (who, staker) in &pool.stakers {
			let mut held = u128::from(staker.exit_amount);
			if let Some(id) = staker.id {
				assert_eq!(pool.accounts.get(&id), Some(who), "rule 30: account and id");
				assert!(pool.slot(id).capacity <= staker.max_capacity, "rule 24");
				assert!(staker.backlog == 0 || pool.slot(id).capacity == 0, "rule 12");
				held += u128::from(pool.slot(id).stake);
			}
			let has_clock = staker.exit_requested_at > 0;
			assert_eq!(staker.exit_amount > 0, has_clock, "rule 9: clock of {who}");
			let stake = get(&self.money.stakes, *who);
			assert_eq!(stake, held * self.config.one_token, "rule 2: {who}");
		}
		let is_staker = |who: &Account| pool.stakers.contains_key(who);
		assert!(self.money.stakes.keys().all(is_staker), "rule 2: a hold left behind");
		for who in pool.operators.keys() {
			let staker = pool.stakers.get(who);
			assert!(staker.is_some_and(Staker::has_hold), "rule 33: operator of {who}");
		}
	}

	/// Asserts positions, roots, and that nothing is stuck.
	fn check_queue(&self) {
		let queue = &self.queue;
		assert!(queue.settled <= queue.proven && queue.proven <= queue.drawn, "positions");
		assert!(queue.drawn <= queue.proposed, "positions");
		assert!(queue.entries.keys().copied().eq(queue.settled + 1..=queue.proposed), "entries");
		let (mut root, mut deadline) = (queue.settled_root, 0);
		for (block, entry) in &queue.entries {
			assert!(queue.keys.contains_key(&entry.version), "R14: the key is there");
			assert_eq!(*block > queue.drawn, entry.status == Status::Proposed, "drawn");
			if *block <= queue.proven {
				let stored = entry.stored.as_ref().expect("R5: proven blocks have a transition");
				assert_eq!(stored.parent, root, "R5: each builds on the one before");
				assert!(!entry.outstanding || entry.status == Status::Missed, "R5: released");
				root = stored.root;
			} else if *block <= queue.drawn {
				self.check_unproven(*block, entry);
			}
			assert!(entry.prover.is_none() || entry.deadline >= deadline, "R3: deadlines");
			deadline = deadline.max(entry.deadline);
		}
		assert_eq!(root, queue.proven_root, "root at proven");
	}

	fn check_unproven(&self, block: BlockId, entry: &Entry) {
		let status = self.queue.status(block);
		let is_assigned = status == Status::Assigned;
		if is_assigned && block <= self.queue.swept {
			assert!(entry.stored.is_some(), "R6: a miss is certain");
		}
		if matches!(status, Status::Assigned | Status::Missed) {
			assert!(entry.outstanding, "R5: outstanding until released");
		}
		if is_assigned {
			let proof = entry.stored.as_ref().map(|stored| stored.proof.as_ref().expect("R4"));
			assert!(proof.is_none_or(|proof| proof.is_timely), "R4: no other account stores");
			assert!(proof.is_none_or(|proof| Some(proof.prover) == entry.prover), "R4");
		}
		assert!((bottom(entry.fee)..=top(entry.fee)).contains(&entry.price), "rule 17");
	}

	/// Asserts that no hold is left behind (R17), and R18.
	fn check_holds(&self) {
		let mut deposits = Amounts::new();
		let mut outstanding = BTreeMap::<Account, u32>::new();
		for entry in self.queue.entries.values() {
			*deposits.entry(entry.proposer).or_default() += entry.deposit;
			if entry.outstanding {
				*outstanding.entry(entry.prover.expect("assigned")).or_default() += 1;
			}
		}
		let accounts = self.money.deposits.keys().chain(self.money.missing.keys());
		for who in accounts.chain(deposits.keys()) {
			let held = get(&self.money.deposits, *who) + get(&self.money.missing, *who);
			assert_eq!(get(&deposits, *who), held, "R17: hold of {who}");
		}
		for who in self.pool.stakers.keys().chain(outstanding.keys()) {
			let expected = outstanding.get(who).copied().unwrap_or(0);
			assert_eq!(self.pool.outstanding(*who), expected, "R18: {who}");
		}
	}
}
