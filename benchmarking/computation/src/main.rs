// SPDX-License-Identifier: Apache-2.0

//! Computes one assignment, for callgrind to count: `make instructions`.

use codec::Encode;
use prover_pool_computation::{assign, usual, USUAL_FEE};
use std::hint::black_box;

fn main() {
	let provers = std::env::args()
		.nth(1)
		.and_then(|provers| provers.parse().ok());
	let provers: u32 = provers.expect("use: prover-pool-computation PROVERS");
	let bytes = usual(provers).encode();
	assert_ne!(assign(black_box(&bytes), USUAL_FEE), bytes);
}
