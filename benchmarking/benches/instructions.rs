// SPDX-License-Identifier: Apache-2.0

//! Instructions that an assignment's own computation takes, as callgrind counts them: reading the
//! pool from its bytes, weighing all slots, choosing, and writing the pool. A count does not depend
//! on what else the machine does, so each has a limit, a twentieth above what it was, and what goes
//! beyond fails.

use codec::{Decode, Encode};
use frame_support::traits::ConstU32;
use gungraun::{
	library_benchmark, library_benchmark_group, main, Callgrind, EventKind, LibraryBenchmarkConfig,
};
use pallet_prover_pool::{
	draw::{choose, weights},
	Pool, Prover,
};
use std::hint::black_box;

type LargestPool = Pool<ConstU32<1_024>>;

/// A pool as it is stored, of members that all weigh, with prices on both sides of the fee and
/// beyond the tolerance.
fn pool(provers: u32) -> Vec<u8> {
	let slots: Vec<_> = (0..provers)
		.map(|index| Prover {
			staked_amount: 50_000 + 997 * index,
			reward_per_gas: (60 + index % 80) as u16,
			current_capacity: (5 + index % 128) as u16,
		})
		.collect();
	LargestPool {
		slots: slots.try_into().expect("is within the bound"),
		newcomers: Default::default(),
	}
	.encode()
}

fn at_most(instructions: u64) -> LibraryBenchmarkConfig {
	let mut callgrind = Callgrind::default();
	callgrind.hard_limits([(EventKind::Ir, instructions)]);
	let mut config = LibraryBenchmarkConfig::default();
	config.tool(callgrind);
	config
}

#[library_benchmark]
#[bench::of_1(args = (pool(1)), config = at_most(100_000))]
#[bench::of_8(args = (pool(8)), config = at_most(100_000))]
#[bench::of_32(args = (pool(32)), config = at_most(100_000))]
#[bench::of_128(args = (pool(128)), config = at_most(100_000))]
#[bench::of_512(args = (pool(512)), config = at_most(1_000_000))]
#[bench::of_1024(args = (pool(1_024)), config = at_most(1_000_000))]
fn assign(bytes: Vec<u8>) -> Vec<u8> {
	let mut pool = LargestPool::decode(&mut &bytes[..]).expect("was encoded here");
	let (weights, total) = weights(&pool.slots, &[], black_box(100), black_box(2_500));
	let index = choose(&weights, total, black_box([0xa5; 32])).expect("somebody weighs");
	pool.slots[index].current_capacity -= 1;
	black_box(pool.encode())
}

library_benchmark_group!(name = assignments, benchmarks = [assign]);
main!(library_benchmark_groups = assignments);
