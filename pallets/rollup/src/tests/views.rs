// SPDX-License-Identifier: Apache-2.0

//! Views.

use super::*;
use crate::Positions;

#[test]
fn a_block_is_unknown_then_unsettled_then_settled() {
	run(|| {
		assert_eq!(Rollup::block(1), None);
		propose_and_draw(1);
		assert_eq!(Rollup::block(1), Some(BlockStatus::Unsettled(block(1).unwrap())));
		assert_ok!(prove(1, 1));
		settle();
		assert_eq!(Rollup::block(1), Some(BlockStatus::Settled));
		assert_eq!((Rollup::block(0), Rollup::block(2)), (None, None));
	});
}

#[test]
fn pending_blocks_are_reserved_and_without_a_transition() {
	run_with(vec![(1, 60_000, 100, 5)], || {
		propose_and_draw(7);
		assert_eq!(Rollup::pending_blocks(1), [1, 2, 3, 4, 5]);
		assert!(Rollup::pending_blocks(2).is_empty());
		assert_eq!(Rollup::open_blocks(), [6, 7]);
		assert_ok!(prove(1, 3));
		assert_ok!(prove(1, 1));
		assert_eq!(Rollup::pending_blocks(1), [2, 4, 5]);
		while now() <= deadline(5) {
			next_block();
		}
		assert!(Rollup::pending_blocks(1).is_empty());
		// The third waits for the second.
		assert_eq!(Rollup::open_blocks(), [2, 4, 5, 6, 7]);
	});
}

#[test]
fn a_proposal_costs_what_the_view_says() {
	run(|| {
		assert_eq!(Rollup::proposal_cost(0, SIZE), None);
		assert_eq!(Rollup::proposal_cost(30_000_001, SIZE), None);
		let cost = Rollup::proposal_cost(GAS, SIZE).unwrap();
		propose();
		assert_eq!((held(PROPOSER), cost), (cost, DEPOSIT));
	});
}

#[test]
fn positions_and_roots_are_those_of_the_queue() {
	run(|| {
		propose_and_draw(2);
		assert_ok!(prove(1, 1));
		propose();
		let expected = Positions {
			settled: 0,
			proven: 1,
			drawn: 2,
			proposed: 3,
			settled_root: root(0),
			proven_root: root(1),
		};
		assert_eq!(Rollup::positions(), expected);
	});
}
