// SPDX-License-Identifier: Apache-2.0

//! Attack 3: harm of an outage shortly before deadlines and the end of a cooldown.

use super::*;

/// Misses, and settlements before the end of a cooldown.
#[derive(Default, PartialEq, Eq, Debug)]
pub(super) struct Harm {
	pub(super) misses: usize,
	pub(super) settlements: usize,
}

impl Harm {
	/// Adds the events since the last call, of a cooldown that ends at `end`.
	fn note(&mut self, end: u64) {
		for event in events() {
			match event {
				Event::AssignmentMissed { .. } => self.misses += 1,
				Event::BlockSettled { .. } if now() < end => self.settlements += 1,
				_ => (),
			}
		}
	}
}

/// Runs `outage` when a cooldown and two deadlines end in `due` seconds. The first chain block
/// after it must still have room for the proofs and for an override.
pub(super) fn assert_harmless(harm: &mut Harm, due: u64, outage: impl FnOnce()) {
	assert_harmless_at(harm, BLOCK, due, outage);
}

/// Does so on a chain with a chain block in each `interval`.
pub(super) fn assert_harmless_at(harm: &mut Harm, interval: u64, due: u64, outage: impl FnOnce()) {
	MinProofWindow::set(60 + due);
	CooldownSeconds::set(60 + due);
	run(|| {
		propose_and_draw(3);
		assert_ok!(prove(1, 1));
		let end = now() + 60 + due;
		assert_eq!(deadline(3), end);
		for _ in 0..9 {
			next_block_after(interval);
		}
		outage();
		assert_eq!(now() + due, end);
		harm.note(end);
		assert_eq!((&*harm, positions()), (&Harm::default(), [0, 1, 3, 3]));
		assert_ok!(prove(1, 3));
		assert_ok!(prove(1, 2));
		next_block_after(interval);
		harm.note(end);
		assert_eq!((&*harm, positions()[1]), (&Harm::default(), 3));
		while now() < end {
			assert_eq!(positions()[0], 0);
			harm.note(end);
			next_block_after(interval);
		}
		assert_eq!(positions()[0], 1);
		finish();
		assert_eq!(burned(), 0);
	});
}
