// SPDX-License-Identifier: Apache-2.0

use super::*;
use crate::weights::WeightInfo as _;
use frame_support::traits::Hooks;
use prover_pool_primitives::ProverPool as _;

#[test]
fn the_hook_charges_for_what_it_looked_at() {
	type Weights = <Test as crate::Config>::WeightInfo;
	run(|| {
		let idle = Weights::close_windows();
		assert_eq!(Rollup::on_initialize(2), idle);
		for byte in 0..4 {
			propose(byte);
		}
		// It looks at the first block's window.
		let look = Weights::close_window();
		assert_eq!(Rollup::on_initialize(3), idle + look);
		assert_ok!(prove(1, 2));
		Timestamp::set_timestamp((now() + WINDOW + 1) * 1_000);
		let slash = Weights::share_slash() + ProverPool::slash_weight();
		assert_eq!(Rollup::on_initialize(4), idle + look * 4 + slash * 3);
		assert_eq!(Rollup::on_initialize(5), idle);
	});
}
