// SPDX-License-Identifier: Apache-2.0

//! The draw's own computation, without storage: weights of all slots and the choice by them, for
//! pools of 1 to 1,024 provers.

use criterion::{criterion_group, criterion_main, BenchmarkId, Criterion};
use pallet_prover_pool::{
	draw::{choose, weights},
	Prover,
};
use std::hint::black_box;

/// A pool of members that all weigh, with prices on both sides of the fee and beyond the tolerance.
fn pool(provers: u32) -> Vec<Prover> {
	(0..provers)
		.map(|index| Prover {
			staked_amount: 50_000 + 997 * index,
			reward_per_gas: (60 + index % 80) as u16,
			current_capacity: (5 + index % 128) as u16,
		})
		.collect()
}

fn draw(criterion: &mut Criterion) {
	let mut group = criterion.benchmark_group("draw");
	for provers in [1, 8, 32, 128, 512, 1_024] {
		let pool = pool(provers);
		group.bench_with_input(
			BenchmarkId::from_parameter(provers),
			&pool,
			|bencher, pool| {
				bencher.iter(|| {
					let (weights, total) = weights(black_box(pool), &[], 100, 2_500);
					choose(&weights, total, black_box([0xa5; 32]))
				})
			},
		);
	}
	group.finish();
}

criterion_group!(benches, draw);
criterion_main!(benches);
