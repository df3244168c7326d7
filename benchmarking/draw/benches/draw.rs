// SPDX-License-Identifier: Apache-2.0

//! The draw's own computation, without storage: weights of all slots and the choice by them, for
//! pools of 1 to 1,024 provers.

use criterion::{criterion_group, criterion_main, BenchmarkId, Criterion};
use prover_pool_computation::{choose, largest, usual, weigh, LARGEST_FEE, SIZES, USUAL_FEE};
use std::hint::black_box;

fn draw(criterion: &mut Criterion) {
	for (name, pool, fee) in [
		("usual numbers", usual as fn(u32) -> _, USUAL_FEE),
		("largest numbers", largest, LARGEST_FEE),
	] {
		let mut group = criterion.benchmark_group(name);
		for provers in SIZES {
			let pool = pool(provers);
			group.bench_with_input(BenchmarkId::from_parameter(provers), &pool, |bencher, pool| {
				bencher.iter(|| {
					let (weights, total) = weigh(black_box(pool), fee);
					choose(&weights, total)
				})
			});
		}
		group.finish();
	}
}

criterion_group!(benches, draw);
criterion_main!(benches);
