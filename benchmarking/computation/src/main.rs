// SPDX-License-Identifier: Apache-2.0

//! Computes one assignment, for callgrind to count: `make instructions`.

use codec::Encode;
use prover_pool_computation::{assign, largest, usual, LARGEST_FEE, USUAL_FEE};
use std::hint::black_box;

const USE: &str = "use: prover-pool-computation usual|largest PROVERS";

fn main() {
	let arguments: Vec<String> = std::env::args().skip(1).collect();
	let [numbers, provers] = &arguments[..] else {
		panic!("{USE}");
	};
	let provers = provers.parse().expect(USE);
	let (pool, fee) = match &numbers[..] {
		"usual" => (usual(provers), USUAL_FEE),
		"largest" => (largest(provers), LARGEST_FEE),
		_ => panic!("{USE}"),
	};
	let bytes = pool.encode();
	assert_ne!(assign(black_box(&bytes), fee), bytes);
}
