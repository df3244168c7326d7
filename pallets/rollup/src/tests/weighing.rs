// SPDX-License-Identifier: Apache-2.0

use super::*;
use crate::{weights::WeightInfo as _, Call};
use frame_support::{
	dispatch::GetDispatchInfo,
	traits::{Hooks, UnfilteredDispatchable},
};
use prover_pool_primitives::ProverPool as _;

type Weights = <Test as crate::Config>::WeightInfo;

#[test]
fn the_hook_charges_for_what_it_looked_at() {
	run(|| {
		let idle = Weights::close_windows(0);
		assert_eq!(Rollup::on_initialize(2), idle);
		for byte in 0..4 {
			propose(byte);
		}
		// It looks at the first block's window.
		assert_eq!(Rollup::on_initialize(3), Weights::close_windows(1));
		assert_ok!(prove(1, 2));
		Timestamp::set_timestamp((now() + WINDOW + 1) * 1_000);
		let slash = Weights::share_slash() + ProverPool::slash_weight();
		let closed = Weights::close_windows(4) + slash * 3;
		assert_eq!(Rollup::on_initialize(4), closed);
		assert_eq!(Rollup::on_initialize(5), idle);
	});
}

#[test]
fn a_proof_in_time_gives_the_weight_of_a_slash_back() {
	run(|| {
		let prove = |block_id| {
			let transition = transition(block_id);
			let statement = statement(1, block_id, transition).unwrap();
			let proof = statement.public_input().as_bytes().to_vec();
			let call = Call::<Test>::prove_block {
				block_id,
				transition,
				proof: proof.try_into().unwrap(),
			};
			let declared = call.get_dispatch_info().call_weight;
			let origin = RuntimeOrigin::signed(1);
			let info = call.dispatch_bypass_filter(origin).unwrap();
			(declared, info.actual_weight)
		};
		propose(0);
		propose(1);
		let slash = Weights::share_slash() + ProverPool::slash_weight();
		let (declared, actual) = prove(1);
		assert_eq!(actual, Some(declared - slash));
		Timestamp::set_timestamp((now() + WINDOW + 1) * 1_000);
		let (_, actual) = prove(2);
		assert_eq!(actual, None);
	});
}
