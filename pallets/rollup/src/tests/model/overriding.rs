// SPDX-License-Identifier: Apache-2.0

//! Override (R12) and pause (R13).

use super::{BlockId, Error, Event, Model, OpenReason, Outcome, Root, Status, Stored};

impl Model {
	/// `override_block`. A proof on the same parent stays known, so that an override by its root
	/// restores it.
	pub fn override_block(&mut self, block: BlockId, root: Root) -> Outcome {
		self.step(|m| {
			if !m.queue.entries.contains_key(&block) {
				return Err(Error::UnknownBlock);
			}
			if block > m.queue.drawn {
				return Err(Error::NotDrawn);
			}
			if block > m.queue.proven + 1 {
				return Err(Error::NotOverridable);
			}
			m.catch_up(block);
			m.release_block(block);
			m.clock.open_lane.clear();
			let (parent, now) = (m.queue.root_after(block - 1), m.clock.now());
			let entry = m.entry(block);
			if matches!(entry.status, Status::Assigned | Status::Missed) {
				entry.status = Status::Opened;
			}
			let before = entry.stored.take();
			let fits = before.as_ref().is_some_and(|stored| stored.parent == parent);
			let proof = before.and_then(|stored| stored.proof);
			let (proof, discarded) = if fits { (proof, None) } else { (None, proof) };
			entry.stored = Some(Stored { parent, root, proof, proven_at: Some(now) });
			if let Some(proof) = discarded {
				m.emit(Event::Discarded { block, prover: proof.prover });
			}
			m.queue.proven = block;
			m.queue.proven_root = root;
			m.queue.open_unproven(OpenReason::Overridden);
			m.queue.draws_stopped = true;
			m.emit(Event::Overridden { block, root });
			Ok(())
		})
	}

	/// `resume_draws`.
	pub fn resume_draws(&mut self) -> Outcome {
		self.step(|m| {
			if !std::mem::take(&mut m.queue.draws_stopped) {
				return Err(Error::DrawsNotStopped);
			}
			m.emit(Event::DrawsResumed);
			Ok(())
		})
	}

	/// `pause`.
	pub fn pause(&mut self) -> Outcome {
		self.step(|m| {
			if std::mem::replace(&mut m.queue.paused, true) {
				return Err(Error::Paused);
			}
			m.emit(Event::Paused);
			Ok(())
		})
	}

	/// `resume`.
	pub fn resume(&mut self) -> Outcome {
		self.step(|m| {
			if !std::mem::take(&mut m.queue.paused) {
				return Err(Error::NotPaused);
			}
			m.emit(Event::Resumed);
			Ok(())
		})
	}
}
