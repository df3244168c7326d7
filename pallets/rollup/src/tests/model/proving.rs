// SPDX-License-Identifier: Apache-2.0

//! Proofs (R4), the move of *proven* (R5) and the sweep (R6, R12).

use super::queue::Proof;
use super::{Account, BlockId, Error, Event, Model, Outcome, Status, Stored, Transition};

impl Model {
	/// Refuses what R4 refuses before verification.
	pub fn may_prove(
		&self,
		signer: Account,
		block: BlockId,
		prover: Account,
		transition: &Transition,
	) -> Result<(), Error> {
		let queue = &self.queue;
		let entry = queue.entries.get(&block).ok_or(Error::UnknownBlock)?;
		if transition.gas_used > entry.gas_limit {
			return Err(Error::TooMuchGas);
		}
		if block <= queue.proven {
			return Err(Error::AlreadyProven);
		}
		let is_next = block == queue.proven + 1;
		match queue.status(block) {
			Status::Proposed => return Err(Error::NotDrawn),
			Status::Assigned => {
				self.may_prove_assigned(signer, block, prover)?;
				if !is_next {
					return Ok(());
				}
			},
			Status::Open | Status::Missed | Status::Opened if !is_next => {
				return Err(Error::NotNext)
			},
			Status::Open | Status::Missed | Status::Opened => {},
		}
		if queue.fits(block) {
			return Err(Error::AlreadyProven);
		}
		if transition.parent != queue.proven_root {
			return Err(Error::WrongParentState);
		}
		Ok(())
	}

	fn may_prove_assigned(
		&self,
		signer: Account,
		block: BlockId,
		prover: Account,
	) -> Result<(), Error> {
		let entry = &self.queue.entries[&block];
		if self.clock.now() > entry.deadline {
			// The sweep leaves assigned only what has a transition.
			let is_swept = block <= self.queue.swept;
			return Err(if is_swept { Error::AlreadyProven } else { Error::DeadlinePassed });
		}
		if Some(prover) != entry.prover {
			return Err(Error::NotAssigned);
		}
		// Only the prover replaces: an operator key that is stolen costs income at most (rule 33).
		let may_store =
			signer == prover || (!self.replaces(block) && self.pool.acts_for(signer, prover));
		if block != self.queue.proven + 1 && !may_store {
			return Err(Error::NotSignedByProver);
		}
		Ok(())
	}

	/// Returns `true` if an accepted proof pays its fee: it replaces a transition that waits.
	pub fn replaces(&self, block: BlockId) -> bool {
		let is_known = self.queue.entries.contains_key(&block);
		is_known && block > self.queue.proven + 1 && self.queue.counting(block).is_some()
	}

	/// `prove_block`. `is_valid` says that the proof verifies by the key of the block's version for
	/// this block, prover and transition.
	pub fn prove(
		&mut self,
		signer: Account,
		block: BlockId,
		prover: Account,
		transition: Transition,
		is_valid: bool,
	) -> Outcome {
		self.step(|m| {
			m.may_prove(signer, block, prover, &transition)?;
			if !is_valid {
				return Err(Error::InvalidProof);
			}
			m.catch_up(block);
			let waiting =
				m.queue.entries[&block].stored.as_ref().and_then(|stored| stored.proof.clone());
			if let Some(proof) = waiting.filter(|_| block == m.queue.proven + 1) {
				m.emit(Event::Discarded { block, prover: proof.prover });
			}
			let Transition { parent, root, gas_used } = transition;
			let (stored_at, version) = (m.clock.now(), m.queue.entries[&block].version);
			let is_timely = m.queue.status(block) == Status::Assigned;
			let key = m.queue.keys[&version];
			let proof = Proof { prover, root, gas_used, stored_at, is_timely, key };
			m.entry(block).stored =
				Some(Stored { parent, root, proof: Some(proof), proven_at: None });
			if block == m.queue.proven + 1 {
				m.advance();
			} else {
				m.emit(Event::Stored { block, prover, transition });
			}
			Ok(())
		})
	}

	/// Moves *proven* over the next block, which has a transition that fits. A transition that was
	/// proven before keeps its time.
	fn advance(&mut self) {
		let block = self.queue.proven + 1;
		self.catch_up(block);
		let now = self.clock.now();
		let entry = self.entry(block);
		let stored = entry.stored.as_mut().expect("it fits");
		stored.proven_at.get_or_insert(now);
		let (root, prover) = (stored.root, stored.paid_proof().map(|proof| proof.prover));
		if entry.status != Status::Missed {
			self.release_block(block);
		}
		self.queue.proven = block;
		self.queue.proven_root = root;
		self.emit(Event::Proven { block, root, prover });
	}

	/// Releases the capacity that a block uses, once (R5).
	pub(super) fn release_block(&mut self, block: BlockId) {
		let entry = self.entry(block);
		if std::mem::take(&mut entry.outstanding) {
			let prover = entry.prover.expect("outstanding blocks are assigned");
			self.pool.release(prover);
		}
	}

	/// `on_poll`: moves *proven* over waiting transitions that fit, and discards one that does not.
	pub(super) fn move_proven(&mut self, turns: u64) {
		for _ in 0..self.config.max_proven.min(turns) {
			let block = self.queue.proven + 1;
			if block > self.queue.drawn {
				return;
			}
			if !self.queue.fits(block) {
				self.catch_up(block);
				return;
			}
			self.advance();
		}
	}

	fn miss(&mut self, block: BlockId) {
		let entry = self.entry(block);
		entry.status = Status::Missed;
		let prover = entry.prover.expect("assigned");
		self.emit(Event::Missed { block, prover });
	}

	/// `on_poll`: opens blocks whose deadline passed without a transition (R6).
	pub(super) fn sweep(&mut self, turns: u64) {
		self.queue.swept = self.queue.swept.max(self.queue.proven);
		for _ in 0..self.config.max_swept.min(turns) {
			let block = self.queue.swept + 1;
			if block > self.queue.drawn {
				return;
			}
			let entry = &self.queue.entries[&block];
			if self.queue.is_opening(block) {
				self.catch_up(block);
			} else if self.queue.status(block) == Status::Assigned {
				if self.clock.now() <= entry.deadline {
					return;
				}
				if self.queue.counting(block).is_none() {
					self.catch_up(block);
					self.miss(block);
				}
			}
			self.queue.swept = block;
		}
	}

	/// Writes down what position and keys made of a block.
	pub(super) fn catch_up(&mut self, block: BlockId) {
		let (counting, status) = (self.queue.counting(block), self.queue.status(block));
		let entry = self.entry(block);
		let (before, was) = (std::mem::replace(&mut entry.stored, counting), entry.status);
		entry.status = status;
		let price = entry.price;
		let is_dropped = entry.stored.as_ref().is_none_or(|stored| stored.proof.is_none());
		if let Some(proof) = before.and_then(|stored| stored.proof).filter(|_| is_dropped) {
			self.emit(Event::Discarded { block, prover: proof.prover });
		}
		if was == status {
			return;
		}
		if status == Status::Missed {
			return self.miss(block);
		}
		self.release_block(block);
		self.emit(Event::Opened { block, reason: self.queue.opened_by, price });
	}
}
