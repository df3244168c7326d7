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
		let close = Weights::close_window() + Weights::share_slash() + ProverPool::slash_weight();
		assert_eq!(Rollup::on_initialize(3), idle + close);
		Timestamp::set_timestamp((now() + WINDOW + 1) * 1_000);
		assert_eq!(Rollup::on_initialize(4), idle + close * 4);
		assert_eq!(Rollup::on_initialize(5), idle);
	});
}
