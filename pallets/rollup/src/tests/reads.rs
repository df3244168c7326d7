// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn pending_blocks_are_those_that_the_prover_alone_may_prove() {
	run(|| {
		for byte in 0..3 {
			propose(byte);
		}
		assert_ok!(prove(1, 2));
		assert_eq!(Rollup::pending_blocks(1), vec![1, 3]);
		assert_eq!(Rollup::pending_blocks(2), Vec::<u64>::new());
		assert_eq!(Rollup::open_blocks(), Vec::<u64>::new());
		// The hook has not seen it, but anyone may prove them.
		next_block(WINDOW + 1);
		assert_eq!(Rollup::pending_blocks(1), Vec::<u64>::new());
		assert_eq!(Rollup::open_blocks(), vec![1, 3]);
		next_block(BLOCK);
		assert_eq!(Rollup::open_blocks(), vec![1, 3]);
		assert_ok!(prove(2, 1));
		assert_eq!(Rollup::open_blocks(), vec![3]);
	});
}

#[test]
fn a_block_is_unknown_then_unsettled_then_settled() {
	run(|| {
		assert_eq!(Rollup::block(0), None);
		assert_eq!(Rollup::block(1), None);
		propose(1);
		assert_eq!(Rollup::block(1), Some(BlockStatus::Unsettled(block(1).unwrap())));
		assert_ok!(prove(1, 1));
		settle_after(COOLDOWN);
		assert_eq!(Rollup::block(1), Some(BlockStatus::Settled));
		assert_eq!(Rollup::block(0), None);
		assert_eq!(Rollup::block(2), None);
	});
}

#[test]
fn a_transition_that_leads_nowhere_hides_no_block() {
	run_with(vec![], || {
		for byte in 1..=3 {
			propose(byte);
		}
		assert_ok!(prove_transition(8, 2, on(wrong(1), wrong(2))));
		// Nobody knows yet what the first leads to.
		assert_eq!(Rollup::open_blocks(), vec![1, 3]);
		assert_ok!(prove(9, 1));
		assert_eq!(Rollup::open_blocks(), vec![2, 3]);
		assert_ok!(prove(9, 2));
		assert_eq!(Rollup::open_blocks(), vec![3]);
	});
}
